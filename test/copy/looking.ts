// What is on this machine during or after a copy, read by ordinary commands.
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StepTools, StepWork, StepWorks } from '../../src/job/plan/step-work.ts';
import type { Copying } from './copying.ts';

/** Processes that have the word in their command lines. */
export async function processesWith(word: string): Promise<{ pid: number; line: string }[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = numbers.map(async (pid) => {
    const line = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
    return { pid: Number(pid), line: line.replaceAll('\0', ' ') };
  });
  return (await Promise.all(all)).filter(({ line }) => line.includes(word));
}

/** Processes that work in the folder. */
export async function processesIn(folder: string): Promise<number[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = numbers.map(
    async (pid) => [Number(pid), await readlink(join('/proc', pid, 'cwd')).catch(() => '')] as const,
  );
  return (await Promise.all(all)).filter(([, cwd]) => cwd === folder).map(([pid]) => pid);
}

const notCopied = new Set(['auto.cnf', 'relay.000001']);

/** Path and checksum of every file, and the folders. Names are bytes, one letter for each. */
async function contents(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true, encoding: 'latin1' });
  const lines = entries
    .filter(({ name }) => !notCopied.has(name))
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const sum = entry.isFile()
        ? createHash('sha256')
            .update(await readFile(Buffer.from(path, 'latin1')))
            .digest('hex')
        : 'folder';
      return `${path.slice(folder.length + 1)} ${sum}`;
    });
  return (await Promise.all(lines)).sort();
}

export async function expectWhole({ donor, arrived }: Copying, ...targets: string[]): Promise<void> {
  const wanted = await contents(donor);
  for (const target of targets) expect(await contents(arrived(target))).toEqual(wanted);
}

export function workOf(works: StepWorks, name: string): StepWork {
  const definition = works[name];
  if (!definition) throw new Error(`no work ${name}`);
  return definition.run;
}

/** `real`, with one work replaced; its input stays the same. */
export function instead(real: StepWorks, name: string, run: StepWork): StepWorks {
  const definition = real[name];
  if (!definition) throw new Error(`no work ${name}`);
  return { ...real, [name]: { ...definition, run } };
}

/** Wraps one work: something happens to its target first. */
export const onceBefore =
  (name: string, act: () => Promise<unknown>) =>
  (real: StepWorks): StepWorks =>
    instead(real, name, async (tools) => {
      await act();
      return workOf(real, name)(tools);
    });

/** Wraps the commands of one work. */
export const running =
  (name: string, run: (tools: StepTools, ...words: Parameters<StepTools['run']>) => ReturnType<StepTools['run']>) =>
  (real: StepWorks): StepWorks =>
    instead(real, name, (tools) => workOf(real, name)({ ...tools, run: (key, options) => run(tools, key, options) }));

/** A target that takes no data is given up after 5 seconds; in reseed it is minutes. */
export const impatient = (real: StepWorks): StepWorks =>
  instead(real, 'seed-copy', (tools) => {
    const start = tools.step.commands['send start'];
    const args = start?.program?.args.map((word) => word.replace(/^patience=.*/, 'patience=5')) ?? [];
    if (start?.program) Object.assign(start.program, { args });
    return workOf(real, 'seed-copy')(tools);
  });
