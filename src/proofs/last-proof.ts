// When the last restore of a host was proved, and how long it took: by the journal, and by the marks of its snapshots, which other jump hosts leave too. Pure.
import type { HostReport } from '../host/facts.ts';
import { isOfDatadir, isSnapshot, marksOf } from '../host/storage/snapshots.ts';
import type { JobRecord } from '../job/journal/record.ts';
import { stepOf } from '../job/steps-of.ts';
import { type Proved, percentOf, provedBy, tookMs } from './told.ts';

export interface LastProof {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly tookMs: number;
  /** How much of the bytes was read. */
  readonly percent: number;
  /** `vg0/reseed-9f3a4c21-20261122T193047Z` */
  readonly snapshot: string;
  /** The number of its job; absent: the mark of a snapshot tells it. */
  readonly job?: number;
}

/** undefined: the job proved nothing. */
export const provedIn = (job: JobRecord): Proved | undefined =>
  job.plan.kind === 'proof' ? stepOf(job, provedBy)?.result : undefined;

/** Whether a later proof found its snapshot damaged, and took the mark of this one from it, on this jump host or another. */
export function lostItsMark({ snapshot, atMs }: Pick<Proved, 'snapshot' | 'atMs'>, { lvm }: HostReport): boolean {
  const volumes = lvm?.ok ? lvm.value.volumes : [];
  const volume = volumes.find((one) => `${one.group}/${one.volume}` === snapshot);
  // A younger one has the name of the one that was proved, by a command of the inventory.
  return volume !== undefined && !marksOf(volume).restores && (volume.createdSeconds ?? 0) * 1000 <= atMs;
}

/** undefined: no restore is known to have been proved. `jobs`: in any order, of any kind. */
export function lastProof(host: string, report: HostReport, jobs: readonly JobRecord[]): LastProof | undefined {
  const { lvm } = report;
  const byJobs = jobs.flatMap((job): LastProof[] => {
    const proved = job.plan.hosts[0] === host ? provedIn(job) : undefined;
    return proved && !lostItsMark(proved, report)
      ? [
          {
            atMs: proved.atMs,
            tookMs: tookMs(proved),
            percent: percentOf(proved),
            snapshot: proved.snapshot,
            job: job.id,
          },
        ]
      : [];
  });
  const volumes = lvm?.ok ? lvm.value.volumes.filter((one) => isSnapshot(one) && isOfDatadir(one, lvm.value)) : [];
  const byMarks = volumes.flatMap((volume): LastProof[] => {
    const { restores } = marksOf(volume);
    const snapshot = `${volume.group}/${volume.volume}`;
    // The same proof: its job says more.
    if (!restores || byJobs.some((one) => one.snapshot === snapshot)) return [];
    return [{ atMs: restores.atSeconds * 1000, tookMs: restores.tookMs, percent: restores.percent, snapshot }];
  });
  return [...byJobs, ...byMarks].toSorted((one, other) => other.atMs - one.atMs)[0];
}
