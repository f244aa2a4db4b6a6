// Makes the database of the job in the target's server. Its undo puts old tables back, and removes what the job made in the server: it runs after the unit that
// imports was ended.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { runAndNote } from '../../seed/run-and-note.ts';
import { holdWords } from '../applier-words.ts';
import { put, type TablesJob } from '../job.ts';

export const openTables = defineStep({
  kind: 'tables-open',
  input: noInput,
  result: noResult,
  plan: (job: TablesJob) => {
    const { name } = job.target.host;
    const { job: key } = job.request;
    return {
      name: `open ${name}`,
      title: `make the database reseed_new_${key} on ${name}`,
      host: name,
      input: {},
      commands: {
        run: put(job, 'open', {}),
        back: put(job, 'back', { hold: job.replica ? holdWords(job.speaker) : '', table: job.names }),
      },
      acquires: {
        what: `the databases reseed_new_${key} and reseed_old_${key} on ${name}; old tables that were replaced`,
        release: 'back',
        whenDone: 'over',
      },
    };
  },
  run: runAndNote,
});
