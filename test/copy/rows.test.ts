// A proof of rows of a real replica: rows.sh and the steps as a job runs them, on two MariaDBs of this machine.
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/inventory/settings.ts';
import type { StepProgress } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import type { StepTools } from '../../src/job/plan/step-work.ts';
import { compareRows } from '../../src/proofs/rows/compare.ts';
import { judgeRows } from '../../src/proofs/rows/judge.ts';
import type { Ledger } from '../../src/proofs/rows/ledger.ts';
import { listTables } from '../../src/proofs/rows/list-tables.ts';
import { planRows } from '../../src/proofs/rows/plan.ts';
import type { Compared } from '../../src/proofs/rows/result.ts';
import type { ListedTables } from '../../src/proofs/rows/tables.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { exited, printed, stepTools } from '../job/step-tools.ts';
import { openPair, type Pair } from './pair.ts';

let pair: Pair;
beforeAll(async () => {
  pair = await openPair();
});
afterAll(() => pair.remove());

beforeEach(async () => {
  await pair.replica.sql(
    'SET GLOBAL read_only = 0; DROP DATABASE IF EXISTS own; SET sql_log_bin = 0; DROP DATABASE IF EXISTS shop',
  );
  await pair.source.sql('SET sql_log_bin = 0; DROP DATABASE IF EXISTS shop; SET sql_log_bin = 1; CREATE DATABASE shop');
  await pair.caughtUp();
});

const speaker = { vendor: 'mariadb', version: '10.11.19' } as const;
const hostOf = (name: string, socket: string) =>
  ({ name, mysql: { socket, defaultsFile: '/dev/null' } }) as unknown as Host;

interface Acting {
  /** What an earlier runner told. */
  readonly before?: StepProgress;
  /** Called after each command, with its number, and with what was told last. */
  readonly after?: (count: number, told?: StepProgress) => unknown;
  readonly signal?: AbortSignal;
}

/** The steps of the job, one after the other. */
async function prove({ before, after, signal }: Acting = {}) {
  const plan = planRows(
    {
      source: { host: hostOf('db1', pair.source.socket), speaker },
      replica: { host: hostOf('db2', pair.replica.socket), speaker },
    },
    { maxLagSeconds: 100, maxLoad: 1000 },
  );
  const [list, compare, judge] = plan.steps as [PlannedStep, PlannedStep, PlannedStep];
  const results: Record<string, unknown> = {};
  const notes: string[] = [];
  const statements: string[] = [];
  let [told, count] = [before, 0];
  const toolsOf = (step: PlannedStep): StepTools => ({
    ...stepTools({ commands: step.commands, answer: () => printed('') }).tools,
    step,
    input: step.input,
    record: () => ({ steps: [{ name: step.name, state: 'running', ...(told && { progress: told }) }] }) as never,
    resultOf: ({ kind, result }) => (results[kind] === undefined ? undefined : result.parse(results[kind])),
    note: (text) => notes.push(text),
    progress: (now) => {
      told = now;
    },
    pause: async (ms) => {
      await new Promise((over) => setTimeout(over, Math.min(ms, 5)));
    },
    ...(signal && { signal }),
    run: async (key, { stdin = '' } = {}) => {
      const { script, args } = step.commands[key] as NonNullable<(typeof step.commands)[string]>;
      for (const line of stdin.split('\n'))
        if (line.startsWith('ask')) statements.push(Buffer.from(line.split(' ')[2] ?? '', 'hex').toString());
      const run = ['-c', await scriptText(script), `${script}.sh`, ...args];
      const { exitCode, stdout, stderr } = await execa('sh', run, { reject: false, input: stdin });
      count += 1;
      await after?.(count, told);
      return exitCode === 0 ? printed(stdout) : exited(exitCode ?? 1, stderr);
    },
  });
  const listed = await listTables.run(toolsOf(list));
  if (!listed.ok) throw new Error(listed.message);
  results[listTables.kind] = listed.result;
  const compared = await compareRows.run(toolsOf(compare));
  if (compared.ok) results[compareRows.kind] = compared.result;
  const end = compared.ok ? await judgeRows.run(toolsOf(judge)) : compared;
  const result = (compared.ok ? compared.result : undefined) as Compared | undefined;
  return { end, tables: listed.result as ListedTables, compared: result, notes, statements, told };
}

/** On the replica alone, as an application or an operator may do it. */
const onReplica = (sql: string) => pair.replica.sql(`SET sql_log_bin = 0; ${sql}`);

async function orders(rows: number) {
  await pair.source.sql(
    `CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(40), n INT) ENGINE=InnoDB; INSERT INTO shop.orders SELECT seq, CONCAT('row ', seq), seq % 7 FROM seq_1_to_${rows}`,
  );
  await pair.caughtUp();
}

describe('a replica', () => {
  test('that has all rows of its source is proved equal, in ranges, and nothing is written on either', async () => {
    await orders(30_000);
    await pair.source.sql(
      'CREATE TABLE shop.few (a VARCHAR(10) PRIMARY KEY); INSERT INTO shop.few VALUES (0x61), (0x62)',
    );
    await pair.caughtUp();
    const before = await pair.source.sql('SELECT @@gtid_binlog_pos');
    const { end, compared, tables } = await prove();
    expect(end).toEqual({ ok: true });
    expect(tables).toMatchObject({ missing: [], notCompared: [], leftOut: [] });
    expect(compared).toMatchObject({ equalTables: 2, differingTables: 0, unreadTables: 0, rows: 30_002 });
    expect(compared?.ranges).toBeGreaterThan(4);
    expect(compared?.sourceMs).toBeGreaterThan(0);
    expect([compared?.firstGtid, await pair.source.sql('SELECT @@gtid_binlog_pos')]).toEqual([before, before]);
    expect(await pair.replica.sql('SHOW DATABASES')).not.toContain('reseed');
  });

  test('a row that differs is found, with its key', async () => {
    await orders(3000);
    await onReplica("UPDATE shop.orders SET note = 'Row 2777' WHERE id = 2777");
    const { end, compared } = await prove();
    expect(compared).toMatchObject({
      equalTables: 0,
      differingTables: 1,
      rows: 2999,
      differences: [
        { table: 'shop.orders', range: 'after id 2776, up to id 2777', why: '1 row on both sides, with other values' },
      ],
    });
    expect(end).toMatchObject({
      ok: false,
      message:
        'db2 does not have the rows of its source: shop.orders, after id 2776, up to id 2777: 1 row on both sides, with other values',
    });
  });

  test('rows that are missing, and rows that it has more, are found: behind the last row of the source, too', async () => {
    await orders(1500);
    await onReplica(
      "DELETE FROM shop.orders WHERE id = 1234; INSERT INTO shop.orders VALUES (-5, 'x', 1), (9999, 'x', 1)",
    );
    const { compared } = await prove();
    expect(compared?.differences).toEqual([
      { table: 'shop.orders', range: 'from the first row, up to id 1', why: '1 row on the source, 2 on the replica' },
      { table: 'shop.orders', range: 'after id 1233, up to id 1234', why: '1 row on the source, 0 on the replica' },
      {
        table: 'shop.orders',
        range: 'after id 1500, up to id 9999',
        why: '0 rows on the source, 1 on the replica',
      },
    ]);
    expect(compared?.rows).toBe(1498);
  });

  test('a table of one side alone is a difference, and one with other columns is not compared', async () => {
    await orders(10);
    await pair.source.sql('CREATE TABLE shop.lost (id INT PRIMARY KEY); CREATE TABLE shop.other (id INT PRIMARY KEY)');
    await pair.caughtUp();
    await onReplica(
      'DROP TABLE shop.lost; ALTER TABLE shop.other ADD c INT; CREATE TABLE shop.more (id INT PRIMARY KEY)',
    );
    const { end, tables, compared } = await prove();
    expect(tables.missing).toEqual([
      { table: 'shop.lost', why: 'the replica does not have this table' },
      { table: 'shop.more', why: 'the source does not have this table' },
    ]);
    expect(compared).toMatchObject({
      equalTables: 1,
      unreadTables: 1,
      notCompared: [
        { table: 'shop.other', why: 'its definitions differ: the source has the columns id, and the replica id, c' },
      ],
    });
    expect(end).toMatchObject({ ok: false, message: expect.stringContaining('shop.lost') });
    await onReplica('CREATE TABLE shop.lost (id INT PRIMARY KEY)');
  });

  test('nothing but tables that can not be compared is no proof', async () => {
    await pair.source.sql('CREATE TABLE shop.log (id INT PRIMARY KEY) ENGINE=MyISAM; CREATE SEQUENCE shop.ids');
    await pair.caughtUp();
    const { end, tables } = await prove();
    expect(tables.notCompared.map(({ table }) => table)).toEqual(['shop.ids', 'shop.log']);
    expect(end).toMatchObject({ ok: false, message: expect.stringContaining('nothing was compared') });
  });
});

describe('while the source works', () => {
  test('a table that changes all the time is equal, but for the rows that change at each reading', async () => {
    await orders(30);
    const { compared, end } = await prove({
      after: async (count) => {
        await pair.source.sql(`UPDATE shop.orders SET n = ${count + 10} WHERE id = 15`);
      },
    });
    expect(compared?.differences).toEqual([]);
    expect(compared?.rows).toBe(29);
    expect(compared?.notCompared).toEqual([
      { table: 'shop.orders', range: 'after id 14, up to id 15', why: 'the source changed it at each of 5 readings' },
    ]);
    expect(end.ok).toBe(true);
  });

  test('a table that gets rows at each moment is over with the rows that it had when its end came up: none is chased', async () => {
    await orders(30);
    let row = 1000;
    const { compared, end, statements } = await prove({
      after: async () => {
        row += 3;
        await pair.source.sql(
          `INSERT INTO shop.orders VALUES (${row}, 'new', 0), (${row + 1}, 'new', 0), (${row + 2}, 'new', 0)`,
        );
      },
    });
    expect(compared).toMatchObject({ differences: [], notCompared: [], equalTables: 1 });
    expect(compared?.rows).toBeGreaterThanOrEqual(30);
    expect(statements.length).toBeLessThan(30);
    expect(end).toEqual({ ok: true });
  });

  test('rows that come and go while it reads are no difference, and one that differs is still found', async () => {
    await orders(600);
    await onReplica('UPDATE shop.orders SET n = 99 WHERE id = 400');
    const { compared } = await prove({
      after: async (count) => {
        if (count > 12) return;
        await pair.source.sql(
          `INSERT INTO shop.orders VALUES (${10_000 + count}, 'new', 0); DELETE FROM shop.orders WHERE id = ${count * 37}`,
        );
      },
    });
    expect(compared?.differences).toEqual([
      { table: 'shop.orders', range: 'after id 399, up to id 400', why: '1 row on both sides, with other values' },
    ]);
  });
});

test('a runner that was killed is followed by one that goes on from the last range, and knows what the first found', async () => {
  await orders(20_000);
  await onReplica('UPDATE shop.orders SET n = 99 WHERE id = 2');
  const first = new AbortController();
  const isFurther = (told?: StepProgress) => {
    const { place, compared } = (told?.place ?? {}) as Partial<Ledger>;
    return compared?.differences.length === 1 && place?.within.length === 0 && place.from !== undefined;
  };
  const killed = await prove({ signal: first.signal, after: (_, told) => isFurther(told) && first.abort() });
  expect(killed.end).toMatchObject({ ok: false });
  const { compared, statements, end } = await prove(killed.told === undefined ? {} : { before: killed.told });
  expect(compared).toMatchObject({
    rows: 19_999,
    differences: [
      { table: 'shop.orders', range: 'after id 1, up to id 2', why: '1 row on both sides, with other values' },
    ],
  });
  expect(end.ok).toBe(false);
  // The ranges before that are not read again.
  const sums = statements.filter((one) => one.includes('AS total'));
  expect(sums[0]).toMatch(/`id` > \d+/);
});

test('names, keys and values that are hostile to a shell, to SQL or to a terminal are compared like others', async () => {
  const name = 'o\'x`; DROP DATABASE shop; -- \\"$(id)%';
  const quoted = `\`${name.replaceAll('`', '``')}\``;
  const column = "`a``b#'c`";
  await pair.source.sql(`
    CREATE TABLE shop.${quoted} (${column} VARCHAR(60) COLLATE utf8mb4_general_ci, at DATETIME(6), b VARBINARY(20), PRIMARY KEY (${column}, at, b)) ENGINE=InnoDB;
    INSERT INTO shop.${quoted} SELECT CONCAT(0x2700275C60, seq, 0x1b5b33316d), '2026-11-28 20:00:00.5', 0x0027 FROM seq_1_to_1500;
    CREATE TABLE shop.kinds (id BIGINT UNSIGNED PRIMARY KEY, f FLOAT, d DOUBLE, m DECIMAL(30,10), e ENUM('a','b') CHARACTER SET latin1, s SET('x','y'), t TIMESTAMP NULL, y YEAR, b BIT(9), j JSON,
      g GEOMETRY, l LONGBLOB, c CHAR(5) CHARACTER SET latin1, u UUID, v INT AS (id % 3) VIRTUAL, k INT AS (id % 5) STORED, h INT INVISIBLE DEFAULT 3);
    INSERT INTO shop.kinds (id, f, d, m, e, s, t, y, b, j, g, l, c, u) SELECT 18446744073709551600 + seq, 1.1, -0.1, -1.5, 'b', 'x,y', '2026-01-01 00:00:01', 2026, 5, '{"a": 1}', POINT(1, 2), REPEAT(0x00ff, 9000), 0xe4, '123e4567-e89b-12d3-a456-426655440000' FROM seq_1_to_8;
    INSERT INTO shop.kinds (id) VALUES (1);`);
  await pair.caughtUp();
  const { compared, end } = await prove();
  expect([end, compared]).toMatchObject([{ ok: true }, { equalTables: 2, rows: 1509, notCompared: [] }]);
  const changes = [
    'f = 1.1000002',
    'j = \'{"a":1}\'',
    'e = NULL',
    'h = 4',
    'b = 6',
    'l = REPEAT(0x00fe, 9000)',
    "c = 'a'",
  ];
  await onReplica(
    changes
      .map((change, at) => `UPDATE shop.kinds SET ${change} WHERE id = ${18446744073709551601n + BigInt(at)}`)
      .join('; '),
  );
  await onReplica(`DELETE FROM shop.${quoted} LIMIT 1`);
  const again = await prove();
  const ranges = again.compared?.differences.map(({ table, range }) => `${table}: ${range}`) ?? [];
  expect(ranges.filter((one) => one.startsWith('shop.kinds'))).toEqual(
    changes.map((_, at) => expect.stringMatching(new RegExp(`up to id ${18446744073709551601n + BigInt(at)}$`))),
  );
  expect(ranges.filter((one) => !one.startsWith('shop.kinds'))).toHaveLength(1);
  expect(again.notes.join('\n').includes('\u001b')).toBe(false);
});

test('a table without a key is compared as a whole, and rows that are there twice count twice', async () => {
  await pair.source.sql(
    'CREATE TABLE shop.log (a INT, b TEXT) ENGINE=InnoDB; INSERT INTO shop.log SELECT 1, 0x78 FROM seq_1_to_500',
  );
  await pair.caughtUp();
  expect((await prove()).compared).toMatchObject({ equalTables: 1, rows: 500 });
  await onReplica('UPDATE shop.log SET a = 2 LIMIT 2');
  expect((await prove()).compared?.differences).toEqual([
    { table: 'shop.log', why: '500 rows on both sides, with other values' },
  ]);
});

test('rows.sh refuses what is no SELECT, and a SELECT that would write ends with an error', async () => {
  const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
  const { args } = planRows(
    {
      source: { host: hostOf('db1', pair.source.socket), speaker },
      replica: { host: hostOf('db2', pair.replica.socket), speaker },
    },
    { maxLagSeconds: 1, maxLoad: 1 },
  ).steps[1]?.commands.source ?? { args: [] };
  const run = async (input: string) =>
    await execa('sh', ['-c', await scriptText('rows'), 'rows.sh', ...args], { reject: false, input });
  expect(await run(`wait  0\nask x ${hex('DROP DATABASE shop')}\n`)).toMatchObject({ exitCode: 64 });
  expect(await run('')).toMatchObject({ exitCode: 64 });
  expect(await run(`wait  0\nask x ${hex('SELECT 1; DROP DATABASE shop')}\n`)).toMatchObject({ exitCode: 1 });
  await pair.source.sql('CREATE SEQUENCE shop.s');
  expect(await run(`wait  0\nask x ${hex('SELECT NEXT VALUE FOR shop.s AS a, 1 AS b')}\n`)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('READ ONLY'),
  });
});
