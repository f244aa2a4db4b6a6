// The present jobs of this account, in one store: the journal's records, whether each has a runner, and the rate of
// each. A watcher asks for the journal's version a few times a second, which costs nothing, and reads only records that
// may have changed; an unchanged job stays the same object.
import { isDeepStrictEqual } from 'node:util';
import type { StoreApi } from 'zustand/vanilla';
import { type Carried, carriedBy, type RunnerState } from '../lease/runner-state.ts';
import type { EndLine } from '../words/left-words.ts';
import { doneBytesOf, type Sample, sampled } from '../words/throughput.ts';
import type { Journal } from './journal.ts';
import { isOver, type JobRecord, withOpen } from './record.ts';
import type { DamagedJob } from './row-damage.ts';

export interface JobView extends Carried {
  readonly job: JobRecord;
  readonly samples: readonly Sample[];
  /** The present state of each of its hosts, a sentence each, for a job that ended without being done. */
  readonly ends?: readonly EndLine[];
  /** It is a job of another jump host. */
  readonly other?: OtherPlace;
}

export interface OtherPlace {
  /** `jump2:7`; the job's own number is that of its jump host. */
  readonly name: string;
  /** `jump2` */
  readonly from: string;
  /** Why nothing is known to work on it; absent: its runner does, or it is over. */
  readonly still?: string;
}

/** Jobs of other jump hosts. */
export interface OthersPicture {
  /** The newest first. */
  readonly jobs: readonly JobView[];
  /** Why they may be old, or what waits to be sent. */
  readonly line?: string;
}

export interface DamagedView extends DamagedJob {
  /** What to do; empty: unknown. */
  readonly advice: string;
}

export interface JobsPicture {
  /** The newest first. */
  readonly jobs: readonly JobView[];
  /** Jobs whose record in the journal is damaged, the newest first; absent: none. */
  readonly damaged?: readonly DamagedView[];
  /** Why the journal can't be read; the jobs are as last read. */
  readonly trouble?: string;
}

export interface WatchedJobs {
  /** undefined: there is none yet. A text: why it can't be used. Called again until there is one. */
  readonly open: () => Journal | string | undefined;
  readonly runnerOf: (job: JobRecord) => RunnerState;
  /** The sentences of JobView.ends. */
  readonly endsOf?: (job: JobRecord) => readonly EndLine[];
  /** Of DamagedView. */
  readonly adviceOf?: (job: DamagedJob) => string;
  readonly store: StoreApi<JobsPicture>;
  readonly nowMs: () => number;
}

export interface JobWatch {
  /** Looks now, because this process has written something. */
  look(): void;
  stop(): void;
}

/** More are in `reseed jobs --limit`. */
const maxJobs = 200;
/** A record has its whole plan: so many are read at a time that no key waits for them. */
const jobsAtOnce = 10;
const restEveryMs = 10;
const lookEveryMs = 250;
/** While no job is running, only a new one can come. */
const idleLookEveryMs = 1000;

export function watchJobs({
  open,
  runnerOf,
  endsOf = () => [],
  adviceOf = () => '',
  store,
  nowMs,
}: WatchedJobs): JobWatch {
  let journal: Journal | undefined;
  let version = -1;
  /** Of the newest jobs those that were not read yet, the newest first. */
  let unread: readonly number[] = [];
  let timer: NodeJS.Timeout | undefined;

  const readAnew = (opened: Journal) => {
    const now = opened.version();
    const { jobs: before, damaged: damagedBefore = [], trouble } = store.getState();
    if (before.length === 0 && now !== version) unread = opened.newestIds(maxJobs);
    const known = now === version ? before.map(({ job }) => job) : recordsAfter(opened, before);
    const records = withOpen(known, opened.jobsOf(unread.slice(0, jobsAtOnce)));
    unread = unread.slice(jobsAtOnce);
    version = now;
    const views = new Map(before.map((view) => [view.job.id, view]));
    const jobs = records.map((job) => viewOf(job, views.get(job.id), { runnerOf, endsOf, nowMs: nowMs() }));
    const isNew = jobs.length !== before.length || jobs.some((view, index) => view !== before[index]);
    const damaged = opened.damaged().map((job): DamagedView => ({ ...job, advice: adviceOf(job) }));
    const isDamageNew = !isDeepStrictEqual(damaged.map(aboutDamage), damagedBefore.map(aboutDamage));
    if (!isNew && !isDamageNew && trouble === undefined) return;
    store.setState({ jobs: isNew ? jobs : before, ...(damaged.length > 0 && { damaged }) }, true);
  };
  const trouble = (text: string) => {
    if (store.getState().trouble !== text) store.setState({ trouble: text });
  };
  const look = () => {
    clearTimeout(timer);
    try {
      const opened = journal ?? open();
      if (typeof opened === 'string') trouble(opened);
      else if (opened) {
        journal = opened;
        readAnew(opened);
      }
    } catch (error) {
      trouble(`the journal of jobs can't be read: ${error instanceof Error ? error.message : error}`);
    }
    const busy = store.getState().jobs.some(({ job }) => !isOver(job.state));
    timer = setTimeout(look, unread.length > 0 ? restEveryMs : busy ? lookEveryMs : idleLookEveryMs);
  };
  look();
  return {
    look,
    stop: () => {
      clearTimeout(timer);
      journal?.close();
    },
  };
}

/** Reads again unfinished jobs, those that need a cleanup, and, where there are others, new ones. The others do not change any more. */
function recordsAfter(journal: Journal, before: readonly JobView[]): readonly JobRecord[] {
  const [newest] = before;
  if (!newest) return withOpen(journal.openJobs(), journal.uncleanJobs());
  const [last] = journal.jobs(1);
  const added = (last?.id ?? newest.job.id) - newest.job.id;
  const fresh = added > 0 ? journal.jobs(Math.min(added, maxJobs)).filter(({ id }) => id > newest.job.id) : [];
  const known = before.flatMap(({ job }) => (isSettled(job) ? job : journal.jobsOf([job.id])));
  const all = [...fresh, ...known];
  return withOpen(
    all.slice(0, maxJobs),
    all.slice(maxJobs).filter((job) => !isSettled(job)),
  );
}

const aboutDamage = ({ id, damage }: DamagedJob) => `${id} ${damage.message}`;

const isSame = (one: Carried, other: Carried) => one.abandoned === other.abandoned && one.lapsed === other.lapsed;

const isSettled = ({ state }: JobRecord) => isOver(state) && state !== 'cleanup-needed';

function viewOf(
  record: JobRecord,
  old: JobView | undefined,
  { runnerOf, endsOf, nowMs }: Required<Pick<WatchedJobs, 'runnerOf' | 'endsOf'>> & { readonly nowMs: number },
): JobView {
  if (old && isSettled(old.job)) return old;
  const job = old && isDeepStrictEqual(old.job, record) ? old.job : record;
  const carried = carriedBy(runnerOf(job));
  const samples = sampled(old?.samples ?? [], doneBytesOf(job), nowMs);
  if (job === old?.job && isSame(old, carried) && samples === old.samples) return old;
  const ends = isOver(job.state) ? endsOf(job) : [];
  return { job, ...carried, samples, ...(ends.length > 0 && { ends }) };
}
