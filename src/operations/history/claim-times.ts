// One time of a schedule begins on one jump host only, of those that share their jobs. Without the shared database no one knows which: then the
// owner that the inventory names begins, or no one does until it is back.
import { takeTime } from '../../history/ticks.ts';
import type { Inventory } from '../../inventory/settings.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { refusalText } from '../result.ts';
import type { Claim } from '../schedules/tick.ts';

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
    const { askHistory } = await import('./ask.ts');
    const asked = await askHistory(store, async (database, { jump }) => {
      const claims: Claim[] = [];
      for (const run of runs) {
        const other = await takeTime(database, jump, fleet, run);
        claims.push(
          other === undefined
            ? { run: run.id, is: 'mine' }
            : { run: run.id, is: 'elsewhere', why: `${other} has this time` },
        );
      }
      return claims;
    });
    if (asked.ok) return asked.value;
    const away = refusalText(asked.refusal);
    const owner = history?.owner;
    if (owner === joined.name) return runs.map(({ id }): Claim => ({ run: id, is: 'mine' }));
    return owner === undefined
      ? all(runs, 'unknown', `no jump host is known to have this time: ${away}`)
      : all(runs, 'elsewhere', `${owner} begins it, as the owner: ${away}`);
  };
}
