// What the fleet's tests share: they use reseed as an operator does, by its command line.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type Options } from 'execa';
import { placesFrom } from '../../src/drill/places.ts';
import type { HostStatus } from '../../src/drill/status.ts';

const cacheHome = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
/** XDG_STATE_HOME of the fleet that the tests run on; RESEED_TEST_STATE gives a second run of tests a fleet of its own. */
export const testState = process.env.RESEED_TEST_STATE ?? join(cacheHome, 'reseed', 'test-state');
export const testEnvironment = { ...process.env, XDG_CACHE_HOME: cacheHome, XDG_STATE_HOME: testState };
export const testPlaces = placesFrom(testEnvironment);
/** Sample data of each cluster. */
export const sampleBytes = '20M';
/** Where bring-up.ts writes `up`, or why the fleet is not. */
export const upFile = join(testState, 'up');

/** The words that start src/, which any account can read. */
export const sourceWords = [process.execPath, join(import.meta.dirname, '../../bin/reseed.js')] as const;
/** This working tree's reseed, installed by bring-up.ts: it starts four times as fast as src/ through tsx. */
export const packageFolder = join(testState, 'package');
/** The words that start it. */
export const reseedWords = [process.execPath, join(packageFolder, 'bin/reseed.js')] as const;

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `reseed <words>` to its end; any exit code is accepted. */
export async function reseed(words: readonly string[], options: Options = {}): Promise<Ended> {
  const [node, script] = reseedWords;
  return runs(node, [script, ...words], options);
}

/** Runs any program to its end; any exit code is accepted. */
export async function runs(program: string, words: readonly string[], options: Options = {}): Promise<Ended> {
  const ended = await execa(program, words, { reject: false, env: testEnvironment, stdin: 'ignore', ...options });
  return { exitCode: ended.exitCode, stdout: String(ended.stdout ?? ''), stderr: String(ended.stderr ?? '') };
}

/** Runs a drill verb that has to succeed, and gives what it printed. */
export async function drill(...words: string[]): Promise<string> {
  const done = await reseed(['drill', ...words]);
  if (done.exitCode === 0) return done.stdout;
  throw new Error(`reseed drill ${words.join(' ')} ended with ${done.exitCode}:\n${done.stderr}`);
}

/** Runs a shell command on a host by ssh, as its account (root everywhere but on db2). */
export function onHost(host: string, command: string): Promise<Ended> {
  return reseed(['drill', 'ssh', host, '--', command]);
}

/** What a command on a host printed; it has to succeed. */
export async function printedOn(host: string, command: string): Promise<string> {
  const done = await onHost(host, command);
  if (done.exitCode === 0) return done.stdout.trim();
  throw new Error(`on ${host}: ${command}\nended with ${done.exitCode}: ${done.stderr}`);
}

/** db2 logs in as an ordinary user. */
const asRoot = (host: string, command: string) =>
  host === 'db2' ? `sudo sh -c '${command.replaceAll("'", `'\\''`)}'` : command;

/** What the command printed, as root. */
export const on = (host: string, command: string) => printedOn(host, asRoot(host, command));

/** What status says of the hosts named, or of all six. */
export async function fleet(...names: string[]): Promise<Map<string, HostStatus>> {
  const { hosts } = JSON.parse(await drill('status', '--json', ...names)) as { hosts: HostStatus[] };
  return new Map(hosts.map((host) => [host.host, host]));
}

export async function statusOf(host: string): Promise<HostStatus> {
  const status = (await fleet(host)).get(host);
  if (!status) throw new Error(`status says nothing of ${host}`);
  return status;
}

/** Asks until the answer is right, and gives it; after the deadline, fails with the last answer. */
export async function until<T>(ask: () => Promise<T>, right: (answer: T) => boolean, deadlineMs = 90_000): Promise<T> {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > endMs) throw new Error(`still not so after ${deadlineMs} ms: ${JSON.stringify(answer)}`);
    await sleep(500);
  }
}
