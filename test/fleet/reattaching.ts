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
  /** A file of the target's datadir with its account: an operator has to name it if no other replica has an account. */
  readonly account?: string;
}

/** The tests of a replica without its source; each is to be called once. */
export const reattaching = ({ primary, target, replica, errant, account }: Pair) => {
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
  let isPurged = false;
  afterAll(async () => {
    await rm(folder, { recursive: true });
    // A replica that begins from the start needs its logs.
    if (isPurged) await drill('reset', primary);
  }, 8 * minutesMs);

  const write = () =>
    sql(primary, 'CREATE DATABASE written; CREATE TABLE written.t (id INT PRIMARY KEY); DROP DATABASE written');
  const status = () =>
    on(target, `mysql -e 'SHOW ${replica} STATUS' --vertical | grep -E '_(IO|SQL)_Running:|_Host:|Seconds_Behind'`);
  const findings = async (...words: string[]) =>
    (await inside('seed', primary, target, '--dry-run', ...as, ...words)).stdout;
  const refused = () => refusalOf(primary, target, `--yes=${target}`, '--method', 'binlog', ...as);

  const isReattached = async (...words: string[]) => {
    const id = await begun('seed', primary, target, `--yes=${target}`, '--method', 'binlog', ...words, ...as);
    await done('job', 'attach', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    expect(await drill('verify', target)).toContain(target);
    await until(status, (told) => /Seconds_Behind\w*: 0$/m.test(told));
    expect((await status()).match(/_Running: Yes/g)).toHaveLength(2);
    await nothingLeftOn(target);
    expect(await on(target, 'ls -A /var/lib/reseed/before 2>/dev/null; true')).toBe('');
  };

  const errantIsNamed = async () => {
    const said = await refused();
    expect(said).toMatch(
      new RegExp(`✖ ${target} +${target} has (1 transaction|transactions) that ${primary} does not have: `),
    );
    const [, show = ''] = /look at them, on db\d: (.*?\.\[0-9\]\*)/.exec(said) ?? [];
    expect(await on(target, show)).toMatch(/create database errant/i);
    expect(said).toContain(`reseed seed ${primary} ${target}`);
    return said;
  };

  const catchesUp = () =>
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
        await isReattached();
      },
      8 * minutesMs,
    );

  const errantIsRefused = () =>
    test(
      'with an errant transaction is refused with its name, and with what may be done',
      async () => {
        await sql(target, `STOP ${replica}`);
        await sql(target, errant);
        expect(await errantIsNamed()).not.toContain('--inject-empty');
        await drill('reset', target);
      },
      8 * minutesMs,
    );

  /** Where the primary can hold errant transactions as empty ones. */
  const errantIsInjected = () =>
    test(
      'that has no source any more, and an errant transaction, is refused with its name; with an empty one on the source it catches up without a copy',
      async () => {
        await sql(target, `STOP ${replica}; RESET ${replica} ALL`);
        await write();
        await sql(target, errant);
        expect(await errantIsNamed()).toContain('--inject-empty');
        await isReattached('--inject-empty');
        const own = await sql(target, 'SELECT @@GLOBAL.gtid_executed');
        expect(await sql(primary, `SELECT GTID_SUBSET('${own}', @@GLOBAL.gtid_executed)`)).toBe('1');
        expect(await sql(primary, "SHOW DATABASES LIKE 'errant'")).toBe('');
        await nothingLeftOn(primary);
      },
      8 * minutesMs,
    );

  const purgedIsRefused = () =>
    test(
      'whose source has purged what it lacks is refused before anything is done',
      async () => {
        await sql(target, `STOP ${replica}`);
        await write();
        isPurged = true;
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

  return { catchesUp, errantIsRefused, errantIsInjected, purgedIsRefused };
};
