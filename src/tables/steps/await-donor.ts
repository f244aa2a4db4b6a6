// Waits until the donor has applied what the target has: the dump must not be of an earlier place than the target is at.
import { z } from 'zod';
import { defineStep, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { shortDuration } from '../../text/amounts.ts';
import { stateBy, stateCommand, type TablesJob } from '../job.ts';
import { givenOf, passedBy } from '../positions.ts';

const lookEveryMs = 1000;

const input = z.strictObject({ target: z.string(), maxMs: z.number() });

export const awaitDonor = defineStep({
  kind: 'tables-await-donor',
  input,
  result: noResult,
  plan: ({ request: { donor, maxLagSeconds }, target, speaker, donorSpeaker }: TablesJob) => ({
    name: `await ${donor.host.name}`,
    title: `wait until ${donor.host.name} has all that ${target.host.name} has applied`,
    host: donor.host.name,
    input: {
      target: target.host.name,
      maxMs: Math.min(maxLagSeconds ?? donor.host.seed.maxLagSeconds ?? 600, 86_400) * 1000,
    },
    commands: { donor: stateCommand(donor.host, donorSpeaker), target: stateCommand(target.host, speaker) },
  }),
  run: (tools) => byWatchedClock((watchedMs) => awaited(tools, watchedMs)),
});

async function awaited(tools: StepTools<z.infer<typeof input>>, watchedMs: WatchedMs): Promise<StepEnd> {
  const { step, input: asked, signal, pause, progress } = tools;
  const target = await stateBy(tools, 'target');
  if (!target.ok) return target;
  const fromMs = watchedMs();
  while (!signal.aborted) {
    const donor = await stateBy(tools, 'donor', true);
    if (!donor.ok) return donor;
    const lacks = passedBy(target.state, givenOf(donor.state));
    if (lacks === '') return { ok: true };
    if (watchedMs() - fromMs > asked.maxMs) {
      const waited = shortDuration(watchedMs() - fromMs);
      return failed(
        `${step.host} lacks what ${asked.target} has applied, after ${waited}: ${lacks}`,
        'take a donor that is not behind it',
      );
    }
    progress({ text: `it lacks ${lacks}` });
    await pause(lookEveryMs);
  }
  return failed('ended before the donor had caught up');
}
