// The file of an account that was typed for one job: readable only by this account of the machine, and removed when the
// job is over.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { JobHome } from '../../job/journal/home.ts';
import { isSameBoot, ownProcess, type ProcessId, processState, readable } from '../../job/lease/process-id.ts';
import { accountText } from '../../seed/replica/source/account.ts';

/** The first line: the process that asked for it, until a job has it. */
const writerLine = /^# asked for by process (\d+) (\d+) (.+)$/;

/** Throws if the file exists already. */
export function keepAccount(path: string, account: Parameters<typeof accountText>[0]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const own = ownProcess();
  const head = own ? `# asked for by process ${own.pid} ${own.startTicks} ${own.place}\n` : '';
  writeFileSync(path, `${head}${accountText(account)}`, { mode: 0o600, flag: 'wx' });
}

/** The file is useless without a job. */
export function forgetAccount(path: string): void {
  if (existsSync(path)) rmSync(path);
}

/** For a file that was written on another machine, or by a build that did not record its process. */
const oldMs = 24 * 3_600_000;

/**
 * Keys of files whose writer has ended, killed at its prompt perhaps. Call this before reading the journal: a writer
 * that launches its job and then ends has recorded the job by that time.
 */
export function leftAccounts({ account }: Pick<JobHome, 'account'>, nowMs: number): readonly string[] {
  const folder = dirname(account(''));
  const ending = basename(account(''));
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending) && isLeft(join(folder, name), nowMs))
    .map((name) => name.slice(0, -ending.length));
}

function writerIn(line: string): ProcessId | undefined {
  const [, pid, startTicks = '', place = ''] = writerLine.exec(line) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), startTicks, place };
}

function isLeft(path: string, nowMs: number): boolean {
  const [first = ''] = readable(() => readFileSync(path, 'utf8'))?.split('\n') ?? [];
  const writer = writerIn(first);
  if (writer && isSameBoot(writer) && processState(writer) !== 'unknown') return processState(writer) === 'ended';
  const { mtimeMs = nowMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return nowMs - mtimeMs > oldMs;
}
