// What a host's name resolves to here, as the ssh client would look it up (getaddrinfo: /etc/hosts, DNS, and what else
// nsswitch.conf names). Kept apart from the connection, since "no such name" and "no answer" have different remedies.
import { lookup } from 'node:dns/promises';
import { cleanLine } from '../../text/clean.ts';
import { deadlineIn } from '../deadline.ts';
import type { Route } from './route.ts';
import type { SshSettings } from './ssh-config.ts';

export type NameFound =
  | { readonly kind: 'found'; readonly name: string; readonly addresses: readonly string[] }
  /** `by` looks it up: a jump host, or a program of the configuration. */
  | { readonly kind: 'elsewhere'; readonly name: string; readonly by: string }
  | { readonly kind: 'missing' | 'silent'; readonly name: string; readonly why: string };

/** Rejects with an error whose `code` is getaddrinfo's: ENOTFOUND, EAI_AGAIN. */
export type LookUp = (name: string, family: SshSettings['addressFamily']) => Promise<readonly string[]>;

// A resolver whose servers do not answer gives up after 10 s (resolv.conf(5): timeout 5 s, 2 attempts).
const deadlineMs = 12_000;

export async function nameOf(route: Route, lookUp: LookUp = lookUpHere): Promise<NameFound> {
  const { hostname: name, proxyCommand, addressFamily } = (route.at(-1) ?? route[0]).settings;
  const through = route.at(-2);
  if (through) return { kind: 'elsewhere', name, by: through.query.host };
  if (proxyCommand !== undefined) return { kind: 'elsewhere', name, by: 'ProxyCommand' };
  const late = Promise.withResolvers<undefined>();
  const deadline = deadlineIn(deadlineMs, () => late.resolve(undefined));
  try {
    const addresses = await Promise.race([lookUp(name, addressFamily), late.promise]);
    if (addresses) return { kind: 'found', name, addresses };
    return { kind: 'silent', name, why: `the resolver gave no answer within ${deadlineMs / 1000} s` };
  } catch (error) {
    return failed(name, error as NodeJS.ErrnoException);
  } finally {
    deadline.cancel();
  }
}

function failed(name: string, { code, message }: NodeJS.ErrnoException): NameFound {
  if (code === 'ENOTFOUND') return { kind: 'missing', name, why: 'no such name' };
  if (code === 'EAI_AGAIN') return { kind: 'silent', name, why: 'the resolver does not answer' };
  return { kind: 'silent', name, why: cleanLine(message) };
}

const lookUpHere: LookUp = async (name, family) =>
  (await lookup(name, { all: true, family })).map((one) => one.address);
