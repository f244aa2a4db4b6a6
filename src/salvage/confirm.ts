// The proof: the target has what it had and the named transactions, and no other.
import { z } from 'zod';
import type { Vendor } from '../host/facts.ts';
import { defineStep, noResult } from '../job/plan/step-work.ts';
import { failed } from '../job/runner/step-end.ts';
import { seedSqlWords } from '../scripts/seed-sql-words.ts';
import { sameGtid } from '../seed/replica/gtid-set.ts';
import { executedOf, lackedText, withRuns } from './gtids.ts';
import { type SalvageJob, stateWords, targetNow, vendorSchema } from './job.ts';

const deadlineMs = 60_000;

export const confirmSalvage = defineStep({
  kind: 'confirm-salvage',
  input: z.strictObject({ vendor: vendorSchema, expected: z.string() }),
  result: noResult,
  plan: (salvage: SalvageJob) => {
    const { to, vendor, before, tail } = salvage;
    return {
      name: 'compare GTIDs',
      title: `compare the GTIDs of ${to.name} with what it had and the named ones`,
      host: to.name,
      input: { vendor, expected: withRuns(vendor, before, tail.runs) },
      commands: {
        state: { host: to.name, script: 'seed-sql', args: seedSqlWords(to.login, stateWords(salvage)), deadlineMs },
      },
    };
  },
  run: async (tools) => {
    const { vendor, expected } = tools.input;
    const { host } = tools.step;
    const told = await targetNow(tools);
    if (!told.ok) return told;
    const { state } = told;
    const now = executedOf(state);
    if (!sameGtid(now, expected)) return failed(differenceText(host, vendor, now, expected), 'look at its logs');
    return { ok: true };
  },
});

function differenceText(host: string, vendor: Vendor, now: string, expected: string): string {
  const [lacks, more] = [lackedText(vendor, expected, now), lackedText(vendor, now, expected)];
  return [
    `${host} does not have the GTIDs that were to be there`,
    ...(lacks ? [`it lacks ${lacks}`] : []),
    ...(more ? [`it has ${more} besides`] : []),
  ].join('; ');
}
