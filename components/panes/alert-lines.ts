// An alert on as many lines as its text needs: a sign, its age, its text. Further lines are indented as far as the
// text. Pure.
import { alertBadges } from '../../src/fleet/badges.ts';
import type { Alert } from '../../src/fleet/picture.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import { wrapped } from '../../src/text/wrap.ts';
import { type Look, signsOf } from '../base/theme.ts';
import { type PaneLine, span } from './fields.ts';

const fewestCells = 20;

/** A fault of a host, from its probe or from the journal of jobs. */
export type ShownAlert = Pick<Alert, 'level' | 'text' | 'reason' | 'sinceMs'>;

/** `left`: cells before the sign; `right`: cells that stay free. The age comes first, so that it stays where the text is cut. */
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
