// A donor that lost its power in the middle of a copy: its snapshot is still there, and what it knew of the copy is told again.
// What has landed on the targets is not sent again.

import { lanesLeft } from '../../job/lanes.ts';
import type { FailedStep, StepTools } from '../../job/plan/step-work.ts';
import { mayPass, notDone } from '../../job/runner/step-end.ts';
import { targetWord } from '../place.ts';

type Recovered = { readonly ok: true; readonly forgot: boolean } | FailedStep;

/**
 * After it the donor has its snapshot mounted and its data listed; where it had forgotten that, or a way to one of `targets` (in the
 * order of the plan), the ways to the targets are yet to be opened. One that does not answer is no failure: the steps behind this one wait for it. One that is read without a snapshot is
 * not told again: it was started, and its files have changed.
 */
export async function recoverDonor(
  { step, run, note, lostLanes }: StepTools,
  targets: readonly string[],
): Promise<Recovered> {
  if (!step.commands.mount) return { ok: true, forgot: false };
  const mounted = await run('mount');
  const known = mounted.ok ? await run('knows') : mounted;
  if (!known.ok) return mayPass(known) ? { ok: true, forgot: false } : notDone(known);
  const [said, ...ways] = known.stdout.trim().split(' ');
  // A runner that ended while it opened the ways after a power cut has told the donor the rest.
  const left = lanesLeft(targets, lostLanes());
  if (said === 'yes')
    return { ok: true, forgot: left.some((lane) => !ways.includes(targetWord(targets.indexOf(lane)))) };
  note(`${step.host} has forgotten the copy, as after a power cut: it is told again`);
  for (const key of ['lock', 'list', 'limit', 'sums start']) {
    const answer = await run(key);
    if (!answer.ok) return notDone(answer);
  }
  return { ok: true, forgot: true };
}
