// A target on real hosts that lost its replication and not its data: it gets a source again, and nothing is copied.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drill, on, until } from './fleet.ts';
import { refusalOf } from './refusing.ts';
import { begun, done, inside, nothingLeftOn, shown } from './seeding.ts';

export const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);
export const minutesMs = 60_000;

interface Pair {
  readonly primary: string;
  readonly target: string;
  /** The server's word. */
  readonly replica: 'REPLICA' | 'SLAVE';
  /** Statements that give the target an errant transaction. */
  readonly errant: string;
  /** Whether the primary can hold its errant transactions as empty ones. */
  readonly injects?: boolean;
  /** A file of the target's datadir with its account: an operator has to name it if no other replica has an account. */
  readonly account?: string;
}

/** What a replica without its source gets, and what is refused. */
export const reattaches = ({ primary, target, replica, errant, injects, account }: Pair) => {
  let folder: string;
  let as: readonly string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reseed-account-'));
    if (account === undefined) return;
    const [user, password] = (await on(target, `sed -n 5,6p "$(mysql -Nse 'SELECT @@datadir')${account}"`)).split('\n');
    const file = join(folder, 'account');
    await writeFile(file, `user = ${user}\npassword = ${password}\n`, { mode: 0o600 });
    as = ['--account', file];
  });
  // Its logs are purged: a replica that begins from the start needs them.
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await drill('reset', primary);
  }, 8 * minutesMs);

  const write = () =>
    sql(primary, 'CREATE DATABASE written; CREATE TABLE written.t (id INT PRIMARY KEY); DROP DATABASE written');
  const status = () =>
    on(target, `mysql -e 'SHOW ${replica} STATUS' --vertical | grep -E '_(IO|SQL)_Running:|_Host:|Seconds_Behind'`);
  const findings = async (...words: string[]) =>
    (await inside('seed', primary, target, '--dry-run', ...as, ...words)).stdout;
  const refused = () => refusalOf(primary, target, `--yes=${target}`, '--method', 'binlog', ...as);

  test(
    'that has no source any more, and lacks what was written since, catches up without a copy',
    async () => {
      await sql(target, `STOP ${replica}; RESET ${replica} ALL`);
      await write();
      expect(await findings()).toMatch(
        /copying is not needed: lacks \d+ transactions? that db\d still has .*; use --method binlog/,
      );
      const said = await findings('--method', 'binlog');
      expect(said).toContain(`reattach ${target} to ${primary} by binary logs`);
      expect(said).toMatch(/lacks \d+ transactions? that db\d still has; nothing is copied/);
      expect(said).toMatch(/saves (about|\?) /);
      const id = await begun('seed', primary, target, `--yes=${target}`, '--method', 'binlog', ...as);
      await done('job', 'attach', id);
      expect(await shown(id)).toMatchObject({ state: 'done' });
      expect(await drill('verify', target)).toContain(target);
      await until(status, (told) => /Seconds_Behind\w*: 0$/m.test(told));
      expect((await status()).match(/_Running: Yes/g)).toHaveLength(2);
      await nothingLeftOn(target);
      expect(await on(target, 'ls -A /var/lib/reseed/before 2>/dev/null; true')).toBe('');
    },
    8 * minutesMs,
  );

  /** The errant transaction is on the primary then, without what it did, and the target follows. */
  const injected = async () => {
    const id = await begun('seed', primary, target, `--yes=${target}`, '--method', 'binlog', '--inject-empty', ...as);
    await done('job', 'attach', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    const own = await sql(target, 'SELECT @@GLOBAL.gtid_executed');
    expect(await sql(primary, `SELECT GTID_SUBSET('${own}', @@GLOBAL.gtid_executed)`)).toBe('1');
    expect(await sql(primary, "SHOW DATABASES LIKE 'errant'")).toBe('');
    await until(status, (told) => /Seconds_Behind\w*: 0$/m.test(told));
    await nothingLeftOn(target);
    await nothingLeftOn(primary);
  };

  test(
    'with an errant transaction is refused with its name, and with what may be done',
    async () => {
      await sql(target, `STOP ${replica}`);
      await sql(target, errant);
      const said = await refused();
      expect(said).toMatch(
        new RegExp(`✖ ${target} +${target} has (1 transaction|transactions) that ${primary} does not have: `),
      );
      const [, show = ''] = /look at them, on db\d: (.*?\.\[0-9\]\*)/.exec(said) ?? [];
      expect(await on(target, show)).toMatch(/create database errant/i);
      expect(said).toContain(`reseed seed ${primary} ${target}`);
      expect(said.includes('--inject-empty')).toBe(injects === true);
      if (injects) await injected();
      await drill('reset', target);
    },
    8 * minutesMs,
  );

  test(
    'whose source has purged what it lacks is refused before anything is done',
    async () => {
      await sql(target, `STOP ${replica}`);
      await write();
      await sql(primary, 'FLUSH BINARY LOGS');
      const newest = await on(primary, `mysql -Nse 'SHOW BINARY LOGS' | tail -n 1 | cut -f 1`);
      await until(
        async () => {
          await sql(primary, `PURGE BINARY LOGS TO '${newest}'`);
          return await on(primary, `mysql -Nse 'SHOW BINARY LOGS' | wc -l`);
        },
        (count) => Number(count) === 1,
      );
      const before = await status();
      expect(await refused()).toMatch(
        new RegExp(`✖ ${target} +${primary} has purged \\d+ transactions that come after gtid`),
      );
      expect(await status()).toBe(before);
    },
    8 * minutesMs,
  );
};
