// The coordinates of a seed's data, from the step of its method.
import type { StepTools } from '../../../job/plan/step-work.ts';
import { type Stands, standsSchema } from '../../../snapshot/coordinates.ts';
import type { DataInput } from '../input.ts';

type Asking = Pick<StepTools<Pick<DataInput, 'coordinatesOf'>>, 'resultOf' | 'input' | 'step'>;

/** undefined: no step of the job found them. Of a method with a step for each target, those of this one. */
export function coordinatesOf({ resultOf, input, step }: Asking): Stands | undefined {
  const of = { kind: input.coordinatesOf, result: standsSchema };
  return resultOf(of, step.host) ?? resultOf(of);
}
