// Whether a target can read a donor's encrypted data: the keys are in a keyring, and never among the datadir's data.

import type { SeedRequest, Side } from '../../request.ts';
import type { Finding } from '../finding.ts';
import { judging } from '../finding.ts';

/** What else is encrypted, besides tables, if these are on. */
const encryptedLogs: Readonly<Record<string, string>> = {
  innodb_redo_log_encrypt: 'the redo log',
  innodb_undo_log_encrypt: 'undo tablespaces',
  binlog_encryption: 'binary logs',
  innodb_encrypt_log: 'the redo log',
  encrypt_binlog: 'binary logs',
  aria_encrypt_tables: 'Aria tables',
};

export function keyringChecks(donor: Side, target: Side): Finding[] {
  const { pass, warn, refuse } = judging(target);
  const what = encryptedOf(donor);
  const [given, taken] = [donor, target].map(({ facts }) => keyringsOf(facts));
  if (!given || !taken || (what.length === 0 && given.length === 0)) return [];
  const [from, here] = [donor.host.name, target.host.name];
  const kind = given.join(', ') || 'a keyring';
  if (what.length === 0) {
    const known = donor.facts.encrypted === 0;
    return [
      known
        ? pass(`${from} has ${kind}, and nothing is encrypted`)
        : warn(`${from} has ${kind}: what is encrypted there is unknown`),
    ];
  }
  const encrypted = `${from} has encrypted data (${what.join(', ')}), keys in ${kind}`;
  const lacking = given.filter((name) => !taken.includes(name));
  if (taken.length === 0 || lacking.length > 0) {
    const has = taken.length === 0 ? 'no keyring' : taken.join(', ');
    return [refuse(`${encrypted}; ${here} has ${has}`, `set up ${kind} on ${here}, with the keys of ${from}`)];
  }
  if (given.some((name) => mariadbKeys.has(name))) return [keyFileFinding(donor, target, encrypted)];
  const missing = donor.facts.keys.filter((key) => !target.facts.keys.includes(key));
  if (donor.facts.keys.length === 0 || target.facts.keys.length === 0) {
    return [
      warn(
        `${encrypted}: whether the keyring of ${here} has these keys is unknown`,
        `copy the keys of ${from} first, or ${here} will not start`,
      ),
    ];
  }
  if (missing.length > 0) {
    return [
      refuse(
        `${encrypted}; the keyring of ${here} lacks ${missing.length} of ${donor.facts.keys.length} keys`,
        `copy the keys of ${from} to it`,
      ),
    ];
  }
  return [pass(`${encrypted}; the keyring of ${here} has all of them`)];
}

const mariadbKeys = new Set(['file_key_management', 'hashicorp_key_management', 'aws_key_management']);

type SameKeys =
  | { readonly kind: 'same' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'other'; readonly ids: readonly string[] };

/** The donor's keys that the target lacks, or has with another value. A keyring that is a service reports neither. */
function sameKeys({ facts: given }: Side, { facts: taken }: Side): SameKeys {
  if (keyringsOf(given).some((name) => mariadbKeys.has(name) && name !== 'file_key_management'))
    return { kind: 'unknown' };
  if (given.keyFileDigest !== undefined && given.keyFileDigest === taken.keyFileDigest) return { kind: 'same' };
  const ids = Object.keys(given.keyDigests);
  // A key file that is encrypted itself may differ and hold the same keys.
  if (ids.length === 0 || Object.keys(taken.keyDigests).length === 0) return { kind: 'unknown' };
  const other = ids.filter((id) => given.keyDigests[id] !== taken.keyDigests[id]);
  return other.length === 0 ? { kind: 'same' } : { kind: 'other', ids: other };
}

/** A MariaDB starts without the keys, and each table that needs one is an error. */
function keyFileFinding(donor: Side, target: Side, encrypted: string): Finding {
  const { pass, unknown, refuse } = judging(target);
  const [from, here] = [donor.host.name, target.host.name];
  const same = sameKeys(donor, target);
  if (same.kind === 'same') return pass(`${encrypted}; ${here} has the same keys`);
  if (same.kind === 'unknown') {
    return unknown(
      `${encrypted}: whether ${here} has the same keys is unknown`,
      `copy the keys of ${from} first, or ${here} can't read these tables`,
    );
  }
  return refuse(
    `${encrypted}; ${here} lacks key ${same.ids.join(', ')} of ${from}, or has another under that number`,
    `copy the file of keys of ${from} (file_key_management_filename) to ${here}, and start ${here} with it`,
  );
}

/** For above the prompt: the server starts, but may be unable to read some tables. */
export function keySentences({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>): string[] {
  const given = keyringsOf(donor.facts);
  if (encryptedOf(donor).length === 0 || !given.some((name) => mariadbKeys.has(name))) return [];
  return targets
    .filter((target) => sameKeys(donor, target).kind === 'unknown')
    .map(
      ({ host }) =>
        `${host.name} may not be able to read encrypted tables of ${donor.host.name}: whether it has the same keys is unknown`,
    );
}

/** Why the seed can't prove that a target reads all tables, where they may be encrypted; undefined: it can. */
export function unprovedReason(donor: Side): string | undefined {
  if (!mayBeEncrypted(donor)) return undefined;
  if (donor.facts.unseen.includes('SELECT')) return 'the account that reseed logs in with has no SELECT on *.*';
  return donor.report.server?.ok ? undefined : 'its server is down, and what that account may read is unknown';
}

export function unprovedChecks(donor: Side): Finding[] {
  const reason = unprovedReason(donor);
  if (reason === undefined) return [];
  return [
    judging(donor).warn(
      `its data may be encrypted, and whether a target can read all of its tables may not be proved: ${reason}`,
      'GRANT SELECT ON *.* to that account on the primary first',
    ),
  ];
}

/** For above the prompt. */
export function unprovedSentences({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>): string[] {
  const reason = unprovedReason(donor);
  if (reason === undefined) return [];
  return targets.map(
    ({ host }) => `whether ${host.name} can read all tables of ${donor.host.name} may not be proved: ${reason}`,
  );
}

const keyringsOf = ({ plugins }: Side['facts']) =>
  plugins.filter((name) => name !== 'group_replication' && name !== 'ndbcluster');

/** A count of encrypted tablespaces is no answer: a MariaDB knows only those that were opened since its start. */
export const mayBeEncrypted = (donor: Side): boolean =>
  keyringsOf(donor.facts).length > 0 || encryptedOf(donor).length > 0;

/** `3 tablespaces`, `the redo log`: what a server without its keys can't read. */
export function encryptedOf({ facts }: Side): string[] {
  const { encrypted = 0, variables } = facts;
  const tables = encrypted === 0 ? [] : [`${encrypted} tablespace${encrypted === 1 ? '' : 's'}`];
  const logs = Object.entries(encryptedLogs).flatMap(([name, what]) => (isOn(variables[name]) ? [what] : []));
  return [...tables, ...new Set(logs)];
}

const isOn = (value = '') => /^(ON|1|YES|FORCE)$/i.test(value);
