// Saves the target's replication state just before its server is stopped: the plan may be hours old. A server that was made the primary
// meanwhile, or the source of others, is not stopped: its lane ends here.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import type { PlannedUse } from '../../scripts/seed-before-words.ts';
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
      title: `check that ${unit} on ${target.host.name} is used as in the plan, and note how it replicates: an undone seed starts it again as that`,
      input: {},
      commands: {
        run: before(plan, 'note', {
          word: replicaWord(speakerOf(plan)),
          filter: filtersToRepeat(request, target),
          planned: usedAs(target),
        }),
      },
    };
  },
  run: runAndNote,
});

/** A target with replicas has no plan (preflight/target-checks.ts). */
function usedAs({ report: { server, replication } }: Side): PlannedUse {
  if (!server?.ok || !replication?.ok) return 'unknown';
  if (server.value.readOnly) return 'read-only';
  return replication.value.channels.length > 0 ? 'replica' : 'writes';
}

/** Filters that only the server's memory has, as statements. seed-before.sh reads MariaDB's itself. */
function filtersToRepeat({ asked }: SeedRequest, { host }: Side): string[] {
  const kept = asked?.replicas?.[host.name];
  return kept === undefined || typeof kept === 'string' ? [] : filterStatements(kept);
}
