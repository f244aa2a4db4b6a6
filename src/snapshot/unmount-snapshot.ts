// Unmounts a snapshot, wherever it was mounted.
import { defineStep, noInput, noResult } from '../job/step-work.ts';
import { runOnce } from './run-once.ts';
import { nameOf, type OneSnapshot, snapshotCommand } from './snapshot-commands.ts';

export const unmountSnapshot = defineStep({
  kind: 'unmount-snapshot',
  input: noInput,
  result: noResult,
  plan: (wish: OneSnapshot & { readonly folder: string }) => ({
    name: `unmount ${nameOf(wish.snapshot)}`,
    title: `unmount ${nameOf(wish.snapshot)} on ${wish.host.name}`,
    host: wish.host.name,
    input: {},
    commands: { run: snapshotCommand(wish, 'unmount', { folder: wish.folder }) },
  }),
  run: runOnce,
});
