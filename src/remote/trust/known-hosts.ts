// known_hosts, as sshd(8) describes it (SSH_KNOWN_HOSTS FILE FORMAT): which keys are believed. Pure.
import { createHash, createHmac } from 'node:crypto';

export interface KnownHost {
  readonly marker?: '@revoked' | '@cert-authority';
  /** One `|1|salt|hash`, or patterns with wildcards and negation. */
  readonly patterns: readonly string[];
  readonly keyType: string;
  readonly key: Buffer;
  /** `file:line`. */
  readonly where: string;
}

export type KeyVerdict =
  | { readonly verdict: 'known' }
  | { readonly verdict: 'unknown' }
  /** The host is known by other keys; `where` names one of them. */
  | { readonly verdict: 'changed'; readonly where: string }
  | { readonly verdict: 'revoked'; readonly where: string };

/** Skips lines that cannot be read, as OpenSSH does: a newer version may have written them. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((line, index) => {
    const [, marker, names, keyType, key] =
      /^\s*(?:(@\S+)\s+)?([^#\s]\S*)\s+(\S+)\s+([A-Za-z0-9+/=]+)/.exec(line) ?? [];
    if (!names || !keyType || !key) return [];
    if (marker !== undefined && marker !== '@revoked' && marker !== '@cert-authority') return [];
    const patterns = names.startsWith('|') ? [names] : names.split(',');
    const entry = { patterns, keyType, key: Buffer.from(key, 'base64'), where: `${file}:${index + 1}` };
    return [marker === undefined ? entry : { marker, ...entry }];
  });
}

/** The name of a host in known_hosts: `host`, or `[host]:port` for ports other than 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** `SHA256:...` as ssh-keygen -l prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a public key blob begins with (RFC 4253, 6.6). */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return '';
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/**
 * Judges `key`, shown by the host that known_hosts calls `name`. A known host that shows none of its known keys, of any
 * type, counts as changed: the server was asked for the known types first, so one that still had them would have shown
 * one.
 */
export function judgeKey(known: readonly KnownHost[], name: string, key: Buffer): KeyVerdict {
  const own = known.filter((entry) => matches(entry.patterns, name));
  const revoked = own.find((entry) => entry.marker === '@revoked' && entry.key.equals(key));
  if (revoked) return { verdict: 'revoked', where: revoked.where };
  const plain = own.filter((entry) => entry.marker === undefined);
  // OpenSSH also believes a key that is listed without the port (sshconnect.c, "checking without port identifier").
  const portless = portlessName(name);
  const asPortless = known.filter(
    (entry) => entry.marker === undefined && portless && matches(entry.patterns, portless),
  );
  if ([...plain, ...asPortless].some((entry) => entry.key.equals(key))) return { verdict: 'known' };
  const other = plain[0];
  return other ? { verdict: 'changed', where: other.where } : { verdict: 'unknown' };
}

/** The types of key that the host is known by, without certificate authorities. Empty: unknown. */
export function knownKeyTypes(known: readonly KnownHost[], name: string): string[] {
  return [...new Set(knownKeysOf(known, name).map((entry) => entry.keyType))];
}

/** The lines that list the host, under its name without the port too. Certificate authorities are left out. */
export function knownKeysOf(known: readonly KnownHost[], name: string): KnownHost[] {
  const names = [name, portlessName(name)].filter((each) => each !== undefined);
  return known.filter((entry) => entry.marker === undefined && names.some((each) => matches(entry.patterns, each)));
}

/** Whether a certificate authority is named for the host: its keys then come as certificates. */
export function hasAuthority(known: readonly KnownHost[], name: string): boolean {
  return known.some((entry) => entry.marker === '@cert-authority' && matches(entry.patterns, name));
}

function portlessName(name: string): string | undefined {
  return /^\[(.+)\]:\d+$/.exec(name)?.[1];
}

function matches(patterns: readonly string[], name: string): boolean {
  const [first = ''] = patterns;
  if (first.startsWith('|')) return matchesHash(first, name);
  // A negated pattern that matches decides, whatever else matches.
  const hit = (pattern: string) => glob(pattern.toLowerCase()).test(name);
  if (patterns.some((pattern) => pattern.startsWith('!') && hit(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && hit(pattern));
}

/** `|1|base64 salt|base64 HMAC-SHA1 of the name` (HashKnownHosts). */
function matchesHash(pattern: string, name: string): boolean {
  const [, version, salt = '', hash] = pattern.split('|');
  if (version !== '1' || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/** `*` and `?` are the only wildcards; `[` belongs to `[host]:port`. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}
