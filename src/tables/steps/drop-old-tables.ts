// Deletes the old tables, and the databases of the job.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { runAndNote } from '../../seed/run-and-note.ts';
import { put, type TablesJob } from '../job.ts';

export const dropOldTables = defineStep({
  kind: 'tables-drop',
  input: noInput,
  result: noResult,
  plan: (job: TablesJob) => {
    const { name } = job.target.host;
    return {
      name: `drop ${name}`,
      title: `delete the old tables on ${name}, with the databases of the job`,
      host: name,
      input: {},
      commands: { run: put(job, 'drop', {}) },
    };
  },
  run: runAndNote,
});
