// Refusals before a seed begins, on hosts that really have the refused state: each with its figure, and nothing is
// changed. One seed names every reason, so a host gets several such states at once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, onHost, reseed, until } from './fleet.ts';
import { refusalOf, whileOdd } from './refusing.ts';
import { begun, inside, nothingLeftOn, shown } from './seeding.ts';
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
let jobsOfTests = 0;
beforeAll(async () => {
  jobsBefore = await numberOfJobs();
});
afterAll(async () => {
  expect(await numberOfJobs()).toBe(jobsBefore + jobsOfTests);
  const replicas = ['db2', 'db3'];
  const verified = await drill('verify', ...replicas);
  for (const host of replicas) expect(verified).toContain(host);
});

/** An inventory like the sample's, with some words changed. */
async function inventory(name: string, change: string): Promise<string> {
  const file = `/tmp/reseed-${name}.yaml`;
  await reseed(['drill', 'exec', '--', 'sh', '-c', `sed '${change}' hosts.yaml >${file}`]);
  return file;
}

const nothing = async () => undefined;

describe.each([
  ['when it is to be done', '--yes=db1'],
  ['when it is only planned', '--dry-run'],
])('a target that is none, %s', (_, agreed) => {
  const said = whileOdd({
    make: nothing,
    heal: nothing,
    seed: () => refusalOf('db2', 'db1', agreed),
    hosts: ['db2', 'db1'],
  });
  test('a primary with replicas', () => expect(said()).toMatch(/✖ db1 +db1 is the source of /));
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

describe('a target', () => {
  const left = '/var/lib/mysql/.reseed-cafe';
  const said = whileOdd({
    make: () =>
      on(
        'db6',
        `printf '[mysqld]\\nserver_id=13\\n' >${option}
         mkdir -p /var/lib/mysql/home/anna; mkdir -m 700 ${left}; touch /var/lib/mysql/backup.sql.gz; echo 'job cafe of anna@jump2' >${left}/who`,
      ),
    heal: () => on('db6', `rm -r ${option} ${left} /var/lib/mysql/home /var/lib/mysql/backup.sql.gz`),
    seed: async () =>
      refusalOf(
        'db2',
        'db6',
        '--yes=db6',
        '--inventory',
        await inventory('ports', 's/ports: 21000-21099/ports: 22-22/'),
      ),
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
  ])('%s', (_, why) => expect(said()).toMatch(why));
});

describe('a target whose datadir is /', () => {
  const said = whileOdd({
    make: () => on('db6', `printf '[mysqld]\\ndatadir=/\\n' >${option}`),
    heal: () => on('db6', `rm ${option}`),
    seed: () => refusalOf('db2', 'db6', '--yes=db6'),
    hosts: ['db6'],
  });
  test('is not looked at any further', () => {
    expect(said()).toMatch(/✖ db6 +its datadir is \/: a seed never works on that/);
  });
});

test('a target that is being seeded is refused with the number of our job', async () => {
  const id = await begun('seed', 'db2', 'db6', '--yes=db6', '--limit', '1M');
  jobsOfTests++;
  await until(
    () => onHost('db6', 'cat /run/reseed/lock-*'),
    ({ exitCode }) => exitCode === 0,
  );
  const said = await refusalOf('db3', 'db6', '--yes=db6');
  await inside('job', 'abort', id, `--yes=${id}`);
  expect(said).toMatch(new RegExp(`✖ db6 +db6 is locked by job ${id}\\b.*reseed job abort ${id}`, 's'));
  await until(
    () => shown(id),
    ({ state }) => state === 'aborted',
  );
  await nothingLeftOn('db2', 'db6');
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

describe('a donor with a statement that the lock would wait for, and with stopped replication', () => {
  const sleeps = `FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'`;
  const said = whileOdd({
    make: async () => {
      await on(
        'db2',
        `mysql -e "STOP REPLICA SQL_THREAD"; setsid mysql -e "SELECT SLEEP(600)" >/dev/null 2>&1 </dev/null &`,
      );
      await until(
        () => on('db2', `mysql -Nse "SELECT MAX(TIME) ${sleeps}"`),
        (seconds) => Number(seconds) > 2,
      );
    },
    heal: () =>
      on('db2', `mysql -Nse "SELECT CONCAT('KILL ', ID) ${sleeps}" | mysql; mysql -e "START REPLICA SQL_THREAD"`),
    seed: async () => {
      const patient = await inventory('patience', 's/maxQuerySeconds: 30/maxQuerySeconds: 2/');
      const strict = await refusalOf('db2', 'db6', '--yes=db6', '--inventory', patient);
      const allowed = await inside('seed', 'db2', 'db6', '--max-lag', 'any', '--dry-run');
      return strict + allowed.stdout;
    },
    hosts: ['db2', 'db6'],
  });
  test.each([
    [
      'is told with the statement',
      /✖ db2 +a statement of root@localhost runs for \d+ s, and 2 s is the most .*: SELECT SLEEP\(600\)/,
    ],
    ['is told with what is unknown', /✖ db2 +its replication stands still: .*unknown; .*--max-lag any/],
    ['may stand still where that is allowed', /! db2 +its replication stands still/],
  ])('%s', (_, why) => expect(said()).toMatch(why));
});

describe('a donor whose tables lie elsewhere', () => {
  const open = `${withoutLog} SET GLOBAL super_read_only = OFF;`;
  const mysql = whileOdd({
    make: () =>
      on(
        'db3',
        `mkdir -p /srv/far; chown mysql: /srv/far; printf '[mysqld]\\ninnodb_directories=/srv/far\\n' >${option}
         systemctl restart mysql && mysql -e "${open} CREATE TABLESPACE far ADD DATAFILE '/srv/far/far.ibd'"`,
      ),
    heal: () => on('db3', `mysql -e "${open} DROP TABLESPACE far"; rm -r /srv/far ${option}; systemctl restart mysql`),
    seed: () => refusalOf('db3', 'db6', '--yes=db6'),
    hosts: ['db3', 'db6'],
  });
  test('by a tablespace of their own', () => {
    expect(mysql()).toMatch(
      /✖ db3 +innodb_directories of db3: \/srv\/far: what lies there, outside the datadir, is not copied/,
    );
    expect(mysql()).toMatch(/✖ db3 +the tablespace \/srv\/far\/far\.ibd lies outside the datadir/);
  });
});
