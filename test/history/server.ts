// A MariaDB of this machine for tests: its own folder, on loopback, ended by its pid.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { vi } from 'vitest';
import { freePort } from '../free-port.ts';

export interface Server {
  readonly port: number;
  readonly socket: string;
  /** The path of a file with an account that may do all in the database `reseed`. */
  readonly account: string;
  /** Each row on a line, columns with tabs between. */
  sql(text: string): Promise<string>;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

/** `options`: its own words, such as `--log-bin`. */
export async function openServer(options: readonly string[] = ['--skip-log-bin']): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-history-'));
  const [data, socket, account] = ['data', 's.sock', 'account.cnf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(data);
  await writeFile(account, '[client]\nuser = history\npassword = "secret #1"\n', { mode: 0o600 });
  const install = ['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal'];
  await execa('mariadb-install-db', [...install, ...asRoot], { stdin: 'ignore' });
  const port = await freePort();
  const words = ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, `--port=${port}`, `--tmpdir=${folder}`];
  const small = ['--innodb-buffer-pool-size=16M', '--skip-name-resolve', '--bind-address=127.0.0.1', ...options];
  let running: ChildProcess | undefined;
  let over: Promise<unknown> = Promise.resolve();
  const sql = async (text: string) => {
    const { stdout } = await execa('mysql', ['--no-defaults', `--socket=${socket}`, '-uroot', '-N', '-B', 'mysql'], {
      input: text,
    });
    return stdout;
  };
  const server: Server = {
    port,
    socket,
    account,
    sql,
    signal: async (name) => {
      running?.kill(name);
      if (name === 'SIGKILL') await over;
    },
    start: async () => {
      const started = spawn('mariadbd', [...words, ...small, ...asRoot], { stdio: 'ignore' });
      over = new Promise((ended) => started.once('close', ended));
      running = started;
      await vi.waitFor(() => sql('SELECT 1'), { timeout: 60_000, interval: 100 });
    },
    remove: async () => {
      await server.signal('SIGKILL');
      await rm(folder, { recursive: true });
    },
  };
  await server.start();
  await sql(`CREATE USER history@127.0.0.1 IDENTIFIED BY 'secret #1'; CREATE DATABASE reseed;
    GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON reseed.* TO history@127.0.0.1;`);
  return server;
}

/** Those of reseed. */
export async function dropTables(server: Server): Promise<void> {
  const tables = await server.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'reseed'");
  const names = tables.split('\n').filter((name) => name !== '');
  if (names.length > 0) await server.sql(`DROP TABLE ${names.map((name) => `reseed.${name}`).join(', ')}`);
}
