// What a bench needs of this machine beside Node: programs, which are installed where that is Debian and one is root, and hosts of the
// practice fleet. Else it says what is missing, and how to get it, before it measures anything.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { reseedWords } from './practice.ts';

/** Programs, and the Debian packages that have them. */
const packages = {
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  socat: 'socat',
  zstd: 'zstd',
  openssl: 'openssl',
} as const;

export interface Needs {
  readonly root?: true;
  readonly programs?: readonly (keyof typeof packages)[];
  /** Hosts of the practice fleet. */
  readonly hosts?: readonly string[];
}

/** Throws an error that says what is missing. */
export async function meet({ root, programs = [], hosts = [] }: Needs): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (root || hosts.length > 0))
    throw new Error('needs root: it makes a network of its own. Run it with sudo');
  const missing = programs.filter((program) => !isHere(program)).map((program) => packages[program]);
  if (missing.length > 0) await install(missing, isRoot);
  // For sshd's privilege separation. A package's init script makes it, and none may have run here.
  if (isRoot && programs.includes('sshd')) await mkdir('/run/sshd', { recursive: true });
  const down = await notUp(hosts);
  if (down.length > 0) throw new Error(`needs the practice fleet: npx reseed drill up ${down.join(' ')}`);
}

function isHere(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  return folders.some((folder) => existsSync(join(folder, program)));
}

async function install(missing: readonly string[], isRoot: boolean): Promise<void> {
  const words = `apt-get install ${missing.join(' ')}`;
  if (!isRoot || !isHere('apt-get')) {
    throw new Error(`missing on this machine, by the names of Debian's packages: ${missing.join(' ')}`);
  }
  process.stderr.write(`${words}\n`);
  const options = { stdin: 'ignore', env: { DEBIAN_FRONTEND: 'noninteractive' } } as const;
  await execa('apt-get', ['update', '-qq'], options);
  await execa('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
}

/** Those of the practice fleet's `hosts` whose machine is not on. */
export async function notUp(hosts: readonly string[]): Promise<string[]> {
  if (hosts.length === 0) return [];
  const { stdout } = await execa(reseedWords[0], [reseedWords[1], 'drill', 'status', ...hosts], { reject: false });
  return hosts.filter((host) => !new RegExp(`^${host} .* running `, 'm').test(stdout));
}
