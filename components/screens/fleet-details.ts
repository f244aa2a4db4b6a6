// The job and the alerts of the host under the cursor in full: a row has room for the beginning of one. Pure.
import type { Alert } from '../../src/fleet/picture.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import { type Span, signsOf } from '../base/theme.ts';
import { truncateSpans } from '../base/width.ts';
import { briefAndAge } from '../panes/job-words.ts';
import type { Scene } from './fleet-cells.ts';
import type { FleetRow } from './fleet-rows.ts';

/** At most `height` lines; none for a host that has no alert and no job. */
export function detailLines(
  row: FleetRow | undefined,
  height: number,
  scene: Scene,
  width: number,
): readonly (readonly Span[])[] {
  if (row?.kind !== 'host' || height < 2) return [];
  const { host, alerts } = row.picture;
  const { ellipsis, rule } = signsOf(scene.look);
  const view = scene.jobs.get(host.name);
  const jobs = view ? [[{ text: '   ' }, ...briefAndAge(view, scene.nowMs, scene.look)]] : [];
  if (alerts.length + jobs.length === 0) return [];
  const room = height - 1 - jobs.length;
  const shown = alerts.length > room ? alerts.slice(0, room - 1) : alerts;
  const more = alerts.length - shown.length;
  return [
    [{ text: ` ${rule.repeat(2)} `, tone: 'dim' } as const, { text: host.name, tone: 'strong' } as const],
    ...jobs,
    ...shown.map((alert) => alertLine(alert, scene)),
    ...(more > 0 ? [[{ text: `   and ${more} more`, tone: 'dim' } as const]] : []),
  ].map((line) => truncateSpans(line, width, ellipsis));
}

function alertLine({ level, text, sinceMs }: Alert, { nowMs, look }: Scene): readonly Span[] {
  const sign = signsOf(look);
  const critical = level === 'critical';
  const tone = critical ? 'bad' : 'warning';
  const age: Span = { text: `${shortDuration(nowMs - (sinceMs ?? nowMs))} `, tone: 'dim' };
  // The age comes first: it stays where the words are cut.
  return [
    { text: `   ${critical ? sign.bad : sign.warning} `, tone },
    ...(sinceMs === undefined ? [] : [age]),
    { text, tone },
  ];
}
