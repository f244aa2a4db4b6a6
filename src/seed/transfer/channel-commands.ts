// The commands of the channel from the donor to one target. Each kind is a script of three verbs: `key` and `meet` on the donor, `door` on the target
// (seed-ssh.sh, seed-socat.sh); what goes through it is the same for all (seed-way.sh).
import type { SeedChannel } from '../../inventory/settings.ts';
import type { Commands } from '../../job/plan.ts';
import type { ScriptName } from '../../scripts/script.ts';
import {
  command,
  compareRole,
  dataWords,
  donorFolder,
  knowledgeFolder,
  portsOf,
  targetFolder,
  targetWord,
  unitCommands,
  unitFolder,
} from '../place.ts';
import { channelTo, type SeedWish, type Side } from '../request.ts';
import { passCommands, passerTo } from './pass-on.ts';
import { peerKinds } from './peer-key.ts';

const listDeadlineMs = 10 * 60_000;

interface Channel {
  readonly script: ScriptName;
  /** What the script has to know beside where and for whom. */
  readonly more: readonly string[];
  /** What the target listens on and what the donor calls, where that is not each other. */
  readonly relayed?: true;
  readonly title: string;
  readonly door: string;
}

export const channels: Readonly<Record<SeedChannel, Channel>> = {
  ssh: { script: 'seed-ssh', more: [], title: 'by ssh', door: "the job's sshd" },
  relay: {
    script: 'seed-ssh',
    more: [],
    relayed: true,
    title: 'by ssh, through this machine',
    door: "the job's sshd",
  },
  tls: { script: 'seed-socat', more: ['tls'], title: 'by TLS', door: "the job's TLS port" },
  plain: { script: 'seed-socat', more: ['plain'], title: 'not encrypted', door: "the job's plain port" },
};

/** A relay ends at both hosts' own loopback. */
const loopback = '127.0.0.1';

/** What opens it (open-way.ts); said again, it goes on with what stands. `end`: it is closed. */
export function channelCommands(wish: SeedWish, target: Side, index: number) {
  const { donor, job } = wish;
  const [from, to] = [donor.host.name, target.host.name];
  const { first, last } = portsOf(target.host);
  const { script, more, relayed } = channels[channelTo(wish, target)];
  const word = targetWord(index);
  const folder = donorFolder(job);
  const way = `${folder}/way-${word}`;
  const address = relayed ? loopback : target.host.ssh.host;
  const passer = passerTo(wish, index);
  const callers = [relayed ? loopback : (donor.facts.routes[address] ?? ''), ...(passer ? [passer.address] : [])];
  const door = unitCommands({
    host: to,
    job,
    role: `door-${word}`,
    script,
    args: ['door', `${targetFolder(job, word)}/door`, address, String(first), String(last), ...callers, ...more],
  });
  return {
    key: command(from, script, ['key', way, ...more]),
    open: {
      ...command(to, 'seed-way', ['open', targetFolder(job, word), peerKinds[channelTo(wish, target)], job]),
      program: { script: 'seed-receive', args: [...dataWords(target.facts, job), knowledgeFolder(job, word)] },
    },
    look: door.poll,
    start: door.start,
    end: command(to, 'unit', [...door.end.args, compareRole(word)]),
    port: command(to, 'seed-way', ['port', targetFolder(job, word), unitFolder({ job, role: `door-${word}` })]),
    meet: command(from, script, ['meet', way, address, ...more]),
    prove: command(from, 'seed-way', ['prove', folder, word]),
    list: command(from, 'seed-way', ['list', folder, word], listDeadlineMs),
    ...(passer && passCommands(wish, target, index, passer)),
  } satisfies Commands;
}

/** What this machine runs for them. */
export const relayScripts = (wish: SeedWish): ScriptName[] => (relayedTargets(wish).length > 0 ? ['relay'] : []);

/** The targets that the data reaches through this machine. */
export const relayedTargets = (wish: SeedWish): string[] =>
  wish.targets.filter((target) => channels[channelTo(wish, target)].relayed).map(({ host }) => host.name);
