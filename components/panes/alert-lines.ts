// An alert on as many lines as its text takes: a sign, its age, its words, and the lines below as far in as the words. Pure.
import { alertBadges } from '../../src/fleet/badges.ts';
import type { Alert } from '../../src/fleet/picture.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import { wrapped } from '../../src/text/wrap.ts';
import { type Look, signsOf } from '../base/theme.ts';
import { type PaneLine, span } from './fields.ts';

const fewestCells = 20;

/** What of a host is wrong, as its probe saw it or as the journal of jobs has it. */
export type ShownAlert = Pick<Alert, 'level' | 'text' | 'sinceMs'>;

/** `left`: cells before the sign; `right`: cells that stay free. The age comes first: it stays where the words are cut. */
export function alertLines(
  { level, text, sinceMs }: ShownAlert,
  { nowMs, look, width }: { readonly nowMs: number; readonly look: Look; readonly width: number },
  { left, right }: { readonly left: number; readonly right: number },
): readonly PaneLine[] {
  const { sign, tone } = alertBadges[level];
  const age = sinceMs === undefined ? '' : `${shortDuration(nowMs - sinceMs)} `;
  const head = `${' '.repeat(left)}${signsOf(look)[sign]} `;
  const indent = left + 2 + age.length;
  return wrapped(text, Math.max(fewestCells, width - indent - right)).map((line, at) =>
    at === 0 ? [span(head, tone), span(age, 'dim'), span(line, tone)] : [span(' '.repeat(indent)), span(line, tone)],
  );
}
