// The server's options and the SQL that makes primaries and replicas of the practice hosts.
import { type DrillHost, hostNamed } from './hosts.ts';

/** The account that replicas log in with. */
const replicationUser = 'repl';

/** The last part of the address: no two hosts of the fleet have the same. */
const serverId = (host: DrillHost) => Number(host.address.split('.')[3]);

/** Names both threads and the lag. (mysql 9.7 takes no \\G in a batch: ask it with --vertical.) */
export const showReplica = (host: DrillHost) => (host.vendor === 'mysql' ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS');

/** The options of the server, small: six of them share a machine. */
export function serverOptions(host: DrillHost): string {
  const common = [
    '[mysqld]',
    `server_id = ${serverId(host)}`,
    `report_host = ${host.name}`,
    `datadir = ${host.disk.datadir}`,
    `log_error = ${host.errorLog}`,
    'bind_address = 0.0.0.0',
    'log_bin = binlog',
    'relay_log = relay',
    'sync_binlog = 1',
    // A power cut may tear the relay log: it is fetched again from where the applier has come to.
    'relay_log_recovery = ON',
    'innodb_buffer_pool_size = 64M',
    'max_connections = 60',
    'table_open_cache = 200',
    'table_definition_cache = 400',
  ];
  const own =
    host.vendor === 'mysql'
      ? [
          'gtid_mode = ON',
          'enforce_gtid_consistency = ON',
          'innodb_redo_log_capacity = 16M',
          // There is one memory node, and no system call to ask about it.
          'innodb_numa_interleave = OFF',
          ...(host.source ? ['super_read_only = ON'] : []),
        ]
      : [
          'log_slave_updates = ON',
          'gtid_strict_mode = ON',
          // It reserves 8 TiB of addresses otherwise, more than a user-mode kernel has.
          'innodb_buffer_pool_size_max = 128M',
          'innodb_log_file_size = 16M',
          ...(host.source ? ['read_only = ON'] : []),
        ];
  return `${[...common, ...own].join('\n')}\n`;
}

/** What is run once, after the server's first start. Every host starts from the same datadir, so replicas start at its end. */
export function firstStartSql(host: DrillHost, password: string): string {
  const source = host.source ? hostNamed(host.source) : undefined;
  if (!source) {
    const account = `'${replicationUser}'@'10.77.0.%'`;
    // MariaDB makes itself no certificates before 11.4.
    const encrypted = host.vendor === 'mysql' ? ' REQUIRE SSL' : '';
    return `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}'${encrypted};
GRANT REPLICATION SLAVE ON *.* TO ${account};`;
  }
  if (host.vendor === 'mysql') {
    return `STOP REPLICA;
CHANGE REPLICATION SOURCE TO SOURCE_HOST='${source.address}', SOURCE_USER='${replicationUser}',
  SOURCE_PASSWORD='${password}', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1, SOURCE_CONNECT_RETRY=2, SOURCE_RETRY_COUNT=86400;
START REPLICA;`;
  }
  return `STOP SLAVE;
CHANGE MASTER TO MASTER_HOST='${source.address}', MASTER_USER='${replicationUser}',
  MASTER_PASSWORD='${password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=2;
START SLAVE;`;
}
