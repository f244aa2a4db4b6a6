// The process that sends this journal's jobs to the shared database: one for each journal, apart from runners, verbs and consoles, so that none
// of them waits for that database. It ends when nothing is left to be sent, and is started again by whatever needs it.
import { setTimeout as sleep } from 'node:timers/promises';
import { openHistory } from '../../history/connection.ts';
import { keyIn } from '../../history/seal.ts';
import { HistoryTrouble } from '../../history/trouble.ts';
import { type Sender, tellHeard } from '../../history/write.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import { version } from '../../version.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { answerRequests } from './answer-requests.ts';
import { noteAway, settingsOf } from './joined.ts';
import { sendJobs } from './send-jobs.ts';

const lookEveryMs = 500;
/** For the next change, before it ends. */
const lingerMs = 10_000;
/** Of a database that is away, while no job runs. */
const triedForMs = 10 * 60_000;
const longestPauseMs = 15_000;
const heardEveryMs = 10_000;

/** Until nothing is left, or the signal. The caller holds the lock of senders. Throws where the journal's disk fails. */
export async function sendHistory(store: JobStore, signal: AbortSignal): Promise<void> {
  const { sharing } = store.journal;
  const sending: Sending = { failed: new Set(), sentMs: new Map(), failures: 0, neededMs: performance.now() };
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
  /** When there was something to do last. By a clock that is never set, as the other times of sending. */
  neededMs: number;
  /** Jobs whose last sending failed: they come last, so that one of them holds up no other. */
  readonly failed: Set<number>;
  /** When each was sent last. */
  readonly sentMs: Map<number, number>;
}

interface Link {
  readonly sender: Sender;
  /** The absolute path of the inventory that was joined by. */
  readonly inventory: string;
  heardMs: number;
}

function isNeeded({ journal }: JobStore, sending: Sending, nowMs: number): boolean {
  const isAway = sending.failures > 0;
  const isBusy = journal.openJobs().length > 0;
  if (isBusy || (!isAway && journal.sharing.unsent().length > 0)) sending.neededMs = nowMs;
  return nowMs - sending.neededMs <= (isAway ? triedForMs : lingerMs);
}

/** Whatever the database does, it is only noted. */
async function passOnce(store: JobStore, joined: Joined, sending: Sending): Promise<void> {
  try {
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
    sender: { database, jump: joined.jump, ...(key && { key }) },
    inventory: joined.inventory,
    heardMs: Number.NEGATIVE_INFINITY,
  };
}

async function pass(store: JobStore, link: Link, { failed, sentMs }: Sending): Promise<void> {
  const now = performance.now();
  const isToTell = now - link.heardMs >= heardEveryMs;
  if (isToTell && !(await tellHeard(link.sender, version))) {
    throw new HistoryTrouble('it does not know this jump host any more', 'reseed history join tells it');
  }
  if (isToTell) link.heardMs = now;
  await answerRequests(store, link.sender, link.inventory);
  await sendJobs(store, link.sender, { failed, sentMs, isToRenew: isToTell });
}
