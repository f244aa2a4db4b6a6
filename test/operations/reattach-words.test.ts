// What happens to a target that a job gives another source: it is not a seed's target, so no message is about old and
// new data.
import { expect, test } from 'vitest';
import type { JobRecord, JobState, ResourceState, StepState } from '../../src/job/journal/record.ts';
import { abortSentences } from '../../src/operations/jobs/words/abort-words.ts';
import { endSentences } from '../../src/operations/jobs/words/end-words.ts';
import { keepReattached, reattach } from '../../src/seed/methods/binlog/reattach.ts';
import { plan } from '../seed/replica/attaching.ts';

function job(
  states: Readonly<Record<string, StepState>>,
  undo?: ResourceState,
  state: JobState = 'running',
): JobRecord {
  const steps = [reattach.plan(plan), keepReattached.plan(plan)];
  return {
    id: 1,
    key: 'cafe',
    plan: { kind: 'reattach', title: 'reattach db3 to db2 by binary logs', hosts: ['db3'], steps, destroys: [] },
    targets: [],
    state,
    who: { account: 'ops', jumpHost: 'jump1' },
    createdMs: 0,
    abortRequested: false,
    steps: steps.map(({ name }) => ({ name, state: states[name] ?? 'waiting' })),
    resources: undo ? [{ step: 'reattach db3', what: 'its source', state: undo }] : [],
  };
}

test('an abort says that the replication of before comes back, if it was changed', () => {
  expect(abortSentences(job({}), [])).toEqual(['db3 keeps its data, and its replication was not changed']);
  expect(abortSentences(job({ 'reattach db3': 'done' }, 'held'), [])).toEqual([
    'db3 keeps its data, and replicates again as it did before the job',
  ]);
  expect(abortSentences(job({ 'reattach db3': 'done', 'keep db3': 'done' }, 'held'), [])).toEqual([
    'db3 keeps its data, and stays a replica of its new source',
  ]);
});

test('the end of one that did not succeed says how the host replicates now', () => {
  const ended = job({ 'reattach db3': 'done' }, 'released', 'failed');
  const said = (code: number) => {
    const undo = { step: 'reattach db3', key: 'undo', said: 'its replication is as it was before\n', code };
    return endSentences(ended, [
      { ...undo, host: 'db3', script: 'seed-reattach', scriptSha256: '', args: [], startedMs: 0, tookMs: 1 },
    ])[0];
  };
  expect(said(0)).toBe('db3 keeps its data; its replication is as it was before');
  expect(said(1)).toBe('db3 keeps its data; how it replicates now is unknown, see below');
  expect(endSentences(job({}, undefined, 'failed'), [])).toEqual([
    'db3 keeps its data; its replication was not changed',
  ]);
});
