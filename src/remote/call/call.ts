// exec and stream over any transport: a script, its deadline, its answer.

import { constants } from 'node:os';
import pLimit, { type LimitFunction } from 'p-limit';
import { shortSize } from '../../text/amounts.ts';
import { deadlineIn } from '../deadline.ts';
import { failureOf, quoted, type RemoteFailure, refused, type Trouble, unreadable } from '../failure.ts';
import type { ExecOptions, ExecResult, Remote, RemoteStream, StreamOptions } from '../remote.ts';
import type { Transport } from '../transport.ts';
import { commandLine, type Feed, opening } from './leash.ts';
import { commandLabel } from './quote.ts';
import { type Heard, Run } from './run.ts';
import { saidBefore, type Verdict, verdictOn } from './verdict.ts';

// sshd's MaxSessions is 10 a connection; a channel that we closed still counts there until its processes are gone.
const channelsAtOnce = 6;
const defaultOutputBytes = 4 * 1024 * 1024;
const defaultStartDeadlineMs = 30_000;
// The host's own limit comes after ours, so that the operator reads our message.
const hostGraceMs = 2000;

interface Place {
  readonly transport: Transport;
  readonly slots: LimitFunction;
  readonly host: string;
  readonly sudo: boolean;
}

/** The port over a transport, for the host that the operator calls `host`. */
export function remoteOver(transport: Transport, { host, sudo }: { host: string; sudo: boolean }): Remote {
  const place: Place = { transport, slots: pLimit(channelsAtOnce), host, sudo };
  const running = new Set<Run>();
  let closed = false;
  const closing = () => refused(`the connection to ${host} was closed here`, '');

  const during = async <T>(run: Run, ended: Promise<T>): Promise<T> => {
    if (closed) run.giveUp(closing());
    running.add(run);
    return await ended.finally(() => running.delete(run));
  };

  return {
    host,
    get transport() {
      return transport.name;
    },
    ...(transport.waitedHereMs && { waitedHereMs: () => transport.waitedHereMs?.() ?? 0 }),
    exec: (script, args, options) => exec(place, during, script, args, options),
    stream: (script, args, options) => stream(place, during, script, args, options),
    close: async () => {
      closed = true;
      for (const run of running) run.giveUp(closing());
      await transport.close();
    },
  };
}

/** Keeps the list of running calls. */
type During = <T>(run: Run, ended: Promise<T>) => Promise<T>;

async function exec(
  place: Place,
  during: During,
  script: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<ExecResult | RemoteFailure> {
  const { stdin = '', deadlineMs, maxOutputBytes = defaultOutputBytes } = options;
  const answer: Buffer[] = [];
  let answerBytes = 0;
  const limitMs = deadlineMs + hostGraceMs;
  const run = startOf(place, script, args, { feedBytes: Buffer.byteLength(stdin), limitMs }, (chunk) => {
    answerBytes += chunk.length;
    if (answerBytes > maxOutputBytes) run.giveUp(tooMuch(place.host, maxOutputBytes, answer));
    else answer.push(chunk);
  });
  const command = options.label ?? commandLabel(script, args);
  const unwatch = watch(run, place, deadlineMs, options.signal);
  const heard = await during(run, run.over(place.transport, commandLine(place.sudo), place.slots, stdin));
  unwatch();
  const stdout = Buffer.concat(answer).toString();
  const { trouble, stderr } = endedByLimit(judge(run, heard, place.host, stdout), heard, run, {
    host: place.host,
    limitMs,
  });
  return trouble ? failureOf(trouble, place.host, command) : { ok: true, stdout, stderr };
}

async function stream(
  place: Place,
  during: During,
  script: string,
  args: readonly string[],
  options: StreamOptions,
): Promise<RemoteStream | RemoteFailure> {
  const command = options.label ?? commandLabel(script, args);
  const run = startOf(place, script, args, {}, options.onStdout);
  const unwatchStart = watch(run, place, options.startDeadlineMs ?? defaultStartDeadlineMs);
  const unwatch = watch(run, place, undefined, options.signal);
  const ended = during(run, run.over(place.transport, commandLine(place.sudo), place.slots)).then((heard) => {
    unwatch();
    const { trouble, stderr } = judge(run, heard, place.host, '');
    return trouble ? failureOf(trouble, place.host, command) : ({ ok: true, stderr } as const);
  });
  const early = await Promise.race([run.begun, ended]);
  unwatchStart();
  // A script that ended at once has begun as well; this reports only a script that never began.
  if (early && !early.ok && run.phase !== 'running') return early;
  return {
    ok: true,
    write: (data) => run.write(data),
    stop: () => run.giveUp(aborted(place.host, 'it was stopped')),
    ended,
  };
}

function startOf(
  { sudo }: Place,
  script: string,
  args: readonly string[],
  feed: Omit<Feed, 'sudo'>,
  onStdout: (chunk: Buffer) => void | Promise<void>,
): Run {
  return new Run(opening(script, args, { ...feed, sudo }), onStdout);
}

/** Gives the run up at its deadline or when the caller aborts. Returns the function that ends the watch. */
function watch(run: Run, { host, transport }: Place, deadlineMs?: number, signal?: AbortSignal): () => void {
  const abort = () => run.giveUp(aborted(host, 'it was cancelled'));
  const waitedHereMs = () => transport.waitedHereMs?.() ?? 0;
  const deadline =
    deadlineMs === undefined
      ? undefined
      : deadlineIn(deadlineMs, () => run.giveUp(late(run, host, deadlineMs)), waitedHereMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return () => {
    deadline?.cancel();
    signal?.removeEventListener('abort', abort);
  };
}

/** A run that we gave up failed for our reason; otherwise its end tells. Both messages quote what the script printed. */
function judge(run: Run, heard: Heard, host: string, stdout: string): Verdict {
  const verdict = verdictOn(heard, host, stdout);
  const trouble = run.givenUp;
  if (!trouble) return verdict;
  return {
    ...verdict,
    trouble: { ...trouble, printed: trouble.printed || quoted(verdict.stderr || saidBefore(heard)) },
  };
}

interface Limited {
  readonly host: string;
  readonly limitMs: number;
}

/**
 * Our own deadline waits for this process where that is late; the host's limit does not, and may come first. What it ends looks as if someone had
 * killed it.
 */
function endedByLimit(verdict: Verdict, { ranMs = 0 }: Heard, run: Run, { host, limitMs }: Limited): Verdict {
  const { trouble } = verdict;
  const isKilled = trouble?.kind === 'exit' && trouble.code === 128 + constants.signals.SIGKILL;
  return isKilled && ranMs >= limitMs
    ? { ...verdict, trouble: { ...late(run, host, limitMs), printed: trouble.printed } }
    : verdict;
}

function late(run: Run, host: string, deadlineMs: number): Trouble {
  const seconds = deadlineMs / 1000;
  return {
    kind: 'timeout',
    deadlineMs,
    message: `${host} gave no answer within ${seconds} s (${run.phase})`,
    advice: run.phase === 'running' ? 'it was ended on the host' : '',
    printed: '',
  };
}

function aborted(host: string, what: string): Trouble {
  return { kind: 'aborted', message: `${what} on ${host}`, advice: '', printed: '' };
}

function tooMuch(host: string, limitBytes: number, answer: readonly Buffer[]): Trouble {
  const limit = shortSize(limitBytes);
  return unreadable(
    `${host} answered more than ${limit}`,
    'it was ended on the host',
    Buffer.concat(answer).subarray(0, 4096),
  );
}
