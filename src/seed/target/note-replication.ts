// Saves the target's replication state just before its server is stopped: the plan may be hours old.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { replicaWord } from '../replica/change-words.ts';
import { filterStatements } from '../replica/kept/kept-filters.ts';
import type { SeedRequest, Side } from '../request.ts';
import { runAndNote } from '../run-and-note.ts';
import { before, onTarget, speakerOf, type TargetPlan } from './target-plan.ts';

export const noteReplication = defineStep({
  kind: 'seed-note-replication',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => {
    const { request, target, unit } = plan;
    return {
      ...onTarget(plan, 'note'),
      title: `note how ${unit} on ${target.host.name} replicates: an undone seed starts it again as that`,
      input: {},
      commands: {
        run: before(plan, 'note', { word: replicaWord(speakerOf(plan)), filter: filtersToRepeat(request, target) }),
      },
    };
  },
  run: runAndNote,
});

/** Filters that only the server's memory has, as statements. seed-before.sh reads MariaDB's itself. */
function filtersToRepeat({ asked }: SeedRequest, { host }: Side): string[] {
  const kept = asked?.replicas?.[host.name];
  return kept === undefined || typeof kept === 'string' ? [] : filterStatements(kept);
}
