// The script texts of a job.
import { readScript, type ScriptName } from '../../scripts/script.ts';
import type { Journal } from '../journal/journal.ts';
import type { JobRecord } from '../journal/record.ts';
import { digestOf } from './frozen.ts';
import { PlanFault } from './plan-fault.ts';

/** By journal (a runner has one): texts whose digest was checked. */
const known = new WeakMap<object, Map<string, string>>();

/**
 * The text that was recorded with the job. A job from before scripts were recorded runs this build's. Throws a
 * PlanFault if the journal lacks it, or has another text than was planned. Each text is read and checked once for a
 * journal.
 */
export function frozenText({ id, frozen }: JobRecord, name: ScriptName, journal: Pick<Journal, 'script'>): string {
  if (!frozen) return readScript(name);
  const digest = frozen.scripts[name];
  const texts = known.get(journal) ?? new Map<string, string>();
  known.set(journal, texts);
  const before = digest === undefined ? undefined : texts.get(digest);
  if (before !== undefined) return before;
  const text = digest === undefined ? undefined : journal.script(digest);
  if (digest === undefined || text === undefined)
    throw new PlanFault(`the journal has no text of ${name}.sh for job ${id}`);
  if (digestOf(text) !== digest) throw new PlanFault(`the journal's text of ${name}.sh is not the one of job ${id}`);
  texts.set(digest, text);
  return text;
}
