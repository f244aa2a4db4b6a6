// The console's part for jobs of other jump hosts: looks every two seconds, where this account's jobs are shared. What speaks to the shared
// database is loaded only there.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreApi } from 'zustand/vanilla';
import type { LogFollow } from '../fleet/log/follow.ts';
import type { OtherJobs } from '../history/read.ts';
import type { Inventory } from '../inventory/settings.ts';
import { jobHome } from '../job/journal/home.ts';
import type { Joined } from '../job/journal/sharing.ts';
import type { JobView, OthersPicture } from '../job/journal/watch.ts';
import { awayLine } from '../operations/history/joined.ts';
import { startSender } from '../operations/history/start-sender.ts';
import { otherView } from '../operations/history/words.ts';
import { type JobStore, tryJobStore } from '../operations/jobs/job-store.ts';
import { diskTrouble } from '../operations/jobs/job-trouble.ts';
import { cleanLine } from '../text/clean.ts';

type ReadLog = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

export interface OthersControl {
  /** `name`: `jump2:7` */
  followLog(name: string): Promise<LogFollow>;
  readLog(name: string): Promise<ReadLog>;
  /** Its jump host's answer, or why there is none. */
  abort(view: JobView): Promise<string>;
  stop(): void;
}

const lookEveryMs = 2000;
const shownJobs = 200;

export function openOthers(
  inventory: Pick<Inventory, 'hosts' | 'readOnly'>,
  picture: StoreApi<OthersPicture>,
): OthersControl {
  const over = new AbortController();
  const store = onceOpened();
  void watch(store, picture, over.signal).finally(() => store()?.journal.close());
  const opened = () => {
    const now = store();
    if (!now) throw new Error('jobs of other jump hosts come from a journal');
    return now;
  };
  return {
    followLog: async (name) => (await import('../operations/history/follow-other.ts')).followOtherLog(opened(), name),
    readLog: async (name) => (await import('../operations/history/follow-other.ts')).readOtherLog(opened(), name),
    abort: async ({ job, other }) => {
      const { abortByName } = await import('../operations/history/abort-other.ts');
      return await abortByName(opened(), { job, name: other?.name ?? '' }, inventory, over.signal);
    },
    stop: () => over.abort(),
  };
}

/** Only reads: makes no journal where there is none. */
function onceOpened(): () => JobStore | undefined {
  const home = jobHome(process.env);
  let store: JobStore | undefined;
  return () => {
    const found = store ?? (existsSync(home.journal) ? tryJobStore() : undefined);
    store = typeof found === 'string' ? undefined : found;
    return store;
  };
}

async function watch(open: () => JobStore | undefined, picture: StoreApi<OthersPicture>, signal: AbortSignal) {
  let known: OtherJobs = { jobs: [], unread: [] };
  let look: ((joined: Joined) => Promise<OtherJobs | undefined>) | undefined;
  while (!signal.aborted) {
    const store = open();
    const joined = store?.journal.sharing.joined();
    if (store && joined) {
      const { otherJobsLook } = await import('../operations/history/look.ts');
      look ??= otherJobsLook(store, shownJobs, signal);
      startQuietly(store);
      try {
        known = (await look(joined)) ?? known;
        publish(picture, known, awayLine(store.journal));
      } catch (error) {
        // Also a full disk: only this part of the screen stands still.
        const line = `history: the jobs of other jump hosts can't be shown: ${cleanLine(String(error))}`;
        picture.setState({ jobs: picture.getState().jobs, line }, true);
      }
    } else if (picture.getState().jobs.length > 0) picture.setState({ jobs: [] }, true);
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A full disk is told by what writes to the journal; the screen goes on. */
function startQuietly(store: JobStore): void {
  try {
    if (store.journal.sharing.waiting() > 0) startSender(store);
  } catch (error) {
    diskTrouble(error);
  }
}

/** An unchanged job stays the same object. */
function publish(picture: StoreApi<OthersPicture>, { jobs, unread }: OtherJobs, away: string | undefined): void {
  const before = picture.getState();
  const views = new Map(before.jobs.map((view) => [view.other?.name, view]));
  const now = jobs.map((one): JobView => otherView(one, views.get(one.name)));
  const isNew = now.length !== before.jobs.length || now.some((view, at) => view !== before.jobs[at]);
  const unshown =
    unread.length === 0
      ? undefined
      : `history: ${unread.map(({ name }) => name).join(', ')} not shown: reseed jobs says why`;
  const line = away ?? unshown;
  if (isNew || line !== before.line)
    picture.setState({ jobs: isNew ? now : before.jobs, ...(line !== undefined && { line }) }, true);
}
