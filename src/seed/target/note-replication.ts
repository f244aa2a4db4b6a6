// Saves the target's replication state just before its server is stopped: the plan may be hours old. A server that was made the primary
// meanwhile, or the source of others, is not stopped: its lane ends here.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import type { PlannedUse } from '../../scripts/seed-before-words.ts';
import { isReplica, stoodAt } from '../preflight/client-checks.ts';
import { replicaWord } from '../replica/change-words.ts';
import { filterStatements } from '../replica/kept/kept-filters.ts';
import type { SeedRequest, Side } from '../request.ts';
import { runAndNote } from '../run-and-note.ts';
import { before, onTarget, speakerOf, type TargetPlan } from './target-plan.ts';

export const noteReplication = defineStep({
  kind: 'seed-note-replication',
  stage: 'stop',
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
          member: membersOf(request, target),
          stood: stoodAt(request, target) ?? '',
        }),
      },
    };
  },
  run: runAndNote,
});

/** Replicas of it that are rebuilt with it, by every name that its server may have for them. With others it has no plan. */
const membersOf = ({ targets }: SeedRequest, { report: { replication } }: Side): string[] => {
  const replicas = replication?.ok ? replication.value.replicas : [];
  return replicas.flatMap((replica) => {
    const member = targets.find((target) => isReplica(replica, target));
    if (!member) return [];
    const { host, facts } = member;
    return [...new Set([replica.host, host.ssh.host, host.name, `server_id ${facts.variables.server_id ?? '?'}`])];
  });
};

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
