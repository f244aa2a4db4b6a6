// The figures of a moment: of the journal, of schedules, and of hosts where these were asked.
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { isLost, lanesOf, lostLanes } from '../../job/lanes.ts';
import { doneBytesOf } from '../../job/words/throughput.ts';
import { allFamilies, families } from '../../metrics/families.ts';
import { labelsOf, restoredAt, samplesOfHost } from '../../metrics/of-hosts.ts';
import { type Family, openMetrics, type Sample } from '../../metrics/openmetrics.ts';
import { lostItsMark, provedIn } from '../../proofs/last-proof.ts';
import { rowProof } from '../../proofs/rows/plan.ts';
import { mostUrgent } from '../../schedule/picture.ts';
import { isSeed, rebuildKind } from '../../seed/frame.ts';
import { version } from '../../version.ts';
import { carriedOn, type JobStore } from '../jobs/job-store.ts';
import { scheduleViews } from '../schedules/view.ts';

interface Measuring {
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  /** Absent: no host was asked. */
  readonly picture?: FleetPicture;
  readonly nowMs: number;
}

/** What of its failing receivers is said at most. */
const failingMs = 7 * 86_400_000;

/** Throws where the journal's disk fails. */
export function measured(store: JobStore, { inventory, path, picture, nowMs }: Measuring): string {
  const samples: Sample[] = [
    { family: families.build, labels: { version }, value: 1 },
    ...jobSamples(store),
    ...lastSamples(store, inventory, picture),
    ...scheduleSamples(store, inventory, path, nowMs),
    ...store.journal.telling
      .failing(nowMs - failingMs)
      .map(({ name }) => ({ family: families.notifyFailing, labels: { receiver: name }, value: 1 })),
    ...(picture ? [{ family: families.lookedAt, labels: {}, value: nowMs / 1000 }] : []),
    ...(picture?.hosts ?? []).flatMap(samplesOfHost),
  ];
  return openMetrics(allFamilies, samples);
}

function jobSamples(store: JobStore): Sample[] {
  const open = store.journal.openJobs();
  const died = open.filter((job) => carriedOn(store, job).abandoned);
  const states = [
    ...[...store.journal.counts()].map(
      ([state, count]) => [state, count - died.filter((job) => job.state === state).length] as const,
    ),
    ['died', died.length] as const,
  ];
  return [
    ...states.map(([state, value]) => ({ family: families.jobs, labels: { state }, value })),
    ...open.flatMap(jobBytes),
  ];
}

function jobBytes(job: JobRecord): Sample[] {
  const labels = { job: String(job.id), kind: job.plan.kind };
  const running = job.steps.filter(({ state, progress }) => state === 'running' && progress?.doneBytes !== undefined);
  const totals = running.map(({ progress }) => progress?.totalBytes);
  const rates = running.flatMap(({ progress }) => progress?.streams ?? []).filter((rate) => rate !== null);
  const done = doneBytesOf(job);
  const total = totals.every((one) => one !== undefined) ? totals.reduce((sum, one) => sum + one, 0) : undefined;
  return [
    ...(done === undefined ? [] : [{ family: families.jobDone, labels, value: done }]),
    ...(done === undefined || total === undefined ? [] : [{ family: families.jobTotal, labels, value: total }]),
    ...(rates.length === 0
      ? []
      : [{ family: families.jobRate, labels, value: rates.reduce((sum, rate) => sum + rate, 0) }]),
  ];
}

/** Kinds of plans. */
const lastKinds = [rebuildKind, 'proof'];

/** A journal may have 100,000 jobs, and each has its plan. */
const readJobs = 2000;

/** Of hosts of this inventory alone: a journal may have jobs of others. */
function lastSamples({ journal }: JobStore, { hosts }: Inventory, picture: FleetPicture | undefined): Sample[] {
  const seeds = new Map<string, number>();
  const proofs = new Map<string, number>();
  const rows = rowTimes(journal);
  for (const job of journal.doneOf(lastKinds, readJobs)) {
    const isOfSeed = isSeed(job.plan);
    const lost = lostLanes(job);
    const proved = provedIn(job);
    const proof = picture?.hosts.find(({ host }) => host.name === job.plan.hosts[0]);
    if (proved && proof && lostItsMark(proved, proof.report)) continue;
    const of = isOfSeed ? lanesOf(job.plan).filter((lane) => !isLost(lost, lane)) : job.plan.hosts;
    for (const host of of) newest(isOfSeed ? seeds : proofs, host, job.endedMs && job.endedMs / 1000);
  }
  // Proofs of other jump hosts, and older ones.
  for (const one of picture?.hosts ?? []) newest(proofs, one.host.name, restoredAt(one));
  return hosts.flatMap((host) => [
    ...timeOf(families.lastSeed, host, seeds),
    ...timeOf(families.lastProof, host, proofs),
    ...timeOf(families.lastRowProof, host, rows),
  ]);
}

/** Those that ended well, by the replica. */
function rowTimes(journal: JobStore['journal']): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { plan, endedMs } of journal.doneOf([rowProof], readJobs))
    newest(times, plan.hosts[0] ?? '', endedMs && endedMs / 1000);
  return times;
}

function newest(times: Map<string, number>, host: string, seconds: number | undefined): void {
  if (seconds !== undefined) times.set(host, Math.max(seconds, times.get(host) ?? 0));
}

function timeOf(family: Family, host: Host, times: ReadonlyMap<string, number>): Sample[] {
  const value = times.get(host.name);
  return value === undefined ? [] : [{ family, labels: labelsOf(host), value }];
}

function scheduleSamples(store: JobStore, inventory: Inventory, path: string, nowMs: number): Sample[] {
  return scheduleViews(store, inventory, path, nowMs).flatMap((view) => {
    const { schedule, nextMs, off, checkedMs } = view;
    const labels = { schedule: schedule.name };
    const urgent = mostUrgent(view);
    const isDecided = urgent !== undefined && ['good', 'bad', 'warning'].includes(urgent.badge.tone);
    return [
      { family: families.scheduleOn, labels, value: off ? 0 : 1 },
      ...(nextMs === undefined ? [] : [{ family: families.scheduleNext, labels, value: nextMs / 1000 }]),
      ...(checkedMs === undefined ? [] : [{ family: families.scheduleLooked, labels, value: checkedMs / 1000 }]),
      ...(isDecided ? [{ family: families.scheduleOk, labels, value: urgent.badge.tone === 'good' ? 1 : 0 }] : []),
    ];
  });
}
