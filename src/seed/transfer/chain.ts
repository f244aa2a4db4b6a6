// Each target sends what it receives to the next one at the same time, so that the donor's link and CPUs carry it once.
// Data that is not passed on the donor sends itself (seed-send.sh).
import type { Commands } from '../../job/plan/plan.ts';
import { keyWords, meetWords } from '../../scripts/seed-channel-words.ts';
import { wayWords } from '../../scripts/seed-way-words.ts';
import { command, donorFolder, knowledgeFolder, targetWord } from '../place.ts';
import { channelTo, type SeedRequest, type Side } from '../request.ts';

/** The target that passes data on. */
export interface Passer {
  readonly host: string;
  readonly word: string;
  /** The address that it connects to the next one from. */
  readonly address: string;
}

/**
 * The previous target, if both are in one datacenter and it can connect. Only by ssh: a relay starts at the donor, and
 * socat knows only one caller.
 */
export function passerTo(request: SeedRequest, index: number): Passer | undefined {
  const [before, target] = [request.targets[index - 1], request.targets[index]];
  if (!before || !target) return undefined;
  const address = before.facts.routes[target.host.ssh.host] ?? '';
  const bySsh = [before, target].every((side) => channelTo(request, side) === 'ssh');
  const near = before.host.datacenter === target.host.datacenter;
  if (!bySsh || !near || address === '' || !before.facts.tools.includes('ssh')) return undefined;
  return { host: before.host.name, word: targetWord(index - 1), address };
}

/** The commands that open its channel (open-chain.ts); `passed` tells the donor that it is open, `direct` that it is not. */
export function passCommands({ donor, job }: SeedRequest, { host }: Side, index: number, passer: Passer): Commands {
  const word = targetWord(index);
  const folder = knowledgeFolder(job, passer.word);
  const way = `${folder}/way-${word}`;
  const behind = (before: string) =>
    command(donor.host.name, 'seed-way', wayWords('behind', donorFolder(job), { target: word, before }));
  return {
    'pass key': command(passer.host, 'seed-ssh', keyWords({ folder: way })),
    'pass meet': command(passer.host, 'seed-ssh', meetWords({ folder: way, address: host.ssh.host })),
    'pass prove': command(passer.host, 'seed-way', wayWords('prove', folder, { target: word })),
    passed: behind(passer.word),
    direct: behind(''),
  };
}
