// The limit of a clone: CLONE counts in MiB a second.
import type { SeedRequest } from '../../request.ts';

export const slowestBytesPerSecond = 1024 ** 2;

/** Bytes a second; 0: no limit. */
export const wantedLimit = ({ donor, bandwidthBytesPerSecond }: SeedRequest): number =>
  Math.floor(bandwidthBytesPerSecond ?? donor.host.seed.bandwidthBytesPerSecond ?? 0);

/** MiB a second; 0: no limit. */
export function rateOf(request: SeedRequest): number {
  const bytes = wantedLimit(request);
  return bytes === 0 ? 0 : Math.max(1, Math.floor(bytes / slowestBytesPerSecond));
}
