// What seed-send.sh tells while it runs and at its end. Pure.

import type { StepProgress } from '../../job/record.ts';
import { cleanLine } from '../../text/clean.ts';

export interface Sending extends Pick<StepProgress, 'lanes'> {
  /** Of the slowest target, landed and on their way. */
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Of each target, in the order of the plan. */
  readonly laneBytes: readonly number[];
  /** What each stream has read since it began. */
  readonly streamBytes: readonly number[];
}

/** `TOTAL t1=LANDED+WAY t2=... s1=BYTES s2=...`; undefined: nothing was told yet. `lanes` are the targets in the order of the plan. */
export function readSending(line: string, lanes: readonly string[]): Sending | undefined {
  const [total = '', ...words] = line.split(' ');
  const totalBytes = Number(total);
  if (total === '' || !Number.isFinite(totalBytes)) return undefined;
  const told = new Map(words.map((word) => readWord(word, totalBytes)));
  const each = lanes.map((lane, index) => [lane, told.get(`t${index + 1}`) ?? 0] as const);
  const doneBytes = Math.min(...each.map(([, bytes]) => bytes));
  return {
    doneBytes,
    totalBytes,
    laneBytes: each.map(([, bytes]) => bytes),
    streamBytes: words.flatMap((word) => {
      const [, bytes] = /^s\d+=(\d+)$/.exec(word) ?? [];
      return bytes === undefined ? [] : [Number(bytes)];
    }),
    lanes: Object.fromEntries(each.map(([lane, bytes]) => [lane, { text: '', doneBytes: bytes, totalBytes }])),
  };
}

/** What is on its way is counted in, but never makes more than the whole. */
function readWord(word: string, totalBytes: number): [string, number] {
  const [, name = '', landed, way] = /^(t\d+)=(\d+)\+(\d+)$/.exec(word) ?? [];
  return [name, Math.min(totalBytes, Number(landed ?? 0) + Number(way ?? 0))];
}

/** A line of the log as the operator reads it: targets by their names. */
export function sentWords(line: string, lanes: readonly string[]): string {
  const [, what = '', index, rest = ''] = /^(whole|lost|link) t(\d+) ?(.*)$/.exec(line) ?? [];
  const lane = lanes[Number(index) - 1];
  if (lane === undefined) return line;
  if (what === 'whole') return `copied to ${lane}`;
  return what === 'lost' ? `gave up on ${lane}: ${rest || 'it takes nothing more'}` : `link to ${lane}: ${rest}`;
}

export interface Sent {
  readonly lane: string;
  /** Absent: everything landed. */
  readonly why?: string;
}

/** The last lines of the log: how it ended for each target. One that is not there: the unit did not come so far. */
export function readSent(lines: readonly string[], lanes: readonly string[]): Sent[] {
  return lines.flatMap((line) => {
    const [, end, index, why = ''] = /^(whole|lost) t(\d+) ?(.*)$/.exec(line) ?? [];
    const lane = lanes[Number(index) - 1];
    if (end === undefined || lane === undefined) return [];
    return [end === 'whole' ? { lane } : { lane, why: cleanLine(why) || 'it takes nothing more' }];
  });
}
