// What a proof of restore is asked to do, with the known facts of its host.
//
// This room has the plan of a proof: a server of the job's own is started on a writable copy of a snapshot, and its tables are read. What it proved is the
// result of a step (prove.ts), and a mark on the snapshot.
import type { LogicalVolume } from '../host/facts.ts';
import type { Who } from '../job/journal/record.ts';
import type { Side } from '../seed/request.ts';

export interface ProofRequest {
  readonly side: Side;
  /** The host that the snapshot is copied to, and whose program reads it. Absent: its own. */
  readonly on?: Side;
  /** Absent: one is taken for it, and removed at its end. */
  readonly snapshot?: LogicalVolume;
  /** Tables are drawn until they have so many percent of the bytes. Absent: by the size of the data. */
  readonly check?: number;
  /** The job is over after this time, and has proved nothing. Absent: the default. */
  readonly limitMs?: number;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
  readonly nowMs: number;
}

export const defaultLimitMs = 12 * 3_600_000;
/** CHECK TABLE reads some 100 MB/s: half an hour. */
const allBelowBytes = 200 * 1024 ** 3;

/** How much of the data is checked where nothing else is asked for, in percent. */
export const usualCheck = (dataBytes: number | undefined): number =>
  dataBytes === undefined || dataBytes <= allBelowBytes
    ? 100
    : Math.max(1, Math.floor((allBelowBytes / dataBytes) * 100));
