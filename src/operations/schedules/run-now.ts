// A run by hand: what a schedule does, now.
import type { Schedule } from '../../inventory/settings.ts';
import type { ScheduleStore } from '../../job/journal/schedules.ts';
import { whoLine } from '../../job/who.ts';
import { author } from '../jobs/job-store.ts';
import { groupsOf } from './settle.ts';

/** Returns the numbers of its runs. One that waits already is not there twice. */
export function addRuns(schedules: ScheduleStore, path: string, schedule: Schedule, nowMs: number): readonly number[] {
  const { name } = schedule;
  const byHand = whoLine(author().who);
  const waiting = schedules.waiting(path).filter((run) => run.schedule === name);
  return groupsOf(schedule).map(
    (hosts) =>
      waiting.find((run) => run.hosts.join() === hosts.join())?.id ??
      schedules.add(path, { schedule: name, hosts, dueMs: nowMs, missed: 0, byHand }, nowMs),
  );
}
