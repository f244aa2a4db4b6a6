// One time of a schedule begins on one jump host only, of those that share their jobs. Without the shared database no one knows which: then the
// owner that the inventory names begins, or no one does until it is back.
import { type Holder, takeTime } from '../../history/ticks.ts';
import type { Inventory } from '../../inventory/settings.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { refusalText } from '../result.ts';
import type { Claim } from '../schedules/ticking.ts';

type Claiming = (runs: readonly ScheduledRun[]) => Promise<readonly Claim[]>;

/** undefined: neither the journal nor the inventory shares anything. */
export function timesClaim(store: JobStore, { fleet, history }: Inventory): Claiming | undefined {
  const joined = store.journal.sharing.joined();
  if (!joined && !history) return undefined;
  const all = (runs: readonly ScheduledRun[], is: Exclude<Claim['is'], 'mine'>, why: string) =>
    runs.map(({ id }): Claim => ({ run: id, is, why }));
  if (!joined) {
    const why = 'the inventory names a history, and this account has not joined it: reseed history join';
    return async (runs) => all(runs, 'unknown', why);
  }
  return async (runs) => {
    const [{ askHistory }, { AnotherJournal, tellAsOurs }] = await Promise.all([
      import('./ask.ts'),
      import('./one-journal.ts'),
    ]);
    const times = timesOf(runs);
    const asked = await askHistory(store, async (database, { jump }) => {
      try {
        await tellAsOurs(store, { database, jump });
      } catch (error) {
        if (error instanceof AnotherJournal) return error;
        throw error;
      }
      for (const one of times) {
        one.state = 'asked';
        one.state = stateOf(await takeTime(database, jump, fleet, one.runs[0]));
      }
      return undefined;
    });
    // No owner either begins what a copy of its journal may begin.
    if (asked.ok && asked.value) return all(runs, 'unknown', asked.value.message);
    const away = asked.ok ? '' : refusalText(asked.refusal);
    return times.flatMap((one) => one.runs.map((run) => claimOf(run, one.state, joined.name, history?.owner, away)));
  };
}

/** `asked`: its row was sent, and no answer came. */
type TimeState = 'unasked' | 'asked' | 'ours' | { readonly other: string } | { readonly doubt: string };

const stateOf = ({ other, doubt }: Holder): TimeState => {
  if (doubt !== undefined) return { doubt };
  return other === undefined ? 'ours' : { other };
};

interface DueTime {
  readonly runs: [ScheduledRun, ...ScheduledRun[]];
  state: TimeState;
}

/** One for all hosts of a schedule that are due at the same time. */
function timesOf(runs: readonly ScheduledRun[]): readonly DueTime[] {
  const times = new Map<string, DueTime>();
  for (const run of runs) {
    const key = `${run.dueMs} ${run.schedule}`;
    const there = times.get(key);
    if (there) there.runs.push(run);
    else times.set(key, { runs: [run], state: 'unasked' });
  }
  return [...times.values()];
}

/** A run that waits for this is not given to the owner later: this jump host may have its row. */
const perhapsOurs = 'this jump host has asked for this time, and does not know whether it has it';

function claimOf(run: ScheduledRun, state: TimeState, own: string, owner: string | undefined, away: string): Claim {
  if (typeof state === 'object' && 'doubt' in state) {
    const why = `who has this time is not known: ${state.doubt}. Begin it: reseed schedule run ${run.schedule}`;
    return { run: run.id, is: 'unknown', why };
  }
  if (typeof state === 'object') return { run: run.id, is: 'elsewhere', why: `${state.other} has this time` };
  if (state === 'ours' || owner === own) return { run: run.id, is: 'mine' };
  if (state === 'asked' || run.reason?.startsWith(perhapsOurs)) {
    return { run: run.id, is: 'unknown', why: `${perhapsOurs}: ${away}` };
  }
  return owner === undefined
    ? { run: run.id, is: 'unknown', why: `no jump host is known to have this time: ${away}` }
    : { run: run.id, is: 'elsewhere', why: `${owner} begins it, as the owner: ${away}` };
}
