// Installs the plugin clone on a donor that does not have it, and removes it again.
import { defineStep, noInput, noResult } from '../../../job/plan/step-work.ts';
import type { SeedRequest } from '../../request.ts';
import { runAndNote } from '../../run-and-note.ts';
import { onDonor, whileOff } from './donor-command.ts';

export const loadPlugin = defineStep({
  kind: 'clone-plugin',
  input: noInput,
  result: noResult,
  plan: (request: SeedRequest) => {
    const { name } = request.donor.host;
    return {
      name: `plugin ${name}`,
      title: `INSTALL PLUGIN clone on ${name}, until the data is cloned${whileOff(request)}`,
      host: name,
      input: {},
      commands: { run: onDonor(request, 'load'), unload: onDonor(request, 'unload') },
      acquires: { what: `the plugin clone on ${name}`, release: 'unload', whenDone: 'release' },
    };
  },
  run: runAndNote,
});
