// A data disk for each shape of host: volume group, volume, file system and the datadir with the sample data in it.
// LVM needs a kernel with device-mapper, which this machine may not have: a machine is started to make the disk.
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillFailure } from '../failure.ts';
import type { DrillHost } from '../host.ts';
import { blockDevices, launchScript, makeSerialLine, memoryAndConsole } from '../machine/kernel.ts';
import { drillSources } from '../places.ts';
import { run } from '../run.ts';
import { digestOf, entry } from './store.ts';

/** The sizes of the volume and of the disk below it: a second datadir fits beside the first, and snapshots beside the volume. */
function diskSizes(dataBytes: number): { volumeBytes: number; diskBytes: number } {
  const gib = 1024 ** 3;
  const volumeBytes = Math.max(2 * gib, Math.ceil((dataBytes * 4) / gib) * gib);
  return { volumeBytes, diskBytes: volumeBytes * 2 };
}

/** The words that tell a guest its disk's layout. */
export function diskWords({ disk }: DrillHost): Record<string, string> {
  const { volumeGroup, logicalVolume, logs } = disk;
  return {
    DRILL_VG: volumeGroup,
    DRILL_LV: logicalVolume,
    DRILL_POOL: disk.thinPool,
    DRILL_DEVICE: volumeGroup ? `/dev/${volumeGroup}/${logicalVolume}` : '/dev/ubdb1',
    DRILL_FS: disk.fileSystem,
    DRILL_MOUNT: disk.mountPoint,
    DRILL_DATADIR: disk.datadir,
    DRILL_LOG_LV: logs?.logicalVolume ?? '',
    DRILL_LOG_MOUNT: logs?.mountPoint ?? '',
    DRILL_REDO: disk.redo ?? '',
    DRILL_UNDO: disk.undo ?? '',
    DRILL_LINK: disk.link ?? '',
  };
}

/** The inputs of a data disk. */
export interface DiskParts {
  /** The tree with the user-mode kernel, and the root image of its vendor. */
  readonly kernelTree: string;
  readonly kernelRoot: string;
  /** The tree of the host's own vendor: its passwd names the owner of a datadir. */
  readonly tree: string;
  /** The tar of the datadir; undefined: the host starts with an empty one. */
  readonly datadir: string | undefined;
}

/** The data disk of `host` in its first state. Hosts of one shape share it: each is started on a copy. */
export async function dataDisk(
  cache: string,
  host: DrillHost,
  parts: DiskParts,
  dataBytes: number,
  log: string,
): Promise<string> {
  const { volumeBytes, diskBytes } = diskSizes(dataBytes);
  const words = {
    ...diskWords(host),
    DRILL_LV_BYTES: String(volumeBytes),
    DRILL_OWNER: await serverAccount(parts.tree),
  };
  const maker = join(drillSources, 'guest', 'make-disk.sh');
  const digest = await digestOf([JSON.stringify(words), parts.datadir ?? 'empty', String(diskBytes)], [maker]);
  return entry(cache, 'disk', digest, async (disk) => {
    const folder = `${disk}.machine`;
    await mkdir(folder, { recursive: true });
    try {
      await writeFile(disk, '');
      await truncate(disk, diskBytes);
      await makeOn(disk, folder, parts, words, log);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function makeOn(disk: string, folder: string, parts: DiskParts, words: Record<string, string>, log: string) {
  const kernelArguments = [
    ...memoryAndConsole(256),
    ...blockDevices({ cow: `/mnt${folder}/root.cow`, root: parts.kernelRoot, disk, tar: parts.datadir }),
    'init=/usr/local/lib/drill/make-disk.sh',
    ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
  ];
  await makeSerialLine(folder);
  await run(launchScript, [parts.kernelTree, folder, ...kernelArguments], { log });
  const printed = await readFile(join(folder, 'boot.log'), 'utf8');
  if (!printed.includes('drill: the disk is made')) {
    const last = printed.trim().split('\n').slice(-8).join('\n  ');
    throw new DrillFailure('failed', `a data disk could not be made:\n  ${last}`);
  }
}

/** uid:gid of the server's account. Numbers, because the machine that makes the disk may have the other vendor's passwd. */
async function serverAccount(tree: string): Promise<string> {
  const accounts = await readFile(join(tree, 'etc/passwd'), 'utf8');
  const [, , uid, gid] =
    accounts
      .split('\n')
      .find((line) => line.startsWith('mysql:'))
      ?.split(':') ?? [];
  if (!uid || !gid) throw new DrillFailure('failed', `${tree}/etc/passwd has no account mysql`);
  return `${uid}:${gid}`;
}
