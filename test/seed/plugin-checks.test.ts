// Plugins and components that a target's own tables load, as db2 and db5 told of them: a seed replaces these tables by the donor's.
import { expect, test } from 'vitest';
import { targetEngineChecks } from '../../src/seed/preflight/data/engine-checks.ts';
import { pluginSentences } from '../../src/seed/preflight/data/lost-plugins.ts';
import { pluginChecks } from '../../src/seed/preflight/data/plugin-checks.ts';
import { readPluginFacts, type TablePlugin } from '../../src/seed/preflight/data/table-plugins.ts';
import type { Finding } from '../../src/seed/preflight/finding.ts';
import { attachmentOf } from '../../src/seed/replica/attachment.ts';
import type { Side } from '../../src/seed/request.ts';
import { practiceInventory, recorded } from '../live/pictures.ts';
import { factsOf, request, side, stopped } from './sides.ts';

const plugin = (name: string, library = `${name}.so`): TablePlugin => ({
  kind: 'plugin',
  name,
  library,
  isActive: true,
});
const socket = plugin('auth_socket');
const donor = (...more: readonly TablePlugin[]) => side('db1', { tablePlugins: [socket, ...more] });
const replica = (facts: Partial<Side['facts']> = {}) => side('db2', { ...factsOf('plugins'), ...facts });
/** db5, whose facts were recorded; and db4, which has the same server and none of these plugins. */
function crm(name: 'db4' | 'db5', facts: Partial<Side['facts']>): Side {
  const host = practiceInventory().hosts.find((one) => one.name === name);
  const report = recorded('up').reports.get(name);
  if (!host || !report) throw new Error(`nothing recorded of ${name}`);
  return { host, report, facts: { ...factsOf('plugins-mariadb'), ...facts } };
}
const mariadb = (facts: Partial<Side['facts']> = {}) => crm('db5', facts);
const primary = crm('db4', { tablePlugins: [] });
const without = (...names: readonly string[]) => {
  const { nextOptions } = factsOf('plugins');
  return { nextOptions: { ...nextOptions, names: nextOptions.names.filter((name) => !names.includes(name)) } };
};

const told = (level: Finding['level'], from: Side, target: Side) =>
  pluginChecks({ donor: from }, target)
    .filter((one) => one.level === level)
    .map(({ text, advice }) => (advice === '' ? text : `${text} | ${advice}`));

test('what INSTALL PLUGIN and INSTALL COMPONENT had put on a target went with its old data, and nothing said so', () => {
  expect(told('warn', donor(), replica())).toEqual([
    "will be without what its own tables load and those of db1 do not: plugin clone (mysql_clone.so), plugin rpl_semi_sync_replica (semisync_replica.so), component_validate_password | after the seed, on db2: INSTALL PLUGIN clone SONAME 'mysql_clone.so'; INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'; INSTALL COMPONENT 'file://component_validate_password' (refused while super_read_only is on). Or before it, in the option files of db2: plugin_load_add = mysql_clone.so, and = semisync_replica.so",
  ]);
  expect(pluginSentences({ donor: donor(), targets: [replica()] })).toEqual([
    'db2 will be without plugin clone (mysql_clone.so), plugin rpl_semi_sync_replica (semisync_replica.so), component_validate_password: db1 does not load them by its tables',
  ]);
});

test("a name of a target's tables that ends the quotes of a statement stands in no statement to paste", () => {
  const hostile = [
    plugin('clone', "a.so';DROP/**/DATABASE/**/shop;--so"),
    plugin('x;DROP/**/DATABASE/**/shop;--', 'x.so'),
    plugin('audit', 'a.so\nplugin_dir=/tmp'),
    ...readPluginFacts((name) => (name === 'own_component' ? ["file://component_x'; DROP DATABASE shop; -- "] : []))
      .tablePlugins,
  ];
  const { nextOptions } = factsOf('plugins');
  const target = replica({ tablePlugins: [plugin('disks', 'disks.so'), ...hostile], nextOptions });
  const attachment = attachmentOf(request(donor(), [target]), target);
  const withOption = replica({ tablePlugins: hostile, nextOptions: { ...nextOptions, names: ['clone_ddl_timeout'] } });
  const all = [
    ...told('warn', donor(), target),
    attachment.ok ? attachment.plan.lacks : '',
    ...told('refuse', donor(), withOption),
    ...told('warn', donor(...hostile), side('db2', { ...factsOf('plugins'), tablePlugins: [] })),
    ...pluginSentences({ donor: donor(), targets: [target] }),
  ].join('\n');
  expect(all).toContain("INSTALL PLUGIN disks SONAME 'disks.so'");
  expect(all).toContain('no statement is written for plugin clone (a.so??DROP/??/DATABASE/??/shop?--so), since');
  expect(all).toContain('file://component_x???DROP?DATABASE?shop?');
  expect(all).not.toMatch(/INSTALL COMPONENT|SONAME '(?!disks)|plugin_load_add = (?!disks\.so)|and = |;DROP/);
});

test('the job says at its end what its target is without', () => {
  const attachment = attachmentOf(request(donor(), [replica()]), replica());
  expect(attachment.ok && attachment.plan.lacks).toBe(
    "db2 is without plugin clone (mysql_clone.so), plugin rpl_semi_sync_replica (semisync_replica.so), component_validate_password, which its old data loaded: INSTALL PLUGIN clone SONAME 'mysql_clone.so'; INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'; INSTALL COMPONENT 'file://component_validate_password'",
  );
  const same = { tablePlugins: [socket] };
  const whole = attachmentOf(request(donor(), [replica(same)]), replica(same));
  expect(whole.ok && whole.plan.lacks).toBeUndefined();
});

test('a server that does not start after the swap, since its option file names a plugin that its new data does not load, is refused before', () => {
  expect(told('refuse', donor(), replica())).toEqual([
    "its option files or its unit have rpl_semi_sync_replica_enabled, of plugin rpl_semi_sync_replica (semisync_replica.so), which the data of db1 does not load: its server would not start | plugin_load_add = semisync_replica.so there, or loose_rpl_semi_sync_replica_enabled in its place; or on db1: INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'",
    "its option files or its unit have validate_password.length, of component_validate_password, which the data of db1 does not load: its server would not start | loose_validate_password.length in its place; or on db1: INSTALL COMPONENT 'file://component_validate_password'",
  ]);
});

test('none is refused that the data of the donor loads, or the option files themselves', () => {
  const from = donor(plugin('RPL_SEMI_SYNC_REPLICA', 'semisync_replica.so'));
  expect(told('refuse', from, replica(without('validate_password.length')))).toEqual([]);
  const { nextOptions } = replica(without('validate_password.length')).facts;
  for (const loads of ['semisync_replica.so', 'semisync_replica', 'rpl_semi_sync_replica=semisync_replica.so']) {
    const loaded = replica({ nextOptions: { ...nextOptions, loads: [loads] } });
    expect(told('refuse', donor(), loaded)).toEqual([]);
    expect(told('warn', donor(), loaded).join()).not.toContain('rpl_semi_sync_replica');
  }
  const other = replica({ nextOptions: { ...nextOptions, loads: ['rpl_semi_sync_source=semisync_replica.so'] } });
  expect(told('refuse', donor(), other)).toHaveLength(1);
});

test("a MariaDB's are told by its own statement; what plugin_load_add loads as well is not lost", () => {
  expect(told('warn', primary, mariadb())).toEqual([
    "will be without what its own tables load and those of db4 do not: plugin SERVER_AUDIT (server_audit.so) | after the seed, on db5: INSTALL SONAME 'server_audit'. Or before it, in the option files of db5: plugin_load_add = server_audit.so",
  ]);
  expect(told('refuse', primary, mariadb()).join()).toContain(
    'server_audit_logging, of plugin SERVER_AUDIT (server_audit.so)',
  );
});

test('options that begin like a plugin, and are of none, refuse nothing', () => {
  const { nextOptions } = factsOf('plugins-mariadb');
  const names = ['connect_timeout', 'disks_x', 'rpl_semi_sync_slave_enabled'];
  const target = mariadb({
    tablePlugins: [plugin('CONNECT', 'ha_connect.so')],
    nextOptions: { ...nextOptions, names },
  });
  expect(told('refuse', primary, target)).toEqual([]);
});

test('a storage engine that a target has by its own tables alone is none for the tables of the donor', () => {
  const from = crm('db4', { tablePlugins: [], foreignEngines: ['ARCHIVE 2 shop.old, shop.older'] });
  const engines = ['InnoDB', 'ARCHIVE'];
  const target = mariadb({ tablePlugins: [plugin('ARCHIVE', 'ha_archive.so')], engines });
  expect(targetEngineChecks(from, target).map(({ text }) => text)).toEqual([
    'its server has the storage engine ARCHIVE by its own tables alone, which the seed replaces, and db4 has 2 ARCHIVE tables (shop.old, shop.older)',
  ]);
  expect(targetEngineChecks(from, mariadb({ tablePlugins: [], engines }))).toEqual([]);
});

test('of a target that is down the usual options tell, and the rest is unknown', () => {
  const down = stopped();
  const names = ['rpl_semi_sync_replica_enabled', 'skip_name_resolve'];
  const target = { ...down, facts: { ...down.facts, nextOptions: { names, loads: [] } } };
  expect(told('refuse', donor(), target).join()).toContain('rpl_semi_sync_replica_enabled');
  expect(told('refuse', donor(plugin('rpl_semi_sync_replica')), target)).toEqual([]);
  expect(told('unknown', donor(), target).join()).toContain(
    'which plugins its own tables load: unknown, its server is down; they go with its old data',
  );
});

test('of a donor that is down it is unknown what it loads, and nothing is refused for that', () => {
  const from = stopped();
  expect(told('refuse', from, replica())).toEqual([]);
  expect(told('warn', from, replica())).toEqual([]);
  const unknown = told('unknown', from, replica()).join('\n');
  expect(unknown).toContain('whether the data of db2 does is unknown, its server is down');
  expect(unknown).toContain('without it the server does not start | plugin_load_add = semisync_replica.so');
});

test('what the donor loads and the target does not have, or can not load, is told', () => {
  const plain = { tablePlugins: [socket], nextOptions: { names: [], loads: [] } };
  expect(told('pass', donor(plugin('clone', 'mysql_clone.so')), replica(plain))).toEqual([
    'loads from then on what the tables of db1 name: plugin clone (mysql_clone.so)',
  ]);
  expect(told('warn', donor(plugin('audit_log')), replica(plain)).join()).toContain(
    "the tables of db1 load plugin audit_log (audit_log.so), which db2 can't: there is no audit_log.so in /usr/lib/mysql/plugin",
  );
  const young = { ...plugin('METADATA_LOCK_INFO', 'metadata_lock_info.so'), maturity: 'Beta' };
  const from = crm('db4', { tablePlugins: [young] });
  expect(told('warn', from, mariadb({ tablePlugins: [] })).join()).toContain(
    "which db5 can't: its maturity is Beta, and plugin_maturity is gamma there",
  );
});
