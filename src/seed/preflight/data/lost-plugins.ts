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

/** Whether its words can stand in a statement to paste: the tables of a server may hold anything, quotes too. */
export const isPlain = ({ kind, name, library }: NamedPlugin): boolean =>
  kind === 'component' ? /^file:\/\/\w+$/.test(library) : /^\w+$/.test(name) && /^[\w.-]+\.so$/.test(library);

const longestWord = 64;
/** For a sentence: `?` for each character that no name or library of a plugin has. */
export const shownWord = (word: string): string => word.slice(0, longestWord).replaceAll(/[^\w.:/-]/g, '?');

/** `plugin clone (mysql_clone.so)`, `component_validate_password` */
export const named = ({ kind, name, library }: NamedPlugin) =>
  kind === 'component' ? shownWord(name) : `plugin ${shownWord(name)} (${shownWord(library)})`;
export const listed = (some: readonly NamedPlugin[]) => some.map(named).join(', ');

export const installWords = (some: readonly NamedPlugin[], isMariadb: boolean) =>
  [...new Set(some.map((one) => installWord(one, isMariadb)))].join('; ');

export function installWord(plugin: NamedPlugin, isMariadb: boolean): string {
  const { kind, name, library } = plugin;
  if (!isPlain(plugin)) {
    return `no statement is written for ${named(plugin)}, since its name is not a plain one: look at it in mysql.${kind}`;
  }
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
