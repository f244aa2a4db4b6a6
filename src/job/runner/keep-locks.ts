// The locks of a job while its runner lives. A host dates them at each command of the job (prelude.sh), and a runner sends none while it runs a hook on
// this machine, or waits: without this, its job would look like that of a jump host that is gone (host-fence.sh).
import { knowsFence } from '../../scripts/host-fence-words.ts';
import { lockedDatadir, showLocksWords } from '../../scripts/host-lock-words.ts';
import { frozenText } from '../plan/frozen-text.ts';
import { pause } from './pause.ts';
import type { ToolParts } from './run-command.ts';
import { heldLocks } from './taken-up.ts';

/** Less than a host waits for a next command (`patience` of host-fence.sh). */
const renewEveryMs = 30_000;
const deadlineMs = 15_000;

/** Ends with what it returns, which has to be awaited before the connections are closed. */
export function keepLocks(
  id: number,
  parts: Pick<ToolParts, 'journal' | 'open'>,
  everyMs = renewEveryMs,
): () => Promise<void> {
  const over = new AbortController();
  const kept = keep(id, parts, everyMs, over.signal);
  return async () => {
    over.abort();
    await kept;
  };
}

async function keep(id: number, parts: Pick<ToolParts, 'journal' | 'open'>, everyMs: number, signal: AbortSignal) {
  while (!signal.aborted) {
    await pause(everyMs, signal);
    // What fails is tried again, and tells nothing: the job's own commands meet the same host and the same journal.
    if (!signal.aborted) await renewed(id, parts, signal).catch(() => undefined);
  }
}

async function renewed(id: number, { journal, open }: Pick<ToolParts, 'journal' | 'open'>, signal: AbortSignal) {
  const job = journal.job(id);
  const locks = job ? heldLocks(job) : [];
  if (!job || locks.length === 0) return;
  const script = 'host-lock';
  const text = frozenText(job, script, journal);
  if (!knowsFence(text)) return;
  await Promise.all(
    locks.map(async ({ host, commands }) => {
      const words = showLocksWords(lockedDatadir(commands.take?.args ?? []));
      return await open(host).exec(text, words, { deadlineMs, signal, label: `${script} show` });
    }),
  );
}
