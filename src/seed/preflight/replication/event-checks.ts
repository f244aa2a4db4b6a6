// What the donor's events do on a target. A replica that gets an event by replication has it disabled
// (REPLICA_SIDE_DISABLED, formerly SLAVESIDE_DISABLED). One that gets it with the data has it as the donor does, and
// would run it as well as its source.
import { cleanLine } from '../../../text/clean.ts';
import { isOff, nextValues } from '../../alone/plan.ts';
import { isAlone } from '../../ending.ts';
import { replicaPlan } from '../../replica/attachment.ts';
import { disabling, disablingAll } from '../../replica/event-words.ts';
import { isDonorDown, type SeedRequest, type Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';
import { eventsOf, type ServerEvent } from './server-events.ts';

// The target's scheduler is off during the seed and until its first restart afterwards (change-words.ts). No statement
// of ours disables the events: MySQL can't prepare ALTER EVENT, so names would be part of our text, and it may change
// an event's sql_mode.
const doing = (target: Side | undefined) =>
  `enabled events come with the data. The target's event scheduler stays off until the first restart after the seed. From then on${target && switchedOn(target) === undefined ? ', where its options have event_scheduler = ON,' : ''} it runs them as well as its source, writes what its source does not have, and replication breaks`;
const before = 'before that restart run on the target, with super_read_only off';
const why = 'each such event of the target has to be disabled there, without its log';

export function eventChecks(request: SeedRequest): Finding[] {
  const { donor } = request;
  const { warn } = judging(donor);
  const events = eventsOf(request);
  if (events?.count === 0) return [];
  // alone/checks.ts tells what they do on the others.
  const targets = request.targets.filter((target) => !isAlone(request, target));
  const kept = targets.filter((target) => replicaPlan(request, target)?.keepsEventsOff);
  const off = targets.filter((target) => !kept.includes(target) && switchedOn(target) === false);
  if (kept.length + off.length === targets.length) return [...kept.map(keptOff), ...off.map(offByOptions)];
  const running = targets.find((target) => !kept.includes(target) && !off.includes(target));
  if (!events) {
    const shut = donor.facts.unseen.includes('EVENT');
    const untold = shut ? 'the account that reseed logs in with has no EVENT on *.*' : 'its server did not say';
    const reason = isDonorDown(request)
      ? 'its server is down'
      : request.snapshot
        ? 'the snapshot does not tell'
        : untold;
    return [
      warn(
        `whether it has events that are enabled is not known, ${reason}: ${doing(running)}`,
        `${before}: ${disablingAll(versionOf(running ?? donor))}`,
      ),
    ];
  }
  const { count, first } = events;
  const names = first.map(({ schema, name }) => cleanLine(`${schema}.${name}`)).join(', ');
  const some = `${count} ${count === 1 ? 'event is' : 'events are'} enabled (${names}${count > first.length ? ', …' : ''})`;
  const words = first.map((event) => disabled(event, running ?? donor)).filter((one) => one !== undefined);
  const rest = words.length < count ? `; ${why}` : '';
  return [warn(`${some}: ${doing(running)}`, `${before}: SET sql_log_bin = 0; ${words.join(' ')}${rest}`)];
}

const keptOff = (target: Side): Finding =>
  judging(target).pass('enabled events come with the data: SET PERSIST keeps its event scheduler off, and none runs');

/** Whether its next start switches its scheduler on; undefined: unknown. It is off by default on a MariaDB, and on by default on a MySQL 8. */
function switchedOn(target: Side): boolean | undefined {
  const next = nextValues(target)['event_scheduler'];
  return next === undefined ? undefined : !isOff(next);
}

const offByOptions = (target: Side): Finding =>
  judging(target).pass(
    'enabled events come with the data: its event scheduler is off, and stays off at its next start, by its options or by default; none runs',
  );

/**
 * undefined: a name has letters that can't be typed on a terminal. Without DEFINER the event would belong to the
 * account that runs this.
 */
function disabled({ schema, name, definer }: ServerEvent, target: Side): string | undefined {
  if (cleanLine(schema + name + definer) !== schema + name + definer) return undefined;
  const at = definer.lastIndexOf('@');
  const account = `${quoted(definer.slice(0, at))}@${quoted(definer.slice(at + 1))}`;
  return `ALTER DEFINER = ${account} EVENT ${quoted(schema)}.${quoted(name)} ${disabling(versionOf(target))};`;
}

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
