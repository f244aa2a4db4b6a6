// What the terminal itself shows of jobs, on any screen and also while its window is hidden. The title and progress of
// its tab follow the newest running job, and a bell rings when a job ends. Terminals that can show a
// notification of the desktop then show one, also where a runner died.
import type { StoreApi } from 'zustand/vanilla';
import { isOver } from '../src/job/journal/record.ts';
import type { JobsPicture, JobView } from '../src/job/journal/watch.ts';
import { goesOn } from '../src/job/lease/runner-state.ts';
import { jobBadge } from '../src/job/words/badges.ts';
import { percentOf } from '../src/job/words/doing-words.ts';
import { noticeSequence, progressSequence, type TerminalProgress, titleSequences } from './terminal.ts';

interface Announced {
  readonly store: StoreApi<JobsPicture>;
  /** The title while no job runs. */
  readonly title: string;
  /** True for a screen reader, which would read each new title out. */
  readonly quietTitle: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
}

const bell = '\x07';

/** Announces until the returned function is called, which clears the terminal's tab. */
export function announceJobs({ store, title, quietTitle, environment, write }: Announced): () => void {
  const titles = titleSequences(environment);
  const said = { title: '', progress: progressSequence('none', environment) };
  const tell = ({ jobs }: JobsPicture) => {
    const running = jobs.find(goesOn);
    const progress = running ? progressOf(running) : 'none';
    const next = {
      title: titles.set(running && !quietTitle ? `${jobText(running, progress)} · ${title}` : title),
      progress: progressSequence(progress, environment),
    };
    for (const part of ['title', 'progress'] as const) {
      if (next[part] !== said[part]) write(next[part]);
      said[part] = next[part];
    }
  };
  tell(store.getState());
  const unsubscribe = store.subscribe((now, before) => {
    tell(now);
    const ran = new Set(before.jobs.filter(goesOn).map(({ job }) => job.id));
    const ended = now.jobs.filter((view) => ran.has(view.job.id) && !goesOn(view));
    if (ended.some(({ job }) => isOver(job.state))) write(bell);
    for (const { job, ...carried } of ended) {
      const { word } = jobBadge(job, carried);
      const notice = noticeSequence(`job ${job.id} ${word}: ${job.plan.title}`, environment);
      if (notice !== '') write(notice);
    }
  });
  return () => {
    unsubscribe();
    if (said.progress !== progressSequence('none', environment)) write(progressSequence('none', environment));
  };
}

function progressOf({ job }: JobView): TerminalProgress {
  const step = job.steps.find(({ state }) => state === 'running');
  return (step?.progress && percentOf(step.progress)) ?? 'running';
}

const jobText = ({ job }: JobView, progress: TerminalProgress): string =>
  typeof progress === 'number' ? `job ${job.id} ${Math.floor(progress)} %` : `job ${job.id}`;
