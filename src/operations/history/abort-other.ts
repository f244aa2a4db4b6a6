// Asks another jump host to end a job of its own, and waits for its answer. Without one in time the request is withdrawn.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { HistoryDatabase } from '../../history/connection.ts';
import { type OtherName, otherName } from '../../history/name.ts';
import { type OtherJob, sealedJob, type UnreadJob } from '../../history/read.ts';
import { type Answer, type Asked, answerOf, askAbort, withdraw } from '../../history/requests.ts';
import { keyIn, type SharedKey } from '../../history/seal.ts';
import type { Inventory } from '../../inventory/settings.ts';
import { isOver, type JobRecord } from '../../job/journal/record.ts';
import { whoLine } from '../../job/who.ts';
import { shortDuration } from '../../text/amounts.ts';
import { readOnlyJob } from '../jobs/control.ts';
import { author, type JobStore } from '../jobs/job-store.ts';
import { given, type Result, refusalText, refused } from '../result.ts';
import { askHistory, patience } from './ask.ts';
import { settingsOf } from './joined.ts';
import { freshMs } from './moments.ts';

/** Longer than a request counts there (moments.ts): what is taken back then is never carried out. */
const waitMs = freshMs + 5000;
const lookEveryMs = 500;

/** The job as its own jump host wrote it, for an operator to agree to. undefined: there is none. */
export async function jobToAbort(store: JobStore, of: OtherName): Promise<Result<OtherJob | UnreadJob | undefined>> {
  const joined = store.journal.sharing.joined();
  const path = joined && settingsOf(joined).key;
  if (path === undefined) return noKey(of.host);
  return await askHistory(store, async (database) => await sealedJob(database, keyIn(path), of));
}

const noKey = (host: string) =>
  refused({
    kind: 'refused',
    message: `${host} takes no request from here: the jump hosts share no key`,
    advice: 'key: in history of the inventory, the same on all, then join',
  });

/** Why the own inventory forbids it; undefined: it does not. The other one's own is looked at there. */
export function readOnlyHere(job: JobRecord, inventory: Pick<Inventory, 'hosts' | 'readOnly'>): string | undefined {
  if (inventory.readOnly) return 'the inventory here is read-only (readOnly: true)';
  return readOnlyJob(job, inventory);
}

/** The other's words, after it has agreed. */
export async function abortOther(
  store: JobStore,
  { name, job, heardAgoMs }: Pick<OtherJob, 'name' | 'job' | 'heardAgoMs'>,
  signal: AbortSignal,
): Promise<Result<string>> {
  const of = otherName(name);
  const joined = store.journal.sharing.joined();
  const path = joined && settingsOf(joined).key;
  if (!of || path === undefined) return noKey(of?.host ?? 'no jump host');
  const answered = await askHistory(
    store,
    async (database, { name: own }) => {
      const key = keyIn(path);
      const who = `${whoLine(author().who)}, through ${own}`;
      const asked = await askAbort(database, key, of, { key: job.key, who });
      return await answerInTime({ database, key, asked }, signal);
    },
    // It is to wait.
    { mostMs: patience.mostMs },
  );
  if (!answered.ok) return answered;
  const { value } = answered;
  if (value === undefined) {
    const heard = `it was last heard of ${shortDuration(heardAgoMs)} before`;
    const message = `${of.host} did not answer within ${waitMs / 1000} s, and the request was taken back: ${heard}`;
    return refused({ kind: 'unreachable', message, advice: `log in there: reseed job abort ${of.id}` });
  }
  if (value.isDone) return given(value.text);
  return refused({ kind: 'refused', message: `${of.host}: ${value.text}`, advice: '' });
}

interface Waiting {
  readonly database: HistoryDatabase;
  readonly key: SharedKey;
  readonly asked: Asked;
}

/** undefined: there is none, and it was withdrawn. */
async function answerInTime(waiting: Waiting, signal: AbortSignal): Promise<Answer | undefined> {
  const answered = await answerWithin(waiting, signal);
  if (answered || (await withdraw(waiting.database, waiting.asked.id))) return answered;
  // It was taken at the last moment.
  const late = await answerWithin(waiting, AbortSignal.timeout(waitMs));
  return late ?? { isDone: false, text: 'it has begun to end the job, and did not say how that went' };
}

async function answerWithin({ database, key, asked }: Waiting, signal: AbortSignal) {
  const beganMs = performance.now();
  while (performance.now() - beganMs < waitMs && !signal.aborted) {
    const now = await answerOf(database, key, asked);
    if (now) return now;
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** The same of a job that was shown to the operator, in one line. */
export async function abortByName(
  store: JobStore,
  { name, job }: { readonly name: string; readonly job: JobRecord },
  inventory: Pick<Inventory, 'hosts' | 'readOnly'>,
  signal: AbortSignal,
): Promise<string> {
  const of = otherName(name);
  if (!of) return `there is no job ${name}`;
  const found = await jobToAbort(store, of);
  if (!found.ok) return refusalText(found.refusal);
  if (!found.value) return `there is no job ${name}`;
  if ('why' in found.value) return `job ${name}: ${found.value.why}`;
  // What was shown came from rows that nothing seals.
  const now = found.value.job;
  if (now.key !== job.key || !isDeepStrictEqual(now.plan, job.plan)) {
    return `job ${name} is not the one that was shown: look at it again`;
  }
  if (isOver(now.state)) return `job ${name} is over: ${now.state}`;
  const readOnly = readOnlyHere(now, inventory);
  if (readOnly !== undefined) return readOnly;
  const asked = await abortOther(store, found.value, signal);
  return asked.ok ? `${of.host}: ${asked.value}` : refusalText(asked.refusal);
}
