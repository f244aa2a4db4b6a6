// Takes the tables into the target's server, under other names, and counts and sums their rows there: by a unit, which outlives a runner.
import { z } from 'zod';
import { defineStep, noInput, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { startAnew } from '../../job/unit/start-anew.ts';
import { unitCommands } from '../../job/unit/unit-commands.ts';
import { linesOf, untilEnded } from '../../job/unit/watch-unit.ts';
import { cleanLine } from '../../text/clean.ts';
import { putWords, type TablesJob } from '../job.ts';

const result = z.object({ rows: z.number(), tables: z.number() });
type Brought = z.infer<typeof result>;

export const bringTables = defineStep({
  kind: 'tables-bring',
  stage: 'copy',
  input: noInput,
  result,
  plan: (job: TablesJob) => {
    const { name } = job.target.host;
    const { job: key } = job.request;
    const unit = unitCommands({
      host: name,
      job: key,
      role: 'tables',
      background: true,
      script: 'tables',
      args: putWords(job, 'bring', {}),
    });
    return {
      name: `bring ${name}`,
      title: `import the tables on ${name} into the database reseed_new_${key}, and compare count and sum of their rows with those of the donor`,
      host: name,
      input: {},
      commands: {
        start: unit.start,
        poll: unit.poll,
        end: unit.end,
      },
      acquires: {
        what: `the import on ${name} (unit reseed-${key}-tables)`,
        release: 'end',
        whenDone: 'release',
      },
    };
  },
  run: bring,
});

async function bring(tools: StepTools): Promise<StepEnd<Brought>> {
  const { step } = tools;
  const unstarted = await startAnew(tools);
  if (unstarted) return unstarted;
  const ended = await untilEnded(tools, {
    key: 'poll',
    everyMs: 500,
    onReport: ({ state, progress }) => {
      if (state.kind === 'running') tools.progress({ text: progressText(progress) });
    },
    silent: 'no answer',
    advice: 'resume the job when it is back',
  });
  if (!ended.ok) return ended;
  const lines = linesOf(ended);
  const [, rows, tables] = /^rows (\d{1,15}) (\d{1,6})$/.exec(lines.at(-1) ?? '') ?? [];
  if (ended.state.kind !== 'ended' || ended.state.code !== 0 || rows === undefined) {
    const why = ended.state.kind === 'ended' ? cleanLine(lines.at(-1) ?? '') : `its unit ${ended.state.kind}`;
    return failed(
      `the tables were not imported on ${step.host}: ${why || 'it did not say why'}`,
      'see the log of the job',
    );
  }
  const brought = { rows: Number(rows), tables: Number(tables) };
  tools.note(
    `${brought.rows} rows of ${brought.tables} tables are equal in count and sum in the server of ${step.host}`,
  );
  return { ok: true, result: brought };
}

function progressText(line: string): string {
  const [, number, count] = /^import (\d{1,6}) (\d{1,6})$/.exec(line) ?? [];
  return number === undefined ? 'the rows are counted and summed' : `table ${number} of ${count}`;
}
