// The course of a figure over the session, as a line of a pane. Pure.
import { type CourseName, courseUntil, highest } from '../../src/fleet/course.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import { sparkline } from '../base/Sparkline.ts';
import { signsOf } from '../base/theme.ts';
import { truncateSpans } from '../base/width.ts';
import { field, labelCells, type PaneLine, type PaneScene, span } from './fields.ts';

/** Fewer make no course. */
const leastFigures = 3;
const maxCells = 60;

/** ` course     ▁▁▃█ ▁▁  at most 41 s in 12 min`: none where too little was seen. A gap is a time without an answer. */
export function courseLines(
  name: CourseName,
  text: (figure: number) => string,
  { course, nowMs, look, width }: PaneScene,
): readonly PaneLine[] {
  if (!course) return [];
  const all = courseUntil(course, name, nowMs, Number.MAX_SAFE_INTEGER);
  const most = highest(all);
  if (most === undefined || all.filter((figure) => figure !== undefined).length < leastFigures) return [];
  const words = `at most ${text(most)} in ${shortDuration(nowMs - course.sinceMs)}`;
  // Bars say nothing to a screen reader.
  if (look.linear) return [field('course', words)];
  const cells = Math.min(maxCells, width - labelCells - words.length - 3);
  const bars =
    cells < leastFigures ? [] : [sparkline(courseUntil(course, name, nowMs, cells), cells, look, 'accent'), span('  ')];
  return [truncateSpans(field('course', [...bars, span(words)]), width, signsOf(look).ellipsis)];
}
