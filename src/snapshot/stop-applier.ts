// Stops a replica's applier until the job is over, or a step starts it again (applier.sh).
import type { Host } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { startApplierWords, stopApplierWords } from '../scripts/applier-words.ts';
import { atLeast } from './lock-words.ts';
import { runOnce } from './run-once.ts';

interface ApplierWish {
  readonly host: Host;
  /** The version of its server. */
  readonly version: string;
  /** The job's key. */
  readonly job: string;
}

const deadlineMs = 10 * 60_000;

export const stopApplier = defineStep({
  kind: 'stop-applier',
  stage: 'snapshot',
  input: noInput,
  result: noResult,
  plan: ({ host: { name, mysql }, version, job }: ApplierWish) => {
    const word = atLeast(version, [8, 0, 22]) ? 'REPLICA' : 'SLAVE';
    const command = (args: string[]): PlannedCommand => ({ host: name, script: 'applier', args, deadlineMs });
    return {
      name: `applier ${name}`,
      title: `stop the applier of ${name}: without GTID its position matches its data only while it is stopped`,
      host: name,
      input: {},
      commands: { run: command(stopApplierWords({ ...mysql, job, word })), start: command(startApplierWords(job)) },
      acquires: { what: `the restart of the applier of ${name}`, release: 'start', whenDone: 'release', isOwed: true },
    };
  },
  run: runOnce,
});
