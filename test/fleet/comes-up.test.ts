import { describe, expect, test } from 'vitest';
import { drill, fleet, onHost, printedOn, reseed, statusOf } from './fleet.ts';
import { everyHost, usesHosts } from './uses.ts';

usesHosts(...everyHost);

describe('the practice fleet', () => {
  test('shows six hosts that differ as real ones do', async () => {
    const hosts = await fleet();
    const table = [...hosts.values()].map((host) =>
      [
        host.host,
        host.cluster,
        host.datacenter,
        host.machine,
        host.ssh,
        host.mysql,
        host.replication,
        host.volume,
        host.fileSystem,
      ].join(' '),
    );
    expect(table).toEqual([
      'db1 shop ams running ok active primary /dev/mapper/vg0-mysql ext4',
      'db2 shop ams running ok active replicating /dev/mapper/vg0-mysql ext4',
      'db3 shop fra running ok active replicating /dev/mapper/data--vg-srv--mysql xfs',
      'db4 crm ams running ok active primary /dev/mapper/vgcrm-data ext4',
      'db5 crm fra running ok active replicating /dev/mapper/vg0-mariadb ext4',
      'db6 shop fra running ok inactive  /dev/mapper/vg0-mysql ext4',
    ]);
    expect(hosts.get('db1')?.version).toMatch(/^9\.7\./);
    expect(hosts.get('db4')?.version).toMatch(/^10\.11\..*MariaDB/);
    expect(hosts.get('db6')?.version).toBeNull();
  });

  test('has replicas whose every table equals the primary’s, by checksum', async () => {
    const { verdicts } = JSON.parse(await drill('verify', '--json'));
    expect(verdicts.map((verdict: { host: string }) => verdict.host)).toEqual(['db2', 'db3', 'db5']);
    for (const verdict of verdicts) {
      expect(verdict.differing).toEqual([]);
      expect(verdict.tables['the chain of the ledger']).toBe('0 broken links');
      expect(Object.keys(verdict.tables)).toHaveLength(4);
    }
  });

  test('finds a replica that differs in one row', async () => {
    const change = (sign: string) =>
      `mysql -e "SET SESSION sql_log_bin = 0; UPDATE crm.customers SET credit = credit ${sign} 1 WHERE id = 2000"`;
    await printedOn('db5', change('+'));
    const found = await reseed(['drill', 'verify', 'db5']);
    await printedOn('db5', change('-'));
    expect(found.stdout).toContain('db5      db4      ✖ differs: crm.customers');
    expect(found.exitCode).toBe(1);
    expect(await drill('verify', 'db5')).toContain('✔ 4 checksums equal');
  });

  test('finds a table of another schema that only a replica has, and what CHECK TABLE has against it', async () => {
    const make =
      'SET sql_log_bin = 0; CREATE DATABASE odd; CREATE TABLE odd.old (id INT) ENGINE=MyISAM; INSERT odd.old VALUES (1)';
    await printedOn('db5', `mysql -e "${make}; FLUSH TABLES odd.old" && truncate -s 0 /var/lib/mysql/odd/old.MYD`);
    const found = await reseed(['drill', 'verify', 'db5']);
    await printedOn('db5', 'mysql -e "SET sql_log_bin = 0; DROP DATABASE odd"');
    expect(found.stdout).toMatch(/^db5 +db4 +✖ differs: odd\.old ✖ CHECK TABLE: .*odd\.old: /m);
    expect(found.exitCode).toBe(1);
  });

  test('replicates with GTIDs, and a primary never stops writing', async () => {
    expect(await printedOn('db1', 'mysql -BNe "SELECT @@gtid_mode, @@enforce_gtid_consistency"')).toBe('ON\tON');
    expect(await printedOn('db3', "mysql --vertical -e 'SHOW REPLICA STATUS'")).toContain('Auto_Position: 1');
    expect(await printedOn('db5', "mysql --vertical -e 'SHOW SLAVE STATUS'")).toContain('Using_Gtid: Slave_Pos');
    const before = Number((await statusOf('db2')).ledger);
    await expect.poll(async () => (await statusOf('db2')).ledger, { timeout: 30_000 }).toBeGreaterThan(before);
  });

  test('has sample data of the size asked for', async () => {
    const bytes = Number(await printedOn('db1', 'du -sb /var/lib/mysql/shop | cut -f1'));
    expect(bytes / 20e6).toBeGreaterThan(0.9);
    // InnoDB extends a tablespace by four extents at a time: much, for so little data.
    expect(bytes / 20e6).toBeLessThan(2);
  });

  test('accepts ops on db2 at port 2222, who may use sudo without a password', async () => {
    expect(await printedOn('db2', 'id -un; sudo -n id -un; echo $SSH_CONNECTION')).toMatch(
      /^ops\nroot\n10\.77\.0\.1 \d+ 10\.77\.0\.12 2222$/,
    );
  });

  test('has db3’s datadir inside its mount, not at its root', async () => {
    expect(await printedOn('db3', 'findmnt -no TARGET -T /srv/mysql/data; mysql -BNe "SELECT @@datadir"')).toBe(
      '/srv/mysql\n/srv/mysql/data/',
    );
  });

  test('reaches db5 through db4 only', async () => {
    const direct = 'exec 3<>/dev/tcp/10.77.0.15/22 && head -c 4 <&3';
    const fromConsole = await reseed(['drill', 'exec', '--', 'timeout', '4', 'bash', '-c', direct]);
    expect(fromConsole.stdout).toBe('');
    expect(fromConsole.exitCode).not.toBe(0);
    expect(await printedOn('db4', `timeout 4 bash -c '${direct}'`)).toBe('SSH-');
    expect(await printedOn('db5', 'hostname; mysql -BNe "SELECT @@log_error"')).toBe('db5\n/var/log/db5/mariadb.err');
  });

  test('has nothing on db6 but what Debian always has, and an empty datadir', async () => {
    const tools = await onHost('db6', 'command -v socat; command -v pv; command -v zstd; command -v tar sshd mysqld');
    expect(tools.stdout.trim().split('\n')).toEqual(['/usr/bin/tar', '/usr/sbin/sshd', '/usr/sbin/mysqld']);
    expect(await printedOn('db6', 'ls -A /var/lib/mysql; systemctl is-enabled mysql || true')).toBe(
      'lost+found\ndisabled',
    );
  });
});
