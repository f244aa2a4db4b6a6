// Reads which GTIDs the data of a started server has, before its channels and logs go: after their reset it does not know them any more.
import { z } from 'zod';
import { defineStep, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { wakeCommands } from '../replica/awake.ts';
import { sql } from '../replica/commands.ts';
import { bothOf, latestPosition } from '../replica/gtid-set.ts';
import { onTarget } from '../replica/on-target.ts';
import { coordinatesOf } from '../replica/source/coordinates-of.ts';
import { lookAtTarget } from '../replica/source/look-at-target.ts';
import { type AloneInput, aloneInputOf, aloneSchema } from './input.ts';
import type { AlonePlan } from './plan.ts';
import { aloneWords } from './words.ts';

/** Empty: its data has none. */
const result = z.object({ gtid: z.string() });

export const readData = defineStep({
  kind: 'read-own-gtids',
  input: aloneSchema,
  result,
  plan: (plan: AlonePlan) => ({
    ...onTarget(plan, 'read data'),
    title: `read which transactions the data of ${plan.target.name} has`,
    input: aloneInputOf(plan),
    commands: { look: sql(plan.target, aloneWords(plan)), ...wakeCommands(plan) },
  }),
  run: read,
});

async function read(tools: StepTools<AloneInput>): Promise<StepEnd<z.infer<typeof result>>> {
  const looked = await lookAtTarget(tools);
  if (!looked.ok) return looked;
  const { state } = looked;
  const { step, input, note, resultOf } = tools;
  const hasGtids = input.vendor === 'mariadb' || state.server.gtid;
  // A MariaDB that does not read the donor's binary logs knows nothing of the donor's own writes: the coordinates do.
  // A MySQL before 8.0.17 has those since the last rotation in the log alone, which this server may not read.
  const told = coordinatesOf({ step, input, resultOf })?.gtid;
  const both = input.vendor === 'mariadb' ? latestPosition : bothOf;
  const gtid = hasGtids ? (told === undefined ? state.ownGtid : both(state.ownGtid, told)) : '';
  note(gtid === '' ? 'its data has no GTIDs' : `its data has gtid ${gtid}`);
  return { ok: true, result: { gtid } };
}
