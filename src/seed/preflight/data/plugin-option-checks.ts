// Options of plugins that a target would not have loaded after its seed. Pure.
import type { Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';
import { hasInTables, installWord, isPlain, isTold, named, whyUntold } from './lost-plugins.ts';
import { isLoadedBy, isSame, type NamedPlugin, optionsOf, usualPlugins } from './plugin-options.ts';

/** An option of a plugin that is not loaded ends the start: `unknown variable`. The old data is set aside then. */
export function optionChecks(donor: Side, target: Side): Finding[] {
  const { refuse, unknown } = judging(target);
  const { tablePlugins, nextOptions } = target.facts;
  const vendor = versionOf(target)?.vendor ?? 'mysql';
  const usual = usualPlugins(vendor).filter((one) => !tablePlugins.some((own) => isSame(own, one)));
  return [...tablePlugins, ...usual].flatMap((plugin) => {
    const options = optionsOf(nextOptions.names, plugin);
    if (options.length === 0 || isLoadedBy(nextOptions, plugin) || hasInTables(donor, plugin)) return [];
    const what = `its option files or its unit have ${options.join(', ')}, of ${named(plugin)}`;
    if (!isTold(donor)) {
      return [
        unknown(
          `${what}. Whether the data of ${donor.host.name} loads that is unknown, ${whyUntold(donor)}; without it the server does not start`,
          possible(plugin, options),
        ),
      ];
    }
    return [
      refuse(
        `${what}, which the data of ${donor.host.name} does not load: its server would not start`,
        `${possible(plugin, options)}; or on ${donor.host.name}: ${installWord(plugin, vendor === 'mariadb')}`,
      ),
    ];
  });
}

function possible(plugin: NamedPlugin, options: readonly string[]): string {
  const loose = `${options.map((name) => `loose_${name}`).join(', ')} in its place`;
  return plugin.kind === 'component' || !isPlain(plugin)
    ? loose
    : `plugin_load_add = ${plugin.library} there, or ${loose}`;
}
