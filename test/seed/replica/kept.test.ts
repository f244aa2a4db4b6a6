// The replication settings of a practice host, and the statements that restore them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keptChecks } from '../../../src/seed/preflight/replication/kept-checks.ts';
import { attachWords, beginWords } from '../../../src/seed/replica/change-words.ts';
import { type Kept, keptText, keptTexts, readKept } from '../../../src/seed/replica/kept/kept.ts';
import { trialLogin } from '../../../src/seed/replica/source/trial-login.ts';
import { keptWords } from '../../../src/seed/replica/words.ts';
import { request, side } from '../sides.ts';
import { plan } from './attaching.ts';

const told = (name: string) => readFileSync(join(import.meta.dirname, `../../fixtures/${name}.txt`), 'utf8');
const text = told('mysql-9.7/kept-replica');
function kept(from = text): Kept {
  const read = readKept(from);
  if (read === undefined || typeof read === 'string') throw new Error(`not read: ${read}`);
  return read;
}
const words = (version: string, one: Kept) =>
  attachWords({ vendor: 'mysql', version, position: 'gtid', tls: true, logBin: true, kept: one });

describe('a replica that is late on purpose, with filters and TLS settings', () => {
  test('has its settings as before', () => {
    const said = keptText(kept());
    for (const one of [
      'delay 7 s',
      'primary key check GENERATE',
      'TLS CA /etc/ssl/certs/ca-certificates.crt',
      'TLS versions TLSv1.3',
      'compression zlib,uncompressed',
      'heartbeat 11.500 s',
      'filter REPLICATE_WILD_IGNORE_TABLE scratch.%',
      'filter REPLICATE_IGNORE_DB tmp1,tmp2',
    ]) {
      expect(said).toContain(one);
    }
    expect(kept()).toMatchObject({ tls: true, further: [] });
  });

  test('is made that again, and its texts reach the server by standard input', () => {
    const said = words('9.7.4', kept());
    for (const one of [
      'SOURCE_DELAY = 7,',
      'SOURCE_SSL_CA = {sourcesslca},',
      'SOURCE_HEARTBEAT_PERIOD = 11.500,',
      'REQUIRE_TABLE_PRIMARY_KEY_CHECK = GENERATE,',
      'SOURCE_CONNECT_RETRY = 2,',
      "CHANGE REPLICATION FILTER REPLICATE_WILD_IGNORE_TABLE = ('scratch.%') FOR CHANNEL '';",
      "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (`tmp1`, `tmp2`) FOR CHANNEL '';",
    ]) {
      expect(said).toContain(one);
    }
    // Earlier, the channel does not exist: 1794. Its own settings are not sent twice.
    expect(said.indexOf('CHANGE REPLICATION FILTER')).toBeGreaterThan(said.indexOf('CHANGE REPLICATION SOURCE'));
    expect(said.match(/SOURCE_CONNECT_RETRY/g)).toHaveLength(1);
    expect(said).toMatch(/_PASSWORD = \{password\};/);
    expect(said).not.toContain('ca-certificates');
    expect(keptTexts(kept())).toMatchObject({
      sourcesslca: '/etc/ssl/certs/ca-certificates.crt',
      sourcetlsversion: 'TLSv1.3',
    });
    expect(words('8.0.22', kept())).toContain('MASTER_DELAY = 7,');
  });

  test('whose filter can’t be said again for certain is refused', () => {
    const odd = kept(text.replace(/\tscratch\.%\tCHANGE/g, '\tscratch.%,b\tCHANGE'));
    expect(keptText(odd)).toContain('scratch.%,b');
    expect(words('9.7.4', odd)).not.toContain('scratch');
    expect(check(odd)).toMatchObject([{ level: 'refuse', text: expect.stringContaining("can't be read for certain") }]);
  });
});

test('a server that replicates from nobody has nothing to keep', () => {
  expect(readKept('answer\nchannels\nanswer\nconnection\n')).toBeUndefined();
  expect(readKept('')).toBe('its server did not tell of its replication');
});

test('a MariaDB keeps its delay, domains and filters', () => {
  const replica = told('mariadb-10.11/standing-replica');
  const row = (name: string, value: string) => {
    const lines = replica.split('\n');
    const at = lines.indexOf('channels') + 1;
    const column = lines[at]?.split('\t').indexOf(name) ?? -1;
    return lines
      .map((line, index) => (index === at + 1 ? line.split('\t').with(column, value).join('\t') : line))
      .join('\n');
  };
  expect(keptText(kept(row('SQL_Delay', '3600')))).toContain('delay 3600 s');
  const using = (value: string) => kept(row('Using_Gtid', value));
  expect(using('Current_Pos')).toMatchObject({ mariadb: { using: 'current_pos' } });
  expect(keptText(using('Current_Pos'))).toContain('MASTER_USE_GTID current_pos');
  expect(check(using('No'))[0]).toMatchObject({ level: 'warn', text: expect.stringContaining('Using_Gtid: No') });
  const byHand =
    'answer\nbyhand\nVARIABLE_NAME\tGLOBAL_VALUE\nSLAVE_PARALLEL_THREADS\t4\nSLAVE_PARALLEL_MODE\toptimistic\nSLAVE_ODD\tx; DROP\nSLAVE_MAX_STATEMENT_TIME\t30.500000\nREPLICATE_REWRITE_DB\tzz->yy,a->b\n';
  const hand = kept(`${replica}${byHand}`);
  expect(keptText(hand)).toContain(
    'slave_parallel_threads 4, slave_parallel_mode optimistic, slave_max_statement_time 30.500000, replicate_rewrite_db zz->yy,a->b',
  );
  expect(check(hand)[0]).toMatchObject({ level: 'warn', text: expect.stringContaining('slave_parallel_threads 4') });
  expect(check(hand)[1]).toMatchObject({ level: 'warn', text: expect.stringMatching(/not set again.*: slave_odd$/) });
  const words = attachWords({
    vendor: 'mariadb',
    version: '11.8.9',
    position: 'gtid',
    tls: false,
    logBin: true,
    kept: hand,
  });
  expect(words).toMatch(
    /PASSWORD = \{password\}; SET GLOBAL slave_parallel_threads = 4; SET GLOBAL slave_parallel_mode = 'optimistic'; SET GLOBAL slave_max_statement_time = 30\.500000; SET GLOBAL replicate_rewrite_db = 'zz->yy,a->b';$/,
  );
  const current = using('Current_Pos');
  expect(
    attachWords({ vendor: 'mariadb', version: '11.8.9', position: 'gtid', tls: false, logBin: true, kept: current }),
  ).toContain('MASTER_USE_GTID = current_pos,');
  const one = kept(row('Replicate_Ignore_Domain_Ids', '7, 8'));
  const said = (logBin: boolean) =>
    attachWords({ vendor: 'mariadb', version: '10.11.19', position: 'gtid', tls: false, logBin, kept: one });
  expect(said(true)).toContain('IGNORE_DOMAIN_IDS = (7, 8)');
  const filtered = kept(row('Replicate_Do_DB', 'crm,b'));
  expect(keptTexts(filtered)).toMatchObject({ replicatedodb: 'crm,b' });
  expect(
    attachWords({ vendor: 'mariadb', version: '10.11.19', position: 'gtid', tls: false, logBin: true, kept: filtered }),
  ).toContain('SET GLOBAL replicate_do_db = {replicatedodb};');
});

test('a MariaDB that does not verify its source by TLS: since 11.4 that is no default, and its seed failed after the swap', () => {
  const replica = told('mariadb-10.11/standing-replica').split('\n');
  const at = replica.indexOf('channels') + 1;
  const columns = replica[at]?.split('\t') ?? [];
  const withTls = (verify: string) => {
    const values = (replica[at + 1] ?? '')
      .split('\t')
      .with(columns.indexOf('Master_SSL_Allowed'), 'Yes')
      .with(columns.indexOf('Master_SSL_Verify_Server_Cert'), verify)
      .with(columns.indexOf('Connect_Retry'), '60');
    return kept(replica.with(at + 1, values.join('\t')).join('\n'));
  };
  const said = (version: string, one?: Kept) =>
    attachWords({ vendor: 'mariadb', version, position: 'gtid', tls: true, logBin: true, ...(one && { kept: one }) });
  expect(said('11.8.9', withTls('No'))).toContain('MASTER_SSL_VERIFY_SERVER_CERT = 0,');
  expect(said('11.8.9', withTls('Yes'))).toContain('MASTER_SSL_VERIFY_SERVER_CERT = 1,');
  expect(keptText(withTls('No'))).toContain('TLS does not verify the source');
  // It keeps its own settings for connection retries, also if they are the default.
  expect(said('11.8.9', withTls('No'))).toContain('MASTER_CONNECT_RETRY = 60,');
  expect(keptText(withTls('No'))).not.toContain('calls again');
  // A new replica has the settings of its trial login.
  const { kept: _, ...rest } = plan;
  for (const [version, verify] of [
    ['11.8.9', true],
    ['10.11.19', false],
  ] as const) {
    expect(trialLogin({ ...rest, vendor: 'mariadb', version })).toMatchObject({ tls: true, verify });
    expect(said(version)).toContain(`MASTER_SSL_VERIFY_SERVER_CERT = ${verify ? 1 : 0},`);
  }
  expect(trialLogin({ ...rest, vendor: 'mariadb', version: '11.8.9', kept: withTls('No') })).toMatchObject({
    verify: false,
  });
  expect(trialLogin({ ...rest, kept: kept() })).toMatchObject({ ca: '/etc/ssl/certs/ca-certificates.crt' });
});

const recorded = told('mysql-9.7/kept-two-channels');
const two = kept(recorded);

describe('a replica with a further channel', () => {
  test('has it again, with its account, delay and filter, and its stopped applier stays stopped', () => {
    expect(two.further).toMatchObject([
      { name: 'standby', host: '10.77.0.12', port: 3306, tls: true, byGtid: true, receives: true, applies: false },
    ]);
    const said = words('9.7.4', two);
    const [own = '', further = ''] = said.split(';').filter((one) => one.includes('CHANGE REPLICATION SOURCE'));
    expect(own).not.toContain('FOR CHANNEL');
    expect(own).toContain('SOURCE_HOST = {host},');
    for (const one of [
      'SOURCE_HOST = {hostx},',
      'SOURCE_PORT = {#portx},',
      'SOURCE_DELAY = 20,',
      'SOURCE_AUTO_POSITION = 1,',
      'SOURCE_USER = {userx}, SOURCE_PASSWORD = {passwordx} FOR CHANNEL {channelx}',
    ]) {
      expect(further).toContain(one);
    }
    expect(said).toMatch(/CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = \(`tmp1`\) FOR CHANNEL \{channelx\};$/);
    expect(keptTexts(two)).toMatchObject({ channelx: 'standby', hostx: '10.77.0.12', portx: 3306 });
    expect(beginWords({ vendor: 'mysql', version: '9.7.4', kept: two })).toBe(
      "START REPLICA FOR CHANNEL ''; START REPLICA IO_THREAD FOR CHANNEL {channelx};",
    );
  });

  test('whose threads an error has stopped is started again: it shows that error', () => {
    const failed = recorded
      .split('\n')
      .map((line) => {
        const columns = line.split('\t');
        return columns.includes('standby') && columns.length > 50 ? columns.with(36, '1062').join('\t') : line;
      })
      .join('\n');
    expect(kept(failed).further).toMatchObject([{ receives: true, applies: true }]);
  });
});

const check = (one: Kept | string | undefined, report = {}) => {
  const target = side('db3', {}, report);
  const replicas = one === undefined ? {} : { db3: one };
  return keptChecks(request(side('db2'), [target], { asked: { sources: {}, replicas } }), target);
};

describe('the plan says', () => {
  test('that GTIDs for anonymous transactions do not go with a start by GTID: CHANGE was refused with 4014 after the swap', () => {
    const assigns = {
      option: 'ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS',
      sql: 'LOCAL',
      words: 'gives anonymous transactions GTIDs',
      texts: {},
    };
    const one = kept();
    expect(check({ ...one, settings: [...one.settings, assigns] })).toMatchObject([
      {
        level: 'refuse',
        text: 'db3 gives anonymous transactions GTIDs, and will replicate by GTID: no server does both',
      },
    ]);
  });

  test('what stays', () => {
    expect(check(kept())).toMatchObject([
      { level: 'pass', text: expect.stringContaining('stays as a replica what it is: delay 7 s') },
    ]);
    expect(check(undefined)).toEqual([]);
  });

  test('that a further channel stays, and in which state; and why one that can’t be kept is refused', () => {
    expect(check(two)).toMatchObject([
      {
        level: 'pass',
        text: expect.stringMatching(
          /; channel standby from 10\.77\.0\.12:3306 \(delay 20 s, .*filter REPLICATE_IGNORE_DB tmp1\), its applier stopped$/,
        ),
      },
    ]);
    const byFile = kept(recorded.replace(/\t1\t\tstandby\t/, '\t0\t\tstandby\t'));
    expect(check(byFile)).toMatchObject([
      {
        level: 'refuse',
        text: expect.stringMatching(/db3 has a further channel, standby from .*: it goes on by file and position/),
        advice: expect.stringContaining("RESET REPLICA ALL, both FOR CHANNEL 'standby'"),
      },
    ]);
  });

  test('that a further source which the target does not reach now is refused before the job, and not found in it', () => {
    const { replication } = side('db3').report;
    const [channel] = replication?.ok ? replication.value.channels : [];
    if (!replication?.ok || !channel) throw new Error('no channel recorded');
    const lost = {
      ...channel,
      name: 'standby',
      sourceHost: '10.77.0.12',
      ioThread: 'connecting' as const,
      error: "Duplicate entry '5'",
      ioError: "2003 Can't connect",
    };
    const value = { ...replication.value, channels: [channel, lost] };
    expect(check(two, { replication: { ok: true, value } })).toMatchObject([
      {
        level: 'refuse',
        text: "db3 does not reach the source of its further channel standby: 10.77.0.12:3306: 2003 Can't connect",
      },
    ]);
  });

  test('that nothing is known of a server that is down, or refuses', () => {
    expect(check(undefined, { server: { ok: false, why: 'down' } })).toMatchObject([
      { level: 'warn', text: expect.stringContaining('its server is down') },
    ]);
    expect(check('Access denied')).toMatchObject([
      { level: 'warn', text: expect.stringContaining('not kept: Access denied') },
    ]);
  });
});

test('filters are asked for where the server has a table of them', () => {
  expect(keptWords({ vendor: 'mysql', version: '8.0.40' })).toContain('replication_applier_filters');
  expect(keptWords({ vendor: 'mysql', version: '5.7.44' })).not.toContain('replication_applier_filters');
});
