// Reads a host's error log over its Remote: the last lines, then new ones, until it is closed. After a lost connection
// it resumes where it stopped. Lines are handed on in batches, ten a second at most.
import { setImmediate as yielded } from 'node:timers/promises';
import type { MysqlSettings } from '../../inventory/settings.ts';
import { awayRetry, refusedRetry, waitMs } from '../../remote/backoff.ts';
import { refused, type Trouble } from '../../remote/failure.ts';
import type { Remote } from '../../remote/remote.ts';
import { followWords } from '../../scripts/follow-log-words.ts';
import { batches, pause } from './batches.ts';
import { LogIntake } from './intake.ts';
import type { LogPosition } from './position.ts';
import { againLines, LogTelling } from './telling.ts';
import { droppedEntry, type LogEntry, type LogState, type LogUpdate, lostEntry } from './view.ts';

export interface LogSource {
  /** The caller keeps it: it is not closed here. */
  readonly remote: Remote;
  /** The text of scripts/follow-log.sh. */
  readonly script: string;
  /** Makes a random word, a new one at each call: 32 hex digits. */
  readonly mark: () => string;
  readonly mysql: MysqlSettings;
  /** How many of the last lines to begin with. */
  readonly lines: number;
  /** False: ends after these lines. */
  readonly follow: boolean;
  /** The most lines held between two batches, and what happens when more come: see LogIntake. */
  readonly limit: number;
  readonly whenFull: 'drop' | 'wait';
  readonly nowMs?: () => number;
  /** In [0, 1), for the jitter. */
  readonly random?: () => number;
}

export interface LogReading {
  /** Ends the reading on the host. Settles when the last update was handed on. */
  close(): Promise<void>;
  /** Settles when nothing more will come. */
  readonly ended: Promise<void>;
}

const betweenBatchesMs = 100;
/** Lines that are parsed in one go; other work gets a turn after them. */
const sliceLines = 100;
/** The limit for the last lines: a line of 10 MB must not be sent whole to show its beginning. */
const firstBytes = 1024 * 1024;

/** Reading pauses while `onUpdate` is busy. */
export function readLog(source: LogSource, onUpdate: (update: LogUpdate) => void | Promise<void>): LogReading {
  const { remote, nowMs = Date.now, random = Math.random } = source;
  const closing = new AbortController();
  const { signal } = closing;
  const telling = new LogTelling(remote.host);
  let link: LogState = { state: 'opening' };
  let lost: Trouble | undefined;

  const publish = async () => {
    const { held, droppedLines } = intake.take();
    const entries: LogEntry[] = droppedLines > 0 ? [droppedEntry(droppedLines)] : [];
    for (const [index, item] of held.entries()) {
      if (index % sliceLines === sliceLines - 1) await yielded();
      entries.push(...telling.entriesOf(item));
    }
    if (lost) entries.push(lostEntry(lost));
    lost = undefined;
    if (link.state !== 'ended' && telling.following) link = { state: 'following' };
    await onUpdate({ link, ...telling.found, entries, droppedLines, skippedBytes: telling.takeSkippedBytes() });
  };
  const publisher = batches(publish, betweenBatchesMs, signal);
  const published = () => {
    publisher.soon();
    return publisher.done();
  };
  const intake = new LogIntake({ limit: source.limit, whenFull: source.whenFull, onHeld: publisher.soon });

  /** The life of one connection: why it ended, or undefined when it brought all that was asked for. */
  const session = async (): Promise<Trouble | undefined> => {
    const mark = source.mark();
    telling.begin();
    intake.begin(mark);
    const stream = await remote.stream(source.script, wordsFor(source, mark, intake.position), {
      onStdout: (chunk) => intake.push(chunk),
      signal,
      label: 'follow-log',
    });
    const end = stream.ok ? await stream.ended : stream;
    if (!source.follow) intake.end();
    await published();
    if (telling.noLog || !end.ok) return telling.noLog ?? (end.ok ? undefined : end);
    return source.follow ? refused(`following the log of ${remote.host} was ended there`, '') : undefined;
  };

  const run = async (): Promise<void> => {
    let trouble = await session();
    for (let failures = 1; trouble && source.follow && !telling.noLog && !signal.aborted; failures++) {
      if (telling.following) {
        lost = trouble;
        failures = 1;
      }
      telling.begin();
      const pauseMs = waitMs(retryAfter(trouble), failures, random());
      link = { state: 'failed', failure: trouble, retryAtMs: nowMs() + pauseMs };
      await published();
      await pause(pauseMs, signal);
      if (!signal.aborted) trouble = await session();
    }
    intake.end();
    link = trouble && !signal.aborted ? { state: 'failed', failure: trouble } : { state: 'ended' };
    telling.begin();
    await published();
  };

  const ended = run();
  return {
    ended,
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}

function wordsFor({ mysql, lines, follow }: LogSource, mark: string, { isKnown, before }: LogPosition): string[] {
  return followWords({ ...mysql, mark, lastLines: isKnown ? againLines : lines, maxBytes: firstBytes, follow, before });
}

/** A log that was followed is retried sooner than a host that never answered. */
const lostRetry = { ...awayRetry, maxMs: 15_000, floor: 0.5 };

function retryAfter({ kind }: Trouble) {
  return kind === 'hostKey' || kind === 'auth' || kind === 'sudo' ? refusedRetry : lostRetry;
}
