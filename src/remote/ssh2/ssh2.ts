// The default adapter: one connection a host inside this process, over any number of hops, with every hop's key
// verified.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import { cleanLine } from '../../text/clean.ts';
import type { OwnWait } from '../deadline.ts';
import { bad, good, type Outcome, unreachable } from '../failure.ts';
import type { Gate } from '../gate.ts';
import { type Chance, kept } from '../reconnect.ts';
import { onLeg } from '../route/legs.ts';
import type { Hop, Route } from '../route/route.ts';
import type { Channel, ChannelEnd, Transport } from '../transport.ts';
import { algorithmsFor, doubtAbout, listedName } from '../trust/host-key.ts';
import type { KeyRing } from '../trust/key-ring.ts';
import { knownKeyTypes } from '../trust/known-hosts.ts';
import { readKnownHosts } from '../trust/known-hosts-file.ts';
import { type Link, type LinkOptions, linkTo } from './connect.ts';

export interface Ssh2Options {
  readonly ring: KeyRing;
  readonly gate: Gate;
  readonly wait: OwnWait;
  readonly chance: Chance;
}

// A hardened sshd allows fewer than six sessions a connection (MaxSessions), and each of a host's calls may be a long
// one.
const connectionsAtMost = 6;
// sshd counts a session until its process has ended, which is after we saw the channel close.
const askAgainMs = 100;
const askAgainForMs = 5000;

export function ssh2Transport(route: Route, { ring, gate, wait, chance }: Ssh2Options): Transport {
  const another = () => {
    const connection = kept<Links>(
      {
        connect: (closed) =>
          gate({ name: listedName(route[0] as Hop), wait }, () => linksAlong(route, ring, { closed })),
        isAlive: (links) => lastOf(links).isAlive(),
        end: async (links) => endAll(links),
      },
      chance,
    );
    return { connection, sessions: 0 };
  };
  const pool = [another()];
  /** Connections on which sshd has opened a session. */
  const givers = new WeakSet<Links>();

  /** `full`: sshd refuses one more session on a connection that already has had some. `none`: sshd has never opened one on it. */
  const openOn = async (place: ReturnType<typeof another>, commandLine: string) => {
    const links = await place.connection.get();
    if (!links.ok) return links;
    place.sessions++;
    const leave = () => void place.sessions--;
    const channel = await execOn(lastOf(links.value), commandLine);
    if (channel === 'refused') {
      leave();
      return place.sessions > 0 || givers.has(links.value) ? 'full' : 'none';
    }
    if (channel.ok) {
      givers.add(links.value);
      void channel.value.closed.then(leave);
    } else leave();
    return channel;
  };

  /** Opens a session on the first connection that has one free; with none free, makes one more connection. */
  const openOnAny = async (commandLine: string) => {
    for (let index = 0; index < connectionsAtMost; index++) {
      pool[index] ??= another();
      const channel = await openOn(pool[index] as ReturnType<typeof another>, commandLine);
      // Another connection has had sessions, so this login is allowed some.
      if (channel === 'none' && index > 0) return 'full';
      if (channel !== 'full') return channel;
    }
    return 'full';
  };

  const open = async (commandLine: string): Promise<Outcome<Channel>> => {
    const startMs = performance.now();
    for (;;) {
      const channel = await openOnAny(commandLine);
      if (channel === 'none') return noSession(route);
      if (channel !== 'full') return channel;
      if (performance.now() - startMs > askAgainForMs) return noMoreSessions(route);
      await sleep(askAgainMs);
    }
  };

  return {
    name: 'ssh2',
    open,
    close: async () => {
      await Promise.all(pool.map(({ connection }) => connection.close()));
    },
  };
}

const noSession = (route: Route) =>
  bad(
    unreachable(
      `sshd on ${(route.at(-1) as Hop).settings.hostname} gives this login no session`,
      'is MaxSessions 0 in its sshd_config, or has it no processes or memory left?',
    ),
  );

const noMoreSessions = (route: Route) =>
  bad(
    unreachable(
      `sshd on ${(route.at(-1) as Hop).settings.hostname} gives no further session`,
      'is MaxSessions low in its sshd_config, or has it no processes or memory left?',
    ),
  );

/** One link a hop, each through the previous one. */
type Links = readonly Link[];

const lastOf = (links: Links) => links.at(-1) as Link;

function endAll(links: Links): void {
  for (const link of links.toReversed()) link.end();
}

interface Along {
  /** How to judge the last hop's key; absent: by the known hosts. */
  readonly last?: Pick<LinkOptions, 'judge' | 'hostKeyAlgorithms' | 'onVerified'>;
  /** Ends the attempt. */
  readonly closed?: AbortSignal;
}

/** Connects hop by hop. */
export async function linksAlong(route: Route, ring: KeyRing, { last, closed }: Along = {}): Promise<Outcome<Links>> {
  const links: Link[] = [];
  for (const hop of route) {
    const through = links.at(-1);
    const trust = hop === route.at(-1) && last ? last : await trustFromFiles(hop);
    const link = await linkTo(hop, { ring, ...trust, ...(through && { through }), ...(closed && { closed }) });
    if (!link.ok) {
      endAll(links);
      return bad(onLeg(link.trouble, route, hop));
    }
    links.push(link.value);
  }
  // When a hop's link is lost, all are ended. When the last one is, the hops are not needed any more.
  void links.at(-1)?.gone.then(() => endAll(links));
  return good(links);
}

async function trustFromFiles(hop: Hop): Promise<Pick<LinkOptions, 'judge' | 'hostKeyAlgorithms'>> {
  const known = await readKnownHosts(hop.settings.knownHostsFiles);
  return {
    judge: (key) => doubtAbout(key, hop, known),
    hostKeyAlgorithms: algorithmsFor(knownKeyTypes(known, listedName(hop))),
  };
}

/** `refused`: sshd allows no further session on this connection, or none at all. */
function execOn(link: Link, commandLine: string): Promise<Outcome<Channel> | 'refused'> {
  return new Promise((resolve) => {
    const refuse = (error: Error & { reason?: unknown }) =>
      resolve(
        error.reason !== undefined && link.isAlive()
          ? 'refused'
          : bad(unreachable(`no channel to ${link.hop.settings.hostname}: ${cleanLine(error.message)}`, '')),
      );
    try {
      link.client.exec(commandLine, (error, stream) =>
        error ? refuse(error) : resolve(good(channelOver(stream, link))),
      );
    } catch (error) {
      // ssh2 throws when the connection has just been lost.
      refuse(error as Error);
    }
  });
}

function channelOver(stream: ClientChannel, link: Link): Channel {
  const closed = Promise.withResolvers<ChannelEnd>();
  let end: ChannelEnd | undefined;
  stream.on('error', () => undefined);
  stream.on('exit', (code: number | null, signal?: string) => {
    end = code === null ? { ...(signal !== undefined && { signal }) } : { code };
  });
  // ssh2 emits `close` on both streams, on each after its last byte was read.
  let open = 2;
  const oneClosed = async () => {
    open--;
    if (open > 0) return;
    const lost = end || link.isAlive() ? undefined : await link.gone;
    closed.resolve(end ?? { ...(lost !== undefined && { lost }) });
  };
  stream.once('close', oneClosed);
  stream.stderr.once('close', oneClosed);
  return { stdin: stream, stdout: stream, stderr: stream.stderr, closed: closed.promise, close: () => stream.close() };
}
