// Reads the coordinates that the job of an existing snapshot recorded.
import { z } from 'zod';
import { defineStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { type Coordinates, coordinatesSchema, readCoordinates, tellsNothing } from '../../../snapshot/coordinates.ts';
import { nameOf, type OneSnapshot, snapshotCommand } from '../../../snapshot/snapshot-commands.ts';

const input = z.strictObject({
  /** A target will replicate from the donor's source, by file and position. */
  needsSource: z.boolean(),
});

export const readsCoordinates = defineStep({
  kind: 'seed-coordinates',
  input,
  result: coordinatesSchema,
  plan: ({ needsSource, ...request }: OneSnapshot & z.infer<typeof input>) => ({
    name: 'coordinates',
    title: `read the coordinates of ${nameOf(request.snapshot)} on ${request.host.name}`,
    host: request.host.name,
    input: { needsSource },
    commands: { run: snapshotCommand(request, 'coordinates', { job: '' }) },
  }),
  run: read,
});

async function read(tools: StepTools<z.infer<typeof input>>): Promise<StepEnd<Coordinates>> {
  const { run, note, step } = tools;
  const answer = await run('run');
  if (!answer.ok) return notDone(answer);
  const coordinates = readCoordinates(answer.stdout);
  if (!coordinates) return failed('what was written down of the snapshot was not understood', 'take a new one');
  if (tellsNothing(coordinates)) {
    return failed(
      'this snapshot was taken while its server was down: where its data stands was not written down',
      'take a new one while the server runs; or plan the seed again',
    );
  }
  if (tools.input.needsSource && !coordinates.source?.logFile) {
    return failed(
      `where the data of this snapshot stands in the log of ${step.host}'s source is not known: its applier ran when it was taken`,
      'take a new one: the applier is stopped for it',
    );
  }
  note(coordinates.gtid ? `gtid ${coordinates.gtid}` : `${coordinates.logFile}:${coordinates.logPosition}`);
  return { ok: true, result: coordinates };
}
