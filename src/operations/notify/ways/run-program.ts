// A program of this machine that gets a message on its standard input: sendmail, or one of the operator's.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { lookHere, troubleOf } from '../../../hooks/program.ts';
import { sendSignal } from '../../../process/signal.ts';
import { cleanLine } from '../../../text/clean.ts';
import type { Failed } from './call-url.ts';

/** What it gets of our environment: the URLs of other receivers may be in there. */
const passed = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ'];
const mostBytes = 4096;
/** A process that it left running may keep its standard error open. */
const lastWordsMs = 200;

export async function runProgram(
  [program, ...words]: readonly [string, ...string[]],
  { input, signal, deadlineMs }: { input: string; signal: AbortSignal; deadlineMs: number },
): Promise<Failed> {
  // What another account can change would be run with our rights. Arguments that are files are programs of an interpreter.
  const open = troubleOf(lookHere([program, ...words]));
  if (open !== undefined) return { why: `${cleanLine(open)}: it is not run` };
  const env = Object.fromEntries(
    passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  // A group of its own, so that nothing of it stays after the deadline.
  const child = spawn(program, words, { detached: true, env, cwd: '/', stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = Promise.withResolvers<string | undefined>();
  const closed = Promise.withResolvers<void>();
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said = `${said}${bytes.toString('utf8')}`.slice(0, mostBytes);
  });
  // It may end without reading: its exit status tells whether that is a failure.
  child.stdin.on('error', () => undefined);
  child.once('error', (error: NodeJS.ErrnoException) =>
    ended.resolve(`can't be started (${error.code ?? 'no reason was given'})`),
  );
  child.once('exit', (code, by) => ended.resolve(code === 0 ? undefined : `ended with ${code ?? by}`));
  child.once('close', () => closed.resolve());
  child.stdin.end(input);
  const enough = new AbortController();
  const late = await Promise.race([
    ended.promise.then(() => undefined),
    sleep(deadlineMs, `did not end within ${deadlineMs / 1000} s, and was ended`, { signal: enough.signal }).catch(
      () => undefined,
    ),
    untilAborted(signal, enough.signal).then(() => 'was ended with reseed'),
  ]);
  enough.abort();
  if (late !== undefined && child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
  const why = late ?? (await ended.promise);
  if (why !== undefined) await Promise.race([closed.promise, sleep(lastWordsMs)]);
  // What it left running may keep its ends of the pipes, and our process would wait for that.
  child.stdin.destroy();
  child.stderr.destroy();
  child.unref();
  if (why === undefined) return undefined;
  const last = cleanLine(said.trim().split('\n').at(-1) ?? '').slice(0, 300);
  return { why: `${program} ${why}${last === '' ? '' : `: ${last}`}` };
}

/** Resolves at the abort; never, if `enough` comes first. */
async function untilAborted(signal: AbortSignal, enough: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { signal: enough, once: true });
  await promise;
}
