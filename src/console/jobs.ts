// The console's part for jobs, loaded after its first frame: the same journal, plans and runners as the verbs have. The
// console only starts and watches runners; they outlive it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { StoreApi } from 'zustand/vanilla';
import type { LogFollow } from '../fleet/log/follow.ts';
import { type FleetPicture, silenceOf } from '../fleet/picture.ts';
import type { Inventory } from '../inventory/settings.ts';
import { jobHome } from '../job/journal/home.ts';
import { isOver, type JobRecord } from '../job/journal/record.ts';
import { type JobsPicture, watchJobs } from '../job/journal/watch.ts';
import { refusal } from '../job/plan/refusal.ts';
import type { EndLine } from '../job/words/left-words.ts';
import { targetOf } from '../operations/hosts/target-of.ts';
import { type Asked, abortJob, resumeJob } from '../operations/jobs/control.ts';
import { followJobLog } from '../operations/jobs/follow-log.ts';
import { author, inJobStore, type JobStore, launch, runnerOf, tryJobStore } from '../operations/jobs/job-store.ts';
import { damageTrouble, diskTrouble, troubleOf, untoldCommands } from '../operations/jobs/job-trouble.ts';
import { heldRefusal, holderOf, holderRefusal } from '../operations/jobs/locks/held.ts';
import { isRenewed } from '../operations/jobs/take-from.ts';
import { abortSentences } from '../operations/jobs/words/abort-words.ts';
import { endLines } from '../operations/jobs/words/end-words.ts';
import { type Draft, draftOf, type JobRequest } from '../operations/plans/draft.ts';
import type { Past } from '../operations/plans/past.ts';
import { previewOf, type StepPreview } from '../operations/plans/preview.ts';

interface WatchedJobs {
  readonly inventory: Inventory;
  readonly fleet: StoreApi<FleetPicture>;
  /** What the screens show of jobs. */
  readonly jobsPicture: StoreApi<JobsPicture>;
  /** A job goes on, but not all of its record could be written. */
  readonly onTrouble: (text: string) => void;
  /** A job that worked on this host has ended, so the host has changed. */
  readonly onChanged: (host: string) => void;
}

export interface JobControl {
  /** A draft from the host's last answers. A host that does not answer now is refused. */
  draft(request: JobRequest, host: string): Draft & { readonly steps: readonly StepPreview[] };
  /** The new job's number, or why there is none. */
  launch(draft: Draft): number | string;
  /** The resulting state of each host after an abort. A text: why it is unknown. */
  abortWords(job: JobRecord): readonly string[] | string;
  abort(id: number): Asked;
  resume(id: number): Asked;
  /**
   * Both are for a job whose runner on `machine` does not renew its lease. The lease is watched for some seconds first,
   * and `onWait` is told so.
   */
  takeOver(id: number, verb: TakeVerb, machine: string, onWait: (text: string) => void): Promise<Asked>;
  followLog(id: number): LogFollow;
  /** The whole log, from the file. */
  readLog(
    id: number,
  ): Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string }>;
  stop(): void;
}

export function openJobControl({ inventory, fleet, jobsPicture, onTrouble, onChanged }: WatchedJobs): JobControl {
  const home = jobHome(process.env);
  let watched: JobStore | undefined;
  const watch = watchJobs({
    // Only reads: makes no journal where there is none.
    open: () => {
      const store = existsSync(home.journal) ? tryJobStore() : undefined;
      if (typeof store === 'string') return store;
      watched = store;
      return store?.journal;
    },
    runnerOf: (job) => (watched === undefined ? 'alive' : runnerOf(watched, job)),
    adviceOf: (job) => damageTrouble({ home }, job).advice,
    endsOf: (job) => (watched === undefined ? [] : endsOf(watched, job)),
    store: jobsPicture,
    nowMs: Date.now,
  });
  const unsubscribe = jobsPicture.subscribe(({ jobs }, before) => {
    for (const host of changedHosts(jobs, before.jobs)) onChanged(host);
  });
  const onJob = (id: number, act: (store: JobStore, job: JobRecord) => Asked): Asked => {
    const asked = atControl((store): Asked => {
      const job = store.journal.job(id);
      return job ? act(store, job) : { ok: false, why: `there is no job ${id}` };
    });
    if (typeof asked !== 'string' && asked.ok && asked.trouble !== undefined) onTrouble(`job ${id}: ${asked.trouble}`);
    watch.look();
    return typeof asked === 'string' ? { ok: false, why: asked } : asked;
  };
  return {
    draft: (request, name) => {
      const draft = draftFrom(request, name, {
        inventory,
        picture: fleet.getState(),
        past: jobsPicture.getState().jobs.map(({ job }) => job),
      });
      if (!draft.planned.ok) {
        const { lock } = draft.planned;
        const holding = lock && heldIn(jobsPicture.getState(), { plan: { steps: [lock] }, targets: draft.targets });
        return { ...draft, planned: holding ?? draft.planned, steps: [] };
      }
      const held = heldIn(jobsPicture.getState(), { plan: draft.planned.plan, targets: draft.targets });
      return held ? { ...draft, planned: held, steps: [] } : { ...draft, steps: previewOf(draft.planned.plan) };
    },
    launch: ({ planned, key, targets, who, receivers = [] }) => {
      if (!planned.ok) return planned.message;
      const { plan } = planned;
      const launched = atControl((store) => {
        // Another job may have begun while the operator read the plan.
        const held = heldRefusal(store, { plan, targets });
        if (held) return `${held.message}: nothing was done; ${held.advice}`;
        const { id, trouble } = launch(store, { key, plan, targets, who, receivers });
        if (trouble !== undefined) onTrouble(`job ${id}: ${trouble}`);
        return id;
      });
      watch.look();
      return launched;
    },
    abortWords: (job) =>
      atControl((store) => [...abortSentences(job, store.journal.commands(job.id)), ...untoldCommands(store, job.id)]),
    abort: (id) => onJob(id, (store, job) => abortJob(store, job, inventory)),
    resume: (id) => onJob(id, (store, job) => resumeJob(store, job, inventory)),
    takeOver: async (id, verb, machine, onWait) => {
      const asked = await takenOver(id, verb, machine, onWait, inventory);
      if (asked.ok && asked.trouble !== undefined) onTrouble(`job ${id}: ${asked.trouble}`);
      watch.look();
      return asked;
    },
    followLog: (id) => followJobLog(home.log(id)),
    readLog: async (id) => {
      try {
        return { ok: true, text: await readFile(home.log(id), 'utf8') };
      } catch (error) {
        return { ok: false, why: diskTrouble(error) };
      }
    },
    stop: () => {
      unsubscribe();
      watch.stop();
    },
  };
}

export type TakeVerb = 'abort' | 'resume';

async function takenOver(
  id: number,
  verb: TakeVerb,
  machine: string,
  onWait: (text: string) => void,
  inventory: Inventory,
): Promise<Asked> {
  const store = tryJobStore();
  if (typeof store === 'string') return { ok: false, why: store };
  try {
    const job = store.journal.job(id);
    if (!job) return { ok: false, why: `there is no job ${id}` };
    const act = verb === 'abort' ? abortJob : resumeJob;
    return (await isRenewed(store, job, machine, onWait)) ?? act(store, job, inventory, machine);
  } catch (error) {
    return { ok: false, why: `the journal of jobs can't be used: ${diskTrouble(error)}` };
  } finally {
    store.journal.close();
  }
}

/** If the journal can't be read, that is said instead. */
function endsOf(store: JobStore, job: JobRecord): readonly EndLine[] {
  try {
    const lines = endLines(job, store.journal.commands(job.id));
    return lines.length === 0 ? lines : [...lines, ...untoldCommands(store, job.id).map((text) => ({ text }))];
  } catch (error) {
    const { message, advice } = troubleOf(store, error);
    return [{ text: `how each host is now is unknown: ${message}; ${advice}` }];
  }
}

/** Checks the jobs as the screen has them. */
function heldIn({ jobs }: JobsPicture, wanted: Parameters<typeof holderOf>[1]) {
  const holder = holderOf(
    jobs.map(({ job }) => job),
    wanted,
  );
  return holder && holderRefusal(holder, jobs.find(({ job }) => job === holder.job) ?? { abandoned: false });
}

interface Known {
  readonly inventory: Inventory;
  readonly picture: FleetPicture;
  readonly past: Past;
}

function draftFrom(request: JobRequest, name: string, { inventory, picture: { hosts }, past }: Known): Draft {
  const picture = hosts.find(({ host }) => host.name === name);
  if (!picture) throw new Error(`the inventory has no host ${name}`);
  const { host, report, link } = picture;
  const draft = draftOf(
    request,
    { host, report, inventory, known: hosts, target: targetOf(host, inventory) },
    author(),
    past,
  );
  const silence = silenceOf(link);
  if (silence === undefined) return draft;
  return {
    ...draft,
    planned: refusal(`${name} ${silence}: what is known of it may be old`, 'try it again when it does'),
  };
}

/** The watching connection notices the change of another one. */
const atControl = <T>(act: (store: JobStore) => T): T | string =>
  inJobStore(act, (trouble) => `nothing was done: the journal of jobs can't be used: ${trouble}`);

function changedHosts(jobs: JobsPicture['jobs'], before: JobsPicture['jobs']): ReadonlySet<string> {
  const wasOver = new Map(before.map(({ job }) => [job.id, isOver(job.state)]));
  const ended = jobs.filter(({ job }) => isOver(job.state) && wasOver.get(job.id) === false);
  return new Set(ended.flatMap(({ job }) => job.plan.hosts));
}
