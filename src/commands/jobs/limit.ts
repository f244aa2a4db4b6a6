// reseed job limit: the bandwidth of a copy that runs, changed. The unit on the donor looks at it between two tasks, and while it
// is limited four times a second.
import type { Inventory } from '../../inventory/settings.ts';
import { openJobLog } from '../../job/log-file.ts';
import type { PlannedCommand } from '../../job/plan.ts';
import { isOver, type JobRecord } from '../../job/record.ts';
import { runCommand } from '../../job/run-command.ts';
import { openRemotes } from '../../remote/open.ts';
import { bytesIn, limitText } from '../../text/amounts.ts';
import { exitCodes, printFailure, printLine } from '../answer.ts';
import { readOnlyJob } from './carry-on.ts';
import type { Desk } from './desk.ts';

/** `word`: `20M`, bytes a second on the wire that leave the donor; or `none`. Sets the exit code. */
export async function limitJob(
  desk: Desk,
  job: JobRecord,
  word: string,
  inventory: Pick<Inventory, 'hosts'>,
): Promise<void> {
  const bytes = word === 'none' ? 0 : bytesIn(word);
  if (bytes === undefined)
    return refuse(
      exitCodes.usage,
      `'${word}' is no bandwidth`,
      'write bytes a second with their unit, 20M or 1.5G; or none',
    );
  const readOnly = readOnlyJob(job, inventory);
  if (readOnly !== undefined) return refuse(exitCodes.refused, readOnly, '');
  const step = job.plan.steps.find(({ commands }) => commands.limit !== undefined);
  const target = job.targets.find(({ name }) => name === step?.host);
  if (!step?.commands.limit || !target || isOver(job.state)) {
    return refuse(exitCodes.refused, `job ${job.id} copies nothing`, 'reseed jobs lists those that run');
  }
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(target);
  const log = openJobLog(desk.home.log(job.id), Date.now);
  const parts = { journal: desk.journal, log, open: () => remote, nowMs: Date.now };
  const answer = await runCommand(job, step, 'limit', limited(step.commands.limit, bytes), parts, {});
  await remote.close();
  await remotes.close();
  if (!answer.ok) return refuse(exitCodes.failed, `${answer.message} ${answer.printed}`.trim(), answer.advice);
  printLine(`job ${job.id} copies ${bytes === 0 ? 'as fast as it can' : `with at most ${limitText(bytes)}`}`);
}

const limited = (planned: PlannedCommand, bytes: number): PlannedCommand => ({
  ...planned,
  args: [...planned.args.slice(0, -1), String(bytes)],
});

function refuse(code: number, message: string, advice: string): void {
  process.exitCode = code;
  printFailure(false, { error: 'refused', message, advice });
}
