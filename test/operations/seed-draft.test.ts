// The plan of a seed as an operator reads it, of hosts as they were recorded.

import { expect, test } from 'vitest';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { graveSentences } from '../../src/operations/plans/draft.ts';
import { seedDraft } from '../../src/operations/seed/draft.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import type { Side } from '../../src/seed/request.ts';
import { copyData } from '../../src/seed/transfer/steps/copy-data.ts';
import { jobNumbered, recordedJobs } from '../components/jobs.ts';
import { side } from '../seed/sides.ts';

const author = { key: 'cafe', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };
const target = { name: 'db1', host: 'db1', transport: 'auto', sudo: false } as const;
const method = lvmSnapshot;
const terms = { keepSnapshot: false, compression: 'auto', clear: false } as const;
const known = ['db1', 'db2', 'db3', 'db6'].map((name) => ({ ...side(name), target }));
const draftTo = (...names: readonly string[]) =>
  seedDraft({ donor: side('db2'), targets: names.map((name) => side(name)), method, terms, known }, author);

test('that a target is in sync is its first finding, with its source by name, and red before what is lost', () => {
  const draft = draftTo('db3');
  const words = 'healthy and in sync with db1 (10.77.0.11): it needs no seed';
  const [first] = (draft.checks ?? []).filter(({ host }) => host === 'db3');
  expect(first).toEqual({ host: 'db3', level: 'warn', text: words, advice: '' });
  const lost = ['what db3 has is lost for good'];
  expect(graveSentences({ destroys: lost }, draft)).toEqual([`db3 is ${words}`, ...lost]);
});

test('what a plan says of a replica that works is told from its other losses', () => {
  const inSync = 'db3 is healthy and in sync with db1 (10.77.0.11): it needs no seed';
  expect(draftTo('db3').replicas).toEqual([inSync]);
  const alone = seedDraft(
    { donor: side('db2'), targets: [side('db3')], method, terms: { ...terms, ends: 'standalone' }, known },
    author,
  );
  const leaves = 'db3 will not replicate from db1 any more';
  expect(alone.replicas).toContain(leaves);
  expect(alone.impact).toContain(leaves);
});

test('how long it takes counts what the donor gives from beside its datadir', () => {
  const mebi = 1024 ** 2;
  const { job } = jobNumbered(recordedJobs().views, 9);
  const step = { name: 'copy', title: 'copy', host: 'db2', lane: 'db6', work: copyData.kind, input: {}, commands: {} };
  const earlier: JobRecord = {
    ...job,
    id: 12,
    state: 'done',
    plan: { ...job.plan, kind: 'seed', hosts: ['db2', 'db6'], steps: [step] },
    steps: [
      { name: 'copy', state: 'done', startedMs: 0, endedMs: 100_000, progress: { text: '', totalBytes: 100 * mebi } },
    ],
  };
  const { facts, ...rest } = side('db2', { dataBytes: 300 * mebi });
  const redo = { kind: 'redo', entries: 32, bytes: 100 * mebi, path: '/var/lib/mysql/redo', withDatadir: true };
  const places = [...facts.places.filter(({ kind }) => kind !== 'redo'), { kind: 'redo', path: redo.path }];
  const takes = (donor: Side) =>
    seedDraft({ donor, targets: [side('db6')], method, terms, known, past: [earlier] }, author).checks?.find(
      ({ text }) => text.startsWith('takes about'),
    )?.text;
  expect(takes({ ...rest, facts })).toMatch(/^takes about 5 min: 300M at 1.0M\/s as in job 12/);
  expect(takes({ ...rest, facts: { ...facts, places, outside: [redo] } })).toMatch(
    /^takes about 6 min: 400M at 1.0M\/s/,
  );
});
