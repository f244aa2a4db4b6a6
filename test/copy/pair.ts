// A source and its replica, two MariaDBs of this machine for tests: their own folders, on loopback, ended by their pids.

import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { vi } from 'vitest';
import { freePort } from '../free-port.ts';

export interface Server {
  readonly socket: string;
  /** Each row on a line, columns with tabs between. */
  sql(text: string): Promise<string>;
}

export interface Pair {
  readonly source: Server;
  readonly replica: Server;
  /** Until the replica has all that the source has. */
  caughtUp(): Promise<void>;
  remove(): Promise<void>;
}

const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

export async function openPair(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-pair-'));
  const first = join(folder, 'empty');
  await mkdir(first);
  const install = ['--no-defaults', `--datadir=${first}`, '--skip-test-db', '--auth-root-authentication-method=normal'];
  await execa('mariadb-install-db', [...install, ...asRoot], { stdin: 'ignore' });
  const running: ChildProcess[] = [];
  const open = async (id: number): Promise<Server & { readonly port: number }> => {
    const [data, socket] = [join(folder, `data${id}`), join(folder, `${id}.sock`)];
    await cp(first, data, { recursive: true });
    const port = await freePort();
    const words = ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, `--port=${port}`, `--tmpdir=${folder}`];
    const small = ['--innodb-buffer-pool-size=16M', '--skip-name-resolve', '--bind-address=127.0.0.1'];
    const logs = [
      `--server-id=${id}`,
      '--log-bin=log',
      '--log-slave-updates',
      '--binlog-format=ROW',
      '--slave-net-timeout=4',
    ];
    running.push(spawn('mariadbd', [...words, ...small, ...logs, ...asRoot], { stdio: 'ignore' }));
    const sql = async (text: string) => {
      const client = [
        '--no-defaults',
        `--socket=${socket}`,
        '-uroot',
        '-N',
        '-B',
        '--default-character-set=utf8mb4',
        'mysql',
      ];
      const { stdout } = await execa('mysql', client, { input: text });
      return stdout;
    };
    await vi.waitFor(() => sql('SELECT 1'), { timeout: 60_000, interval: 100 });
    return { socket, port, sql };
  };
  const [source, replica] = [await open(1), await open(2)];
  await source.sql("CREATE USER repl@127.0.0.1 IDENTIFIED BY 'x'; GRANT REPLICATION SLAVE ON *.* TO repl@127.0.0.1");
  await replica.sql(
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${source.port}, MASTER_USER = 'repl', MASTER_PASSWORD = 'x', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1; START SLAVE`,
  );
  return {
    source,
    replica,
    caughtUp: async () => {
      const gtid = await source.sql('SELECT @@gtid_binlog_pos');
      const waited = await replica.sql(`SELECT MASTER_GTID_WAIT('${gtid.trim()}', 60)`);
      if (waited.trim() !== '0')
        throw new Error(`the replica did not catch up: ${await replica.sql('SHOW SLAVE STATUS')}`);
    },
    remove: async () => {
      await Promise.all(
        running.map(async (one) => {
          const over = new Promise((ended) => one.once('close', ended));
          one.kill('SIGKILL');
          await over;
        }),
      );
      await rm(folder, { recursive: true });
    },
  };
}
