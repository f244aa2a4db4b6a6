// Whether replicas are right, asserted and not believed: the trickle of writes stands still, the replicas catch up, and
// every table has the same checksum everywhere; and the ledger's chain of digests is whole.
import { DrillFailure } from './failure.ts';
import type { DrillHost } from './host.ts';
import { drillHosts, requireHostNamed } from './hosts.ts';
import { withLock } from './lock.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { tellSerial } from './serial.ts';
import { requireHost, requireState } from './state.ts';

export interface Verdict {
  readonly host: string;
  readonly source: string;
  /** Database.table -> rows and checksum, as text. */
  readonly tables: Readonly<Record<string, string>>;
  /** The tables that differ from the source's, or that only one of them has. Empty: the replica is right. */
  readonly differing: readonly string[];
  /** What CHECK TABLE has against tables of the replica, those of the server itself too. Empty: each is OK. */
  readonly notOk: readonly string[];
}

/** Compares `hosts` (replicas) with their primary. */
export async function verifyReplicas(
  places: Places,
  hosts: readonly DrillHost[],
  progress: Progress,
): Promise<Verdict[]> {
  return withLock(places.state, progress, async () => {
    const state = await requireState(places);
    const verdicts: Verdict[] = [];
    for (const primary of drillHosts) {
      const replicas = hosts.filter(({ source }) => source?.host === primary.name);
      if (replicas.length === 0) continue;
      for (const host of [primary, ...replicas]) requireHost(state, host.name);
      await progress.during(`${replicas.map(({ name }) => name).join(', ')} against ${primary.name}`, async () => {
        verdicts.push(...(await compare(places, primary, replicas)));
      });
    }
    return verdicts;
  });
}

async function compare(places: Places, primary: DrillHost, replicas: readonly DrillHost[]): Promise<Verdict[]> {
  const position = (await tellSerial(places, primary, '/usr/local/lib/drill/verify.sh hold')).trim();
  try {
    const { tables: right } = await checksums(places, primary, position);
    return await Promise.all(
      replicas.map(async (replica): Promise<Verdict> => {
        const { tables, notOk } = await checksums(places, replica, position);
        const names = [...new Set([...Object.keys(right), ...Object.keys(tables)])];
        const differing = names.filter((name) => right[name] !== tables[name]);
        return { host: replica.name, source: primary.name, tables, differing, notOk };
      }),
    );
  } finally {
    await tellSerial(places, primary, '/usr/local/lib/drill/verify.sh release');
  }
}

async function checksums(
  places: Places,
  host: DrillHost,
  position: string,
): Promise<{ tables: Record<string, string>; notOk: string[] }> {
  if (!/^[\w:,-]*$/.test(position)) throw new DrillFailure('failed', `${host.name}: '${position}' is no GTID position`);
  const printed = await tellSerial(places, host, `/usr/local/lib/drill/verify.sh checksums '${position}'`, 240_000);
  const lines = printed.split('\n').filter(Boolean);
  const facts = lines.map((line) => line.split('\t')).map(([name = '', said = '']) => [name, said] as const);
  const isCheck = ([name]: readonly [string, string]) => name === 'not ok';
  return {
    tables: Object.fromEntries(facts.filter((fact) => !isCheck(fact))),
    notOk: facts.filter(isCheck).map(([, said]) => said),
  };
}

/** The hosts named, or every replica that is up. A primary has nothing to be compared with. */
export async function replicasToVerify(places: Places, names: readonly string[]): Promise<DrillHost[]> {
  const state = await requireState(places);
  if (names.length === 0) return drillHosts.filter(({ name, source }) => source && state.hosts[name]);
  return [...new Set(names)].map((name) => {
    const host = requireHostNamed(name);
    if (host.source) return host;
    throw new DrillFailure('usage', `${name} replicates from nobody`, 'name replicas, or none for all of them');
  });
}
