// Asks the donor, at the end of the clone, for temporary tables of its applier: no clone has them, and a later statement of its source may use them.
import { readAnswers } from '../../../host/server/batch.ts';
import type { Commands } from '../../../job/plan/plan.ts';
import type { FailedStep, StepTools } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import { seedSqlWords } from '../../../scripts/seed-sql-words.ts';
import { endingOf } from '../../ending.ts';
import { command } from '../../place.ts';
import { statements } from '../../replica/words.ts';
import type { SeedRequest } from '../../request.ts';

const question = statements(
  "SELECT 'open' AS answer",
  "SHOW GLOBAL STATUS WHERE Variable_name IN ('Replica_open_temp_tables', 'Slave_open_temp_tables')",
);

/** None, where no later statement of a source comes to the target, or none comes to the donor. */
export function applierCommand(request: SeedRequest): Commands {
  const { host, report } = request.donor;
  const isReplica = !report.replication?.ok || report.replication.value.channels.length > 0;
  if (!isReplica || !endingOf(request).catchesUp) return {};
  return { applier: command(host.name, 'seed-sql', seedSqlWords(host.mysql, question)) };
}

/** undefined: it has none, or nothing is to be asked. */
export async function askApplier({
  run,
  note,
  step,
  input,
}: StepTools<{ readonly donor: string }>): Promise<FailedStep | undefined> {
  if (!step.commands.applier) return undefined;
  const answer = await run('applier');
  const rows = answer.ok ? readAnswers(answer.stdout).get('open')?.rows : undefined;
  if (!rows?.length) {
    noteUnasked({ note, step, input });
    return undefined;
  }
  const open = rows.map((row) => Number(row.get('Value'))).find((count) => count > 0);
  if (open === undefined) return undefined;
  return failed(
    `the applier of ${input.donor} had ${open} open temporary tables when the clone ended, and the clone does not have them`,
    'wait until the session on its source that made them ends, and seed again',
  );
}

export function noteUnasked({
  note,
  step,
  input,
}: Pick<StepTools<{ readonly donor: string }>, 'note' | 'step' | 'input'>): void {
  if (!step.commands.applier) return;
  note(`! whether the applier of ${input.donor} had temporary tables open when the clone ended is not known`);
}
