// Checks that a stopped donor was not started during the copy, and that none of its files changed.
import { defineStep, noInput, noResult } from '../../../job/plan/step-work.ts';
import type { SeedRequest } from '../../request.ts';
import { runAndNote } from '../../run-and-note.ts';
import { still } from './still-command.ts';

interface StillWish {
  readonly request: SeedRequest;
  /** The unit's name for systemctl. */
  readonly unit: string;
}

/** Reading its files takes long; comparing their times does not. */
const deadlineMs = 10 * 60_000;

export const proveStill = defineStep({
  kind: 'seed-prove-still',
  input: noInput,
  result: noResult,
  plan: ({ request, unit }: StillWish) => {
    const { name } = request.donor.host;
    return {
      name: `proof ${name}`,
      title: `check that ${unit} on ${name} was not started, and no file changed, during the copy`,
      host: name,
      input: {},
      commands: { run: still(request, 'proof', {}, deadlineMs) },
    };
  },
  run: runAndNote,
});
