// Refusals before a seed begins, on hosts that really have the refused state: each with its figure, and nothing is
// changed. One seed names every reason, so a host gets several such states at once.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, until } from './fleet.ts';
import { folder, sampleInventory } from './operators.ts';
import { refusalOf, whileOdd } from './refusing.ts';
import { inside, nothingLeftOn } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3', 'db6');

const option = '/etc/mysql/mysql.conf.d/zzz-odd.cnf';
const withoutLog = 'SET SESSION sql_log_bin = 0;';

/** Jobs of these hosts only: files that use other hosts make jobs meanwhile. */
async function numberOfJobs(): Promise<number> {
  const { stdout } = await inside('jobs', '--json', '--limit', '100000');
  const { jobs } = JSON.parse(stdout) as { jobs: { plan: { title: string } }[] };
  return jobs.filter(({ plan }) => /^seed db[1236] /.test(plan.title)).length;
}
let jobsBefore = 0;
beforeAll(async () => {
  jobsBefore = await numberOfJobs();
});
afterAll(async () => {
  expect(await numberOfJobs()).toBe(jobsBefore);
  const replicas = ['db2', 'db3'];
  const verified = await drill('verify', ...replicas);
  for (const host of replicas) expect(verified).toContain(host);
});

/** An inventory like the sample's, with these words in place of others. */
async function inventory(changes: Readonly<Record<string, string>>): Promise<string> {
  const file = join(folder, 'changed.yaml');
  const changed = Object.entries(changes).reduce((text, [from, to]) => text.replace(from, to), sampleInventory);
  await writeFile(file, changed);
  return file;
}

test('a primary with replicas is no target', async () => {
  expect(await refusalOf('db2', 'db1', '--yes=db1')).toMatch(/✖ db1 +db1 is the source of /);
  await nothingLeftOn('db2', 'db1');
});

test('a donor that is its own target is refused before any host is asked', async () => {
  const { exitCode, stdout, stderr } = await inside('seed', 'db2', 'db3', 'db2', '--dry-run');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('db2 is donor and target: nothing was done');
});

test('an unknown host is refused with the list of known ones', async () => {
  const { exitCode, stderr } = await inside('seed', 'db2', 'db9', '--dry-run');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/no host 'db9'; it has db1, db2/),
  });
});

describe('a donor with a long statement and with stopped replication, and a target', () => {
  const left = '/var/lib/mysql/.reseed-cafe';
  const sleeps = `FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'`;
  const said = whileOdd({
    make: async () => {
      await on(
        'db6',
        `printf '[mysqld]\\nserver_id=13\\n' >${option}
         mkdir -p /var/lib/mysql/home/anna; mkdir -m 700 ${left}; touch /var/lib/mysql/backup.sql.gz; echo 'job cafe of anna@jump2' >${left}/who`,
      );
      await on(
        'db2',
        `mysql -e "STOP REPLICA SQL_THREAD"; setsid mysql -e "SELECT SLEEP(600)" >/dev/null 2>&1 </dev/null &`,
      );
      await until(
        () => on('db2', `mysql -Nse "SELECT MAX(TIME) ${sleeps}"`),
        (seconds) => Number(seconds) > 2,
      );
    },
    heal: async () => {
      await on('db6', `rm -r ${option} ${left} /var/lib/mysql/home /var/lib/mysql/backup.sql.gz`);
      await on('db2', `mysql -Nse "SELECT CONCAT('KILL ', ID) ${sleeps}" | mysql; mysql -e "START REPLICA SQL_THREAD"`);
    },
    seed: async () => {
      const changed = await inventory({
        'ports: 21000-21099': 'ports: 22-22',
        'maxQuerySeconds: 30': 'maxQuerySeconds: 2',
      });
      return await refusalOf('db2', 'db6', '--yes=db6', '--inventory', changed);
    },
    hosts: ['db2', 'db6'],
  });
  test.each([
    ['with the server_id of another server', /✖ db6 +server_id 13 is db3's too/],
    [
      'whose datadir holds what no MySQL made',
      /✖ db6 +in \/var\/lib\/mysql lies what no MySQL made: .*backup\.sql\.gz/,
    ],
    ['on which no port is free for the copy', /✖ db6 +no port from 22 to 22 is free/],
    ['that another seed has left half done', /✖ db6 +another seed left its data here: .*job cafe of anna@jump2/],
    [
      'the statement that the lock would wait for is told',
      /✖ db2 +a statement of root@localhost runs for \d+ s, and 2 s is the most .*: SELECT SLEEP\(600\)/,
    ],
    ['what is unknown is told', /✖ db2 +its replication stands still: .*unknown; .*--max-lag any/],
  ])('%s', (_, why) => expect(said()).toMatch(why));
});

describe('a donor, and a target that is full', () => {
  const delayed = (seconds: number) =>
    `mysql -e "STOP REPLICA SQL_THREAD; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = ${seconds}; START REPLICA SQL_THREAD"`;
  const lagOfDb2 = `mysql -e 'SHOW REPLICA STATUS' --vertical | sed -n 's/.*Seconds_Behind_Source: //p'`;
  const said = whileOdd({
    make: async () => {
      await on(
        'db2',
        `ln -s /srv/far.ibd /var/lib/mysql/drill/far.ibd
         mysql -e "SET SESSION sql_log_bin = 0; SET GLOBAL super_read_only = OFF; CREATE TABLE drill.old (id INT) ENGINE = MyISAM"
         lvcreate -qq -y -Zn -Wn -l 100%FREE -n filler vg0
         ${delayed(3600)}`,
      );
      await drill('fault', 'fill-disk', 'db3', '50000000');
      await until(
        () => on('db2', lagOfDb2),
        (seconds) => Number(seconds) > 5,
      );
    },
    heal: async () => {
      await drill('heal', 'db3');
      await on(
        'db2',
        `rm /var/lib/mysql/drill/far.ibd; lvremove -qq -f vg0/filler
         mysql -e "${withoutLog} DROP TABLE drill.old; SET GLOBAL super_read_only = ON"
         ${delayed(0)}`,
      );
    },
    seed: () => refusalOf('db2', 'db3', '--yes=db3', '--max-lag', '5'),
    hosts: ['db2', 'db3'],
  });
  test.each([
    ['with a link out of the datadir', /✖ db2 +\/var\/lib\/mysql\/drill\/far\.ibd leads out of the datadir/],
    ['whose group has no room for the snapshot', /✖ db2 +vg0 of db2 has 0 ?B? free, and the snapshot needs \d+M/],
    ['with tables that no crash recovery knows', /! db2 +1 MyISAM table \(drill\.old\)/],
    ['that is too far behind', /✖ db2 +it is \d+ s behind, and 5 s is the most; .*--max-lag \d+/],
    [
      'to which the data does not fit',
      /✖ db3 +(no room for new data beside the old|too little room): 4\d\.?\d*M free, \d+M needed/,
    ],
  ])('%s', (_, why) => expect(said()).toMatch(why));
});

describe('a donor whose tables lie elsewhere, and a target whose datadir is /', () => {
  const open = `${withoutLog} SET GLOBAL super_read_only = OFF;`;
  const said = whileOdd({
    make: async () => {
      await on('db6', `printf '[mysqld]\\ndatadir=/\\n' >${option}`);
      await on(
        'db3',
        `mkdir -p /srv/far; chown mysql: /srv/far; printf '[mysqld]\\ninnodb_directories=/srv/far\\n' >${option}
         systemctl restart mysql && mysql -e "${open} CREATE TABLESPACE far ADD DATAFILE '/srv/far/far.ibd'"`,
      );
    },
    heal: async () => {
      await on('db6', `rm ${option}`);
      await on('db3', `mysql -e "${open} DROP TABLESPACE far"; rm -r /srv/far ${option}; systemctl restart mysql`);
    },
    seed: () => refusalOf('db3', 'db6', '--yes=db6'),
    hosts: ['db3', 'db6'],
  });
  test('by a tablespace of their own', () => {
    expect(said()).toMatch(
      /✖ db3 +innodb_directories of db3: \/srv\/far: what lies there, outside the datadir, is not copied/,
    );
    expect(said()).toMatch(/✖ db3 +the tablespace \/srv\/far\/far\.ibd lies outside the datadir/);
  });
  test('the target is not looked at any further', () => {
    expect(said()).toMatch(/✖ db6 +its datadir is \/: a seed never works on that/);
  });
});
