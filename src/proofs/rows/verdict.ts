// Whether one range is equal on both sides. The source is read first, and the replica once it has all that the source had then: where both sums are equal, the replica has exactly
// the rows that the source had at that position. Where they differ, the source may have changed the range meanwhile: it is read again. Only where it has not, the replica, which was read
// between these two readings, is what differs; and that has to be seen several times.
import type { FailedStep } from '../../job/plan/step-work.ts';
import { abortWords } from '../../job/runner/abort.ts';
import { failed } from '../../job/runner/step-end.ts';
import { boundMs, isSame, readSum, type Sum, type Told } from './answers.ts';
import { givenOf } from './given.ts';
import type { States } from './hold.ts';
import { ask, askCaughtUp, type Questions, type SideTools } from './sides.ts';

export interface RangeQuestions {
  /** The statement that sums the range, as each side is asked. */
  readonly source: string;
  readonly replica: string;
  /** Asked with the first reading of the source: the end of the range after this. */
  readonly bound?: string;
  /** What differs is read in smaller ranges, and decided there. */
  readonly mayNarrow: boolean;
}

export interface Verdict {
  readonly ok: true;
  /** `changing`: the source changed it at each reading; `slow`: a reading took too long; `unread`: it can't be read. */
  readonly is: 'equal' | 'different' | 'changing' | 'slow' | 'unread';
  readonly why: string;
  readonly source?: Sum;
  readonly replica?: Sum;
  /** The first answer of the source, with the bound. */
  readonly first?: Told;
  readonly states: States;
  /** How long each side read, over all readings. */
  readonly sourceMs: number;
  readonly replicaMs: number;
  /** The position of the source at the reading that decided. */
  readonly gtid: string;
}

/** So often the replica has to differ from a source that stays as it is. */
const strikesOfDifference = 3;
const changesOfChanging = 4;
/** Of a range that is read in smaller ones then. */
const enoughToNarrow = { strikes: 1, changes: 3 };
/** After a reading that was the same on the source before and after; after any other: it is equal where nothing is written for that moment. */
const pauseMs = 1000;
const shortPauseMs = 100;

export async function verdictOn(tools: SideTools, questions: RangeQuestions): Promise<Verdict | FailedStep> {
  const reading = readingOf(tools, questions);
  let count: Count = { strikes: 0, changes: 0 };
  for (;;) {
    const source = await reading.source();
    if ('ended' in source) return source.ended;
    count = counted(count, source);
    const { strikes, changes, replica: other } = count;
    const enough = enoughFor(questions, source);
    if (other && strikes >= enough.strikes)
      return reading.end('different', differenceText(source, other), { source, replica: other });
    if (changes >= enough.changes)
      return reading.end('changing', `the source changed it at each of ${changes + 1} readings`, { source });
    const replica = await reading.replica();
    if ('ended' in replica) return replica.ended;
    if (isSame(source, replica)) return reading.end('equal', '', { source, replica });
    count = { strikes, changes, source, replica };
    await tools.pause(Math.max(shortPauseMs, pauseMs * strikes));
  }
}

const enoughFor = ({ mayNarrow }: RangeQuestions, { rows }: Sum) =>
  mayNarrow && rows > 1 ? enoughToNarrow : { strikes: strikesOfDifference, changes: changesOfChanging };

/** Readings that were not equal: how often the source was the same around that of the replica, and how often not; the last ones of both. */
interface Count {
  readonly strikes: number;
  readonly changes: number;
  readonly source?: Sum;
  readonly replica?: Sum;
}

function counted(count: Count, source: Sum): Count {
  if (!count.source) return count;
  const { strikes, changes } = count;
  return isSame(count.source, source) ? { ...count, strikes: strikes + 1 } : { ...count, changes: changes + 1 };
}

interface Ended {
  readonly ended: Verdict | FailedStep;
}

/** The two sides of a range, read one after the other. */
function readingOf(tools: SideTools, questions: RangeQuestions) {
  let [sourceMs, replicaMs] = [0, 0];
  let first: Told | undefined;
  let states: States = {};

  const end = (is: Verdict['is'], why: string, more: Partial<Verdict> = {}): Verdict => {
    const gtid = states.source ? givenOf(states.source) : '';
    return { ok: true, is, why, states, sourceMs, replicaMs, gtid, ...(first && { first }), ...more };
  };
  const read = async (side: 'source' | 'replica', asked: Questions): Promise<Told | Ended> => {
    if (tools.signal.aborted) return { ended: failed(abortWords) };
    const answer = await (side === 'source' ? ask(tools, side, asked) : askCaughtUp(tools, asked));
    if (!answer.ok) return { ended: 'is' in answer ? end(answer.is, answer.why) : answer };
    states = { ...states, [side]: answer.told.state };
    return answer.told;
  };
  const summed = (told: Told): Sum | Ended => {
    const sum = readSum(told, 'sum');
    return typeof sum === 'string' ? { ended: end('unread', sum) } : sum;
  };

  return {
    end,
    source: async (): Promise<Sum | Ended> => {
      const bound = first === undefined && questions.bound !== undefined ? { bound: questions.bound } : {};
      const told = await read('source', { ask: { sum: questions.source, ...bound } });
      if ('ended' in told) return told;
      first ??= told;
      const sum = summed(told);
      if (!('ended' in sum)) sourceMs += sum.ms + boundMs(told, 'bound');
      return sum;
    },
    /** Once it has all that the source had when that was read last. */
    replica: async (): Promise<Sum | Ended> => {
      const asked = { ask: { sum: questions.replica }, gtid: states.source ? givenOf(states.source) : '' };
      const told = await read('replica', asked);
      if ('ended' in told) return told;
      const sum = summed(told);
      if (!('ended' in sum)) replicaMs += sum.ms;
      return sum;
    },
  };
}

function differenceText(source: Sum, replica: Sum): string {
  const count = ({ rows }: Sum) => (rows === 1 ? '1 row' : `${rows} rows`);
  return source.rows === replica.rows
    ? `${count(source)} on both sides, with other values`
    : `${count(source)} on the source, ${replica.rows} on the replica`;
}
