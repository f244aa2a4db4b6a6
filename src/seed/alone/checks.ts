// What a plan says of a target that replicates from no host afterwards: what it leaves, whether it takes writes, what its option files make
// of it at its next start, whose accounts it has, and what the donor's events do there. Pure.
import { withPort } from '../../text/address.ts';
import { cleanLine } from '../../text/clean.ts';
import { isAlone } from '../ending.ts';
import { type Finding, judging } from '../preflight/finding.ts';
import { eventsOf, mayHaveEvents } from '../preflight/replication/server-events.ts';
import { attachmentOf } from '../replica/attachment.ts';
import { isDonorDown, type SeedRequest, type Side } from '../request.ts';
import { type AlonePlan, hasPersist, unlikeNext, type Wanted, wantedOf } from './plan.ts';

export function aloneChecks(request: SeedRequest, target: Side): Finding[] {
  const attachment = attachmentOf(request, target);
  if (!attachment.ok || attachment.is !== 'alone') return [];
  const { plan } = attachment;
  return [
    ...leavesChecks(target),
    ...membersChecks(target, plan),
    ...modeChecks(target, plan),
    ...eventChecks(request, target, plan),
    ...semiSyncChecks(target),
    judging(target).warn(
      `its accounts and privileges come with the data: those of ${request.donor.host.name}, with their passwords`,
      'let no application of production reach it by mistake',
    ),
  ];
}

/** No replica acknowledges its commits, or not until the others of its set are there. */
function semiSyncChecks(target: Side): Finding[] {
  const { variables } = target.facts;
  const on = ['rpl_semi_sync_source_enabled', 'rpl_semi_sync_master_enabled'].find((name) =>
    /^(ON|1)$/i.test(variables[name] ?? ''),
  );
  if (on === undefined) return [];
  return [
    judging(target).warn(
      `${on} is ON: while no replica acknowledges, a commit there waits for its timeout (10 s by default)`,
      `SET GLOBAL ${on} = OFF there, or take it out of its option files`,
    ),
  ];
}

/** The channels that it has now. */
function leavesChecks({ host, report: { replication } }: Side): Finding[] {
  const channels = replication?.ok ? replication.value.channels : [];
  if (channels.length === 0) return [];
  const sources = channels.map(({ sourceHost, sourcePort }) => withPort(sourceHost, sourcePort)).join(', ');
  return [judging({ host }).warn(`it replicates from ${sources} now, and will not any more`)];
}

function membersChecks(target: Side, { members }: AlonePlan): Finding[] {
  if (members.length === 0) return [];
  const { facts, report } = target;
  const { pass, refuse, unknown } = judging(target);
  const names = members.join(', ');
  const logs = report.server?.ok ? report.server.value.logBin : facts.places.some(({ kind }) => kind === 'binlog');
  if (!logs && facts.places.length === 0 && !report.server?.ok) {
    return [unknown(`whether it writes a binary log, which ${names} will need: unknown`)];
  }
  return logs
    ? [pass(`it writes a binary log: ${names} can replicate from it`)]
    : [
        refuse(
          `it writes no binary log: ${names} can't replicate from it`,
          'switch it on (log_bin), and restart it once',
        ),
      ];
}

/** Whether it takes writes, now and after its next restart. */
function modeChecks(target: Side, plan: AlonePlan): Finding[] {
  const { pass, warn } = judging(target);
  const word = plan.writable ? 'take writes' : 'be read-only';
  const unlike = unlikeNext(plan).filter(({ name }) => name !== 'event_scheduler');
  if (unlike.length === 0) return [pass(`it will ${word}, also after a restart: its option files say so`)];
  const words = optionText(unlike);
  if (hasPersist(plan)) {
    return [
      warn(
        `its option files have ${words}: SET PERSIST makes it ${word} at each start all the same`,
        `RESET PERSIST ${unlike.map(({ name }) => name).join(', RESET PERSIST ')} there takes that back`,
      ),
    ];
  }
  const [{ value } = { value: 'ON' }] = unlike;
  return [
    warn(
      `its option files have ${words}: it will ${word} until its next restart, and then be as these have it`,
      `put read_only = ${value} into its option files`,
    ),
  ];
}

const optionText = (some: readonly Wanted[]) =>
  some.map(({ name, next }) => (next === '?' ? `${name} (unknown)` : `${name} = ${next}`)).join(', ');

function eventChecks(request: SeedRequest, target: Side, plan: AlonePlan): Finding[] {
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
        `${what}: SET PERSIST makes event_scheduler OFF there, so that none runs`,
        'they are as they were; SET PERSIST event_scheduler = ON there starts them, and --events from the seed on',
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
    return `whether ${donor.host.name} has events that are enabled is not known, ${why}; they come with the data`;
  }
  const { count, first } = events;
  const names = first.map(({ schema, name }) => cleanLine(`${schema}.${name}`)).join(', ');
  const some = `${count} enabled event${count === 1 ? '' : 's'} of ${donor.host.name}`;
  return `${some} (${names}${count > first.length ? ', …' : ''}) come${count === 1 ? 's' : ''} with the data`;
}

/** For above the prompt. */
export function aloneSentences(request: SeedRequest): string[] {
  return request.targets.flatMap((target) => {
    if (!isAlone(request, target)) return [];
    const { host, report } = target;
    const { server, replication } = report;
    const channels = replication?.ok ? replication.value.channels : [];
    const writes = server?.ok === true && !server.value.readOnly && channels.length === 0;
    const runs = request.events === true && mayHaveEvents(request);
    return [
      ...(channels.length > 0 ? [`${host.name} will replicate from no host any more`] : []),
      ...(writes ? [`${host.name} takes writes: what was written there goes`] : []),
      ...(runs ? [`the enabled events of ${request.donor.host.name} will run on ${host.name}`] : []),
    ];
  });
}
