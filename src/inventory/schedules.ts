// A schedule of the file: its settings, and what zod can't check: that its times come, that its keys go with what it does, and that the hosts
// and commands which it names exist.
import { cronTimes } from '../text/cron.ts';
import { checked } from './check.ts';
import { commandName } from './commands.ts';
import { nearest } from './nearest.ts';
import { type Complain, quoted } from './problem.ts';
import { described, type Entry, entriesOf, entryAt, type Tree } from './reading/tree.ts';
import { decidingEntry, type LayeredHost } from './references.ts';
import { type ScheduleSettings, scheduleSchema } from './schema.ts';
import { type Allowance, allowances, type Environment, type Schedule, type ScheduledAct } from './settings.ts';
import { purposeOf, stepCommandOf } from './step-commands.ts';

interface Context {
  readonly environment: Environment;
  readonly complain: Complain;
}

type Act = ScheduledAct['do'];

/** Keys that go with one `do` only; what each may be allowed to do. */
const keysOf: Readonly<Record<Act, { readonly keys: readonly string[]; readonly allow: readonly Allowance[] }>> = {
  snapshot: { keys: [], allow: ['remove-snapshots'] },
  prune: { keys: ['keep', 'youngerThan'], allow: ['remove-snapshots'] },
  proof: { keys: ['on', 'check', 'within'], allow: [] },
  rows: { keys: [], allow: [] },
  command: { keys: ['command'], allow: ['dangerous-command'] },
  seed: {
    keys: ['donor', 'method', 'ends', 'writable', 'events', 'account', 'clear', 'bandwidth'],
    allow: ['replace-data', 'losses', 'replicas'],
  },
};

/** None where something is wrong with it, which is then reported. */
export function scheduleIn(
  { key: name, at, value }: Entry,
  hosts: readonly LayeredHost[],
  { environment, complain }: Context,
): Schedule[] {
  if (!commandName.test(name)) {
    complain(at, `a schedule cannot be named ${quoted(name)}`, 'write letters, digits, . _ and -, with a letter first');
  }
  if (value.kind === 'text' || value.kind === 'list') {
    complain(
      value.at,
      `schedule ${quoted(name)} is ${described(value)}`,
      'write a map: { cron: 30 2 * * *, do: snapshot, hosts: db2 }',
    );
    return [];
  }
  // A name without settings has its problems at the name.
  const tree = value.kind === 'unset' ? { ...value, at } : value;
  const settings = checked(tree, scheduleSchema(environment), `schedule ${quoted(name)}`, complain);
  if (!settings) return [];
  checkTimes(tree, settings, complain);
  checkKeys(name, at, tree, settings, complain);
  checkHosts(tree, settings, hosts, complain);
  checkAllowed(name, tree, settings, complain);
  const { cron, timezone, startWithin, allow = {} } = settings;
  return [
    {
      name,
      cron,
      ...(timezone !== undefined && { timezone }),
      hosts: settings.hosts,
      act: actOf(settings),
      ...(startWithin !== undefined && { startWithinMs: startWithin }),
      allow,
    },
  ];
}

function checkTimes(tree: Tree, { cron, timezone }: ScheduleSettings, complain: Complain): void {
  const read = cronTimes(cron, timezone);
  if ('instead' in read) complain(entryAt(tree, 'cron')?.value.at, `cron is ${quoted(cron)}`, read.instead);
}

function checkKeys(name: string, at: Entry['at'], tree: Tree, settings: ScheduleSettings, complain: Complain): void {
  const own = keysOf[settings.do].keys;
  for (const entry of entriesOf(tree)) {
    const [other] = Object.entries(keysOf).find(([, { keys }]) => keys.includes(entry.key)) ?? [];
    if (other === undefined || own.includes(entry.key) || entry.value.kind === 'unset') continue;
    complain(
      entry.at,
      `${entry.key} is for do: ${other}, and schedule ${quoted(name)} does ${settings.do}`,
      'leave it out',
    );
  }
  const needs = settings.do === 'seed' ? 'donor' : settings.do === 'command' ? 'command' : undefined;
  if (needs !== undefined && settings[needs] === undefined) {
    complain(at, `${needs} is missing: schedule ${quoted(name)} does ${settings.do}`, `write ${needs}: ...`);
  }
  const second = entryAt(tree, 'youngerThan');
  if (settings.keep !== undefined && second) {
    complain(second.at, `schedule ${quoted(name)} has keep and youngerThan`, 'leave out one of the two');
  }
  const { keep } = settings;
  if (keep?.last === 0 && Object.keys(keep).length === 1) {
    const at = entryAt(tree, 'keep')?.value.at;
    complain(at, `schedule ${quoted(name)} keeps no snapshot`, 'write keep: 1 or more: no schedule removes them all');
  }
  checkEnd(name, tree, settings, complain);
}

/** What only servers of their own have. */
function checkEnd(name: string, tree: Tree, { ends, hosts }: ScheduleSettings, complain: Complain): void {
  for (const key of ends === undefined ? ['writable', 'events'] : ['account']) {
    const entry = entryAt(tree, key);
    if (!entry || entry.value.kind === 'unset') continue;
    complain(
      entry.at,
      ends === undefined
        ? `${key} is for ends: standalone and ends: set`
        : `account is for replicas, and ends is ${ends}`,
      'leave out one of the two',
    );
  }
  if (ends === 'set' && hosts.length < 2) {
    complain(
      entryAt(tree, 'hosts')?.value.at,
      `schedule ${quoted(name)} has one host, and ends: set makes the first the primary of the others`,
      'write ends: standalone, or more hosts',
    );
  }
}

function checkHosts(tree: Tree, settings: ScheduleSettings, hosts: readonly LayeredHost[], complain: Complain): void {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  for (const { name, at } of namesAt(entryAt(tree, 'hosts')?.value)) {
    const host = byName.get(name);
    if (!host) unknownHost(at, name, byName, complain);
    else if (settings.command !== undefined) checkCommand(host, settings.command, entryAt(tree, 'command'), complain);
    if (name === settings.donor) complain(at, `${name} is donor and target`, 'name another donor, or other hosts');
    if (name === settings.on) complain(at, `${name} is proved on itself`, 'leave out on');
  }
  const on = entryAt(tree, 'on')?.value;
  if (settings.on !== undefined && !byName.has(settings.on)) unknownHost(on?.at, settings.on, byName, complain);
  const donor = entryAt(tree, 'donor')?.value;
  if (settings.donor !== undefined && !byName.has(settings.donor)) {
    unknownHost(donor?.at, settings.donor, byName, complain);
  }
}

function unknownHost(
  at: Entry['at'] | undefined,
  name: string,
  known: ReadonlyMap<string, unknown>,
  complain: Complain,
): void {
  const near = nearest(name, known.keys());
  const instead = near === undefined ? 'write the name of a host of this file' : `did you mean ${near}?`;
  complain(at, `unknown host ${quoted(name)}`, instead);
}

function checkCommand(host: LayeredHost, command: string, written: Entry | undefined, complain: Complain): void {
  const step = stepCommandOf(command);
  if (step) {
    const what = `${command} is not a command to run by itself: it is ${purposeOf(step)}`;
    complain(written?.value.at, what, 'write the same command under another name');
  } else if (!decidingEntry(host, 'commands', command)) {
    const known = host.parts.flatMap((part) => entriesOf(entryAt(part, 'commands')?.value)).map(({ key }) => key);
    const near = nearest(command, known);
    const instead = near === undefined ? `write it under commands of ${host.name}` : `did you mean ${near}?`;
    complain(written?.value.at, `${host.name} has no command ${quoted(command)}`, instead);
  }
}

/** A name that nothing needs is most often one that something else needs. */
function checkAllowed(name: string, tree: Tree, settings: ScheduleSettings, complain: Complain): void {
  const useful: readonly string[] = keysOf[settings.do].allow;
  // The schema has told of a key that there is not.
  const known = entriesOf(entryAt(tree, 'allow')?.value).filter(({ key }) => allowances.some((one) => one === key));
  for (const { key, at, value } of known) {
    if (!useful.includes(key)) {
      const instead = useful.length === 0 ? 'leave it out' : `write one of ${useful.join(', ')}`;
      complain(at, `allow ${key} is of no use: schedule ${quoted(name)} does ${settings.do}`, instead);
      continue;
    }
    for (const host of namesAt(value)) {
      if (settings.hosts.includes(host.name)) continue;
      const near = nearest(host.name, settings.hosts);
      const instead = near === undefined ? `write one of ${settings.hosts.join(', ')}` : `did you mean ${near}?`;
      complain(
        host.at,
        `allow ${key} names ${quoted(host.name)}, which is no host of schedule ${quoted(name)}`,
        instead,
      );
    }
  }
}

function namesAt(tree: Tree | undefined): readonly { readonly name: string; readonly at: Entry['at'] }[] {
  const items = tree?.kind === 'list' ? tree.items : tree ? [tree] : [];
  return items.flatMap((item) => (item.kind === 'text' ? { name: item.text, at: item.at } : []));
}

/** Of settings that were checked. */
function actOf(settings: ScheduleSettings): ScheduledAct {
  const {
    on,
    check,
    within,
    keep,
    youngerThan,
    command = '',
    donor = '',
    method,
    ends,
    writable,
    events,
    account,
    clear,
    bandwidth,
  } = settings;
  switch (settings.do) {
    case 'snapshot':
      return { do: 'snapshot' };
    case 'rows':
      return { do: 'rows' };
    case 'proof':
      return {
        do: 'proof',
        ...(on !== undefined && { on }),
        ...(check !== undefined && { check }),
        ...(within !== undefined && { withinMs: within }),
      };
    case 'prune':
      return {
        do: 'prune',
        ...(keep !== undefined && { keep }),
        ...(youngerThan !== undefined && { youngerThanMs: youngerThan }),
      };
    case 'command':
      return { do: 'command', command };
    case 'seed':
      return {
        do: 'seed',
        donor,
        ...(method !== undefined && { method }),
        ...(ends !== undefined && { ends }),
        ...(writable !== undefined && { writable }),
        ...(events !== undefined && { events }),
        ...(account !== undefined && { account }),
        ...(clear !== undefined && { clear }),
        ...(bandwidth !== undefined && { bandwidthBytesPerSecond: bandwidth }),
      };
  }
}
