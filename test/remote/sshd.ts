// Private sshds on loopback for the tests: own keys, own configuration, a free port. The machine's own are neither read
// nor changed.
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { sendSignal } from '../../src/process/signal.ts';
import { freePort } from '../free-port.ts';

export interface Sshd {
  readonly port: number;
  /** Lines for a known_hosts file, by type of key. */
  readonly knownHost: Readonly<Record<HostKeyType, string>>;
  readonly publicKey: Readonly<Record<HostKeyType, string>>;
  /** Ends the listener and every session of it. */
  kill(): Promise<void>;
  /** Stops it and its sessions as a cut cable would: no connection is closed, and nothing answers. */
  freeze(): Promise<void>;
  /** The same one again, after `kill`. */
  restart(): Promise<Sshd>;
}

type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface Yard {
  readonly folder: string;
  /** A key that every sshd of the folder accepts. */
  readonly identity: string;
  /** The same with the passphrase `open sesame`. */
  readonly encryptedIdentity: string;
  /** One that none lets in. */
  readonly strangerIdentity: string;
  /** An empty configuration, so that the account's own is not read. */
  readonly sshConfig: string;
  /** Starts one; `lines` go on top of its configuration and so win over the rest. */
  start(lines?: readonly string[], hostKeys?: readonly HostKeyType[]): Promise<Sshd>;
  /** Starts one in a process namespace of its own: its host has no server of another test. What runs there ends with it. */
  startAlone(): Promise<Sshd>;
  /** A known_hosts file with these lines. */
  knownHosts(lines: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

const passphrase = 'open sesame';
const alone = ['--pid', '--fork', '--kill-child', '--mount-proc'];

/** A folder with keys, in which sshds are started. */
export async function openYard(): Promise<Yard> {
  const folder = await mkdtemp('/tmp/reseed-remote-');
  const identity = await makeKey(join(folder, 'id'), 'ed25519');
  const encryptedIdentity = await makeKey(join(folder, 'id-encrypted'), 'ed25519', passphrase);
  const strangerIdentity = await makeKey(join(folder, 'id-stranger'), 'ed25519');
  const authorized = join(folder, 'authorized_keys');
  const letIn = await Promise.all([identity, encryptedIdentity].map((key) => readFile(`${key}.pub`, 'utf8')));
  await writeFile(authorized, letIn.join(''), { mode: 0o600 });
  const sshConfig = join(folder, 'ssh_config');
  await writeFile(sshConfig, '');
  const running: Sshd[] = [];
  const start = async (...options: StartOptions) => {
    const sshd = await startSshd(await mkdtemp(join(folder, 'sshd-')), authorized, ...options);
    running.push(sshd);
    return sshd;
  };

  return {
    folder,
    identity,
    encryptedIdentity,
    strangerIdentity,
    sshConfig,
    start: async (lines = [], hostKeys = ['ed25519', 'ecdsa', 'rsa']) => await start(lines, hostKeys, []),
    startAlone: async () => await start([], ['ed25519'], ['unshare', ...alone]),
    knownHosts: async (lines) => {
      const file = join(folder, `known_hosts-${randomUUID()}`);
      await writeFile(file, lines.map((line) => `${line}\n`).join(''));
      return file;
    },
    close: async () => {
      await Promise.all(running.map((sshd) => sshd.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeKey(file: string, type: HostKeyType, secret = ''): Promise<string> {
  await execa('ssh-keygen', ['-q', '-t', type, '-N', secret, '-C', 'test', '-f', file]);
  return file;
}

/** `behind`: a program that starts it. */
type StartOptions = [lines: readonly string[], hostKeys: readonly HostKeyType[], behind: readonly string[]];

async function startSshd(
  folder: string,
  authorized: string,
  ...[lines, hostKeys, behind]: StartOptions
): Promise<Sshd> {
  await chmod(folder, 0o700);
  const files = await Promise.all(hostKeys.map((type) => makeKey(join(folder, `host-${type}`), type)));
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  await writeFile(
    config,
    [
      ...lines,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...files.map((file) => `HostKey ${file}`),
      `AuthorizedKeysFile ${authorized}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
      'PidFile none',
      'PermitRootLogin yes',
      'MaxStartups 100',
      // A second-level bash does not read the .bashrc of the account that runs these tests. Of several SetEnv lines the
      // first counts.
      'SetEnv SHLVL=1',
      '',
    ].join('\n'),
  );
  const publicKey: Partial<Record<HostKeyType, string>> = {};
  for (const type of hostKeys) {
    const [algorithm, blob] = (await readFile(join(folder, `host-${type}.pub`), 'utf8')).split(' ');
    publicKey[type] = `${algorithm} ${blob}`;
  }
  const knownHost = Object.fromEntries(
    Object.entries(publicKey).map(([type, key]) => [type, `[127.0.0.1]:${port} ${key}`]),
  );
  const run = async (): Promise<Sshd> => {
    const [program = '', ...words] = [...behind, '/usr/sbin/sshd', '-D', '-e', '-f', config];
    const child = execa(program, words, {
      reject: false,
      buffer: false,
      stdin: 'ignore',
    });
    await listening(child.stderr);
    const serving = async () => {
      const [own] = behind.length > 0 ? await childrenOf(child.pid) : [child.pid];
      return await descendants(own);
    };
    return {
      port,
      publicKey: publicKey as Record<HostKeyType, string>,
      knownHost: knownHost as Record<HostKeyType, string>,
      kill: async () => {
        const sessions = await serving();
        child.kill('SIGKILL');
        for (const pid of sessions) sendSignal(pid, 'SIGKILL');
        await child;
      },
      freeze: async () => {
        for (const pid of await serving()) sendSignal(pid, 'SIGSTOP');
      },
      restart: run,
    };
  };
  return await run();
}

/** Resolves when sshd prints that it listens; rejects with its whole output if it ends instead. */
function listening(log: Readable): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    log.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server listening')) resolve();
    });
    log.once('close', () => reject(new Error(`sshd did not start: ${said}`)));
  });
}

/**
 * The sshd processes that serve connections: children, and their children. Programs of the sessions are left to their
 * leash.
 */
async function descendants(pid: number | undefined): Promise<number[]> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (pid === undefined || !name.startsWith('sshd')) return [];
  const below = await Promise.all((await childrenOf(pid)).map(descendants));
  return [pid, ...below.flat()];
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}
