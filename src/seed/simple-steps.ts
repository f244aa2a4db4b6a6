// Works of the seed's steps that are one command, or a few in a row.

import { z } from 'zod';
import { failed, notDone } from '../job/step-end.ts';
import type { StepEnd, StepTools } from '../job/step-work.ts';
import { coordinatesJson, readCoordinates } from '../snapshot/coordinates.ts';
import { limitText, shortSize } from '../text/amounts.ts';

/** Runs `run`; what it says is noted, unless the step only looks whether the host answers. */
export const commandInput = z.strictObject({
  /** It only looks whether the host answers: what it says is not noted. */
  looks: z.boolean().optional(),
});

export async function oneCommand({ run, note, input }: StepTools<z.infer<typeof commandInput>>): Promise<StepEnd> {
  const answer = await run('run');
  if (!answer.ok) return notDone(answer);
  const said = answer.stdout.trim();
  if (said !== '' && input.looks !== true) note(said);
  return { ok: true };
}

/** The same of a server that is down; `gtid` is where its binary log ends (seed-still.sh), and stays in the result. */
export const heldInput = z.strictObject({
  /** Of MariaDB, whose data alone does not tell it. */
  needsGtid: z.boolean(),
});

export async function holdStill({ run, note, step, input }: StepTools<z.infer<typeof heldInput>>): Promise<StepEnd> {
  const answer = await run('run');
  if (!answer.ok) return notDone(answer);
  const [, gtid] = /^gtid ([\d,-]+)$/m.exec(answer.stdout) ?? [];
  if (gtid === undefined && input.needsGtid) {
    return failed(
      `up to which GTID the data of ${step.host} goes is not known: its binary logs, which do not come along, did not tell`,
      `start the server of ${step.host} and stop it again, or copy a snapshot of it while it runs`,
    );
  }
  if (gtid === undefined) return { ok: true };
  note(`its binary log ends at gtid ${gtid}`);
  return { ok: true, result: { gtid } };
}

export async function beginUnit({ run }: StepTools): Promise<StepEnd> {
  const answer = await run('start');
  return answer.ok ? { ok: true } : notDone(answer);
}

export async function listData({ run, note, step }: StepTools): Promise<StepEnd> {
  const answer = await run('list');
  if (!answer.ok) return notDone(answer);
  const [tasks, files, bytes] = answer.stdout.trim().split(' ').map(Number);
  if (tasks === undefined || files === undefined || bytes === undefined || Number.isNaN(bytes)) {
    return failed('the answer of seed-list.sh was not understood', 'see the log of the job');
  }
  const limited = await run('limit');
  if (!limited.ok) return notDone(limited);
  const limit = Number(step.commands.limit?.args.at(-1) ?? 0);
  if (limit > 0) note(`at most ${limitText(limit)}; rates that are told are of the data, before compression`);
  note(`${files} files, ${shortSize(bytes)}, in ${tasks} tasks`);
  return { ok: true, result: { tasks, files, bytes } };
}

export const coordinatesInput = z.strictObject({
  /** A target attaches to the donor's source, by file and position. */
  needsSource: z.boolean(),
});

export async function readStanding({
  run,
  note,
  step,
  input,
}: StepTools<z.infer<typeof coordinatesInput>>): Promise<StepEnd> {
  const answer = await run('run');
  if (!answer.ok) return notDone(answer);
  const coordinates = readCoordinates(answer.stdout);
  if (!coordinates) return failed('what was written down of the snapshot was not understood', 'take a new one');
  if (input.needsSource && !coordinates.source?.logFile) {
    return failed(
      `where the data of this snapshot stands in the log of ${step.host}'s source is not known: its applier ran when it was taken`,
      'take a new one: the applier is stopped for it',
    );
  }
  note(coordinates.gtid ? `gtid ${coordinates.gtid}` : `${coordinates.logFile}:${coordinates.logPosition}`);
  return { ok: true, result: coordinatesJson(coordinates) };
}

/** Names of steps of the plan. */
export const madeInput = z.strictObject({ made: z.array(z.string()) });

type Releasing = Pick<StepTools<z.infer<typeof madeInput>>, 'release' | 'input' | 'note'>;

/** Takes away what the steps named have made; what does not go now is tried again at the end of the job. */
export async function releaseMade({ release, input, note }: Releasing): Promise<StepEnd> {
  for (const name of input.made) {
    if (!(await release(name))) note(`what ${name} made could not be taken away yet`);
  }
  return { ok: true };
}
