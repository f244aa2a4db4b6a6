// The text of a script as a job has it.
import { readScript, type ScriptName } from '../../scripts/script.ts';
import type { Journal } from '../journal/journal.ts';
import type { JobRecord } from '../journal/record.ts';
import { digestOf } from './frozen.ts';
import { PlanFault } from './plan-fault.ts';

/** By journals, of which a runner has one: texts that were found to be those of their digests. */
const known = new WeakMap<object, Map<string, string>>();

/**
 * What was written down with the job. A job that a reseed wrote down before there was such a thing runs this build's. Throws a PlanFault
 * where the journal lacks it, or has another text than was planned. It is read, and its digest made, once for a journal.
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
