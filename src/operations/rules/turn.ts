// Whether this jump host may carry out what a rule has planned, where several share their jobs. Without the shared database no one knows, and
// none does.
import { otherJobsOfRules } from '../../history/read.ts';
import { takeTurn } from '../../history/ticks.ts';
import type { Inventory } from '../../inventory/settings.ts';
import type { WhyNot } from '../../rules/by-itself.ts';
import type { Earlier } from '../../rules/earlier.ts';
import { askHistory } from '../history/ask.ts';
import { AnotherJournal, tellAsOurs } from '../history/one-journal.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { refusalText } from '../result.ts';

/** Recoveries that rules of other jump hosts began since then, or why this one may begin none. */
export type Turn = { readonly earlier: readonly Earlier[] } | { readonly why: WhyNot };

export async function turnHere(
  store: JobStore,
  { fleet, history }: Pick<Inventory, 'fleet' | 'history'>,
  sinceMs: number,
): Promise<Turn> {
  if (!store.journal.sharing.joined()) {
    if (!history) return { earlier: [] };
    return no('the inventory names a history, and this account has not joined it: reseed history join');
  }
  const asked = await askHistory(store, async (database, { jump }): Promise<Turn> => {
    try {
      await tellAsOurs(store, { database, jump });
    } catch (error) {
      if (error instanceof AnotherJournal) return no(error.message);
      throw error;
    }
    const { jobs, unread } = await otherJobsOfRules(database, jump, sinceMs);
    const [first] = unread;
    if (first) return no(`job ${first.name} of a rule can not be read: ${first.why}`);
    const { other, doubt } = await takeTurn(database, jump, fleet);
    if (doubt !== undefined) return no(`whether another jump host does it is not known: ${doubt}`);
    return other === undefined
      ? { earlier: jobs.map(({ name, job }) => ({ name: `job ${name}`, job })) }
      : { why: { text: `jump host ${other} carries out what rules have planned now`, isPassing: true } };
  });
  if (asked.ok) return asked.value;
  return no(`whether another jump host does it is not known: ${refusalText(asked.refusal)}`);
}

const no = (text: string): Turn => ({ why: { text } });
