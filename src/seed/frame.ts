// The plan of a seed: a datadir goes from a donor to one or several targets, as a snapshot has it, and each becomes a replica.
//
// Rooms: preflight/ (what is looked at before), methods/ (what is read on the donor, and where it stands), transfer/ (how it gets over),
// target/ (old and new data change places), replica/ (started on the new data, and attached). Plans come from facts; only works, which
// steps.ts lists, ask a host.
import { lockStep } from '../job/lock-step.ts';
import type { Plan, PlannedStep } from '../job/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../job/refusal.ts';
import { serviceStep } from '../service/plan.ts';
import { about } from '../text/about.ts';
import { methodOf } from './methods/methods.ts';
import { lossOf } from './preflight/data/place-checks.ts';
import type { Finding } from './preflight/finding.ts';
import { isRefused } from './preflight/preflight.ts';
import { roomFor } from './preflight/room.ts';
import { type Attachment, attachmentOf, followsStopped } from './replica/attachment.ts';
import type { AttachPlan } from './replica/plan.ts';
import { attachSteps } from './replica/steps.ts';
import type { SeedWish, Side } from './request.ts';
import { targetSteps } from './target/target-steps.ts';
import { channelStep } from './transfer/channel-step.ts';
import { copySteps, releaseDonorStep } from './transfer/copy-steps.ts';
import { listStep, sumsStep } from './transfer/list-steps.ts';

/** `findings` are the preflight's: with one that refuses, there is no plan. */
export function planSeed(wish: SeedWish, findings: readonly Finding[]): Planned {
  const { donor, targets } = wish;
  const names = targets.map(({ host }) => host.name);
  for (const { host } of [donor, ...targets]) {
    const refused = readOnlyRefusal(host);
    if (refused) return refused;
  }
  if (isRefused(findings)) {
    const [first] = findings.filter(({ level }) => level === 'refuse');
    return refusal(about(first?.host ?? '', first?.text ?? ''), first?.advice ?? '');
  }
  const attachments = targets.map((target) => ({ target, attachment: attachmentOf(wish, target) }));
  const follows = attachments.flatMap(({ attachment }) => (attachment.ok ? [attachment.plan.follow] : []));
  const source = methodOf(wish).source(wish, follows);
  if (!source.ok) return source;
  const lanes = attachments.map((attachment, index) => laneOf(wish, attachment, index));
  const unnamed = lanes.find((lane) => !lane.ok);
  if (unnamed && !unnamed.ok) return unnamed;
  const ready = lanes.flatMap((lane) => (lane.ok ? [lane] : []));
  const plan: Plan = {
    kind: 'seed',
    title: `seed ${donor.host.name} → ${names.join(', ')}`,
    hosts: [donor.host.name, ...names],
    destroys: ready.flatMap(({ destroys }) => destroys),
    steps: [
      lockStep(donor.host.name, donor.facts.datadir, wish.job, wish.who),
      ...targets.map(({ host, facts }) => ({
        ...lockStep(host.name, facts.datadir, wish.job, wish.who),
        lane: host.name,
      })),
      ...source.before,
      listStep(wish, source),
      sumsStep(wish, source),
      ...ready.flatMap(({ before }) => before),
      ...copySteps({ wish, ...source, attached: ready.map(({ attached }) => attached) }),
      ...source.after,
      // The ports are not needed any more, and catching up may take hours.
      releaseDonorStep(wish, [...names.map((name) => `channel ${name}`), 'copy', 'sums', 'list', ...source.made]),
      ...(ready.some(({ attached }) => followsStopped(wish, attached)) ? restartOf(donor) : []),
      ...ready.flatMap(({ after }) => after),
    ],
  };
  return { ok: true, plan };
}

interface Lane {
  readonly ok: true;
  /** Before the copy, and after the comparison. */
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
  readonly attached: AttachPlan;
  /** A sentence, where there is something to lose. */
  readonly destroys: readonly string[];
}

interface Attached {
  readonly target: Side;
  readonly attachment: Attachment;
}

function laneOf(
  wish: SeedWish,
  { target, attachment }: Attached,
  index: number,
): Lane | Extract<Planned, { ok: false }> {
  const { name } = target.host;
  const { service } = target.report;
  const unit = service?.ok ? service.value.unit : undefined;
  if (unit === undefined)
    return refusal(`${name} has no unit of a MySQL or MariaDB`, 'where it has another name, set mysql.service');
  const steps = targetSteps({ wish, target, unit, index });
  const room = roomFor(wish, target);
  const clears = room.known && room.kind === 'clear';
  if (!attachment.ok) return refusal(about(name, attachment.text), attachment.advice);
  const attaching = attachSteps(attachment.plan);
  const down = [steps.hold, ...steps.stop];
  // A source that is down takes no login: it is proved once it runs again.
  const late = followsStopped(wish, attachment.plan);
  if (late && clears) {
    return refusal(
      `${name}: its old data would be deleted before it is known that it can log in at ${wish.donor.host.name}, which is down`,
      'give it room for both, or start the donor and copy a snapshot of it',
    );
  }
  const loss = lossOf(target);
  return {
    ok: true,
    attached: attachment.plan,
    before: [
      ...steps.remember,
      steps.prepare,
      ...(late ? [] : [attaching.proveAccount]),
      channelStep(wish, target, index),
      ...(clears ? [...attaching.checkSource, ...down, steps.clear] : []),
    ],
    after: [
      ...(late ? [attaching.proveAccount] : []),
      ...(clears ? [] : [...attaching.checkSource, ...down]),
      steps.change,
      attaching.holdBack,
      attaching.proveFiles,
      steps.free,
      attaching.start,
      attaching.proveData,
      ...attaching.stands,
      attaching.attach,
      attaching.catchUp,
      steps.drop,
    ],
    destroys: loss === '' ? [] : [clears ? `${loss} before the copy` : `${loss} once ${name} has caught up`],
  };
}

/** A primary that was stopped for the copy runs again before a target replicates from it. */
function restartOf(donor: Side): PlannedStep[] {
  const { service } = donor.report;
  const unit = service?.ok ? service.value.unit : undefined;
  return unit === undefined ? [] : [serviceStep('start', donor, unit)];
}
