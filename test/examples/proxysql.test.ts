// examples/hooks/proxysql.mjs with the mysql client that it uses, against a small admin of MySQL's protocol.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProxysqlAdmin, password } from './proxysql-admin.ts';
import { exampleForEach } from './running.ts';

const db3 = '10.77.0.13';
const db4 = '10.77.0.14';
const example = exampleForEach('proxysql.mjs');
const { run } = example;
let admin: ProxysqlAdmin;

const optionFile = (port: number, word = password) =>
  example.write('proxysql.cnf', `[client]\nhost=127.0.0.1\nport=${port}\nuser=radmin\npassword=${word}\n`);

const configure = (settings: Readonly<Record<string, unknown>> = {}) =>
  example.write(
    'config.json',
    JSON.stringify({
      optionFile: example.path('proxysql.cnf'),
      hostgroups: [20],
      stepSeconds: 0,
      drainSeconds: 60,
      lagSeconds: 60,
      state: example.path('state'),
      ...settings,
    }),
  );

const stateOf = (address: string) => existsSync(example.path(`state/${address}_3306.json`));

beforeEach(async () => {
  admin = await ProxysqlAdmin.start([
    [10, '10.77.0.11', 1000],
    [20, db3, 1000],
    [20, db4, 500],
  ]);
  await optionFile(admin.port);
  await configure();
});
afterEach(() => admin.stop());

const steps = ['ONLINE 0', 'ONLINE 60', 'ONLINE 250', 'ONLINE 560', 'ONLINE 1000'];

test('takes a server out, and brings it back with 6, 25, 56 and 100 % of its weight', async () => {
  expect(await run('out')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(admin.history(db3)).toEqual(['OFFLINE_SOFT 1000']);
  expect(stateOf(db3)).toBe(true);
  const back = await run('in', { at: 'after-caught-up' });
  expect(back).toMatchObject({ exitCode: 0, stderr: '' });
  expect(back.stdout).toMatch(/10\.77\.0\.13:3306 is back with all of its weight$/);
  expect(admin.history(db3)).toEqual(['OFFLINE_SOFT 1000', ...steps]);
  expect(admin.history(db4)).toEqual(['ONLINE 500']);
  expect(stateOf(db3)).toBe(false);
});

test('brings a server of its own back once it has started: its lag is measured by nothing', async () => {
  admin.lag = () => null;
  await configure({ lagSeconds: 0 });
  await run('out');
  expect(await run('in', { at: 'after-start', ends: { db3: 'replica' } })).toMatchObject({ exitCode: 0, stdout: '' });
  expect(admin.live(db3)).toBe('OFFLINE_SOFT 1000');
  expect(await run('in', { at: 'after-start', ends: { db3: 'alone' } })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(admin.history(db3)).toEqual(['OFFLINE_SOFT 1000', ...steps]);
});

test('keeps a weight for so many seconds of no lag before the next', async () => {
  await configure({ stepSeconds: 1, steps: [50, 100] });
  await run('out');
  const began = performance.now();
  await run('in');
  expect(admin.history(db3)).toEqual(['OFFLINE_SOFT 1000', 'ONLINE 0', 'ONLINE 500', 'ONLINE 1000']);
  expect(performance.now() - began).toBeGreaterThan(1000);
});

test('brings a target back only when it has caught up, and a server that was restarted when it has started', async () => {
  await run('out');
  await run('in', { at: 'after-start' });
  expect(admin.live(db3)).toBe('OFFLINE_SOFT 1000');
  await run('in', { at: 'after-start', targets: [] });
  expect(admin.live(db3)).toBe('ONLINE 1000');
});

test('waits until no connection is in use', async () => {
  admin.byHand(`UPDATE stats_mysql_connection_pool SET ConnUsed=2 WHERE srv_host='${db3}'`);
  const out = run('out');
  await vi.waitFor(
    () => expect(admin.statements.filter((sql) => sql.includes('ConnUsed')).length).toBeGreaterThan(1),
    60_000,
  );
  admin.byHand('UPDATE stats_mysql_connection_pool SET ConnUsed=0');
  expect((await out).stdout).toMatch(/no connection of ProxySQL is in use$/);
});

test('does not let the job go on while connections are in use', async () => {
  admin.byHand(`UPDATE stats_mysql_connection_pool SET ConnUsed=2 WHERE srv_host='${db3}'`);
  await configure({ drainSeconds: 0 });
  expect(await run('out')).toMatchObject({
    exitCode: 1,
    stderr: '10.77.0.13:3306 has 2 connections in use after 0 s; end their transactions, or raise drainSeconds',
  });
});

describe('lag', () => {
  test('that rises in the middle stops the raise, until it is 0 again', async () => {
    let isLate = true;
    admin.lag = (_address, { weight }) => (isLate && weight >= 250 ? 7 : 0);
    await run('out');
    const back = run('in');
    const looks = () => admin.statements.filter((sql) => sql.includes('replication_lag_log')).length;
    await vi.waitFor(() => expect(admin.live(db3)).toBe('ONLINE 250'), 60_000);
    const before = looks();
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(before + 2), 60_000);
    expect(admin.live(db3)).toBe('ONLINE 250');
    isLate = false;
    expect((await back).stdout).toContain('10.77.0.13:3306: its lag is 7 s: no step is made');
    expect(admin.history(db3)).toEqual(['OFFLINE_SOFT 1000', ...steps]);
  });

  test('that does not end leaves the server at its weight, and says how to go on', async () => {
    admin.lag = (_address, { weight }) => (weight >= 250 ? 7 : 0);
    await run('out');
    await configure({ lagSeconds: 0 });
    const back = await run('in');
    expect(back.exitCode).toBe(1);
    expect(back.stderr).toMatch(
      /^10\.77\.0\.13:3306 is not back, and keeps the weight that it has now: its lag is 7 s\. When that is mended: .*proxysql\.mjs in .*config\.json 10\.77\.0\.13:3306$/,
    );
    expect([admin.live(db3), stateOf(db3)]).toEqual(['ONLINE 250', true]);
  });

  test('that ProxySQL does not measure brings no connection to the server', async () => {
    admin.byHand('UPDATE mysql_servers SET max_replication_lag=0');
    await run('out');
    await configure({ lagSeconds: 0 });
    expect((await run('in')).stderr).toMatch(
      /has not measured its lag: max_replication_lag of the server has to be above 0/,
    );
    expect(admin.live(db3)).toBe('ONLINE 0');
  });

  test('that is not known (replication is stopped) is no lag of 0', async () => {
    admin.lag = () => null;
    await run('out');
    await configure({ lagSeconds: 0 });
    expect((await run('in')).exitCode).toBe(1);
    expect(admin.live(db3)).toBe('ONLINE 0');
  });
});

describe('a server that this hook did not lower', () => {
  test('is left as it is: the donor, after a failure', async () => {
    await run('out');
    admin.byHand("UPDATE mysql_servers SET weight=5 WHERE hostname='10.77.0.14'");
    admin.loadByHand();
    const back = await run('in', { at: 'after-failure', for: ['db4', 'db3'], targets: ['db3', 'db4'] });
    expect(back).toMatchObject({ exitCode: 0 });
    expect(back.stdout).toContain('10.77.0.14:3306: this hook did not take it out, and leaves it as it is');
    expect([admin.live(db3), admin.live(db4)]).toEqual(['ONLINE 1000', 'ONLINE 5']);
  });

  test('is left out, if an operator took it out before the job', async () => {
    admin.byHand(`UPDATE mysql_servers SET status='OFFLINE_SOFT', weight=3 WHERE hostname='${db3}'`);
    admin.loadByHand();
    expect((await run('out')).stdout).toMatch(/is out already, and not by this hook: it is left so/);
    await run('in');
    expect(admin.live(db3)).toBe('OFFLINE_SOFT 3');
  });

  test('is left alone, if another set its weight meanwhile; the first weight is told', async () => {
    await run('out');
    admin.byHand(`UPDATE mysql_servers SET status='ONLINE', weight=77 WHERE hostname='${db3}'`);
    admin.loadByHand();
    expect((await run('in')).stderr).toMatch(
      /is ONLINE 77: not as this hook set it, so it is left alone; its weight was 1000\./,
    );
    expect(admin.live(db3)).toBe('ONLINE 77');
  });

  test('is not the last one that is taken out of its hostgroup', async () => {
    await run('out', { for: ['db4'], targets: ['db4'] });
    expect(await run('out')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/is the last server of hostgroup 20 that is ONLINE/),
    });
    expect(admin.live(db3)).toBe('ONLINE 1000');
  });

  test('is not taken out with the other one by a hook that is for both', async () => {
    const both = ['db3', 'db4'];
    expect(await run('out', { at: 'before-copy', for: both, targets: both })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/10\.77\.0\.14:3306 is the last server of hostgroup 20 that is ONLINE/),
    });
    expect([admin.live(db3), admin.live(db4)]).toEqual(['OFFLINE_SOFT 1000', 'ONLINE 500']);
  });

  test('is not taken out with the other one by two hooks at the same time', async () => {
    const ends = await Promise.all(['db3', 'db4'].map((name) => run('out', { for: [name], targets: [name] })));
    expect(ends.map(({ exitCode }) => exitCode)).toContain(1);
    expect([admin.live(db3), admin.live(db4)].filter((state) => state?.startsWith('ONLINE')).length).toBeGreaterThan(0);
  });
});

describe('a host whose port is not known', () => {
  const both = ['db3', 'db4'];
  const failed = { at: 'after-failure', for: ['db2', ...both], targets: both };

  test('keeps no other host from being put back, and none that was taken out', async () => {
    await run('out');
    expect(await run('in', { ...failed, portless: ['db4'] })).toMatchObject({ exitCode: 0, stderr: '' });
    expect([admin.live(db3), stateOf(db3)]).toEqual(['ONLINE 1000', false]);
    await run('out');
    expect(await run('in', { ...failed, portless: both })).toMatchObject({ exitCode: 0, stderr: '' });
    expect([admin.live(db3), stateOf(db3), admin.live(db4)]).toEqual(['ONLINE 1000', false, 'ONLINE 500']);
  });

  test('and a kept weight that can not be read keep no other host from being put back', async () => {
    await run('out');
    await example.write('state/10.77.0.14_3306.json', '{');
    expect(await run('in', { ...failed, portless: ['db4'] })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/14_3306\.json can't be read, and may be of db4: .*; look at it, and remove it$/),
    });
    expect([admin.live(db3), stateOf(db3)]).toEqual(['ONLINE 1000', false]);
  });

  test('is refused by its name, and the others are taken out', async () => {
    expect(await run('out', { for: both, targets: both, portless: ['db4'] })).toMatchObject({
      exitCode: 1,
      stderr: 'the port of mysqld on db4 is not known; write ADDRESS:PORT under servers of the configuration',
    });
    expect(admin.live(db3)).toBe('OFFLINE_SOFT 1000');
  });
});

test('two ProxySQLs, each with a proxysql.json of its own folder, keep their weights apart', async () => {
  const other = await ProxysqlAdmin.start([
    [20, db3, 700],
    [20, db4, 700],
  ]);
  const configs = await Promise.all(
    [admin, other].map(async ({ port }, at) => {
      mkdirSync(example.path(`${at}`));
      const login = `[client]\nhost=127.0.0.1\nport=${port}\nuser=radmin\npassword=${password}\n`;
      await example.write(`${at}/proxysql.cnf`, login);
      const settings = { optionFile: example.path(`${at}/proxysql.cnf`), hostgroups: [20], stepSeconds: 0 };
      await example.write(`${at}/proxysql.json`, JSON.stringify(settings));
      return example.path(`${at}/proxysql.json`);
    }),
  );
  for (const verb of ['out', 'in'])
    for (const config of configs)
      expect(await run(verb, { at: 'after-failure' }, config)).toMatchObject({ exitCode: 0, stderr: '' });
  expect([admin.live(db3), other.live(db3)]).toEqual(['ONLINE 1000', 'ONLINE 700']);
  await other.stop();
});

describe('before a job', () => {
  const check = (told = {}) => run('check', { at: 'before-preflight', for: ['db2', 'db3'], ...told });

  test('the servers that will be taken out are found, and nothing is changed', async () => {
    expect(await check()).toMatchObject({ exitCode: 0, stdout: '10.77.0.13:3306 is in ProxySQL', stderr: '' });
    expect([admin.history(db3), stateOf(db3)]).toEqual([[], false]);
  });

  test('a target that is not behind it, or has no known port, ends the job before the copy', async () => {
    expect(await check({ for: ['db2', 'db3', 'db9'], targets: ['db3', 'db9'] })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^ProxySQL has no server 10\.77\.0\.19:3306 in hostgroup 20; write its name/),
    });
    expect((await check({ portless: ['db3'] })).stderr).toMatch(/^the port of mysqld on db3 is not known/);
    await configure({ servers: { db9: null } });
    expect(await check({ for: ['db9'], targets: ['db9'] })).toMatchObject({ exitCode: 0 });
  });

  test('a login that ProxySQL refuses ends it as well', async () => {
    await optionFile(admin.port, 'another-password');
    expect((await check()).stderr).toMatch(/^ProxySQL refused the login/);
  });

  test('that stops no server asks for none: a snapshot', async () => {
    for (const kind of ['snapshot', 'proof'])
      expect(await check({ for: ['db9'], targets: [], kind })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('an error', () => {
  test('of a setting that there is not, or of facts of another version, is named before ProxySQL is asked', async () => {
    await configure({ stepSecond: 5 });
    expect(await run('out')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('stepSecond is no setting (client, steps, stepSeconds'),
    });
    await configure();
    expect(await run('out', { version: 2 })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('standard input has facts of version 2, and this hook reads 1'),
    });
  });

  test('of a ProxySQL that is away names the file of its address', async () => {
    await admin.stop();
    const { exitCode, stderr } = await run('out');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^ProxySQL's admin did not answer with the settings of .*proxysql\.cnf: ERROR 2002 .*; see host and port there, and whether ProxySQL runs$/,
    );
  });

  test('of a wrong password names the file of the login, and shows no password', async () => {
    await optionFile(admin.port, 'another-password');
    const { exitCode, stderr } = await run('out');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^ProxySQL refused the login with the settings of .*proxysql\.cnf: ERROR 1045 .*; see user and password there$/,
    );
    expect(stderr).not.toContain('another-password');
  });

  test('of an option file that others can read says what to do, before it is used', async () => {
    await example.write('proxysql.cnf', '[client]\n', 0o640);
    expect((await run('out')).stderr).toMatch(/proxysql\.cnf is open to other accounts; chmod 600 /);
    expect(admin.statements).toEqual([]);
  });

  test('of a missing configuration, of no JSON, and of wrong settings names the file', async () => {
    await example.write('config.json', '{');
    expect((await run('out')).stderr).toMatch(/config\.json is no JSON: /);
    await configure({ steps: [25, 6, 100] });
    expect((await run('out')).stderr).toMatch(
      /config\.json: steps have to rise, and to end with 100; see proxysql\.json of the examples/,
    );
    await configure({ client: 'no-such-client' });
    expect((await run('out')).stderr).toMatch(
      /the program no-such-client can't be run: ENOENT; install a mysql or mariadb client/,
    );
  });

  test('of a server that ProxySQL does not have says where its name belongs', async () => {
    expect((await run('out', { for: ['db9'], targets: ['db9'] })).stderr).toMatch(
      /ProxySQL has no server 10\.77\.0\.19:3306 in hostgroup 20; write its name there under servers/,
    );
    await configure({ servers: { db9: null } });
    expect(await run('out', { for: ['db9'], targets: ['db9'] })).toMatchObject({ exitCode: 0 });
    await configure({ servers: { db9: `${db3}:3306` } });
    await run('out', { for: ['db9'], targets: ['db9'] });
    expect(admin.live(db3)).toBe('OFFLINE_SOFT 1000');
  });

  test('of changes that another has not made live keeps them from going live', async () => {
    admin.byHand(`UPDATE mysql_servers SET weight=1 WHERE hostname='${db4}'`);
    expect((await run('out')).stderr).toMatch(
      /has changes that are not live \(10\.77\.0\.14:3306 in hostgroup 20\); LOAD MYSQL SERVERS/,
    );
    expect([admin.live(db3), admin.live(db4)]).toEqual(['ONLINE 1000', 'ONLINE 500']);
  });
});

/** Of every other process. */
function argumentsAndEnvironments(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return pids.flatMap((pid) =>
    ['cmdline', 'environ'].flatMap((file) => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'latin1');
      } catch {
        return []; // it has ended
      }
    }),
  );
}

test('its password is in no argument and no environment of any process', async () => {
  const seen: string[] = [];
  admin.cuts = () => {
    seen.push(...argumentsAndEnvironments());
    return false;
  };
  expect(await run('out')).toMatchObject({ exitCode: 0 });
  expect(seen.some((text) => text.includes('--defaults-file='))).toBe(true);
  expect(seen.filter((text) => text.includes(password))).toEqual([]);
});

/** Runs it, and kills it in place of its statement of that number. Whether it had so many. */
async function killedAt(verb: string, number: number): Promise<boolean> {
  let left = number;
  let wasKilled = false;
  const running = run(verb);
  admin.cuts = () => {
    if (left-- > 0) return wasKilled;
    wasKilled = true;
    running.kill('SIGKILL');
    return true;
  };
  await running;
  admin.cuts = () => false;
  return wasKilled;
}

describe('killed at any of its statements, and run again', () => {
  test('takes the server out, and its first weight is kept', async () => {
    for (let number = 0; await killedAt('out', number); number++) {
      expect(await run('out')).toMatchObject({ exitCode: 0 });
      expect(admin.live(db3)).toBe('OFFLINE_SOFT 1000');
      expect(await run('in')).toMatchObject({ exitCode: 0 });
      expect(admin.live(db3)).toBe('ONLINE 1000');
    }
  });

  test('goes on raising from the weight that was reached, to exactly the first', async () => {
    const begin = Math.floor(Math.random() * 3);
    let reached = 0;
    await run('out');
    for (let number = begin; await killedAt('in', number); number += 3) {
      const { length } = admin.history(db3);
      expect(await run('in')).toMatchObject({ exitCode: 0 });
      const weights = admin
        .history(db3)
        .slice(length - 1)
        .map((line) => Number(line.split(' ')[1]));
      if (length > 1 && admin.history(db3)[length - 1] !== 'OFFLINE_SOFT 1000')
        expect(weights).toEqual(weights.toSorted((one, other) => one - other));
      expect([number, admin.live(db3), stateOf(db3)]).toEqual([number, 'ONLINE 1000', false]);
      await run('out');
      reached = number;
    }
    expect(reached).toBeGreaterThan(10);
  });
});
