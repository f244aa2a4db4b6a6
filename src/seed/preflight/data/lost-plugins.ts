// Which plugins and components a target has loaded by its own tables, and would not after its seed. Pure.
import { loopWords } from '../../../host/log/stop-reason.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { isLoadedBy, isSame, type NamedPlugin } from './plugin-options.ts';
import type { TablePlugin } from './table-plugins.ts';

/** Whether it is known what its own tables load. */
export const isTold = ({ report: { server }, facts }: Side) =>
  server?.ok === true && !facts.unanswered.includes('plugins');
export const whyUntold = ({ report }: Side): string =>
  report.server?.ok ? 'its server did not tell' : (loopWords(report) ?? 'its server is down');

/** What a target has loaded and would not after its seed. Empty too where that is unknown. */
export function lostPlugins(donor: Side, target: Side): TablePlugin[] {
  const { tablePlugins, nextOptions } = target.facts;
  if (!isTold(donor) || !isTold(target)) return [];
  return tablePlugins.filter((one) => one.isActive && !hasInTables(donor, one) && !isLoadedBy(nextOptions, one));
}

/** Whether its tables load the plugin. */
export const hasInTables = ({ facts }: Side, plugin: NamedPlugin) =>
  facts.tablePlugins.some((one) => isSame(one, plugin));

/** `plugin clone (mysql_clone.so)`, `component_validate_password` */
export const named = ({ kind, name, library }: NamedPlugin) =>
  kind === 'component' ? name : `plugin ${name} (${library})`;
export const listed = (some: readonly NamedPlugin[]) => some.map(named).join(', ');

export const installWords = (some: readonly NamedPlugin[], isMariadb: boolean) =>
  [...new Set(some.map((one) => installWord(one, isMariadb)))].join('; ');

export function installWord({ kind, name, library }: NamedPlugin, isMariadb: boolean): string {
  if (kind === 'component') return `INSTALL COMPONENT '${library}'`;
  return isMariadb ? `INSTALL SONAME '${library.replace(/\.so$/, '')}'` : `INSTALL PLUGIN ${name} SONAME '${library}'`;
}

/** For above the prompt. */
export function pluginSentences({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>): string[] {
  return targets.flatMap((target) => {
    const lost = lostPlugins(donor, target);
    return lost.length === 0
      ? []
      : [`${target.host.name} will be without ${listed(lost)}: ${donor.host.name} does not load them by its tables`];
  });
}
