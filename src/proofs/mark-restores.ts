// Marks a snapshot that is proved to restore: lists, other jump hosts and the keep rules read the mark.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { nameOf, type OneSnapshot, snapshotCommand } from '../snapshot/snapshot-commands.ts';
import { proveRestore } from './prove.ts';
import { percentOf, tookMs } from './told.ts';

export const markRestores = defineStep({
  kind: 'proof-mark',
  input: noInput,
  result: noResult,
  plan: (one: OneSnapshot) => ({
    name: `mark ${nameOf(one.snapshot)}`,
    title: `mark ${nameOf(one.snapshot)} as proved (the tag reseed-restores)`,
    host: one.host.name,
    input: {},
    commands: { mark: snapshotCommand(one, 'restores', {}) },
  }),
  run: async ({ run, resultOf }) => {
    const proved = resultOf(proveRestore);
    if (!proved) return failed('nothing was proved');
    const answer = await run('mark', {
      stdin: `${tookMs(proved)} ${percentOf(proved)} ${Math.floor(proved.atMs / 1000)}\n`,
    });
    return answer.ok ? { ok: true } : notDone(answer);
  },
});
