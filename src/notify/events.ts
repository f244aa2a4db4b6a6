// What jobs and runs of schedules have to tell. Pure.
import type { NotifyEvent } from '../inventory/settings.ts';
import type { JobRecord } from '../job/journal/record.ts';
import type { RunState, ScheduledRun } from '../job/journal/schedules.ts';
import type { NewEvent } from '../job/journal/telling.ts';
import { whoLine } from '../job/who.ts';
import { jobBadges } from '../job/words/badges.ts';
import { type Badge, badgeText, signOf } from '../text/badge.ts';
import { type Message, message, withoutFigures } from './message.ts';

export interface TellableEvent extends Omit<NewEvent, 'message'> {
  readonly message: Message;
}

interface At {
  readonly machine: string;
  readonly nowMs: number;
  /** Of the inventory of its schedule. */
  readonly path?: string;
}

const eventsOfEnd: Readonly<Record<'done' | 'failed' | 'aborted' | 'cleanup-needed', readonly NotifyEvent[]>> = {
  done: ['done'],
  failed: ['failed'],
  aborted: ['failed'],
  'cleanup-needed': ['failed', 'needs-person'],
};

/** Those who were told that a person is needed are told that one was not, and how it went. */
const withRule = ({ who }: JobRecord, events: readonly NotifyEvent[]): readonly NotifyEvent[] =>
  who.rule === undefined || events.includes('needs-person') ? events : [...events, 'needs-person'];

/** A proof, of restore or of rows, that failed is told to those who ask for that alone, too. */
const eventsOf = ({ state, plan }: JobRecord & { readonly state: keyof typeof eventsOfEnd }): readonly NotifyEvent[] =>
  ['proof', 'row-proof'].includes(plan.kind) && state !== 'done' && state !== 'aborted'
    ? [...eventsOfEnd[state], 'proof-failed']
    : eventsOfEnd[state];

/** A job of a schedule is one of many alike; any other is about itself alone. `path`: its inventory's, since another may have such a schedule too. */
const lineOf = ({ key, who, plan }: JobRecord, path = ''): string =>
  who.schedule === undefined ? `job ${key}` : `schedule ${path} ${who.schedule} ${plan.title}`;

function ofJob(
  job: JobRecord,
  badge: Badge,
  events: readonly NotifyEvent[],
  lines: readonly string[],
  at: At,
): Message {
  const { id, key, state, plan, who } = job;
  return message({
    events: [...withRule(job, events)],
    title: `${badgeText(badge)}: job ${id}, ${plan.title}`,
    lines: [...lines, `asked for by ${whoLine(who)}; reseed job show ${id}`],
    hosts: [...plan.hosts],
    machine: at.machine,
    atMs: at.nowMs,
    job: { id, key, state },
    ...(who.schedule !== undefined && { schedule: who.schedule }),
  });
}

export function begunEvent(job: JobRecord, at: At): TellableEvent {
  const key = `job ${job.key} begun`;
  return { key, line: `${key}`, what: key, message: ofJob(job, jobBadges.running, ['begun'], [], at) };
}

/** `ends`: how it left its hosts, a sentence each. */
export function endEvent(
  job: JobRecord & { readonly state: keyof typeof eventsOfEnd },
  ends: readonly string[],
  at: At,
): TellableEvent {
  const { key, state, error = '' } = job;
  const own = `job ${key} ${state}`;
  return {
    key: own,
    line: lineOf(job, at.path),
    // Each job that is done is told to those who ask for it; of failures that are alike the first.
    what: state === 'done' ? own : `${state}: ${withoutFigures(error)}`,
    message: ofJob(job, jobBadges[state], eventsOf(job), [error, ...ends], at),
  };
}

/** No runner is known to work on it. `badge`: how its runner stands. */
export function standstillEvent(job: JobRecord, badge: Badge, why: string, at: At): TellableEvent {
  const own = `job ${job.key} ${badge.word} ${job.lease?.holder.key ?? ''}`;
  return { key: own, line: lineOf(job, at.path), what: own, message: ofJob(job, badge, ['needs-person'], [why], at) };
}

const eventsOfRun: Readonly<Partial<Record<RunState, readonly NotifyEvent[]>>> = {
  missed: ['missed'],
  refused: ['failed', 'needs-person'],
  failed: ['failed'],
};

/** Of what a schedule tells of those hosts where there is no job. */
export const runLine = ({ schedule, hosts }: ScheduledRun, path: string): string =>
  `schedule ${path} ${schedule} of ${hosts.join(', ')} without a job`;

/** Told to no one: what fails after it is news again. */
export function runWellEvent(run: ScheduledRun, path: string, { machine, nowMs }: At): TellableEvent {
  const { id, schedule, hosts, queuedMs } = run;
  const said = { events: [], title: `schedule ${schedule} went well`, lines: [], hosts: [...hosts], machine };
  return {
    key: `run ${path} ${id} ${queuedMs}`,
    line: runLine(run, path),
    what: 'well',
    message: message({ ...said, atMs: nowMs, schedule }),
  };
}

/** undefined: there is nothing to tell of it, or its job tells it. `badge`: of its state. */
export function runEvent(run: ScheduledRun, badge: Badge, path: string, at: At): TellableEvent | undefined {
  const { id, state, queuedMs } = run;
  const events = eventsOfRun[state];
  return events && ofRun(run, { key: `run ${path} ${id} ${queuedMs}`, path, badge, events }, at);
}

/** Shorter, it waits for a job on its host, or for a few minutes in which that is restarted. */
const longMs = 3_600_000;

/** A run waits, and times of its schedule were missed for it. undefined: not for so long that a person has to know. `badge`: that of missed times. */
export function waitingEvent(run: ScheduledRun, badge: Badge, path: string, at: At): TellableEvent | undefined {
  const { id, missed, queuedMs } = run;
  if (missed === 0 || at.nowMs - queuedMs < longMs) return undefined;
  return ofRun(run, { key: `run ${path} ${id} ${queuedMs} waits`, path, badge, events: ['missed'] }, at);
}

interface RunWords {
  readonly key: string;
  readonly path: string;
  readonly badge: Badge;
  readonly events: readonly NotifyEvent[];
}

function ofRun(run: ScheduledRun, { key, path, badge, events }: RunWords, { machine, nowMs }: At): TellableEvent {
  const { schedule, hosts, state, reason = '' } = run;
  return {
    key,
    line: runLine(run, path),
    what: `${state}: ${withoutFigures(reason)}`,
    message: message({
      events: [...events],
      title: `${signOf(badge)} schedule ${schedule} ${badge.word}: ${hosts.join(', ')}`,
      lines: [
        state === 'waiting' ? `a later time has come, and it still waits: ${reason}` : reason,
        'reseed schedule list',
      ],
      hosts: [...hosts],
      machine,
      atMs: nowMs,
      schedule,
    }),
  };
}

export function testEvent(name: string, number: string, at: At): TellableEvent {
  const key = `test ${name} ${number}`;
  const lines = [`receiver ${name} of reseed is told of its events here`];
  const title = 'this is a test of reseed';
  return {
    key,
    line: key,
    what: key,
    message: message({ events: [], title, lines, hosts: [], machine: at.machine, atMs: at.nowMs }),
  };
}
