// Whether a host shows other keys than it was known by. A person has to be told before agreeing to them.
import { stat } from 'node:fs/promises';
import { fingerprint, judgeKey, type KnownHost, knownHostName, knownKeysOf } from './known-hosts.ts';
import { readKnownHosts } from './known-hosts-file.ts';
import type { ShownKeys } from './trust.ts';

export interface KnownKey {
  readonly keyType: string;
  readonly fingerprint: string;
  /** `file:line`. */
  readonly where: string;
  /** When that file was last written, in milliseconds since 1970; the line is as old or older. Absent: unknown. */
  readonly fileWrittenMs?: number;
}

export interface KeyChange {
  /**
   * The known keys whose type is now shown with another key. All of the host's keys where it shows none of their types.
   * Empty: no key has changed.
   */
  readonly before: readonly KnownKey[];
  /** Shown keys of types that the known host did not have before. A host rarely makes one; an attacker can. */
  readonly ofNewTypes: readonly Pick<KnownKey, 'keyType' | 'fingerprint'>[];
  /** The known_hosts line that revokes a shown key. */
  readonly revoked?: string;
  /** Shown keys that are known already. */
  readonly same: readonly SameKey[];
}

/** `where`: `file:line`. */
export type SameKey = Pick<KnownKey, 'fingerprint' | 'where'>;

/** Looks through all known_hosts files that ssh would read. */
export async function keyChange({ files, host, port, keys }: ShownKeys): Promise<KeyChange> {
  const known = await readKnownHosts(files);
  const name = knownHostName(host, port);
  for (const { key } of keys) {
    const verdict = judgeKey(known, name, key);
    if (verdict.verdict === 'revoked') return { before: [], ofNewTypes: [], revoked: verdict.where, same: [] };
  }
  const own = knownKeysOf(known, name);
  const isShown = (one: KnownHost) => keys.some(({ key }) => key.equals(one.key));
  const types = new Set(keys.map(({ keyType }) => keyType));
  const kept = new Set(own.filter(isShown).map(({ keyType }) => keyType));
  const others = own.filter((one) => !isShown(one) && types.has(one.keyType) && !kept.has(one.keyType));
  const before = others.length > 0 || kept.size > 0 ? others : own;
  const ownTypes = new Set(own.map(({ keyType }) => keyType));
  const ofNewTypes = own.length === 0 ? [] : keys.filter(({ keyType }) => !ownTypes.has(keyType));
  return {
    before: await Promise.all(before.map(told)),
    ofNewTypes: ofNewTypes.map((one) => ({ keyType: one.keyType, fingerprint: one.fingerprint })),
    same: keys.flatMap(({ key, fingerprint: shown }) => {
      const known = own.find((one) => one.key.equals(key));
      return known ? [{ fingerprint: shown, where: known.where }] : [];
    }),
  };
}

/** Whether the operator has to agree to the keys as changed ones. */
export const isChange = ({ before, ofNewTypes }: KeyChange): boolean => before.length > 0 || ofNewTypes.length > 0;

async function told({ keyType, key, where }: KnownHost): Promise<KnownKey> {
  const written = await stat(where.replace(/:\d+$/, '')).catch(() => undefined);
  return {
    keyType,
    fingerprint: fingerprint(key),
    where,
    ...(written && { fileWrittenMs: written.mtimeMs }),
  };
}
