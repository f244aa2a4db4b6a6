// The server's options and the SQL that make practice hosts primaries and replicas.
import { DrillFailure } from './failure.ts';
import type { DrillHost } from './host.ts';
import { hostNamed } from './hosts.ts';

/** The account that replicas log in with. */
const replicationUser = 'repl';

/** The last part of the address, which is unique in the fleet. */
const serverId = (host: DrillHost) => Number(host.address.split('.')[3]);

/** Shows both threads and the lag of the first channel. (mysql 9.7 takes no \\G in a batch: ask it with --vertical.) */
export function showReplica({ server, source }: DrillHost): string {
  if (server.vendor === 'mariadb') return 'SHOW SLAVE STATUS';
  return source?.second ? "SHOW REPLICA STATUS FOR CHANNEL ''" : 'SHOW REPLICA STATUS';
}

type Options = Record<string, string | number | null>;

/** Small options for the server: six of them share a machine. */
export function serverOptions(host: DrillHost): string {
  const { server, disk, source } = host;
  const common: Options = {
    server_id: serverId(host),
    report_host: host.name,
    datadir: disk.link ?? disk.datadir,
    log_error: server.errorLog || null,
    bind_address: '0.0.0.0',
    log_bin: 'binlog',
    relay_log: 'relay',
    sync_binlog: 1,
    // A power cut may tear the relay log: the replica then fetches it again from the applier's position.
    relay_log_recovery: 'ON',
    innodb_buffer_pool_size: '64M',
    max_connections: 60,
    table_open_cache: 200,
    table_definition_cache: 400,
  };
  const own: Options =
    server.vendor === 'mysql'
      ? {
          gtid_mode: 'ON',
          enforce_gtid_consistency: 'ON',
          innodb_redo_log_capacity: '16M',
          // There is one memory node, and the kernel lacks the system call for it.
          innodb_numa_interleave: 'OFF',
          super_read_only: source ? 'ON' : null,
        }
      : {
          log_slave_updates: 'ON',
          gtid_strict_mode: 'ON',
          // By default it reserves 8 TiB of addresses, more than a user-mode kernel has.
          innodb_buffer_pool_size_max: '128M',
          innodb_log_file_size: '16M',
          read_only: source ? 'ON' : null,
        };
  const lines = Object.entries({ ...common, ...own, ...server.options }).flatMap(([name, value]) =>
    value === null ? [] : [`${name} = ${value}`],
  );
  // The server and its clients read only its own option file.
  const alone = server.defaultsFile ? [`port = ${server.port}`, `socket = ${server.socket}`] : [];
  const clients = server.defaultsFile ? ['', '[client]', ...alone] : [];
  return `${['[mysqld]', ...alone, ...lines, ...clients].join('\n')}\n`;
}

/** SQL that runs once, after the server's first start. Every host starts from the same datadir, so replicas start at its end. */
export function firstStartSql(host: DrillHost, password: string): string {
  const { source } = host;
  if (!source) {
    const account = `'${replicationUser}'@'10.77.0.%'`;
    // MariaDB makes no certificates of its own before 11.4.
    const encrypted = host.server.vendor === 'mysql' ? ' REQUIRE SSL' : '';
    return `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}'${encrypted};
GRANT REPLICATION SLAVE ON *.* TO ${account};`;
  }
  const { address, server } = sourceHost(source.host);
  if (host.server.vendor === 'mysql') {
    const follow = (at: DrillHost, channel: string) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='${at.address}', SOURCE_PORT=${at.server.port}, SOURCE_USER='${replicationUser}',
  SOURCE_PASSWORD='${password}', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1, SOURCE_CONNECT_RETRY=2, SOURCE_RETRY_COUNT=86400,
  SOURCE_DELAY=${source.delaySeconds ?? 0} FOR CHANNEL '${channel}';`;
    const second = source.second && follow(sourceHost(source.second.host), source.second.channel);
    return ['STOP REPLICA;', follow(sourceHost(source.host), ''), ...(second ? [second] : []), 'START REPLICA;'].join(
      '\n',
    );
  }
  // Otherwise a replica of 11.4 or newer asks for TLS, and an older source has none.
  return `STOP SLAVE;
CHANGE MASTER TO MASTER_HOST='${address}', MASTER_PORT=${server.port}, MASTER_USER='${replicationUser}',
  MASTER_PASSWORD='${password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=2,
  MASTER_SSL=0;
START SLAVE;`;
}

function sourceHost(name: string): DrillHost {
  const host = hostNamed(name);
  if (host) return host;
  throw new DrillFailure('failed', `hosts.ts has no source ${name}`);
}
