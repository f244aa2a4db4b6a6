// Merges the settings of defaults, cluster and host into a host as the rest of the program uses it.
import type { Environments } from './environments.ts';
import type { Settings } from './schema.ts';
import type { CommandSettings, HookSettings, Host, Jump, NotDone } from './settings.ts';

export interface HostParts {
  readonly name: string;
  readonly cluster: string | undefined;
  /** In rising priority. */
  readonly layers: readonly Settings[];
  /** The names of all hosts: a jump may name one. */
  readonly names: ReadonlySet<string>;
  readonly readOnlyFleet: boolean;
  readonly environments: Environments;
  readonly notDone: readonly NotDone[];
}

export function hostFrom({ name, cluster, layers, names, readOnlyFleet, environments, notDone }: HostParts): Host {
  const { datacenter, sudo, readOnly, environment } = overlaid(layers);
  const of = environment === undefined ? undefined : environments.get(environment);
  const { jump: written, ...ssh } = overlaid(layers.map((layer) => layer.ssh));
  const jump = jumpTo(written, names);
  const proof = overlaid(layers.map((layer) => layer.proof));
  const { bandwidth, ...seed } = overlaid(layers.map((layer) => layer.seed));
  return {
    name,
    ...(cluster !== undefined && { cluster }),
    ...(datacenter !== undefined && { datacenter }),
    ssh: { host: name, transport: 'auto', ...ssh, ...(jump && { jump }) },
    sudo: sudo ?? ssh.user !== 'root',
    mysql: overlaid(layers.map((layer) => layer.mysql)),
    snapshot: overlaid(layers.map((layer) => layer.snapshot)),
    seed: { ...seed, ...(bandwidth !== undefined && { bandwidthBytesPerSecond: bandwidth }) },
    ...(Object.keys(proof).length > 0 && { proof }),
    commands: overlaidCommands(layers),
    hooks: overlaidHooks(layers),
    labels: Object.fromEntries(layers.flatMap(({ labels }) => Object.entries(labels ?? {}))),
    readOnly: readOnlyFleet || readOnly === true || of?.readOnly === true,
    ...(environment !== undefined && {
      environment: {
        name: environment,
        ...(of?.colour !== undefined && { colour: of.colour }),
        confirm: of?.confirm ?? false,
      },
    }),
    notDone,
  };
}

function overlaid<T extends object>(layers: readonly (T | undefined)[]): Partial<T> {
  return Object.assign({}, ...layers);
}

/** A host that changes only what a command runs keeps its help and its `dangerous`. */
function overlaidCommands(layers: readonly Settings[]): Host['commands'] {
  const merged = new Map<string, NonNullable<Settings['commands']>[string]>();
  for (const [name, command] of layers.flatMap(({ commands }) => Object.entries(commands ?? {}))) {
    merged.set(name, { ...merged.get(name), ...command });
  }
  return Object.fromEntries(
    [...merged].flatMap(([name, { run, deadline, ...rest }]): [string, CommandSettings][] =>
      // One without is reported (commands.ts).
      run === undefined ? [] : [[name, { run, ...rest, ...(deadline !== undefined && { deadlineMs: deadline }) }]],
    ),
  );
}

/** A host may change single settings of one. */
function overlaidHooks(layers: readonly Settings[]): Host['hooks'] {
  const merged = new Map<string, NonNullable<Settings['hooks']>[string]>();
  for (const [name, hook] of layers.flatMap(({ hooks }) => Object.entries(hooks ?? {}))) {
    merged.set(name, { ...merged.get(name), ...hook });
  }
  return Object.fromEntries(
    [...merged].flatMap(([name, { at, run, deadline, ...rest }]): [string, HookSettings][] =>
      // One without is reported (hooks.ts).
      at === undefined || run === undefined
        ? []
        : [[name, { at, run, ...rest, ...(deadline !== undefined && { deadlineMs: deadline }) }]],
    ),
  );
}

/** `none` is ssh's word for a direct connection; it overrules a jump of the cluster or the defaults. */
function jumpTo(written: string | undefined, names: ReadonlySet<string>): Jump | undefined {
  if (written === undefined || written === 'none') return undefined;
  return names.has(written) ? { kind: 'inventory', host: written } : { kind: 'ssh', destination: written };
}
