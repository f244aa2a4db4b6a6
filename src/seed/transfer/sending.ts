// What seed-send.sh tells while it runs and at its end. Pure.

import type { StepProgress } from '../../job/journal/record.ts';
import { isLost } from '../../job/lanes.ts';
import { cleanLine } from '../../text/clean.ts';

export interface Sending {
  readonly totalBytes: number;
  /** Of each target, in the order of the plan: landed and on its way. */
  readonly laneBytes: readonly number[];
  /** What each stream has read since it began. */
  readonly streamBytes: readonly number[];
  /** What of each stream's batch a limit has let through; 0 where there is none, and of an older build's unit. */
  readonly passedBytes: readonly number[];
}

/** `TOTAL t1=LANDED+WAY t2=... s1=READ+PASSED s2=...`; undefined: nothing was told yet. `lanes` are the targets in the order of the plan. */
export function readSending(line: string, lanes: readonly string[]): Sending | undefined {
  const [total = '', ...words] = line.split(' ');
  const totalBytes = Number(total);
  if (total === '' || !Number.isFinite(totalBytes)) return undefined;
  const told = new Map(words.map((word) => readWord(word, totalBytes)));
  const streams = words.flatMap((word) => {
    const [, read, passed = '0'] = /^s\d+=(\d+)(?:\+(\d+))?$/.exec(word) ?? [];
    return read === undefined ? [] : [{ read: Number(read), passed: Number(passed) }];
  });
  return {
    totalBytes,
    laneBytes: lanes.map((_, index) => told.get(`t${index + 1}`) ?? 0),
    streamBytes: streams.map(({ read }) => read),
    passedBytes: streams.map(({ passed }) => passed),
  };
}

/** How far all came: `bytes` of each of `lanes`, of which those in `gone` are not waited for. */
export function reached(
  lanes: readonly string[],
  bytes: readonly number[],
  totalBytes: number,
  gone: Readonly<Record<string, string>>,
): Required<Pick<StepProgress, 'doneBytes' | 'totalBytes' | 'lanes'>> {
  const each = lanes.map((lane, index) => [lane, bytes[index] ?? 0] as const);
  return {
    doneBytes: Math.min(...each.filter(([lane]) => !isLost(gone, lane)).map(([, done]) => done), totalBytes),
    totalBytes,
    lanes: Object.fromEntries(each.map(([lane, doneBytes]) => [lane, { text: '', doneBytes, totalBytes }])),
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
