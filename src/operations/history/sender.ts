// The process that sends this journal's jobs to the shared database: one for each journal, apart from runners, verbs and consoles, so that none
// of them waits for that database. It ends when nothing is left to be sent, and is started again by whatever needs it.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { openHistory, versionThere, wrongVersion } from '../../history/connection.ts';
import { keyIn } from '../../history/seal.ts';
import { tablesVersion } from '../../history/tables.ts';
import { HistoryTrouble } from '../../history/trouble.ts';
import type { Sender } from '../../history/write.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import { type JobStore, runnerOf } from '../jobs/job-store.ts';
import { answerRequests } from './answer-requests.ts';
import { noteAway, settingsOf } from './joined.ts';
import { type Moments, openMoments } from './moments.ts';
import { tellAsOurs } from './one-journal.ts';
import { sendJobs } from './send-jobs.ts';

const lookEveryMs = 500;
/** For the next change, before it ends; longer than it takes until a runner's death is told. */
const lingerMs = 15_000;
/** Of a database that is away, while no job runs. */
const triedForMs = 10 * 60_000;
const longestPauseMs = 15_000;
const heardEveryMs = 10_000;

/** Until nothing is left, or the signal. The caller holds the lock of senders. Throws where the journal's disk fails. */
export async function sendHistory(store: JobStore, signal: AbortSignal): Promise<void> {
  const { sharing } = store.journal;
  const sending: Sending = {
    failed: new Set(),
    sentMs: new Map(),
    failures: 0,
    neededMs: performance.now(),
    moments: openMoments(),
  };
  for (let joined = sharing.joined(); joined && !signal.aborted; joined = sharing.joined()) {
    await passOnce(store, joined, sending);
    const { failures } = sending;
    if (!isNeeded(store, sending, performance.now())) break;
    const pauseMs = failures === 0 ? lookEveryMs : Math.min(2 ** failures * lookEveryMs, longestPauseMs);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  sending.link?.sender.database.close();
}

interface Sending {
  link?: Link | undefined;
  /** Passes in a row in which the database was of no use. */
  failures: number;
  readonly moments: Moments;
  /** When there was something to do last. As all times here: not by a clock that is set. */
  neededMs: number;
  /** Jobs whose last sending failed: they come last, so that one of them holds up no other. */
  readonly failed: Set<number>;
  /** When each was sent last. */
  readonly sentMs: Map<number, number>;
}

interface Link {
  /** By which it was made. */
  readonly joined: Joined;
  readonly sender: Sender;
  heardMs: number;
}

function isNeeded(store: JobStore, sending: Sending, nowMs: number): boolean {
  const { journal } = store;
  const isAway = sending.failures > 0;
  // A job whose runner died waits for a person, perhaps for days.
  const isBusy = journal.openJobs().some((job) => runnerOf(store, job) === 'alive');
  if (isBusy || (!isAway && journal.sharing.unsent().length > 0)) sending.neededMs = nowMs;
  return nowMs - sending.neededMs <= (isAway ? triedForMs : lingerMs);
}

/** Whatever the database does, it is only noted. */
async function passOnce(store: JobStore, joined: Joined, sending: Sending): Promise<void> {
  try {
    if (sending.link && !isDeepStrictEqual(sending.link.joined, joined)) {
      sending.link.sender.database.close();
      sending.link = undefined;
    }
    sending.link ??= await linkTo(joined);
    await pass(store, sending.link, sending);
    store.journal.sharing.setAway(undefined);
    sending.failures = 0;
  } catch (error) {
    if (!(error instanceof HistoryTrouble)) throw error;
    sending.link?.sender.database.close();
    sending.link = undefined;
    sending.failures += 1;
    noteAway(store.journal, error, Date.now());
  }
}

async function linkTo(joined: Joined): Promise<Link> {
  const settings = settingsOf(joined);
  const key = settings.key === undefined ? undefined : keyIn(settings.key);
  const database = await openHistory(settings);
  return {
    sender: { database, jump: joined.jump, name: joined.name, ...(key && { key }) },
    joined,
    heardMs: -heardEveryMs,
  };
}

async function pass(store: JobStore, link: Link, { failed, sentMs, moments }: Sending): Promise<void> {
  const now = performance.now();
  const isToTell = now - link.heardMs >= heardEveryMs;
  if (isToTell) {
    // Another reseed may have changed its tables since.
    const version = await versionThere(link.sender.database);
    if (version !== tablesVersion) throw wrongVersion(version);
    await tellAsOurs(store, link.sender, moments.issue());
    link.heardMs = now;
  }
  await answerRequests(store, link.sender, link.joined.inventory, moments);
  await sendJobs(store, link.sender, { failed, sentMs, isToRenew: isToTell });
}
