// Targets whose disk is full: of one that takes nothing, that is said while it is waited for, and of one that was given up.
import { wordOf } from '../../scripts/named-words.ts';
import { shortSize } from '../../text/amounts.ts';
import type { MovingTools } from './moving.ts';

/** By target, the words for it; empty: what is free there was not asked yet. */
export type FullDisks = Map<string, string>;

/** `full`: those whose disk was full when they last took something. */
export function markFull(disks: FullDisks, full: readonly string[]): void {
  for (const lane of [...disks.keys()].filter((one) => !full.includes(one))) disks.delete(lane);
  for (const lane of full.filter((one) => !disks.has(one))) disks.set(lane, '');
}

/** Each once, from when it is full until it takes something again. */
export async function askFull(tools: MovingTools, disks: FullDisks): Promise<void> {
  for (const lane of [...disks].flatMap(([name, words]) => (words === '' ? [name] : []))) {
    const free = await freeThere(tools, lane);
    const words = `the disk of ${lane} is full${free === undefined ? '' : `: ${free}`}`;
    disks.set(lane, words);
    tools.note(`! ${words}`);
  }
}

/** `the disk of db6 is full: 3.2M free at /var/lib/mysql` */
export const fullWords = (disks: FullDisks, lanes: readonly string[]): string[] =>
  lanes.flatMap((lane) => disks.get(lane) || []);

/** ENOSPC and EDQUOT in the words of programs. */
const saysFull = (why: string): boolean => /No space left on device|quota exceeded/i.test(why);

/** Why targets were lost, with what is free where a disk is full. */
export async function withFree(
  tools: MovingTools,
  lost: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const told: Record<string, string> = {};
  for (const [lane, why] of Object.entries(lost)) {
    const free = saysFull(why) ? await freeThere(tools, lane) : undefined;
    told[lane] = free === undefined ? why : `${why} (${free})`;
  }
  return told;
}

/** `3.2M free at /var/lib/mysql`; undefined: it does not tell, or the job is of an older reseed. */
async function freeThere(tools: MovingTools, lane: string): Promise<string | undefined> {
  const command = tools.step.targetCommands?.[lane]?.room;
  if (!command) return undefined;
  const answer = await tools.run('room', { target: lane, again: true });
  const [, bytes] = (answer.ok && /^ *(\d+)\n?$/.exec(answer.stdout)) || [];
  return bytes === undefined ? undefined : `${shortSize(Number(bytes))} free at ${wordOf(command.args, 'datadir')}`;
}
