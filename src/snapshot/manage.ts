// Plans that mount, unmount and remove snapshots. A plan identifies a snapshot by all its names and ids, so that one
// that has changed since it was looked at is not touched.
import type { LogicalVolume } from '../host/facts.ts';
import { isOf, marksOf } from '../host/storage/snapshots.ts';
import type { Host } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import { lockHost } from '../job/lock-step.ts';
import type { PlannedStep } from '../job/plan/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { shortSize } from '../text/amounts.ts';
import { mountSnapshot } from './mount-snapshot.ts';
import { removeSnapshot } from './remove-snapshot.ts';
import { type Room, roomLosses, roomStep } from './room.ts';
import { nameOf } from './snapshot-commands.ts';
import { unmountSnapshot } from './unmount-snapshot.ts';

export interface ManageRequest {
  readonly host: Host;
  /** At least one, but for a prune that removes for room alone. */
  readonly snapshots: readonly LogicalVolume[];
  /** The datadir of the host's server; empty: unknown. */
  readonly datadir: string;
  /** The datadir's volume, whose snapshots these are; absent: none, or unknown. */
  readonly datadirVolume?: Pick<LogicalVolume, 'group' | 'volume'>;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
}

/** Only snapshots that reseed made are ever removed. */
const isOurs = (volume: LogicalVolume): boolean => marksOf(volume).ours;

export function planMount(request: ManageRequest): Planned {
  const { host, snapshots } = request;
  const invalid = snapshots.find(({ valid }) => !valid);
  if (invalid) return refusal(`${nameOf(invalid)} is invalid: what it held is lost`, 'remove it');
  const mounted = snapshots.find(({ mountPoints }) => mountPoints.length > 0);
  if (mounted) return refusal(`${nameOf(mounted)} is mounted on ${mounted.mountPoints[0]}`, '');
  const steps = snapshots.map((snapshot) => mountSnapshot.plan({ host, snapshot, whenDone: 'keep' }));
  return planned(request, 'mount', `mount ${namesOf(snapshots)} on ${host.name}`, steps);
}

export function planUnmount(request: ManageRequest): Planned {
  const { host, snapshots } = request;
  const steps: PlannedStep[] = [];
  for (const snapshot of snapshots) {
    const [folder] = snapshot.mountPoints;
    if (folder === undefined) return refusal(`${nameOf(snapshot)} of ${host.name} is not mounted`, '');
    steps.push(unmountSnapshot.plan({ host, snapshot, folder }));
  }
  return planned(request, 'unmount', `unmount ${namesOf(snapshots)} on ${host.name}`, steps);
}

const namesOf = (snapshots: readonly LogicalVolume[]): string => snapshots.map(nameOf).join(', ');

export function planRemove(request: ManageRequest): Planned {
  const { host, snapshots } = request;
  const mounted = snapshots.find(({ mountPoints }) => mountPoints.length > 0);
  const foreign = snapshots.find((snapshot) => !isOurs(snapshot));
  if (foreign) {
    const name = nameOf(foreign);
    return refusal(`${name} was not made by reseed`, `if it is to go, by hand on ${host.name}: lvremove ${name}`);
  }
  if (mounted) return refusal(`${nameOf(mounted)} is mounted on ${mounted.mountPoints[0]}`, 'unmount it first');
  return planned(request, 'remove', `remove ${namesOf(snapshots)} on ${host.name}`, ...removals(request));
}

/** `room`: what else goes, if it has to, so that enough is free. */
export function planPrune(request: ManageRequest, room: Room | undefined): Planned {
  if (!room) return planRemove(request);
  const { host, snapshots } = request;
  const [steps, destroys] = removals(request);
  const names = [...snapshots, ...room.candidates].map(nameOf);
  return planned(
    request,
    'remove',
    `prune ${host.name}: ${names.join(', ')}`,
    [...steps, roomStep(host, room)],
    [...destroys, ...roomLosses(host, room)],
  );
}

/** The steps, and what each destroys. */
function removals({ host, snapshots }: ManageRequest): [PlannedStep[], string[]] {
  const steps = snapshots.map((snapshot) => removeSnapshot.plan({ host, snapshot }));
  const destroys = snapshots.map(
    (snapshot) =>
      `the snapshot ${nameOf(snapshot)} of ${snapshot.origin} on ${host.name} (${shortSize(snapshot.sizeBytes)}${marksOf(snapshot).restores ? ', proved to restore' : ''}) is lost for good`,
  );
  return [steps, destroys];
}

function planned(
  request: ManageRequest,
  kind: string,
  title: string,
  steps: PlannedStep[],
  destroys: string[] = [],
): Planned {
  const { host, job, who } = request;
  const refused = readOnlyRefusal(host);
  if (refused) return refused;
  const lock = lockHost.plan({ host: host.name, datadir: lockedDatadir(request), job, who });
  return { ok: true, plan: { kind, title, hosts: [host.name], destroys, steps: [lock, ...steps] } };
}

/** A snapshot of another volume may belong to another server of this host, so no job may work on the host meanwhile. */
function lockedDatadir({ snapshots, datadir, datadirVolume }: ManageRequest): string {
  return snapshots.every((snapshot) => isOf(snapshot, datadirVolume)) ? datadir : '';
}
