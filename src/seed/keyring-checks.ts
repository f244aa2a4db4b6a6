// Whether a target can read a donor's encrypted data: the keys lie in a keyring, and never in the datadir's data.
import type { Finding } from './finding.ts';
import { judging } from './finding.ts';
import type { Side } from './wish.ts';

/** What is encrypted beside tables, where it is switched on. */
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

const keyringsOf = ({ plugins }: Side['facts']) =>
  plugins.filter((name) => name !== 'group_replication' && name !== 'ndbcluster');

function encryptedOf({ facts }: Side): string[] {
  const { encrypted = 0, variables } = facts;
  const tables = encrypted === 0 ? [] : [`${encrypted} tablespace${encrypted === 1 ? '' : 's'}`];
  const logs = Object.entries(encryptedLogs).flatMap(([name, what]) => (isOn(variables[name]) ? [what] : []));
  return [...tables, ...new Set(logs)];
}

const isOn = (value = '') => /^(ON|1|YES|FORCE)$/i.test(value);
