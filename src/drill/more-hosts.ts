// Hosts set up as real shops do it, in ways that cause trouble. They are brought up by name, or with --all.
import type { DrillHost } from './host.ts';

/** As in Debian's own option files. */
const withoutBinaryLog = {
  log_bin: null,
  sync_binlog: null,
  relay_log: null,
  log_slave_updates: null,
  gtid_strict_mode: null,
};

export const moreHosts: readonly DrillHost[] = [
  {
    // One of several servers on a machine: an instance of a template unit, with its own option file, socket and port.
    // Debian's own files in /etc/mysql say something else. Its binary and relay logs are on a volume of their own.
    name: 'db7',
    cluster: 'shop',
    datacenter: 'fra',
    address: '10.77.0.17',
    server: {
      vendor: 'mysql',
      release: 'mysql',
      service: 'mysqld@prod',
      client: 'mysql',
      port: 3307,
      socket: '/run/mysqld-prod/mysql.sock',
      errorLog: '/var/log/mysql-prod/error.log',
      defaultsFile: '/etc/mysql-prod/my.cnf',
      options: {
        pid_file: '/run/mysqld-prod/mysqld.pid',
        mysqlx: 'OFF',
        log_bin: '/var/log/mysql-bin/binlog',
        relay_log: '/var/log/mysql-bin/relay',
      },
      files: {
        'etc/systemd/system/mysqld@.service': `[Unit]
Description=MySQL Server %i
After=network.target drill-setup.service

[Service]
Type=notify
User=mysql
Group=mysql
RuntimeDirectory=mysqld-%i
ExecStart=/usr/sbin/mysqld --defaults-file=/etc/mysql-%i/my.cnf
TimeoutSec=infinity
Restart=on-failure
RestartPreventExitStatus=1
LimitNOFILE=10000

[Install]
WantedBy=multi-user.target
`,
      },
    },
    disk: {
      volumeGroup: 'vg-prod-data',
      logicalVolume: 'mysql-prod-data',
      thinPool: 'thin-pool-0',
      fileSystem: 'xfs',
      mountPoint: '/data/mysql-prod',
      datadir: '/data/mysql-prod/data',
      logs: { logicalVolume: 'mysql-prod-binlog', mountPoint: '/var/log/mysql-bin' },
    },
    source: { host: 'db1' },
    ssh: { user: 'root', port: 22 },
    extra: true,
  },
  {
    // InnoDB's redo and undo logs beside the datadir; a delayed replica with a filter and two channels; a DBA's option
    // files, and an sql_mode in which double quotes enclose names.
    name: 'db8',
    cluster: 'shop',
    datacenter: 'ams',
    address: '10.77.0.18',
    server: {
      vendor: 'mysql',
      release: 'mysql',
      service: 'mysql',
      client: 'mysql',
      port: 3306,
      socket: '/run/mysqld/mysqld.sock',
      errorLog: '/var/log/mysql/error.log',
      options: {
        innodb_log_group_home_dir: '/srv/db8/redo',
        innodb_undo_directory: '/srv/db8/undo',
        sql_mode: 'ANSI_QUOTES,STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION',
        replicate_wild_ignore_table: 'scratch.%',
      },
      files: {
        'etc/mysql/conf.d/dba.cnf': `[client]
default-character-set = latin1

[mysql]
table
skip-column-names
silent
safe-updates
show-warnings
prompt = "\\h> "
tee = /root/mysql.tee
init-command = "SET SESSION sql_mode = 'ANSI_QUOTES', autocommit = 0, time_zone = '+05:45'"
`,
      },
    },
    disk: {
      volumeGroup: 'vg_db8',
      logicalVolume: 'srv',
      thinPool: '',
      fileSystem: 'ext4',
      mountPoint: '/srv/db8',
      datadir: '/srv/db8/data',
      redo: '/srv/db8/redo',
      undo: '/srv/db8/undo',
    },
    // Both channels bring the same transactions; the replica applies each once.
    source: { host: 'db1', delaySeconds: 20, second: { channel: 'standby', host: 'db2' } },
    ssh: { user: 'root', port: 22 },
    extra: true,
  },
  {
    // Debian's newest MariaDB, with its own names only. Its log is in the journal, it has no binary log, its datadir is a link. Its
    // account may become root by the one rule that reseed sudoers prints.
    name: 'db9',
    cluster: 'crm',
    datacenter: 'fra',
    address: '10.77.0.19',
    server: {
      vendor: 'mariadb',
      release: 'mariadb-11',
      service: 'mariadb',
      client: 'mariadb',
      port: 3306,
      socket: '/run/mariadbd/mysqld.sock',
      errorLog: '',
      options: withoutBinaryLog,
    },
    disk: {
      volumeGroup: 'vg9',
      logicalVolume: 'data',
      thinPool: '',
      fileSystem: 'ext4',
      mountPoint: '/data',
      datadir: '/data/mariadb',
      link: '/var/lib/mysql',
    },
    source: { host: 'db4' },
    ssh: { user: 'dba', port: 22, sudo: 'reseed' },
    extra: true,
  },
  {
    // MariaDB as Debian installs it, on a partition.
    name: 'db10',
    cluster: 'crm',
    datacenter: 'ams',
    address: '10.77.0.20',
    server: {
      vendor: 'mariadb',
      release: 'mariadb',
      service: 'mariadb',
      client: 'mariadb',
      port: 3306,
      socket: '/run/mysqld/mysqld.sock',
      errorLog: '',
      options: withoutBinaryLog,
    },
    disk: {
      volumeGroup: '',
      logicalVolume: '',
      thinPool: '',
      fileSystem: 'ext4',
      mountPoint: '/var/lib/mysql',
      datadir: '/var/lib/mysql',
    },
    source: { host: 'db4' },
    ssh: { user: 'root', port: 22 },
    extra: true,
  },
];
