// Removes a snapshot: its data is lost for good.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { runOnce } from './run-once.ts';
import { nameOf, type OneSnapshot, snapshotCommand } from './snapshot-commands.ts';

export const removeSnapshot = defineStep({
  kind: 'remove-snapshot',
  input: noInput,
  result: noResult,
  plan: (request: OneSnapshot) => ({
    name: `remove ${nameOf(request.snapshot)}`,
    title: `remove ${nameOf(request.snapshot)} on ${request.host.name}`,
    host: request.host.name,
    input: {},
    commands: { run: snapshotCommand(request, 'remove', { job: '' }) },
  }),
  run: runOnce,
});
