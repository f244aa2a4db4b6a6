// The output of `reseed status --json`. Scripts rely on its shape: fields are added, and none is removed or changes its
// meaning without a new version (printJson). Times are ISO 8601 by this machine's clock. Pure.

import { hostBadge } from '../../../fleet/badges.ts';
import type { Alert, FleetPicture, HostPicture, Link } from '../../../fleet/picture.ts';
import { serviceState } from '../../../fleet/service-state.ts';
import type { ReportPart } from '../../../host/facts.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import { standsStill } from '../../../job/lease/runner-state.ts';
import { jobBadge } from '../../../job/words/badges.ts';
import { doingText, percentOf } from '../../../job/words/doing-words.ts';
import { progressNow } from '../../../job/words/progress-words.ts';
import {
  type JobAtWork,
  type JobsAtWork,
  type JobsHalfUndone,
  jobsOn,
} from '../../../operations/jobs/locks/at-work.ts';
import { standstillText } from '../../../operations/jobs/words/died-words.ts';
import { type HalfUndone, halfUndoneOn, whatIsLeft } from '../../../operations/jobs/words/half-undone.ts';
import { lastProof } from '../../../proofs/last-proof.ts';
import { lastRows } from '../../../proofs/rows/last-rows.ts';
import { badgeJson } from '../../../text/badge.ts';
import { isoTime } from '../../../text/times.ts';

/**
 * `facts` has the parts of a report (src/host/facts.ts), each `{ok: true, value}` or `{ok: false, why}`, with `at`, the
 * time of its answer. `jobs`: this account's unfinished jobs with a part for the host; null: the journal can't be read.
 * `halfUndone`: finished jobs that left something on the host, in the same form. `server` is up, starting, stopping,
 * down, blank, closed (it runs and refuses our login) or unknown. `badge` is the state in the table: {sign, word,
 * tone}, of a host and of a job. `proof`: the last restore that was proved, `{at, tookMs, percent, snapshot, job}` (percent: of the bytes that were read; job: null, if the mark of a snapshot tells it);
 * null: none is known. `rows`: the last comparison of its rows with those of its source, `{at, source, result, job}`, where result is equal, part (the rest was not
 * compared) or different; null: there was none.
 */
export function hostJson(
  picture: HostPicture,
  jobs: JobsAtWork,
  halfUndone: JobsHalfUndone,
  proofs: readonly JobRecord[] = [],
): object {
  const { host, role, sources, replicas, report, partAtMs, alerts } = picture;
  const facts = Object.entries(report).map(([part, fact]) => [
    part,
    { at: isoTime(partAtMs[part as ReportPart]), ...fact },
  ]);
  return {
    host: host.name,
    cluster: host.cluster ?? null,
    datacenter: host.datacenter ?? null,
    address: host.ssh.host,
    link: linkJson(picture.link),
    server: serviceState(picture),
    badge: badgeJson(hostBadge(picture)),
    role,
    sources,
    replicas,
    alerts: alerts.map(alertJson),
    jobs: typeof jobs === 'string' ? null : jobsOn(host.name, jobs).map(jobJson),
    halfUndone: typeof halfUndone === 'string' ? null : halfUndoneJson(host.name, halfUndone),
    proof: proofJson(host.name, picture, proofs),
    rows: rowsJson(host.name, proofs),
    facts: Object.fromEntries(facts),
  };
}

function proofJson(host: string, { report }: HostPicture, proofs: readonly JobRecord[]): object | null {
  const proof = lastProof(host, report, proofs);
  if (!proof) return null;
  const { atMs, tookMs, percent, snapshot, job } = proof;
  return { at: isoTime(atMs), tookMs, percent, snapshot, job: job ?? null };
}

function rowsJson(host: string, proofs: readonly JobRecord[]): object | null {
  const rows = lastRows(host, proofs);
  if (!rows) return null;
  const { atMs, source, result, job } = rows;
  return { at: isoTime(atMs), source, result, job };
}

const halfUndoneJson = (host: string, jobs: readonly HalfUndone[]): object[] =>
  halfUndoneOn(host, jobs).map(({ job }) => ({
    id: job.id,
    key: job.key,
    title: job.plan.title,
    left: whatIsLeft(job, host),
  }));

export function statusJson(
  picture: FleetPicture,
  inventoryFile: string,
  nowMs: number,
  {
    jobs,
    halfUndone,
    proofs = [],
  }: { readonly jobs: JobsAtWork; readonly halfUndone: JobsHalfUndone; readonly proofs?: readonly JobRecord[] },
): object {
  const { fleet, hosts, discovered } = picture;
  const told = hosts.map((host) => hostJson(host, jobs, halfUndone, proofs));
  return { fleet, inventory: inventoryFile, at: isoTime(nowMs), hosts: told, discovered };
}

function linkJson(link: Link): object {
  if (link.state === 'answering') return { state: link.state };
  const since = isoTime(link.sinceMs);
  if (link.state !== 'failed') return { state: link.state, since };
  const { kind, message, advice, printed } = link.failure;
  return { state: link.state, since, failure: { kind, message, advice, printed } };
}

/** `percent` of the running step; null: it counts no bytes. */
function jobJson(one: JobAtWork): object {
  const { job, abandoned, lapsed = false } = one;
  const progress = progressNow(job);
  const percent = progress && percentOf(progress);
  const { id, key, state, plan } = job;
  const doing = standsStill(one) ? standstillText(job, one) : doingText(job);
  return {
    id,
    key,
    title: plan.title,
    state,
    abandoned,
    lapsed,
    badge: badgeJson(jobBadge(job, one)),
    doing,
    percent: percent === undefined ? null : Math.floor(percent),
  };
}

const alertJson = ({ kind, level, text, sinceMs }: Alert): object => ({
  kind,
  level,
  text,
  ...(sinceMs !== undefined && { since: isoTime(sinceMs) }),
});
