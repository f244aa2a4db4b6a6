// What is told of the state of hosts, as the looks of ticks find it. Pure.

import { alertBadges } from '../fleet/badges.ts';
import type { AlertKind, FleetPicture, HostPicture } from '../fleet/picture.ts';
import { serviceState } from '../fleet/service-state.ts';
import type { Condition } from '../job/journal/looks.ts';
import { shortDuration } from '../text/amounts.ts';
import { signOf, unicodeSigns } from '../text/badge.ts';
import type { TellableEvent } from './events.ts';
import { message } from './message.ts';

/** Of warnings these: they end badly if no one looks. A server that was never set up, or lines to read, wake no one. */
const toldWarnings: readonly AlertKind[] = [
  'snapshotFull',
  'snapshotInvalid',
  'poolFull',
  'diskFull',
  'replicationLag',
];
/** They often end by themselves: they are told when a second look finds them too. */
const passing: readonly string[] = ['unreachable', 'noSource', 'replicationLag'];

type Found = Pick<Condition, 'host' | 'name' | 'text'>;

export const alertsFound = ({ hosts }: Pick<FleetPicture, 'hosts'>): readonly Found[] => hosts.flatMap(foundOn);

/**
 * Whether an alert that a look did not find is over. What it is about has to be known: of a server that does not answer any more it is not known
 * whether its replication still is broken.
 */
export function isKnownOver({ name }: Pick<Condition, 'name'>, picture: HostPicture): boolean {
  const { link, report } = picture;
  if (link.state === 'failed') return false;
  const channels = report.replication?.ok ? report.replication.value.channels : undefined;
  switch (name) {
    case 'down':
      return !['unknown', 'starting', 'stopping'].includes(serviceState(picture));
    case 'noLogin':
      return report.server?.ok === true;
    case 'replicationBroken':
      // The error of its applier is no alert of its own while there is no source.
      return channels?.every(({ sqlThread, error }) => sqlThread === 'running' || error === undefined) === true;
    case 'noSource':
      return channels !== undefined;
    case 'replicationLag':
      return channels?.every(({ lagSeconds }) => lagSeconds !== undefined) === true;
    case 'diskFull':
    case 'diskReadOnly':
      return report.disk?.ok === true;
    case 'snapshotFull':
    case 'snapshotInvalid':
    case 'poolFull':
      return report.lvm?.ok === true;
    case 'corruption':
      return report.errorLog?.ok === true;
    default:
      return true;
  }
}

/** Two channels that are broken are one condition of the host. */
function foundOn({ host, alerts }: HostPicture): Found[] {
  const told = alerts.filter(({ kind, level }) => level === 'critical' || toldWarnings.includes(kind));
  return [...Map.groupBy(told, ({ kind }) => kind)].map(([name, all]) => ({
    host: host.name,
    name,
    text: all.map(({ text }) => text).join('; '),
  }));
}

export const isToTell = ({ name, looks }: Condition): boolean => looks > (passing.includes(name) ? 1 : 0);

interface At {
  /** The inventory's. */
  readonly path: string;
  readonly machine: string;
  readonly nowMs: number;
}

const lineOf = ({ host, name }: Condition, path: string) => `alert ${path} ${host} ${name}`;
export const alertKey = (one: Condition, path: string): string => `${lineOf(one, path)} ${one.sinceMs}`;

export function alertEvent(one: Condition, { path, machine, nowMs }: At): TellableEvent {
  const { host, name, text } = one;
  return {
    key: alertKey(one, path),
    line: lineOf(one, path),
    what: name,
    message: message({
      events: ['alert'],
      title: `${signOf(alertBadges.critical)} ${host}: ${text}`,
      lines: [`reseed status ${host}`],
      hosts: [host],
      machine,
      atMs: nowMs,
    }),
  };
}

export function alertOverEvent(one: Condition, { path, machine, nowMs }: At): TellableEvent {
  const { host, text, sinceMs } = one;
  const key = `${alertKey(one, path)} over`;
  return {
    key,
    line: lineOf(one, path),
    what: key,
    message: message({
      events: ['alert'],
      title: `${unicodeSigns.good} ${host}: over after ${shortDuration(nowMs - sinceMs)}: ${text}`,
      lines: [],
      hosts: [host],
      machine,
      atMs: nowMs,
    }),
  };
}
