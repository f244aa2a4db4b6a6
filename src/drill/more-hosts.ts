// Hosts that are set up as shops set theirs up, in the ways that go wrong: brought up by name, or with --all.
import type { DrillHost } from './host.ts';

export const moreHosts: readonly DrillHost[] = [
  {
    // A server of several to be: an instance of a template unit, an option file, a socket and a port of its own. Debian's own files in
    // /etc/mysql say something else. Its binary and relay logs lie on a volume of their own.
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
];
