// Which keys a host shows, for a person to compare. None is trusted here; addKnownHost does that.
import { bad, good, type Outcome, type Trouble } from '../failure.ts';
import { type Hop, hostKeyName, type Route } from '../route/route.ts';
import { linksAlong } from '../ssh2/ssh2.ts';
import { algorithmsOf, verifiableTypes } from './host-key.ts';
import type { KeyRing } from './key-ring.ts';
import { fingerprint, keyTypeOf } from './known-hosts.ts';

export interface ShownKey {
  readonly keyType: string;
  /** `SHA256:...` */
  readonly fingerprint: string;
  readonly key: Buffer;
}

/** The arguments of `addKnownHost(file, host, port, key)`, for when the operator agrees. */
export interface ShownKeys {
  readonly file: string;
  /** All known_hosts files that are searched for the host's key. */
  readonly files: readonly string[];
  readonly host: string;
  readonly port: number;
  /** One key of each type that the host has. */
  readonly keys: readonly ShownKey[];
}

/** Dials the target once for each type of key. Hangs up after the host has proved that it holds the key, before authentication. */
export async function shownKeys(route: Route, ring: KeyRing): Promise<Outcome<ShownKeys>> {
  const target = route.at(-1) as Hop;
  const found = new Map<string, ShownKey>();
  let trouble: Trouble | undefined;
  for (const family of families) {
    const seen = await keyOf(route, ring, family);
    if (seen.ok) found.set(seen.value.keyType, seen.value);
    // A host without a key of this type is no failure. Any other failure comes again.
    else trouble ??= seen.trouble;
    if (!seen.ok && !(seen.trouble.kind === 'unreachable' && seen.trouble.opensshMay)) return bad(seen.trouble);
  }
  if (found.size === 0 && trouble) return bad(trouble);
  const files = target.settings.knownHostsFiles;
  return good({ file: files[0] ?? '', files, ...hostKeyName(target), keys: [...found.values()] });
}

// A server prefers at most one ecdsa key, of any curve.
const families: readonly (readonly string[])[] = ['ssh-ed25519', 'ecdsa-', 'ssh-rsa'].map((prefix) =>
  verifiableTypes.filter((type) => type.startsWith(prefix)),
);

async function keyOf(route: Route, ring: KeyRing, types: readonly string[]): Promise<Outcome<ShownKey>> {
  let shown: Buffer | undefined;
  // Until its signature is verified, the other end may have copied the key from elsewhere.
  let unproved: Buffer | undefined;
  const judge = (key: Buffer) => {
    unproved = key;
    return undefined;
  };
  const onVerified = () => {
    shown = unproved;
  };
  const link = await linksAlong(route, ring, { last: { judge, hostKeyAlgorithms: algorithmsOf(types), onVerified } });
  if (shown) return good({ keyType: keyTypeOf(shown), fingerprint: fingerprint(shown), key: shown });
  return link.ok ? bad({ kind: 'aborted', message: 'no key was shown', advice: '', printed: '' }) : link;
}
