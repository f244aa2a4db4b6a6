// Swaps new and old data of a target. Its undo stops the server first; then prepare-folder.ts puts the old data back.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { whoLine } from '../../job/who.ts';
import { channelNames, namedChannels } from '../preflight/replication/donor-channels.ts';
import type { SeedRequest, Side } from '../request.ts';
import { runAndNote } from '../run-and-note.ts';
import { asideWords } from './state-places.ts';
import { deleteDeadlineMs, onTarget, stage, stopDeadlineMs, type TargetPlan } from './target-plan.ts';

export const swapData = defineStep({
  kind: 'seed-swap',
  stage: 'swap',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => {
    const { request, target, unit } = plan;
    const { name } = target.host;
    return {
      ...onTarget(plan, 'switch'),
      title: `swap in the new data on ${name}; keep the old data aside${besides(request, target)}`,
      input: {},
      commands: {
        run: stage(plan, 'switch', {}, deleteDeadlineMs),
        down: stage(plan, 'down', { unit, who: whoLine(request.who) }, stopDeadlineMs),
      },
      acquires: { what: `the new data in place of the old on ${name}`, release: 'down', whenDone: 'keep' },
    };
  },
  run: runAndNote,
});

/** ` (binlog, redo outside of the datadir too)`, and places that the server would make there for the new data. */
function besides({ donor }: SeedRequest, { facts }: Side): string {
  const kinds = [...new Set(asideWords(facts).map((word) => word.slice(0, word.indexOf('='))))].join(', ');
  const channels = namedChannels(facts, channelNames(donor)).join(', ');
  const made = channels && `; an undo deletes relay logs that it makes for channels of ${donor.host.name}: ${channels}`;
  return kinds === '' ? '' : ` (${kinds} outside of the datadir too${made})`;
}
