// The target, just before its first transaction: it stands where it stood at the plan, no replication runs, and its administrators can write.
import { z } from 'zod';
import { defineStep, noResult } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { openWords } from '../scripts/salvage-words.ts';
import { seedSqlWords } from '../scripts/seed-sql-words.ts';
import { sameGtid } from '../seed/replica/gtid-set.ts';
import { runningText } from './checks.ts';
import { executedOf } from './gtids.ts';
import { type SalvageJob, stateWords, targetNow } from './job.ts';

const deadlineMs = 120_000;

export const openServer = defineStep({
  kind: 'open-for-salvage',
  input: z.strictObject({ before: z.string() }),
  result: noResult,
  plan: (salvage: SalvageJob) => {
    const { job, to, before } = salvage;
    const command = (verb: 'open' | 'close') =>
      ({ host: to.name, script: 'salvage-open', args: openWords(verb, job, to.login), deadlineMs }) as const;
    return {
      name: 'open the server',
      title: `see that ${to.name} has not moved on, and let administrators write there (read_only stays on)`,
      host: to.name,
      input: { before },
      commands: {
        state: { host: to.name, script: 'seed-sql', args: seedSqlWords(to.login, stateWords(salvage)), deadlineMs },
        open: command('open'),
        close: command('close'),
      },
      acquires: { what: `super_read_only of ${to.name}, switched off`, release: 'close', whenDone: 'release' },
    };
  },
  run: async (tools) => {
    const { before } = tools.input;
    const { host } = tools.step;
    const told = await targetNow(tools);
    if (!told.ok) return told;
    const { state } = told;
    const now = executedOf(state);
    if (!sameGtid(now, before)) {
      return failed(`${host} has moved on since the plan: it has ${now}, and had ${before}`, 'plan again');
    }
    const running = runningText(state);
    if (running) return failed(`replication runs on ${host}: ${running}`, `STOP REPLICA on ${host}, and plan again`);
    const opened = await tools.run('open');
    return opened.ok ? { ok: true } : notDone(opened);
  },
});
