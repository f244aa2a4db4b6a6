// What reseed left on a host, found by its marks there.
import { type Leftovers, readLeftovers } from '../../host/leftovers/leftovers.ts';
import type { Host } from '../../inventory/settings.ts';
import type { Remote } from '../../remote/remote.ts';
import { findWords } from '../../scripts/leftovers-words.ts';
import { scriptText } from '../../scripts/script.ts';
import { given, type Result, refused } from '../result.ts';

const deadlineMs = 60_000;

/** `datadir`: the server's datadir; empty: unknown. */
export async function findLeftovers(
  remote: Remote,
  { name, mysql }: Pick<Host, 'name' | 'mysql'>,
  datadir: string,
): Promise<Result<Leftovers>> {
  const words = findWords(datadir, mysql);
  const answer = await remote.exec(await scriptText('leftovers'), words, { deadlineMs, label: 'leftovers find' });
  if (!answer.ok) return refused({ kind: 'unreachable', message: answer.message, advice: answer.advice });
  const found = readLeftovers(answer.stdout);
  if (found) return given(found);
  return refused({ kind: 'parse', message: `the answer of leftovers.sh on ${name} was not understood`, advice: '' });
}
