// Starts the donor's checksums: a unit of its own makes them during the copy.

import { defineStep, noInput, noResult } from '../../../job/plan/step-work.ts';
import { notDone } from '../../../job/runner/step-end.ts';
import type { SeedRequest } from '../../request.ts';
import { type Read, sumsUnit } from '../list-commands.ts';

export const makeSums = defineStep({
  kind: 'seed-sums',
  input: noInput,
  result: noResult,
  plan: ({ request, read }: { readonly request: SeedRequest; readonly read: Read }) => {
    const { name } = request.donor.host;
    const { start, end } = sumsUnit(request, read);
    return {
      name: 'sums',
      title: `start the checksums of ${name} (they run during the copy)`,
      host: name,
      input: {},
      commands: { start, end },
      acquires: {
        what: `the checksums that ${name} makes (unit reseed-${request.job}-sums)`,
        release: 'end',
        whenDone: 'release',
      },
    };
  },
  run: async ({ run }) => {
    const answer = await run('start');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});
