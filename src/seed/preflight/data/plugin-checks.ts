// Plugins and components that a target's own tables load: a seed replaces these tables by the donor's. Pure.
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';
import {
  hasInTables,
  installWords,
  isPlain,
  isTold,
  listed,
  lostPlugins,
  named,
  shownWord,
  whyUntold,
} from './lost-plugins.ts';
import { optionChecks } from './plugin-option-checks.ts';
import type { TablePlugin } from './table-plugins.ts';

export function pluginChecks(
  { donor, method }: Pick<SeedRequest, 'donor'> & { readonly method?: Pick<SeedRequest['method'], 'onlyRows'> },
  target: Side,
): Finding[] {
  return [
    ...unknownChecks(donor, target),
    ...lossChecks(donor, target),
    ...optionChecks(donor, target),
    ...loadChecks(donor, target, method?.onlyRows === true),
  ];
}

function unknownChecks(donor: Side, target: Side): Finding[] {
  const { unknown } = judging(target);
  const { tablePlugins, nextOptions, dataBytes } = target.facts;
  const active = tablePlugins.filter(({ isActive }) => isActive);
  const isUnread = nextOptions.unknown !== undefined && (active.length > 0 || !isTold(target));
  return [
    ...(isTold(target) || dataBytes === 0
      ? []
      : [unknown(`which plugins its own tables load: unknown, ${whyUntold(target)}; they go with its old data`)]),
    ...(isTold(donor) || active.length === 0
      ? []
      : [
          unknown(
            `its own tables load ${listed(active)}: whether the data of ${donor.host.name} does is unknown, ${whyUntold(donor)}`,
            'install again after the seed what is missing then',
          ),
        ]),
    ...(isUnread && dataBytes !== 0
      ? [
          unknown(
            `whether it has options of plugins that are not loaded after the seed, so that it would not start: unknown, ${nextOptions.unknown}`,
          ),
        ]
      : []),
  ];
}

function lossChecks(donor: Side, target: Side): Finding[] {
  const lost = lostPlugins(donor, target);
  if (lost.length === 0) return [];
  const [from, here] = [donor.host.name, target.host.name];
  const isMariadb = versionOf(target)?.vendor === 'mariadb';
  const coming = comingTo(donor, target);
  const got = coming.length > 0 ? `; it gets ${listed(coming)} of ${from}` : '';
  const libraries = [
    ...new Set(lost.filter((one) => one.kind === 'plugin' && isPlain(one)).map(({ library }) => library)),
  ];
  const stays =
    libraries.length > 0
      ? `. Or before it, in the option files of ${here}: plugin_load_add = ${libraries.join(', and = ')}`
      : '';
  return [
    judging(target).warn(
      `will be without what its own tables load and those of ${from} do not: ${listed(lost)}${got}`,
      `after the seed, on ${here}: ${installWords(lost, isMariadb)}${isMariadb ? '' : ' (refused while super_read_only is on)'}${stays}`,
    ),
  ];
}

/** What comes with the donor's tables, and the target does not have. */
const comingTo = (donor: Side, target: Side): TablePlugin[] =>
  isTold(donor) ? donor.facts.tablePlugins.filter((one) => one.isActive && !hasInTables(target, one)) : [];

/** `unknown` is below all. */
const maturities = ['unknown', 'experimental', 'alpha', 'beta', 'gamma', 'stable'];
const rank = (maturity = '') => maturities.indexOf(maturity.toLowerCase());

/** What the donor's tables name and the target can't load: a server on its files starts, and is without it; one that is loaded installs it, and the load fails. */
function loadChecks(donor: Side, target: Side, isInstalled: boolean): Finding[] {
  const { pass, warn, refuse } = judging(target);
  const { libraries, variables } = target.facts;
  const coming = comingTo(donor, target);
  const from = donor.host.name;
  const refused = coming.flatMap((one) => {
    const why = whyNotLoaded(one, libraries, variables);
    return why === undefined ? [] : [{ one, why }];
  });
  const loaded = coming.filter((one) => !refused.some((other) => other.one === one));
  return [
    ...refused.map(({ one, why }) => {
      const text = `the tables of ${from} load ${named(one)}, which ${target.host.name} can't: ${why}`;
      return isInstalled
        ? refuse(text, `install it on ${target.host.name} first, or uninstall it on ${from}: a load ends there`)
        : warn(text, 'what needs it fails there, logins of accounts that use it too: install it first');
    }),
    ...(loaded.length > 0 && lostPlugins(donor, target).length === 0
      ? [pass(`loads from then on what the tables of ${from} name: ${listed(loaded)}`)]
      : []),
  ];
}

function whyNotLoaded(
  { library, kind, maturity }: TablePlugin,
  libraries: readonly string[],
  { plugin_maturity: least, plugin_dir: folder = 'its plugin_dir' }: Side['facts']['variables'],
): string | undefined {
  const file = kind === 'component' ? `${library.replace('file://', '')}.so` : library;
  if (libraries.length > 0 && !libraries.includes(file)) return `there is no ${shownWord(file)} in ${folder}`;
  if (maturity !== undefined && rank(least) > rank(maturity) && rank(maturity) >= 0) {
    return `its maturity is ${maturity}, and plugin_maturity is ${least} there`;
  }
  return undefined;
}
