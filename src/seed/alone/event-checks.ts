// What the donor's events do on a server that replicates from no host afterwards. Pure.
import { cleanLine } from '../../text/clean.ts';
import { type Finding, judging } from '../preflight/finding.ts';
import { eventsOf } from '../preflight/replication/server-events.ts';
import { isDonorDown, type SeedRequest, type Side } from '../request.ts';
import { type AlonePlan, hasPersist, wantedOf } from './plan.ts';

export function eventChecks(request: SeedRequest, target: Side, plan: AlonePlan): Finding[] {
  if (!plan.eventsOff) return [];
  const { pass, warn, refuse } = judging(target);
  const what = eventsText(request);
  const scheduler = wantedOf(plan).find(({ name }) => name === 'event_scheduler');
  if (!scheduler) {
    return [
      warn(
        `${what}, and from its restart on they run here as on a production host (--events), where event_scheduler is ON`,
        'see what they delete, send and aggregate',
      ),
    ];
  }
  if (scheduler.next === 'OFF') return [pass(`${what}: its option files have event_scheduler = OFF, and none runs`)];
  if (hasPersist(plan)) {
    return [
      warn(
        `${what}: none runs on ${target.host.name}, where SET PERSIST makes event_scheduler OFF`,
        '--events lets them run from the seed on; SET PERSIST event_scheduler = ON there, later',
      ),
    ];
  }
  const advice = 'put event_scheduler = OFF into its option files; or let them run: --events';
  if (scheduler.next === '?') {
    return [warn(`${what}: whether they run here after a restart is unknown, its option files were not read`, advice)];
  }
  return [refuse(`${what}: its option files have event_scheduler = ON, and they would run at each start`, advice)];
}

function eventsText(request: SeedRequest): string {
  const { donor } = request;
  const events = eventsOf(request);
  if (!events) {
    const why = isDonorDown(request)
      ? 'its server is down'
      : request.snapshot
        ? 'the snapshot does not tell'
        : 'its server did not say';
    return `events that are enabled on ${donor.host.name} come with the data (whether it has some is not known: ${why})`;
  }
  const { count, first } = events;
  const names = first.map(({ schema, name }) => cleanLine(`${schema}.${name}`)).join(', ');
  const some = `${count} enabled event${count === 1 ? '' : 's'} of ${donor.host.name}`;
  return `${some} (${names}${count > first.length ? ', …' : ''}) come${count === 1 ? 's' : ''} with the data`;
}
