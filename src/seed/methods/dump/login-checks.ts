// Whether the accounts of a dump can be made on the target, and can log in there. Pure.
import { atLeast } from '../../../snapshot/lock-words.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { versionOf } from '../../preflight/identity/versions.ts';
import type { SeedRequest, Side } from '../../request.ts';

/** From there on MySQL loads mysql_native_password by an option alone. */
const byOption = [8, 4];
/** From there on it has it no more. */
const gone = [9, 0];

export const loginChecks = ({ donor, targets }: SeedRequest): Finding[] =>
  targets.flatMap((target) => targetLogins(donor, target));

function targetLogins(donor: Side, target: Side): Finding[] {
  const { refuse, warn } = judging(target);
  const [given, taken] = [versionOf(donor), versionOf(target)];
  if (given?.vendor !== 'mysql' || taken?.vendor !== 'mysql') return [];
  if (atLeast(given.version, gone) || !atLeast(taken.version, byOption)) return [];
  const isGone = atLeast(taken.version, gone);
  const { takesNative } = target.facts;
  const logins = donor.facts.nativeLogins;
  if (logins?.count === 0 || (!isGone && takesNative === true)) return [];
  if (!logins) {
    const lacks = isGone ? 'does not have' : 'loads by an option alone';
    return [
      warn(
        `whether accounts of ${donor.host.name} log in by mysql_native_password is unknown, which ${taken.text} ${lacks}`,
      ),
    ];
  }
  const some = `${logins.first}${logins.count > 3 ? ', …' : ''}`;
  const who = `${logins.count} account${logins.count === 1 ? '' : 's'} of ${donor.host.name} (${some}) with mysql_native_password`;
  const change = `on ${donor.host.name}: ALTER USER ... IDENTIFIED WITH caching_sha2_password BY '...'`;
  if (isGone) return [refuse(`${taken.text} does not have the plugin of ${who}: they can't be made there`, change)];
  const why = takesNative === false ? 'its server has not loaded it' : 'whether its server loads it is unknown';
  return [
    warn(
      `${who}: ${why}, and without it they can't log in on ${target.host.name}`,
      `mysql_native_password=ON in its option files, or ${change}`,
    ),
  ];
}
