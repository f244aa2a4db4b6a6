// The package of Debian: the folder of the other packages in /usr/lib/reseed, and what is looked for elsewhere there.
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { type Manifest, manFile, openModes } from './tree.ts';

/** Fills `folder`, which is not there yet, with what `alone` has. */
export async function debTree(alone: string, folder: string, made: Manifest): Promise<void> {
  const home = join(folder, 'usr/lib/reseed');
  await mkdir(dirname(home), { recursive: true });
  await cp(alone, home, { recursive: true });
  await rename(join(home, 'share'), join(folder, 'usr/share'));
  await rename(join(home, 'lib/systemd'), join(folder, 'usr/lib/systemd'));
  await rm(join(home, 'lib'), { recursive: true });
  await mkdir(join(folder, 'usr/bin'));
  await symlink('../lib/reseed/bin/reseed', join(folder, 'usr/bin/reseed'));
  await moveDocuments(home, join(folder, 'usr/share/doc/reseed'));
  await compress(join(folder, 'usr', manFile));
  await openModes(join(folder, 'usr'));
  await mkdir(join(folder, 'DEBIAN'));
  await writeFile(join(folder, 'DEBIAN/control'), control(made, await kibibytesOf(join(folder, 'usr'))));
  await writeFile(join(folder, 'DEBIAN/postrm'), postrm, { mode: 0o755 });
  await openModes(join(folder, 'DEBIAN'));
}

const documents = ['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs', 'examples'];

/** Debian's policy has the licences of all that is in a package in one file. */
async function moveDocuments(home: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of documents) await rename(join(home, name), join(to, name));
  const licences = [join(home, 'LICENSE'), join(home, 'LICENSES'), join(home, 'node/LICENSE')];
  const texts = await Promise.all(licences.map((path) => readFile(path, 'utf8')));
  await writeFile(join(to, 'copyright'), texts.join(`\n${'-'.repeat(78)}\n\n`));
  for (const path of licences) await rm(path);
}

async function compress(path: string): Promise<void> {
  await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
  await rm(path);
}

/** deb-control(5). Node's own binary needs these libraries. */
const control = ({ version, description }: Manifest, kibibytes: number) =>
  `Package: reseed
Version: ${version}
Architecture: amd64
Maintainer: the reseed authors <reseed@localhost>
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6 (>= 8), openssh-client
Suggests: bash-completion, man-db
Section: database
Priority: optional
Description: ${description.split(':')[0]}
 ${description}.
 It brings its own Node. Nothing is installed on the hosts.
`;

/** Jobs of accounts stay: their journals are in the accounts' own folders. */
const postrm = `#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null || true; fi
`;

async function kibibytesOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files.filter((one) => one.isFile()).map(async (one) => (await stat(join(one.parentPath, one.name))).size),
  );
  return sizes.reduce((sum, bytes) => sum + Math.ceil(bytes / 1024), 0);
}

export type Compression = 'xz' | 'none';

/** dpkg-deb takes all times from SOURCE_DATE_EPOCH. */
export async function debPackage(
  folder: string,
  to: string,
  { version }: Manifest,
  dateMs: number,
  compression: Compression = 'xz',
): Promise<string> {
  const path = join(to, `reseed_${version}_amd64.deb`);
  const env = { SOURCE_DATE_EPOCH: String(Math.floor(dateMs / 1000)) };
  await execa('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', folder, path], { env });
  return path;
}
