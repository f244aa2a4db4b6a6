// Unmounts a snapshot, wherever it was mounted.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { runOnce } from './run-once.ts';
import { nameOf, type OneSnapshot, snapshotCommand } from './snapshot-commands.ts';

export const unmountSnapshot = defineStep({
  kind: 'unmount-snapshot',
  input: noInput,
  result: noResult,
  plan: (request: OneSnapshot & { readonly folder: string }) => ({
    name: `unmount ${nameOf(request.snapshot)}`,
    title: `unmount ${nameOf(request.snapshot)} on ${request.host.name}`,
    host: request.host.name,
    input: {},
    commands: { run: snapshotCommand(request, 'unmount', { folder: request.folder }) },
  }),
  run: runOnce,
});
