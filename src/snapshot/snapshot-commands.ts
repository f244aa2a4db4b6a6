// A snapshot by all that tells it from any other, and the commands of steps about it (snapshot.sh).
import type { LogicalVolume } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import { type OwnWords, type SnapshotVerb, snapshotWords } from '../scripts/snapshot-words.ts';

/** What tells a snapshot from any other. Its uuid is empty where it will only be known when the job has taken it. */
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
