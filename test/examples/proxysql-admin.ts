// The admin of a ProxySQL, as far as a hook can tell: its tables, in SQLite as they are there, LOAD, and its monitor of lag.
// Tables: https://proxysql.com/documentation/main-runtime/
import { DatabaseSync } from 'node:sqlite';
import { type Answer, type MysqlServer, serveMysql } from './mysql-server.ts';

export const password = 'a-password-of-the-admin';

const servers = `(
  hostgroup_id INT NOT NULL DEFAULT 0, hostname VARCHAR NOT NULL, port INT NOT NULL DEFAULT 3306,
  status VARCHAR CHECK (UPPER(status) IN ('ONLINE','SHUNNED','OFFLINE_SOFT','OFFLINE_HARD')) NOT NULL DEFAULT 'ONLINE',
  weight INT CHECK (weight >= 0) NOT NULL DEFAULT 1, max_replication_lag INT NOT NULL DEFAULT 0,
  PRIMARY KEY (hostgroup_id, hostname, port))`;

const schema = `
  ATTACH ':memory:' AS monitor;
  CREATE TABLE mysql_servers ${servers};
  CREATE TABLE runtime_mysql_servers ${servers};
  CREATE TABLE stats_mysql_connection_pool (hostgroup INT, srv_host VARCHAR, srv_port INT, status VARCHAR, ConnUsed INT, ConnFree INT);
  CREATE TABLE monitor.mysql_server_replication_lag_log (
    hostname VARCHAR NOT NULL, port INT NOT NULL DEFAULT 3306, time_start_us INT NOT NULL DEFAULT 0, success_time_us INT DEFAULT 0,
    repl_lag INT DEFAULT 0, error VARCHAR, PRIMARY KEY (hostname, port, time_start_us));`;

export interface Seen {
  readonly status: string;
  readonly weight: number;
}

export class ProxysqlAdmin {
  /** What a server of the address is measured to lag behind, in seconds. */
  lag: (address: string, seen: Seen) => number | null = () => 0;
  /** Cuts the connection in place of this statement. */
  cuts: (sql: string) => boolean = () => false;
  readonly statements: string[] = [];
  readonly #database = new DatabaseSync(':memory:');
  /** What was live after each LOAD: `10.77.0.13 in 20: ONLINE 1000`. */
  readonly #live: string[] = [];
  #microseconds = 1_700_000_000_000_000;
  #server: MysqlServer | undefined;

  /** `rows`: hostgroup, address, weight, and status if it is not ONLINE. */
  static async start(rows: readonly (readonly [number, string, number, string?])[]): Promise<ProxysqlAdmin> {
    const admin = new ProxysqlAdmin();
    const database = admin.#database;
    database.exec(schema);
    for (const [hostgroup, address, weight, status = 'ONLINE'] of rows) {
      database
        .prepare('INSERT INTO mysql_servers VALUES (?, ?, 3306, ?, ?, 10)')
        .run(hostgroup, address, status, weight);
      database
        .prepare("INSERT INTO stats_mysql_connection_pool VALUES (?, ?, 3306, 'ONLINE', 0, 3)")
        .run(hostgroup, address);
    }
    admin.#load();
    admin.#live.length = 0;
    admin.#server = await serveMysql({
      user: 'radmin',
      password,
      answer: (sql) => admin.#answer(sql.trim()),
      cuts: (sql) => admin.cuts(sql.trim()),
    });
    return admin;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  stop(): Promise<void> | undefined {
    return this.#server?.close();
  }

  /** What an operator does by hand. */
  byHand(sql: string): void {
    this.#database.exec(sql);
  }

  loadByHand(): void {
    this.#load();
  }

  /** `ONLINE 1000`: what was live of a server, one after the other. */
  history(address: string, hostgroup = 20): string[] {
    const begin = `${address} in ${hostgroup}: `;
    const own = this.#live.filter((line) => line.startsWith(begin)).map((line) => line.slice(begin.length));
    return own.filter((line, at) => line !== own[at - 1]);
  }

  live(address: string, hostgroup = 20): string {
    const found = this.#runtime().find((one) => one.address === address && one.hostgroup === hostgroup);
    return found ? `${found.status} ${found.weight}` : 'gone';
  }

  #runtime(): { address: string; hostgroup: number; status: string; weight: number; maxLag: number }[] {
    const rows = this.#database.prepare('SELECT * FROM runtime_mysql_servers').all();
    return rows.map((row) => ({
      address: String(row.hostname),
      hostgroup: Number(row.hostgroup_id),
      status: String(row.status),
      weight: Number(row.weight),
      maxLag: Number(row.max_replication_lag),
    }));
  }

  #load(): void {
    this.#database.exec(
      'DELETE FROM runtime_mysql_servers; INSERT INTO runtime_mysql_servers SELECT * FROM mysql_servers',
    );
    for (const { address, hostgroup, status, weight } of this.#runtime())
      this.#live.push(`${address} in ${hostgroup}: ${status} ${weight}`);
  }

  /** A server that is OFFLINE, or has no max_replication_lag, is not measured. */
  #measure(): void {
    this.#microseconds += 1000;
    for (const { address, status, weight, maxLag } of this.#runtime()) {
      if (status.startsWith('OFFLINE') || maxLag === 0) continue;
      this.#database
        .prepare('INSERT OR REPLACE INTO monitor.mysql_server_replication_lag_log VALUES (?, 3306, ?, 900, ?, NULL)')
        .run(address, this.#microseconds, this.lag(address, { status, weight }));
    }
  }

  #answer(sql: string): Answer {
    this.statements.push(sql);
    if (sql === 'LOAD MYSQL SERVERS TO RUNTIME') {
      this.#load();
      return undefined;
    }
    if (sql.includes('replication_lag_log')) this.#measure();
    const statement = this.#database.prepare(sql);
    const columns = statement.columns().map(({ name }) => name);
    if (columns.length === 0) {
      statement.run();
      return undefined;
    }
    const rows = statement.all().map((row) => Object.values(row) as (string | number | null)[]);
    return { columns, rows };
  }
}
