// Brings a replica to exactly the coordinates of the dump. Where an error ends its applier on the way, it is tried once more without the events of the named
// tables: those are replaced by what the donor had there.
import { z } from 'zod';
import { defineStep, type FailedStep, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed, notDone } from '../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { valueLines } from '../../scripts/seed-sql-words.ts';
import { loadDump } from '../../seed/methods/dump/load-dump.ts';
import { sql } from '../../seed/replica/commands.ts';
import { hasWork, stillTime } from '../../seed/replica/movement.ts';
import type { ReplicationState } from '../../seed/replica/source/replication-state.ts';
import { shortDuration } from '../../text/amounts.ts';
import { cleanLine } from '../../text/clean.ts';
import { passOverWords, untilWords } from '../applier-words.ts';
import { put, type Replica, stateBy, stateCommand, type TablesJob } from '../job.ts';
import { appliedOf, beyond, passedBy } from '../positions.ts';

const lookEveryMs = 500;
/** Of one that has applied all that it has received: an ALTER TABLE may take longer. */
const stalledMs = 30 * 60_000;

const input = z.strictObject({ tables: z.array(z.string()), rows: z.boolean() });
type Tools = StepTools<z.infer<typeof input>>;

export const reachPosition = defineStep({
  kind: 'tables-reach',
  input,
  result: noResult,
  plan: (job: TablesJob & { readonly replica: Replica }) => {
    const { speaker, names } = job;
    const { host } = job.target;
    return {
      name: `reach ${host.name}`,
      title: `bring ${host.name} to exactly the coordinates of the dump${job.replica.rows ? '; where its applier fails, without the events of these tables' : ''}`,
      host: host.name,
      input: { tables: [...names], rows: job.replica.rows },
      commands: {
        state: stateCommand(host, speaker),
        until: sql(host, untilWords(speaker)),
        passed: put(job, 'passed', {}),
        'pass over': sql(host, passOverWords(speaker, names)),
      },
    };
  },
  run: (tools) => byWatchedClock((watchedMs) => reach(tools, watchedMs)),
});

async function reach(tools: Tools, watchedMs: WatchedMs): Promise<StepEnd> {
  const wanted = tools.resultOf(loadDump)?.gtid ?? '';
  let isPassedOver = false;
  while (!tools.signal.aborted) {
    const ended = await goThere(tools, { wanted, again: isPassedOver, watchedMs });
    if ('ok' in ended) return ended;
    if (ended.is === 'there') return { ok: true };
    if (isPassedOver || !isAbout(ended.why, tools.input.tables)) {
      return failed(`its applier failed: ${ended.why}`, adviceFor(ended.why));
    }
    const unpassed = await passOver(tools, ended.why);
    if (unpassed) return unpassed;
    isPassedOver = true;
  }
  return failed('ended before the replica was there');
}

/** ER_XA_REPLICATION_FILTERS of MySQL, whatever tables the transaction has: the same seed would fail there again. */
const adviceFor = (why: string): string =>
  /\bXA\b.*\bfilter|\bfilter.*\bXA\b/i.test(why)
    ? 'a MySQL applies no XA transaction while events of some tables are left out: seed it as a whole (--method delta, or lvm)'
    : 'the error is not of the named tables: look at it first';

interface Way {
  readonly wanted: string;
  /** It was begun, and failed. */
  readonly again: boolean;
  readonly watchedMs: WatchedMs;
}

async function goThere(tools: Tools, { wanted, again, watchedMs }: Way): Promise<Stopped | FailedStep> {
  const found = await foundNow(tools, wanted, again);
  if ('ok' in found) return found;
  if (found.is === 'there') return { is: 'there' };
  if (found.is === 'ready') {
    const began = await tools.run('until', { stdin: valueLines({ gtid: wanted }) });
    if (!began.ok) return notDone(began);
  }
  return await untilStopped(tools, wanted, watchedMs);
}

type Found = { readonly is: 'there' | 'under way' | 'ready' };

/**
 * Asked before anything is stopped. A runner before this one may have begun it: UNTIL ends the receiver of a MariaDB as soon as all of it came.
 */
async function foundNow(tools: Tools, wanted: string, again: boolean): Promise<Found | FailedStep> {
  if (wanted === '') return failed('the coordinates of the dump are not known');
  const told = await stateBy(tools, 'state', true);
  if (!told.ok) return told;
  const { state } = told;
  const { server, channel } = state;
  const passed = passedText(state, wanted);
  if (passed) return passed;
  const runs = channel?.sqlThread === 'running';
  if (!runs && beyond(server.vendor, wanted, appliedOf(state)) === '') return { is: 'there' };
  if (again || server.vendor !== 'mariadb' || channel?.ioThread === 'running') return { is: 'ready' };
  if (runs) return { is: 'under way' };
  return failed(
    'its receiver is not connected to its source: what it has received and not applied would be deleted by START SLAVE UNTIL',
    'begin again once its source answers; reseed salvage lists what it alone has received',
  );
}

/** Noted before: from here on the old tables lack what is left out. */
async function passOver({ run, note, input: { tables, rows } }: Tools, why: string): Promise<FailedStep | undefined> {
  if (!rows) {
    return failed(
      `its applier failed: ${why}`,
      'its source may log statements, of which none can be left out for some tables alone: seed it as a whole',
    );
  }
  note(
    `! its applier failed: ${why}; from here to the coordinates events of ${tables.join(', ')} are left out, and the old ones are no undo any more`,
  );
  for (const key of ['passed', 'pass over']) {
    const answer = await run(key);
    if (!answer.ok) return notDone(answer);
  }
  return undefined;
}

/** `Could not execute Update_rows event on table shop.customers; ...`, `Table 'shop.customers' doesn't exist`. */
const isAbout = (error: string, names: readonly string[]): boolean =>
  names.some((name) =>
    new RegExp(`(^|[^A-Za-z0-9_$.-])${name.replaceAll(/[.$-]/g, '\\$&')}($|[^A-Za-z0-9_$.-])`).test(
      error.replaceAll('`', ''),
    ),
  );

type Stopped = { readonly is: 'there' } | { readonly is: 'failed'; readonly why: string };

async function untilStopped(tools: Tools, wanted: string, watchedMs: WatchedMs): Promise<Stopped | FailedStep> {
  const { step, pause, progress, signal } = tools;
  const still = stillTime(watchedMs());
  while (!signal.aborted) {
    const told = await stateBy(tools, 'state', true);
    if (!told.ok) return told;
    const { state } = told;
    const passed = passedText(state, wanted);
    if (passed) return passed;
    const lacks = beyond(state.server.vendor, wanted, appliedOf(state));
    const isStopped = state.channel?.sqlThread !== 'running';
    if (isStopped && lacks === '') return { is: 'there' };
    const error = state.channel?.applierError;
    if (isStopped && error) return { is: 'failed', why: cleanLine(error) };
    const stillMs = still(state, watchedMs());
    if (stillMs > stalledMs && !hasWork(state)) {
      return failed(
        `${step.host} has applied nothing for ${shortDuration(stillMs)}, and lacks ${lacks}`,
        adviceAt(state),
      );
    }
    progress({ text: `it lacks ${lacks}${receiverText(state)}` });
    await pause(lookEveryMs);
  }
  return failed('ended before the replica was there');
}

const adviceAt = ({ channel }: ReplicationState): string =>
  channel?.sqlThread === 'running'
    ? 'its source may not have these: take the source, or a replica of the same source, as the donor'
    : 'its applier was stopped by others: begin again, and let it run';

const receiverText = ({ channel }: ReplicationState): string =>
  channel?.ioError ? `; its receiver: ${cleanLine(channel.ioError)}` : '';

/** It may have been started again meanwhile, by a restart of its host or by hand. */
function passedText(state: ReplicationState, wanted: string): FailedStep | undefined {
  const more = passedBy(state, wanted);
  if (more === '') return undefined;
  return failed(
    `it has gone beyond the coordinates of the dump: it has ${more}`,
    'its applier was started meanwhile: begin again',
  );
}
