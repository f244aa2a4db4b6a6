// Stops the applier of a replica: it must not go beyond the place that its new tables will be of. Its undo starts it only on tables that it left, or that are
// put back.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { sql } from '../../seed/replica/commands.ts';
import { goOnWords, holdWords, restWords } from '../applier-words.ts';
import { put, type Replica, type TablesJob, yesNo } from '../job.ts';

export const holdApplier = defineStep({
  kind: 'tables-hold',
  stage: 'stop',
  input: noInput,
  result: noResult,
  plan: (job: TablesJob & { readonly replica: Replica }) => {
    const { speaker, replica } = job;
    const { host } = job.target;
    return {
      name: `hold ${host.name}`,
      title: `stop the applier of ${host.name}: it goes on receiving, and applies nothing until the tables are in place`,
      host: host.name,
      input: {},
      commands: {
        run: sql(host, holdWords(speaker)),
        undo: put(job, 'resume', { go_on: goOnWords(speaker), rest: restWords(speaker), ran: yesNo(replica.ran) }),
      },
      acquires: {
        what: replica.ran
          ? `the applier of ${host.name}, which is stopped`
          : `the filter of ${host.name}; its applier stays stopped, as before`,
        release: 'undo',
        whenDone: 'over',
      },
    };
  },
  run: async ({ run }) => {
    const answer = await run('run');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});
