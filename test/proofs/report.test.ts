// The evidence of proofs of restore, and the last proof of a host, from a journal.
import { expect, test } from 'vitest';
import { lastProof } from '../../src/proofs/last-proof.ts';
import { planProof } from '../../src/proofs/plan.ts';
import { evidenceOf, reportLines } from '../../src/proofs/report.ts';
import type { ProofRequest } from '../../src/proofs/request.ts';
import { addJob } from '../job/adding.ts';
import { jobStoreForEach } from '../job/job-store.ts';
import { ableSide, classic, proofOf } from './proving.ts';

const store = jobStoreForEach();
const takenMs = Date.UTC(2026, 10, 22, 18);
const atMs = takenMs + 3_600_000;
const proved = {
  snapshot: 'vg0/reseed-b',
  version: '9.7.4-2',
  parts: [
    { name: 'recovery', ms: 200_000 },
    { name: 'check', ms: 50_000 },
  ],
  tables: { checked: 42, all: 50 },
  bytes: { checked: 1024, all: 2048 },
  rows: 86_898,
  unable: 1,
  odd: 0,
  newest: [{ column: 'shop.orders.created_at', seconds: takenMs / 1000 - 40 }],
  atMs,
};

function jobOf(state: 'done' | 'failed', request: Partial<ProofRequest> = {}) {
  const { journal } = store();
  const planned = planProof(proofOf('db2', request));
  if (!planned.ok) throw new Error(planned.message);
  const { id } = addJob(journal, {
    key: '9f3a4c21',
    plan: planned.plan,
    targets: [],
    receivers: [],
    who: proofOf('db2').who,
  });
  if (state === 'done') journal.setStep(id, 'prove', 'done', { result: proved });
  journal.setJob(id, state, state === 'failed' ? 'CHECK TABLE: 1 of 2 tables are damaged; `a|b`: Corrupt' : undefined);
  const job = journal.job(id);
  if (!job) throw new Error('no job');
  return job;
}
const snapshot = classic('reseed-b');

test('a proof is told with its snapshot, parts, tables, rows and who asked for it', () => {
  const evidence = evidenceOf(jobOf('done', { snapshot }));
  expect(evidence).toMatchObject({ host: 'db2', result: 'proved', by: 'ops@jump1', snapshot: 'vg0/reseed-b', takenMs });
  const lines = reportLines({
    sinceMs: 0,
    nowMs: atMs,
    journal: 'ops@jump1',
    hosts: ['db1', 'db2'],
    proofs: [evidence],
  });
  for (const line of [
    'From 1970-01-01 00:00:00 UTC to 2026-11-22 19:00:00 UTC, by the journal of ops@jump1: 1 proof, 1 of them proved.',
    'No restore was proved of: db1.',
    '| db2 | 2026-11-22 19:00:00 UTC | proved | 4 min 10 s | vg0/reseed-b | 42 of 50 | 86898 | 1 |',
    '## db2, job 1 (9f3a4c21): proved',
    '| snapshot | vg0/reseed-b, taken 2026-11-22 18:00:00 UTC |',
    '| recovery | 03:20 |',
    '| CHECK TABLE | 42 of 50 tables, 1.0K of 2.0K: whole |',
    '| without a check | 1 of them, by their engine |',
    '| newest shop.orders.created\\_at | 2026-11-22 17:59:20 UTC, 40 s before the snapshot |',
  ])
    expect(lines).toContain(line);
});

test('a proof that failed is told as failed, with the reason as plain text, and its host is not proved', () => {
  const lines = reportLines({
    sinceMs: 0,
    nowMs: atMs,
    journal: 'x',
    hosts: ['db2'],
    proofs: [evidenceOf(jobOf('failed'))],
  });
  expect(lines).toContain('No restore was proved of: db2.');
  expect(lines).toContain('## db2, job 1 (9f3a4c21): failed');
  expect(lines).toContain('| why | CHECK TABLE: 1 of 2 tables are damaged; \\`a\\|b\\`: Corrupt |');
});

test('the last proof of a host is of its newest job, or of the mark of a snapshot that another jump host left', () => {
  const { report } = ableSide('db2');
  const job = jobOf('done');
  expect(lastProof('db2', report, [job, jobOf('failed')])).toEqual({
    atMs,
    tookMs: 250_000,
    percent: 50,
    snapshot: 'vg0/reseed-b',
    job: 1,
  });
  expect(lastProof('db1', report, [job])).toBeUndefined();
  const { lvm } = report;
  if (!lvm?.ok) throw new Error('no volumes were recorded');
  const volumes = [classic('other', { tags: ['reseed', `reseed-restores=${atMs / 1000 + 60}:7000`] })];
  const marked = { ...report, lvm: { ok: true, value: { ...lvm.value, volumes } } } as const;
  expect(lastProof('db2', marked, [job])).toEqual({
    atMs: atMs + 60_000,
    tookMs: 7000,
    percent: 100,
    snapshot: 'vg0/other',
  });
});

test('a snapshot that a later proof found damaged is no more the last that was proved, although its earlier job is in the journal', () => {
  const { report } = ableSide('db2');
  const job = jobOf('done', { snapshot });
  const { lvm } = report;
  if (!lvm?.ok) throw new Error('no volumes were recorded');
  const withOne = (tags: readonly string[], createdSeconds = takenMs / 1000) => {
    const volumes = [classic('reseed-b', { tags: [...tags], createdSeconds })];
    return { ...report, lvm: { ok: true, value: { ...lvm.value, volumes } } } as const;
  };
  expect(lastProof('db2', withOne(['reseed', 'reseed-proved']), [job])).toBeUndefined();
  expect(lastProof('db2', withOne(['reseed', `reseed-restores=${atMs / 1000}:250000`]), [job])).toMatchObject({
    job: 1,
  });
  // Another one, younger, that a command gave the same name.
  expect(lastProof('db2', withOne([], atMs / 1000 + 60), [job])).toMatchObject({ job: 1 });
});

test('jobs of a kind are found by it, also beside a row that is damaged', () => {
  const { journal } = store();
  const { id } = jobOf('failed');
  expect(journal.idsOfKind('proof', 0)).toEqual([id]);
  expect(journal.idsOfKind('seed', 0)).toEqual([]);
  expect(journal.idsOfKind('proof', Date.now() + 60_000)).toEqual([]);
});
