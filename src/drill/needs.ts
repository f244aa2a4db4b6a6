// What the fleet needs on this machine, and how to install it.
import { constants } from 'node:fs';
import { access, mkdir, readFile, statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { shortSize } from '../text/amounts.ts';
import { DrillFailure } from './failure.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { run } from './run.ts';

/** Programs, and the Debian packages that have them. */
const packages: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  flock: 'util-linux',
  unshare: 'util-linux',
  tar: 'tar',
  xz: 'xz-utils',
};

/** The initial size of six hosts and their images; they grow in use. */
const spaceBytes = 9 * 1024 ** 3;
const overheadPerDataByte = 12;

/**
 * Checks that the fleet can be brought up here. Lists missing packages and installs them; otherwise a DrillFailure says
 * what is needed.
 */
export async function meetNeeds(places: Places, dataBytes: number, progress: Progress): Promise<void> {
  requireRoot(process.getuid?.());
  await access('/dev/net/tun', constants.R_OK | constants.W_OK).catch(() => {
    throw new DrillFailure(
      'refused',
      'this machine has no /dev/net/tun: the hosts could not be wired',
      'load it with modprobe tun; in a container, hand the device in (--device /dev/net/tun --cap-add NET_ADMIN,SYS_ADMIN)',
    );
  });
  await installPrograms(progress);
  for (const folder of [places.cache, places.state]) await requireSpace(folder, dataBytes);
}

/**
 * Only root can make namespaces and taps, and chroot. In a user namespace of its own an account has one uid, and a Debian has files of many; what
 * would give it more (newuidmap, /etc/subuid) and /dev/net/tun are root's to give.
 */
export function requireRoot(uid: number | undefined): void {
  if (uid === 0) return;
  throw new DrillFailure(
    'refused',
    'the practice fleet needs root: it makes a network of its own, and its disks have files of many accounts, which a user namespace of yours has not',
    'run it with sudo',
  );
}

/** Installs missing packages. A DrillFailure names them where that fails. */
export async function installPrograms(progress: Progress): Promise<void> {
  const missing: string[] = [];
  for (const [program, pack] of Object.entries(packages)) {
    const found = await execa('sh', ['-c', 'command -v "$1"', 'sh', program], { reject: false });
    if (found.failed && !missing.includes(pack)) missing.push(pack);
  }
  if (missing.length === 0) return;
  const words = missing.join(' ');
  if (!(await isDebian())) {
    throw new DrillFailure(
      'refused',
      `missing on this machine: ${words}`,
      'these are names of Debian packages: install what has them',
    );
  }
  const apt = { advice: `see that this machine reaches its package registry, then: apt-get install ${words}` };
  await progress.during(`installing ${words}`, async () => {
    await run('apt-get', ['update', '-qq'], apt);
    await run(
      'apt-get',
      ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '-qq', '--no-install-recommends', ...missing],
      apt,
    );
  });
}

async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

async function requireSpace(folder: string, dataBytes: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(folder);
  const needed = spaceBytes + dataBytes * overheadPerDataByte;
  if (bavail * bsize >= needed) return;
  throw new DrillFailure(
    'refused',
    `${folder} has ${shortSize(bavail * bsize)} free; the fleet takes up to ${shortSize(needed)}`,
    'make room, or set XDG_CACHE_HOME and XDG_STATE_HOME to a larger disk',
  );
}
