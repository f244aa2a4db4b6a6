// Recovers a donor that lost its power during a copy: its snapshot still exists, and the rest of its state is sent
// again. Data that has landed on the targets is not sent again.

import { lanesLeft } from '../../job/lanes.ts';
import type { FailedStep, StepTools } from '../../job/plan/step-work.ts';
import { mayPass, notDone } from '../../job/runner/step-end.ts';
import { targetWord } from '../place.ts';

type Recovered = { readonly ok: true; readonly forgot: boolean } | FailedStep;

/**
 * Afterwards the donor has its snapshot mounted and its data listed. If it had forgotten that, or a channel to one of
 * `targets` (in the order of the plan), the channels must be opened again. A donor that does not answer is no failure:
 * later steps wait for it. A donor whose files are read can't be recovered: it was started, and they have changed.
 */
export async function recoverDonor(
  { step, run, note, lostLanes }: StepTools,
  targets: readonly string[],
): Promise<Recovered> {
  if (!step.commands.knows) return { ok: true, forgot: false };
  const mounted = step.commands.mount ? await run('mount') : undefined;
  const known = mounted?.ok === false ? mounted : await run('knows');
  if (!known.ok) return mayPass(known) ? { ok: true, forgot: false } : notDone(known);
  const [said, ...ways] = known.stdout.trim().split(' ');
  // If a runner ended while it opened the channels after a power cut, it had already told the donor the rest.
  const left = lanesLeft(targets, lostLanes());
  if (said === 'yes')
    return { ok: true, forgot: left.some((lane) => !ways.includes(targetWord(targets.indexOf(lane)))) };
  note(`${step.host} has forgotten the copy, as after a power cut: it is told again`);
  for (const key of ['lock', 'list', 'limit', 'sums start']) {
    if (!step.commands[key]) continue;
    // The operator may have changed the limit since the plan.
    const answer = await run(key, { asChanged: key === 'limit' });
    if (!answer.ok) return notDone(answer);
  }
  return { ok: true, forgot: true };
}
