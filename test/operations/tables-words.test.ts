// What an abort, and the end of a job that did not succeed, say of a server that gets named tables.
import { describe, expect, test } from 'vitest';
import type { JobRecord, JobState, StepState } from '../../src/job/journal/record.ts';
import { abortSentences } from '../../src/operations/jobs/words/abort-words.ts';
import { endSentences } from '../../src/operations/jobs/words/end-words.ts';
import { planOf, primary, replica } from '../tables/tabling.ts';

function job(states: Readonly<Record<string, StepState>>, state: JobState = 'running', taken = replica()): JobRecord {
  const plan = planOf(taken);
  const { steps } = plan;
  return {
    id: 1,
    key: 'cafe',
    plan,
    targets: [],
    state,
    who: { account: 'ops', jumpHost: 'jump1' },
    createdMs: 0,
    abortRequested: false,
    steps: steps.map(({ name }) => ({ name, state: states[name] ?? 'waiting' })),
    resources: [],
  };
}
const done = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'done' as const]));
const undone = (step: string, key: string, code: number) => ({
  ...{ step, key, said: '', code, host: 'db3', script: 'tables', scriptSha256: '', args: [], startedMs: 0, tookMs: 1 },
});

describe('an abort', () => {
  const said = (of: JobRecord) => abortSentences(of, []).find((text) => text.startsWith('db3'));

  test('before anything was touched says so', () => {
    expect(said(job({}))).toBe('db3 keeps its tables; its replication was not touched');
  });
  test('after the swap puts the old tables back, and the replication', () => {
    expect(said(job(done('hold db3', 'swap db3')))).toBe(
      'db3 gets its old tables back; its replication is as before the job again',
    );
  });
  test('once events were left out leaves the applier stopped', () => {
    const passed = undone('reach db3', 'passed', 0);
    expect(abortSentences(job(done('hold db3', 'reach db3', 'swap db3')), [passed]).join()).toContain(
      'db3 gets its old tables back, which lack events that were left out: its applier stays stopped',
    );
  });
  test('once it goes on keeps the new ones', () => {
    expect(said(job(done('hold db3', 'swap db3', 'go on db3')))).toContain('db3 keeps its new tables');
  });
  test('of a server that replicates from no host says nothing of replication', () => {
    expect(said(job({}, 'running', primary({ tables: [] })))).toBe('db3 keeps its tables');
  });
});

describe('the end of one that failed', () => {
  test('says whether the old tables are back and how it replicates', () => {
    const failed = job(done('hold db3', 'open db3'), 'failed');
    const undo = (code: number) => [undone('open db3', 'back', code), undone('hold db3', 'undo', 0)];
    expect(endSentences(failed, undo(0))[0]).toBe(
      'db3: it has the tables that it had; its replication is as before the job',
    );
    expect(endSentences(failed, undo(1))[0]).toContain('which tables it has is not known, see below');
  });

  test('says that its applier stays stopped, and why, where events were left out', () => {
    const failed = job(done('hold db3', 'open db3'), 'failed');
    const said = 'LEFT: its applier stays stopped. Its tables lack what was applied since uuid:1-52';
    const undo = [undone('open db3', 'back', 0), { ...undone('hold db3', 'undo', 0), said }];
    expect(endSentences(failed, undo)[0]).toBe(`db3: ${said.slice(6)}`);
  });
});
