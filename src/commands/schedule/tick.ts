// reseed schedule tick, daemon, run NAME: schedules begin their jobs.
import { setTimeout as sleep } from 'node:timers/promises';
import { formatProblem, loadInventory } from '../../inventory/inventory.ts';
import type { JobStore } from '../../operations/jobs/job-store.ts';
import { diskTrouble } from '../../operations/jobs/job-trouble.ts';
import { tellReceivers } from '../../operations/notify/tell-receivers.ts';
import { agreedByHand } from '../../operations/schedules/by-hand.ts';
import { inventoryPath } from '../../operations/schedules/inventory-path.ts';
import { readOnlyOf } from '../../operations/schedules/read-only.ts';
import { type Here, tickHere } from '../../operations/schedules/tick-here.ts';
import type { TickEvent } from '../../operations/schedules/ticking.ts';
import { scheduleViews } from '../../operations/schedules/view.ts';
import { watchFleet } from '../../operations/watch/watch.ts';
import { quietSince } from '../../schedule/picture.ts';
import { exitCodes, exitWith, printFailure, printJson, printLine } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import type { HostOptions } from '../hosts/targets.ts';
import { agreed, refusedYes } from '../jobs/agree.ts';
import { openJobStore } from '../jobs/job/open-store.ts';
import { eventLine } from './event-line.ts';
import { quietLine } from './list.ts';
import { type Read, readSchedule, refusedPath } from './read-schedules.ts';

/** Nothing is printed where nothing is new: cron sends mail for every line. */
export async function tickOnce(options: HostOptions): Promise<void> {
  const read = await readQuietly(options);
  if ('problem' in read) return fail(options, exitCodes.usage, read.problem);
  exitWith(await untilSignalled((signal) => ticked(read, { signal }, options)));
}

/** Reads the inventory without its notes, which would be said each minute. */
async function readQuietly({ inventory: flag }: HostOptions): Promise<Read | { readonly problem: string }> {
  const read = await loadInventory({
    environment: process.env,
    workingDirectory: process.cwd(),
    ...(flag !== undefined && { flag }),
  });
  if (!read.ok) return { problem: read.problems.map(formatProblem).join('\n') };
  return { inventory: read.inventory, path: inventoryPath(read.inventory) };
}

function fail({ json }: HostOptions, code: number, message: string): void {
  exitWith(code);
  printFailure(json, { error: code === exitCodes.usage ? 'usage' : 'failed', message, advice: '' });
}

const patienceMs = 60_000;
/** Timers of two fleets of one account wake in the same second. Less than a minute: then the next tick comes. */
const betweenFleetsMs = 20_000;

/** Returns the exit code. */
async function ticked(
  { inventory, path }: Read,
  how: Pick<Here, 'signal' | 'only'>,
  options: HostOptions,
): Promise<number> {
  const store = openJobStore(options.json);
  if (!store) return exitCodes.failed;
  try {
    if (how.only && refusedPath(options, store, path)) return exitCodes.refused;
    const events = await tickHere({ store, inventory, path, ...how }, how.only ? patienceMs : betweenFleetsMs);
    tell(events, options);
    await tellReceivers(store, { inventory, path, isTick: events !== undefined && !how.only, signal: how.signal });
    if (!how.only) await watch(store, { inventory, path, signal: how.signal });
    if (!how.only) return exitCodes.done;
    return tellNow(events, options, () => quiet(store, { inventory, path }));
  } catch (error) {
    fail(options, exitCodes.failed, `schedules: ${diskTrouble(error)}`);
    return exitCodes.failed;
  } finally {
    store.journal.close();
  }
}

/** After jobs and messages, which a host that hangs must not delay. */
async function watch(store: JobStore, watching: Read & Pick<Here, 'signal'>): Promise<void> {
  const troubles = await watchFleet(store, watching);
  if (!troubles) return;
  for (const trouble of troubles) process.stderr.write(`reseed: ${trouble}\n`);
  await tellReceivers(store, { ...watching, isTick: false });
}

function tell(events: readonly TickEvent[] | undefined, { json }: HostOptions): void {
  if (json) printJson('schedule-tick', { isBusy: events === undefined, events: (events ?? []).map(eventJson) });
  else for (const event of events ?? []) printLine(eventLine(event, Date.now()));
}

/** What an operator who asked for it now has to know besides. `quiet`: a line where nothing ticks. Returns the exit code. */
function tellNow(
  events: readonly TickEvent[] | undefined,
  { json }: HostOptions,
  quiet: () => string | undefined,
): number {
  // What waits is begun by a later tick alone.
  const waits = events?.some(({ end }) => end.state === 'waiting');
  const line = events
    ? waits && quiet()
    : 'nothing was begun: another reseed works on schedules; try again in a minute';
  if (line && !json) printLine(line);
  return events ? codeOf(events) : exitCodes.refused;
}

function quiet(store: JobStore, { inventory, path }: Read): string | undefined {
  const nowMs = Date.now();
  const since = quietSince(scheduleViews(store, inventory, path, nowMs), nowMs);
  return since && quietLine(since.sinceMs, nowMs);
}

/** For an operator who asked for this now. A tick of a timer has done its work also where a job was refused. */
function codeOf(events: readonly TickEvent[]): number {
  const states = events.map(({ end }) => end.state);
  if (states.includes('failed')) return exitCodes.failed;
  return states.includes('refused') ? exitCodes.refused : exitCodes.done;
}

const eventJson = ({ run: { schedule, hosts, dueMs, missed }, end }: TickEvent) => ({
  schedule,
  hosts,
  dueMs,
  missed,
  ...end,
});

const minuteMs = 60_000;

/** In the foreground, until a signal. The inventory is read anew each minute. */
export async function daemon(options: HostOptions): Promise<void> {
  let said: string | undefined;
  await untilSignalled(async (signal) => {
    while (!signal.aborted) {
      const read = await readQuietly(options);
      const problem = 'problem' in read ? read.problem : undefined;
      if (problem !== undefined && problem !== said) fail(options, exitCodes.usage, problem);
      said = problem;
      if (!('problem' in read)) await ticked(read, { signal }, options);
      const toNextMs = minuteMs - (Date.now() % minuteMs);
      await sleep(toNextMs, undefined, { signal }).catch(() => undefined);
    }
    return exitCodes.done;
  });
  // It was asked to stop: for a supervisor that is no failure.
  exitWith(exitCodes.done);
}

export interface RunOptions extends HostOptions {
  readonly yes?: string | boolean;
}

/** Begins what a schedule does now, with the same checks and limits as at its hour; also of one that is switched off. */
export async function runNow(name: string, options: RunOptions): Promise<void> {
  const read = await readSchedule(name, options);
  if (!read) return;
  const { schedule, inventory } = read;
  const readOnly = readOnlyOf(inventory, schedule.hosts);
  if (readOnly) {
    exitWith(exitCodes.refused);
    return printFailure(options.json, { error: 'refused', ...readOnly });
  }
  const hosts = schedule.hosts.join(',');
  if (refusedYes(options, hosts)) return;
  const sentences = agreedByHand(schedule, inventory.hosts);
  const { yes, json } = options;
  const why = sentences.length === 0 ? undefined : await agreed({ sentences, name: hosts, yes, json });
  if (why) {
    exitWith(exitCodes.refused);
    return printFailure(json, { error: 'refused', ...why });
  }
  exitWith(await untilSignalled((signal) => ticked(read, { signal, only: schedule }, options)));
}
