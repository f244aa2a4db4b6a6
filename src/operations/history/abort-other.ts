// Asks another jump host to end a job of its own, and waits for its answer. Without one in time the request is withdrawn.
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryDatabase } from '../../history/connection.ts';
import { otherName } from '../../history/name.ts';
import { type OtherJob, otherJob } from '../../history/read.ts';
import { type Answer, answerOf, askAbort, withdraw } from '../../history/requests.ts';
import { keyIn } from '../../history/seal.ts';
import { whoLine } from '../../job/who.ts';
import { shortDuration } from '../../text/amounts.ts';
import { author, type JobStore } from '../jobs/job-store.ts';
import { given, type Result, refusalText, refused } from '../result.ts';
import { askHistory } from './ask.ts';
import { settingsOf } from './joined.ts';

const waitMs = 30_000;
const lookEveryMs = 500;

/** The other's words, after it has agreed. */
export async function abortOther(
  store: JobStore,
  { name, job, heardAgoMs }: Pick<OtherJob, 'name' | 'job' | 'heardAgoMs'>,
  signal: AbortSignal,
): Promise<Result<string>> {
  const of = otherName(name);
  const joined = store.journal.sharing.joined();
  const path = joined && settingsOf(joined).key;
  if (!of || path === undefined) {
    const message = `${of?.host ?? 'no jump host'} takes no request from here: the jump hosts share no key`;
    return refused({
      kind: 'refused',
      message,
      advice: 'key: in history of the inventory, the same on all, then join',
    });
  }
  const answered = await askHistory(store, async (database, { name: own }) => {
    const who = `${whoLine(author().who)}, through ${own}`;
    const id = await askAbort(database, keyIn(path), of, { key: job.key, who });
    return await answerInTime(database, id, signal);
  });
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

/** undefined: there is none, and it was withdrawn. */
async function answerInTime(database: HistoryDatabase, id: string, signal: AbortSignal): Promise<Answer | undefined> {
  const answered = await answerWithin(database, id, waitMs, signal);
  if (answered || (await withdraw(database, id))) return answered;
  // It was taken at the last moment.
  const late = await answerWithin(database, id, waitMs, AbortSignal.timeout(waitMs));
  return late ?? { isDone: false, text: 'it has begun to end the job, and did not say how that went' };
}

async function answerWithin(database: HistoryDatabase, id: string, mostMs: number, signal: AbortSignal) {
  for (let waitedMs = 0; waitedMs < mostMs && !signal.aborted; waitedMs += lookEveryMs) {
    const now = await answerOf(database, id);
    if (now) return now;
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** The same by its name alone, in one line. */
export async function abortByName(store: JobStore, name: string, signal: AbortSignal): Promise<string> {
  const of = otherName(name);
  const found = await askHistory(store, async (database) => of && (await otherJob(database, of)));
  if (!found.ok) return refusalText(found.refusal);
  if (!found.value || !('job' in found.value)) return `there is no job ${name}`;
  const asked = await abortOther(store, found.value, signal);
  return asked.ok ? `${of?.host}: ${asked.value}` : refusalText(asked.refusal);
}
