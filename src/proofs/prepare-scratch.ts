// Makes the folder on a scratch host that the data of the snapshot is copied to, beside what its server has. It is removed at the end of the job.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { whoLine } from '../job/who.ts';
import { targetWord } from '../seed/place.ts';
import { runAndNote } from '../seed/run-and-note.ts';
import { deleteDeadlineMs, stage, type TargetPlan } from '../seed/target/target-plan.ts';

export const prepareScratch = defineStep({
  kind: 'proof-prepare',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => {
    const { request, target, unit, index } = plan;
    const { name } = target.host;
    const { datadir, owner = 'mysql:mysql' } = target.facts;
    const who = `job ${request.job} of ${whoLine(request.who)}`;
    return {
      name: `prepare ${name}`,
      title: `create the folder of the job in ${datadir} on ${name}: what its server has there stays as it is`,
      host: name,
      input: {},
      commands: {
        run: stage(plan, 'prepare', { who, owner, at: targetWord(index), changed: '', place: [] }),
        back: stage(plan, 'back', { unit }, deleteDeadlineMs),
      },
      acquires: {
        what: `the folder ${datadir}/.reseed-${request.job} on ${name}, with the copy`,
        release: 'back',
        whenDone: 'release',
      },
    };
  },
  run: runAndNote,
});
