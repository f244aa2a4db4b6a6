// Makes the account on the donor that may clone it. It is locked until a target has chosen its password.
import { defineStep, noInput, noResult } from '../../../job/plan/step-work.ts';
import type { SeedRequest } from '../../request.ts';
import { runAndNote } from '../../run-and-note.ts';
import { onDonor, whileOff } from './donor-command.ts';

/** Its name, on the donor; as in seed-clone-donor.sh. */
const accountName = (job: string) => `reseed_${job}`;

export const makeAccount = defineStep({
  kind: 'clone-account',
  input: noInput,
  result: noResult,
  plan: (request: SeedRequest) => {
    const { name } = request.donor.host;
    const account = accountName(request.job);
    return {
      name: `account ${name}`,
      title: `create the account ${account} on ${name} with BACKUP_ADMIN, by TLS only and not in the binary log, until the data is cloned${whileOff(request)}`,
      host: name,
      input: {},
      commands: { run: onDonor(request, 'account'), remove: onDonor(request, 'remove') },
      acquires: { what: `the account ${account} on ${name}`, release: 'remove', whenDone: 'release' },
    };
  },
  run: runAndNote,
});
