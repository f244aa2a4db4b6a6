// The text of each cell of the fleet. Pure.

import { thresholds } from '../../../src/fleet/alerts/thresholds.ts';
import { type HostState, hostBadge, stateOf } from '../../../src/fleet/badges.ts';
import { usedPercent } from '../../../src/fleet/disk-use.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { lagOf, stoppedWord } from '../../../src/fleet/topology/lag.ts';
import type { ServerFacts } from '../../../src/host/facts.ts';
import { datadirSnapshots, snapshotBadges } from '../../../src/host/storage/snapshots.ts';
import type { JobRecord } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { seedingBadge } from '../../../src/job/words/badges.ts';
import { shortDuration, shortSize } from '../../../src/text/amounts.ts';
import { countText } from '../../../src/text/badge.ts';
import { bar } from '../../base/Bar.ts';
import type { Cell } from '../../base/Table.tsx';
import { type Look, signsOf, type Tone } from '../../base/theme.ts';
import type { ShownAlert } from '../../panes/alert-lines.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import { isSeeded } from '../../panes/job/job-words.ts';

/** The inputs of a cell. */
export interface Scene {
  readonly nowMs: number;
  readonly look: Look;
  /** The unfinished job of each host, by the host's name. */
  readonly jobs: ReadonlyMap<string, JobView>;
  /** Proofs of restore of the journal; absent: none. */
  readonly proofs?: readonly JobRecord[];
  /** As a tree: what stands before and behind the name of each host. */
  readonly edges?: ReadonlyMap<string, readonly [before: string, behind: string]>;
  /** What finished jobs left on a host, by its name. */
  readonly left: ReadonlyMap<string, readonly ShownAlert[]>;
}

/** The worst first; among equals the remains of jobs and the plans of rules, which the host's own answers do not tell. */
export const alertsOf = ({ host, alerts }: HostPicture, { left }: Pick<Scene, 'left'>): readonly ShownAlert[] =>
  [...(left.get(host.name) ?? []), ...alerts].toSorted((one, other) => grave(other) - grave(one));

const grave = ({ level }: Pick<ShownAlert, 'level'>) => (level === 'critical' ? 1 : 0);

/** A value in ever more cells: the shortest form that tells something first, the whole last. At least one. */
export type FormsOf = (picture: HostPicture, scene: Scene) => readonly Cell[];

export const unknown: Cell = [{ text: '?', tone: 'warning' }];
const noneOf = ({ look }: Scene): Cell => [{ text: signsOf(look).none, tone: 'dim' }];
export const one = (text: string, tone: Tone = 'plain'): Cell => [{ text, tone }];

/** A text of the inventory, or none. */
export const inventoryText =
  (read: (picture: HostPicture) => string | undefined): FormsOf =>
  (picture, scene) => {
    const text = read(picture);
    return [text === undefined ? noneOf(scene) : one(text)];
  };

const vendors = { mysql: 'MySQL', mariadb: 'MariaDB', percona: 'Percona' } as const;
export const versionText = ({ vendor, version }: ServerFacts) => `${vendors[vendor]} ${version}`;

/** States of a host that no seed explains: one that can't be reached gets no data. */
const statesBeforeSeeding: readonly HostState[] = ['unreachable', 'no sudo', 'silent', 'crash-looping'];

/** While a seed puts new data there, a server that is down, starts or runs is no news. */
export function mysqlCell(picture: HostPicture, { look, jobs }: Scene): Cell {
  const view = jobs.get(picture.host.name);
  const isNews = statesBeforeSeeding.includes(stateOf(picture));
  return view && !isNews && isSeeded(view, picture.host.name)
    ? [badgeSpan(seedingBadge, look)]
    : [badgeSpan(hostBadge(picture), look)];
}

export function lagCell(picture: HostPicture, scene: Scene): Cell {
  const { replication } = picture.report;
  const stands = ['down', 'blank'].includes(stateOf(picture));
  if (!replication?.ok) return stands ? noneOf(scene) : unknown;
  if (replication.value.channels.length === 0) return noneOf(scene);
  const lag = lagOf(replication.value);
  if (lag === undefined) return unknown;
  if (!Number.isFinite(lag)) return one(stoppedWord(replication.value), 'bad');
  return one(shortDuration(lag * 1000), lag > thresholds.lagSeconds ? 'warning' : 'plain');
}

export function diskPercent({ report }: HostPicture): number | undefined {
  return report.disk?.ok ? usedPercent(report.disk.value) : undefined;
}

function fullness(percent: number): Tone {
  if (percent > thresholds.diskCriticalPercent) return 'bad';
  return percent > thresholds.diskPercent ? 'warning' : 'plain';
}

const barCells = [5, 10] as const;

export function barForms(picture: HostPicture, { look }: Scene): readonly Cell[] {
  const percent = diskPercent(picture);
  return barCells.map((cells) => [bar(percent, cells, look, fullness(percent ?? 0))]);
}

/** The used part; with the free bytes. */
export function diskForms(picture: HostPicture): readonly Cell[] {
  const percent = diskPercent(picture);
  const { disk } = picture.report;
  if (percent === undefined || !disk?.ok) return [unknown];
  // Rounded down: 99.6 % is not full, and 0 % free is shown by the bytes.
  const used = `${String(Math.floor(percent)).padStart(3)} %`;
  const whole = `${used} ${shortSize(disk.value.freeBytes).padStart(5)}`;
  return [used, whole].map((text) => one(text, fullness(percent)));
}

/** How many; with the age of the newest; with the word behind it. A figure is shown as a whole, or not at all. */
export function snapshotForms({ report }: HostPicture, scene: Scene): readonly Cell[] {
  if (report.lvm?.ok === false && report.lvm.missing) return [noneOf(scene)];
  if (!report.lvm?.ok) return [unknown];
  const sign = signsOf(scene.look);
  const snapshots = datadirSnapshots(report.lvm.value);
  if (snapshots.length === 0) return [noneOf(scene)];
  const invalid = snapshots.filter(({ valid }) => !valid).length;
  if (invalid > 0) return [one(countText(snapshotBadges.invalid, invalid, sign), 'bad')];
  const newest = Math.max(...snapshots.map(({ createdSeconds = 0 }) => createdSeconds));
  const count = `${snapshots.length}`;
  if (newest === 0) return [one(count)];
  const text = `${count} ${sign.dot} ${shortDuration(scene.nowMs - newest * 1000)}`;
  return [count, text, `${text} ago`].map((form) => one(form));
}
