// The last cell of a host's row: its job, and its worst alert. Pure.
import { alertBadges } from '../../../src/fleet/badges.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import type { Cell } from '../../base/Table.tsx';
import { signsOf } from '../../base/theme.ts';
import { displayWidth, spansWidth, truncate } from '../../base/width.ts';
import type { ShownAlert } from '../../panes/alert-lines.ts';
import { briefAndAge, briefWithin, shortBrief } from '../../panes/job/job-words.ts';
import { alertsOf, type Scene } from './cells.ts';

/** The least width of an alert beside a job. */
const fewestAlertCells = 24;
/** The same for a critical one, beside the job's number. */
const fewestCriticalCells = 16;

/**
 * A job on the host comes before its alerts: it may be their cause. The worst stands beside it where there is room for both. Beside a
 * critical one, the job has its number and percentage only. Where that does not fit either, the alerts have their sign and count: ` ✖ +2`.
 */
export function alertCell(picture: HostPicture, scene: Scene, width: number): Cell {
  const view = scene.jobs.get(picture.host.name);
  const alerts = alertsOf(picture, scene);
  if (!view) return worstAlert(alerts, scene, width);
  const { host } = picture;
  const { nowMs, look } = scene;
  const [worst] = alerts;
  const whole = briefAndAge(view, nowMs, look, host.name);
  const alertCells = width - spansWidth(whole) - 2;
  if (worst && alertCells >= fewestAlertCells)
    return [...whole, { text: '  ' }, ...worstAlert(alerts, scene, alertCells)];
  const short = shortBrief(view, scene, host.name);
  const criticalCells = width - displayWidth(short?.text ?? '') - 2;
  if (short && worst?.level === 'critical' && criticalCells >= fewestCriticalCells)
    return [short, { text: '  ' }, ...worstAlert(alerts, scene, criticalCells)];
  const sign = worst?.level === 'critical' ? `${signsOf(look)[alertBadges.critical.sign]} ` : '';
  const more = alerts.length > 0 ? ` ${sign}+${alerts.length}` : '';
  return [
    briefWithin(view, scene, host.name, width - displayWidth(more)),
    { text: more, tone: sign === '' ? 'dim' : alertBadges.critical.tone },
  ];
}

/** The worst alert, its age, and how many more there are. Age and count stay where the words have to be cut. */
function worstAlert(alerts: readonly ShownAlert[], { nowMs, look }: Scene, width: number): Cell {
  const [worst, ...more] = alerts;
  if (!worst) return [];
  const sign = signsOf(look);
  const age = worst.sinceMs === undefined ? '' : ` ${shortDuration(nowMs - worst.sinceMs)}`;
  const end = `${age}${more.length > 0 ? ` +${more.length}` : ''}`;
  const badge = alertBadges[worst.level];
  const room = width - displayWidth(end) - 2;
  // The server's state is in another column, so the reason is more useful.
  const words = displayWidth(worst.text) > room ? (worst.reason ?? worst.text) : worst.text;
  const text = `${sign[badge.sign]} ${truncate(words, room, sign.ellipsis)}`;
  return [
    { text, tone: badge.tone },
    { text: end, tone: 'dim' },
  ];
}
