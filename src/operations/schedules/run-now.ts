// A run by hand: what a schedule does, now.
import type { Schedule } from '../../inventory/settings.ts';
import type { ScheduleStore } from '../../job/journal/schedules.ts';
import { whoLine } from '../../job/who.ts';
import { author } from '../jobs/job-store.ts';
import { groupsOf, requestOf } from './settle.ts';

/** One that waits already is not there twice. The caller holds the lock of ticks: no other process has begun it before it is there. */
export function addRuns(schedules: ScheduleStore, path: string, schedule: Schedule, nowMs: number): void {
  const { name } = schedule;
  const byHand = whoLine(author().who);
  const request = requestOf(schedule);
  const waiting = schedules.waiting(path).filter((run) => run.schedule === name && run.request === request);
  for (const hosts of groupsOf(schedule)) {
    if (waiting.some((run) => run.hosts.join() === hosts.join())) continue;
    schedules.add(path, { schedule: name, hosts, request, dueMs: nowMs, missed: 0, byHand }, nowMs);
  }
}
