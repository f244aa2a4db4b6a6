// The steps that are everybody's: the copy to all targets at once, and the comparison of what came with what was sent.
import type { Plan, PlannedCommand, PlannedStep } from '../../job/plan.ts';
import { guardCommands } from '../../snapshot/guard.ts';
import type { DataSource } from '../methods/method.ts';
import {
  command,
  compareRole,
  dataWords,
  donorFolder,
  knowledgeFolder,
  pollCommand,
  targetWord,
  unitCommands,
} from '../place.ts';
import type { AttachPlan } from '../replica/plan.ts';
import { laneSources } from '../replica/source/lane-sources.ts';
import type { SeedWish } from '../request.ts';
import { channelCommands, relayedTargets, relayScripts } from './channel-step.ts';
import { reminderCommands, sumProgram } from './list-steps.ts';

/** A target that takes nothing for so long is given up; a network that is away for less costs nothing but time. */
const patienceSeconds = 120;
const mostStreams = 4;
const sumsDeadlineMs = 10 * 60_000;

interface CopyPlan extends Pick<DataSource, 'root' | 'reader' | 'beside' | 'snapshot'> {
  readonly wish: SeedWish;
  /** What each target is attached by. */
  readonly attached?: readonly AttachPlan[];
}

export function copySteps(plan: CopyPlan): PlannedStep[] {
  const { wish, attached = [] } = plan;
  const { donor, targets, job } = wish;
  const { name } = donor.host;
  const names = targets.map(({ host }) => host.name);
  const sources = laneSources(attached);
  const moving = { ...movingCommands(plan), ...sources.commands };
  const input = { targets: names, patienceSeconds, relayed: relayedTargets(wish), ...sources.input };
  return [
    {
      name: 'copy',
      title: `copy ${name} → ${names.join(', ')}`,
      host: name,
      work: 'seed-copy',
      input,
      scripts: relayScripts(wish),
      commands: moving,
      acquires: {
        what: `the copy that ${name} sends (unit reseed-${job}-send)`,
        release: 'send end',
        whenDone: 'release',
      },
    },
    {
      name: 'verify',
      title: `compare checksums: ${names.join(', ')} with ${name}`,
      host: name,
      work: 'seed-verify',
      input,
      scripts: relayScripts(wish),
      commands: { ...moving, ...verifyCommands(wish) },
    },
  ];
}

/** Where the operator gives no number: as many as both sides have CPUs for. */
export const streamsFor = (cpus: readonly number[]): number =>
  Math.min(mostStreams, ...cpus.map((count) => Math.max(2, count)));

/** What the copy needs, also to send again what the comparison found wrong. */
function movingCommands({ wish, root, reader, beside, snapshot }: CopyPlan): Record<string, PlannedCommand> {
  const { donor, targets, job } = wish;
  const streams = wish.streams ?? streamsFor([donor, ...targets].map(({ facts }) => facts.cpus));
  const words = targets.map((_, index) => targetWord(index));
  const send = unitCommands({
    host: donor.host.name,
    job,
    role: 'send',
    script: 'seed-send',
    args: [root, reader, donorFolder(job), String(streams), wish.compression, String(patienceSeconds), ...words],
  });
  return {
    ...(snapshot && {
      mount: snapshot.mount,
      ...guardCommands(donor.host.name, snapshot.guarded),
      ...reminderCommands(wish, { root, reader, beside }),
    }),
    'send start': send.start,
    'send poll': send.poll,
    'send end': send.end,
    ...Object.assign({}, ...targets.map((target, index) => channelCommands(wish, target, index))),
  };
}

function verifyCommands({ donor, targets, job }: SeedWish): Record<string, PlannedCommand> {
  const each = targets.map(({ host, facts }, index) => {
    const compare = unitCommands({
      host: host.name,
      job,
      role: compareRole(targetWord(index)),
      script: 'seed-sums',
      args: ['compare', ...dataWords(facts, job), knowledgeFolder(job, targetWord(index)), sumProgram, '2'],
    });
    return {
      [`sums ${host.name}`]: command(
        donor.host.name,
        'seed-way',
        ['sums', donorFolder(job), targetWord(index)],
        sumsDeadlineMs,
      ),
      [`compare start ${host.name}`]: compare.start,
      [`compare poll ${host.name}`]: compare.poll,
      [`compare end ${host.name}`]: compare.end,
    };
  });
  return { 'sums poll': pollCommand({ host: donor.host.name, job, role: 'sums' }), ...Object.assign({}, ...each) };
}

/** The donor is free again before the target is even started. */
export function releaseDonorStep({ donor }: SeedWish, made: readonly string[]): Plan['steps'][number] {
  return {
    name: 'release donor',
    title: `close the channels; remove what the job made on ${donor.host.name}`,
    host: donor.host.name,
    work: 'seed-release',
    input: { made },
    commands: {},
  };
}
