// Operators with jump hosts of their own, as far as hosts can tell; and what is left of their work on a host.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { sendSignal } from '../../src/process/signal.ts';
import { type Ended, printedOn, reseed, reseedWords, testState, until } from './fleet.ts';

/** Each operator of this test file has a state folder of its own; removed when the tests are over. */
export const folder = mkdtempSync(join(tmpdir(), 'reseed-operators-'));
afterAll(() => rm(folder, { recursive: true }));

/** The sample inventory for an operator with another state folder; a snapshot of db6 has room for 16 MiB. */
const inventory = join(folder, 'hosts.yaml');
const sample = readFileSync(join(import.meta.dirname, '../../hosts.yaml'), 'utf8');
/** The sample inventory, of the fleet that the tests run on. */
export const sampleInventory = sample.replaceAll(`\${XDG_STATE_HOME:-~/.local/state}`, testState);
const own = sampleInventory.replace(/^( +)db6:.*$/m, '$&\n$1  snapshot: { size: 16M }');
writeFileSync(inventory, own);

export type Operator = ReturnType<typeof operator>;

/** An operator whose state is in `home`. `hosts`: the path of an inventory. */
export function operator(home: string, hosts = inventory) {
  const words = (...verb: string[]) => [
    ...['drill', 'exec', '--', 'env', `XDG_STATE_HOME=${home}`, `RESEED_INVENTORY=${hosts}`],
    ...[...reseedWords, ...verb],
  ];
  const says = (...verb: string[]): Promise<Ended> => reseed(words(...verb));
  const done = async (...verb: string[]): Promise<string> => {
    const ended = await says(...verb);
    if (ended.exitCode === 0) return ended.stdout;
    throw new Error(`reseed ${verb.join(' ')} ended with ${ended.exitCode}:\n${ended.stdout}${ended.stderr}`);
  };
  const jobs = async (): Promise<{ id: number; state: string; error?: string; abandoned: boolean }[]> =>
    JSON.parse(await done('jobs', '--json')).jobs;
  const begun = async (...verb: string[]): Promise<string> => String(JSON.parse(await done(...verb, '--json')).id);
  const job = async (id: string) => (await jobs()).find((one) => String(one.id) === id);
  const runners = () => runnersIn(home);
  /** As the kernel does when memory runs out. */
  const killRunner = async (id: string) => {
    const found = (await runners()).filter((one) => one.job === id);
    if (found.length === 0) throw new Error(`job ${id} has no runner to be killed`);
    for (const { pid } of found) sendSignal(pid, 'SIGKILL');
    // On a busy machine it takes its time to go.
    await until(
      async () => (await runners()).some((one) => one.job === id),
      (lives) => !lives,
    );
  };
  return { words, says, done, jobs, begun, job, runners, killRunner };
}

/** The process that runs the jobs of one journal: another journal has the same numbers. */
async function runnersIn(home: string): Promise<{ pid: number; job: string }[]> {
  const found: { pid: number; job: string }[] = [];
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const read = (file: string) => readFile(join('/proc', name, file), 'utf8').catch(() => '');
    const [, job] = /job\0run\0(\d+)\0(?:\w+\0)?$/.exec(await read('cmdline')) ?? [];
    if (job && (await read('environ')).includes(`XDG_STATE_HOME=${home}\0`)) found.push({ pid: Number(name), job });
  }
  return found;
}

export const anna = () => operator(join(folder, 'anna'));
/** Starts no jobs: its verbs tell of no other test's job whose runner was killed, as a line on standard error. */
export const reader = operator(join(folder, 'reader'));

export const ended = (who: Operator, id: string, deadlineMs = 240_000) =>
  until(
    () => who.job(id),
    (job) => job !== undefined && (job.abandoned || !['planned', 'running', 'releasing'].includes(job.state)),
    deadlineMs,
  );

export const volumes = async (host: string) =>
  (await printedOn(host, 'lvs --noheadings -o lv_name')).split('\n').map((line) => line.trim());
export const ours = async (host: string) => (await volumes(host)).filter((name) => name.startsWith('reseed-'));
export const lockOn = (host: string) => printedOn(host, 'cat /run/reseed/lock /run/reseed/lock-* 2>/dev/null || true');
export const standing = async (host: string) => ({ snapshots: await ours(host), lock: await lockOn(host) });
export const nothing = { snapshots: [], lock: '' };
