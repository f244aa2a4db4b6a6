// Jump hosts for tests: a state folder each, on this machine, and a host that is this machine as well.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { isAlive } from '../../src/job/lease/alive.ts';
import type { Server } from './server.ts';

export interface JumpHost {
  readonly folder: string;
  /** A verb of reseed; `ms`: how long it took. */
  reseed(...words: string[]): Promise<{ stdout: string; stderr: string; exitCode?: number; ms: number }>;
  /** Begins a command of the inventory as a job. */
  begin(command: 'quick' | 'slow' | 'long'): Promise<number>;
  /** Its processes of that kind. */
  pids(of: 'runner' | 'sender'): Promise<number[]>;
  /** As if its machine had lost its power. */
  kill(): Promise<void>;
  /** Until no change waits to be sent, and the sender has ended. */
  sent(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Its server is that of the test, told by its socket: others run on this machine meanwhile, and a job would lock the datadir of the first.
 * The datadir is told too, for a server that is away.
 */
export const inventoryOf = ({ port, account, socket }: Pick<Server, 'port' | 'account' | 'socket'>, more = '') => `
fleet: practice
hosts:
  here:
    ssh: { host: localhost, transport: local }
    sudo: false
    mysql: { socket: ${socket} }
    commands: { datadir: [echo, ${datadirOf({ account })}], quick: [echo, hello], slow: [sleep, "25"], long: [sleep, "300"] }
history: { store: mysql://127.0.0.1:${port}/reseed, account: ${account}${more} }
`;

export const datadirOf = ({ account }: Pick<Server, 'account'>): string => join(dirname(account), 'data');

export async function openJumpHost(inventory: string): Promise<JumpHost> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-jump-'));
  const path = join(folder, 'hosts.yaml');
  await writeFile(path, inventory);
  const env = { XDG_STATE_HOME: folder, RESEED_INVENTORY: path };
  const home = jobHome(env);
  const reseed: JumpHost['reseed'] = async (...words) => {
    const beganMs = Date.now();
    const ended = await execa(process.execPath, ['bin/reseed.js', ...words], { reject: false, env });
    const { stdout, stderr, exitCode } = ended;
    return { stdout, stderr, ms: Date.now() - beganMs, ...(exitCode !== undefined && { exitCode }) };
  };
  return {
    folder,
    reseed,
    begin: async (command) => {
      const { stdout, stderr } = await reseed('run', 'here', command, '--yes', '--detach');
      const [, id] = /job (\d+) runs/.exec(stdout) ?? [];
      if (id === undefined) throw new Error(`${stdout}${stderr}`);
      return Number(id);
    },
    pids: (of) => pidsOf(folder, of),
    kill: async () => {
      // A runner starts a sender.
      for (const of of ['runner', 'sender'] as const) {
        for (const pid of await pidsOf(folder, of)) process.kill(pid, 'SIGKILL');
      }
    },
    sent: async () => {
      const journal = openJournal(home.journal, Date.now);
      if (!journal) throw new Error('no journal');
      await vi.waitFor(
        () => {
          if (journal.sharing.waiting() > 0) throw new Error(`${journal.sharing.waiting()} wait`);
        },
        { timeout: 60_000, interval: 100 },
      );
      journal.close();
    },
    remove: async () => {
      const journal = openJournal(home.journal, Date.now);
      // Its sender ends by itself.
      journal?.sharing.leave();
      journal?.close();
      await vi.waitFor(() => isAlive(home.sender) && Promise.reject(new Error('its sender runs')), { timeout: 60_000 });
      await rm(folder, { recursive: true });
    },
  };
}

const words = { runner: '\0job\0run\0', sender: '\0history\0send\0' };

async function pidsOf(folder: string, of: 'runner' | 'sender'): Promise<number[]> {
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
        const [line, environment] = await Promise.all([read('cmdline'), read('environ')]);
        return line.includes(words[of]) && environment.includes(`XDG_STATE_HOME=${folder}\0`) ? [Number(pid)] : [];
      }),
  );
  return found.flat();
}
