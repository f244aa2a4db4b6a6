// The probe's loop on real hosts, over real ssh: one stream for each host, as the poller has it.
import { beforeAll, describe, expect, test } from 'vitest';
import type { HostReport, ReportPart } from '../../src/host/facts.ts';
import { reportParts } from '../../src/host/facts.ts';
import { endsItsProbes, type Healthy, probeOf, tellsEveryPart, unknownParts } from './asking.ts';
import { keptErrorLog } from './error-log.ts';
import { drill, onHost, printedOn } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3');
endsItsProbes();

const log = '/var/log/mysql/error.log';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come through.
const unclean = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

test.each<Healthy>([
  { host: 'db1', unit: 'mysql', volume: 'vg0/mysql', replicas: ['db2', 'db3'], source: undefined },
  { host: 'db2', unit: 'mysql', volume: 'vg0/mysql', replicas: [], source: '10.77.0.11' },
  { host: 'db3', unit: 'mysql', volume: 'data-vg/srv-mysql', replicas: [], source: '10.77.0.11' },
])('$host tells every part, and again over the same stream', tellsEveryPart);

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

test('a refused mysql login is reported in the words of the server, and not tried again at once', async () => {
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

test('without sudo half of it is reported, and why the other half is unknown', async () => {
  const report = await probeOf('db2', { sudo: false }).ask(...reportParts);
  expect(unknownParts(report).map(([part]) => part)).toEqual([
    'server',
    'replication',
    'datadirSize',
    'lvm',
    'errorLog',
  ]);
});
