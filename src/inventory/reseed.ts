// A tree in reseed's own shape -> an inventory: fleet, readOnly, defaults, clusters, hosts, schedules, notify.

import { noteCarrying } from './carrying.ts';
import { checked } from './check.ts';
import { checkCommands, checkMergedCommands } from './commands.ts';
import { checkEnvironments, type Environments, environmentsIn } from './environments.ts';
import { historyIn } from './history.ts';
import { checkHooks, checkMergedHooks } from './hooks.ts';
import { hostFrom } from './host.ts';
import { carefully } from './kept-back.ts';
import { notDoneOf } from './not-done.ts';
import { heartbeatIn, receiverIn } from './notify.ts';
import { type Complain, firstUnprintable, printable, quoted } from './problem.ts';
import { described, type Entry, entriesOf, entryAt, refuseUnprintable, type Tree } from './reading/tree.ts';
import { checkCluster, checkJumps, checkTwins, decidingEntry, type LayeredHost } from './references.ts';
import { noteRefusedTimes } from './refused-times.ts';
import { ruleIn } from './rules.ts';
import { scheduleIn } from './schedules.ts';
import { fileSchema, hostSchema, layerSchema, type Settings } from './schema.ts';
import type { Environment, Host, Inventory, Receiver } from './settings.ts';
import { isSshHost } from './values.ts';

export interface ReadingContext {
  readonly fileName: string;
  readonly environment: Environment;
  readonly complain: Complain;
  /** Gets requests of the inventory that reseed does not do. */
  readonly note: Complain;
  /** The syntax is broken: a missing setting may only be unread, so it is not reported. */
  readonly broken: boolean;
}

const oneHost = 'hosts: { db1: { ssh: { host: 10.0.0.11 } } }';

/** Every error goes to `complain`; use the inventory only if there was none. */
export function readReseed(root: Tree, context: ReadingContext): Inventory {
  const { fileName, complain, broken, environment } = context;
  refuseUnprintable(root, complain);
  const file = root.kind === 'map' ? checked(root, fileSchema(environment), 'the file', complain) : undefined;
  const clusters = new Map(entriesIn(root, 'clusters', complain).map(({ key, value }) => [key, value]));
  const defaults = entryAt(root, 'defaults')?.value;
  const layered: LayeredHost[] = entriesIn(root, 'hosts', complain).map(({ key, at, value }) => {
    const cluster = clusters.get(textAt(value, 'cluster') ?? '');
    return { name: key, at, parts: [value, cluster, defaults].filter((part) => part !== undefined) };
  });
  const readOnly = file?.readOnly ?? false;
  const environmentEntries = entriesIn(root, 'environments', complain);
  const environments = environmentsIn(environmentEntries, complain);
  const hosts = builtHosts(layered, clusters, defaults, { readOnly, environments }, context);
  for (const host of layered) checkName(host, complain);
  if (!broken) {
    checkHostsThere(root, complain);
    for (const host of layered) checkCluster(host, clusters, complain);
    checkEnvironments(
      [...layered.map((host) => host.parts[0]), ...clusters.values(), defaults],
      environmentEntries,
      complain,
    );
    checkJumps(layered, complain);
    checkTwins(hosts, layered, complain);
  }
  const schedules = entriesIn(root, 'schedules', complain).flatMap((entry) => {
    const read = scheduleIn(entry, layered, context);
    for (const schedule of read) noteRefusedTimes(schedule, entry.at, hosts, context.note);
    return read;
  });
  const known = { hosts, names: layered, clusters };
  const notify = entriesIn(root, 'notify', complain).flatMap((entry) => receiverIn(entry, known, context));
  const rules = entriesIn(root, 'rules', complain).flatMap((entry) => ruleIn(entry, { ...known, notify }, context));
  const heartbeat = heartbeatIn(entryAt(root, 'heartbeat'), context);
  const history = historyIn(entryAt(root, 'history'), context);
  checkNamed(
    root,
    file,
    rules.some(({ auto }) => auto),
    complain,
  );
  return {
    file: fileName,
    fleet: file?.fleet ?? fleetNamed(fileName),
    readOnly,
    hosts: hosts.map((host) => withReceivers(host, notify)),
    ...(schedules.length > 0 && { schedules }),
    ...(file?.scheduleLimits && { scheduleLimits: file.scheduleLimits }),
    ...(notify.length > 0 && { notify }),
    ...(heartbeat && { heartbeat }),
    ...(rules.length > 0 && { rules }),
    ...(file?.watch?.every !== undefined && { watchEveryMs: file.watch.every }),
    ...(file?.metrics?.textfile !== undefined && { metricsFile: file.metrics.textfile }),
    ...(history && { history }),
  };
}

function withReceivers(host: Host, all: readonly Receiver[]): Host {
  const notify = all.filter(({ hosts }) => hosts === undefined || hosts.includes(host.name));
  return notify.length === 0 ? host : { ...host, notify };
}

/** The hosts whose own settings, cluster and defaults have no errors. */
function builtHosts(
  layered: readonly LayeredHost[],
  clusters: ReadonlyMap<string, Tree>,
  defaults: Tree | undefined,
  fleet: { readonly readOnly: boolean; readonly environments: Environments },
  { fileName, environment, complain, note }: ReadingContext,
): Host[] {
  const layer = layerSchema(environment);
  const shared = new Map<Tree, Settings | undefined>();
  if (defaults) shared.set(defaults, checked(defaults, layer, 'defaults', complain));
  for (const [name, tree] of clusters) shared.set(tree, checked(tree, layer, `cluster ${quoted(name)}`, complain));

  const parts = [defaults, ...clusters.values(), ...layered.map((host) => host.parts[0])];
  const names = new Set(layered.map(({ name }) => name));
  for (const part of parts) {
    if (!part) continue;
    checkCommands(part, complain, note);
    checkHooks(part, names, complain);
  }

  const schema = hostSchema(environment);
  return layered.flatMap((host) => {
    const {
      name,
      parts: [own, ...above],
    } = host;
    const settings = own && checked(own, schema, `host ${quoted(name)}`, complain);
    const layers = [settings, ...above.map((part) => shared.get(part))].filter((part) => part !== undefined);
    checkMergedCommands(host, complain);
    noteCarrying(host, note);
    checkMergedHooks(host, complain);
    if (layers.length <= above.length) return [];
    const notDone = notDoneOf(host, fileName, note);
    return hostFrom({
      name,
      cluster: settings?.cluster,
      layers: layers.reverse(),
      names,
      readOnlyFleet: fleet.readOnly,
      environments: fleet.environments,
      notDone,
    });
  });
}

function checkHostsThere(root: Tree, complain: Complain): void {
  const hosts = entryAt(root, 'hosts');
  if (root.kind === 'unset') complain(root.at, 'the file is empty', `write ${oneHost}`);
  else if (root.kind !== 'map') complain(root.at, `the file is ${described(root)}`, `write a map: ${oneHost}`);
  else if (hosts === undefined) complain(root.at, 'hosts is missing', `write ${oneHost}`);
  else if (!isWrongKind(hosts.value) && entriesOf(hosts.value).length === 0) {
    complain(hosts.at, 'hosts has no host in it', `write ${oneHost}`);
  }
}

const examples = {
  hosts: oneHost,
  clusters: 'clusters: { shop: {} }',
  environments: 'environments: { production: { colour: red, confirm: true } }',
  schedules: 'schedules: { nightly: { cron: 30 2 * * *, do: snapshot, hosts: db2 } }',
  rules: 'rules: { broken: { when: [1062, 1032, 1236], for: 5 min } }',
  notify: 'notify: { team: { to: slack, urlFile: ~/.config/reseed/slack.url } }',
};

function entriesIn(root: Tree, key: keyof typeof examples, complain: Complain): readonly Entry[] {
  const tree = entryAt(root, key)?.value;
  if (tree && isWrongKind(tree)) {
    complain(
      tree.at,
      `${key} is ${key === 'notify' ? carefully(tree, key) : described(tree)}`,
      `write a map from name to settings: ${examples[key]}`,
    );
  }
  return entriesOf(tree);
}

function isWrongKind(tree: Tree): boolean {
  return tree.kind === 'text' || tree.kind === 'list';
}

function textAt(tree: Tree, key: string): string | undefined {
  const value = entryAt(tree, key)?.value;
  return value?.kind === 'text' ? value.text : undefined;
}

/** Names become arguments and parts of paths. Otherwise they are data, unless a host's name is also its address. */
function checkName(host: LayeredHost, complain: Complain): void {
  const { name, at } = host;
  const refuse = (why: string, instead: string) =>
    complain(at, `a host cannot be named ${quoted(name)}: ${why}`, instead);
  if (name.trim() === '') refuse('it is blank', 'write a name');
  else if (name.startsWith('-')) refuse('it would be read as an option', 'write it without the dash in front');
  else if (name.includes('/')) refuse('names become parts of paths', 'write it without /');
  else if (name === '.' || name === '..') refuse('names become parts of paths', 'write another name');
  else if (!decidingEntry(host, 'ssh', 'host') && !isSshHost(name) && !firstUnprintable(name)) {
    complain(at, `ssh cannot take ${quoted(name)} for an address`, 'write its address: ssh: { host: 10.0.0.11 }');
  }
}

/** Other settings of a file with a wrong one may only be unread. */
function checkNamed(
  root: Tree,
  file: { readonly fleet?: string | undefined } | undefined,
  isAuto: boolean,
  complain: Complain,
): void {
  const history = entryAt(root, 'history');
  if (!file || file.fleet !== undefined || !history || !(isAuto || entryAt(root, 'schedules'))) return;
  complain(
    history.at,
    'history shares the times of schedules, and turns of rules, by the name of the fleet, and the file has none',
    'write fleet: NAME, the same on all jump hosts, and another one for another fleet',
  );
}

function fleetNamed(fileName: string): string {
  const base = fileName.split('/').at(-1) ?? fileName;
  return printable(base.replace(/(?!^)\.[^.]*$/, '')) || 'fleet';
}
