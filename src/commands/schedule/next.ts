// reseed schedule next: the times to come.
import type { Schedule } from '../../inventory/settings.ts';
import { timesOf } from '../../operations/schedules/settle.ts';
import { scheduleViews } from '../../operations/schedules/view.ts';
import { quietSince } from '../../schedule/picture.ts';
import { actText } from '../../schedule/words.ts';
import { dayText } from '../../text/times.ts';
import { printJson, printLine, tableLines } from '../answer.ts';
import type { HostOptions } from '../hosts/targets.ts';
import { quietLine } from './list.ts';
import { inJournal, type Read, readSchedule, readSchedules, refusedPath } from './read-schedules.ts';

export interface NextOptions extends HostOptions {
  readonly count: number;
}

interface Coming {
  readonly schedule: Schedule;
  readonly nextMs: number;
}

interface Off {
  readonly schedule: string;
  readonly by: string;
}

/** Of schedules that are on. */
export async function next(name: string | undefined, options: NextOptions): Promise<void> {
  const read = await readOf(name, options);
  if (!read) return;
  const nowMs = Date.now();
  const views = inJournal(options, (store) =>
    refusedPath(options, store, read.path) ? undefined : scheduleViews(store, read.inventory, read.path, nowMs),
  );
  if (!views) return;
  const asked = views.filter(({ schedule }) => name === undefined || schedule.name === name);
  const off = asked.flatMap(({ schedule, off: by }) => (by ? [{ schedule: schedule.name, by: by.by }] : []));
  const times = asked
    .filter((view) => view.off === undefined)
    .flatMap(({ schedule }) =>
      timesOf(schedule)
        .next(nowMs, options.count)
        .map((nextMs) => ({ nextMs, schedule })),
    )
    .toSorted((a, b) => a.nextMs - b.nextMs)
    .slice(0, options.count);
  const quiet = quietSince(views, nowMs);
  if (options.json)
    return printJson('schedule-times', { times: times.map(timeJson), off, isQuiet: quiet !== undefined });
  if (views.length === 0) return printLine('the inventory has no schedules');
  for (const line of linesOf(times, off)) printLine(line);
  if (quiet) printLine(quietLine(quiet.sinceMs, nowMs));
}

const readOf = async (name: string | undefined, options: NextOptions): Promise<Read | undefined> =>
  await (name === undefined ? readSchedules(options) : readSchedule(name, options));

const timeJson = ({ nextMs, schedule: { name, hosts, act } }: Coming) => ({ schedule: name, nextMs, hosts, act });

function linesOf(times: readonly Coming[], off: readonly Off[]): readonly string[] {
  const rows = times.map(({ nextMs, schedule: { name, act, hosts } }) => [
    dayText(new Date(nextMs)),
    name,
    actText(act),
    hosts.join(','),
  ]);
  return [
    ...(rows.length > 0 ? tableLines(['TIME', 'SCHEDULE', 'DOES', 'HOSTS'], rows) : []),
    ...off.map(({ schedule, by }) => `${schedule} is off, by ${by}: reseed schedule enable ${schedule}`),
  ];
}
