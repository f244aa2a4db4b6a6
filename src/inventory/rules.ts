// A rule of the file: what is wrong with a replica when its recovery is to be planned, and whether that is carried out without a person.
import { checked } from './check.ts';
import { commandName } from './commands.ts';
import { checkNames, hostsOf, type KnownHosts } from './hosts-of.ts';
import { nearest } from './nearest.ts';
import { noteNeverBegun } from './never-begun.ts';
import { type Complain, quoted } from './problem.ts';
import { described, type Entry, entriesOf, entryAt, type Tree } from './reading/tree.ts';
import { type RuleSettings, ruleSchema } from './schema.ts';
import type { ByItself, Receiver, Rule } from './settings.ts';

const usualForMs = 5 * 60_000;
const usualAgainMs = 24 * 3_600_000;
const ofAuto = ['between', 'timezone', 'allow', 'maxBroken', 'minGood', 'again'];

interface Context {
  readonly complain: Complain;
  readonly note: Complain;
}

/** None where something is wrong with it, which is then reported. */
export function ruleIn(
  { key: name, at, value }: Entry,
  known: KnownHosts & { readonly notify: readonly Receiver[] },
  { complain, note }: Context,
): Rule[] {
  if (!commandName.test(name)) {
    complain(at, `a rule cannot be named ${quoted(name)}`, 'write letters, digits, . _ and -, with a letter first');
  }
  if (value.kind === 'text' || value.kind === 'list') {
    const what = `rule ${quoted(name)} is ${described(value)}`;
    complain(value.at, what, 'write a map: { when: [1062, 1032, 1236], for: 5 min }');
    return [];
  }
  // A name without settings has its problems at the name.
  const tree = value.kind === 'unset' ? { ...value, at } : value;
  const settings = checked(tree, ruleSchema, `rule ${quoted(name)}`, complain);
  if (!settings) return [];
  checkNames(tree, known, complain);
  const { when, for: forMs = usualForMs, method } = settings;
  const hosts = hostsOf(settings, known.hosts);
  if (hosts?.length === 0) complain(at, `rule ${quoted(name)} is for no host`, 'name other hosts, clusters or labels');
  const auto = byItself({ name, at, tree, hosts: hosts ?? [] }, settings, complain);
  const rule = {
    ...{ name, when, forMs },
    ...(hosts && { hosts }),
    ...(method !== undefined && { method }),
    ...(auto && { auto }),
  };
  const own = known.hosts.filter((host) => hosts?.includes(host.name) ?? true);
  noteNeverBegun(rule, at, { hosts: own, all: known.hosts, receivers: known.notify }, note);
  return [rule];
}

interface Named {
  readonly name: string;
  readonly at: Entry['at'];
  readonly tree: Tree;
  /** That it is for. */
  readonly hosts: readonly string[];
}

/** It is meant for some clusters, and for some hours: neither has a default. */
function byItself({ name, at, tree, hosts }: Named, settings: RuleSettings, complain: Complain): ByItself | undefined {
  const { auto = false, clusters, between, timezone, maxBroken = 1, minGood = 2, again = usualAgainMs } = settings;
  if (!auto) {
    for (const { key, at: where, value } of entriesOf(tree)) {
      if (!ofAuto.includes(key) || value.kind === 'unset') continue;
      complain(where, `${key} is for auto: true, which rule ${quoted(name)} does not have`, 'leave it out');
    }
    return undefined;
  }
  const missing = (key: string, instead: string) =>
    complain(at, `${key} is missing: rule ${quoted(name)} has auto: true`, instead);
  if (!clusters) missing('clusters', 'name the clusters whose replicas it may rebuild, as in clusters: shop');
  if (!between) missing('between', 'write the hours in which it may begin, as in between: 22:00-06:00');
  checkAllowed(name, tree, hosts, complain);
  const { allow = {} } = settings;
  return between && { between, ...(timezone !== undefined && { timezone }), allow, maxBroken, minGood, againMs: again };
}

function checkAllowed(name: string, tree: Tree, hosts: readonly string[], complain: Complain): void {
  for (const { key, value } of entriesOf(entryAt(tree, 'allow')?.value)) {
    for (const item of value.kind === 'list' ? value.items : [value]) {
      if (item.kind !== 'text' || hosts.includes(item.text)) continue;
      const near = nearest(item.text, hosts);
      const instead = near === undefined ? `write one of ${hosts.join(', ')}` : `did you mean ${near}?`;
      complain(item.at, `allow ${key} names ${quoted(item.text)}, which is no host of rule ${quoted(name)}`, instead);
    }
  }
}
