// Kinds of steps for a test: their steps are written as data.
import { type ZodType, z } from 'zod';
import { defineStep, type StepDefinition, type StepWork } from '../../src/job/plan/step-work.ts';

export const kindOf = <Input>(kind: string, input: ZodType<Input>, run: StepWork<Input>): StepDefinition =>
  defineStep({
    kind,
    input,
    result: z.unknown(),
    plan: () => {
      throw new Error(`${kind} is planned by hand`);
    },
    run,
  });
