// The probe's loop on real hosts, over real ssh: one stream a host, as the poller has it.
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HostReport, ReportPart } from '../../src/host/facts.ts';
import { reportParts } from '../../src/host/facts.ts';
import { keptErrorLog } from './error-log.ts';
import { drill, onHost, printedOn, reseedWords, testEnvironment, until } from './fleet.ts';
import type { ProbeWishes } from './probing.ts';
import { everyHost, usesHosts } from './uses.ts';

usesHosts(...everyHost);

interface Asking {
  /** The next report, over the same stream as the last. */
  ask(...parts: ReportPart[]): Promise<HostReport>;
  end(): Promise<unknown>;
}
const open: Asking[] = [];

function probeOf(host: string, wishes: ProbeWishes = {}): Asking {
  const [node, script] = reseedWords;
  const words = [script, 'drill', 'exec', '--', node, 'test/fleet/ask-probe.ts', host, JSON.stringify(wishes)];
  const child = execa(node, words, { env: testEnvironment, reject: false, stderr: 'inherit' });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const asking: Asking = {
    ask: async (...parts) => {
      child.stdin.write(`${parts.join(' ')}\n`);
      const line = await lines.next();
      if (line.done) throw new Error(`the probe of ${host} ended`);
      return (JSON.parse(line.value) as { report: HostReport }).report;
    },
    end: async () => {
      child.stdin.end();
      return await child;
    },
  };
  open.push(asking);
  return asking;
}
afterEach(async () => {
  for (const asking of open.splice(0)) await asking.end();
});

const unknownParts = (report: HostReport) => Object.entries(report).filter(([, part]) => !(part as { ok: boolean }).ok);

const log = '/var/log/mysql/error.log';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come through.
const unclean = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

describe('a healthy fleet', () => {
  test.each([
    { host: 'db1', unit: 'mysql', volume: 'vg0/mysql', replicas: ['db2', 'db3'], source: undefined },
    { host: 'db2', unit: 'mysql', volume: 'vg0/mysql', replicas: [], source: '10.77.0.11' },
    { host: 'db3', unit: 'mysql', volume: 'data-vg/srv-mysql', replicas: [], source: '10.77.0.11' },
    { host: 'db4', unit: 'mariadb', volume: 'vgcrm/data', replicas: ['db5'], source: undefined },
    { host: 'db5', unit: 'mariadb', volume: 'vg0/mariadb', replicas: [], source: '10.77.0.14' },
  ])('$host tells every part, and again over the same stream', async ({ host, unit, volume, replicas, source }) => {
    const probe = probeOf(host);
    const first = await probe.ask(...reportParts);
    expect(unknownParts(first)).toEqual([]);
    expect(first).toMatchObject({
      system: { value: { hostname: host } },
      service: { value: { unit, state: 'active' } },
      server: { value: { readOnly: source !== undefined } },
    });
    const { lvm, replication } = first;
    expect(lvm?.ok && `${lvm.value.datadirVolume?.group}/${lvm.value.datadirVolume?.volume}`).toBe(volume);
    expect(replication?.ok && replication.value.replicas.map((replica) => replica.host).sort()).toEqual(replicas);
    expect(replication?.ok && replication.value.channels[0]?.sourceHost).toBe(source);

    const second = await probe.ask('server', 'errorLog');
    expect(Object.keys(second)).toEqual(['server', 'errorLog']);
    expect(unknownParts(second)).toEqual([]);
  });

  test('db6 is blank: what a server would say is unknown, all else is told', async () => {
    const report = await probeOf('db6').ask(...reportParts);
    expect(unknownParts(report).map(([part]) => part)).toEqual(['server', 'replication']);
    expect(report.service).toMatchObject({ value: { unit: 'mysql', state: 'inactive' } });
  });
});

test('a server that is stopped shows in the very next report, and so does its return', async () => {
  const probe = probeOf('db3');
  const parts: ReportPart[] = ['service', 'server', 'config', 'disk', 'errorLog'];
  expect(unknownParts(await probe.ask(...parts))).toEqual([]);
  await drill('fault', 'stop-mysql', 'db3');
  const down = await probe.ask(...parts);
  await drill('heal', 'db3');
  expect(down.service).toMatchObject({ value: { unit: 'mysql', state: 'inactive' } });
  expect(down.server).toEqual({ ok: false, why: 'the server is down' });
  // XFS, elsewhere than the vendor's default: known from the option files alone.
  expect(down.config).toMatchObject({ value: { datadir: '/srv/mysql/data', errorLog: log } });
  expect(down.disk).toMatchObject({
    value: { datadir: '/srv/mysql/data', mountPoint: '/srv/mysql', fileSystem: 'xfs' },
  });
  expect(down.errorLog).toMatchObject({ value: { path: log } });
  expect(unknownParts(await probe.ask(...parts))).toEqual([]);
});

test('a server that hangs costs its own part only, and is not asked into a crowd of connections', async () => {
  const probe = probeOf('db5');
  const pid = await printedOn('db5', 'pidof mariadbd');
  const both: ReportPart[] = ['server', 'replication', 'disk', 'service', 'errorLog'];
  expect(unknownParts(await probe.ask(...both))).toEqual([]);
  await printedOn('db5', `kill -STOP ${pid}`);
  const hung = await probe.ask(...both);
  const after = await probe.ask(...both);
  await printedOn('db5', `kill -CONT ${pid}`);
  const why = 'mysql gave no answer in its time';
  expect(unknownParts(hung)).toEqual([
    ['server', { ok: false, late: true, why }],
    ['replication', { ok: false, late: true, why }],
  ]);
  expect(after.server).toMatchObject({ ok: false, why: expect.stringMatching(/; it is asked again in \d+ s$/) });
  await until(
    () => probe.ask('server'),
    (report) => report.server?.ok === true,
    30_000,
  );
});

describe('an error log', () => {
  beforeAll(() => keptErrorLog('db1', log));

  async function logOf(report: HostReport) {
    const { errorLog } = report;
    if (!errorLog?.ok) throw new Error(JSON.stringify(errorLog));
    expect(errorLog.value.path).toBe(log);
    expect(errorLog.value.lines.length).toBeLessThanOrEqual(200);
    expect(errorLog.value.lines.filter(({ text }) => unclean.test(text) || text.length > 4096)).toEqual([]);
    return errorLog.value;
  }

  test('with a line of 10 MB, binary, escape sequences and invalid UTF-8 does no harm', async () => {
    const probe = probeOf('db1');
    await logOf(await probe.ask('errorLog'));
    await printedOn('db1', `head -c 10000000 /dev/zero | tr '\\0' x >>${log}`);
    const long = await logOf(await probe.ask('errorLog'));
    expect(long.lines).toHaveLength(1);
    expect(long.lines[0]?.text).toMatch(/^x+ … \(\d+ more characters\)$/);
    await printedOn('db1', `{ echo; head -c 60000 /dev/urandom; } >>${log}`);
    await logOf(await probe.ask('errorLog', 'disk'));
    const escapes = '\\033]0;owned\\007\\033[2J\\342\\200\\256\\377\\376\\000';
    await printedOn('db1', `printf '\\n2026-11-22T18:45:56.1Z 0 [ERROR] [MY-1] [Server] a${escapes}b\\n' >>${log}`);
    const report = await probe.ask('errorLog', 'server');
    expect((await logOf(report)).lines.at(-1)).toMatchObject({
      severity: 'error',
      text: expect.stringMatching(/ a\ufffd+b$/),
    });
    expect(report.server?.ok).toBe(true);
  });

  test('that is truncated, rotated, gone and back is read where the server says that it is', async () => {
    const probe = probeOf('db1');
    await logOf(await probe.ask('errorLog'));
    await printedOn('db1', `echo 'after the cut' >${log}`);
    expect((await logOf(await probe.ask('errorLog'))).lines).toEqual([{ text: 'after the cut' }]);
    await printedOn('db1', `mv ${log} ${log}.1`);
    expect((await probe.ask('errorLog')).errorLog).toMatchObject({ ok: false, why: expect.stringContaining(log) });
    await printedOn('db1', "mysql -e 'FLUSH ERROR LOGS'");
    expect((await logOf(await probe.ask('errorLog'))).sizeBytes).toBeLessThan(1000);
    await printedOn('db1', `rm ${log}.1`);
  });

  test('that is a pipe is not waited for', async () => {
    await printedOn('db1', 'mkfifo /tmp/pipe');
    const report = await probeOf('db1', { mysql: { errorLog: '/tmp/pipe' } }).ask('errorLog', 'disk');
    await printedOn('db1', 'rm /tmp/pipe');
    expect(report.errorLog).toEqual({ ok: false, why: '/tmp/pipe is no file but a fifo' });
    expect(report.disk?.ok).toBe(true);
  });
});

test('without the LVM tools the rest is told, and LVM again once they are back', async () => {
  const probe = probeOf('db6');
  await printedOn('db6', 'mv /usr/sbin/vgs /usr/sbin/lvs /root/');
  const without = await probe.ask('lvm', 'disk');
  await printedOn('db6', 'mv /root/vgs /root/lvs /usr/sbin/');
  expect(without.lvm).toEqual({ ok: false, why: 'vgs is not installed' });
  expect(without.disk?.ok).toBe(true);
  expect((await probe.ask('lvm')).lvm?.ok).toBe(true);
});

test('a refused mysql login is told as the server says it, and not tried again at once', async () => {
  await printedOn('db3', `printf '[client]\\nuser=nobody\\npassword=wrong\\n' >/root/wrong.cnf`);
  const probe = probeOf('db3', { mysql: { defaultsFile: '/root/wrong.cnf' } });
  const refused = async () =>
    Number(
      await printedOn(
        'db3',
        "mysql -NBe 'SELECT @@GLOBAL.hostname' >/dev/null; mysqladmin extended-status | awk '/Aborted_connects /{print $4}'",
      ),
    );
  const before = await refused();
  const reports = [await probe.ask('server', 'disk'), await probe.ask('server', 'disk'), await probe.ask('server')];
  const after = await refused();
  await onHost('db3', 'rm /root/wrong.cnf');
  for (const { server } of reports) {
    expect(server).toMatchObject({ ok: false, why: expect.stringContaining("Access denied for user 'nobody'") });
  }
  expect(reports[0]?.disk).toMatchObject({ value: { datadir: '/srv/mysql/data' } });
  expect(after - before).toBe(1);
});

test('without sudo half of it is told, and why the other half is not', async () => {
  const report = await probeOf('db2', { sudo: false }).ask(...reportParts);
  expect(unknownParts(report).map(([part]) => part)).toEqual([
    'server',
    'replication',
    'datadirSize',
    'lvm',
    'errorLog',
  ]);
});
