// What a plan says of a target that replicates from no host afterwards: what it leaves, whether it takes writes, what its option files make
// of it at its next start, whose accounts it has, and what the donor's events do there. Pure.
import { withPort } from '../../text/address.ts';
import { endingOf, isAlone } from '../ending.ts';
import { type Finding, judging } from '../preflight/finding.ts';
import { mayHaveEvents } from '../preflight/replication/server-events.ts';
import { attachmentOf } from '../replica/attachment.ts';
import { hostAt, serverNamedBy } from '../replica/source/followed.ts';
import type { SeedRequest, Side } from '../request.ts';
import { eventChecks } from './event-checks.ts';
import { type AlonePlan, hasPersist, unlikeNext, type Wanted } from './plan.ts';

export function aloneChecks(request: SeedRequest, target: Side): Finding[] {
  const attachment = attachmentOf(request, target);
  if (!attachment.ok || endingOf(request).catchesUp) return [];
  if (attachment.is !== 'alone') return leavesChecks(request, target);
  const { plan } = attachment;
  return [
    ...leavesChecks(request, target),
    ...momentChecks(request, target, plan),
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

function leavesChecks(request: SeedRequest, target: Side): Finding[] {
  const sources = leftSources(request, target);
  if (sources.length === 0) return [];
  return [judging(target).warn(`it replicates from ${sources.join(', ')} now, and will not any more`)];
}

/** Sources that it has now, except the primary of its set, which it keeps. */
function leftSources(request: SeedRequest, target: Side): readonly string[] {
  const { replication } = target.report;
  const channels = replication?.ok ? replication.value.channels : [];
  const primary = isAlone(request, target) ? undefined : request.targets[0];
  return channels
    .map((channel) => ({ channel, known: hostAt(serverNamedBy(channel), request.others) }))
    .filter(({ known }) => known === undefined || known.name !== primary?.host.name)
    .map(({ channel, known }) => known?.name ?? withPort(channel.sourceHost, channel.sourcePort));
}

/** Whether its replicas begin with the rows that it has. */
function momentChecks(request: SeedRequest, target: Side, { members }: AlonePlan): Finding[] {
  const { method, targets } = request;
  const { refuse } = judging(target);
  if (targets.length < endingOf(request).minTargets) {
    return [
      refuse(
        `a set needs a further target: ${target.host.name} would be its primary, and have no replica`,
        'name one; or seed it standalone',
      ),
    ];
  }
  if (members.length === 0 || !method.oneByOne) return [];
  return [
    refuse(
      `${method.name} gives one target after the other the data that the donor has by then: ${members.join(', ')} would have other rows than ${target.host.name}`,
      'copy a snapshot (--method lvm), or the files of a stopped donor (--stopped)',
    ),
  ];
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

/** Of these sentences, those about a target that replicates now. */
export const leavesSentences = (request: SeedRequest): string[] =>
  endingOf(request).catchesUp ? [] : request.targets.flatMap((target) => leavesOf(request, target));

function leavesOf(request: SeedRequest, target: Side): string[] {
  const left = leftSources(request, target);
  return left.length > 0 ? [`${target.host.name} will not replicate from ${left.join(', ')} any more`] : [];
}

/** For above the prompt. */
export function aloneSentences(request: SeedRequest): string[] {
  if (endingOf(request).catchesUp) return [];
  return request.targets.flatMap((target) => {
    const { host, report } = target;
    const { server, replication } = report;
    const channels = replication?.ok ? replication.value.channels : [];
    const leaves = leavesOf(request, target);
    if (!isAlone(request, target)) return leaves;
    const writes = server?.ok === true && !server.value.readOnly && channels.length === 0;
    const runs = request.events === true && mayHaveEvents(request);
    return [
      ...leaves,
      ...(writes ? [`${host.name} takes writes: what was written there goes`] : []),
      ...(runs ? [`the enabled events of ${request.donor.host.name} will run on ${host.name}`] : []),
    ];
  });
}
