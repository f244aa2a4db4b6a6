// The snapshots of a fleet as a list: its columns, and one snapshot in full. Pure.

import { thresholds } from '../../../src/fleet/alerts/thresholds.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { snapshotBadge } from '../../../src/host/storage/snapshots.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { type ListedSnapshot, listSnapshots, restoresText, unlisted } from '../../../src/snapshot/list.ts';
import { shortDuration, shortSize } from '../../../src/text/amounts.ts';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { truncateMiddle, truncateSpans } from '../../base/width.ts';
import { filterOf } from '../../filter.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import { joined, span } from '../../panes/fields.ts';
import { fullness, percentText } from '../../panes/fullness.ts';
import type { ListColumn } from '../list/layout.ts';

export interface SnapshotRow {
  readonly id: string;
  /** `vg0/reseed-17 of db3` */
  readonly name: string;
  readonly snapshot: ListedSnapshot;
  /** `job 17`, or another origin of the snapshot. */
  readonly madeBy: string;
}

export interface Listing {
  readonly hosts: readonly HostPicture[];
  readonly jobs: readonly JobView[];
  readonly near: string | undefined;
  readonly filter: string;
}

/** Snapshots of the datacenter `near` come first. */
export function snapshotRows({ hosts, jobs, near, filter }: Listing): readonly SnapshotRow[] {
  const passes = filterOf(filter);
  const ids = new Map(jobs.map(({ job }) => [job.key, job.id]));
  return listSnapshots(hosts, near)
    .map((snapshot): SnapshotRow => {
      const { host, volume, madeBy } = snapshot;
      const id = madeBy.kind === 'job' ? ids.get(madeBy.key) : undefined;
      const by = madeBy.kind === 'job' ? `job ${id ?? madeBy.key}` : madeBy.kind;
      const name = `${volume.group}/${volume.volume} of ${host.name}`;
      return { id: `${host.name} ${volume.uuid}`, name, snapshot, madeBy: by };
    })
    .filter((row) => passes(() => textOf(row)));
}

function textOf({ snapshot, madeBy }: SnapshotRow): string {
  const { host, volume } = snapshot;
  const state = volume.valid ? 'valid' : 'invalid';
  const proved = snapshot.restores ? ['proved'] : [];
  const mounted = volume.mountPoints.length > 0 ? ['mounted', ...volume.mountPoints] : [];
  return [
    host.name,
    host.cluster,
    host.datacenter,
    `${volume.group}/${volume.volume}`,
    state,
    ...mounted,
    ...proved,
    ...volume.tags,
    madeBy,
  ].join('\n');
}

export function snapshotColumns(look: Look): readonly ListColumn<SnapshotRow>[] {
  const { ellipsis, none } = signsOf(look);
  return [
    {
      name: 'host',
      title: 'HOST',
      worth: 100,
      cuts: { least: 16, worth: 60, names: true },
      cell: ({ snapshot: { host } }, cells) => [span(truncateMiddle(host.name, cells, ellipsis), 'strong')],
    },
    { name: 'datacenter', title: 'DC', worth: 70, cell: ({ snapshot: { host } }) => [span(host.datacenter ?? none)] },
    {
      name: 'snapshot',
      title: 'SNAPSHOT',
      worth: 99,
      cuts: { least: 14, worth: 55 },
      cell: ({ snapshot: { volume } }) => [span(`${volume.group}/${volume.volume}`, volume.valid ? 'plain' : 'bad')],
    },
    {
      name: 'of',
      title: 'OF',
      worth: 20,
      cell: ({ snapshot }) => [span(ofText(snapshot), snapshot.ofDatadir ? 'plain' : 'dim')],
    },
    {
      name: 'age',
      title: 'AGE',
      worth: 90,
      align: 'right',
      cell: ({ snapshot: { ageMs } }) => [span(ageMs === undefined ? '?' : shortDuration(ageMs))],
    },
    {
      name: 'size',
      title: 'SIZE',
      worth: 50,
      align: 'right',
      cell: ({ snapshot: { volume } }) => [span(shortSize(volume.sizeBytes))],
    },
    { name: 'used', title: 'USED', worth: 95, align: 'right', cell: ({ snapshot }) => [usedSpan(snapshot)] },
    {
      name: 'state',
      title: 'STATE',
      worth: 98,
      cell: ({ snapshot }) => [badgeSpan(snapshotBadge(snapshot.volume), look)],
    },
    { name: 'maker', title: 'MADE BY', worth: 40, cell: ({ madeBy }) => [span(madeBy, 'dim')] },
  ];
}

const ofText = ({ volume: { origin }, ofDatadir }: ListedSnapshot) =>
  `${origin ?? '?'}${ofDatadir ? '' : ', no datadir'}`;

function usedSpan({ volume: { kind, usedPercent } }: ListedSnapshot): Span {
  const tone =
    kind === 'snapshot'
      ? fullness(usedPercent ?? 0, thresholds.snapshotPercent, thresholds.diskCriticalPercent)
      : 'plain';
  return span(percentText(usedPercent), tone);
}

/** `5 snapshots · those of ams first · not known of db3, db5`. */
export function snapshotsSummary({ hosts, near }: Listing, count: number, width: number, look: Look): readonly Span[] {
  const unknown = unlisted(hosts).map(({ host }) => host.name);
  const words = joined(
    look,
    count > 0 ? String(count) : unknown.length > 0 ? '?' : 'none',
    near !== undefined && count > 1 && `those of ${near} first`,
  );
  const gaps = unknown.length > 0 ? `  ${signsOf(look).warning} not known of ${unknown.join(', ')}` : '';
  const line = [span(' snapshots  ', 'strong'), span(words), span(gaps, 'warning')];
  return truncateSpans(line, width, signsOf(look).ellipsis);
}

export function snapshotDetails({ snapshot, madeBy }: SnapshotRow, height: number, width: number, look: Look) {
  const { host, volume, ageMs } = snapshot;
  const sign = signsOf(look);
  const { mountPoints, tags, kind, pool, active } = volume;
  const lines: readonly (readonly Span[])[] = [
    [span(` ${sign.rule.repeat(2)} `, 'dim'), span(`${host.name}: ${volume.group}/${volume.volume}`, 'strong')],
    [
      span(
        `   ${joined(
          look,
          `of ${volume.group}/${ofText(snapshot)}`,
          kind === 'snapshot' ? 'classic' : `thin, in ${pool ?? '?'}`,
          ageMs !== undefined && `${shortDuration(ageMs)} old`,
          `made by ${madeBy}`,
          snapshot.restores && restoresText(snapshot.restores),
          !active && 'not active',
        )}`,
      ),
    ],
    ...(volume.valid ? [] : [[span(`   ${sign.bad} it is full: what it held is lost`, 'bad')]]),
    [span(`   ${mountPoints.length > 0 ? `mounted on ${mountPoints.join(', ')}` : 'not mounted'}`)],
    ...(tags.length > 0 ? [[span(`   tags ${tags.join(', ')}`, 'dim')]] : []),
  ];
  return lines.slice(0, height).map((line) => truncateSpans(line, width, sign.ellipsis));
}
