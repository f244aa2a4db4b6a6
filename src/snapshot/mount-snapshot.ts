// Mounts a snapshot read-only.
import { z } from 'zod';
import type { Host } from '../inventory/settings.ts';
import { defineStep, noResult } from '../job/plan/step-work.ts';
import { runOnce } from './run-once.ts';
import { nameOf, type OneSnapshot, type SnapshotName, snapshotCommand } from './snapshot-commands.ts';

const defaultMountRoot = '/run/reseed/mount';

/** The folder where a snapshot of a host is mounted. */
export const mountFolder = ({ snapshot: { mountRoot } }: Host, { volume }: Pick<SnapshotName, 'volume'>) =>
  `${mountRoot === '/' ? '' : (mountRoot ?? defaultMountRoot)}/${volume}`;

interface MountWish extends OneSnapshot {
  readonly whenDone: 'keep' | 'release';
}

/** `run` mounts it and `undo` unmounts it; each can be repeated. */
export const mountSnapshot = defineStep({
  kind: 'mount-snapshot',
  /** For readers of the plan, who look for the folder. */
  input: z.strictObject({ folder: z.string() }),
  result: noResult,
  plan: (request: MountWish) => {
    const { host, snapshot, whenDone } = request;
    const folder = mountFolder(host, snapshot);
    return {
      name: `mount ${nameOf(snapshot)}`,
      title: `mount ${nameOf(snapshot)} read-only on ${folder}`,
      host: host.name,
      input: { folder },
      commands: { run: mountCommand(request), undo: snapshotCommand(request, 'unmount', { folder }) },
      acquires: { what: `the mount ${folder} on ${host.name}`, release: 'undo', whenDone },
    };
  },
  run: runOnce,
});

export const mountCommand = (request: OneSnapshot) =>
  snapshotCommand(request, 'mount', { folder: mountFolder(request.host, request.snapshot) });
