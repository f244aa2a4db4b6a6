// The coordinates of a seed's data, from the step of its method.
import { type Stands, standsSchema } from '../../../snapshot/coordinates.ts';
import type { AttachTools } from '../input.ts';

/** undefined: no step of the job found them. */
export const coordinatesOf = ({ resultOf, input }: AttachTools): Stands | undefined =>
  resultOf({ kind: input.coordinatesOf, result: standsSchema });
