// Proves that a server that was started on copied data has everything of its donor's data (proof.ts judges), before
// anything on it is changed.
import { z } from 'zod';
import type { PlannedCommand } from '../../../job/plan/plan.ts';
import { defineStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { proofOfOpenWords, proofOfReadWords } from '../../../scripts/seed-proof-words.ts';
import { seedStageWords } from '../../../scripts/seed-stage-words.ts';
import { readLook, serverLines } from '../../../service/look.ts';
import type { Stands } from '../../../snapshot/coordinates.ts';
import { cleanLine } from '../../../text/clean.ts';
import { command } from '../../place.ts';
import { lookAwake, wakeCommands } from '../awake.ts';
import { logCommand, sql } from '../commands.ts';
import { type DataInput, dataInputOf, dataSchema } from '../input.ts';
import { onTarget } from '../on-target.ts';
import type { ServerPlan } from '../plan.ts';
import { type Expected, proofOf, readStarted } from '../proof/proof.ts';
import { linesOf } from '../proof/read-proof.ts';
import { coordinatesOf } from '../source/coordinates-of.ts';
import { proofWords, replicaWords } from '../words.ts';

/** For many tables. */
const openDeadlineMs = 60 * 60_000;

/** What could not be checked, as the plan had warned. The job's end reports it (end-words.ts). */
const unprovedSchema = z.strictObject({ unproved: z.string() });
type Unproved = z.infer<typeof unprovedSchema>;
type ProofTools = StepTools<DataInput>;

export const proveData = defineStep({
  kind: 'prove-data',
  stage: 'start',
  input: dataSchema,
  result: unprovedSchema.optional(),
  plan: (plan: ServerPlan) => ({
    ...onTarget(plan, 'prove data'),
    title: `check that ${plan.target.name} has all that ${plan.dataName} had`,
    input: dataInputOf(plan),
    commands: {
      look: sql(plan.target, `${proofWords(plan)} ${replicaWords(plan)}`),
      ...wakeCommands(plan),
      read: command(plan.target.name, 'seed-proof', proofOfReadWords(plan)),
      ...(plan.mayBeEncrypted && { open: openCommand(plan) }),
      log: logCommand(plan),
      proved: command(plan.target.name, 'seed-stage', seedStageWords('proved', plan, {})),
    },
  }),
  run: proveAndNote,
});

const openCommand = ({ target: { name, mysql }, datadir }: ServerPlan): PlannedCommand =>
  command(name, 'seed-proof', proofOfOpenWords(datadir, mysql), openDeadlineMs);

/** Where the old data is gone, an undo leaves this server alone from here on. */
async function proveAndNote(tools: ProofTools): Promise<StepEnd<Unproved | undefined>> {
  const end = await prove(tools);
  if (!end.ok || !tools.step.commands.proved) return end;
  const noted = await tools.run('proved');
  return noted.ok ? end : notDone(noted);
}

async function prove(tools: ProofTools): Promise<StepEnd<Unproved | undefined>> {
  const { run, step, note } = tools;
  const looked = await lookAwake(tools);
  if (!looked.ok) return looked;
  const started = readStarted(looked.stdout);
  if (!started) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  const read = await run('read', { stdin: started.variables });
  if (!read.ok) return notDone(read);
  // Read at once: later the lines of its start may no longer be in the part of its log that is read. `open` itself
  // reports tables that can't be opened.
  const log = await run('log');
  if (!log.ok) return notDone(log);
  const opened = step.commands.open ? await run('open') : undefined;
  if (opened && !opened.ok) return notDone(opened);
  const look = readLook(log.stdout);
  const { troubles, notes } = proofOf(started, expectedOf(tools), look ? serverLines(look) : []);
  const unopened = linesOf(opened?.stdout ?? '').troubles;
  const all = [...linesOf(read.stdout).troubles, ...unopened, ...troubles];
  if (all.length > 0) {
    const keys =
      unopened.length > 0
        ? '; look whether the donor can read these tables: one that it can not read either is to be mended or dropped there. Where they are encrypted, copy the keys of the donor first'
        : '';
    return failed(
      `${step.host} does not have what ${tools.input.dataName} had: ${all.join('; ')}`,
      `its old data is put back${keys}`,
    );
  }
  for (const one of notes) note(one);
  return endOfOpened(tools, opened?.stdout ?? '');
}

function endOfOpened({ step, input, note }: ProofTools, text: string): StepEnd<Unproved | undefined> {
  const unproved = unprovedWords(step.host, text);
  if (unproved === undefined) {
    noteCount({ step, note }, text);
    return { ok: true };
  }
  if (!input.mayBeUnproved) {
    return failed(
      unproved,
      'its old data is put back; GRANT SELECT ON *.* to that account on the primary, and seed again',
    );
  }
  note(`! ${unproved}`);
  return { ok: true, result: { unproved } };
}

function unprovedWords(host: string, text: string): string | undefined {
  const [, why] = /^unproved (.+)$/m.exec(text) ?? [];
  return why === undefined ? undefined : `whether ${host} can read all of its tables is not proved: ${cleanLine(why)}`;
}

function noteCount({ step, note }: Pick<StepTools, 'step' | 'note'>, text: string): void {
  const [, count] = /^opened (\d+)$/m.exec(text) ?? [];
  if (count === undefined) return;
  note(`a row of each table could be read, with the keys of ${step.host}: ${count} tables and partitions`);
}

function expectedOf(tools: ProofTools): Expected {
  const { vendor, version, position, dataName } = tools.input;
  const { gtid, slaveGtid, lsn }: Stands = (position === 'here' ? undefined : coordinatesOf(tools)) ?? {};
  return {
    vendor,
    version,
    dataName,
    ...(position === 'gtid' && gtid !== undefined && { gtid }),
    ...(slaveGtid !== undefined && { slaveGtid }),
    ...(lsn !== undefined && { lsn: BigInt(lsn) }),
  };
}
