// The channel from the donor to one target: a sshd of the job's own, as seed-door.sh and seed-way.sh have it.
import type { PlannedCommand, PlannedStep } from '../job/plan.ts';
import { command, donorFolder, knowledgeFolder, newData, targetFolder, targetWord, unitCommands } from './place.ts';
import type { SeedWish, Side } from './wish.ts';

const defaultPorts = { first: 21000, last: 21099 };
const listDeadlineMs = 10 * 60_000;

/** What opens the channel, by keys that the works know; said again, it goes on with what stands. */
export function channelCommands({ donor, job }: SeedWish, target: Side, index: number): Record<string, PlannedCommand> {
  const [from, to] = [donor.host.name, target.host.name];
  const ports = target.host.seed.ports ?? defaultPorts;
  const word = targetWord(index);
  const folder = donorFolder(job);
  const address = target.host.ssh.host;
  const door = unitCommands({
    host: to,
    job,
    role: `door-${word}`,
    script: 'seed-door',
    args: [
      `${targetFolder(job, word)}/door`,
      '',
      String(ports.first),
      String(ports.last),
      donor.facts.routes[address] ?? '',
    ],
  });
  return {
    [`key ${to}`]: command(from, 'seed-way', ['key', folder, word]),
    [`open ${to}`]: {
      ...command(to, 'seed-way', ['open', targetFolder(job, word), job]),
      program: { script: 'seed-receive', args: [newData(target.facts.datadir, job), knowledgeFolder(job, word)] },
    },
    [`look ${to}`]: door.poll,
    [`start ${to}`]: door.start,
    [`end ${to}`]: door.end,
    [`port ${to}`]: command(to, 'seed-way', ['port', targetFolder(job, word)]),
    [`meet ${to}`]: command(from, 'seed-way', ['meet', folder, word, address]),
    [`list ${to}`]: command(from, 'seed-way', ['list', folder, word], listDeadlineMs),
  };
}

export function channelStep(wish: SeedWish, target: Side, index: number): PlannedStep {
  const [from, to] = [wish.donor.host.name, target.host.name];
  return {
    name: `channel ${to}`,
    title: `open the channel ${from} → ${to}, and prove it`,
    host: to,
    lane: to,
    work: 'seed-channel',
    input: { target: to },
    commands: channelCommands(wish, target, index),
    acquires: { what: `the job's sshd on ${to}`, release: `end ${to}`, whenDone: 'release' },
  };
}
