// What the steps of snapshot plans do.
import { z } from 'zod';
import { failed, notDone } from '../job/step-end.ts';
import { defineStep, type StepEnd, type StepTools, type StepWorks } from '../job/step-work.ts';
import { coordinatesJson, readCoordinates } from './coordinates.ts';

const takenInput = z.strictObject({
  group: z.string(),
  volume: z.string(),
  /** The volume that it is a snapshot of. */
  origin: z.string(),
  /** The server runs: its writes are blocked meanwhile. */
  locked: z.boolean(),
  /** A step before this one stopped the applier: its position has to be told. */
  applierStopped: z.boolean(),
});

async function takeSnapshot({
  run,
  step,
  input,
  note,
  progress,
}: StepTools<z.infer<typeof takenInput>>): Promise<StepEnd> {
  const answer = await run('take');
  if (!answer.ok) return notDone(answer);
  const coordinates = readCoordinates(answer.stdout);
  if (!coordinates) return failed('the answer of take-snapshot.sh was not understood', 'see the log of the job');
  if (input.applierStopped && (coordinates.sources ?? []).some(({ logFile }) => logFile === '')) {
    return failed(
      `an applier of ${step.host} was started again before the snapshot was taken: where its data stands is not known`,
      'see who starts it; then take another',
    );
  }
  const { lockedMs, gtid, logFile, logPosition } = coordinates;
  const said = input.locked
    ? `writes blocked for ${(lockedMs / 1000).toFixed(2)} s; ${gtid ? `gtid ${gtid}` : `${logFile}:${logPosition}`}`
    : 'taken without a lock: the server was down';
  note(said);
  // It stays beside the step, when it is done.
  progress({ text: said });
  return { ok: true, result: coordinatesJson(coordinates) };
}

/** Steps that are one command. */
async function runOnce({ run }: StepTools): Promise<StepEnd> {
  const answer = await run('run');
  return answer.ok ? { ok: true } : notDone(answer);
}

export const snapshotWorks: StepWorks = {
  'take-snapshot': defineStep(takenInput, takeSnapshot),
  /** A mount has the folder for those who look for it in the plan. */
  'snapshot-command': defineStep(z.strictObject({ folder: z.string().optional() }), runOnce),
};
