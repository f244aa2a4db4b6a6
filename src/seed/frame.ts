// The plan of a seed: the data of a snapshot goes from a donor to one or several targets, and each becomes a replica.
//
// Rooms: preflight/ (the checks before), methods/ (what is read on the donor, and its coordinates), transfer/ (how the
// data is copied), target/ (the swap of old and new data), replica/ (the start on the new data, attaching and catching
// up). Plans come from facts; only running steps, which steps.ts lists, ask a host.
import { lockHost } from '../job/lock-step.ts';
import type { Plan, PlannedStep } from '../job/plan/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { startServer } from '../service/start-server.ts';
import { about } from '../text/about.ts';
import { planReattach } from './methods/binlog/plan.ts';
import { methodOf } from './methods/methods.ts';
import { lossOf } from './preflight/data/place-checks.ts';
import type { Finding } from './preflight/finding.ts';
import { isRefused } from './preflight/preflight.ts';
import { spaceFor } from './preflight/room.ts';
import { type Attachment, attachmentOf, followsStopped } from './replica/attachment.ts';
import type { AttachPlan } from './replica/plan.ts';
import { attachSteps } from './replica/steps.ts';
import type { SeedRequest, Side } from './request.ts';
import { targetSteps } from './target/target-steps.ts';
import { copyData } from './transfer/steps/copy-data.ts';
import { listData } from './transfer/steps/list-data.ts';
import { makeSums } from './transfer/steps/make-sums.ts';
import { openChannel } from './transfer/steps/open-channel.ts';
import { releaseDonor } from './transfer/steps/release-donor.ts';
import { verifyData } from './transfer/steps/verify-data.ts';

const kind = 'seed';

/** Whether it is the plan of a seed, by whatever method. */
export const isSeed = (plan: Pick<Plan, 'kind'>): boolean => plan.kind === kind;

/** `findings` are the preflight's: if one of them refuses, there is no plan. */
export function planSeed(request: SeedRequest, findings: readonly Finding[]): Planned {
  const { donor, targets, job, who } = request;
  const names = targets.map(({ host }) => host.name);
  for (const { host } of request.reattach ? targets : [donor, ...targets]) {
    const refused = readOnlyRefusal(host);
    if (refused) return refused;
  }
  if (isRefused(findings)) {
    const [first] = findings.filter(({ level }) => level === 'refuse');
    return refusal(about(first?.host ?? '', first?.text ?? ''), first?.advice ?? '');
  }
  if (request.reattach) return planReattach(request);
  const attachments = targets.map((target) => ({ target, attachment: attachmentOf(request, target) }));
  const follows = attachments.flatMap(({ attachment }) => (attachment.ok ? [attachment.plan.follow] : []));
  const source = methodOf(request).source(request, follows);
  if (!source.ok) return source;
  const lanes = attachments.map((attachment, index) => laneOf(request, attachment, index));
  const unnamed = lanes.find((lane) => !lane.ok);
  if (unnamed && !unnamed.ok) return unnamed;
  const ready = lanes.flatMap((lane) => (lane.ok ? [lane] : []));
  const read = { request, read: source };
  const [list, sums] = [listData.plan(read), makeSums.plan(read)];
  const copying = { request, ...source, attached: ready.map(({ attached }) => attached) };
  const copy = copyData.plan(copying);
  const plan: Plan = {
    kind,
    title: `seed ${donor.host.name} → ${names.join(', ')}`,
    hosts: [donor.host.name, ...names],
    destroys: ready.flatMap(({ destroys }) => destroys),
    steps: [
      lockHost.plan({ host: donor.host.name, datadir: donor.facts.datadir, job, who }),
      ...targets.map(({ host: { name }, facts: { datadir } }) =>
        lockHost.plan({ host: name, datadir, job, who, lane: name }),
      ),
      ...source.before,
      list,
      sums,
      ...ready.flatMap(({ before }) => before),
      copy,
      verifyData.plan(copying),
      ...source.after,
      // The ports are not needed any more, and catching up may take hours.
      releaseDonor.plan({
        donor: donor.host.name,
        made: [...ready.map(({ channel }) => channel), copy, sums, list, ...source.made],
      }),
      ...(ready.some(({ attached }) => followsStopped(request, attached)) ? restartOf(donor) : []),
      ...ready.flatMap(({ after }) => after),
    ],
  };
  return { ok: true, plan };
}

interface Lane {
  readonly ok: true;
  /** Steps before the copy, and steps after the comparison. */
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
  readonly attached: AttachPlan;
  readonly channel: PlannedStep;
  /** A sentence, if there is data to lose. */
  readonly destroys: readonly string[];
}

interface Attached {
  readonly target: Side;
  readonly attachment: Attachment;
}

function laneOf(
  request: SeedRequest,
  { target, attachment }: Attached,
  index: number,
): Lane | Extract<Planned, { ok: false }> {
  const { name } = target.host;
  const { service } = target.report;
  const unit = service?.ok ? service.value.unit : undefined;
  if (unit === undefined)
    return refusal(`${name} has no unit of a MySQL or MariaDB`, 'where it has another name, set mysql.service');
  const steps = targetSteps({ request, target, unit, index });
  const room = spaceFor(request, target);
  const clears = room.known && room.kind === 'clear';
  if (!attachment.ok) return refusal(about(name, attachment.text), attachment.advice);
  const attaching = attachSteps(attachment.plan);
  const down = [steps.hold, ...steps.stop];
  // A source that is down accepts no login: the login is tested once it runs again.
  const late = followsStopped(request, attachment.plan);
  if (late && clears) {
    return refusal(
      `${name}: its old data would be deleted before it is known that it can log in at ${request.donor.host.name}, which is down`,
      'give it room for both, or start the donor and copy a snapshot of it',
    );
  }
  const loss = lossOf(target);
  const channel = openChannel.plan({ request, target, index });
  return {
    ok: true,
    channel,
    attached: attachment.plan,
    before: [
      ...steps.remember,
      steps.prepare,
      ...(late ? [] : [attaching.proveAccount]),
      channel,
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

/** A primary that was stopped for the copy is started before a target replicates from it. */
function restartOf({ host, report }: Side): PlannedStep[] {
  const { service } = report;
  const unit = service?.ok ? service.value.unit : undefined;
  return unit === undefined ? [] : [startServer.plan({ host, report, unit })];
}
