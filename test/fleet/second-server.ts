// A second server on a practice host: an instance of a template unit with an option file, socket, port and volume of
// its own, beside the host's own server. In an inventory they are two hosts with one address.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { on, testState } from './fleet.ts';
import { inventoryText } from './inventory.ts';

/** `host` has to have LVM's vg0 with 500 MB free, room for a snapshot, and a MySQL. `name`, a letter: the instance. */
export interface SecondServer {
  readonly host: string;
  readonly name: string;
  readonly port: number;
  readonly serverId: number;
  /** What the inventory says of its volume, `group/name`; absent: nothing. */
  readonly volume?: string;
}

export const datadirOf = ({ name }: SecondServer) => `/srv/${name}/data`;
export const unitOf = ({ name }: SecondServer) => `mysqld@${name}`;
const optionsOf = ({ name }: SecondServer) => `/etc/mysql-${name}/my.cnf`;

const unit = `[Unit]
Description=MySQL Server %i
After=network.target

[Service]
Type=notify
User=mysql
Group=mysql
RuntimeDirectory=mysqld-%i
LogsDirectory=mysql-%i
ExecStart=/usr/sbin/mysqld --defaults-file=/etc/mysql-%i/my.cnf
TimeoutSec=infinity
LimitNOFILE=10000
`;

const options = ({ host, name, port, serverId }: SecondServer) => `[mysqld]
datadir = /srv/${name}/data
socket = /run/mysqld-${name}/mysql.sock
pid_file = /run/mysqld-${name}/mysqld.pid
log_error = /var/log/mysql-${name}/error.log
port = ${port}
bind_address = 0.0.0.0
server_id = ${serverId}
report_host = ${host}
report_port = ${port}
mysqlx = OFF
log_bin = binlog
relay_log = relay
gtid_mode = ON
enforce_gtid_consistency = ON
relay_log_recovery = ON
innodb_redo_log_capacity = 16M
innodb_numa_interleave = OFF
max_connections = 40
table_open_cache = 200
table_definition_cache = 400
# The host has memory for one.
innodb_buffer_pool_size = 16M
performance_schema_error_size = 0
performance_schema_accounts_size = 4
performance_schema_hosts_size = 4
performance_schema_users_size = 4
performance_schema_max_thread_instances = 80
performance_schema_digests_size = 50
performance_schema_max_digest_sample_age = 0
performance_schema_events_statements_history_long_size = 10
performance_schema_events_transactions_history_long_size = 10
performance_schema_events_waits_history_long_size = 10
performance_schema_events_stages_history_long_size = 10
super_read_only = ON

[client]
user = root
socket = /run/mysqld-${name}/mysql.sock
`;

/** Makes its volume, an empty datadir and its unit: a seed is to fill it. */
export async function makeSecondServer(server: SecondServer): Promise<void> {
  const { host, name } = server;
  await on(
    host,
    `set -e
cat >/etc/systemd/system/mysqld@.service <<'END'
${unit}END
install -d /etc/mysql-${name} /srv/${name}
install -d -o mysql -g mysql /var/log/mysql-${name}
cat >${optionsOf(server)} <<'END'
${options(server)}END
lvcreate -qq -y -Wn -L 500M -n mysql-${name} vg0
mkfs.ext4 -q -F /dev/vg0/mysql-${name}
mount /dev/vg0/mysql-${name} /srv/${name}
install -d -o mysql -g mysql -m 750 ${datadirOf(server)}
systemctl daemon-reload`,
  );
}

/** Sends SQL to it as an operator's client does. */
export const asks = (server: SecondServer, sql: string) =>
  on(server.host, `mysql --defaults-file=${optionsOf(server)} -Nse "${sql}"`);

/** Restores the host. */
export async function removeSecondServer(server: SecondServer): Promise<void> {
  const { host, name } = server;
  await on(
    host,
    `systemctl stop ${unitOf(server)}
umount /srv/${name}
lvremove -qq -f vg0/mysql-${name}
rm -rf /etc/mysql-${name} /var/log/mysql-${name} /srv/${name} /etc/systemd/system/mysqld@.service
systemctl reset-failed ${unitOf(server)} 2>/dev/null
systemctl daemon-reload
[ ! -e /dev/vg0/mysql-${name} ] && ! systemctl -q is-active ${unitOf(server)}`,
  );
}

/**
 * The path of an inventory with `hosts`. The two servers of one host replace that host, `db2a` its own and `db2b` the
 * second; each entry says which server it is.
 */
export async function inventoryOfBoth(server: SecondServer, ...hosts: string[]): Promise<string> {
  const text = await inventoryText(server.host, ...hosts);
  const block = new RegExp(`^  ${server.host}:(?:[^\\n]*)\\n((?: {4}[^\\n]*\\n)+)`, 'm');
  const own = block.exec(text)?.[1] ?? '';
  const both =
    `  ${server.host}a:\n${own}    mysql: { service: mysql, socket: /run/mysqld/mysqld.sock }\n` +
    `  ${server.host}b:\n${own}    mysql: { service: ${unitOf(server)}, defaultsFile: ${optionsOf(server)} }\n${
      server.volume === undefined ? '' : `    snapshot: { volume: ${server.volume} }\n`
    }`;
  const folder = join(testState, 'inventories');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `both-of-${server.host}${server.volume?.replace('/', '-') ?? ''}.yaml`);
  await writeFile(
    path,
    text.replace(block, () => both),
  );
  return path;
}
