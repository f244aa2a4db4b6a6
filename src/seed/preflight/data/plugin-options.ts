// Options of plugins: a server does not start with an option, other than one with loose-, of a plugin that is not loaded. Pure.
import type { Vendor } from '../../../host/facts.ts';
import type { NextOptions, TablePlugin } from './table-plugins.ts';

export type NamedPlugin = Pick<TablePlugin, 'kind' | 'name' | 'library'>;

/**
 * Those that the vendors' manuals have in option files, and that no server has built in: of a server that is down nothing else tells what its
 * own tables load.
 */
const usual: Readonly<Record<'mysql' | 'mariadb', Readonly<Record<string, string>>>> = {
  mysql: {
    rpl_semi_sync_source: 'semisync_source.so',
    rpl_semi_sync_replica: 'semisync_replica.so',
    rpl_semi_sync_master: 'semisync_master.so',
    rpl_semi_sync_slave: 'semisync_slave.so',
    validate_password: 'validate_password.so',
    component_validate_password: 'file://component_validate_password',
    component_log_filter_dragnet: 'file://component_log_filter_dragnet',
    connection_control: 'connection_control.so',
    audit_log: 'audit_log.so',
    mysql_firewall: 'firewall.so',
    clone: 'mysql_clone.so',
    rewriter: 'rewriter.so',
  },
  mariadb: {
    server_audit: 'server_audit.so',
    simple_password_check: 'simple_password_check.so',
    cracklib_password_check: 'cracklib_password_check.so',
    password_reuse_check: 'password_reuse_check.so',
    sql_error_log: 'sql_errlog.so',
    query_response_time: 'query_response_time.so',
    file_key_management: 'file_key_management.so',
    handlersocket: 'handlersocket.so',
  },
};

export const usualPlugins = (vendor: Vendor): NamedPlugin[] =>
  Object.entries(usual[vendor === 'mariadb' ? 'mariadb' : 'mysql']).map(([name, library]) => ({
    kind: name.startsWith('component_') ? 'component' : 'plugin',
    name,
    library,
  }));

export const isSame = (one: NamedPlugin, other: NamedPlugin): boolean =>
  one.kind === other.kind && one.name.toLowerCase() === other.name.toLowerCase();

const bareLibrary = (library: string) => library.replace(/\.so$/, '');

/** Whether its option files load it, whatever its tables do. */
export const isLoadedBy = ({ loads }: NextOptions, { kind, name, library }: NamedPlugin): boolean =>
  kind === 'plugin' &&
  loads.some((one) => {
    const [, only, of = ''] = /^(?:(.*?)=)?(.*)$/.exec(one) ?? [];
    if (only !== undefined) return only.toLowerCase() === name.toLowerCase();
    return bareLibrary(of) === bareLibrary(library);
  });

/** Each server has them, though they begin like one of a plugin. */
const builtIn = new Set(['connect_timeout']);

/** Options of a plugin begin with its name, as sql_plugin.cc makes them; that name alone says whether it is loaded. */
export function optionsOf(names: readonly string[], plugin: NamedPlugin): string[] {
  const name = plugin.name.toLowerCase().replaceAll('-', '_');
  const groups = [name, name.replace(/^component_/, ''), ...(name.endsWith('_dragnet') ? ['dragnet'] : [])];
  return names.filter((option) => {
    const bare = option.toLowerCase().replace(/^(skip|disable|enable|maximum)_/, '');
    const [group, own] = bare.split('.');
    if (own !== undefined) return plugin.kind === 'component' && groups.includes(group ?? '');
    return plugin.kind === 'plugin' && !builtIn.has(bare) && (bare === name || bare.startsWith(`${name}_`));
  });
}
