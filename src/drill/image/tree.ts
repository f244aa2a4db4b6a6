// A Debian tree for each release, and the root image that its hosts boot from.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../host.ts';
import { drillSources } from '../places.ts';
import { run } from '../run.ts';
import { digestOf, entry } from './store.ts';

const common =
  'systemd,systemd-sysv,udev,dbus,openssh-server,openssh-client,lvm2,thin-provisioning-tools,xfsprogs,e2fsprogs,iproute2,' +
  'netcat-openbsd,socat,openssl,pv,zstd,sudo,procps,rsync,kmod';

/** bookworm has MariaDB 10.11; MySQL 9.7, and a user-mode kernel that is fast enough, are in sid. */
const recipes: Record<Release, { suite: string; packages: string }> = {
  mysql: { suite: 'sid', packages: `${common},mysql-server,mysql-client,user-mode-linux` },
  mariadb: { suite: 'bookworm', packages: `${common},mariadb-server,mariadb-backup,mydumper` },
  'mariadb-11': { suite: 'sid', packages: `${common},mariadb-server,mariadb-backup` },
};

const rootBytes = 2 * 1024 ** 3;
const mmdebstrapOptions = [
  '--variant=minbase',
  '--mode=root',
  // A snapshot or a mirror may be behind the date that its Release file allows.
  '--aptopt=Acquire::Check-Valid-Until "false"',
  '--dpkgopt=force-unsafe-io',
  '--dpkgopt=path-exclude=/usr/share/doc/*',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/locale/*',
];

/** The tree that hosts of a release boot from, as Debian installs it. */
export async function debianTree(cache: string, release: Release, log: string): Promise<string> {
  const { suite, packages } = recipes[release];
  const digest = await digestOf([suite, packages, ...mmdebstrapOptions]);
  return entry(cache, `tree-${release}`, digest, async (path) => {
    await run('mmdebstrap', [...mmdebstrapOptions, `--include=${packages}`, suite, path], {
      log,
      advice: 'the practice hosts are made from Debian packages: see that apt-get update works on this machine',
    });
  });
}

/**
 * The image that all hosts of a release boot from, each with a copy-on-write file of its own.
 * `kernelTree` is the tree that has the user-mode kernel, whose modules the guest needs.
 */
export async function rootImage(
  cache: string,
  release: Release,
  tree: string,
  kernelTree: string,
  log: string,
): Promise<string> {
  const guest = join(drillSources, 'guest');
  const finish = join(drillSources, 'image', 'finish-root.sh');
  const guestFiles = (await readdir(guest)).sort().map((name) => join(guest, name));
  const digest = await digestOf([tree, kernelTree], [finish, ...guestFiles]);
  const kind = `root-${release}`;
  return entry(cache, kind, digest, async (image) => {
    const copy = `${image}.tree`;
    await run('rm', ['-rf', copy]);
    try {
      await run('cp', ['-a', '--reflink=auto', tree, copy]);
      await run(finish, [copy, guest, join(kernelTree, 'usr/lib/uml/modules'), release], { log });
      // With a journal, because a host's machine is killed, and started again from what it has written.
      await run('mke2fs', ['-q', '-t', 'ext4', '-d', copy, image, `${rootBytes / 1024}k`], {
        log,
      });
    } finally {
      await run('rm', ['-rf', copy]);
    }
  });
}
