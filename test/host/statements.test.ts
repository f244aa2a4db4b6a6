// probe.sh itself, with a mysql that only records its questions: which SQL each release gets.
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { probeArguments, reportReader } from '../../src/host/probe.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { type Alone, openAlone } from '../alone.ts';

let folder: string;
let alone: Alone;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-probe-'));
  // A process with the name of a server: without one no server is asked.
  await copyFile('/bin/sleep', join(folder, 'mysqld'));
  alone = await openAlone();
  await alone.start(join(folder, 'mysqld'), ['1000'], folder);
  await copyFile('/bin/sh', join(folder, 'mysqld-debug'));
  const mysql = `#!/bin/sh
case "$*" in *@@log_error*)
  printf '%s\\t%s\\t./db.err\\t%s\\n' "$RESEED_RELEASE" "$RESEED_DATADIR" "$RESEED_FURTHER"
  exit;; esac
printf '%s\\n' "$@" >>"$RESEED_ASKED"
if [ -n "$RESEED_REFUSAL" ]; then echo "$RESEED_REFUSAL"; exit 1; fi
`;
  await writeFile(join(folder, 'mysql'), mysql);
  await chmod(join(folder, 'mysql'), 0o755);
});
afterAll(async () => {
  await alone.end();
  await rm(folder, { recursive: true });
});

/** One more process with the name of a server and this argument: its pid. */
const serverWith = (argument: string) =>
  alone.start(join(folder, 'mysqld-debug'), ['-c', 'sleep 1000; :', argument], folder);

/** `further`: what the server says of its name and its time, as the client prints it. */
async function probe(release: string, requests: string, settings = {}, refusal = '', datadir = '/data', further = '') {
  const asked = join(folder, `asked-${release}`);
  await writeFile(asked, '');
  const reports: HostReport[] = [];
  const read = reportReader('word', (_, report) => reports.push(report));
  const environment = {
    PATH: `${folder}:${process.env.PATH}`,
    RESEED_RELEASE: release,
    RESEED_ASKED: asked,
    RESEED_REFUSAL: refusal,
    RESEED_DATADIR: datadir,
    RESEED_FURTHER: further,
  };
  const { stdout } = await alone.run(
    'sh',
    ['-c', await scriptText('probe'), 'probe.sh', ...probeArguments('word', settings)],
    {
      input: requests,
      env: environment,
    },
  );
  read(Buffer.from(`${stdout}\n`));
  return { reports, asked: await readFile(asked, 'utf8') };
}

const old = [
  'SHOW SLAVE STATUS;',
  'SHOW SLAVE HOSTS;',
  'replication_applier_status_by_worker',
  'performance_schema.threads',
];
const now = [
  'SHOW REPLICA STATUS;',
  'SHOW REPLICAS;',
  'replication_applier_status_by_worker',
  'performance_schema.threads',
];
const mariadb = ['SHOW ALL SLAVES STATUS;', 'SHOW SLAVE HOSTS;', 'information_schema.PROCESSLIST'];
const words = [...new Set([...old, ...now, ...mariadb])];

test.each([
  ['5.7.44-log', old],
  ['8.0.9', old],
  ['8.0.9-rc', old],
  ['8.0.19-10', old],
  ['8.0.21', old],
  ['8.0.22', now],
  ['8.0.36-28', now],
  ['8.4.3', now],
  ['9.7.4-2', now],
  ['10.5.29-MariaDB-log', mariadb],
  ['11.8.2-MariaDB', mariadb],
])('%s is asked in its own words', async (release, expected) => {
  const { asked } = await probe(release, '1 server replication\n');
  expect(words.filter((word) => asked.includes(word)).sort()).toEqual([...expected].sort());
  // Both parts in one run of the client.
  expect(asked.match(/^-e$/gm)).toHaveLength(1);
});

test.each(['9.7.4', '10.11.6-MariaDB'])(
  'an applier of %s that is idle is no statement that runs for days',
  async (release) => {
    const { asked } = await probe(release, '1 server\n');
    expect(asked).toMatch(/COMMAND IN \('Query','Execute'\)[^;]*INFO IS NOT NULL/);
    if (release.startsWith('9')) expect(asked).toMatch(/NAME NOT LIKE 'thread\/sql\/replica%'/);
  },
);

test('only what was asked for is asked of the server', async () => {
  expect((await probe('9.7.4', '1 server\n')).asked).not.toContain('REPLICA');
  expect((await probe('9.7.4', '1 replication\n')).asked).not.toContain('GLOBAL STATUS');
  expect((await probe('9.7.4', '1 disk service\n')).asked).toBe('');
});

test('the settings reach the client as options, byte for byte, defaults file first', async () => {
  const defaultsFile = "/root/it's $(touch x) é.cnf";
  const server = await serverWith(`--defaults-file=${defaultsFile}`);
  const { asked } = await probe('9.7.4', '1 server\n', { defaultsFile, socket: '/run/a b.sock' }, '', folder);
  await alone.kill(server);
  expect(asked.split('\n').slice(0, 5)).toEqual([
    `--defaults-file=${defaultsFile}`,
    '--plugin-dir=',
    '--host=localhost',
    '--protocol=socket',
    '--socket=/run/a b.sock',
  ]);
});

test('of two servers on a host, the process is the one of the defaults file; what another answers is not taken for its own', async () => {
  const [a, b] = await Promise.all([
    serverWith('--defaults-file=/etc/a.cnf'),
    serverWith('--defaults-file=/etc/b.cnf'),
  ]);
  const { reports } = await probe('9.7.4', '1 service server\n', { defaultsFile: '/etc/b.cnf' });
  await Promise.all([a, b].map(alone.kill));
  expect(reports[0]?.service).toMatchObject({ value: { pid: b } });
  // The client of this test has its data in /data.
  expect(reports[0]?.server).toMatchObject({ ok: false, why: expect.stringContaining('another server answers') });
});

test('a login that an option file leads to another host is told, and nothing of that server is taken for this one', async () => {
  const seen = async (further: string, settings = {}) =>
    (await probe('9.7.4', '1 server\n', settings, '', '/data', further)).reports[0]?.server;
  expect(await seen('\tdb1\nUptime\t8640000')).toMatchObject({
    ok: false,
    why: expect.stringContaining('option files lead the client to another host (db1: its server runs for 8640000 s'),
  });
  // One whose host was renamed since its start; one of this host whose clock was put right.
  for (const own of ['\tdb1\nUptime\t10', `\t${hostname()}\nUptime\t8640000`])
    expect(JSON.stringify(await seen(own))).not.toContain('another host');
});

test("a log path of the server's that is relative lies below its datadir", async () => {
  const { reports } = await probe('5.7.44', '1 errorLog\n');
  expect(reports[0]?.errorLog).toMatchObject({ ok: false, why: expect.stringMatching(/\/\.?\/?db\.err/) });
});

test('an account that may not see the replication is unknown, in words of the server', async () => {
  const refusal = 'ERROR 1227 (42000) at line 1: Access denied; you need the REPLICATION CLIENT privilege';
  const { reports } = await probe('9.7.4', '1 replication\n', {}, refusal);
  expect(reports[0]?.replication).toEqual({ ok: false, why: refusal });
});

test('requests that make no sense get an empty answer, and the loop goes on', async () => {
  const { reports } = await probe('9.7.4', '1 nonsense; touch x\n2\n3 $(touch x) *\n4 service\n');
  expect(reports.map((report) => Object.keys(report))).toEqual([[], [], [], ['service']]);
});
