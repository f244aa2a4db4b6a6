// Whether a hop's host key is believed, and which key types to ask it for. ssh2 accepts any key unless it is told.
import { cleanLine } from '../../text/clean.ts';
import type { Trouble } from '../failure.ts';
import { type Hop, hostKeyName } from '../route/route.ts';
import { fingerprint, judgeKey, type KnownHost, keyTypeOf, knownHostName, knownKeyTypes } from './known-hosts.ts';

/** The name that the hop's key is listed under. */
export function listedName(hop: Hop): string {
  const { host, port } = hostKeyName(hop);
  return knownHostName(host, port);
}

/** Why the key is not believed; the connection must then end before authentication. Undefined: it is believed. */
export function doubtAbout(key: Buffer, hop: Hop, known: readonly KnownHost[]): Trouble | undefined {
  const name = listedName(hop);
  const judged = judgeKey(known, name, key);
  if (judged.verdict === 'known') return undefined;
  return hostKeyTrouble({
    problem: judged.verdict,
    address: name,
    fingerprint: fingerprint(key),
    keyType: keyTypeOf(key),
    ...('where' in judged && { where: judged.where }),
  });
}

type HostKeyTrouble = Extract<Trouble, { kind: 'hostKey' }>;

/** The failure as a message; the same whichever client saw the key. */
export function hostKeyTrouble(
  facts: Pick<HostKeyTrouble, 'problem' | 'address' | 'fingerprint' | 'keyType' | 'where'>,
): Trouble {
  const { problem, address, where = 'known_hosts' } = facts;
  // The key comes from an unknown host.
  const keyType = cleanLine(facts.keyType);
  const shown = `${keyType} ${facts.fingerprint}`.trim();
  const words = {
    unknown: {
      message: `the host key of ${address} is not in known_hosts: ${shown}`,
      advice: 'compare the fingerprint with one from the host itself, then run `reseed trust`',
    },
    changed: {
      message: `${address} shows another host key than the one in ${where}: ${shown}`,
      advice: `another machine may answer in its place. If the host was reinstalled, \`reseed trust\` shows the old key and the new one`,
    },
    revoked: {
      message: `the host key of ${address} is revoked (${where}): ${shown}`,
      advice: 'another party may hold that key: ask those who revoked it',
    },
  }[problem];
  return { kind: 'hostKey', ...facts, keyType, ...words, printed: '' };
}

// ssh2's signature algorithms for each type of key, best first. The order of types is the one used when no key is
// known.
const algorithms: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** The types of host key that ssh2 can verify. */
export const verifiableTypes: readonly string[] = Object.keys(algorithms);

/** The signature algorithms for keys of these types, in order; types that ssh2 cannot verify are left out. */
export function algorithmsOf(types: readonly string[]): string[] {
  return types.flatMap((type) => algorithms[type] ?? []);
}

/**
 * The signature algorithms to ask a server for. Types in known_hosts come first: otherwise a host with only an ecdsa
 * line would seem changed.
 */
export function algorithmsFor(knownTypes: readonly string[]): string[] {
  return algorithmsOf([...new Set([...knownTypes, ...verifiableTypes])]);
}

/** Whether the host is known only by types of key that ssh2 cannot verify. */
export function knownOnlyOtherwise(known: readonly KnownHost[], hop: Hop): boolean {
  const types = knownKeyTypes(known, listedName(hop));
  return types.length > 0 && !types.some((type) => verifiableTypes.includes(type));
}
