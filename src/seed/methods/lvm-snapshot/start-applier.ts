// Starts the donor's applier again once the snapshot is taken: the copy may take hours.
import { z } from 'zod';
import type { PlannedStep } from '../../../job/plan/plan.ts';
import { defineStep, noResult } from '../../../job/plan/step-work.ts';
import { releaseMade } from '../../release-made.ts';

interface StartWish {
  readonly donor: string;
  /** The step that stopped it. */
  readonly applier: Pick<PlannedStep, 'name'>;
}

export const startApplier = defineStep({
  kind: 'seed-go-on',
  stage: 'snapshot',
  /** Names of steps of the plan. */
  input: z.strictObject({ made: z.array(z.string()) }),
  result: noResult,
  plan: ({ donor, applier }: StartWish) => ({
    name: `go on ${donor}`,
    title: `start the applier of ${donor} again`,
    host: donor,
    input: { made: [applier.name] },
    commands: {},
  }),
  run: releaseMade,
});
