// What happened between two pictures, in an operator's words: what one jumps to in a recording. Pure.
import { hostBadge, stateOf } from '../../fleet/badges.ts';
import type { Alert } from '../../fleet/picture.ts';
import { isOver } from '../../job/journal/record.ts';
import type { JobView } from '../../job/journal/watch.ts';
import { standsStill } from '../../job/lease/runner-state.ts';
import { jobBadge } from '../../job/words/badges.ts';
import type { ShownHost, ShownPictures } from './shown.ts';
import { withLook } from './shown.ts';

export interface News {
  /** `alert`: a host or a job is in trouble since then. */
  readonly kind: 'change' | 'alert';
  /** One line, clean: `db3: down`. */
  readonly text: string;
}

/** Alerts first. */
export function newsOf(before: ShownPictures, after: ShownPictures): readonly News[] {
  const hosts = new Map(before.fleet.hosts.map((one) => [one.host.name, one]));
  const news = [
    ...after.fleet.hosts.flatMap((now) => {
      const old = hosts.get(now.host.name);
      return old && old !== now ? ofHost(old, now) : [];
    }),
    ...ofJobs(before.jobs.jobs, after.jobs.jobs),
    ...ofJobs(before.others.jobs, after.others.jobs),
  ];
  return news.toSorted((one, other) => Number(other.kind === 'alert') - Number(one.kind === 'alert'));
}

function ofHost(old: ShownHost, now: ShownHost): readonly News[] {
  const { name } = now.host;
  const says = (kind: News['kind'], text: string): News => ({ kind, text: `${name}: ${text}` });
  const [before, after] = [withLook(old), withLook(now)];
  // The first answer of a host is no change of it.
  const isFirst = old.answeredAtMs === undefined && old.link.state === 'connecting';
  const state = !isFirst && stateOf(before) !== stateOf(after) ? [says('change', hostBadge(after).word)] : [];
  const role = old.role !== 'unknown' && old.role !== now.role ? [says('change', `role ${now.role}`)] : [];
  return [
    ...added(now.alerts, old.alerts).map(({ text, reason }) => says('alert', reason ?? text)),
    ...state,
    ...role,
    ...added(old.alerts, now.alerts).map(({ text, reason }) => says('change', `over: ${reason ?? text}`)),
  ];
}

/** Those whose like is not among the others: a text with a figure in it changes by itself. */
const added = (some: readonly Alert[], others: readonly Alert[]) =>
  some.filter(({ kind, level }) => !others.some((one) => one.kind === kind && one.level === level));

function ofJobs(old: readonly JobView[], now: readonly JobView[]): readonly News[] {
  if (old === now) return [];
  const known = new Map(old.map((view) => [nameOf(view), view]));
  // Records of a journal that has just been opened come in parts: those that are over are not new.
  return now.flatMap((view) => {
    const before = known.get(nameOf(view));
    if (before === view) return [];
    return before ? ofJob(before, view) : isOver(view.job.state) ? [] : [jobNews(view, view.job.plan.title)];
  });
}

const nameOf = ({ job, other }: JobView) => other?.name ?? String(job.id);

const jobNews = (view: JobView, text: string, kind: News['kind'] = 'change'): News => ({
  kind,
  text: `job ${nameOf(view)}: ${text}`,
});

function ofJob(before: JobView, now: JobView): readonly News[] {
  const [was, is] = [jobBadge(before.job, before), jobBadge(now.job, now)];
  if (was.word !== is.word) {
    const inTrouble = is.tone === 'bad' || standsStill(now);
    return [jobNews(now, `${is.word}: ${now.job.plan.title}`, inTrouble ? 'alert' : 'change')];
  }
  const [step, old] = [runningStep(now), runningStep(before)];
  return step === undefined || step === old ? [] : [jobNews(now, step)];
}

function runningStep({ job }: JobView): string | undefined {
  const name = job.steps.find(({ state }) => state === 'running')?.name;
  return job.plan.steps.find((step) => step.name === name)?.title;
}
