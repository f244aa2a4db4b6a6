// Opens the channel from one target to the next, for passing data on. Without it only speed is lost: the donor sends to
// both.

import { isLost } from '../../job/lanes.ts';
import type { StepTools } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { readPeerKey } from './channel/peer-key.ts';

const passerOf = ({ step }: StepTools, target: string): string | undefined =>
  step.targetCommands?.[target]?.['pass key']?.host;

/** The key of the target that passes data on, for the listener; undefined: no target does. */
export async function keyOfPasser(tools: StepTools, target: string): Promise<string | undefined> {
  const host = passerOf(tools, target);
  if (host === undefined || isLost(tools.lostLanes(), host)) return undefined;
  const key = await tools.run('pass key', { target });
  // Only by ssh: chain.ts.
  const line = key.ok ? readPeerKey('ssh', key.stdout) : undefined;
  if (line !== undefined) return line;
  await sendDirectly(tools, target, key.ok ? 'it sent no key' : notDone(key).message);
  return undefined;
}

/** `listener`: the port where the target listens, and its host key. The channel is used once the donor knows of it. */
export async function openChain(tools: StepTools, target: string, listener: string): Promise<void> {
  for (const [key, stdin] of [['pass meet', listener], ['pass prove'], ['passed']] as const) {
    const answer = await tools.run(key, { target, ...(stdin !== undefined && { stdin }) });
    if (!answer.ok) {
      await sendDirectly(tools, target, notDone(answer).message);
      return;
    }
  }
  tools.note(`${passerOf(tools, target)} passes on to ${target} what it gets`);
}

async function sendDirectly(tools: StepTools, target: string, why: string): Promise<void> {
  const donor = tools.step.targetCommands?.[target]?.direct?.host ?? '?';
  tools.note(`${passerOf(tools, target)} does not pass on to ${target}, ${donor} sends to both: ${why}`);
  const told = await tools.run('direct', { target });
  if (!told.ok) tools.note(`${donor} was not told, and will find out: ${notDone(told).message}`);
}
