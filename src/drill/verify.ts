// Proves that replicas have the right data. The primary blocks all writes, and the replicas catch up with its position.
// Then every table outside of the server's own schemas must have the same checksum everywhere, and the ledger's chain
// of digests must be complete.
import { DrillFailure } from './failure.ts';
import type { DrillHost } from './host.ts';
import { drillHosts, hostNamed, requireHostNamed } from './hosts.ts';
import { withLock } from './lock.ts';
import { tellSerial } from './machine/serial.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { requireHost, requireState } from './state.ts';
import { whileHeld } from './while-held.ts';

export interface Verdict {
  readonly host: string;
  readonly source: string;
  /** Database.table -> rows and checksum, as text. Tables that the replica filters out are not included. */
  readonly tables: Readonly<Record<string, string>>;
  /** Tables that differ from the source's, or that only one side has. Empty: the replica is right. */
  readonly differing: readonly string[];
  /** Errors of CHECK TABLE on the replica, also for the server's own tables. Empty: every table is OK. */
  readonly notOk: readonly string[];
}

/**
 * The primary whose data a host should have; undefined for a primary. A host that comes up empty can have become a
 * replica of its cluster's primary.
 */
export function primaryOf({ cluster, source, blank }: DrillHost): DrillHost | undefined {
  if (source) return hostNamed(source.host);
  return blank ? drillHosts.find((one) => one.cluster === cluster && !one.source && !one.blank) : undefined;
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
      const replicas = hosts.filter((host) => primaryOf(host)?.name === primary.name);
      if (replicas.length === 0) continue;
      for (const host of [primary, ...replicas]) requireHost(state, host.name);
      await progress.during(`${replicas.map(({ name }) => name).join(', ')} against ${primary.name}`, async () => {
        verdicts.push(...(await compare(places, primary, replicas)));
      });
    }
    return verdicts;
  });
}

/** Compares a replica with another host than the one that hosts.ts has as its source: a scenario may have made that the primary. */
export async function verifyAgainst(
  places: Places,
  primary: DrillHost,
  replica: DrillHost,
  progress: Progress,
): Promise<Verdict | undefined> {
  return withLock(places.state, progress, async () => {
    const state = await requireState(places);
    for (const host of [primary, replica]) requireHost(state, host.name);
    const words = `${replica.name} against ${primary.name}`;
    const [verdict] = await progress.during(words, () => compare(places, primary, [replica]));
    return verdict;
  });
}

async function compare(places: Places, primary: DrillHost, replicas: readonly DrillHost[]): Promise<Verdict[]> {
  const tell = (verb: string) => tellSerial(places, primary, `/usr/local/lib/drill/verify.sh ${verb}`, longestMs);
  // A signal may come while the primary sums its tables: its line answers once these are done.
  return await whileHeld({ hold: () => tell('hold'), release: () => tell('release') }, async (held) => {
    const position = held.trim();
    const { tables: right } = await checksums(places, primary, position);
    return await Promise.all(
      replicas.map(async (replica): Promise<Verdict> => {
        const { tables, notOk } = await checksums(places, replica, position);
        const differing = differingTables(replica, right, tables);
        return { host: replica.name, source: primary.name, tables, differing, notOk };
      }),
    );
  });
}

/** Of the checksums of a host. */
const longestMs = 240_000;

/**
 * The tables in which `right` (the primary) and `tables` (the replica) differ. Tables that the replica filters out do
 * not count.
 */
export function differingTables(
  { server }: DrillHost,
  right: Verdict['tables'],
  tables: Verdict['tables'],
): readonly string[] {
  const filter = /^(\w+)\.%$/.exec(String(server.options?.['replicate_wild_ignore_table'] ?? ''));
  const counts = (name: string) => !filter || !name.startsWith(`${filter[1]}.`);
  const names = [...new Set([...Object.keys(right), ...Object.keys(tables)])].filter(counts);
  return names.filter((name) => right[name] !== tables[name]);
}

/** A position as verify.sh prints it: GTIDs, or the file and position of a primary without GTIDs. */
const positionForm = /^(?:[\w:,-]*|file=[\w.-]+:\d+)$/;

async function checksums(
  places: Places,
  host: DrillHost,
  position: string,
): Promise<{ tables: Record<string, string>; notOk: string[] }> {
  if (!positionForm.test(position)) throw new DrillFailure('failed', `${host.name}: '${position}' is no position`);
  const role = primaryOf(host) ? 'replica' : '';
  const printed = await tellSerial(
    places,
    host,
    `/usr/local/lib/drill/verify.sh checksums '${position}' ${role}`,
    longestMs,
  );
  const lines = printed.split('\n').filter(Boolean);
  const facts = lines.map((line) => line.split('\t')).map(([name = '', said = '']) => [name, said] as const);
  const isCheck = ([name]: readonly [string, string]) => name === 'not ok';
  return {
    tables: Object.fromEntries(facts.filter((fact) => !isCheck(fact))),
    notOk: facts.filter(isCheck).map(([, said]) => said),
  };
}

/** The named hosts, or every replica that is up. A primary can't be compared with anything. */
export async function replicasToVerify(places: Places, names: readonly string[]): Promise<DrillHost[]> {
  const state = await requireState(places);
  if (names.length === 0) return drillHosts.filter(({ name, source }) => source && state.hosts[name]);
  return [...new Set(names)].map((name) => {
    const host = requireHostNamed(name);
    if (primaryOf(host)) return host;
    throw new DrillFailure(
      'usage',
      `${name} is the primary of ${host.cluster}`,
      'name replicas, or none for all of them',
    );
  });
}
