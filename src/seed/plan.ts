// The plan of a seed: a datadir goes from a donor to one or several targets, as a snapshot has it, and each becomes a replica.
//
// Lives in this room: what is looked at before (preflight.ts and the checks), the steps (…-steps.ts), their works (works/), and how
// a server is started on copied data and made a replica (attach/). Plans come from facts; nothing but works/ asks a host.
import { posix } from 'node:path';
import type { LogicalVolume } from '../host/facts.ts';
import { marksOf } from '../host/snapshots.ts';
import { lockStep } from '../job/lock-step.ts';
import type { Plan, PlannedStep } from '../job/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../job/refusal.ts';
import { planSnapshot } from '../snapshot/create.ts';
import type { GuardedSnapshot } from '../snapshot/guard.ts';
import { mountFolder, mountStep, type SnapshotName } from '../snapshot/manage.ts';
import { shortSize } from '../text/amounts.ts';
import { attachSteps } from './attach/steps.ts';
import { attachmentOf, coordinatesStep } from './attachment.ts';
import { channelStep } from './channel-step.ts';
import { copySteps, releaseDonorStep } from './copy-steps.ts';
import { listStep, sumsStep } from './donor-steps.ts';
import type { Finding } from './finding.ts';
import { command } from './place.ts';
import { isRefused } from './preflight.ts';
import { roomFor } from './room.ts';
import { targetSteps } from './target-steps.ts';
import type { SeedWish, Side } from './wish.ts';

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
    return refusal(`${first?.host}: ${first?.text}`, first?.advice ?? '');
  }
  const source = sourceOf(wish);
  if (!source.ok) return source;
  const lanes = targets.map((target, index) => laneOf(wish, target, index));
  const unnamed = lanes.find((lane) => !lane.ok);
  if (unnamed && !unnamed.ok) return unnamed;
  const ready = lanes.flatMap((lane) => (lane.ok ? [lane] : []));
  const root = posix.join(source.mounted, source.inside);
  const copying = copySteps({ wish, root, snapshot: source.guarded, mount: commandOf(source.mount, 'run') });
  const plan: Plan = {
    kind: 'seed',
    title: `seed ${donor.host.name} → ${names.join(', ')}`,
    hosts: [donor.host.name, ...names],
    destroys: ready.flatMap(({ destroys }) => destroys),
    steps: [
      lockStep(donor.host.name, wish.job, wish.who),
      ...targets.map(({ host }) => ({ ...lockStep(host.name, wish.job, wish.who), lane: host.name })),
      ...source.steps,
      source.mount,
      listStep(wish, root),
      sumsStep(wish, root),
      ...ready.flatMap(({ before }) => before),
      ...copying,
      releaseDonorStep(wish, [
        'copy',
        'sums',
        'list',
        source.mount.name,
        ...(source.taken && !wish.keepSnapshot ? [source.taken] : []),
      ]),
      ...ready.flatMap(({ after }) => after),
    ],
  };
  return { ok: true, plan };
}

interface Source {
  readonly ok: true;
  /** Takes the snapshot, where none was named. */
  readonly steps: readonly PlannedStep[];
  /** The name of that step. */
  readonly taken?: string;
  readonly mount: PlannedStep;
  readonly mounted: string;
  /** The datadir's path below the volume's root. */
  readonly inside: string;
  readonly guarded: GuardedSnapshot;
}

function sourceOf(wish: SeedWish): Source | Extract<Planned, { ok: false }> {
  const { donor, snapshot, job, who, nowMs, keepSnapshot } = wish;
  const { disk, lvm } = donor.report;
  if (!disk?.ok || !lvm?.ok) return refusal(`the disks of ${donor.host.name} are not known`, '');
  const inside = posix.relative(disk.value.mountPoint, donor.facts.datadir);
  if (inside.startsWith('..')) return refusal(`${donor.facts.datadir} is not below ${disk.value.mountPoint}`, '');
  const named = (name: SnapshotName) => ({
    mount: mountStep(donor.host, name, 'release'),
    mounted: mountFolder(donor.host, name),
    inside,
  });
  if (snapshot) {
    const origin = snapshot.origin ?? '';
    const originBytes = lvm.value.volumes.find(({ volume }) => volume === origin)?.sizeBytes ?? 0;
    const sizes = snapshot.kind === 'snapshot' && { sizes: { bytes: snapshot.sizeBytes, originBytes } };
    const { group, volume, uuid } = snapshot;
    return {
      ok: true,
      steps: proved(donor.host.name, snapshot),
      ...named(snapshot),
      guarded: { group, volume, uuid, origin, job: '', ...sizes },
    };
  }
  const planned = planSnapshot({ host: donor.host, report: donor.report, job, who, nowMs });
  if (!planned.ok) return planned;
  const take = planned.plan.steps.at(-1);
  if (!take?.acquires) throw new Error('the plan of a snapshot does not end with the snapshot');
  const { group, volume, origin } = take.input;
  const name = { group: String(group), volume: String(volume), uuid: '', origin: String(origin) };
  const bytes = Number(take.commands.take?.args[4]);
  const originBytes = lvm.value.volumes.find((one) => one.volume === name.origin)?.sizeBytes ?? 0;
  return {
    ok: true,
    steps: [{ ...take, acquires: { ...take.acquires, whenDone: keepSnapshot ? 'keep' : 'release' } }],
    taken: take.name,
    ...named(name),
    guarded: { ...name, job, ...(bytes > 0 && { sizes: { bytes, originBytes } }) },
  };
}

/** What the snapshot's own job wrote down of it; one that somebody else made has nothing to read. */
function proved(host: string, snapshot: LogicalVolume): PlannedStep[] {
  const { group, volume, uuid, origin = '' } = snapshot;
  if (!marksOf(snapshot).proved) return [];
  return [
    {
      name: coordinatesStep,
      title: `read where ${host} stood when ${group}/${volume} was taken`,
      host,
      work: 'seed-coordinates',
      input: {},
      commands: { run: command(host, 'snapshot', ['coordinates', group, volume, uuid, origin, '']) },
    },
  ];
}

interface Lane {
  readonly ok: true;
  /** Before the copy, and after the comparison. */
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
  /** A sentence, where there is something to lose. */
  readonly destroys: readonly string[];
}

function laneOf(wish: SeedWish, target: Side, index: number): Lane | Extract<Planned, { ok: false }> {
  const { name } = target.host;
  const { service } = target.report;
  const unit = service?.ok ? service.value.unit : undefined;
  if (unit === undefined)
    return refusal(`${name} has no unit of a MySQL or MariaDB`, 'where it has another name, set mysql.service');
  const steps = targetSteps({ wish, target, unit });
  const room = roomFor(wish, target);
  const clears = room.known && room.kind === 'clear';
  const attachment = attachmentOf(wish, target);
  if (!attachment.ok) return refusal(`${name}: ${attachment.text}`, attachment.advice);
  const attaching = attachSteps(attachment.plan);
  const down = [steps.hold, ...steps.stop];
  const old = `${shortSize(target.facts.dataBytes ?? 0)} in ${target.facts.datadir} on ${name}`;
  return {
    ok: true,
    before: [
      ...steps.remember,
      steps.prepare,
      attaching.proveAccount,
      channelStep(wish, target, index),
      ...(clears ? [...down, steps.clear] : []),
    ],
    after: [
      ...(clears ? [] : down),
      steps.change,
      attaching.holdBack,
      steps.free,
      attaching.start,
      attaching.attach,
      attaching.catchUp,
      steps.drop,
    ],
    destroys:
      target.facts.dataBytes === 0
        ? []
        : [clears ? `${old} is deleted before the copy` : `${old} is deleted once ${name} has caught up`],
  };
}

function commandOf(step: PlannedStep, key: string) {
  const command = step.commands[key];
  if (!command) throw new Error(`${step.name} has no command ${key}`);
  return command;
}
