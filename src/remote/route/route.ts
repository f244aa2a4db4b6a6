// The route to a target: every hop with its settings, the first to dial first, the target last.
import { writableByOthers } from '../../process/writers.ts';
import { bad, good, type Outcome, refused } from '../failure.ts';
import type { RemoteTarget } from '../remote.ts';
import type { ReadSettings, SettingsQuery, SshSettings } from './ssh-config.ts';

export interface Hop {
  /** The hop as it was asked for: the name that ~/.ssh/config knows. */
  readonly query: SettingsQuery;
  readonly settings: SshSettings;
  /** The inventory's name for it, where the hop is one of its hosts. */
  readonly name?: string;
  /** The one known_hosts file for this hop's key, where the caller named one. */
  readonly knownHosts?: string;
}

/** The name of the hop in known_hosts. A HostKeyAlias replaces name and port together (ssh_config(5)). */
export function hostKeyName({ settings: { hostKeyAlias, hostname, port } }: Hop): { host: string; port: number } {
  return hostKeyAlias === undefined ? { host: hostname, port } : { host: hostKeyAlias, port: 22 };
}

export type Route = readonly [...Hop[], Hop];

/** The parts of a hop, whether it is a target or a word of ProxyJump. */
interface Stop extends SettingsQuery {
  readonly name?: string;
  readonly knownHosts?: string;
  readonly jump?: RemoteTarget | string;
}

// ProxyJumps of a configuration may form a loop, which would have no end.
const maxHops = 8;

export async function routeTo(target: RemoteTarget, read: ReadSettings): Promise<Outcome<Route>> {
  const hops: Hop[] = [];
  let next: Stop | undefined = target;
  while (next) {
    if (hops.length === maxHops) {
      return bad(refused(`more than ${maxHops} hops lead to ${target.name}`, 'look for a loop among the jumps'));
    }
    const stop: Stop = next;
    const settings = await read(queryOf(stop));
    if (!settings.ok) return settings;
    const hop = hopOf(stop, settings.value);
    // As in sshd's StrictModes: an account that can write the file decides which keys are believed, for ssh2 and for
    // ssh.
    for (const file of hop.settings.knownHostsFiles) {
      const writable = writableByOthers(file, { group: 'refused' });
      if (writable) return bad(refused(`${file} ${writable.what}: no key in it is believed`, writable.advice));
    }
    hops.unshift(hop);
    next = before(stop, settings.value);
  }
  return good(hops as unknown as Route);
}

function queryOf({ host, port, user, identity }: Stop): SettingsQuery {
  return {
    host,
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(identity !== undefined && { identity }),
  };
}

function hopOf(stop: Stop, settings: SshSettings): Hop {
  const query = queryOf(stop);
  const { knownHosts, name } = stop;
  const hop = { query, settings, ...(name !== undefined && { name }) };
  if (knownHosts === undefined) return hop;
  return { ...hop, knownHosts, settings: { ...settings, knownHostsFiles: [knownHosts] } };
}

/** The stop before `stop`: the caller's jump, or the configuration's ProxyJump. The ssh client runs a ProxyCommand itself. */
function before(stop: Stop, settings: SshSettings): Stop | undefined {
  const jump = stop.jump ?? settings.proxyJump;
  if (jump === undefined || jump === 'none') return undefined;
  const previous: Stop = typeof jump === 'string' ? lastOf(jump) : jump;
  return { ...(stop.knownHosts !== undefined && { knownHosts: stop.knownHosts }), ...previous };
}

/** `a,b` means: through a to b. So the last word is next to the target, and the words before it are its own jump. */
function lastOf(jumps: string): Stop {
  const comma = jumps.lastIndexOf(',');
  const stop = stopFrom(jumps.slice(comma + 1).trim());
  return comma < 0 ? stop : { ...stop, jump: jumps.slice(0, comma) };
}

/** `[user@]host[:port]`, `[user@][v6]:port` or `ssh://[user@]host[:port]`, as ssh -J takes it. */
function stopFrom(word: string): Stop {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[(.+)\]|([^:]+|[^:]*:[^:]*:.*?))(?::(\d+))?\/?$/.exec(word) ?? [];
  const host = bracketed ?? plain ?? word;
  return { host, ...(user !== undefined && { user }), ...(port !== undefined && { port: Number(port) }) };
}
