// A seed request, made into a job that can be shown, agreed to and launched. The verb and the console make it here,
// from hosts that were asked just now; nothing has happened on any of them yet.

import type { LogicalVolume } from '../../host/facts.ts';
import { isSnapshot } from '../../host/storage/snapshots.ts';
import { commandsOf, type PlannedStep } from '../../job/plan/plan.ts';
import { aloneSentences, leavesSentences } from '../../seed/alone/checks.ts';
import { endingOf } from '../../seed/ending.ts';
import { injectSentences, needlessChecks, passedBySentences } from '../../seed/methods/binlog/checks.ts';
import type { SeedMethod } from '../../seed/methods/method.ts';
import { planSeed } from '../../seed/plan-seed.ts';
import { awaySentences } from '../../seed/preflight/away-checks.ts';
import { memorySentences } from '../../seed/preflight/data/engine-checks.ts';
import { keySentences, unprovedSentences } from '../../seed/preflight/data/keyring-checks.ts';
import { pluginSentences } from '../../seed/preflight/data/lost-plugins.ts';
import { untoldSentences } from '../../seed/preflight/data/whole-checks.ts';
import { type Finding, judging } from '../../seed/preflight/finding.ts';
import { kinSentences } from '../../seed/preflight/identity/kin-checks.ts';
import { preflight } from '../../seed/preflight/preflight.ts';
import { applierTableSentences } from '../../seed/preflight/replication/applier-table-checks.ts';
import { channelSentences } from '../../seed/preflight/replication/channel-loss.ts';
import { lackingSentences } from '../../seed/preflight/replication/filter-checks.ts';
import { leftOutSentences, passedOverSentences } from '../../seed/preflight/replication/passed-over.ts';
import type { AskedSources } from '../../seed/preflight/replication/source-checks.ts';
import { sessionTableSentences } from '../../seed/preflight/replication/temp-table-checks.ts';
import { hostAt, serverNamedBy } from '../../seed/replica/source/followed.ts';
import type { SeedRequest, SeedTerms, Side } from '../../seed/request.ts';
import { givenBytes, liesIn } from '../../seed/target/state-places.ts';
import { limitText } from '../../text/amounts.ts';
import { type Author, type Draft, inUse, isCalled, roleFinding, type Subject } from '../plans/draft.ts';
import { type HookedRequest, hooked } from '../plans/hooked.ts';
import {
  type Asked,
  blockedWords,
  differsWords,
  durationWords,
  openJobs,
  type Past,
  savedWords,
  type Told,
  uncleanJobs,
  userOf,
} from '../plans/past.ts';
import { given, type Result, refused } from '../result.ts';

export const maxStreams = 16;

export interface SeedWanted {
  readonly donor: Side;
  readonly targets: readonly Side[];
  readonly method: SeedMethod;
  readonly snapshot?: LogicalVolume | undefined;
  readonly terms: SeedTerms;
  /** Every known host of the inventory. */
  readonly known: readonly Subject[];
  /** The answers of askSources (sources.ts). */
  readonly asked?: AskedSources;
  /** Jobs of the journal. */
  readonly past?: Past;
}

export function requestOf(
  { donor, targets, method, snapshot, terms, known, asked, past = [] }: SeedWanted,
  author: Author,
): SeedRequest {
  const { key, who, nowMs } = author;
  return {
    ...terms,
    donor,
    targets,
    method,
    others: known,
    openJobs: openJobs(past),
    uncleanJobs: uncleanJobs(past),
    ...(asked && { asked }),
    ...(snapshot && { snapshot }),
    job: key,
    who,
    nowMs,
  };
}

export function seedDraft(wanted: SeedWanted, author: Author): Draft {
  const { key, who } = author;
  const { donor, targets, known, past = [] } = wanted;
  const request = requestOf(wanted, author);
  const checks = preflight(request);
  // A replica that is in sync may well be made a server of its own.
  const neededWords = (target: Side) => (endingOf(request).catchesUp ? inSyncWords(target, known) : undefined);
  const user = wanted.snapshot && userOf(past, donor.host.name, wanted.snapshot);
  const planned = wanted.snapshot && user ? inUse(wanted.snapshot, user.id) : planSeed(request, checks);
  const inSyncSentence = (target: Side) => {
    const words = neededWords(target);
    return words === undefined ? [] : [`${target.host.name} is ${words}`];
  };
  const ofTarget = (target: Side) => {
    const words = neededWords(target);
    return [...(words === undefined ? [] : [judging(target).warn(words)]), roleFinding(target, known)];
  };
  // The targets' source is neither donor nor target, and is asked too.
  const hosts = planned.ok ? new Set(planned.plan.steps.flatMap(hostsOfStep)) : new Set<string>();
  const draft: Draft = {
    planned,
    key,
    who,
    targets: known.filter(({ host }) => hosts.has(host.name)).map(({ target }) => target),
    replicas: [
      ...targets.flatMap(inSyncSentence),
      ...(request.method.copies ? [...kinSentences(request), ...leavesSentences(request)] : []),
    ],
    impact: [
      ...targets.flatMap(inSyncSentence),
      ...(request.method.copies
        ? lossSentences(request)
        : [...passedBySentences(request), ...injectSentences(request)]),
    ],
    name: targets.map(({ host }) => host.name).join(','),
    checks: [
      roleFinding(donor, known),
      ...targets.flatMap(ofTarget),
      ...checks,
      ...(planned.ok ? [...needless(wanted, request), ...costsOf(wanted, request)] : []),
    ],
  };
  return hooked(draft, hookedRequest(wanted));
}

function hookedRequest({ donor, targets, method, snapshot, known }: SeedWanted): HookedRequest {
  const bytes = givenBytes(donor.facts);
  return {
    sides: [{ ...donor, role: 'donor' }, ...targets.map((target) => ({ ...target, role: 'target' as const }))],
    reach: (name) => known.find(({ host }) => host.name === name),
    method: method.name,
    ...(snapshot && { snapshot: `${snapshot.group}/${snapshot.volume}` }),
    ...(bytes !== undefined && { dataBytes: bytes }),
  };
}

/** What a copy leaves out, or takes from a target. */
const lossSentences = (request: SeedRequest): string[] => [
  ...kinSentences(request),
  ...lackingSentences(request),
  ...passedOverSentences(request),
  ...leftOutSentences(request),
  ...channelSentences(request),
  ...(request.method.onlyRows ? [] : keySentences(request)),
  ...pluginSentences(request),
  ...unprovedSentences(request),
  ...memorySentences(request),
  ...sessionTableSentences(request),
  ...applierTableSentences(request),
  ...untoldSentences(request),
  ...aloneSentences(request),
  ...awaySentences(request),
];

const limitOf = ({ donor, terms }: SeedWanted): number | undefined =>
  terms.bandwidthBytesPerSecond ?? donor.host.seed.bandwidthBytesPerSecond;

const savedBy = (wanted: SeedWanted): Told => savedWords(wanted.past ?? [], askedOf(wanted));

const askedOf = (wanted: SeedWanted): Asked => ({
  donor: wanted.donor.host.name,
  targets: wanted.targets.map(({ host }) => host.name),
  bytes: givenBytes(wanted.donor.facts),
  limit: limitOf(wanted) ?? 0,
  comparesOld: wanted.method.comparesOld ?? false,
  logBytes: logBytesOf(wanted.donor.facts),
});

const logBytesOf = ({ binaryLogs, datadir }: Side['facts']): number | undefined =>
  binaryLogs && liesIn(datadir, binaryLogs.folder) ? binaryLogs.bytes : undefined;

const needless = (wanted: SeedWanted, request: SeedRequest): Finding[] =>
  wanted.method.copies ? needlessChecks(request, savedBy(wanted).text) : [];

/** For how long it blocks writes, how long it takes, and what is sent. */
export function costsOf(wanted: SeedWanted, { nowMs }: Pick<SeedRequest, 'nowMs'>): Finding[] {
  const { donor, method, snapshot, past = [] } = wanted;
  const { name } = donor.host;
  const finding = ({ level, text }: Told) => judging(donor)[level](text);
  const blocks = snapshot || donor.report.server?.ok !== true ? undefined : method.blocksWrites;
  const limit = limitOf(wanted);
  const asked = askedOf(wanted);
  if (!method.copies) return [finding(savedBy(wanted))];
  return [
    ...(limit === undefined
      ? []
      : [judging(donor).pass(`limit: ${limitText(limit)}, as compressed; rates are of the data`)]),
    ...(blocks ? [finding(blockedWords(past, name, nowMs, blocks))] : []),
    finding(durationWords(past, asked)),
    ...(asked.comparesOld ? [finding(differsWords(past, asked, nowMs))] : []),
  ];
}

/** A seed of a target that does not need one is most often a seed of the wrong host. Undefined: it may need one. */
export function inSyncWords({ report: { replication, server } }: Side, known: readonly Subject[]): string | undefined {
  const channels = server?.ok && replication?.ok ? replication.value.channels : [];
  const isInSync = channels.every(
    ({ ioThread, sqlThread, error, lagSeconds }) =>
      ioThread === 'running' &&
      sqlThread === 'running' &&
      !error &&
      lagSeconds !== undefined &&
      lagSeconds <= maxLagInSync,
  );
  if (channels.length === 0 || !isInSync) return undefined;
  const sources = channels.map((channel) => {
    const { sourceHost } = channel;
    const name = hostAt(serverNamedBy(channel), known)?.name;
    return name === undefined || name === sourceHost ? sourceHost : `${name} (${sourceHost})`;
  });
  return `healthy and in sync with ${sources.join(', ')}: it needs no seed`;
}

/** In seconds. */
const maxLagInSync = 10;

const hostsOfStep = (step: PlannedStep) => commandsOf(step).map(({ host }) => host);

/** The snapshot of that name; or why there is none, or whether there is one can't be known. */
export function chosenSnapshot(donor: Pick<Side, 'host' | 'report'>, name: string): Result<LogicalVolume> {
  const { host, report } = donor;
  const snapshot = snapshotOf(donor, name);
  if (snapshot) return given(snapshot);
  if (report.lvm?.ok || report.lvm?.missing)
    return refused({
      kind: 'usage',
      message: `${host.name} has no snapshot ${name}`,
      advice: `reseed snapshot list ${host.name}`,
    });
  const why = report.lvm?.why ?? 'it has not answered that yet';
  return refused({ kind: 'unreachable', message: `the volumes of ${host.name} are not known: ${why}`, advice: '' });
}

export function snapshotOf({ report }: Pick<Side, 'report'>, name: string): LogicalVolume | undefined {
  const volumes = report.lvm?.ok ? report.lvm.value.volumes.filter(isSnapshot) : [];
  return volumes.find((volume) => isCalled(volume, name));
}
