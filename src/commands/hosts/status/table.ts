// The fleet as a text table, and below it all alerts in full. Unknown is `?`, no value is `–`. Pure.

import stringWidth from 'string-width';
import { alertBadges, hostCounts } from '../../../fleet/badges.ts';
import type { FleetPicture, HostPicture } from '../../../fleet/picture.ts';
import { isOld } from '../../../fleet/staleness.ts';
import { discoveryText } from '../../../fleet/topology/discovery.ts';
import { standsStill } from '../../../job/lease/runner-state.ts';
import { jobBadges } from '../../../job/words/badges.ts';
import { doingText } from '../../../job/words/doing-words.ts';
import type { JobsAtWork, JobsHalfUndone } from '../../../operations/jobs/locks/at-work.ts';
import { halfUndoneOn, halfUndoneText } from '../../../operations/jobs/words/half-undone.ts';
import { shortDuration } from '../../../text/amounts.ts';
import { type Badge, countText, signOf, unicodeSigns } from '../../../text/badge.ts';
import { fitColumns } from '../../../text/fit-columns.ts';
import { wrapped } from '../../../text/wrap.ts';
import { type Cell, type Column, columns, nothing, type Tone, toneOf } from './cells.ts';

/** Colours a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

export interface TableOptions {
  readonly nowMs: number;
  /** Columns of the terminal; absent: a pipe, where no line is wrapped. */
  readonly width?: number;
  readonly paint: Paint;
  /** This account's unfinished jobs. */
  readonly jobs: JobsAtWork;
  /** Jobs that left something on a host; absent: unknown. */
  readonly halfUndone?: JobsHalfUndone;
}

/** The columns that a narrow screen drops, in this order; the others are dropped after them. */
const dispensable = ['LOAD', 'ADDRESS', 'UP', 'DATADIR', 'SOURCE', 'CLUSTER', 'SNAPSHOTS', 'VERSION', 'DC', 'FREE'];
const gap = 2;

const worthOf = (title: string) => (dispensable.includes(title) ? dispensable.indexOf(title) : dispensable.length);

/** The table, the alerts of each host, and the servers outside of the inventory. */
export function statusLines(picture: FleetPicture, options: TableOptions): string[] {
  const remarks = [
    ...jobLines(picture, options),
    ...leftLines(picture, options),
    ...picture.hosts.flatMap((host) => remarksOf(host, options)),
    ...discoveries(picture, options),
  ];
  return [...fittingTable(picture.hosts, options), ...(remarks.length > 0 ? ['', ...remarks] : [])];
}

/** Such hosts are also counted by their state. */
const inPartBadge: Badge = { sign: 'unknown', word: 'answered in part', tone: 'warning' };

/** `practice · 6 hosts  ● 4 up  ✖ 1 unreachable  ○ 1 down` */
export function summaryLine({ fleet, hosts }: FleetPicture, paint: Paint): string {
  const inPart = hosts.filter(({ alerts }) => alerts.some(({ kind }) => kind === 'unanswered')).length;
  const said = [...hostCounts(hosts), ...(inPart > 0 ? [{ badge: inPartBadge, count: inPart }] : [])].map(
    ({ badge, count }) => paint(toneOf(badge), countText(badge, count)),
  );
  return [`${fleet} · ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`, ...said].join('  ');
}

function fittingTable(hosts: readonly HostPicture[], { width = Number.POSITIVE_INFINITY, nowMs, paint }: TableOptions) {
  const all = columns.map((column) => {
    const cells = hosts.map((host) => dimmedIfOld(host, column, nowMs));
    return { column, cells, width: Math.max(...[column.title, ...cells.map(({ text }) => text)].map(stringWidthOf)) };
  });
  const wanted = all.map((one) => ({ name: one, steps: [{ cells: one.width, worth: worthOf(one.column.title) }] }));
  const fitted = fitColumns(wanted, width, gap);
  const kept = all.filter((one) => fitted.has(one));
  const line = (cellOf: (at: (typeof all)[number]) => Cell) =>
    kept
      .map((one) => padded(cellOf(one), one.width, one.column.right === true, paint))
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    line(({ column }) => ({ text: column.title, tone: 'dim' })),
    ...hosts.map((_, row) => line(({ cells }) => cells[row] ?? nothing)),
  ];
}

const stringWidthOf = (text: string) => stringWidth(text);

function padded({ text, tone }: Cell, width: number, right: boolean, paint: Paint): string {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
  const painted = tone ? paint(tone, text) : text;
  return right ? blanks + painted : painted + blanks;
}

function dimmedIfOld(host: HostPicture, { cell, part }: Column, nowMs: number): Cell {
  const { text, tone } = cell(host, nowMs);
  const old = part !== undefined && (host.link.state === 'failed' || isOld(host, part, nowMs));
  return old && tone !== 'bad' ? { text, tone: 'dim' } : { text, ...(tone && { tone }) };
}

/** `▶ db2, db3  job 41: seed db2 → db3, copy db2 → db3 45 %`. Every verb reports a job whose runner died. */
function jobLines({ hosts }: FleetPicture, { jobs, width, paint }: TableOptions): string[] {
  if (typeof jobs === 'string')
    return remark(
      paint('warning', unicodeSigns.unknown),
      'jobs',
      `which of them work on these hosts is unknown: ${jobs}`,
      width,
      paint,
    );
  const shown = new Set(hosts.map(({ host }) => host.name));
  return jobs.flatMap((one) => {
    const { job } = one;
    const names = job.plan.hosts.filter((name) => shown.has(name));
    if (standsStill(one) || names.length === 0) return [];
    const text = `job ${job.id}: ${job.plan.title}, ${doingText(job)}`;
    return remark(paint('good', signOf(jobBadges.running)), names.join(', '), text, width, paint);
  });
}

/** `✖ db3  job 1 (seed db2 → db3) is half undone here: …` If this is unknown, the line about jobs gives the reason. */
function leftLines({ hosts }: FleetPicture, { halfUndone = [], width, paint }: TableOptions): string[] {
  if (typeof halfUndone === 'string') return [];
  return hosts.flatMap(({ host: { name } }) =>
    halfUndoneOn(name, halfUndone).flatMap(({ job }) =>
      remark(paint('bad', signOf(jobBadges['cleanup-needed'])), name, halfUndoneText(job), width, paint),
    ),
  );
}

/** If no fact of the host is current, one line says why; its last known alerts are still worth reading. */
function remarksOf(picture: HostPicture, { nowMs, width, paint }: TableOptions): string[] {
  return picture.alerts.flatMap(({ level, text, sinceMs }) => {
    const since = sinceMs === undefined || nowMs - sinceMs < 1000 ? '' : ` (${shortDuration(nowMs - sinceMs)})`;
    const badge = alertBadges[level];
    const sign = paint(toneOf(badge), signOf(badge));
    return remark(sign, picture.host.name, `${text}${since}`, width, paint);
  });
}

function remark(sign: string, name: string, text: string, width: number | undefined, paint: Paint): string[] {
  const indent = 2 + stringWidth(name) + 2;
  const lines = width === undefined ? [text] : wrapped(text, Math.max(20, width - indent));
  return lines.map((line, at) =>
    at === 0 ? `${sign} ${paint('bold', name)}  ${line}` : `${' '.repeat(indent)}${line}`,
  );
}

function discoveries({ discovered }: FleetPicture, { paint }: TableOptions): string[] {
  return discovered.flatMap((server) => [
    `${paint('warning', '+')} ${discoveryText(server)}; to add below hosts:`,
    ...server.yaml.split('\n').map((line) => `  ${line}`),
  ]);
}
