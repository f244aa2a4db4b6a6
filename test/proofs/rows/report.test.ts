// What is shown of a proof of rows afterwards: the report, and when the rows of a host were last compared.
import { expect, test } from 'vitest';
import { asJson } from '../../../src/job/plan/step-work.ts';
import { endSentences } from '../../../src/operations/jobs/words/end-words.ts';
import { lastRows, rowsText } from '../../../src/proofs/rows/last-rows.ts';
import { planRows } from '../../../src/proofs/rows/plan.ts';
import { rowEvidenceOf, rowReportLines } from '../../../src/proofs/rows/report.ts';
import { type Compared, newCompared } from '../../../src/proofs/rows/result.ts';
import type { ListedTables } from '../../../src/proofs/rows/tables.ts';
import { addJob } from '../../job/adding.ts';
import { jobStoreForEach } from '../../job/job-store.ts';
import { side } from '../../seed/sides.ts';

const store = jobStoreForEach();
const atMs = Date.UTC(2026, 10, 28, 18);

function jobOf(more: Partial<Compared>, missing: readonly { table: string; why: string }[] = []) {
  const { journal } = store();
  const of = (name: string) => ({ host: side(name).host, speaker: { vendor: 'mysql', version: '9.7.4' } as const });
  const plan = planRows({ source: of('db1'), replica: of('db2') }, { maxLagSeconds: 10, maxLoad: 25 });
  const who = { account: 'ops', jumpHost: 'jump1' };
  const { id } = addJob(journal, { key: '9f3a4c21', plan, targets: [], receivers: [], who });
  const tables = {
    compare: [],
    missing,
    notCompared: [],
    leftOut: [{ table: 'audit.log', why: 'replicate_ignore_db audit' }],
  };
  const compared = {
    ...newCompared(atMs - 60_000, 1),
    equalTables: 4,
    rows: 1200,
    ranges: 9,
    sourceMs: 2300,
    replicaMs: 2500,
    heldMs: 65_000,
    firstGtid: '0-11-7',
    lastGtid: '0-11-99',
    atMs,
    ...more,
  };
  journal.setStep(id, 'list tables', 'done', { result: asJson(tables) });
  journal.setStep(id, 'compare rows', 'done', { result: asJson(compared) });
  const isEqual = compared.differences.length + missing.length === 0;
  journal.setJob(id, isEqual ? 'done' : 'failed', isEqual ? undefined : 'db2 does not have the rows of its source');
  const job = journal.job(id);
  if (!job) throw new Error('no job');
  return job;
}

test('a replica with the rows of its source is told with counts, positions, the seconds of both sides, and what is not replicated', () => {
  const job = jobOf({});
  const lines = rowReportLines([rowEvidenceOf(job)]);
  for (const line of [
    '# Proof of rows',
    '## db2, job 1 (9f3a4c21): equal',
    '| compared | 4 tables equal, 1 not replicated, 1200 equal rows in 9 ranges |',
    '| time | read 2.3 s on db1 and 2.5 s on db2, waited 1 min because of lag or load |',
    '| position of the source, last range | 0-11-99 |',
    '| not replicated | audit.log: replicate\\_ignore\\_db audit |',
  ])
    expect(lines).toContain(line);
  const last = lastRows('db2', [job]);
  expect(last).toEqual({ atMs, source: 'db1', result: 'equal', job: 1 });
  expect(last && rowsText(last, atMs + 3 * 3_600_000)).toBe('rows proved equal to those of db1 3 h ago');
  expect(lastRows('db1', [job])).toBeUndefined();
});

test('after a seed of the replica nothing is told of the rows that were compared before', () => {
  const job = jobOf({});
  const seed = {
    ...job,
    id: 9,
    plan: { ...job.plan, kind: 'seed', steps: job.plan.steps.map((step) => ({ ...step, lane: 'db2' })) },
  };
  const begun = { ...seed, state: 'running' as const };
  expect(lastRows('db2', [job, begun])).toBeUndefined();
  expect(lastRows('db2', [job, { ...seed, endedMs: atMs + 1000 }])).toBeUndefined();
  expect(lastRows('db2', [job, { ...seed, endedMs: atMs - 1000 }])?.job).toBe(job.id);
});

test('one with other rows is told as different, with each range, and never as equal', () => {
  const one = { table: 'shop.orders', range: 'after id 4, up to id 5', why: '1 row on both sides, with other values' };
  const job = jobOf({ differingTables: 1, differences: [one], differencesMore: 7 });
  const lines = rowReportLines([rowEvidenceOf(job)]);
  expect(lines).toContain(
    '| different | shop.orders, after id 4, up to id 5: 1 row on both sides, with other values |',
  );
  expect(lines).toContain('| different | 7 more |');
  expect(rowsText(lastRows('db2', [job]) as never, atMs + 60_000)).toBe(
    'rows differ from those of db1, 1 min ago (job 1)',
  );
  expect(
    lastRows('db2', [jobOf({}, [{ table: 'shop.lost', why: 'the replica does not have this table' }])])?.result,
  ).toBe('different');
});

test('one of which some was not compared is told as equal but for that, and one of which nothing was is not told', () => {
  const not = { table: 'shop.log', why: 'it has no key' };
  const last = lastRows('db2', [jobOf({ unreadTables: 1, notCompared: [not] })]);
  expect(last?.result).toBe('part');
  expect(last && rowsText(last, atMs)).toContain('but for what was not compared');
  expect(endSentences(jobOf({ unreadTables: 1, notCompared: [not] }), [])).toEqual([
    '! not compared: shop.log: it has no key',
  ]);
  expect(lastRows('db2', [jobOf({ ranges: 0, rows: 0 })])).toBeUndefined();
});

test('what differs is told of a proof that was ended by an error before its end too: it was in the log alone', () => {
  const { journal } = store();
  const job = jobOf({});
  const compared = {
    ...newCompared(atMs - 60_000, 0),
    ranges: 64,
    rows: 900,
    differingTables: 1,
    differences: [{ table: 'drill.ledger', range: 'id 7', why: '1 row on both sides, with other values' }],
  };
  const ended = (
    differences: Compared['differences'],
    { missing = [], isVoid }: { readonly missing?: ListedTables['missing']; readonly isVoid?: true } = {},
  ) => {
    const { id } = addJob(journal, {
      key: `ended${differences.length}${missing.length}${isVoid ?? ''}`,
      plan: job.plan,
      targets: [],
      receivers: [],
      who: job.who,
    });
    journal.setStep(id, 'list tables', 'done', {
      result: asJson({ compare: [], missing, notCompared: [], leftOut: [] }),
    });
    const place = asJson({ compared: { ...compared, differences }, ...(isVoid && { isVoid }) });
    journal.setProgress(id, 'compare rows', { text: '', doneBytes: 0, totalBytes: 1, place });
    journal.setStep(id, 'compare rows', 'failed');
    journal.setJob(id, 'failed', 'no answer');
    return journal.job(id) ?? job;
  };
  const one = ended(compared.differences);
  expect(rowReportLines([rowEvidenceOf(one)]).join('\n')).toMatch(
    /: different\n[\s\S]*\| different \| drill.ledger, id 7: 1 row/,
  );
  expect(lastRows('db2', [one])).toMatchObject({ result: 'different' });
  expect(lastRows('db2', [ended([])])).toBeUndefined();
  const missing = [{ table: 'drill.gone', why: 'the replica does not have this table' }];
  expect(lastRows('db2', [ended([], { missing })])).toMatchObject({ result: 'different' });
  // Other data came, by hand or from another jump host: what was found says nothing of it.
  const other = ended(compared.differences, { missing, isVoid: true });
  expect(lastRows('db2', [other])).toBeUndefined();
  expect(rowEvidenceOf(other)).toMatchObject({ result: 'failed' });
});
