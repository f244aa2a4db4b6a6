// Puts the tables in place by one statement: the old ones are kept beside them. A replica must be at
// the coordinates of the dump; that it did not leave them in that moment, the script sees in the session of the statement.
import { z } from 'zod';
import { defineStep, type FailedStep, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed, notDone } from '../../job/runner/step-end.ts';
import { loadDump } from '../../seed/methods/dump/load-dump.ts';
import { put, stateBy, stateCommand, type TablesJob, yesNo } from '../job.ts';
import { appliedOf, beyond, passedBy } from '../positions.ts';

const input = z.strictObject({ replica: z.boolean() });
type Tools = StepTools<z.infer<typeof input>>;

export const swapTables = defineStep({
  kind: 'tables-swap',
  stage: 'swap',
  input,
  result: noResult,
  plan: (job: TablesJob) => {
    const { host } = job.target;
    return {
      name: `swap ${host.name}`,
      title: `put the new tables in place on ${host.name}, by one statement`,
      host: host.name,
      input: { replica: job.replica !== undefined },
      commands: {
        run: put(job, 'swap', {
          replica: yesNo(job.replica !== undefined),
          replace: yesNo(job.replace),
          table: job.names,
        }),
        state: stateCommand(host, job.speaker),
      },
    };
  },
  run: swap,
});

async function swap(tools: Tools): Promise<StepEnd> {
  const before = await notThere(tools);
  if (before) return before;
  const answer = await tools.run('run');
  if (!answer.ok) return notDone(answer);
  tools.note(answer.stdout.trim());
  return { ok: true };
}

async function notThere(tools: Tools): Promise<FailedStep | undefined> {
  if (!tools.input.replica) return undefined;
  const told = await stateBy(tools, 'state');
  if (!told.ok) return told;
  const { state } = told;
  const { vendor } = state.server;
  const wanted = tools.resultOf(loadDump)?.gtid ?? '';
  const applied = appliedOf(state);
  const isThere = beyond(vendor, wanted, applied) === '' && passedBy(state, wanted) === '';
  if (isThere && state.channel?.sqlThread !== 'running') return undefined;
  return failed(
    `${tools.step.host} is not at the coordinates of the dump: it has ${applied}, and these are ${wanted}`,
    'its applier was started meanwhile: begin again',
  );
}
