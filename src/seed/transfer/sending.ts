// The reports of seed-send.sh while it runs and at its end. Pure.

import type { StepProgress } from '../../job/journal/record.ts';
import { isLost } from '../../job/lanes.ts';
import { shortSize } from '../../text/amounts.ts';
import { cleanLine } from '../../text/clean.ts';

export interface Sending {
  readonly totalBytes: number;
  /** For each target, in the order of the plan: bytes that have landed or are on their way. */
  readonly laneBytes: readonly number[];
  /** The bytes that each stream has read since it began. */
  readonly streamBytes: readonly number[];
  /** The bytes of each stream's batch that a limit has let through; 0 without a limit, and for an older build's unit. */
  readonly passedBytes: readonly number[];
  /** Bytes a second that may leave the donor now; 0: no limit. Absent: an older build's unit. */
  readonly limit?: number;
  /** Of tasks that were compared with the target's old data: bytes of equal pages, and of those sent; absent: none are. */
  readonly pages?: Pages;
  /** Targets whose disk was full when they last took something. */
  readonly full: readonly string[];
}

export interface Pages {
  readonly equalBytes: number;
  readonly sentBytes: number;
}

/**
 * `TOTAL t1=LANDED+WAY t2=... s1=READ+PASSED s2=... limit=BYTES pages=EQUAL+SENT full=t2`; undefined: there is no report yet. `lanes` are the targets in the
 * order of the plan.
 */
export function readSending(line: string, lanes: readonly string[]): Sending | undefined {
  const [total = '', ...words] = line.split(' ');
  const totalBytes = Number(total);
  if (total === '' || !Number.isFinite(totalBytes)) return undefined;
  const told = new Map(words.map((word) => readWord(word, totalBytes)));
  const streams = words.flatMap((word) => {
    const [, read, passed = '0'] = /^s\d+=(\d+)(?:\+(\d+))?$/.exec(word) ?? [];
    return read === undefined ? [] : [{ read: Number(read), passed: Number(passed) }];
  });
  const pages = words.map(readPages).find((told) => told !== undefined);
  const full = lanes.filter((_, index) => words.includes(`full=t${index + 1}`));
  const [limit] = words.flatMap((word) => /^limit=(\d+)$/.exec(word)?.[1] ?? []);
  return {
    ...(limit !== undefined && { limit: Number(limit) }),
    ...(pages && { pages }),
    full,
    totalBytes,
    laneBytes: lanes.map((_, index) => told.get(`t${index + 1}`) ?? 0),
    streamBytes: streams.map(({ read }) => read),
    passedBytes: streams.map(({ passed }) => passed),
  };
}

/** `pages=EQUAL+SENT` */
function readPages(word: string): Pages | undefined {
  const [, equal, sent] = /^pages[ =](\d+)\+(\d+)$/.exec(word) ?? [];
  return equal === undefined || sent === undefined ? undefined : { equalBytes: Number(equal), sentBytes: Number(sent) };
}

/** `kept 1.9 GB of the old data, sent 96 MB (before compression)` */
export const pageWords = ({ equalBytes, sentBytes }: Pages): string =>
  `kept ${shortSize(equalBytes)} of the old data, sent ${shortSize(sentBytes)} (before compression)`;

/** How far all targets are: `bytes` of each of `lanes`; those in `gone` do not count. */
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

/** Bytes on their way are included, but never exceed the total. */
function readWord(word: string, totalBytes: number): [string, number] {
  const [, name = '', landed, way] = /^(t\d+)=(\d+)\+(\d+)$/.exec(word) ?? [];
  return [name, Math.min(totalBytes, Number(landed ?? 0) + Number(way ?? 0))];
}

/** A line of the donor's log as the operator reads it: hosts by their names. `isLast`: a lost target is not tried again. */
export function sentWords(line: string, donor: string, lanes: readonly string[], isLast: boolean): string {
  const pages = readPages(line);
  if (pages) return pageWords(pages);
  const [, behind = '', because = ''] = passedBy.exec(line) ?? [];
  const direct = lanes[Number(behind) - 1];
  if (direct !== undefined) {
    const before = lanes[Number(behind) - 2] ?? '?';
    return `${direct}: nothing arrives from ${before}; ${donor} sends to it directly: ${because}`;
  }
  const [, what = '', index, rest = ''] = /^(whole|lost|refused|link) t(\d+) ?(.*)$/.exec(line) ?? [];
  const lane = lanes[Number(index) - 1];
  if (lane === undefined) return line;
  if (what === 'whole') return `copied to ${lane}`;
  if (what === 'link') return `link to ${lane}: ${rest}`;
  return `${isLast || what === 'refused' ? `gave up on ${lane}` : `not copied to ${lane} in this try`}: ${rest || 'it takes nothing more'}`;
}

/** Words of send-answers.sh, which knows a target by its place in the plan. */
const passedBy = /^t(\d+) gets nothing from the one before it, and is sent to from here: (.*)$/;

export interface Sent {
  readonly lane: string;
  /** Absent: everything landed. */
  readonly why?: string;
  /** A further try would end alike. */
  readonly isFinal?: true;
}

/** The last lines of the log: the end for each target. A target without one: the unit did not come that far. */
export function readSent(lines: readonly string[], lanes: readonly string[]): Sent[] {
  return lines.flatMap((line) => {
    const [, end, index, why = ''] = /^(whole|lost|refused) t(\d+) ?(.*)$/.exec(line) ?? [];
    const lane = lanes[Number(index) - 1];
    if (end === undefined || lane === undefined) return [];
    if (end === 'whole') return [{ lane }];
    return [
      { lane, why: cleanLine(why) || 'it takes nothing more', ...(end === 'refused' && { isFinal: true as const }) },
    ];
  });
}
