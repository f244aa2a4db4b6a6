// Lets a replica go on with its new tables, or the server of its own keep them: from here on they stay, whatever ends the job.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { sql } from '../../seed/replica/commands.ts';
import { goOnWords } from '../applier-words.ts';
import { put, type TablesJob } from '../job.ts';

export const goOn = defineStep({
  kind: 'tables-go-on',
  stage: 'start',
  input: noInput,
  result: noResult,
  plan: (job: TablesJob) => {
    const { host } = job.target;
    return {
      name: `go on ${host.name}`,
      title: job.replica
        ? `start replication on ${host.name}: from here on the new tables stay`
        : `keep the new tables on ${host.name}: from here on they stay`,
      host: host.name,
      input: {},
      commands: { over: put(job, 'over', {}), ...(job.replica && { start: sql(host, goOnWords(job.speaker)) }) },
    };
  },
  run: async ({ run, step }) => {
    for (const key of ['over', 'start']) {
      const answer = step.commands[key] && (await run(key));
      if (answer && !answer.ok) return notDone(answer);
    }
    return { ok: true };
  },
});
