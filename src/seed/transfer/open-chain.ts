// Opens the way from a target to the next, which it passes on to what it gets. Without it nothing is lost but speed: the donor sends to
// both.

import { isLost } from '../../job/lanes.ts';
import type { StepTools } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { readPeerKey } from './channel/peer-key.ts';

const passerOf = ({ step }: StepTools, target: string): string | undefined =>
  step.targetCommands?.[target]?.['pass key']?.host;

/** What the target that passes on comes with, for the listener; undefined: no target passes on. */
export async function keyOfPasser(tools: StepTools, target: string): Promise<string | undefined> {
  const host = passerOf(tools, target);
  if (host === undefined || isLost(tools.lostLanes(), host)) return undefined;
  const key = await tools.run('pass key', { target });
  // By ssh alone: pass-on.ts.
  const line = key.ok ? readPeerKey('ssh', key.stdout) : undefined;
  if (line !== undefined) return line;
  await sendDirectly(tools, target, key.ok ? 'it sent no key' : notDone(key).message);
  return undefined;
}

/** `listener`: the port where the target listens, and what it is known by. Once the donor knows of the way, it is used. */
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
  tools.note(`${passerOf(tools, target)} does not pass on to ${target}, the donor sends to both: ${why}`);
  const told = await tools.run('direct', { target });
  if (!told.ok) tools.note(`the donor was not told, and will find out: ${notDone(told).message}`);
}
