// The LVM snapshots of a host, of any volume: how much of their space is used, and where they are mounted. Pure.

import { thresholds } from '../../src/fleet/alerts/thresholds.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { isOld } from '../../src/fleet/staleness.ts';
import type { LogicalVolume, LvmFacts } from '../../src/host/facts.ts';
import { isSnapshot, marksOf, snapshotBadges } from '../../src/host/storage/snapshots.ts';
import type { JobView } from '../../src/job/journal/watch.ts';
import { lastProof } from '../../src/proofs/last-proof.ts';
import { restoresText } from '../../src/snapshot/list.ts';
import { shortDuration, shortSize } from '../../src/text/amounts.ts';
import { countText } from '../../src/text/badge.ts';
import { bar } from '../base/Bar.ts';
import type { SmallColumn } from '../base/small-table.ts';
import { type Span, signsOf, type Tone } from '../base/theme.ts';
import { truncateMiddle, truncateSpans } from '../base/width.ts';
import { badgeSpan } from './badge-span.ts';
import { courseLines } from './course-line.ts';
import {
  aged,
  agedSummary,
  dimmed,
  joined,
  type PaneLine,
  type PaneScene,
  type PaneText,
  span,
  unknownField,
  unknownText,
} from './fields.ts';
import { fullness, percentText } from './fullness.ts';
import { agedTable, amid, tabled } from './pane-table.ts';

export function snapshotPane(picture: HostPicture, scene: PaneScene, jobs: readonly JobView[] = []): PaneText {
  const { lvm, system } = picture.report;
  const title = 'snapshots';
  if (!lvm?.ok) {
    return {
      title,
      summary: unknownText(lvm, scene),
      lines: aged([unknownField('LVM', lvm, scene)], 'lvm', picture, scene),
    };
  }
  const snapshots = snapshotsOf(lvm.value);
  // The host's own clock dated them; ours may differ.
  const behindMs = system?.ok ? (picture.partAtMs.system ?? scene.nowMs) - system.value.clockMs : 0;
  const hostNowMs = scene.nowMs - behindMs;
  const proof = proofText(picture, jobs, scene);
  const summary = agedSummary(
    joined(scene.look, summaryOf(snapshots, hostNowMs, scene), proof),
    ['lvm'],
    picture,
    scene,
  );
  const proved = proof === '' ? [] : [[span(` last restore ${proof}`)]];
  if (snapshots.length === 0) {
    return { title, summary, lines: aged([[span(' none', 'dim')], ...proved], 'lvm', picture, scene) };
  }
  const table = tabled(columnsOf(hostNowMs, scene), snapshots, scene);
  const { titles } = table.table.table;
  const below = snapshots.flatMap((snapshot) => belowLines(snapshot, titles, snapshots.length > 1, scene));
  const filling = courseLines('snapshotPercent', (percent) => `${percentText(percent)} of the fullest`, scene);
  const after = isOld(picture, 'lvm', scene.nowMs) ? below.map(dimmed) : below;
  return { title, summary, ...amid([], agedTable(table, 'lvm', picture, scene), [...filling, ...proved, ...after]) };
}

/** `proved 3 h ago, 4 min 10 s`; empty: no restore is known to have been proved. */
function proofText({ host, report }: HostPicture, jobs: readonly JobView[], { nowMs }: PaneScene): string {
  const proof = lastProof(
    host.name,
    report,
    jobs.map(({ job }) => job),
  );
  return proof
    ? restoresText({ agoMs: Math.max(0, nowMs - proof.atMs), tookMs: proof.tookMs, percent: proof.percent })
    : '';
}

/** The newest first. */
function snapshotsOf({ volumes }: LvmFacts): readonly LogicalVolume[] {
  return volumes
    .filter((one) => isSnapshot(one) && !marksOf(one).isCopy)
    .sort((one, other) => (other.createdSeconds ?? 0) - (one.createdSeconds ?? 0));
}

function summaryOf(snapshots: readonly LogicalVolume[], hostNowMs: number, { look }: PaneScene): string {
  const invalid = snapshots.filter(({ valid }) => !valid).length;
  const [newest] = snapshots;
  if (!newest) return 'none';
  return joined(
    look,
    String(snapshots.length),
    `newest ${ageText(newest, hostNowMs)}`,
    invalid > 0 && countText(snapshotBadges.invalid, invalid, signsOf(look)),
  );
}

function ageText({ createdSeconds }: LogicalVolume, hostNowMs: number): string {
  return createdSeconds === undefined ? '?' : shortDuration(hostNowMs - createdSeconds * 1000);
}

const columnsOf = (hostNowMs: number, { look }: PaneScene): readonly SmallColumn<LogicalVolume>[] => [
  { title: 'SNAPSHOT', cuts: true, cell: ({ volume, valid }) => span(volume, valid ? 'strong' : 'bad') },
  { title: 'KIND', goes: 3, cell: ({ kind }) => span(kind === 'snapshot' ? 'classic' : 'thin', 'dim') },
  { title: 'AGE', align: 'right', least: 6, cell: (snapshot) => span(ageText(snapshot, hostNowMs)) },
  { title: 'SIZE', align: 'right', least: 5, goes: 4, cell: ({ sizeBytes }) => span(shortSize(sizeBytes)) },
  { title: 'USED', least: useCells + ' 100 %'.length, cell: (snapshot) => usage(snapshot, look) },
  { title: 'OF', goes: 1, cell: ({ group, origin }) => span(`${group}/${origin ?? '?'}`, 'dim') },
  { title: 'MOUNTED ON', goes: 2, cell: (snapshot) => span(mountText(snapshot, signsOf(look).none), 'dim') },
  { title: 'TAGS', goes: 0, cell: ({ tags }) => span(tags.join(', '), 'dim') },
];

function mountText({ mountPoints, active }: LogicalVolume, none: string): string {
  const places = mountPoints.length > 0 ? mountPoints.join(', ') : none;
  return active ? places : `${places} (not active)`;
}

/** What does not fit the table: origin, mount point, tags. `named`: begins with the snapshot's name, as there are several. */
function belowLines(
  snapshot: LogicalVolume,
  titles: readonly string[],
  named: boolean,
  { look, width }: PaneScene,
): readonly PaneLine[] {
  const { group, volume, origin, mountPoints, tags, active } = snapshot;
  const { dot, ellipsis } = signsOf(look);
  const lacks = (title: string) => !titles.includes(title);
  const words = joined(
    look,
    lacks('OF') && `of ${group}/${origin ?? '?'}`,
    lacks('MOUNTED ON') && (mountPoints.length > 0 ? `mounted on ${mountPoints.join(', ')}` : 'not mounted'),
    lacks('MOUNTED ON') && !active && 'not active',
    lacks('TAGS') && tags.length > 0 && `tags ${tags.join(', ')}`,
  );
  if (words === '') return [];
  const name = named ? `${truncateMiddle(volume, Math.floor(width / 3), ellipsis)} ${dot} ` : '';
  return [truncateSpans([span(`   ${name}${words}`, 'dim')], width, ellipsis)];
}

const useCells = 8;

/** For a classic snapshot, the used part of its copy-on-write space: when full, the snapshot is lost. */
function usage({ kind, usedPercent: used, valid }: LogicalVolume, look: PaneScene['look']): Span {
  if (!valid) return badgeSpan(snapshotBadges.invalid, look);
  const tone: Tone =
    kind === 'snapshot' ? fullness(used ?? 0, thresholds.snapshotPercent, thresholds.diskCriticalPercent) : 'plain';
  return span(`${bar(used, useCells, look).text} ${percentText(used)}`, tone);
}
