// The plan of a seed that replaces the targets' data: what the method brings lies beside the old data, and is checked,
// before a server of a target is stopped; then each target starts on it, replicates, and catches up. Where there is no
// room for both, and the operator agreed (`clear`), the server is stopped and the old data deleted before.
import { stepCommandAt } from '../custom/named.ts';
import { commandSteps } from '../custom/plan.ts';
import { lockHost } from '../job/lock-step.ts';
import type { Plan, PlannedStep } from '../job/plan/plan.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';
import { startServer } from '../service/start-server.ts';
import { about } from '../text/about.ts';
import { proveReach } from './alone/prove-reach.ts';
import { aloneSteps } from './alone/steps.ts';
import { endingOf } from './ending.ts';
import { targetWord } from './place.ts';
import { lossOf } from './preflight/data/place-checks.ts';
import { spaceFor, takesOld } from './preflight/room.ts';
import { type Attachment, attachmentOf, followsStopped, isPrimaryUp, isSourceLate } from './replica/attachment.ts';
import type { AttachPlan } from './replica/plan.ts';
import { attachSteps, serverSteps } from './replica/steps.ts';
import type { SeedRequest, Side } from './request.ts';
import { deletionSteps } from './target/delete-by-command.ts';
import type { TargetPlan } from './target/target-plan.ts';
import { targetSteps } from './target/target-steps.ts';
import { openChannel } from './transfer/steps/open-channel.ts';
import { releaseDonor } from './transfer/steps/release-donor.ts';

/** How a method brings the data to the targets. */
export interface Transfer {
  /** Steps before anything is made on a target. */
  readonly before: readonly PlannedStep[];
  /**
   * Steps that fill the folder that was prepared on each target, and prove what lies in it: the next ones stop a
   * target's server, or swap the data where that was stopped before. `made`: the steps whose resources are released with the donor, the latest first.
   */
  bring(attached: readonly AttachPlan[]): {
    readonly steps: readonly PlannedStep[];
    readonly made: readonly PlannedStep[];
  };
}

export const rebuildKind = 'seed';

/** Whether it is the plan of a seed that replaces the targets' data, by whatever method. */
export const isSeed = (plan: Pick<Plan, 'kind'>): boolean => plan.kind === rebuildKind;

export function planRebuild(request: SeedRequest, transfer: Transfer): Planned {
  const { donor, targets, job, who } = request;
  const names = targets.map(({ host }) => host.name);
  const lanes = targets.map((target, index) =>
    laneOf(request, { target, attachment: attachmentOf(request, target) }, index),
  );
  const unnamed = lanes.find((lane) => !lane.ok);
  if (unnamed && !unnamed.ok) return unnamed;
  const ready = lanes.flatMap((lane) => (lane.ok ? [lane] : []));
  // The sources of the others can't be asked meanwhile, or there are none.
  const attached = ready.flatMap((lane) => (lane.attached && !lane.attached.source.isTarget ? [lane.attached] : []));
  const members = ready.flatMap((lane) => (lane.attached?.source.isTarget ? [lane.attached] : []));
  const { steps, made } = transfer.bring(attached);
  return {
    ok: true,
    plan: {
      kind: rebuildKind,
      title: `seed ${donor.host.name} → ${names.join(', ')}${endingOf(request).titled}`,
      hosts: [donor.host.name, ...names],
      destroys: ready.flatMap(({ destroys }) => destroys),
      steps: [
        lockHost.plan({ host: donor.host.name, datadir: donor.facts.datadir, job, who }),
        ...targets.map(({ host: { name }, facts: { datadir } }) =>
          lockHost.plan({ host: name, datadir, job, who, lane: name }),
        ),
        ...members.map((member) => proveReach.plan({ member, isUp: isPrimaryUp(request) })),
        ...transfer.before,
        ...ready.flatMap(({ before }) => before),
        ...steps,
        // The ports are not needed any more, and catching up may take hours.
        releaseDonor.plan({ donor: donor.host.name, made: [...ready.flatMap(({ channel }) => channel), ...made] }),
        ...(attached.some((plan) => followsStopped(request, plan)) ? restartOf(donor) : []),
        ...ready.flatMap(({ after }) => after),
      ],
    },
  };
}

interface Lane {
  readonly ok: true;
  /** Steps before the data is brought, and after it was proved. */
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
  /** Absent: it replicates from no host afterwards. */
  readonly attached?: AttachPlan;
  /** Empty: the method uses none. */
  readonly channel: readonly PlannedStep[];
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
  const end = endOf(request, attachment);
  const down = [steps.hold, ...steps.stop];
  const tooEarly = clears ? clearRefusal(request, target, end.late.length > 0) : undefined;
  if (tooEarly) return tooEarly;
  const afterCopy = afterCopySteps(request, target, index);
  if (!afterCopy.ok) return afterCopy;
  const deletion = deletionOf({ request, target, unit, index });
  if (!deletion.ok) return deletion;
  const loss = lossOf(target);
  const channel = request.method.usesChannel ? [openChannel.plan({ request, target, index })] : [];
  return {
    ok: true,
    channel,
    ...(attachment.is === 'replica' && { attached: attachment.plan }),
    before: [
      ...steps.remember,
      steps.prepare,
      ...end.early,
      ...channel,
      ...(clears ? [...end.beforeStop, ...down, ...deletion.steps, steps.clear] : []),
    ],
    after: [
      ...end.late,
      ...(clears ? [] : [...end.beforeStop, ...down]),
      steps.change,
      end.server.holdBack,
      end.server.proveFiles,
      ...afterCopy.steps,
      steps.free,
      end.server.start,
      end.server.proveData,
      ...end.become,
      steps.drop,
    ],
    destroys: loss === '' ? [] : [clears ? `${loss} before the copy${deletion.by}` : `${loss} once ${name} ${end.is}`],
  };
}

/** The steps of the inventory's command that deletes old data, and the end of the sentence about what is lost. */
const deletionOf = (plan: TargetPlan): ReturnType<typeof deletionSteps> =>
  takesOld(plan.request, plan.target) ? { ok: true, steps: [], by: ', which takes its files' } : deletionSteps(plan);

/** What a target is made once its data was proved, and what is tested for that before. */
interface End {
  /** Before anything is brought; or once it is there, since its source is not ready before. */
  readonly early: readonly PlannedStep[];
  readonly late: readonly PlannedStep[];
  /** Before its server is stopped. */
  readonly beforeStop: readonly PlannedStep[];
  readonly server: ReturnType<typeof serverSteps>;
  readonly become: readonly PlannedStep[];
  /** `has caught up` */
  readonly is: string;
}

function endOf(request: SeedRequest, attachment: Extract<Attachment, { ok: true }>): End {
  if (attachment.is === 'alone') {
    const server = serverSteps(attachment.plan);
    const become = aloneSteps(attachment.plan);
    return { early: [], late: [], beforeStop: [], server, become, is: 'runs on its own' };
  }
  const { awaitPrimary, proveAccount, checkSource, stands, attach, catchUp, ...server } = attachSteps(attachment.plan);
  // A source that is down accepts no login: the login is tested once it runs.
  const isLate = isSourceLate(request, attachment.plan);
  return {
    early: isLate ? [] : [proveAccount],
    late: isLate ? [...awaitPrimary, proveAccount] : [],
    beforeStop: checkSource,
    server,
    become: [...stands, attach, catchUp],
    is: 'has caught up',
  };
}

/** Why its old data can't be deleted before the copy. `late`: whether the donor is started only after it. */
function clearRefusal(request: SeedRequest, { host: { name } }: Side, late: boolean) {
  const { donor, method } = request;
  if (late && !endingOf(request).catchesUp) {
    return refusal(
      `${name}: its old data would be deleted before the primary of its set runs on the new data`,
      'give it room for both; or seed it alone (--standalone)',
    );
  }
  if (late) {
    return refusal(
      `${name}: its old data would be deleted before it is known that it can log in at ${donor.host.name}, which is down`,
      'give it room for both, or start the donor and copy a snapshot of it',
    );
  }
  if (method.notResumed) {
    return refusal(
      `${name}: its old data would be deleted before a copy by ${method.name}, which is not resumed after a break`,
      'give it room for both, or seed it by another method',
    );
  }
  if (!method.start(request).comesWithData) return undefined;
  return refusal(
    `${name}: its old data would be deleted before it is known where the new data begins: ${method.name} tells that at its end`,
    'give it room for both, or seed it by another method',
  );
}

/** The command of the inventory between the copy and the start, if it has one. */
function afterCopySteps({ job }: SeedRequest, { host, report, facts }: Side, index: number) {
  const command = stepCommandAt(host, 'afterCopy');
  if (!command) return { ok: true, steps: [] } as const;
  const values = { directory: facts.datadir };
  return commandSteps({ command, host, report, job, values, lane: host.name, role: `custom-${targetWord(index)}` });
}

/** A primary that was stopped for the copy is started before a target replicates from it. */
function restartOf({ host, report }: Side): PlannedStep[] {
  const { service } = report;
  const unit = service?.ok ? service.value.unit : undefined;
  return unit === undefined ? [] : [startServer.plan({ host, report, unit })];
}
