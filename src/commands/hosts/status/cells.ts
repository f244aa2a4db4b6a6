// The text of each column of the table for a host. Unknown is `?`, no value is `–`. Pure.

import { thresholds } from '../../../fleet/alerts/thresholds.ts';
import { hostBadge } from '../../../fleet/badges.ts';
import { usedPercent } from '../../../fleet/disk-use.ts';
import type { HostPicture } from '../../../fleet/picture.ts';
import { serviceState } from '../../../fleet/service-state.ts';
import { lagOf, stoppedWord } from '../../../fleet/topology/lag.ts';
import type { ReportPart, Vendor } from '../../../host/facts.ts';
import { datadirSnapshots, snapshotBadges } from '../../../host/storage/snapshots.ts';
import { shortDuration, shortSize } from '../../../text/amounts.ts';
import { type Badge, badgeText, countText } from '../../../text/badge.ts';

export type Tone = 'good' | 'bad' | 'warning' | 'dim' | 'bold';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  readonly right?: true;
  /** The part of the report that the cell shows: when it is old, the cell is dimmed. */
  readonly part?: ReportPart;
  readonly cell: (host: HostPicture, nowMs: number) => Cell;
}

const unknown: Cell = { text: '?', tone: 'dim' };
export const nothing: Cell = { text: '–', tone: 'dim' };

export const columns: readonly Column[] = [
  { title: 'HOST', cell: ({ host }) => ({ text: host.name, tone: 'bold' }) },
  { title: 'ADDRESS', cell: ({ host }) => ({ text: host.ssh.host }) },
  { title: 'CLUSTER', cell: ({ host }) => (host.cluster ? { text: host.cluster } : nothing) },
  { title: 'DC', cell: ({ host }) => (host.datacenter ? { text: host.datacenter } : nothing) },
  { title: 'ROLE', cell: ({ role }) => (role === 'unknown' ? unknown : { text: role }) },
  { title: 'SOURCE', cell: sourceCell },
  { title: 'VERSION', cell: versionCell },
  { title: 'MYSQL', part: 'service', cell: mysqlCell },
  { title: 'UP', right: true, part: 'server', cell: uptimeCell },
  { title: 'LAG', right: true, part: 'replication', cell: lagCell },
  { title: 'DATADIR', part: 'disk', cell: barCell },
  { title: 'DISK', right: true, part: 'disk', cell: diskCell },
  { title: 'FREE', right: true, part: 'disk', cell: freeCell },
  { title: 'SNAPSHOTS', part: 'lvm', cell: snapshotCell },
  { title: 'LOAD', right: true, part: 'system', cell: loadCell },
];

const vendors: Readonly<Record<Vendor, string>> = { mysql: 'MySQL', mariadb: 'MariaDB', percona: 'Percona' };

function versionCell({ remembered: { server } }: HostPicture): Cell {
  return server ? { text: `${vendors[server.vendor]} ${server.version}` } : unknown;
}

function sourceCell({ remembered: { replication }, sources }: HostPicture): Cell {
  if (!replication) return unknown;
  if (replication.channels.length === 0) return nothing;
  // A source outside of the inventory has the replica's name for it.
  const strangers = replication.channels.slice(sources.length).map(({ sourceHost }) => sourceHost);
  return { text: [...sources, ...strangers].join(', ') };
}

function mysqlCell(host: HostPicture): Cell {
  const badge = hostBadge(host);
  return { text: badgeText(badge), tone: toneOf(badge) };
}

/** The terminal's tones have none for work in progress. */
export const toneOf = ({ tone }: Badge): Tone => (tone === 'plain' || tone === 'accent' ? 'good' : tone);

/** A value that only a running server has: none where it does not run, unknown where that is unknown. */
function fromServer(host: HostPicture): Cell {
  const state = serviceState(host);
  return state === 'down' || state === 'blank' || state === 'crash-looping' ? nothing : unknown;
}

function uptimeCell(host: HostPicture): Cell {
  const { server } = host.report;
  if (!server?.ok) return fromServer(host);
  const { uptimeSeconds } = server.value;
  return uptimeSeconds === undefined ? unknown : { text: shortDuration(uptimeSeconds * 1000) };
}

function lagCell(host: HostPicture): Cell {
  const { replication } = host.report;
  // A crash-looping server ends before it can be asked, so it is unknown whether it is a replica.
  if (!replication?.ok) return serviceState(host) === 'crash-looping' ? unknown : fromServer(host);
  if (replication.value.channels.length === 0) return nothing;
  // NULL is not 0: with a stopped thread the lag is unknown.
  const lag = lagOf(replication.value);
  if (lag === undefined) return unknown;
  if (!Number.isFinite(lag)) return { text: stoppedWord(replication.value), tone: 'bad' };
  return { text: shortDuration(lag * 1000), ...(lag > thresholds.lagSeconds && { tone: 'warning' }) };
}

function diskTone(percent: number): Tone | undefined {
  if (percent >= thresholds.diskCriticalPercent) return 'bad';
  return percent > thresholds.diskPercent ? 'warning' : undefined;
}

function ofDisk({ report: { disk } }: HostPicture, text: (percent: number, freeBytes: number) => string): Cell {
  const percent = disk?.ok ? usedPercent(disk.value) : undefined;
  if (!disk?.ok || percent === undefined) return unknown;
  const tone = diskTone(percent);
  return { text: text(percent, disk.value.freeBytes), ...(tone && { tone }) };
}

const barCells = 10;

function barCell(host: HostPicture): Cell {
  return ofDisk(host, (percent) => {
    const full = Math.min(barCells, Math.round((percent / 100) * barCells));
    return '█'.repeat(full) + '░'.repeat(barCells - full);
  });
}

/** Rounded down: only a full file system shows 100 %. */
function diskCell(host: HostPicture): Cell {
  return ofDisk(host, (percent) => `${Math.floor(percent)} %`);
}

function freeCell(host: HostPicture): Cell {
  return ofDisk(host, (_, freeBytes) => shortSize(freeBytes));
}

function snapshotCell({ report: { lvm, system } }: HostPicture, nowMs: number): Cell {
  if (lvm?.ok === false && lvm.missing) return nothing;
  if (!lvm?.ok) return unknown;
  const snapshots = datadirSnapshots(lvm.value);
  if (snapshots.length === 0) return nothing;
  const invalid = snapshots.filter(({ valid }) => !valid).length;
  if (invalid > 0) return { text: countText(snapshotBadges.invalid, invalid), tone: 'bad' };
  const newestMs = Math.max(...snapshots.map(({ createdSeconds = 0 }) => createdSeconds * 1000));
  const hostNowMs = system?.ok ? system.value.clockMs : nowMs;
  const age = newestMs > 0 ? ` · ${shortDuration(hostNowMs - newestMs)} ago` : '';
  return { text: `${snapshots.length}${age}` };
}

function loadCell({ report: { system } }: HostPicture): Cell {
  return system?.ok ? { text: system.value.load[0].toFixed(2) } : unknown;
}
