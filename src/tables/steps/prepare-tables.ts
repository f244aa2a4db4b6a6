// Makes the job's folder in the target's datadir: the dump and the tables that are made of it lie there. Nothing else there is touched.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { whoLine } from '../../job/who.ts';
import { targetWord } from '../../seed/place.ts';
import { runAndNote } from '../../seed/run-and-note.ts';
import { deleteDeadlineMs, stage } from '../../seed/target/target-plan.ts';
import type { TablesJob } from '../job.ts';

export const prepareTables = defineStep({
  kind: 'tables-prepare',
  input: noInput,
  result: noResult,
  plan: ({ request, target, unit }: TablesJob) => {
    const { name } = target.host;
    const { datadir, owner = 'mysql:mysql' } = target.facts;
    const plan = { request, target, unit, index: 0 };
    const who = `job ${request.job} of ${whoLine(request.who)}`;
    return {
      name: `prepare ${name}`,
      title: `create the folder of the job in ${datadir} on ${name}`,
      host: name,
      input: {},
      commands: {
        run: stage(plan, 'prepare', { who, owner, at: targetWord(0), changed: '', place: [] }),
        back: stage(plan, 'back', { unit }, deleteDeadlineMs),
      },
      acquires: {
        what: `the folder ${datadir}/.reseed-${request.job} on ${name}`,
        release: 'back',
        whenDone: 'release',
      },
    };
  },
  run: runAndNote,
});
