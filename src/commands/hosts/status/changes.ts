// What has changed on a host, for readers of lines. Pure.
import { alertBadges, hostBadge } from '../../../fleet/badges.ts';
import type { Alert, AlertKind, HostPicture } from '../../../fleet/picture.ts';
import { serviceState } from '../../../fleet/service-state.ts';
import { goesOn } from '../../../job/lease/runner-state.ts';
import { jobBadge } from '../../../job/words/badges.ts';
import { doing } from '../../../job/words/doing-words.ts';
import {
  type JobAtWork,
  type JobsAtWork,
  type JobsHalfUndone,
  jobsOn,
} from '../../../operations/jobs/locks/at-work.ts';
import { standstillText } from '../../../operations/jobs/words/died-words.ts';
import { halfUndoneOn, halfUndoneText } from '../../../operations/jobs/words/half-undone.ts';
import { badgeText, signOf, unicodeSigns } from '../../../text/badge.ts';

/**
 * The state whose change counts as news about a host; undefined before its first answer. Figures within an alert grow
 * all the time and are no news.
 */
export function hostState(host: HostPicture, jobs: JobsAtWork, halfUndone: JobsHalfUndone = []): string | undefined {
  if (host.link.state === 'connecting') return undefined;
  const atWork = typeof jobs === 'string' ? null : jobsOn(host.host.name, jobs).map(jobKey);
  const { link, role, sources, alerts } = host;
  const left =
    typeof halfUndone === 'string' ? null : halfUndoneOn(host.host.name, halfUndone).map(({ job }) => job.id);
  return JSON.stringify([link.state, serviceState(host), role, sources, alerts.map(alertKey), atWork, left]);
}

/** The job's state and step, without the progress within a step. */
const jobKey = ({ job, abandoned }: JobAtWork) => `${job.id} ${job.state} ${abandoned} ${doing(job)}`;

/** `▶ job 41: seed db2 → db3, copy db2 → db3`, `■ job 41 is over: seed db2 → db3`. */
export function jobChangesOn(host: string, before: JobsAtWork, after: JobsAtWork): string[] {
  if (typeof after === 'string')
    return typeof before === 'string' ? [] : [`${unicodeSigns.unknown} which jobs work on it is unknown: ${after}`];
  const [old, now] = [typeof before === 'string' ? [] : jobsOn(host, before), jobsOn(host, after)];
  const told = new Set(old.map(jobKey));
  const left = new Set(now.map(({ job }) => job.id));
  return [
    ...now.filter((one) => !told.has(jobKey(one))).map(jobLine),
    ...old
      .filter(({ job }) => !left.has(job.id))
      .map(({ job }) => `${unicodeSigns.over} job ${job.id} is over: ${job.plan.title}`),
  ];
}

/** `✖ job 41 (seed db2 → db3) is half undone here: …`, and later that it no longer is. */
export function leftChangesOn(host: string, before: JobsHalfUndone, after: JobsHalfUndone): string[] {
  if (typeof after === 'string') return [];
  const old = typeof before === 'string' ? [] : halfUndoneOn(host, before);
  const now = halfUndoneOn(host, after);
  const others = (some: typeof now, than: typeof now) =>
    some.filter(({ job }) => !than.some((one) => one.job.id === job.id));
  return [
    ...others(now, old).map(({ job }) => `${unicodeSigns.bad} ${halfUndoneText(job)}`),
    ...others(old, now).map(({ job }) => `${unicodeSigns.good} no more: job ${job.id} half undone here`),
  ];
}

const jobLine = (one: JobAtWork): string => {
  const { job } = one;
  const isOn = goesOn(one);
  return `${signOf(jobBadge(job, one))} job ${job.id}: ${job.plan.title}, ${isOn ? doing(job) : standstillText(job, one)}`;
};

/** A host that is away is retried again and again, and the reasons differ in their words. One that refuses a key is not away. */
const alertKey = ({ kind, level, text, reason }: Alert) =>
  `${kind} ${level} ${kind === 'unreachable' && reason !== undefined ? '' : text.replaceAll(/\d+/g, '#')}`;

/** `● up, replica of db1`, `✖ mysql is stopped`, `✔ no more: mysql is stopped`. */
export function changesIn(before: HostPicture | undefined, after: HostPicture): string[] {
  const old = new Map((before?.alerts ?? []).map((alert) => [alertKey(alert), alert]));
  const now = new Map(after.alerts.map((alert) => [alertKey(alert), alert]));
  const standing = standingOf(after);
  const arisen = [...now].filter(([key]) => !old.has(key)).map(([, alert]) => alert);
  const gone = [...old].filter(([key]) => !now.has(key)).map(([, alert]) => alert);
  return [
    ...(standing && (!before || standingOf(before) !== standing) ? [standing] : []),
    ...arisen.map(({ level, text }) => `${signOf(alertBadges[level])} ${text}`),
    // The state line already says that the host is back.
    ...gone.filter(({ kind }) => !ofLink.has(kind)).map(({ text }) => `${unicodeSigns.good} no more: ${text}`),
  ];
}

const ofLink: ReadonlySet<AlertKind> = new Set<AlertKind>(['silent', 'unreachable', 'noSudo']);

/** Undefined for an unreachable host: its alert says so. */
function standingOf(host: HostPicture): string | undefined {
  const { role, sources, link } = host;
  if (link.state !== 'answering') return undefined;
  const of = sources.length > 0 ? ` of ${sources.join(', ')}` : '';
  return `${badgeText(hostBadge(host))}${role === 'unknown' ? '' : `, ${role}${of}`}`;
}
