// The plan of named tables in a running server: its order, its words for scripts, and what an abort finds.
import { describe, expect, test } from 'vitest';
import { allWorks } from '../../src/operations/jobs/all-works.ts';
import { namesTrouble } from '../../src/operations/tables/names.ts';
import { isOwnDatabaseOf } from '../../src/tables/own-databases.ts';
import { state } from '../salvage/salvaging.ts';
import { drafted, look, planOf, primary, replica } from './tabling.ts';

describe('the plan of tables for a replica', () => {
  test('holds it before the dump, brings it to the coordinates before the swap, and starts it after', () => {
    const works = planOf().steps.map(({ work }) => work);
    const order = [
      'tables-hold',
      'tables-await-donor',
      'seed-copy',
      'seed-load-dump',
      'seed-release',
      'tables-bring',
      'tables-reach',
      'tables-swap',
      'tables-go-on',
      'tables-catch-up',
      'tables-drop',
    ];
    expect(works.filter((work) => order.includes(work))).toEqual(order);
  });

  test('has only steps that a runner of this build knows, and a release for each thing that it makes', () => {
    for (const { work, acquires, commands } of planOf().steps) {
      expect(Object.keys(allWorks)).toContain(work);
      if (acquires) expect(Object.keys(commands)).toContain(acquires.release);
    }
  });

  test('puts the old tables back before it lets the replica go on: what was made last is released first', () => {
    const made = planOf()
      .steps.filter(({ acquires }) => acquires)
      .map(({ work }) => work);
    expect(made.indexOf('tables-open')).toBeGreaterThan(made.indexOf('tables-hold'));
  });

  test('ends the import before it takes the database of the job away', () => {
    const made = planOf()
      .steps.filter(({ acquires }) => acquires)
      .map(({ work }) => work);
    expect(made.indexOf('tables-bring')).toBeGreaterThan(made.indexOf('tables-open'));
  });

  test('says what is deleted, and that the name of the target is to be typed', () => {
    const draft = drafted();
    expect(draft.name).toBe('db3');
    expect(planOf().destroys).toEqual(['the old shop.customers of db3 (15M) is deleted once the new one is in use']);
  });

  test('makes the server that loads them without the system tablespace of the target, which may have any size', () => {
    const load = planOf().steps.find(({ work }) => work === 'seed-load-dump');
    const words = load?.commands.start?.program?.args.join(' ') ?? '';
    expect(words).toContain('--innodb-page-size=');
    expect(words).not.toContain('data-file-path');
  });

  test('leaves its applier stopped after an abort where it had failed before', () => {
    const broken = replica();
    const { channel } = broken.state;
    if (!channel) throw new Error('no channel');
    const state = { ...broken.state, channel: { ...channel, sqlThread: 'stopped', applierError: '1032' } as const };
    const hold = planOf({ ...broken, state }).steps.find(({ work }) => work === 'tables-hold');
    expect(hold?.commands.undo?.args).toContain('ran=no');
  });
});

describe('the plan of tables for a server of its own', () => {
  const alone = () => planOf(primary({ tables: [] }));

  test('stops and starts no replication', () => {
    const works = alone().steps.map(({ work }) => work);
    expect(works).toContain('tables-swap');
    for (const work of ['tables-hold', 'tables-reach', 'tables-catch-up']) expect(works).not.toContain(work);
  });

  test('deletes nothing where it has none of them', () => {
    expect(alone().destroys).toEqual([]);
  });

  test('takes all tables of a database', () => {
    const plan = planOf(primary({ tables: [] }), { databases: ['shop'], tables: [] });
    expect(plan.title).toBe('tables db1 → db3: shop.customers, shop.orders');
  });
});

test('a name with other characters is refused before any host is asked', () => {
  expect(namesTrouble({ databases: [], tables: ['shop.orders'] })).toBeUndefined();
  expect(namesTrouble({ databases: [], tables: ['orders'] })).toContain(
    '"orders" is no name that can be taken by itself: DATABASE.TABLE',
  );
  expect(namesTrouble({ databases: ['a`; DROP'], tables: [] })).toContain('is no name');
  expect(namesTrouble({ databases: ['mysql'], tables: [] })).toBe('mysql is a database of the server itself');
});

test('SYS is a database of users, unless its server makes names small; ndbinfo is one of a MariaDB', () => {
  expect(namesTrouble({ databases: ['SYS'], tables: ['Mysql.x', 'ndbinfo.x'] })).toBeUndefined();
  const own = (name: string, vendor: 'mysql' | 'mariadb', lower: string) =>
    isOwnDatabaseOf(look(state(vendor, ''), { settings: new Map([['lower_case_table_names', lower]]) }), name);
  expect(own('SYS', 'mysql', '0')).toBe(false);
  expect(own('SYS', 'mysql', '1')).toBe(true);
  expect(own('sys', 'mariadb', '0')).toBe(true);
  expect([own('ndbinfo', 'mysql', '0'), own('ndbinfo', 'mariadb', '0')]).toEqual([true, false]);
});
