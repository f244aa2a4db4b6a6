// One authenticated ssh2 connection to one hop, over a socket of our own or a channel of the hop before.
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ClientErrorExtensions } from 'ssh2';
import { cleanLine } from '../../text/clean.ts';
import { deadlineIn } from '../deadline.ts';
import { authTrouble, bad, good, type Outcome, refused, type Trouble, unreachable } from '../failure.ts';
import type { Hop } from '../route/route.ts';
import type { KeyRing } from '../trust/key-ring.ts';
import { type Login, loginWith } from './login.ts';

// ssh2 has keepalive off by default, and a dead line is then not noticed in 45 s. ssh2 gives up at the tick after the
// third: in 18 s.
const keepalive = { keepaliveInterval: 4500, keepaliveCountMax: 3 };
const handshakeMs = 15_000;
// A person may have to type a passphrase meanwhile; sshd hangs up after 120 s (LoginGraceTime).
const loginMs = 110_000;

export interface Link {
  readonly client: Client;
  readonly hop: Hop;
  /** Settles when the connection is gone, with the reason where there was one. */
  readonly gone: Promise<string | undefined>;
  isAlive(): boolean;
  end(): void;
}

export interface LinkOptions {
  readonly ring: KeyRing;
  readonly through?: Link;
  /** Called with the server's key before authentication. A trouble that it returns ends the connection. */
  readonly judge: (key: Buffer) => Trouble | undefined;
  /** Signature algorithms to ask the server for, in order. */
  readonly hostKeyAlgorithms: readonly string[];
  /**
   * Called once the host has proved by its signature that it holds the key. The connection then ends, and no credential
   * is offered.
   */
  readonly onVerified?: () => void;
  /** Ends the attempt at once: nothing of it keeps this process alive. */
  readonly closed?: AbortSignal;
}

export async function linkTo(
  hop: Hop,
  { ring, through, judge, hostKeyAlgorithms, onVerified, closed }: LinkOptions,
): Promise<Outcome<Link>> {
  const line = await lineTo(hop, through);
  if (!line.ok) return line;
  const sock = line.value;
  const client = new ssh2.Client();
  const login = loginWith(hop.settings, ring);
  const done = Promise.withResolvers<Outcome<Link>>();
  const gone = Promise.withResolvers<string | undefined>();
  let doubt: Trouble | undefined;
  let reason: string | undefined;
  let alive = true;

  const fail = (trouble: Trouble) => {
    done.resolve(bad(trouble));
    sock.destroy();
  };
  const late = (what: string, afterMs: number) =>
    deadlineIn(afterMs, () => fail(unreachable(`${what} within ${afterMs / 1000} s`, lookFor.silence)));
  let timer = late(`${hop.settings.hostname} did not finish the SSH handshake`, handshakeMs);

  client.on('handshake', () => {
    timer.cancel();
    if (onVerified) {
      onVerified();
      fail({ kind: 'aborted', message: 'the key is seen', advice: '', printed: '' });
      return;
    }
    timer = late(`${hop.settings.hostname} did not finish the login`, loginMs);
  });
  client.on('ready', () => {
    timer.cancel();
    const end = () => {
      client.end();
      partFrom(sock);
    };
    done.resolve(good({ client, hop, gone: gone.promise, isAlive: () => alive, end }));
  });
  client.on('error', (error: Error & ClientErrorExtensions) => {
    // The agent's refusal to sign is not the end: ssh2 tries the next key.
    if (error.level === 'agent') return;
    reason ??= cleanLine(error.message);
    done.resolve(bad(doubt ?? troubleFrom(error, hop, login)));
  });
  // A channel through another host stays half open when the far side has gone; a client over it would never close.
  client.on('end', () => sock.destroy());
  client.on('close', () => {
    timer.cancel();
    alive = false;
    gone.resolve(reason);
    done.resolve(bad(doubt ?? unreachable(`${hop.settings.hostname} closed the connection`, lookFor.drops)));
  });

  client.connect({
    sock,
    username: hop.settings.user,
    readyTimeout: 0,
    ...keepalive,
    algorithms: { serverHostKey: [...hostKeyAlgorithms] as never },
    hostVerifier: (key: Buffer) => {
      doubt = judge(key);
      return doubt === undefined;
    },
    // ssh2 asks for a login right after the handshake.
    authHandler: (onVerified ? () => false : login.next) as never,
  });
  const onClosed = () => fail(refused('the connection was closed here', ''));
  closed?.addEventListener('abort', onClosed, { once: true });
  if (closed?.aborted) onClosed();
  const linked = await done.promise;
  closed?.removeEventListener('abort', onClosed);
  timer.cancel();
  if (!linked.ok) sock.destroy();
  return linked;
}

/**
 * Time for the host to accept the goodbye. A host that reads nothing more (stopped, without power) would hold this
 * process for minutes.
 */
const farewellMs = 2000;

/** Closes a socket once all written bytes are out, or after `farewellMs` at the latest. */
export function partFrom(sock: Line): void {
  sock.destroySoon?.();
  if (sock.destroyed) return;
  const timer = setTimeout(() => sock.destroy(), farewellMs);
  sock.once('close', () => clearTimeout(timer));
}

type Line = Duplex & { destroySoon?: () => void };

/** Opens the socket that ssh2 speaks over. */
async function lineTo(
  { settings: { hostname, port, addressFamily } }: Hop,
  through: Link | undefined,
): Promise<Outcome<Line>> {
  // noDelay halves the time to connect: the handshake is many small packets.
  if (!through) return good(connect({ host: hostname, port, family: addressFamily, noDelay: true }));
  return await new Promise((resolve) => {
    const refuse = (error: Error) =>
      resolve(
        bad(
          unreachable(
            `${through.hop.settings.hostname} could not connect on to ${hostname}:${port}: ${cleanLine(error.message)}`,
            lookFor.forward,
          ),
        ),
      );
    try {
      through.client.forwardOut('127.0.0.1', 0, hostname, port, (error, channel) =>
        error ? refuse(error) : resolve(good(channel)),
      );
    } catch (error) {
      // ssh2 throws when the connection has just been lost.
      refuse(error as Error);
    }
  });
}

const lookFor = {
  silence: 'is it the right port, and is the host not overloaded?',
  drops:
    'sshd drops connections when too many come at once (MaxStartups), after failed logins (fail2ban), or for addresses it does not allow',
  forward: 'is the host up, and does sshd on the jump host allow forwarding (AllowTcpForwarding)?',
  algorithms: 'the server wants algorithms that ssh2 does not have: set `transport: openssh` for this host',
  banner: 'set `transport: openssh` for this host, or make its login banner (sshd_config, Banner) shorter',
  address: 'is the host up, and address and port right?',
} as const;

function troubleFrom(error: Error & ClientErrorExtensions & { code?: unknown }, hop: Hop, login: Login): Trouble {
  const { hostname, port, user } = hop.settings;
  if (error.level === 'client-authentication' || /authentication failures/i.test(error.message)) {
    return authTrouble(user, hostname, login.tried, error.message);
  }
  if (/no matching/i.test(error.message)) {
    const words = unreachable(`ssh2 and ${hostname} have no algorithm in common`, lookFor.algorithms, error.message);
    return { ...words, opensshMay: true };
  }
  // ssh2 takes 35,000 bytes, as every ssh has to (RFC 4253, 6.1); openssh takes more. A banner is one packet.
  if (/bad packet length/i.test(error.message)) {
    const why = `${hostname} sends more at once than ssh2 takes, as a login banner of over 34 kB is`;
    return { ...unreachable(why, lookFor.banner, error.message), opensshMay: true };
  }
  const told = connectWords[String(error.code)] ?? cleanLine(error.message);
  const advice = /before handshake|ECONNRESET/.test(error.message) ? lookFor.drops : lookFor.address;
  return unreachable(`no SSH connection to ${hostname}:${port}: ${told}`, advice, error.message);
}

const connectWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  ENOTFOUND: 'no such name',
  EAI_AGAIN: 'the name could not be looked up',
};
