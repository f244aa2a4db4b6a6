// The coordinates of a seed's data, from the step of its method.
import { type Stands, standsSchema } from '../../../snapshot/coordinates.ts';
import type { AttachTools } from '../input.ts';

/** undefined: no step of the job found them. Of a method with a step for each target, those of this one. */
export function coordinatesOf({ resultOf, input, step }: AttachTools): Stands | undefined {
  const of = { kind: input.coordinatesOf, result: standsSchema };
  return resultOf(of, step.host) ?? resultOf(of);
}
