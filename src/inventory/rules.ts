// A rule of the file: what is wrong with a replica when its recovery is to be planned. It begins nothing.
import { checked } from './check.ts';
import { commandName } from './commands.ts';
import { checkNames, hostsOf, type KnownHosts } from './hosts-of.ts';
import { type Complain, quoted } from './problem.ts';
import { described, type Entry } from './reading/tree.ts';
import { ruleSchema } from './schema.ts';
import type { Rule } from './settings.ts';

const usualForMs = 5 * 60_000;

/** None where something is wrong with it, which is then reported. */
export function ruleIn({ key: name, at, value }: Entry, known: KnownHosts, complain: Complain): Rule[] {
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
  return [{ name, when, forMs, ...(hosts && { hosts }), ...(method !== undefined && { method }) }];
}
