// Configures the target's unit before its server may be started: every start is read-only and without replication.
import { defineStep, noInput, noResult } from '../../../job/plan/step-work.ts';
import { runAndNote } from '../../run-and-note.ts';
import { startOptions } from '../change-words.ts';
import { onTarget } from '../on-target.ts';
import type { ServerPlan } from '../plan.ts';
import { startCommand } from '../start-command.ts';

export const holdBack = defineStep({
  kind: 'seed-hold-back',
  input: noInput,
  result: noResult,
  plan: (plan: ServerPlan) => {
    const { target, unit, job } = plan;
    return {
      ...onTarget(plan, 'hold back'),
      title: `configure ${unit} on ${target.name} to start read-only and without replication`,
      input: {},
      commands: {
        run: startCommand(plan, 'prepare', { log: plan.errorLog, option: startOptions(plan) }),
        release: startCommand(plan, 'release', {}),
      },
      acquires: {
        what: `the start options of ${unit} on ${target.name} (/etc/systemd/system/${unit}.service.d/zzzz-reseed-${job}-start.conf)`,
        release: 'release',
        whenDone: 'release',
      },
    };
  },
  run: runAndNote,
});
