// A job that puts shop.customers of db1 into db3, which replicates from db1: hosts as recorded.
import type { Plan } from '../../src/job/plan/plan.ts';
import { draftFrom, type TablesWanted } from '../../src/operations/tables/draft.ts';
import type { ReplicationState } from '../../src/seed/replica/source/replication-state.ts';
import type { TablesRequest } from '../../src/tables/checks.ts';
import type { TableFacts, TablesLook } from '../../src/tables/facts.ts';
import { channel, state, uuid, who } from '../salvage/salvaging.ts';
import { dumped } from '../seed/able.ts';

export const table = (name: string, more: Partial<TableFacts> = {}): TableFacts => ({
  name,
  database: name.split('.')[0] ?? '',
  type: 'BASE TABLE',
  engine: 'InnoDB',
  options: '',
  bytes: 16_000_000,
  ...more,
});

export const running = { ...channel, ioThread: 'running', sqlThread: 'running' } as const;

export function look(of: ReplicationState, more: Partial<TablesLook> = {}): TablesLook {
  const tables = [table('shop.customers'), table('shop.orders')];
  const settings = new Map([
    ['binlog_format', 'ROW'],
    ['innodb_file_per_table', 'ON'],
    ['innodb_default_row_format', 'dynamic'],
  ]);
  const none = { triggers: [], foreignKeys: [], fulltext: [], floats: [], jsons: [], constraints: [], further: [] };
  return { state: of, tables, settings, ...none, ...more };
}

export const primary = (more: Partial<TablesLook> = {}): TablesLook => {
  const { channel: _, ...alone } = state('mysql', `${uuid}:1-60`);
  return look(alone, more);
};
export const replica = (more: Partial<TablesLook> = {}): TablesLook =>
  look(state('mysql', `${uuid}:1-56`, { channel: running }), more);

export function tablesRequest(more: Partial<TablesRequest> = {}): TablesRequest {
  const request = dumped();
  const [target] = request.targets;
  if (!target) throw new Error('no target');
  return {
    request,
    target,
    names: ['shop.customers'],
    replace: true,
    given: primary(),
    taken: replica(),
    sourceFormat: 'ROW',
    ...more,
  };
}

const wanted: TablesWanted = {
  donor: 'db1',
  target: 'db3',
  databases: [],
  tables: ['shop.customers'],
  replace: true,
  terms: { keepSnapshot: false, compression: 'auto', clear: false },
};

const author = { key: 'cafe', who, nowMs: 0 };

export function drafted(taken: TablesLook = replica(), more: Partial<TablesWanted> = {}) {
  const { request, target } = tablesRequest();
  return draftFrom(
    { ...wanted, ...more },
    { donor: request.donor, target, given: primary(), taken, sourceFormat: 'ROW' },
    author,
    {
      known: [],
      past: [],
    },
  );
}
export function planOf(...words: Parameters<typeof drafted>): Plan {
  const { planned } = drafted(...words);
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
}

export function tablesJob() {
  const { request, target, names } = tablesRequest();
  const speaker = { vendor: 'mysql', version: '9.7.4' } as const;
  return {
    request,
    target,
    names,
    replace: true,
    unit: 'mysql',
    donorSpeaker: speaker,
    speaker,
    replica: { ran: true, rows: true },
  };
}
