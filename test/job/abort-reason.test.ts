// Why a step ended during an abort: the operator, if the abort ended a command of the step; else the step's own reason.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import { defineStep, noInput, noResult, type StepEnd, type StepTools, worksOf } from '../../src/job/plan/step-work.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import { notDone } from '../../src/job/runner/step-end.ts';
import { failureOf } from '../../src/remote/failure.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';

const store = jobStoreForEach();

/** Ends when it is cancelled, with any message. */
const open = (): Remote => {
  const exec: Remote['exec'] = async (_script, _args, { signal }) => {
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    const told = { kind: 'aborted', message: 'broken off, on db2', advice: '', printed: 'half of an answer' } as const;
    return failureOf(told, 'db2', 'unit poll');
  };
  return { exec } as Remote;
};

/** The error of a job that is aborted while its only step works. */
async function errorOf(run: (tools: StepTools) => Promise<StepEnd>): Promise<string | undefined> {
  const { journal, folder } = store();
  const command = { host: 'db2', script: 'unit', args: ['poll', 'cafe', 'send', '0'], deadlineMs: 1000 } as const;
  const works = defineStep({
    kind: 'works',
    input: noInput,
    result: noResult,
    plan: () => ({ name: 'work', title: 'copy', host: 'db2', input: {}, commands: { look: command } }),
    run: async (tools) => {
      journal.requestAbort(id);
      return await run(tools);
    },
  });
  const plan = { kind: 'test', title: 'a job', hosts: ['db2'], destroys: [], steps: [works.plan(undefined)] };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  const log = openJobLog(join(folder, 'log'), Date.now);
  await runJob(id, { journal, log, works: worksOf([works]), open, nowMs: Date.now });
  return journal.job(id)?.error;
}

test('a command that the abort broke off: the operator is the reason, whatever the way to its host calls that', async () => {
  const error = await errorOf(async ({ run }) => {
    const answer = await run('look');
    return answer.ok ? { ok: true } : notDone(answer);
  });
  expect(error).toBe('copy: aborted by the operator');
});

test('what a server said that was stopped meanwhile is kept, though it says that it was cancelled', async () => {
  const message = 'mysqld: the query of event e1: it was cancelled on shutdown';
  expect(await errorOf(async () => ({ ok: false, message, advice: '' }))).toBe(`copy: ${message}`);
});
