// Refusals before a seed begins, on MariaDB hosts that really have the refused state.
import { afterAll, describe, expect, test } from 'vitest';
import { drill, on } from './fleet.ts';
import { refusalOf, whileOdd } from './refusing.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

const withoutLog = 'SET SESSION sql_log_bin = 0;';
afterAll(async () => {
  expect(await drill('verify', 'db5')).toContain('db5');
});

const auditOption = '/etc/mysql/mariadb.conf.d/zz-audit.cnf';

describe('a donor whose tables lie elsewhere, and a target with a plugin of its own', () => {
  const said = whileOdd({
    make: async () => {
      const create = "CREATE TABLE drill.far (id INT) ENGINE = InnoDB DATA DIRECTORY = '/srv/far'";
      await on('db4', `mkdir -p /srv/far; chown mysql: /srv/far; mysql -e "${withoutLog} ${create}"`);
      await drill('fault', 'fill-snapshot', 'db4', '85');
      const option = `printf '[mysqld]\\nserver_audit_logging = OFF\\n' >${auditOption}`;
      await on('db5', `mysql -e "INSTALL SONAME 'server_audit'" && ${option}`);
    },
    heal: async () => {
      await on('db5', `rm ${auditOption}; mysql -e "UNINSTALL SONAME 'server_audit'"`);
      await drill('heal', 'db4');
      await on('db4', `mysql -e "${withoutLog} DROP TABLE drill.far"; rm -r /srv/far`);
    },
    seed: () => refusalOf('db4', 'db5', '--yes=db5'),
    hosts: ['db4', 'db5'],
  });
  test('by DATA DIRECTORY of a table', () => {
    expect(said()).toMatch(/✖ db4 +the tablespace \/srv\/far\/drill\/far\.ibd lies outside the datadir/);
  });
  test('which the donor’s tables do not load, and an option of it: its server would not start after the swap', () => {
    expect(said()).toMatch(
      /! db5 +will be without what its own tables load .*plugin SERVER_AUDIT \(server_audit\.so\)/,
    );
    expect(said()).toMatch(
      /✖ db5 +its option files or its unit have server_audit_logging, of plugin SERVER_AUDIT .*plugin_load_add = server_audit\.so/,
    );
  });
  test('and whose thin pool is too full', () => {
    expect(said()).toMatch(/✖ db4 +the thin pool vgcrm\/pool of db4 is 8[4-6] % full/);
  });
});
