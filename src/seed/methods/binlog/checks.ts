// What has to be so for a target to go on from its own data; and whether a target that is to be seeded need not be.
import { withPort } from '../../../text/address.ts';
import { lockChecks } from '../../preflight/data/datadir-checks.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { clusterChecks } from '../../preflight/identity/cluster-checks.ts';
import { identityChecks, reachChecks } from '../../preflight/identity/identity-checks.ts';
import { versionOf } from '../../preflight/identity/versions.ts';
import { accountChecks } from '../../preflight/replication/account-checks.ts';
import { sourceVersionFinding } from '../../preflight/replication/source-version.ts';
import { askedPlan, replicaAttachment, replicaPlan } from '../../replica/attachment.ts';
import { keptText } from '../../replica/kept/kept.ts';
import { channelText } from '../../replica/kept/kept-channels.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import type { SourceLook } from '../../replica/source/origin.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Errant, errantAdvice, errantText, showAdvice } from './errant.ts';
import { countText, type History, historyOf } from './history.ts';
import { type Injection, lostBy, notInjectable, withInjected } from './injection.ts';
import { passedBy } from './passed-by.ts';

export function reattachChecks(request: SeedRequest, target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const attachment = replicaAttachment(request, target);
  return [
    ...identityChecks(request, target),
    ...reachChecks(target),
    ...lockChecks(target, request.openJobs),
    ...target.facts.half.map((left) => refuse(`another seed left its data here: ${left}`, 'abort that job first')),
    ...target.facts.gone.map((left) =>
      refuse(`its data is not whole: a seed gave up the old here: ${left}`, 'seed it by a method that copies'),
    ),
    ...clusterChecks(target),
    ...serverChecks(target),
    ...channelChecks(request, target),
    ...sourceVersionFinding(request, target),
    attachment.ok ? pass(attachment.text) : refuse(attachment.text, attachment.advice),
    ...accountChecks(request, target),
    ...(attachment.ok ? donorChecks(request, target, attachment.plan) : []),
    ...stoppedFindings(target),
    ...(attachment.ok && mayTell(request, target) ? historyFindings(request, target, attachment.plan) : []),
    ...passedByFindings(request, target),
  ];
}

/** What a server has is told where it answers, and compared where both are of one vendor: the rest is refused above. */
function mayTell({ donor }: SeedRequest, target: Side): boolean {
  const [given, taken] = [versionOf(donor), versionOf(target)];
  return target.report.server?.ok === true && (!given || !taken || given.vendor === taken.vendor);
}

/** Why its applier stopped: at the same event it would stop again. undefined: nothing tells that. */
function stoppedBy({ report: { replication } }: Side): string | undefined {
  const channels = replication?.ok ? replication.value.channels : [];
  const { errorNumber, applierError } = channels.find((channel) => channel.applierError !== undefined) ?? {};
  return applierError === undefined ? undefined : `${errorNumber ?? '?'}: ${applierError}`;
}

function stoppedFindings(target: Side): Finding[] {
  const why = stoppedBy(target);
  if (why === undefined) return [];
  return [
    judging(target).warn(
      `its applier stopped with ${why}; it comes to the same event again`,
      'mend the cause first, or seed it by a method that copies',
    ),
  ];
}

/** The donor only names the source: one without data, or that does not answer, names none. */
function donorChecks({ donor }: SeedRequest, { host }: Side, { source }: AttachPlan): Finding[] {
  if (donor.report.server?.ok || source.known?.name === donor.host.name) return [];
  const name = source.known?.name ?? source.host;
  return [
    judging(donor).refuse(
      `the server of ${donor.host.name} does not answer, and nothing of it would come to ${host.name}: it is ${name} that ${host.name} would replicate from`,
      `if that is meant: reseed seed ${name} ${host.name} --method binlog`,
    ),
  ];
}

/** Of the source that a target will have, if it told. */
function passedByOf(request: SeedRequest, target: Side): { readonly name: string; readonly what: string } | undefined {
  const plan = askedPlan(request, target);
  const look = plan && lookOf(request, plan);
  if (!look || typeof look === 'string') return undefined;
  const what = passedBy(request, target, look).join(', ');
  return what === '' ? undefined : { name: look.name, what };
}

function passedByFindings(request: SeedRequest, target: Side): Finding[] {
  const passed = passedByOf(request, target);
  if (!passed) return [];
  return [
    judging(target).warn(
      `${passed.name} leaves rows out (${passed.what}): ${target.host.name} gets their GTIDs without them, and nothing brings them later`,
      'name a source that leaves nothing out (--follow), or take that out of its options first',
    ),
  ];
}

/** For above the prompt. */
export const passedBySentences = (request: SeedRequest): string[] =>
  request.targets.flatMap((target) => {
    const passed = passedByOf(request, target);
    if (!passed) return [];
    return [
      `${target.host.name} will lack the rows that ${passed.name} leaves out (${passed.what}), and nothing brings them later`,
    ];
  });

function serverChecks(target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const { host, report } = target;
  const { server } = report;
  if (!server?.ok) {
    return [
      refuse(
        `its server does not tell what it has: ${server?.why ?? 'not answered yet'}`,
        `reseed start ${host.name}, or seed it by a copy: leave out --method binlog`,
      ),
    ];
  }
  if (server.value.readOnly) return [pass('it is read_only: no client writes there')];
  return [
    refuse(
      `${host.name} takes writes (read_only is off)`,
      `once no client writes there: SET GLOBAL read_only = ON on ${host.name}, and plan again`,
    ),
  ];
}

/** What it is as a replica stays: an undo has to know it. */
function channelChecks({ asked }: SeedRequest, target: Side): Finding[] {
  const { pass, refuse, unknown } = judging(target);
  const { host, report } = target;
  const kept = asked?.replicas?.[host.name];
  if (kept === undefined) {
    return asked?.targets?.[host.name]
      ? [pass('it replicates from no host, and would again where the job is undone')]
      : [unknown('what it replicates from now is not known')];
  }
  if (typeof kept === 'string') {
    return [
      refuse(`what ${host.name} is as a replica is not known: ${kept}`, 'let reseed log in (mysql.defaultsFile)'),
    ];
  }
  const [further] = kept.further;
  if (further) {
    return [
      refuse(
        `${host.name} has a further channel, ${channelText(further)}: whether a transaction of its own is errant can't be told`,
        'seed it by a copy: leave out --method binlog',
      ),
    ];
  }
  const channel = report.replication?.ok ? report.replication.value.channels[0] : undefined;
  const now = channel
    ? `replicates from ${withPort(channel.sourceHost, channel.sourcePort)} now (receiver ${channel.ioThread}, applier ${channel.sqlThread}), `
    : '';
  return [pass(`${now}stays as a replica what it is: ${keptText(kept) || 'all as by default'}`)];
}

function historyFindings(request: SeedRequest, target: Side, plan: AttachPlan): Finding[] {
  const { pass, warn, refuse } = judging(target);
  const name = plan.source.known?.name ?? plan.source.host;
  const history = historyAsked(request, target, plan);
  if (typeof history === 'string') {
    return [refuse(`whether ${name} has what ${target.host.name} lacks is not known: ${history}`, 'let reseed ask it')];
  }
  const goesOn = (lacking: number) => pass(`${lacksText(lacking)} that ${name} still has; nothing is copied`);
  if (history.is === 'refused') return [refuse(history.why, history.advice)];
  if (history.is === 'whole') return [goesOn(history.lacking)];
  const errant = errantOf(request, target, { plan, gtids: history.gtids });
  const look = lookOf(request, plan);
  const isTold = plan.vendor === 'mysql' && typeof look === 'object';
  // Numbers of a server that runs: it gives them to other transactions.
  const lost = isTold ? lostBy(request, target.host.name, look, history.gtids) : undefined;
  const text = errantText(errant) + (lost === undefined ? '' : `; ${lost}`);
  if (!request.injectEmpty) return [refuse(text, errantAdvice(errant))];
  const injected = injectedInto(request, target, plan);
  if (injected === undefined) return [refuse(text, errantAdvice(errant))];
  if ('why' in injected) {
    return [refuse(injected.why === lost ? text : `${text}; ${injected.why}`, injected.advice)];
  }
  return [warn(`${text}; they are written there as empty ones`, showAdvice(errant)), goesOn(injected.lacking)];
}

type Injected = Injection & { readonly lacking: number };

/** What its source gets to hold; `why`: it can't; undefined: the target has nothing of its own, or that is not asked for. */
function injectedInto(
  request: SeedRequest,
  target: Side,
  plan: AttachPlan,
): Injected | { readonly why: string; readonly advice: string } | undefined {
  const own = request.asked?.targets?.[target.host.name];
  const { known } = plan.source;
  const look = lookOf(request, plan);
  if (!request.injectEmpty || !own || !known || !look || typeof look === 'string') return undefined;
  const history = historyOf(plan.vendor, target.host.name, own, look);
  if (history.is !== 'errant') return undefined;
  const { gtids } = history;
  const trouble = notInjectable(request, plan, look, gtids);
  if (trouble) return trouble;
  const after = historyOf(plan.vendor, target.host.name, own, withInjected(look, gtids));
  if (after.is === 'refused') return after;
  if (after.is === 'errant') return { why: `${known.name} could not hold them: ${after.gtids}`, advice: '' };
  return { source: known, target: target.host.name, gtids, lacking: after.lacking };
}

/** For a plan whose preflight has passed. */
export function injectionFor(request: SeedRequest, target: Side, plan: AttachPlan): Injection | undefined {
  const injected = injectedInto(request, target, plan);
  return injected === undefined || 'why' in injected ? undefined : injected;
}

/** What is written on a source and stays there, each as a sentence. */
export const injectSentences = (request: SeedRequest): string[] =>
  request.targets.flatMap((target) => {
    const plan = replicaPlan(request, target);
    const injection = plan && injectionFor(request, target, plan);
    if (!injection) return [];
    const { source, gtids } = injection;
    return [
      `${source.name} gets ${countText('mysql', gtids)} without content under ${gtids}, and so do all its replicas: that can not be undone, and what they did stays on ${target.host.name} alone`,
    ];
  });

/** What the source told; a text says why not. undefined: it was not asked, or is not in the inventory. */
const lookOf = ({ asked }: SeedRequest, { source }: AttachPlan): SourceLook | string | undefined =>
  source.known && asked?.sources[source.known.name];

const lacksText = (lacking: number) =>
  lacking === 0 ? 'lacks no transaction' : `lacks ${lacking} transaction${lacking === 1 ? '' : 's'}`;

function errantOf(
  { donor }: SeedRequest,
  { host, facts }: Side,
  { plan, gtids }: { readonly plan: AttachPlan; readonly gtids: string },
): Errant {
  const logs = facts.places.find(({ kind }) => kind === 'binlog')?.path;
  return {
    vendor: plan.vendor,
    target: host.name,
    source: plan.source.known?.name ?? plan.source.host,
    donor: donor.host.name,
    gtids,
    ...(logs !== undefined && { logs }),
  };
}

/** A text says why it is not known. */
function historyAsked(request: SeedRequest, { host }: Side, plan: AttachPlan): History | string {
  const own = request.asked?.targets?.[host.name];
  if (own === undefined) return `${host.name} was not asked, or did not answer`;
  const look = lookOf(request, plan);
  if (look === undefined) return plan.source.known ? 'it was not asked' : 'it is not in the inventory';
  return typeof look === 'string' ? look : historyOf(plan.vendor, host.name, own, look);
}

/** Of a seed by a copy: the targets that would catch up on the data that they have. `saves`: what is saved then, in words. */
export function needlessChecks(request: SeedRequest, saves: string): Finding[] {
  return request.targets.flatMap((target) => {
    const plan = askedPlan(request, target);
    const { report } = target;
    const isReplica = report.server?.ok === true && report.server.value.readOnly;
    if (!plan || !isReplica || stoppedBy(target) !== undefined) return [];
    const history = historyAsked(request, target, plan);
    if (typeof history === 'string' || history.is !== 'whole' || passedByOf(request, target)) return [];
    const name = plan.source.known?.name ?? plan.source.host;
    return [
      judging(target).warn(
        `copying is not needed: ${lacksText(history.lacking)} that ${name} still has (${saves})`,
        'use --method binlog',
      ),
    ];
  });
}
