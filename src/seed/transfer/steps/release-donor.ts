// Closes the channels, and releases what the job made on the donor: it is free before a target is even started, and
// catching up may take hours.
import { z } from 'zod';
import type { PlannedStep } from '../../../job/plan/plan.ts';
import { defineStep, noResult } from '../../../job/plan/step-work.ts';
import { releaseMade } from '../../release-made.ts';

interface ReleaseWish {
  readonly donor: string;
  /** The steps whose resources are released, in that order. */
  readonly made: readonly Pick<PlannedStep, 'name'>[];
}

export const releaseDonor = defineStep({
  kind: 'seed-release',
  /** Names of steps of the plan. */
  input: z.strictObject({ made: z.array(z.string()) }),
  result: noResult,
  plan: ({ donor, made }: ReleaseWish) => ({
    name: 'release donor',
    title: `close the channels; remove what the job made on ${donor}`,
    host: donor,
    input: { made: made.map(({ name }) => name) },
    commands: {},
  }),
  run: async (tools) => {
    await tools.relays.close();
    return await releaseMade(tools);
  },
});
