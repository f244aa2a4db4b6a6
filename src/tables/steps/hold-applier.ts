// Stops the applier of a replica: it must not go beyond the place that its new tables will be of.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { sql } from '../../seed/replica/commands.ts';
import { goOnWords, holdWords, restWords } from '../applier-words.ts';
import type { Replica, TablesJob } from '../job.ts';

export const holdApplier = defineStep({
  kind: 'tables-hold',
  stage: 'stop',
  input: noInput,
  result: noResult,
  plan: ({ target: { host }, speaker, replica }: TablesJob & { readonly replica: Replica }) => ({
    name: `hold ${host.name}`,
    title: `stop the applier of ${host.name}: it goes on receiving, and applies nothing until the tables are in place`,
    host: host.name,
    input: {},
    commands: {
      run: sql(host, holdWords(speaker)),
      undo: sql(host, replica.ran ? goOnWords(speaker) : restWords(speaker)),
    },
    acquires: {
      what: replica.ran
        ? `the applier of ${host.name}, which is stopped`
        : `the filter of ${host.name}; its applier stays stopped, as before`,
      release: 'undo',
      whenDone: 'over',
    },
  }),
  run: async ({ run }) => {
    const answer = await run('run');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});
