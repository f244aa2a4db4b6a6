// How old a shown value is, and from when it is shown as old. Pure; times are this machine's.
import type { ReportPart } from '../host/facts.ts';
import type { HostPicture } from './picture.ts';
import { cadenceMs, pollIntervalMs } from './polling/cadence.ts';

/** One poll may be late and one may be lost before a value counts as old. */
const oldAfterCadences = 2.5;

/** Milliseconds since the part was last answered; undefined: never. */
export function ageMs(
  { partAtMs }: Pick<HostPicture, 'partAtMs'>,
  part: ReportPart,
  nowMs: number,
): number | undefined {
  const at = partAtMs[part];
  return at === undefined ? undefined : Math.max(0, nowMs - at);
}

/** Whether the part is to be shown as old, with its age. A part that never came is unknown, not old. */
export function isOld(
  picture: Pick<HostPicture, 'partAtMs'>,
  part: ReportPart,
  nowMs: number,
  intervalMs: number = pollIntervalMs,
): boolean {
  const age = ageMs(picture, part, nowMs);
  return age !== undefined && age > oldAfterCadences * cadenceMs(part, intervalMs);
}
