// The entry of this room: targets in, Remotes out, with what all of them share.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosenTransport } from './auto.ts';
import { remoteOver } from './call/call.ts';
import { type OwnWait, ownWait } from './deadline.ts';
import { good, type Outcome } from './failure.ts';
import { connectingGate } from './gate.ts';
import { localTransport } from './local.ts';
import type { ConfigPlace } from './openssh/config.ts';
import { agentKeyTypesBySshAdd, needOfOpenssh, opensshReadsByKeygen } from './openssh/needs-openssh.ts';
import { opensshTransport } from './openssh/openssh.ts';
import { openRelay, type Relay } from './openssh/relay.ts';
import type { Chance } from './reconnect.ts';
import type { Remote, RemoteTarget } from './remote.ts';
import { type NameFound, nameOf } from './route/names.ts';
import { type Route, routeTo } from './route/route.ts';
import { settingsReader } from './route/ssh-config.ts';
import type { Transport } from './transport.ts';
import type { AskPassphrase, KeyRing } from './trust/key-ring.ts';
import { shownKeyBySsh } from './trust/shown-by-openssh.ts';
import type { ShownKeys } from './trust/trust.ts';

export interface RemotesOptions {
  /** For the ssh client, and for commands on this machine. */
  readonly environment: NodeJS.ProcessEnv;
  /** Read instead of ~/.ssh/config and /etc/ssh/ssh_config (ssh -F). */
  readonly sshConfig?: string;
  /** Without it an encrypted key works only through an agent. The system's ssh never asks. */
  readonly passphrase?: AskPassphrase;
  readonly nowMs?: () => number;
  /** In [0, 1), for the jitter. */
  readonly random?: () => number;
}

export interface Remotes {
  /** Connects at the first command. Each call makes a new Remote, which the caller keeps and closes. */
  open(target: RemoteTarget): Remote;
  /**
   * The host keys that the target shows and has proved, not yet trusted, for `reseed trust`. Keys of the hops before it
   * are verified.
   */
  hostKeys(target: RemoteTarget): Promise<Outcome<ShownKeys>>;
  /** What the target's name resolves to on this machine. */
  nameOf(target: RemoteTarget): Promise<Outcome<NameFound>>;
  /** Joins the loopback of `from` to `toPort` on the loopback of `to`. `script` is the text of relay.sh. The caller closes it. */
  relay(from: RemoteTarget, to: RemoteTarget, toPort: number, script: string): Promise<Outcome<Relay>>;
  /** Removes our files from the disk. Close the Remotes first. */
  close(): Promise<void>;
}

export function openRemotes(options: RemotesOptions): Remotes {
  const { environment, sshConfig, nowMs = Date.now, random = Math.random } = options;
  const chance: Chance = { nowMs, random };
  const gate = connectingGate();
  const read = settingsReader({ environment, ...(sshConfig !== undefined && { configFile: sshConfig }) });
  /** Targets that ssh2 turned out not to reach. */
  const onlyOpenssh = new Set<string>();
  let ring: KeyRing | undefined;
  let folder: Promise<string> | undefined;
  let stems = 0;

  // Loading ssh2 takes 50 ms, and nothing on the first frame needs it.
  const sharedRing = async () => {
    const { keyRing } = await import('./trust/key-ring.ts');
    ring ??= keyRing(options.passphrase);
    return ring;
  };
  const keyFacts = {
    agentKeyTypes: agentKeyTypesBySshAdd(environment),
    readKey: async (file: string) => await (await sharedRing()).read(file),
    opensshReads: opensshReadsByKeygen(environment),
  };
  const bySsh2 = async (route: Route, wait: OwnWait): Promise<Transport> => {
    const { ssh2Transport } = await import('./ssh2/ssh2.ts');
    return ssh2Transport(route, { ring: await sharedRing(), gate, wait, chance });
  };
  const nextPlace = async (): Promise<ConfigPlace> => {
    folder ??= controlFolder(environment);
    const own = { folder: await folder, stem: String(stems++) };
    return sshConfig === undefined ? own : { ...own, configFile: sshConfig };
  };
  const byOpenssh = async (route: Route, wait: OwnWait): Promise<Transport> =>
    opensshTransport(route, { environment, place: await nextPlace(), gate, wait, chance });

  /** Which transport `auto` chooses for this route. */
  const pick = async ({ name, transport }: RemoteTarget, route: Route) => {
    if (transport !== 'auto') return transport;
    return onlyOpenssh.has(name) || (await needOfOpenssh(route, environment, keyFacts)) ? 'openssh' : 'ssh2';
  };

  const transportFor = (target: RemoteTarget): Transport => {
    if (target.transport === 'local') return localTransport(environment);
    const wait = ownWait();
    const along = async (make: (route: Route, wait: OwnWait) => Promise<Transport>) => {
      const route = await routeTo(target, read);
      return route.ok ? good(await make(route.value, wait)) : route;
    };
    const first = () =>
      along(async (route) => await ((await pick(target, route)) === 'ssh2' ? bySsh2 : byOpenssh)(route, wait));
    if (target.transport !== 'auto') return chosenTransport({ first, wait });
    const instead = () => {
      onlyOpenssh.add(target.name);
      return along(byOpenssh);
    };
    return chosenTransport({ first, instead, wait });
  };

  return {
    open: (target) => remoteOver(transportFor(target), { host: target.name, sudo: target.sudo }),
    hostKeys: async (target) => {
      const route = await routeTo(target, read);
      if (!route.ok) return route;
      const bySshClient = async () => await shownKeyBySsh(route.value, await nextPlace(), environment);
      if ((await pick(target, route.value)) !== 'ssh2') return await bySshClient();
      const { shownKeys } = await import('./trust/trust.ts');
      const shown = await shownKeys(route.value, await sharedRing());
      const noWay = !shown.ok && shown.trouble.kind === 'unreachable' && shown.trouble.opensshMay;
      return noWay && target.transport === 'auto' ? await bySshClient() : shown;
    },
    nameOf: async (target) => {
      const route = await routeTo(target, read);
      return route.ok ? good(await nameOf(route.value)) : route;
    },
    relay: async (from, to, toPort, script) => {
      const here = remoteOver(localTransport(environment), { host: 'this machine', sudo: false });
      const [start, end] = [await routeTo(from, read), await routeTo(to, read)];
      if (!start.ok) return start;
      if (!end.ok) return end;
      const ends = {
        from: { route: start.value, place: await nextPlace() },
        to: { route: end.value, place: await nextPlace() },
      };
      return await openRelay(here, { ...ends, toPort, script });
    },
    close: async () => {
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** Mode 0700, and short: a socket's path holds 107 bytes, and ssh needs 17 of them while it binds. */
async function controlFolder({ XDG_RUNTIME_DIR: runtime }: NodeJS.ProcessEnv): Promise<string> {
  const parents = [runtime, tmpdir(), '/tmp'].filter((path) => path?.startsWith('/') && path.length < 60);
  return await mkdtemp(join(parents[0] ?? '/tmp', 'reseed-'));
}
