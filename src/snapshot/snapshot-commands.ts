// A snapshot by all that tells it from any other, and the commands of steps about it (snapshot.sh).
import type { LogicalVolume } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan.ts';

/** What tells a snapshot from any other. Its uuid is empty where it will only be known when the job has taken it. */
export type SnapshotName = Pick<LogicalVolume, 'group' | 'volume' | 'uuid' | 'origin'>;

export interface OneSnapshot {
  readonly host: Host;
  readonly snapshot: SnapshotName;
}

export const deadlineMs = 120_000;

/** `last`: what the verb has to know beside the snapshot. */
export function snapshotCommand(
  { host, snapshot: { group, volume, uuid, origin = '' } }: OneSnapshot,
  verb: 'mount' | 'unmount' | 'remove' | 'coordinates',
  last: string,
): PlannedCommand {
  return { host: host.name, script: 'snapshot', args: [verb, group, volume, uuid, origin, last], deadlineMs };
}

export const nameOf = ({ group, volume }: Pick<SnapshotName, 'group' | 'volume'>) => `${group}/${volume}`;
