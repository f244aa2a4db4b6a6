// A machine with two servers, of which the inventory tells one by its socket or option file alone: the other one is never taken for it.
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { namedWords } from '../../src/scripts/named-words.ts';
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
  const own = ['own_status=', 'own_datadir=', 'own_port=', 'look='];
  const words = [sentinel, service, defaultsFile, socket, '', 'x', ...own];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const input = '1 service config disk errorLog\n';
  const text = await scriptText('probe');
  const { all } = await alone.run('sh', ['-c', text, 'probe.sh', ...words], { env, input });
  const [report] = reportsIn(Buffer.from(`${all}\n`));
  if (!report) throw new Error(all);
  return report;
}

/** What a probe with that text reports of the host that has b.cnf, asked so often. */
async function looks(text: string, count: number): Promise<HostReport[]> {
  const own = ['own_status=', 'own_datadir=', 'own_port=', 'look='];
  const words = [sentinel, '', join(base, 'b.cnf'), '', '', 'x', ...own];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const input = Array.from({ length: count }, (_, at) => `${at + 1} service\n`).join('');
  const { all } = await alone.run('sh', ['-c', text, 'probe.sh', ...words], { env, input });
  return reportsIn(Buffer.from(`${all}\n`));
}

/** What another script of a host prints there. */
async function shown(name: 'check' | 'follow-log', words: readonly string[]): Promise<string> {
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  return (await alone.run('sh', ['-c', await scriptText(name), `${name}.sh`, ...words], { env })).all;
}
const followWords = () =>
  namedWords({
    mark: '#',
    path: '',
    lines: 10,
    most_bytes: 10_000,
    mode: 'once',
    defaults_file: join(base, 'b.cnf'),
    socket: '',
    before: '',
    before_at: '',
    sum_bytes: '',
    sum: '',
    service: '',
  });

/** A server's program that has a's datadir, whichever it is asked as. */
async function serverProgram(): Promise<void> {
  await program('mysqld', `printf '%s\\n' '---- ----' 'datadir ${base}/a' '' ''`);
  await units(['a', 'b'], join(base, 'bin', 'mysqld'));
}

/** Why a plan is refused on that report; undefined: it is not. */
function planned(verb: 'start' | 'stop' | 'restart', report: HostReport): string | undefined {
  const [host] = inventoryFrom('hosts: { here: { ssh: { transport: local } } }').hosts;
  if (!host) throw new Error('no host');
  const plan = planService({ verb, host, report, job: 'cafe', who: { account: 'anna', jumpHost: 'jump1' } });
  return plan.ok ? undefined : plan.message;
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
    for (const verb of ['start', 'stop', 'restart'] as const) {
      expect(planned(verb, report)).toContain('the service of here is not known: its server does not run');
    }
  });
});

/** What my_print_defaults does where it can't say what the option file has, and what is told of it. */
const untold: readonly [string, () => Promise<unknown>, string][] = [
  ['is late', () => program('my_print_defaults', 'exit 124'), 'did not say within 5 s what'],
  ['is of another account than root', () => ofOther('my_print_defaults'), 'would be run as root'],
  ['is not there', () => program('timeout', noProgram), 'there is no my_print_defaults that could say'],
  ['may not read it', () => rm(join(base, 'b.cnf')), 'does not say what'],
  ['leaves it out, as others may write to it', () => chmod(join(base, 'b.cnf'), 0o666), 'is ignored'],
];
/** As timeout of a host without that program. */
const noProgram =
  'case " $* " in *" my_print_defaults "*) echo "timeout: failed to run command" >&2; exit 127 ;; esac\nexec /usr/bin/timeout "$@"';
async function ofOther(name: string): Promise<void> {
  await program(name, `exec /usr/bin/${name} "$@"`);
  await chown(join(base, 'bin', name), 65534, 65534);
}

describe.each(untold)('whose option file is not told, since my_print_defaults %s', (_, breakIt, why) => {
  test.each([
    ['while the other one runs', true],
    ['while both are down', false],
  ])('is not known %s: the other one was taken for it, and the start of it started the other', async (_how, isUp) => {
    if (isUp) await runs('a');
    await breakIt();
    const report = await probed({ defaultsFile: join(base, 'b.cnf') });
    const { service, disk, config, errorLog } = report;
    expect(service?.ok === false && service.why).toContain(
      'which server of this host is that of mysql.defaultsFile is not known: ',
    );
    expect(service?.ok === false && service.why).toContain(why);
    expect([disk?.ok, config?.ok, errorLog?.ok === true && errorLog.value.path]).toEqual([false, false, false]);
    for (const verb of ['start', 'stop', 'restart'] as const) {
      expect(planned(verb, report)).toContain('the service of here is not known: which server of this host is that of');
    }
  });

  test('has no log of the other one, whose journal was shown as its own', async () => {
    await program('journalctl', 'echo "1700000000.000000 host mysqld[4]: a line of the other one"');
    await breakIt();
    expect(await shown('follow-log', followWords())).not.toContain('a line of the other one');
  });

  test('has no datadir of the other one in a check', async () => {
    await serverProgram();
    await breakIt();
    const said = await shown('check', ['socket=', `defaults_file=${base}/b.cnf`, 'service=']);
    expect(said).toMatch(/^datadir\t$/m);
    expect(said).toMatch(/^datadir\.error\twhich unit starts it is not known \(.*\): set mysql\.service$/m);
  });
});

test.each([
  ['while the other one runs', true],
  ['while both are down', false],
])(
  'whose option file was told too late once %s is itself a little later: the other one stayed until something changed',
  async (_, isUp) => {
    if (isUp) await runs('a');
    await writeFile(join(base, 'late'), '');
    await program('my_print_defaults', `[ ! -e ${base}/late ] || exit 124\nexec /usr/bin/my_print_defaults "$@"`);
    const clock = `now=$((\${now:-0} + 61)); if [ "$now" -gt 200 ]; then rm -f ${base}/late; fi`;
    const text = (await scriptText('probe')).replace(/^ *now=\$\{uptime%\.\*\}$/m, () => clock);
    const services = (await looks(text, 8)).map(({ service }) =>
      service?.ok ? [service.value.unit, service.value.pid] : 'not known',
    );
    expect(services[0]).toBe('not known');
    expect(new Set(services.slice(1).map(String))).toContain('mysql-b,');
    expect(services.at(-1)).toEqual(['mysql-b', undefined]);
    expect(services.flat()).not.toContain('mysql');
  },
);

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
  const runsAfter = async (count: number) => {
    await rm(seen, { force: true });
    await looks(text, count);
    return (await readFile(seen, 'utf8')).split('\n').length - 1;
  };
  const once = await runsAfter(1);
  expect(once).toBeGreaterThan(0);
  expect(await runsAfter(9)).toBe(once);
  // Once more after ten minutes, as nothing was found; and when its option file is another one.
  expect(await runsAfter(13)).toBeGreaterThan(2 * once);
});
