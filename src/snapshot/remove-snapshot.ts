// Removes a snapshot: what it held is lost for good.
import { defineStep, noInput, noResult } from '../job/step-work.ts';
import { runOnce } from './run-once.ts';
import { nameOf, type OneSnapshot, snapshotCommand } from './snapshot-commands.ts';

export const removeSnapshot = defineStep({
  kind: 'remove-snapshot',
  input: noInput,
  result: noResult,
  plan: (wish: OneSnapshot) => ({
    name: `remove ${nameOf(wish.snapshot)}`,
    title: `remove ${nameOf(wish.snapshot)} on ${wish.host.name}`,
    host: wish.host.name,
    input: {},
    commands: { run: snapshotCommand(wish, 'remove', { job: '' }) },
  }),
  run: runOnce,
});
