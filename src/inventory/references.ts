// Checks between hosts: clusters, jumps through other hosts, and two names for one machine.

import { withPort } from '../text/address.ts';
import { nearest } from './nearest.ts';
import { type Complain, type Place, placeText, quoted } from './problem.ts';
import { type Entry, entryAt, type Tree } from './reading/tree.ts';
import type { Host } from './settings.ts';
import { isJumpDestination } from './values.ts';

/** A host with the parts of the file that give its settings: its own, its cluster's, the defaults. */
export interface LayeredHost {
  readonly name: string;
  /** The place of its name. */
  readonly at: Place;
  /** In falling priority. */
  readonly parts: readonly Tree[];
}

/** The entry that decides a setting of a host: the host's own, else its cluster's, else the defaults'. */
export function decidingEntry(host: LayeredHost, ...path: readonly string[]): Entry | undefined {
  for (const part of host.parts) {
    const entry = entryAt(part, ...path);
    if (entry !== undefined && entry.value.kind !== 'unset') return entry;
  }
  return undefined;
}

export function checkCluster(host: LayeredHost, clusters: ReadonlyMap<string, unknown>, complain: Complain): void {
  const value = entryAt(host.parts[0], 'cluster')?.value;
  if (value?.kind !== 'text' || clusters.has(value.text)) return;
  const near = nearest(value.text, clusters.keys());
  const add = `add it under clusters, as in clusters: { ${value.text}: {} }`;
  complain(value.at, `unknown cluster ${quoted(value.text)}`, near === undefined ? add : `did you mean ${near}?`);
}

/** Reports jumps to unknown hosts, and every circle once. */
export function checkJumps(hosts: readonly LayeredHost[], complain: Complain): void {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const finished = new Set<LayeredHost>();
  for (const host of hosts) {
    checkDestination(host, byName, complain);
    const way = new Set<LayeredHost>();
    let at: LayeredHost | undefined = host;
    while (at && !finished.has(at) && !way.has(at)) {
      way.add(at);
      const jump = jumpOf(at);
      at = jump && byName.get(jump.text);
    }
    if (at && way.has(at)) reportCircle([...way].slice([...way].indexOf(at)), complain);
    for (const passed of way) finished.add(passed);
  }
}

function reportCircle(circle: readonly LayeredHost[], complain: Complain): void {
  const [first] = circle;
  if (!first) return;
  const names = [...circle, first].map(({ name }) => name).join(' -> ');
  complain(jumpOf(first)?.at, `jump hosts lead in a circle: ${names}`, 'write jump: none for the one reached directly');
}

function checkDestination(host: LayeredHost, byName: ReadonlyMap<string, unknown>, complain: Complain): void {
  const jump = jumpOf(host);
  if (!jump || byName.has(jump.text) || isJumpDestination(jump.text)) return;
  const near = nearest(jump.text, byName.keys());
  const instead =
    near === undefined ? 'write the name of a host of this file, or user@host:port' : `did you mean ${near}?`;
  complain(jump.at, `unknown jump host ${quoted(jump.text)}`, instead);
}

function jumpOf(host: LayeredHost) {
  const value = decidingEntry(host, 'ssh', 'jump')?.value;
  return value?.kind === 'text' ? value : undefined;
}

/**
 * Two names for one server would give its lock two owners, and it could be donor and target at once. Two servers of one
 * machine are two hosts, if the inventory says how each is reached.
 */
export function checkTwins(hosts: readonly Host[], layered: readonly LayeredHost[], complain: Complain): void {
  const places = new Map(
    layered.map((host) => [host.name, entryAt(host.parts[0], 'ssh', 'host')?.value.at ?? host.at]),
  );
  const machines = new Map<string, Host[]>();
  for (const host of hosts) {
    const endpoint = endpointOf(host);
    const key = JSON.stringify([endpoint.toLowerCase(), host.ssh.jump]);
    const others = machines.get(key) ?? [];
    machines.set(key, [...others, host]);
    const twin = others.find((other) => !areTwoServers(host, other) || haveOneClient(host, other));
    if (twin === undefined) continue;
    const first = places.get(twin.name);
    const what = `${quoted(host.name)} is the same machine as ${quoted(twin.name)} at ${first && placeText(first)} (${endpoint})`;
    const areTwo = areTwoServers(host, twin);
    complain(
      places.get(host.name),
      areTwo ? `${what}, and SQL for both reaches one server` : what,
      areTwo ? adviceForClients : adviceForTwins(host, twin),
    );
  }
}

/** Judges only by settings that both hosts have: a setting of one of them may be true of the other as well. */
function areTwoServers({ mysql: one }: Host, { mysql: other }: Host): boolean {
  const differ = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;
  const unit = (service: string | undefined) => service?.replace(/\.service$/, '');
  return (
    differ(unit(one.service), unit(other.service)) ||
    differ(one.defaultsFile, other.defaultsFile) ||
    differ(one.socket, other.socket)
  );
}

/** Another unit, and the same SQL connection: one of the two servers answers, and the other is never reached. */
const haveOneClient = ({ mysql: one }: Host, { mysql: other }: Host): boolean =>
  one.defaultsFile === other.defaultsFile && one.socket === other.socket;

const adviceForClients = 'write its own client file or socket, as in mysql: { defaultsFile: /etc/mysql-b/my.cnf }';

function adviceForTwins({ mysql: one }: Host, { mysql: other }: Host): string {
  const named = [one, other].some(({ service, defaultsFile, socket }) => service ?? defaultsFile ?? socket);
  return named
    ? 'write for both which server they are, as in mysql: { service: mysqld@a }'
    : 'write its own address, or keep one of them';
}

function endpointOf({ ssh }: Host): string {
  const user = ssh.user === undefined ? '' : `${ssh.user}@`;
  return `${user}${withPort(ssh.host, ssh.port ?? 22)}`;
}
