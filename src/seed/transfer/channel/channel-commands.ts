// The commands of the channel from the donor to one target. Each kind is a script with three verbs: `key` and `meet` on
// the donor, `listener` on the target (seed-ssh.sh, seed-socat.sh). What goes through it is the same for all
// (seed-way.sh).
import type { SeedChannel } from '../../../inventory/settings.ts';
import type { Commands } from '../../../job/plan/plan.ts';
import { unitCommands } from '../../../job/unit/unit-commands.ts';
import type { ScriptName } from '../../../scripts/script.ts';
import { keyWords, listenerWords, meetWords } from '../../../scripts/seed-channel-words.ts';
import { receiveWords } from '../../../scripts/seed-data-words.ts';
import { wayWords } from '../../../scripts/seed-way-words.ts';
import { endUnitsWords } from '../../../scripts/unit-words.ts';
import {
  command,
  compareRole,
  dataOf,
  donorFolder,
  portsOf,
  targetFolder,
  targetWord,
  unitFolder,
} from '../../place.ts';
import { takesOld } from '../../preflight/room.ts';
import { channelTo, type SeedRequest, type Side } from '../../request.ts';
import { passCommands, passerTo } from '../chain.ts';
import { peerKinds } from './peer-key.ts';

const listDeadlineMs = 10 * 60_000;

interface Channel {
  readonly script: ScriptName;
  /** Which of the script's two, where it makes two. */
  readonly kind?: 'tls' | 'plain';
  /** Target and donor do not use each other's address: a relay connects them. */
  readonly relayed?: true;
  readonly title: string;
  readonly listener: string;
}

export const channels: Readonly<Record<SeedChannel, Channel>> = {
  ssh: { script: 'seed-ssh', title: 'by ssh', listener: "the job's sshd" },
  relay: {
    script: 'seed-ssh',
    relayed: true,
    title: 'by ssh, through this machine',
    listener: "the job's sshd",
  },
  tls: { script: 'seed-socat', kind: 'tls', title: 'by TLS', listener: "the job's TLS port" },
  plain: { script: 'seed-socat', kind: 'plain', title: 'not encrypted', listener: "the job's plain port" },
};

/** A relay ends at both hosts' own loopback. */
const loopback = '127.0.0.1';

/** The commands that open it (open-channel.ts); when repeated, they use what is open already. `end` closes it. */
export function channelCommands(request: SeedRequest, target: Side, index: number) {
  const { donor, job } = request;
  const [from, to] = [donor.host.name, target.host.name];
  const { first, last } = portsOf(target.host);
  const { script, kind, relayed } = channels[channelTo(request, target)];
  const word = targetWord(index);
  const folder = donorFolder(job);
  const way = { folder: `${folder}/way-${word}`, kind };
  const at = targetFolder(job, word);
  const address = relayed ? loopback : target.host.ssh.host;
  const passer = passerTo(request, index);
  const callers = [relayed ? loopback : (donor.facts.routes[address] ?? ''), ...(passer ? [passer.address] : [])];
  const role = `listener-${word}`;
  const listener = unitCommands({
    host: to,
    job,
    role,
    background: true,
    script,
    args: listenerWords({
      folder: `${at}/listener`,
      kind,
      address,
      first,
      last: request.method.takesLastPort ? last - 1 : last,
      callers,
    }),
  });
  return {
    key: command(from, script, keyWords(way)),
    open: {
      ...command(to, 'seed-way', wayWords('open', at, { kind: peerKinds[channelTo(request, target)], mark: job })),
      program: {
        script: 'seed-receive',
        args: receiveWords({ ...dataOf(target.facts, job, word), unpack: unpackOf(request, target) }),
      },
    },
    look: listener.poll,
    start: listener.start,
    end: command(to, 'unit', endUnitsWords(job, [role, compareRole(word)])),
    port: command(to, 'seed-way', wayWords('port', at, { unit: unitFolder({ job, role }) })),
    meet: command(from, script, meetWords({ ...way, address })),
    room: command(to, 'seed-way', wayWords('room', at, { datadir: target.facts.datadir })),
    prove: command(from, 'seed-way', wayWords('prove', folder, { target: word })),
    list: command(from, 'seed-way', wayWords('list', folder, { target: word }), listDeadlineMs),
    ...(passer && passCommands(request, target, index, passer)),
  } satisfies Commands;
}

function unpackOf(request: SeedRequest, target: Side) {
  const { unpacks, comparesOld } = request.method;
  if (!comparesOld) return unpacks;
  return takesOld(request, target) ? 'taken-pages' : 'pages';
}

/** Scripts that this machine runs for them. */
export const relayScripts = (request: SeedRequest): ScriptName[] =>
  relayedTargets(request).length > 0 ? ['relay'] : [];

/** The targets that are reached through this machine. */
export const relayedTargets = (request: SeedRequest): string[] =>
  request.targets.filter((target) => channels[channelTo(request, target)].relayed).map(({ host }) => host.name);
