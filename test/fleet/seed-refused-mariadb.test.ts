// What is refused before a seed begins, on MariaDB's hosts that really are so.
import { afterAll, describe, expect, test } from 'vitest';
import { drill, on } from './fleet.ts';
import { refusalOf, whileOdd } from './refusing.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

const withoutLog = 'SET SESSION sql_log_bin = 0;';
afterAll(async () => {
  expect(await drill('verify', 'db5')).toContain('db5');
});

describe('a donor whose tables lie elsewhere', () => {
  const said = whileOdd({
    make: async () => {
      const create = "CREATE TABLE drill.far (id INT) ENGINE = InnoDB DATA DIRECTORY = '/srv/far'";
      await on('db4', `mkdir -p /srv/far; chown mysql: /srv/far; mysql -e "${withoutLog} ${create}"`);
      await drill('fault', 'fill-snapshot', 'db4', '85');
    },
    heal: async () => {
      await drill('heal', 'db4');
      await on('db4', `mysql -e "${withoutLog} DROP TABLE drill.far"; rm -r /srv/far`);
    },
    seed: () => refusalOf('db4', 'db5', '--yes=db5'),
    hosts: ['db4', 'db5'],
  });
  test('by DATA DIRECTORY of a table', () => {
    expect(said()).toMatch(/✖ db4 +the tablespace \/srv\/far\/drill\/far\.ibd lies outside the datadir/);
  });
  test('and whose thin pool is too full', () => {
    expect(said()).toMatch(/✖ db4 +the thin pool vgcrm\/pool of db4 is 8[4-6] % full/);
  });
});
