// Where the data of a seed stands, as a step of its method found out.
import { type Stands, standsSchema } from '../../../snapshot/coordinates.ts';
import type { AttachTools } from '../input.ts';

/** undefined: none of the job's steps found that out. */
export const coordinatesOf = ({ resultOf, input }: AttachTools): Stands | undefined =>
  resultOf({ kind: input.coordinatesOf, result: standsSchema });
