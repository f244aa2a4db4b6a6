// A machine with two servers, of which the inventory tells one by its socket or option file alone: the other one is never taken for it.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { planService } from '../../src/service/plan.ts';
import { type Alone, openAlone } from '../alone.ts';
import { reportsIn, sentinel } from '../host/recordings.ts';
import { inventoryFrom } from '../live/pictures.ts';

let base: string;
let alone: Alone;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-wanted-'));
  alone = await openAlone();
  await chmod(base, 0o755);
  for (const folder of ['bin', 'server', 'a', 'b']) await mkdir(join(base, folder));
  await copyFile('/usr/bin/perl', join(base, 'server', 'mysqld'));
  await program('mysql', 'echo "ERROR 2002 (HY000): no socket" >&2; exit 1');
  await program('journalctl', '');
  await optionFile('a', `datadir=${base}/a\nsocket=${base}/a.sock`);
  await optionFile('b', `datadir=${base}/b\nsocket=${base}/b.sock`);
  await units(['a', 'b']);
});
afterEach(async () => {
  await alone.end();
  await rm(base, { recursive: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`);
  await chmod(join(base, 'bin', name), 0o755);
}
const optionFile = (name: string, lines: string, group = 'mysqld') =>
  writeFile(join(base, `${name}.cnf`), `[${group}]\n${lines}\n`);

/** systemctl of a host with these units of servers, mysql (a's) and mysql-b (b's); none of them runs by it. */
const units = (names: readonly ('a' | 'b')[], server = '/usr/sbin/mysqld') => {
  const shown = names.map((name) => {
    const unit = { a: 'mysql', b: 'mysql-b' }[name];
    const words = `${server} --defaults-file=${base}/${name}.cnf`;
    const block = `Id=${unit}.service\\nLoadState=loaded\\nActiveState=inactive\\nSubState=dead\\nUnitFileState=enabled\\nUser=nobody\\nExecStart={ path=${server} ; argv[]=${words} ; ignore_errors=no ; start_time=[n/a] }\\n`;
    return `case " $* " in *' ${unit} '* | *\\**) printf '${block}\\n' ;; esac`;
  });
  return program(
    'systemctl',
    `case "$*" in *--value*LoadState* | *LoadState*--value*) echo loaded; exit ;; esac\n${shown.join('\n')}`,
  );
};

/** A server that works in the folder of that name, and listens at its socket. */
async function runs(name: 'a' | 'b', socket = join(base, `${name}.sock`)): Promise<number> {
  const listens = `use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un("${socket}")) or die; listen(S, 5); open(F, ">", "up"); sleep 1000`;
  const pid = await alone.start(join(base, 'server', 'mysqld'), ['-e', listens], join(base, name));
  await expect.poll(() => existsSync(join(base, name, 'up'))).toBe(true);
  return pid;
}

/** What a probe reports of the host whose inventory has these. */
async function probed({ service = '', defaultsFile = '', socket = '' }): Promise<HostReport> {
  const own = ['own_status=', 'own_datadir=', 'own_port=', 'program='];
  const words = [sentinel, service, defaultsFile, socket, '', 'x', ...own];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const input = '1 service config disk errorLog\n';
  const text = await scriptText('probe');
  const { all } = await alone.run('sh', ['-c', text, 'probe.sh', ...words], { env, input });
  const [report] = reportsIn(Buffer.from(`${all}\n`));
  if (!report) throw new Error(all);
  return report;
}

describe.each([
  ['socket', () => ({ socket: join(base, 'b.sock') })],
  ['option file', () => ({ defaultsFile: join(base, 'b.cnf') })],
])('of which the inventory has the %s', (_, named) => {
  test('is itself, whichever of the two was started first', async () => {
    await runs('a');
    const pid = await runs('b');
    expect((await probed(named())).service).toMatchObject({ ok: true, value: { pid, unit: 'mysql-b' } });
  });

  test('is down while the other one runs: that was taken for it, and a stop would have stopped it', async () => {
    await runs('a');
    const { service, disk } = await probed(named());
    expect(service).toMatchObject({ ok: true, value: { unit: 'mysql-b', state: 'inactive' } });
    expect(service).not.toHaveProperty('value.pid');
    expect(disk).toMatchObject({ value: { datadir: join(base, 'b') } });
  });

  test('is started by no unit of the other one, while both are down', async () => {
    expect((await probed(named())).service).toMatchObject({ ok: true, value: { unit: 'mysql-b', state: 'inactive' } });
    await units(['a']);
    const { service, disk, errorLog } = await probed(named());
    expect(service?.ok === false && service.why).toContain('no unit is known to start one with the place of mysql.');
    expect([disk?.ok, errorLog?.ok === true && errorLog.value.path]).toEqual([false, false]);
  });

  test('is told as one whose unit is not known, while the other one runs in the unit with the usual name', async () => {
    await units(['a']);
    const pid = await runs('a');
    const report = await probed(named());
    expect(report.service?.ok === false && report.service.why).toContain(
      `its server does not run; another one does (process ${pid}), and no unit is known`,
    );
    const [host] = inventoryFrom('hosts: { here: { ssh: { transport: local } } }').hosts;
    if (!host) throw new Error('no host');
    const who = { account: 'anna', jumpHost: 'jump1' };
    for (const verb of ['start', 'stop', 'restart'] as const) {
      const planned = planService({ verb, host, report, job: 'cafe', who });
      expect(planned.ok === false && planned.message).toContain(
        'the service of here is not known: its server does not run',
      );
    }
  });
});

test('with a login file alone is the one server that runs, as before', async () => {
  await optionFile('login', 'user=root', 'client');
  const pid = await runs('a');
  expect((await probed({ defaultsFile: join(base, 'login.cnf') })).service).toMatchObject({ ok: true, value: { pid } });
});

test('with a login file that has the socket of the other for its client is down', async () => {
  await optionFile('login', `user=root\nsocket=${base}/b.sock`, 'client');
  await runs('a');
  const { service } = await probed({ defaultsFile: join(base, 'login.cnf') });
  expect(service).toMatchObject({ ok: true, value: { unit: 'mysql-b', state: 'inactive' } });
});

test.each([
  ['host=127.0.0.1', 'host'],
  ['protocol=tcp', 'protocol'],
])(
  'with a login by TCP (%s) whose file has an old socket too is the one server that runs: it was told as another one',
  async (line) => {
    await optionFile('login', `user=root\n${line}\nsocket=${base}/old.sock`, 'client');
    const pid = await runs('a');
    expect((await probed({ defaultsFile: join(base, 'login.cnf') })).service).toMatchObject({
      ok: true,
      value: { pid },
    });
  },
);

test('with a socket of its own and an option file of all servers is itself: the datadir of [mysqld] there is another server’s', async () => {
  await optionFile('all', `datadir=${base}/a\nsocket=${base}/a.sock\n[client]\nuser=root`);
  const pid = await runs('b');
  const named = { defaultsFile: join(base, 'all.cnf'), socket: join(base, 'b.sock') };
  expect((await probed(named)).service).toMatchObject({ ok: true, value: { pid, unit: 'mysql-b' } });
});

test('in no unit costs its host no run of the programs of its units each minute, but where a file of theirs has changed', async () => {
  const server = join(base, 'bin', 'mysqld');
  // It is run by the account of its unit.
  await mkdir(join(base, 'seen'));
  await chmod(join(base, 'seen'), 0o777);
  const seen = join(base, 'seen', 'runs');
  await program('mysqld', `echo run >>${seen}; exit 1`);
  await units(['a'], server);
  const clock = `now=$((\${now:-0} + 61)); if [ "$now" -gt 700 ]; then echo '[mysqld]' >>${base}/a.cnf; fi`;
  const text = (await scriptText('probe')).replace(/^ *now=\$\{uptime%\.\*\}$/m, () => clock);
  const words = [
    sentinel,
    '',
    join(base, 'b.cnf'),
    '',
    '',
    'x',
    'own_status=',
    'own_datadir=',
    'own_port=',
    'program=',
  ];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const runsAfter = async (looks: number) => {
    await rm(seen, { force: true });
    const input = Array.from({ length: looks }, (_, at) => `${at + 1} service\n`).join('');
    await alone.run('sh', ['-c', text, 'probe.sh', ...words], { env, input });
    return (await readFile(seen, 'utf8')).split('\n').length - 1;
  };
  const once = await runsAfter(1);
  expect(once).toBeGreaterThan(0);
  expect(await runsAfter(9)).toBe(once);
  // Once more after ten minutes, as nothing was found; and when its option file is another one.
  expect(await runsAfter(13)).toBeGreaterThan(2 * once);
});
