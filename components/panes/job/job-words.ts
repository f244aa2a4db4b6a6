// A job in a few words, for any place that shows it. Pure.

import { isOver, type JobRecord, ranMs } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { isLost, lanesOf, lostLanes } from '../../../src/job/lanes.ts';
import { goesOn, standsStill } from '../../../src/job/lease/runner-state.ts';
import { stepOf } from '../../../src/job/steps-of.ts';
import { jobBadge } from '../../../src/job/words/badges.ts';
import { doing, percentText, troubleOf } from '../../../src/job/words/doing-words.ts';
import { halfUndoneBrief, hostsLeft } from '../../../src/operations/jobs/words/half-undone.ts';
import { isSeed } from '../../../src/seed/frame.ts';
import { swapData } from '../../../src/seed/target/swap-data.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { type Look, type Span, signsOf, type Tone } from '../../base/theme.ts';
import { displayWidth, truncate } from '../../base/width.ts';
import type { ShownAlert } from '../alert-lines.ts';
import { badgeSpan } from '../badge-span.ts';
import { joined } from '../fields.ts';

/** `▶ running`, `! runner died`, `✖ failed`. */
export const jobStateSpan = (view: JobView, look: Look): Span => badgeSpan(jobBadge(view.job, view), look);

interface BriefScene {
  readonly nowMs: number;
  readonly look: Look;
}

/** A job in one line: which one it is, what it does, how far it is. */
interface Brief {
  /** `▶ job 17`. */
  readonly name: string;
  /** ` · copy db1 → db4`; of a job that is over or stands still, how it ended as well. */
  readonly what: string;
  /** ` 54 %`, or empty. */
  readonly percent: string;
  /** ` · 4 min`, or its trouble: ` · no answer from db1 ...`. */
  readonly end: string;
  readonly isTroubled: boolean;
  readonly tone: Tone;
}

function briefOf(view: JobView, nowMs: number, look: Look, host?: string): Brief {
  const { job } = view;
  const { dot } = signsOf(look);
  const isStill = standsStill(view);
  const over = isOver(job.state);
  const troubles = isStill ? [] : troubleOf(job);
  const badge = jobBadge(job, view);
  const rest = isStill ? [badge.word, job.plan.title] : over ? [job.plan.title, badge.word] : [doing(job)];
  const age = over ? `${shortDuration(nowMs - (job.endedMs ?? nowMs))} ago` : shortDuration(ranMs(job, nowMs));
  const percent = percentText(job, host);
  // Trouble matters more than how long the job has run.
  const words = joined(look, ...(troubles.length > 0 ? troubles : [age]));
  return {
    name: `${signsOf(look)[badge.sign]} job ${job.id}`,
    what: ` ${dot} ${joined(look, ...rest)}`,
    percent: percent === '' || isStill ? '' : ` ${percent}`,
    // The time when the job lost its runner is not recorded.
    end: isStill ? '' : ` ${dot} ${words}`,
    isTroubled: troubles.length > 0,
    tone: troubles.length > 0 ? 'warning' : badge.tone,
  };
}

/** `▶ job 17 · copy db1 → db4` and ` 54 % · 4 min`; for a finished job its end and how long ago. `host`: its own percentage. */
export function briefAndAge(view: JobView, nowMs: number, look: Look, host?: string): readonly [Span, Span] {
  const { name, what, percent, end, tone } = briefOf(view, nowMs, look, host);
  return [
    { text: `${name}${what}`, tone },
    { text: `${percent}${end}`, tone },
  ];
}

/**
 * The same in at most `cells`. What it does is cut first, and its age stays. Trouble is told before what it does, and is cut before the
 * job's sign and number.
 */
export function briefWithin(view: JobView, { nowMs, look }: BriefScene, host: string, cells: number): Span {
  const { name, what, percent, end, isTroubled, tone } = briefOf(view, nowMs, look, host);
  const { ellipsis } = signsOf(look);
  const room = cells - displayWidth(`${name}${percent}${end}`);
  const shown = room >= displayWidth(what) || !isTroubled ? truncate(what, room, ellipsis) : '';
  // The percentage is of what it does.
  const rest = isTroubled && shown === '' ? end : `${percent}${end}`;
  const kept = Math.max(0, cells - displayWidth(`${name}${shown}`));
  return { text: truncate(`${name}${shown}${truncate(rest, kept, ellipsis)}`, cells, ellipsis), tone };
}

/** `▶ job 17 54 %`. Undefined for a job in trouble, which has to be told too. */
export function shortBrief(view: JobView, { nowMs, look }: BriefScene, host: string): Span | undefined {
  const { name, percent, isTroubled, tone } = briefOf(view, nowMs, look, host);
  return isTroubled ? undefined : { text: `${name}${percent}`, tone };
}

/** The jobs that work or worked on a host, the newest first. */
export const jobsOf = (jobs: readonly JobView[], host: string): readonly JobView[] =>
  jobs.filter(({ job }) => job.plan.hosts.includes(host));

/** The unfinished jobs, by each of their hosts. */
export function unfinishedByHost(jobs: readonly JobView[]): ReadonlyMap<string, JobView> {
  const unfinished = jobs.filter(({ job }) => !isOver(job.state));
  return new Map(unfinished.toReversed().flatMap((view) => view.job.plan.hosts.map((host) => [host, view] as const)));
}

/** What finished jobs left half undone on each host. */
export function leftByHost(jobs: readonly JobView[]): ReadonlyMap<string, readonly ShownAlert[]> {
  const left = jobs.flatMap(({ job }) =>
    job.state === 'cleanup-needed'
      ? hostsLeft(job).map((host) => ({ host, alert: { level: 'critical', text: halfUndoneBrief(job) } as const }))
      : [],
  );
  const byHost = Map.groupBy(left, ({ host }) => host);
  return new Map([...byHost].map(([host, some]) => [host, some.map(({ alert }) => alert)]));
}

/** Whether a seed rebuilds the host now: it is a target of a running seed, and its lane has not failed. */
export function isSeeded(view: JobView, host: string): boolean {
  const { job } = view;
  return goesOn(view) && isSeed(job.plan) && lanesOf(job.plan).includes(host) && !isLost(lostLanes(job), host);
}

/** When a seed last began to replace the data of a host: its swap, or its undo. Undefined: never. */
export function dataChangedMs(jobs: readonly JobView[], host: string): number | undefined {
  const times = jobs
    .filter(({ job }) => isSeed(job.plan) && lanesOf(job.plan).includes(host))
    .flatMap(({ job }) => job.endedMs ?? stepOf(job, swapData, host)?.record.startedMs ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The host that one looks at after a job: a target that failed, else the first target, else its first host. */
export function hostOfJob(job: JobRecord): string {
  const lanes = lanesOf(job.plan);
  const lost = lostLanes(job);
  return lanes.find((lane) => isLost(lost, lane)) ?? lanes[0] ?? job.plan.hosts[0] ?? '';
}

/** What the keys of its screen do once a job is over, and what tells others of it. */
export const nextWords = (job: JobRecord, host: string, readOnly: boolean): string =>
  [
    `enter opens ${host}`,
    ...(isSeed(job.plan) && !readOnly ? [`e plans a new seed of ${host}`] : []),
    'w opens the whole log',
    `reseed report ${job.id} tells others what happened`,
  ].join(', ');
