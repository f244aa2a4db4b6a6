// Makes the job's folder in the target's datadir, for the new data and later the old. Its undo puts the old data back.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { whoLine } from '../../job/who.ts';
import { newData, targetWord } from '../place.ts';
import { channelNames, donorChannelWords } from '../preflight/replication/donor-channels.ts';
import type { SeedRequest, Side } from '../request.ts';
import { runAndNote } from '../run-and-note.ts';
import { asideWords, foreignLogs, keptFiles, ownWords } from './state-places.ts';
import { deleteDeadlineMs, mayRun, onTarget, stage, type TargetPlan } from './target-plan.ts';

export const prepareFolder = defineStep({
  kind: 'seed-prepare',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => {
    const { request, target, unit, index } = plan;
    const { name } = target.host;
    const { datadir, owner = 'mysql:mysql' } = target.facts;
    const who = `job ${request.job} of ${whoLine(request.who)}`;
    return {
      ...onTarget(plan, 'prepare'),
      title: `create ${newData(datadir, request.job)} on ${name} for the new data`,
      input: {},
      commands: {
        run: stage(plan, 'prepare', {
          who,
          owner,
          at: targetWord(index),
          changed: mayRun(plan) ? '' : String(target.facts.changedAt ?? ''),
          place: placeWords(request, target),
        }),
        back: stage(plan, 'back', { unit }, deleteDeadlineMs),
      },
      acquires: {
        what: `the folder ${datadir}/.reseed-${request.job} on ${name}, with new or old data`,
        release: 'back',
        whenDone: 'over',
      },
    };
  },
  run: runAndNote,
});

/** Places to set aside, the target's own files to keep, the donor's files to remove, and which files are no strange ones. */
const placeWords = ({ donor }: SeedRequest, { facts }: Side): string[] => [
  ...asideWords(facts),
  ...donorChannelWords(facts, channelNames(donor)),
  ...keptFiles(facts).map((name) => `keep=${name}`),
  ...foreignLogs(donor.facts, facts),
  ...ownWords(facts),
];
