// What a server loads at each start because its own tables name it, and the options of its next start: the facts of plugins.sh. Pure.
import { present } from '../../../host/known.ts';

/** A row of mysql.plugin, or of mysql.component. */
export interface TablePlugin {
  readonly kind: 'plugin' | 'component';
  /** `rpl_semi_sync_replica`; of a component `component_validate_password`. */
  readonly name: string;
  /** `semisync_replica.so`; of a component its URN. */
  readonly library: string;
  /** It is loaded now; of a component that is not told. */
  readonly isActive: boolean;
  /** A MariaDB's: `Stable`, `Gamma`, ... */
  readonly maturity?: string;
}

export interface NextOptions {
  /** Their names with `_`, without those with loose-. */
  readonly names: readonly string[];
  /** What plugin_load, plugin_load_add and early_plugin_load load: `NAME=LIBRARY` or `LIBRARY`. */
  readonly loads: readonly string[];
  /** Why they are unknown. Absent: they are told. */
  readonly unknown?: string;
}

export interface PluginFacts {
  /** Empty where the server is down, or did not tell (`unanswered` has `plugins`). */
  readonly tablePlugins: readonly TablePlugin[];
  /** Files in its plugin_dir; empty: unknown. */
  readonly libraries: readonly string[];
  readonly nextOptions: NextOptions;
}

/** `all`: the values of the lines with that name. */
export function readPluginFacts(all: (name: string) => readonly string[]): PluginFacts {
  return {
    tablePlugins: [...all('own_plugin').flatMap(readPlugin), ...all('own_component').flatMap(readComponent)],
    libraries: all('library'),
    nextOptions: {
      names: all('option'),
      loads: all('option_loads').flatMap((value) => value.split(/[;:]/).filter((one) => one !== '')),
      ...present('unknown', all('options_unread')[0]),
    },
  };
}

function readPlugin(text: string): TablePlugin[] {
  const [name = '', library = '', status = '', maturity = '-'] = text.split(' ');
  if (status === '') return [];
  return [
    {
      kind: 'plugin',
      name,
      library,
      isActive: status === 'ACTIVE',
      ...(maturity !== '-' && { maturity }),
    },
  ];
}

function readComponent(urn: string): TablePlugin[] {
  const [, name] = /^file:\/\/([\w.-]+)$/.exec(urn) ?? [];
  return [{ kind: 'component', name: name ?? urn, library: urn, isActive: true }];
}
