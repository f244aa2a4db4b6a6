// The scripts of a practice host that wait and compare, with a client and a systemctl of the test's own.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { drillSources } from '../../src/drill/places.ts';
import { factsFrom, judge } from '../../src/drill/scenarios/goal.ts';
import { differingTables, primaryOf } from '../../src/drill/verify.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-guest-'));
});
afterEach(() => rm(base, { recursive: true }));

async function program(name: string, text: string) {
  await writeFile(join(base, name), `#!/bin/bash\n${text}\n`);
  await chmod(join(base, name), 0o755);
}

/** Runs a guest's script as db2. `client` answers the SQL: bash text, in which $sql is the question. */
async function runs(script: string, words: readonly string[], client: string, vendor = 'mysql') {
  await program('systemctl', 'case $* in *is-failed*) exit 1 ;; esac; exit 0');
  await program('journalctl', '');
  await program('client', `sql="$* $([[ $* == *-e* ]] || cat)"\n${client}`);
  const lines = [
    `DRILL_HOST='db2' DRILL_SOURCE='db1' DRILL_DELAY=0 DRILL_VENDOR=${vendor} DRILL_BLANK=no DRILL_SERVICE=mysql`,
  ];
  lines.push('DRILL_MOUNT=/ DRILL_VG=drill');
  lines.push("DRILL_SHOW_REPLICA='SHOW REPLICA STATUS'", `DRILL_SQL=('${base}/client')`);
  await writeFile(join(base, 'host.sh'), lines.join('\n'));
  const text = await readFile(join(drillSources, 'guest', script), 'utf8');
  const own = text.replaceAll('/usr/local/lib/drill/host.sh', join(base, 'host.sh'));
  return execa('bash', ['-c', own, script, ...words], {
    reject: false,
    env: { PATH: `${base}:${process.env['PATH']}` },
  });
}

test.each([
  ['fails', 'exit 5'],
  ['is late', 'exit 124'],
])(
  'a goal is not judged by what a host did not tell: its LVM or its status %s, and it had no snapshot and no source',
  async (_, body) => {
    await program('lvs', body);
    const client = `case $sql in *read_only*) echo 0 ;; *gtid*) echo aaaa:1-3 ;; *) ${body} ;; esac`;
    const facts = factsFrom((await runs('goal.sh', [], client)).stdout);
    expect(facts.get('server')).toBe('up');
    expect(judge({ is: 'alone', host: 'db2' }, () => facts)).toMatchObject({
      reached: false,
      why: 'its source is unknown',
    });
    expect(judge({ is: 'replicates', host: 'db2', from: 'db1' }, () => facts).why).toBe('its source is unknown');
    expect(judge({ is: 'snapshot', host: 'db2' }, () => facts).why).toBe('its snapshots are unknown');
  },
);

test('a goal is judged by what a host told: no row of its status is no source, and no volume no snapshot', async () => {
  await program('lvs', '');
  const facts = factsFrom((await runs('goal.sh', [], 'case $sql in *read_only*) echo 0 ;; *) ;; esac')).stdout);
  expect(judge({ is: 'alone', host: 'db2' }, () => facts).reached).toBe(true);
  expect(judge({ is: 'snapshot', host: 'db2' }, () => facts).why).toBe('it has none of reseed');
  await program('lvs', "echo ' swi-a-s---|data|reseed,by=x'");
  const client = `case $sql in *read_only*) echo 1 ;; *STATUS*) echo '  Source_Host: 10.77.0.11' ;; esac`;
  const told = factsFrom((await runs('goal.sh', [], client)).stdout);
  expect([told.get('good_snapshots'), told.get('source')]).toEqual(['1', '10.77.0.11']);
});

const status = (io: string, error: string) =>
  `printf '%s\\n' '  Replica_IO_Running: ${io}' '  Replica_SQL_Running: Yes' '  Last_IO_Error: ${error}' '  Last_SQL_Error: '`;

test('a replica whose source has purged what it needs is reported at once, where a reset waited and blamed the serial line', async () => {
  const purged = 'Got fatal error 1236 from source: purged required binary logs';
  const ended = await runs('wait-ready.sh', ['600', 'replicating'], status('No', purged));
  expect({ said: ended.stdout, exitCode: ended.exitCode }).toMatchObject({ exitCode: 1 });
  expect(ended.stdout).toContain(purged);
  expect(ended.stdout).toContain("db2's receiver has stopped");
});

test('a host that does not come to replicate in its time says what it waited for', async () => {
  const ended = await runs('wait-ready.sh', ['0', 'replicating'], status('Connecting', 'error connecting to source'));
  expect({ said: ended.stdout, exitCode: ended.exitCode }).toEqual({
    said: 'waited 0 s for replication from db1',
    exitCode: 1,
  });
});

test('every table outside of the schemas of the server is compared, whatever its name, and an unreadable one is reported', async () => {
  const ended = await runs(
    'verify.sh',
    ['checksums', 'file=binlog.000002:5684600'],
    `case $sql in
      *SOURCE_POS_WAIT*binlog.000002*5684600*) echo 0 ;;
      *"CONCAT('CHECK"*) ;;
      *information_schema.tables*"NOT IN ('mysql'"*)
        echo 'SELECT COUNT(*) FROM \`w\`.\`a b\`; CHECKSUM TABLE \`w\`.\`a b\`;'
        echo 'SELECT COUNT(*) FROM \`w\`.\`gone\`; CHECKSUM TABLE \`w\`.\`gone\`;' ;;
      *'CHECKSUM TABLE'*) printf '3\\nw.a b\\t77\\nw.gone\\tNULL\\n' ;;
      *drill.ledger*) echo 0 ;;
    esac`,
  );
  expect({ said: ended.stdout.split('\n'), exitCode: ended.exitCode }).toEqual({
    said: [
      'w.a b\t3 rows 77',
      'w.gone\t? rows NULL',
      'not ok\tw.gone: its rows cannot be read',
      'the chain of the ledger\t0 broken links',
    ],
    exitCode: 0,
  });
});

test('a server that applies nothing is reported as such, and not as late for a position', async () => {
  const ended = await runs('verify.sh', ['checksums', 'a:1-5', 'replica'], 'echo NULL');
  expect({ said: ended.stdout, exitCode: ended.exitCode }).toEqual({
    said: 'db2 does not replicate: nothing applies a:1-5',
    exitCode: 1,
  });
});

test.each([
  ['that was made no replica', 'mysql', ''],
  ['whose applier has stopped', 'mysql', 'Replica_SQL_Running: No'],
  ['whose applier has stopped', 'mariadb', 'Slave_SQL_Running: No'],
])('nor does a host %s wait for GTIDs until the time is up: %s %s', async (_, vendor, shown) => {
  const ended = await runs(
    'verify.sh',
    ['checksums', 'a:1-5', 'replica'],
    `case $sql in
      *WAIT*", 1)"*) echo ${vendor === 'mysql' ? 1 : -1} ;;
      *WAIT*) echo 'it waits for all its time' >&2; exit 9 ;;
      *'SHOW REPLICA STATUS'*) echo '  ${shown}' ;;
    esac`,
    vendor,
  );
  expect({ said: ended.stdout, exitCode: ended.exitCode }).toEqual({
    said: 'db2 does not replicate: nothing applies a:1-5',
    exitCode: 1,
  });
});

test('db6, which comes up empty, is compared with the primary of its cluster', () => {
  expect(primaryOf(requireHostNamed('db6'))?.name).toBe('db1');
  expect(primaryOf(requireHostNamed('db2'))?.name).toBe('db1');
  expect(primaryOf(requireHostNamed('db4'))).toBeUndefined();
});

test('a table that only one side has differs, but for what a filter of the replica keeps out', () => {
  const right = { 'shop.a': '1 rows 1', 'scratch.b': '2 rows 2' };
  expect(differingTables(requireHostNamed('db8'), right, { 'shop.a': '1 rows 1' })).toEqual([]);
  expect(differingTables(requireHostNamed('db7'), right, { 'shop.a': '1 rows 1' })).toEqual(['scratch.b']);
});
