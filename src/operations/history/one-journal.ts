// One journal writes as this jump host. A copy of it (of the machine, or of its files) would write into the same rows, and begin the same times of
// schedules: each time that it writes, it puts a new token there in place of one that it knows. The other one does not know the new.
import { randomBytes } from 'node:crypto';
import { HistoryTrouble } from '../../history/trouble.ts';
import { type Sender, swapToken } from '../../history/write.ts';
import { version } from '../../version.ts';
import type { JobStore } from '../jobs/job-store.ts';

/** `nonce`: what requests have to name from now on; left out: as before. Throws a HistoryTrouble where another journal has this name. */
export async function tellAsOurs(
  { journal: { sharing } }: Pick<JobStore, 'journal'>,
  sender: Pick<Sender, 'database' | 'jump'>,
  nonce?: string,
): Promise<void> {
  const token = randomBytes(16).toString('hex');
  // Before it is there: if this process ends in between, the journal knows both.
  const known = sharing.addToken(token);
  const found = await swapToken(sender, version, { known, token, nonce });
  if (found === 'ours') return;
  if (found === 'unknown') {
    throw new HistoryTrouble('it does not know this jump host any more', 'reseed history join tells it');
  }
  throw new AnotherJournal(
    'another journal writes there under the name of this one: one is a copy of the other',
    'in the copy: reseed history leave, then join; then here: reseed history join',
  );
}

export class AnotherJournal extends HistoryTrouble {}
