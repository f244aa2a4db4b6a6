// What jobs and runs of schedules have to tell becomes events of the journal, each once, with a delivery for each receiver. Any process may do
// it: the runner of a job, a tick, or the next reseed after both were killed.
import { hostname } from 'node:os';
import { present } from '../../host/known.ts';
import type { Receiver } from '../../inventory/settings.ts';
import { isOver, type JobRecord } from '../../job/journal/record.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import { standsStill } from '../../job/lease/runner-state.ts';
import { jobBadge } from '../../job/words/badges.ts';
import {
  begunEvent,
  endEvent,
  runEvent,
  runLine,
  runWellEvent,
  standstillEvent,
  type TellableEvent,
  waitingEvent,
} from '../../notify/events.ts';
import { runBadges } from '../../schedule/badges.ts';
import { carriedOn, type JobStore } from '../jobs/job-store.ts';
import { standstillText } from '../jobs/words/died-words.ts';
import { endSentences } from '../jobs/words/end-words.ts';
import { listeners, receiversFrom } from './receivers.ts';

/** Of all jobs of the journal. Throws where its disk fails. */
export function settleJobs(store: JobStore, nowMs: number): void {
  const { journal } = store;
  for (const { job: id, receivers } of journal.telling.jobs()) {
    const [job] = journal.jobsOf([id]);
    // A damaged record is told by every verb, and may be put back.
    if (!job) continue;
    const all = receiversFrom(receivers);
    const events = eventsOf(store, job, nowMs)
      .filter(({ key }) => !journal.telling.has(key))
      .map((event) => ({ event, to: listeners(all, event.message) }));
    if (events.length === 0 && !isOver(job.state)) continue;
    journal.telling.together(() => {
      for (const { event, to } of events) addEvent(store, event, to, nowMs);
      if (isOver(job.state)) journal.telling.endJob(id);
    });
  }
}

function eventsOf(store: JobStore, job: JobRecord, nowMs: number): readonly TellableEvent[] {
  const path = job.who.schedule === undefined ? undefined : store.journal.schedules.inventoryOf(job.key);
  const at = { machine: hostname(), nowMs, ...present('path', path) };
  const { state } = job;
  if (state === 'done' || state === 'failed' || state === 'aborted' || state === 'cleanup-needed') {
    const ends = endSentences(job, store.journal.commands(job.id));
    return [begunEvent(job, at), endEvent({ ...job, state }, ends, at)];
  }
  const carried = carriedOn(store, job);
  const still = standsStill(carried)
    ? [standstillEvent(job, jobBadge(job, carried), standstillText(job, carried), at)]
    : [];
  return state === 'planned' ? still : [begunEvent(job, at), ...still];
}

/** Of the schedules of an inventory. Throws where the journal's disk fails. */
export function settleRuns({ journal }: JobStore, path: string, receivers: readonly Receiver[], nowMs: number): void {
  const at: RunAt = { machine: hostname(), nowMs };
  for (const run of journal.schedules.untold(path)) {
    const { state } = run;
    const event =
      state === 'begun' || state === 'nothing'
        ? wellEvent(journal, run, path, at)
        : runEvent(run, runBadges[state], path, at);
    journal.telling.together(() => {
      if (event) addEvent({ journal }, event, listeners(receivers, event.message), nowMs);
      journal.schedules.setTold(run.id);
    });
  }
  for (const run of journal.schedules.waiting(path)) {
    const event = waitingEvent(run, runBadges.missed, path, at);
    if (!event || journal.telling.has(event.key)) continue;
    journal.telling.together(() => addEvent({ journal }, event, listeners(receivers, event.message), nowMs));
  }
}

interface RunAt {
  readonly machine: string;
  readonly nowMs: number;
}

/** undefined: nothing was told before, or it went well then too. */
function wellEvent({ telling }: JobStore['journal'], run: ScheduledRun, path: string, at: RunAt) {
  const last = telling.lastOf(runLine(run, path));
  const event = runWellEvent(run, path, at);
  return !last || last.what === event.what ? undefined : event;
}

/** False: it was there already. */
export function addEvent(
  { journal }: Pick<JobStore, 'journal'>,
  event: TellableEvent,
  to: readonly Receiver[],
  nowMs: number,
): boolean {
  const deliveries = to.map((receiver) => ({
    name: receiver.name,
    receiver: { ...receiver },
    againMs: receiver.againMs,
  }));
  return journal.telling.tell(event, deliveries, nowMs);
}
