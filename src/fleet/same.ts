// Whether two values are equal, so that the older object can be kept.
import { isDeepStrictEqual } from 'node:util';
import type { ErrorLogTail, HostReport, ReportPart } from '../host/facts.ts';

export function same(one: unknown, other: unknown): boolean {
  return one === other || isDeepStrictEqual(one, other);
}

/** Whether a part of a report has the same value as before. */
export function samePart(part: ReportPart, before: HostReport, after: HostReport): boolean {
  if (part !== 'errorLog') return same(before[part], after[part]);
  const [one, other] = [before.errorLog, after.errorLog];
  return one?.ok && other?.ok ? sameTail(one.value, other.value) : same(one, other);
}

/** To compare two hundred lines of 500 hosts every five seconds costs too much, so sizes are compared: a log only grows. */
function sameTail(one: ErrorLogTail, other: ErrorLogTail): boolean {
  const size = one.path === other.path && one.sizeBytes === other.sizeBytes && one.lines.length === other.lines.length;
  const searched = one.unsearched === other.unsearched && one.damage?.length === other.damage?.length;
  return size && searched && same(one.lines[0], other.lines[0]) && same(one.lines.at(-1), other.lines.at(-1));
}
