// The full identity of a snapshot, and the commands of steps about it (snapshot.sh).
import type { LogicalVolume } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import { type OwnWords, type SnapshotVerb, snapshotWords } from '../scripts/snapshot-words.ts';

/** Identifies one snapshot. Its uuid is empty if it is only known once the job has taken the snapshot. */
export type SnapshotName = Pick<LogicalVolume, 'group' | 'volume' | 'uuid' | 'origin'>;

export interface OneSnapshot {
  readonly host: Host;
  readonly snapshot: SnapshotName;
}

export const deadlineMs = 120_000;

export function snapshotCommand({ host, snapshot }: OneSnapshot, verb: SnapshotVerb, own: OwnWords): PlannedCommand {
  return { host: host.name, script: 'snapshot', args: snapshotWords(verb, snapshot, own), deadlineMs };
}

export const nameOf = ({ group, volume }: Pick<SnapshotName, 'group' | 'volume'>) => `${group}/${volume}`;
