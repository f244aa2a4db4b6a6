// The one store of the live picture, and how an event becomes a new picture. An event makes new objects only for what
// it changed: a screen that shows one host, or one part of its report, is not drawn again for another's.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HostReport, LogLine, ReportPart } from '../host/facts.ts';
import type { Host, Inventory } from '../inventory/settings.ts';
import { alertsOf } from './alerts/alerts.ts';
import { allSeen, withSeen, withTail } from './alerts/error-log.ts';
import type { FleetPicture, HostPicture, Link, Remembered } from './picture.ts';
import { same, samePart } from './same.ts';
import { drawnTogether, topologyChanged } from './topology/topology.ts';

export type FleetEvent =
  | { readonly kind: 'report'; readonly host: string; readonly report: HostReport; readonly atMs: number }
  | { readonly kind: 'link'; readonly host: string; readonly link: Link }
  /** Parts that never came and are no longer waited for, each with the reason. */
  | { readonly kind: 'untold'; readonly host: string; readonly report: HostReport }
  /** These lines of the host's error log were on the screen. */
  | { readonly kind: 'seen'; readonly host: string; readonly lines: readonly LogLine[] }
  /** The operator has marked every line that the host's error log has had until now. */
  | { readonly kind: 'marked'; readonly host: string };

/**
 * An operator opens reseed because of something that has just happened, so errors logged up to an hour before count as
 * unread. Older ones are last night's, and would hide tonight's.
 */
const unreadBeforeMs = 3_600_000;

/** By the host's name: keys of reports of corrupt data that were marked in an earlier watch (marks.ts). */
export type Marks = ReadonlyMap<string, readonly string[]>;

/** By the host's name: reports of corrupt data from an earlier watch (reports.ts), oldest first. */
export type Reports = ReadonlyMap<string, readonly LogLine[]>;

/** What earlier watches have seen. */
export interface Earlier {
  readonly marks?: Marks;
  readonly reports?: Reports;
}

/** `nowMs`: the time when the watch begins. */
export function createFleetStore(
  inventory: Inventory,
  nowMs: number,
  { marks, reports }: Earlier = {},
): StoreApi<FleetPicture> {
  const hosts = inventory.hosts.map(
    (host): HostPicture => ({
      host,
      link: { state: 'connecting', sinceMs: nowMs },
      report: {},
      partAtMs: {},
      remembered: {},
      role: 'unknown',
      sources: [],
      replicas: [],
      look: {
        sinceMs: nowMs - unreadBeforeMs,
        seen: new Set(),
        marked: new Set(marks?.get(host.name)),
        corruption: reports?.get(host.name) ?? [],
      },
      alerts: [],
    }),
  );
  const { fleet, readOnly } = inventory;
  return createStore<FleetPicture>(() => ({ fleet, readOnly, hosts, discovered: [] }));
}

/** Records that these lines of the host's error log were on the screen: they are no alert any more, except for corrupt data. */
export function showed(store: StoreApi<FleetPicture>, host: string, lines: readonly LogLine[]): void {
  store.setState((picture) => folded(picture, [{ kind: 'seen', host, lines }]), true);
}

/** Records that the operator has seen the host's error log: no line of it is an alert any more. */
export function markSeen(store: StoreApi<FleetPicture>, host: string): void {
  store.setState((picture) => folded(picture, [{ kind: 'marked', host }]), true);
}

/** The picture after the events, in their order. Returns the same object where they changed nothing. */
export function folded(picture: FleetPicture, events: readonly FleetEvent[]): FleetPicture {
  const hosts = [...picture.hosts];
  const at = new Map(hosts.map(({ host }, index) => [host.name, index]));
  for (const event of events) {
    const index = at.get(event.host);
    const before = index === undefined ? undefined : hosts[index];
    // An inventory that was read again may lack the host of an older poll's answer.
    if (index !== undefined && before) hosts[index] = changed(before, event);
  }
  if (hosts.every((host, index) => host === picture.hosts[index])) return picture;
  const next = { ...picture, hosts };
  return topologyChanged(picture.hosts, hosts) ? withTiesTold(drawnTogether(next)) : next;
}

const withTiesTold = (picture: FleetPicture): FleetPicture => ({ ...picture, hosts: picture.hosts.map(withAlerts) });

function withAlerts(picture: HostPicture): HostPicture {
  const alerts = alertsOf(picture);
  return same(picture.alerts, alerts) ? picture : { ...picture, alerts };
}

/** Whether a host has reported corrupt data that it had not reported before. */
export const reportsMore = ({ hosts }: FleetPicture, before: FleetPicture): boolean =>
  hosts.some(({ look }, at) => look.corruption !== before.hosts[at]?.look.corruption);

/** The picture of some of its hosts. What these know of the others is kept. */
export function only(picture: FleetPicture, hosts: readonly Host[]): FleetPicture {
  const names = new Set(hosts.map(({ name }) => name));
  return { ...picture, hosts: picture.hosts.filter(({ host }) => names.has(host.name)) };
}

function changed(before: HostPicture, event: FleetEvent): HostPicture {
  const after = applied(before, event);
  return after === before ? before : withAlerts(after);
}

function applied(before: HostPicture, event: FleetEvent): HostPicture {
  if (event.kind === 'report') return withReport(before, event.report, event.atMs);
  if (event.kind === 'link') return withLink(before, event.link);
  if (event.kind === 'untold') return { ...before, report: { ...event.report, ...before.report } };
  const look = event.kind === 'seen' ? withSeen(before.look, event.lines) : allSeen(before);
  return look === before.look ? before : { ...before, look };
}

function withReport(before: HostPicture, report: HostReport, atMs: number): HostPicture {
  const parts = Object.keys(report) as ReportPart[];
  const kept = parts.filter((part) => samePart(part, before.report, report));
  const { server = before.remembered.server, replication = before.remembered.replication } = spoken(report);
  const remembered: Remembered = { ...(server && { server }), ...(replication && { replication }) };
  const after: HostPicture = {
    ...before,
    link: before.link.state === 'answering' ? before.link : { state: 'answering' },
    report: { ...before.report, ...report, ...Object.fromEntries(kept.map((part) => [part, before.report[part]])) },
    partAtMs: { ...before.partAtMs, ...Object.fromEntries(parts.map((part) => [part, atMs])) },
    answeredAtMs: atMs,
    remembered: same(before.remembered, remembered) ? before.remembered : remembered,
    ...(replication && replication.channels.length > 0 && { wasReplica: true as const }),
  };
  const { errorLog } = report;
  if (!errorLog?.ok || kept.includes('errorLog')) return after;
  return { ...after, look: withTail(after, errorLog.value, before.report.errorLog?.ok !== true) };
}

function spoken({ server, replication }: HostReport): Remembered {
  return { ...(server?.ok && { server: server.value }), ...(replication?.ok && { replication: replication.value }) };
}

/** An unreachable host keeps the time of the first failure, however often it was retried. */
function withLink(before: HostPicture, link: Link): HostPicture {
  const { link: old } = before;
  const away =
    (old.state === 'silent' || old.state === 'failed') && (link.state === 'silent' || link.state === 'failed');
  const next = away ? { ...link, sinceMs: Math.min(old.sinceMs, link.sinceMs) } : link;
  return same(old, next) ? before : { ...before, link: next };
}
