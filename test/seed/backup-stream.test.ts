// The methods of the two backup programs: what is refused by name, and what they tell of the coordinates. The texts of mariadb-backup are
// as 10.11.19 wrote them on db4, db5 and db10 of the fleet; those of XtraBackup are after its manual, for no registry here has it.
import { describe, expect, test } from 'vitest';
import type { SeedFacts } from '../../src/seed/facts.ts';
import { mariadbBackup, xtrabackup } from '../../src/seed/methods/backup-stream/backup-stream.ts';
import { readTold } from '../../src/seed/methods/backup-stream/told.ts';
import { unstreamedPatterns } from '../../src/seed/methods/backup-stream/unstreamed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { backupVersion, requests, streamed } from './able.ts';
import { request, side } from './sides.ts';

const info = (name: string, text: string) => `info ${name} ${Buffer.from(text).toString('base64')}`;
const checkpoints = info(
  'checkpoints',
  'backup_type = full-backuped\nfrom_lsn = 0\nto_lsn = 192436858\nlast_lsn = 192723383\n',
);

describe('the coordinates that the program noted', () => {
  test('of a primary are those of its binary log', () => {
    const lines = [
      info('binlog_info', 'binlog.000001\t100044\t0-14-124\n'),
      checkpoints,
      'files 206 283005101',
      'prepared',
    ];
    expect(readTold(lines, 'mariadb')).toEqual({
      logFile: 'binlog.000001',
      logPosition: 100_044,
      gtid: '0-14-124',
      lsn: '192723383',
    });
  });

  test('of a replica have its gtid_slave_pos, which the started target has to have as well', () => {
    const slave = "SET GLOBAL gtid_slave_pos = '0-14-296';\nCHANGE MASTER TO master_use_gtid = slave_pos;\n";
    const lines = [
      info('backup_binlog_info', 'binlog.000001\t233738\t0-14-290\n'),
      info('slave_info', slave),
      checkpoints,
    ];
    expect(readTold(lines, 'mariadb')).toMatchObject({
      gtid: '0-14-296',
      slaveGtid: '0-14-296',
      source: { logFile: '', gtid: '0-14-296' },
    });
  });

  test('of a replica that replicates by gtid_current_pos have what it wrote itself too: its source has that, and would send it once more', () => {
    const slave = "SET GLOBAL gtid_slave_pos = '12-12-1';\nCHANGE MASTER TO master_use_gtid = slave_pos;\n";
    const lines = [info('binlog_info', 'binlog.000002\t722\t11-11-4,12-12-1\n'), info('slave_info', slave)];
    const gtids = { gtid: '11-11-4,12-12-1', slaveGtid: '12-12-1' };
    expect(readTold(lines, 'mariadb', true)).toMatchObject({ ...gtids, source: { gtid: '11-11-4,12-12-1' } });
    expect(readTold(lines, 'mariadb')).toMatchObject({ ...gtids, source: { gtid: '12-12-1' } });
    const byFile = "CHANGE MASTER TO MASTER_LOG_FILE='binlog.000007', MASTER_LOG_POS=4;\n";
    expect(readTold([info('slave_info', byFile)], 'mariadb', true)).toMatchObject({ source: { gtid: null } });
  });

  test('of a replica without a binary log are its gtid_slave_pos alone', () => {
    const slave = "SET GLOBAL gtid_slave_pos = '0-14-325';\nCHANGE MASTER TO master_use_gtid = slave_pos;\n";
    expect(readTold([info('slave_info', slave)], 'mariadb')).toEqual({
      gtid: '0-14-325',
      slaveGtid: '0-14-325',
      source: { logFile: '', logPosition: 0, gtid: '0-14-325' },
    });
  });

  test('of a MySQL are a set of GTIDs, over several lines', () => {
    const set = '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,\n4e11fa47-71ca-11e1-9e33-c80aa9429562:1-77';
    expect(readTold([info('binlog_info', `binlog.000007\t1197\t${set}\n`)], 'mysql')).toMatchObject({
      gtid: set.replace('\n', ''),
      logFile: 'binlog.000007',
    });
  });

  test('are none where it noted nothing, or something else', () => {
    expect(readTold([checkpoints], 'mariadb')).toBeUndefined();
    expect(readTold([info('binlog_info', "x'; DROP TABLE y\t1\t2")], 'mariadb')).toBeUndefined();
  });
});

const stagesOf = (asked: SeedRequest) => {
  const planned = asked.method.plan(asked);
  if (!planned.ok) throw new Error(planned.message);
  return /"stages=(\w+)"/.exec(JSON.stringify(planned.plan))?.[1];
};

test('a program of MariaDB 10.4 or newer waits for no statement; an older one, and XtraBackup, wait for their lock', () => {
  expect(stagesOf(streamed({}))).toBe('yes');
  const backupPrograms = { 'mariadb-backup': backupVersion.replace('10.11.19', '10.3.39') };
  expect(stagesOf(streamed({ backupPrograms }))).toBe('no');
  expect(stagesOf(replicaByXtrabackup())).toBe('no');
});

const refusals = (asked: SeedRequest) =>
  preflight(asked)
    .filter(({ level }) => level === 'refuse')
    .map(({ host, text, advice }) => `${host}: ${text}; ${advice}`)
    .join('\n');
function replicaByXtrabackup(): SeedRequest {
  const asked = requests.xtrabackup?.able();
  if (!asked) throw new Error('no request by xtrabackup');
  return asked;
}
const refused = (donor: Partial<SeedFacts>, more: Partial<SeedRequest> = {}) => refusals(streamed(donor, more));

describe('a seed by a backup program is refused by name', () => {
  test('not at all, where both have the program of the server', () => {
    expect(refused({})).toBe('');
  });

  test('where the program is missing, with the package that has it', () => {
    expect(refused({ backupPrograms: {} })).toContain(
      'db4: db4 has no mariadb-backup, or it does not run; install it there: mariadb-backup (Debian',
    );
  });

  test('where it is of another series than the server', () => {
    const backupPrograms = { 'mariadb-backup': backupVersion.replace('10.11.19', '11.4.2') };
    expect(refused({ backupPrograms })).toContain('mariadb-backup 11.4.2 does not fit MariaDB 10.11.19 of db4');
  });

  test('not where XtraBackup is older than a server of its series that its manual supports: 8.0.35 has no newer number', () => {
    const byVersions = (tool: string, server: string) => {
      const asked = replicaByXtrabackup();
      const of = (one: Side): Side => {
        const words = `xtrabackup version ${tool} based on MySQL server ${tool.split('-')[0]} Linux (x86_64)`;
        const program = `/usr/sbin/mysqld  Ver ${server} for Linux on x86_64 (MySQL Community Server - GPL)`;
        return { ...one, facts: { ...one.facts, program, backupPrograms: { xtrabackup: words } } };
      };
      return refusals({ ...asked, donor: of(asked.donor), targets: asked.targets.map(of) });
    };
    for (const [tool = '', server = ''] of [
      ['8.0.35-33', '8.0.43'],
      ['8.0.34-29', '8.0.36'],
      ['8.0.32-26', '8.0.32'],
      ['8.4.0-4', '8.4.6'],
      ['9.7.1-1', '9.7.4'],
    ]) {
      expect(byVersions(tool, server), `${tool} of ${server}`).not.toContain('does not fit');
    }
    expect(byVersions('8.0.33-28', '8.0.36')).toContain(
      'xtrabackup 8.0.33 does not fit MySQL 8.0.36 of db2; install the one of 8.0, 8.0.34 or newer: percona-xtrabackup-80 of Percona',
    );
    expect(byVersions('8.0.35-33', '8.4.6')).toContain(
      'xtrabackup 8.0.35 does not fit MySQL 8.4.6 of db2; install the one of 8.4: percona-xtrabackup-84 of Percona',
    );
  });

  test('where the server is a MySQL 5.7, whose XtraBackup is 2.4: no package of the name that was advised exists', () => {
    const asked = replicaByXtrabackup();
    const of = (one: Side): Side => {
      const program = '/usr/sbin/mysqld  Ver 5.7.44 for Linux on x86_64 (MySQL Community Server - GPL)';
      const words = 'xtrabackup version 2.4.29 based on MySQL server 5.7.44 Linux (x86_64)';
      return { ...one, facts: { ...one.facts, program, backupPrograms: { xtrabackup: words } } };
    };
    expect(refusals({ ...asked, donor: of(asked.donor), targets: asked.targets.map(of) })).toContain(
      'xtrabackup 2.4.29 does not fit MySQL 5.7.44 of db2; reseed runs XtraBackup from 8.0 on: copy a snapshot',
    );
  });

  test('where it is of the other vendor, with the one that is meant', () => {
    const asked = request(side('db2'), [side('db3')], { method: mariadbBackup });
    expect(refusals(asked)).toMatch(
      /mariadb-backup is of MariaDB, and its server is MySQL 9\.7\.4; --method xtrabackup/,
    );
  });

  test('where the login lacks a privilege', () => {
    expect(refused({ privileges: ['RELOAD', 'LOCK TABLES', 'BINLOG MONITOR'] })).toContain(
      'its login has no PROCESS on *.*, which mariadb-backup needs; on the primary: GRANT PROCESS ON *.* TO that account',
    );
  });

  test('where its program would be root, or could not log in', () => {
    expect(refused({ owner: 'root:mysql' })).toContain(
      "its datadir belongs to root, and mariadb-backup would run what its server names with root's rights; chown the datadir",
    );
    expect(refused({ tools: [] })).toContain('db4 has no perl, by which mariadb-backup logs in');
  });

  test('where data is encrypted, or another backup runs', () => {
    expect(refused({ plugins: ['file_key_management'] })).toContain('reseed gives mariadb-backup no keys');
    expect(refused({ backupRuns: ['mariadb-backup'] })).toContain('mariadb-backup runs there now');
  });

  test('where it replicates without GTIDs: its place in the log of its source is written before or after its rows', () => {
    const { donor, ...rest } = replicaByXtrabackup();
    const { server } = donor.report;
    if (!server?.ok) throw new Error('it was down');
    const report = { ...donor.report, server: { ok: true as const, value: { ...server.value, gtid: false } } };
    expect(refusals({ ...rest, donor: { ...donor, report } })).toContain(
      'db2: db2 has no GTID (gtid_mode): where a backup of it stands in the log of its source is not known; --follow donor',
    );
  });

  test('for several targets, with a seed for each', () => {
    const { donor, targets } = streamed();
    const two = { ...streamed(), donor, targets: [...targets, ...targets] };
    expect(refusals(two)).toContain(
      'streams to one target, and 2 are named; seed them one after the other: reseed seed db4 db5',
    );
  });
});

test('the stream is not given up while the program may wait for its lock', () => {
  const patience = (maxQuerySeconds = 30) => {
    const { donor, ...rest } = streamed();
    const host = { ...donor.host, snapshot: { ...donor.host.snapshot, maxQuerySeconds } };
    return /patience=[^"]+/.exec(JSON.stringify(mariadbBackup.plan({ ...rest, donor: { ...donor, host } })))?.[0];
  };
  expect([patience(), patience(300)]).toEqual(['patience=120', 'patience=360']);
});

test('a donor without LVM is proposed by its stream, and a MySQL with LVM by its snapshot alone', () => {
  const { report, host } = side('db4');
  const seen = { host, report: { ...report, lvm: { ok: false, why: 'no LVM' } as const }, down: false };
  const server = report.server?.ok ? { server: report.server.value } : {};
  expect(mariadbBackup.gifts({ ...seen, ...server }, { ...seen, ...server })).toMatchObject([
    { brief: 'backup stream' },
  ]);
  expect(xtrabackup.gifts({ ...seen, ...server }, { ...seen, ...server })).toBe('it is no MySQL');
});

test('a database is never taken for a log of the server', () => {
  const patterns = unstreamedPatterns(side('db4'));
  for (const name of ['binlog', 'aria_log', 'mysql_upgrade', 'debian']) expect(patterns).not.toContain(name);
});

test('a plan by XtraBackup says that DDL waits for the whole stream, and the applier of a replica at the first one', () => {
  const warned = (asked: SeedRequest) => preflight(asked).map(({ text }) => text);
  expect(warned(replicaByXtrabackup()).join('\n')).toMatch(
    /xtrabackup blocks DDL .* until the end of its stream: its applier waits/,
  );
  expect(warned(streamed({})).join('\n')).not.toContain('blocks DDL');
});
