// The last cell of a host's row: its worst alert, and its job. Pure.
import { alertBadges } from '../../../src/fleet/badges.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import type { Cell } from '../../base/Table.tsx';
import { type Span, signsOf } from '../../base/theme.ts';
import { displayWidth, spansWidth, truncate } from '../../base/width.ts';
import type { ShownAlert } from '../../panes/alert-lines.ts';
import { briefAndAge, briefWithin, shortBrief } from '../../panes/job/job-words.ts';
import { alertsOf, type Scene } from './cells.ts';

/** The least width of a warning beside a job. */
const fewestAlertCells = 24;
/** The same for a critical alert, beside the job's number. */
const fewestCriticalCells = 16;
const between: Span = { text: '  ' };

/**
 * A critical alert comes first, whatever works on the host. A job comes before a warning: it may be its cause. What has no room beside the
 * other is short, and then only a sign: of the job `▶`, of the warnings their count.
 */
export function alertCell(picture: HostPicture, scene: Scene, width: number): Cell {
  const view = scene.jobs.get(picture.host.name);
  const alerts = alertsOf(picture, scene);
  if (!view) return worstAlert(alerts, scene, width);
  const host = picture.host.name;
  return alerts[0]?.level === 'critical'
    ? alertThenJob(alerts, view, host, scene, width)
    : jobThenAlert(alerts, view, host, scene, width);
}

function alertThenJob(alerts: readonly ShownAlert[], view: JobView, host: string, scene: Scene, width: number): Cell {
  const least = Math.min(fewestCriticalCells, spansWidth(worstAlert(alerts, scene, width)));
  const { nowMs, look } = scene;
  const whole = briefAndAge(view, nowMs, look, host);
  const short = shortBrief(view, scene, host);
  const alertCells = spansWidth(worstAlert(alerts, scene, Number.POSITIVE_INFINITY));
  const jobCells = width - alertCells - between.text.length;
  if (jobCells >= spansWidth(whole)) return [...worstAlert(alerts, scene, alertCells), between, ...whole];
  // Trouble of the job is told too, as far as there is room.
  const job = short ?? briefWithin(view, scene, host, Math.max(jobCells, width - least - between.text.length));
  const room = width - displayWidth(job.text) - between.text.length;
  if (room >= least) return [...worstAlert(alerts, scene, room), between, job];
  const sign: Span = { text: ` ${job.text.charAt(0)}`, ...(job.tone && { tone: job.tone }) };
  return width - 2 >= 2 ? [...worstAlert(alerts, scene, width - 2), sign] : worstAlert(alerts, scene, width);
}

function jobThenAlert(alerts: readonly ShownAlert[], view: JobView, host: string, scene: Scene, width: number): Cell {
  const whole = briefAndAge(view, scene.nowMs, scene.look, host);
  const room = width - spansWidth(whole) - between.text.length;
  const wanted = Math.min(fewestAlertCells, spansWidth(worstAlert(alerts, scene, Number.POSITIVE_INFINITY)));
  if (alerts.length > 0 && room >= wanted) return [...whole, between, ...worstAlert(alerts, scene, room)];
  const more = alerts.length > 0 ? ` ${signsOf(scene.look)[alertBadges.warning.sign]} +${alerts.length}` : '';
  return [
    briefWithin(view, scene, host, width - displayWidth(more)),
    { text: more, tone: alerts.length > 0 ? alertBadges.warning.tone : 'dim' },
  ];
}

/** The worst alert, its age, and how many more there are. Age and count stay where the words have to be cut. */
function worstAlert(alerts: readonly ShownAlert[], { nowMs, look }: Scene, width: number): Cell {
  const [worst, ...more] = alerts;
  if (!worst) return [];
  const sign = signsOf(look);
  const badge = alertBadges[worst.level];
  const head = `${sign[badge.sign]} `;
  const age = worst.sinceMs === undefined ? '' : ` ${shortDuration(nowMs - worst.sinceMs)}`;
  const count = more.length > 0 ? ` +${more.length}` : '';
  // The state of the server is in another column, so the reason is enough.
  const words = worst.reason ?? worst.text;
  const ends = [`${age}${count}`, count, ''];
  const wanted = Math.min(fewestWords, displayWidth(words));
  const end = ends.find((one) => width - displayWidth(head) - displayWidth(one) >= wanted) ?? '';
  const text = `${head}${truncate(words, width - displayWidth(head) - displayWidth(end), sign.ellipsis)}`;
  return [
    { text: text.trimEnd(), tone: badge.tone },
    { text: end, tone: 'dim' },
  ];
}

/** An age or a count is left out before less of the words is seen. */
const fewestWords = 8;
