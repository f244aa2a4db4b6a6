// The datadir of a server that is down as what a seed reads: its start is blocked meanwhile, and proved not to have happened.
import { refusal } from '../../../job/refusal.ts';
import { whoLine } from '../../../job/who.ts';
import { command } from '../../place.ts';
import { versionOf } from '../../preflight/identity/versions.ts';
import { findsLog } from '../../preflight/replication/log-checks.ts';
import type { SeedWish } from '../../request.ts';
import { besideWords } from '../../target/state-places.ts';
import type { SeedMethod } from '../method.ts';

/** The name of the step whose result has, of a MariaDB, the GTIDs that its binary log ends with, where a target does not get that. */
export const holdStep = (donor: string) => `hold ${donor}`;

/** Its files have to be read for long: comparing their times is not. */
const proofDeadlineMs = 10 * 60_000;

export function filesOfStopped({ donor, targets, job, who }: SeedWish): ReturnType<SeedMethod['source']> {
  const { name } = donor.host;
  const { datadir } = donor.facts;
  const { service } = donor.report;
  const unit = service?.ok ? service.value.unit : undefined;
  if (unit === undefined) {
    return refusal(`${name} has no unit of a MySQL or MariaDB`, 'where it has another name, set mysql.service');
  }
  const still = (verb: string, words: readonly string[], limitMs?: number) =>
    command(name, 'seed-still', [verb, datadir, job, ...words], limitMs);
  const hold = holdStep(name);
  const log = targets.every((target) => findsLog(donor, target))
    ? []
    : donor.facts.places.filter(({ kind }) => kind === 'binlog').map(({ path }) => path);
  return {
    ok: true,
    root: datadir,
    reader: donor.facts.owner ?? 'mysql:mysql',
    beside: besideWords(donor.facts),
    before: [
      {
        name: hold,
        title: `block ${unit} start on ${name} while its files are read`,
        host: name,
        work: 'seed-hold',
        input: { needsGtid: log.length > 0 && versionOf(donor)?.vendor === 'mariadb' },
        commands: {
          run: still('hold', [unit, whoLine(who), ...log, ...besideWords(donor.facts)]),
          free: still('free', [unit]),
        },
        acquires: {
          what: `the hold on ${unit} of ${name} (/run/systemd/system/${unit}.service.d/zzzz-reseed-${job}-still.conf)`,
          release: 'free',
          whenDone: 'release',
        },
      },
    ],
    after: [
      {
        name: `proof ${name}`,
        title: `check that ${unit} on ${name} was not started, and no file changed, during the copy`,
        host: name,
        work: 'seed-command',
        input: {},
        commands: { run: still('proof', [], proofDeadlineMs) },
      },
    ],
    made: [hold],
  };
}
