// What tests of seeds share that wait in a hook, or have commands of their own: an inventory with these, programs on hosts and on this machine, and
// the step of a hook that runs.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { on, testState, until } from '../fleet/fleet.ts';
import { inventoryText } from '../fleet/inventory.ts';
import { shown } from '../fleet/seeding.ts';

/**
 * The path of an inventory with these hosts. `more`: settings of a host, or of the `defaults`, as YAML in one line, such as `hooks: { ... }`.
 */
export async function inventoryWith(
  name: string,
  hosts: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const text = Object.entries(more).reduce(
    (before, [host, line]) =>
      host === 'defaults'
        ? before.replace(/^defaults:\n/m, (head) => `${head}  ${line}\n`)
        : before.replace(new RegExp(`^ {2}${host}:.*\n`, 'm'), (head) => `${head}    ${line}\n`),
    await inventoryText(...hosts),
  );
  const folder = join(testState, 'inventories');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, text);
  return path;
}

/** Until it is ended: a job that is aborted in it comes to no further step. */
export const waitsAt = (point: string) =>
  `hooks: { wait: { at: ${point}, run: [/bin/sleep, "5400"], deadline: 90 min } }`;

/** The job is in that hook. */
export const inHook = (id: string, name: string, deadlineMs = 400_000) =>
  until(
    () => shown(id),
    ({ steps }) => steps.some((step) => step.name.startsWith(`hook ${name} `) && step.state === 'running'),
    deadlineMs,
  );

const isOver = (state: string) => ['done', 'failed', 'aborted', 'cleanup-needed'].includes(state);

export const ended = (id: string, deadlineMs = 400_000) =>
  until(
    () => shown(id),
    ({ state }) => isOver(state),
    deadlineMs,
  );

/** A program of the operator's on this machine; its path. */
export async function programHere(name: string, script: string, mode = 0o755): Promise<string> {
  const folder = join(testState, 'hooks');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, mode);
  return path;
}

/** A program of root's on a host; its path. */
export async function programOn(host: string, path: string, text: string, mode = '755'): Promise<string> {
  const lines = Buffer.from(text).toString('base64');
  await on(host, `mkdir -p ${path.replace(/\/[^/]*$/, '')}; echo ${lines} | base64 -d >${path}; chmod ${mode} ${path}`);
  return path;
}
