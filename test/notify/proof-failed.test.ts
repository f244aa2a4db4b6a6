// A proof that failed is told as one, besides as a job that failed.
import { expect, test } from 'vitest';
import { endEvent } from '../../src/notify/events.ts';
import { planProof } from '../../src/proofs/plan.ts';
import { addJob } from '../job/adding.ts';
import { jobStoreForEach } from '../job/job-store.ts';
import { proofOf } from '../proofs/proving.ts';

const store = jobStoreForEach();

test('a proof that failed is proof-failed; one that an operator aborted says nothing of its snapshot', () => {
  const planned = planProof(proofOf('db2'));
  if (!planned.ok) throw new Error(planned.message);
  const { journal } = store();
  const events = (state: 'failed' | 'aborted' | 'done') => {
    const { id } = addJob(journal, { key: `cafe${state}`, plan: planned.plan, targets: [], who: proofOf('db2').who });
    if (state === 'aborted') journal.requestAbort(id);
    journal.setJob(id, state);
    const job = journal.job(id);
    if (!job) throw new Error('no job');
    return endEvent({ ...job, state }, [], { machine: 'jump1', nowMs: 0 }).message.events;
  };
  expect(events('failed')).toEqual(['failed', 'proof-failed']);
  expect(events('aborted')).toEqual(['failed']);
  expect(events('done')).toEqual(['done']);
});
