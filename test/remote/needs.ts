// Programs that the tests need beside Node on a bare Debian. They are installed before any test runs, because apt runs
// only once at a time.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';

const packages = {
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/socat': 'socat',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/mysql': 'mariadb-client-core',
  '/usr/bin/mariadb-dump': 'mariadb-client',
  '/usr/sbin/mariadbd': 'mariadb-server-core',
};

export async function setup(): Promise<void> {
  const missing = Object.entries(packages)
    .filter(([path]) => !existsSync(path))
    .map(([, name]) => name);
  if (missing.length > 0) await install(missing);
  // sshd's folder for its privilege separation; a package's init script makes it, and none runs here.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
}

async function install(missing: readonly string[]): Promise<void> {
  const words = `apt-get install ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) throw new Error(`these tests need more of this machine: ${words}`);
  process.stderr.write(`${words}\n`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await execa('apt-get', ['update', '-qq'], { stdin: 'ignore' });
  await execa('apt-get', ['install', '-y', '-qq', ...missing], { stdin: 'ignore', env });
}
