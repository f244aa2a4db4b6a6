// The names of items that reseed left: they name the steps of a cleaning, and whatever is left after it.
import type { LeftMount, Leftovers, LeftVolume } from '../host/leftovers/leftovers.ts';

/** One folder may have several devices mounted on it, one over the other. */
export const mountName = ({ folder, device }: LeftMount) => `mount ${folder} (${device})`;
export const holdName = ({ unit, job }: Leftovers['holds'][number]) => `hold of job ${job} on ${unit}`;
export const applierName = (job: string) => `applier that job ${job} stopped`;
export const accountName = (job: string) => `account reseed_${job} of a seed by clone`;
export const salvageName = (job: string) => `logs that the salvage of job ${job} brought`;
export const nameOf = ({ group, volume }: LeftVolume) => `${group}/${volume}`;

/** The names of the steps. */
export function thingsOf({
  units,
  mounts,
  volumes,
  orphans,
  scraps,
  holds,
  appliers,
  accounts,
  salvages,
}: Leftovers): string[] {
  return [
    ...units.map(({ job, role }) => `unit reseed-${job}-${role}`),
    ...mounts.map(mountName),
    ...volumes.map((volume) => `snapshot ${nameOf(volume)}`),
    ...holds.map(holdName),
    ...appliers.map(applierName),
    ...accounts.map(accountName),
    ...salvages.map(({ job }) => salvageName(job)),
    ...orphans.map((name) => `coordinates ${name}`),
    ...scraps.map((name) => `scrap ${name}`),
  ];
}
