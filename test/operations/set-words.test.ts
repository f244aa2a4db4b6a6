// What a set says at its end where its primary has the new data, and another host does not.
import { expect, test } from 'vitest';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { abortSentences } from '../../src/operations/jobs/words/abort-words.ts';
import { endSentences } from '../../src/operations/jobs/words/end-words.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { request, side } from '../seed/sides.ts';

const asked = request(side('db2'), [side('db6'), side('db3')], { ends: 'set', writable: true });

/** `failed`: the step at which the lane of db3 ended. `primary`: the state of the last step of db6. */
function ended(failed: string, primary: 'done' | 'waiting'): JobRecord {
  const planned = planSeed(asked, []);
  if (!planned.ok) throw new Error(planned.message);
  const { plan } = planned;
  const at = plan.steps.findIndex(({ name }) => name === failed);
  const steps = plan.steps.map(({ name }, index) => ({
    name,
    state:
      name === failed
        ? ('failed' as const)
        : name === 'drop db6'
          ? primary
          : index < at
            ? ('done' as const)
            : ('waiting' as const),
    ...(name === 'prove alone db6' && { result: { writable: true } }),
  }));
  return {
    id: 17,
    key: 'cafe',
    plan,
    targets: [],
    state: 'failed',
    who: { account: 'ops', jumpHost: 'jump1' },
    createdMs: 0,
    abortRequested: false,
    steps,
    resources: [],
  };
}

const behind =
  'db6 has the new data, and db3 does not: stop its replication if it is from db6, and seed it from there: reseed seed db6 db3';

test('a member that keeps its old data is told to be behind its primary, which has the new: it would go on replicating from it', () => {
  const job = ended('prove account db3', 'done');
  expect(endSentences(job, [])).toContain(behind);
  expect(abortSentences({ ...job, state: 'running' }, [])).toContain(behind);
});

test('nothing is said of it where the primary keeps its old data too, or where both have the new', () => {
  expect(endSentences(ended('prove account db3', 'waiting'), [])).not.toContain(behind);
  expect(endSentences(ended('drop db3', 'done'), [])).not.toContain(behind);
});
