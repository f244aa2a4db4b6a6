// Asks a seed's sources and donor whether the logs that a target needs still exist: for the verb, and for the console.
import { marksOf } from '../../host/storage/snapshots.ts';
import type { Host } from '../../inventory/settings.ts';
import { seedSqlWords } from '../../scripts/seed-sql-words.ts';
import { snapshotWords } from '../../scripts/snapshot-words.ts';
import { endingOf } from '../../seed/ending.ts';
import type { AskedSources } from '../../seed/preflight/replication/source-checks.ts';
import { furtherSources, replicaPlan } from '../../seed/replica/attachment.ts';
import { type Kept, readKept } from '../../seed/replica/kept/kept.ts';
import type { AttachPlan } from '../../seed/replica/plan.ts';
import type { SourceLook } from '../../seed/replica/source/origin.ts';
import {
  type ReplicationState,
  readBeginning,
  readReplicationState,
} from '../../seed/replica/source/replication-state.ts';
import { toldBy } from '../../seed/replica/source/source.ts';
import {
  beginningWords,
  keptWords,
  leftOutWords,
  type Speaker,
  serverWords,
  sourceWords,
} from '../../seed/replica/words.ts';
import type { SeedRequest } from '../../seed/request.ts';
import { type Coordinates, readCoordinates } from '../../snapshot/coordinates.ts';
import { accountsOf } from './accounts.ts';
import { type Asking, ran } from './ask-host.ts';

/** All at once, each with its own Remote. What can't be asked is reported as unknown, and the plan says so. */
export async function askSources(request: SeedRequest, asking: Asking): Promise<AskedSources> {
  const { replicas, targets } = await targetsOf(request, asking);
  // A target's replication settings tell its further sources.
  const told = { ...request, asked: { sources: {}, replicas, targets } };
  const attached = request.targets.flatMap((target) => replicaPlan(told, target) ?? []);
  const accounts = await accountsOf(told, attached, asking);
  const plans = attached.filter(({ position, source }) => position !== 'here' && !source.isTarget);
  const [plan] = plans;
  if (!plan) {
    const coordinates = await coordinatesOf(request, asking);
    return { sources: {}, replicas, targets, accounts, ...(coordinates !== undefined && { coordinates }) };
  }
  const sourcesOf = (one: AttachPlan) => [...(one.source.known ? [one.source.known] : []), ...furtherSources(one)];
  const hosts = new Map(plans.flatMap(sourcesOf).map((host) => [host.name, host]));
  const [coordinates, donor] = await Promise.all([
    coordinatesOf(request, asking),
    request.snapshot || !request.method.copies ? undefined : lookAt(request.donor.host, plan, asking),
  ]);
  // Asked after the donor: transactions that the donor has then and its source lacks were written on the donor alone.
  const sources = await Promise.all(
    [...hosts.values()].map(async (host) => [host.name, await lookAt(host, plan, asking)] as const),
  );
  return {
    ...(coordinates !== undefined && { coordinates }),
    ...(donor !== undefined && typeof donor !== 'string' && { donor: donor.replicationState }),
    sources: Object.fromEntries(sources),
    replicas,
    targets,
    accounts,
  };
}

/**
 * Asks once for requests whose methods are alike: of a method only this decides who is asked for what. Everything else of
 * the requests has to be the same.
 */
export function askingSources(asking: Asking): (request: SeedRequest) => Promise<AskedSources> {
  const answers = new Map<string, Promise<AskedSources>>();
  return (request) => {
    const { copies, donorRuns } = request.method;
    const { position, isByFile } = request.method.start(request);
    const key = [copies, donorRuns, position, isByFile].join(' ');
    const answer = answers.get(key) ?? askSources(request, asking);
    answers.set(key, answer);
    return answer;
  };
}

interface Targets {
  readonly replicas: Record<string, Kept | string>;
  readonly targets: Record<string, ReplicationState>;
}

/** Only for a running server; for one that is down the plan says that it is unknown. */
async function targetsOf(request: SeedRequest, asking: Asking): Promise<Targets> {
  const all: Targets = { replicas: {}, targets: {} };
  await Promise.all(
    request.targets.map(async ({ host, report: { server } }) => {
      if (!server?.ok) return;
      const log = endingOf(request).replacesWritable ? ` ${leftOutWords}` : '';
      const words = `${serverWords} ${keptWords(server.value)}${log}`;
      const answer = await ran(host, 'seed-sql', seedSqlWords(host.mysql, words), asking);
      const kept = answer?.ok ? readKept(answer.stdout) : (answer?.message ?? 'nothing is known of it');
      const state = answer?.ok ? readReplicationState(answer.stdout) : undefined;
      if (kept !== undefined) all.replicas[host.name] = kept;
      if (state) all.targets[host.name] = state;
    }),
  );
  return all;
}

async function coordinatesOf(request: SeedRequest, asking: Asking): Promise<Coordinates | undefined> {
  const { snapshot, donor } = request;
  if (!snapshot || !marksOf(snapshot).proved) return undefined;
  const answer = await ran(donor.host, 'snapshot', snapshotWords('coordinates', snapshot, { job: '' }), asking);
  return answer?.ok ? readCoordinates(answer.stdout) : undefined;
}

/** A text says why it is unknown. */
async function lookAt(host: Host, plan: Pick<AttachPlan, keyof Speaker>, asking: Asking): Promise<SourceLook | string> {
  const ask = (words: string, stdin = '') => ran(host, 'seed-sql', seedSqlWords(host.mysql, words), asking, stdin);
  const answer = await ask(sourceWords(plan));
  if (!answer) return 'nothing is known of it';
  const replicationState = toldBy(answer);
  if (!replicationState) return answer.ok ? 'it did not tell of itself' : answer.message;
  const [file] = replicationState.logs ?? [];
  if (plan.vendor !== 'mariadb' || file === undefined) return { name: host.name, replicationState };
  const told = await ask(beginningWords, `file ${file}\n`);
  const beginning = told?.ok ? readBeginning(told.stdout) : undefined;
  return { name: host.name, replicationState, ...(beginning !== undefined && { beginning }) };
}
