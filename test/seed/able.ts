// For each method: a request that it can carry out, and one that it can't. Hosts are as recorded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandSettings } from '../../src/inventory/settings.ts';
import type { SeedFacts } from '../../src/seed/facts.ts';
import { mariadbBackup, xtrabackup } from '../../src/seed/methods/backup-stream/backup-stream.ts';
import { byBinlog } from '../../src/seed/methods/binlog/binlog.ts';
import { byClone } from '../../src/seed/methods/clone/clone.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { delta, deltaOfStopped } from '../../src/seed/methods/delta/delta.ts';
import { byMydumper, byMysqldump } from '../../src/seed/methods/dump/dump.ts';
import { ownCommands } from '../../src/seed/methods/own-commands/own-commands.ts';
import { readKept } from '../../src/seed/replica/kept/kept.ts';
import { readReplicationState } from '../../src/seed/replica/source/replication-state.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { factsOf, request, side, stopped } from './sides.ts';

interface Requests {
  readonly able: () => SeedRequest;
  readonly unable: () => SeedRequest;
}

/** By the method's name. */
export const requests: Readonly<Record<string, Requests>> = {
  lvm: {
    able: () => request(side('db2'), [side('db3'), side('db6')]),
    unable: () => request(side('db2', {}, { lvm: { ok: true, value: { groups: [], volumes: [] } } }), [side('db3')]),
  },
  delta: {
    able: () => request(side('db2', perl('db2')), [side('db3', perl('db3'))], { method: delta }),
    unable: () => request(side('db2', perl('db2')), [side('db3', perl('db3')), side('db6')], { method: delta }),
  },
  'delta-stopped': {
    able: () => request(withPerl(stopped()), [side('db6', perl('db6'))], { method: deltaOfStopped }),
    unable: () => request(side('db2'), [side('db3', perl('db3'))], { method: deltaOfStopped }),
  },
  'mariadb-backup': {
    able: () => streamed(),
    unable: () => streamed({ backupPrograms: {} }),
  },
  xtrabackup: {
    able: () => request(mysqlSide('db2'), [mysqlSide('db3')], { method: xtrabackup }),
    unable: () => request(side('db2'), [side('db3')], { method: xtrabackup }),
  },
  clone: {
    able: () => request(side('db1'), [side('db3'), side('db6')], { method: byClone }),
    unable: () => request(stopped(), [side('db3')], { method: byClone }),
  },
  mysqldump: {
    able: () => dumped(),
    unable: () => dumped({ foreignEngines: ['MyISAM 1 shop.notes'] }),
  },
  mydumper: {
    able: () => dumped({ tools: [...(programs.tools ?? []), 'mysqldump', 'mydumper'] }, { method: byMydumper }),
    unable: () => dumped({}, { method: byMydumper }),
  },
  stopped: {
    able: () => request(stopped(), [side('db6')], { method: coldCopy }),
    unable: () => request(side('db2'), [side('db3')], { method: coldCopy }),
  },
  custom: {
    able: () => carried(),
    unable: () => carried({ insecure: false }),
  },
  binlog: {
    able: () => reattached(text('standing-replica')),
    unable: () => reattached(text('standing-replica').replace(/^gtid_executed\t.*$/m, 'gtid_executed\t')),
  },
};

/** The practice hosts were recorded when no method asked for it. */
const perl = (name: string): Partial<SeedFacts> => ({ tools: [...factsOf(name).tools, 'perl'] });
const withPerl = (one: Side): Side => ({ ...one, facts: { ...one.facts, tools: [...one.facts.tools, 'perl'] } });

/** db2 to db3 by the commands of the blog, which are called with their arguments. */
export function carried(receive: Partial<CommandSettings> = {}, send?: Partial<CommandSettings>): SeedRequest {
  const [donor, target] = [side('db2'), side('db3', { tools: programs.tools ?? [] })];
  const own = { send: { run: '/opt/send.sh', ...send } };
  const other = { receive: { run: '/opt/receive.sh', insecure: true, ...receive } };
  return request(
    { ...donor, host: { ...donor.host, commands: own } },
    [{ ...target, host: { ...target.host, commands: other } }],
    { method: ownCommands },
  );
}

/** The same with a donor that keeps its redo log elsewhere. */
export function besideRequest(): SeedRequest {
  const asked = carried();
  const outside = [{ kind: 'redo', path: '/srv/redo', entries: 3, bytes: 300, withDatadir: true }];
  return { ...asked, donor: { ...asked.donor, facts: { ...asked.donor.facts, outside } } };
}

const programs: Partial<SeedFacts> = {
  privileges: ['ALL PRIVILEGES'],
  tools: [...factsOf('db4').tools, 'mbstream', 'xbstream', 'innochecksum', 'unshare', 'mountpoint', 'chroot', 'perl'],
};

/** db4 to db5 by mariadb-backup. `donor`, `more`: of the donor, and of the request. */
export function streamed(donor: Partial<SeedFacts> = {}, more: Partial<SeedRequest> = {}): SeedRequest {
  const facts = { ...programs, backupPrograms: { 'mariadb-backup': backupVersion } };
  return request(side('db4', { ...facts, ...donor }), [side('db5', facts)], { method: mariadbBackup, ...more });
}
/** db1 to db3 by mysqldump. `donor`, `more`: of the donor, and of the request. */
export function dumped(donor: Partial<SeedFacts> = {}, more: Partial<SeedRequest> = {}): SeedRequest {
  const tools = [...(programs.tools ?? []), 'mysqldump'];
  const facts = { ...programs, tools, foreignEngines: [] };
  return request(side('db1', { ...facts, ...donor }), [side('db3', facts)], { method: byMysqldump, ...more });
}
/** As mariadb-backup --version says it. */
export const backupVersion = 'mariadb-backup based on MariaDB server 10.11.19-MariaDB debian-linux-gnu (x86_64)';

/** A MySQL with the XtraBackup of its version: no registry has one for 9.7. */
function mysqlSide(name: string): Side {
  const words = 'xtrabackup version 9.7.4-1 based on MySQL server 9.7.4 Linux (x86_64) (revision id: 4a2f0d31)';
  return side(name, { ...programs, backupPrograms: { xtrabackup: words } });
}

const text = (name: string) => readFileSync(join(import.meta.dirname, `../fixtures/mysql-9.7/${name}.txt`), 'utf8');

/** db3 with its present data, to db1. `state`: what the server of db3 reports of itself. */
export function reattached(state: string, target: Side = side('db3')): SeedRequest {
  const [own, primary] = [state, text('standing-source')].map(readReplicationState);
  const kept = readKept(text('kept-replica'));
  if (!own || !primary || !kept) throw new Error('they tell nothing');
  return request(side('db1'), [target], {
    method: byBinlog,
    asked: {
      sources: { db1: { name: 'db1', replicationState: primary } },
      targets: { db3: own },
      replicas: { db3: kept },
    },
  });
}
