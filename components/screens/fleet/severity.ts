// The order of hosts by what is wrong with them: the worst first, and a cause before its effects. Pure.
import { rankOf } from '../../../src/fleet/alerts/alerts.ts';
import type { AlertKind, HostPicture } from '../../../src/fleet/picture.ts';
import type { ShownAlert } from '../../panes/alert-lines.ts';

/** Trouble that a replica has because its source has some. */
const effects: readonly AlertKind[] = ['noSource', 'replicationLag'];
const calm = Number.POSITIVE_INFINITY;

/** Hosts that are alike keep their order. `left`: what jobs left on hosts, which their own alerts do not tell. */
export function bySeverity(
  hosts: readonly HostPicture[],
  left: ReadonlyMap<string, readonly ShownAlert[]>,
): readonly HostPicture[] {
  const own = new Map(hosts.map((one) => [one.host.name, weightOf(one, left)]));
  const weight = (one: HostPicture) => own.get(one.host.name) ?? calm;
  const byName = new Map(hosts.map((one) => [one.host.name, one]));
  const causes = new Map(hosts.map((one) => [one, causeOf(one, byName, weight)]));
  const caused = Map.groupBy(hosts, (one) => causes.get(one));
  // A cause is as grave as the worst of its effects.
  const graveness = new Map<HostPicture, number>();
  const graveOf = (one: HostPicture, seen: ReadonlySet<HostPicture>): number => {
    const known = graveness.get(one);
    if (known !== undefined || seen.has(one)) return known ?? weight(one);
    const after = (caused.get(one) ?? []).map((effect) => graveOf(effect, new Set([...seen, one])));
    const grave = Math.min(weight(one), ...after);
    graveness.set(one, grave);
    return grave;
  };
  const placed = new Set<HostPicture>();
  const place = (some: readonly HostPicture[]) => {
    for (const one of some.toSorted((left, right) => compared(graveOf(left, new Set()), graveOf(right, new Set())))) {
      if (placed.has(one)) continue;
      placed.add(one);
      place(caused.get(one) ?? []);
    }
  };
  place(caused.get(undefined) ?? []);
  // Hosts that name each other as source have no first one.
  place(hosts);
  return [...placed];
}

const compared = (one: number, other: number) => (one === other ? 0 : one < other ? -1 : 1);

function weightOf({ host, alerts }: HostPicture, left: ReadonlyMap<string, readonly ShownAlert[]>): number {
  const ofJobs = left.get(host.name) ?? [];
  if (ofJobs.some(({ level }) => level === 'critical')) return 0;
  const [worst] = alerts;
  return worst ? 1 + rankOf(worst) : ofJobs.length > 0 ? rankOf({ kind: 'probe', level: 'warning' }) : calm;
}

/** The source whose trouble is that of the host; undefined: its trouble, if any, is its own. */
function causeOf(
  { alerts: [worst], sources }: HostPicture,
  byName: ReadonlyMap<string, HostPicture>,
  weight: (one: HostPicture) => number,
): HostPicture | undefined {
  if (!worst || !effects.includes(worst.kind)) return undefined;
  return sources.map((name) => byName.get(name)).find((source) => source !== undefined && weight(source) !== calm);
}
