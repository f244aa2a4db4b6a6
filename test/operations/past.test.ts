// What a plan says of past and running jobs, from the journal.
import { expect, test } from 'vitest';
import type { JobRecord, StepRecord } from '../../src/job/journal/record.ts';
import type { JobStore } from '../../src/operations/jobs/job-store.ts';
import { draftOf } from '../../src/operations/plans/draft.ts';
import {
  type Asked,
  blockedWords,
  differsWords,
  durationWords,
  openJobs,
  savedWords,
  userOf,
} from '../../src/operations/plans/past.ts';
import { given } from '../../src/operations/result.ts';
import { judged } from '../../src/operations/schedules/judge.ts';
import { sendWords } from '../../src/scripts/seed-data-words.ts';
import { wayWords } from '../../src/scripts/seed-way-words.ts';
import { candidatesFor } from '../../src/seed/methods/candidates.ts';
import { copyData } from '../../src/seed/transfer/steps/copy-data.ts';
import { listData } from '../../src/seed/transfer/steps/list-data.ts';
import { verifyData } from '../../src/seed/transfer/steps/verify-data.ts';
import { takeSnapshot } from '../../src/snapshot/take-snapshot.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';

const mebi = 1024 ** 2;
const snapshotCommand = {
  host: 'db1',
  script: 'snapshot',
  args: ['mount', 'vg0', 'drill-full'],
  deadlineMs: 1,
} as const;

function job(change: Partial<JobRecord>, steps: readonly StepRecord[] = []): JobRecord {
  const step = { name: 'mount', title: 'mount', host: 'db1', work: 'w', input: {}, commands: { run: snapshotCommand } };
  const lane = { ...step, name: 'switch db3', lane: 'db3', commands: {} };
  // Misleading names: the kind of a step decides what it is.
  const named = (name: string, work: string) => ({ ...step, name, work, commands: {} });
  const others = [named('list', takeSnapshot.kind), named('verify', copyData.kind), named('copy', verifyData.kind)];
  return {
    id: 12,
    key: 'cafe',
    plan: {
      kind: 'seed',
      title: 'seed db1 → db3',
      hosts: ['db1', 'db3'],
      steps: [step, lane, ...others],
      destroys: [],
    },
    targets: [],
    state: 'done',
    who: { account: 'ops', jumpHost: 'jump1' },
    createdMs: 0,
    endedMs: 1000,
    abortRequested: false,
    steps,
    resources: [],
    ...change,
  };
}

const { host, report } = hostNamed(pictureOf('trouble'), 'db1');
const marked = report.lvm?.ok
  ? report.lvm.value.volumes.map((volume) => ({ ...volume, valid: true, tags: ['reseed', 'reseed-proved'] }))
  : [];
const ours = {
  ...report,
  ...(report.lvm?.ok && { lvm: { ok: true as const, value: { ...report.lvm.value, volumes: marked } } }),
};
const author = { key: 'beef', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };
const target = { name: 'db1', host: 'db1', transport: 'auto', sudo: false } as const;

test.each(['unmount', 'remove'] as const)('a snapshot that a running job reads is planned for no %s', (verb) => {
  const request = { verb, snapshots: ['drill-full'] };
  const planned = (state: JobRecord['state']) =>
    draftOf(request, { host, report: ours, target }, author, [job({ state })]).planned;
  expect(planned('running')).toEqual({
    ok: false,
    message: 'vg0/drill-full is in use by job 12',
    advice: 'wait for it, or: reseed job abort 12',
  });
  expect(planned('done')).not.toMatchObject({ message: expect.stringMatching(/in use/) });
});

test('prune leaves a snapshot that a running job reads', () => {
  const request = { verb: 'prune', rule: { keep: 0 } } as const;
  expect(draftOf(request, { host, report: ours, target }, author, []).planned).toMatchObject({ ok: true });
  expect(draftOf(request, { host, report: ours, target }, author, [job({ state: 'running' })]).planned).toMatchObject({
    message: 'db1 has no snapshot to remove',
  });
});

test('a schedule that prunes, and has nothing to do, names what is in use', () => {
  const request = { verb: 'prune', rule: { keep: 0 } } as const;
  const past = [job({ state: 'running' })];
  const draft = draftOf(request, { host, report: ours, target }, author, past);
  const schedule = { name: 'prune', act: { do: 'prune', keep: { last: 0 } }, allow: {} } as const;
  const store = { journal: { openJobs: () => [] } } as unknown as JobStore;
  expect(judged(store, schedule, ['db1'], given(draft))).toEqual({
    state: 'nothing',
    reason: 'db1 has no snapshot to remove; stays: vg0/drill-full, which job 12 uses',
  });
});

test('a snapshot that a running job reads is offered to no other seed', () => {
  const seen = (name: string, state: JobRecord['state']) => {
    const { host: one, report: said } = hostNamed(pictureOf('up'), name);
    const used = { isUsed: (volume: (typeof marked)[number]) => userOf([job({ state })], name, volume) !== undefined };
    return {
      host: one,
      report: name === 'db1' ? { ...said, lvm: ours.lvm ?? said.lvm } : said,
      answers: true,
      down: false,
      ...used,
    };
  };
  const offered = (state: JobRecord['state']) =>
    candidatesFor(
      seen('db3', state) as never,
      ['db1', 'db3'].map((name) => seen(name, state)) as never,
    ).candidates.flatMap(({ snapshot, method }) => (snapshot?.volume === 'drill-full' ? [method.name] : []));
  expect(offered('done')).toEqual(['lvm', 'delta']);
  expect(offered('running')).toEqual([]);
});

const taken = { lockedMs: 840, logFile: 'binlog.000001', logPosition: 4, gtid: '' };

test('for how long writes are blocked is what it was last time, and unknown where there was none', () => {
  const steps: StepRecord[] = [{ name: 'list', state: 'done', result: taken }];
  expect(blockedWords([job({}, steps)], 'db1', 61_000)).toEqual({
    level: 'pass',
    text: 'writes are blocked while the snapshot is taken; last time for 0.84 s (job 12, 1 min ago)',
  });
  expect(blockedWords([], 'db1', 0)).toEqual({
    level: 'unknown',
    text: expect.stringMatching(/for how long is unknown/),
  });
});

const asked = (bytes: number | undefined, more: Partial<Asked> = {}): Asked => ({
  ...{ donor: 'db1', targets: ['db3'], bytes, limit: 0, comparesOld: false },
  ...more,
});

/** Of 100M in 100 s. */
const copy: StepRecord = {
  name: 'verify',
  state: 'done',
  startedMs: 0,
  endedMs: 100_000,
  progress: { text: '', totalBytes: 100 * mebi },
};

test('the time of a seed is estimated from the bytes and the earlier rate; otherwise it is unknown', () => {
  const start: StepRecord = { name: 'start db3', state: 'done', startedMs: 100_000, endedMs: 160_000 };
  expect(durationWords([job({}, [copy, start])], asked(300 * mebi)).text).toBe(
    'takes about 6 min: 300M at 1.0M/s as in job 12 (seed db1 → db3), and 1 min for the other steps',
  );
  expect(durationWords([job({ state: 'failed' }, [copy])], asked(mebi))).toEqual({
    level: 'unknown',
    text: expect.stringMatching(/^how long it takes is unknown: no earlier seed of db1, db3 that ended well/),
  });
  expect(durationWords([job({}, [copy])], asked(undefined)).text).toMatch(/could not be counted/);
});

/** A delta of the same data: of 100M in 50 s. */
function deltaJob(): JobRecord {
  const progress = { text: '', totalBytes: 100 * mebi, sentBytes: 4 * mebi };
  const one = job({ id: 14 }, [{ ...copy, endedMs: 50_000, progress }]);
  const sent = {
    root: '/',
    reader: '',
    folder: '/run/x',
    streams: 2,
    compression: 'auto',
    patienceSeconds: 1,
  } as const;
  const args = sendWords({ ...sent, onlyUnequal: true, targets: ['t1'] });
  const unit = {
    host: 'db1',
    script: 'unit',
    args: [],
    deadlineMs: 1,
    program: { script: 'seed-send', args },
  } as const;
  const steps = one.plan.steps.map((step) =>
    step.work === copyData.kind ? { ...step, commands: { 'send start': unit } } : step,
  );
  return { ...one, plan: { ...one.plan, steps } };
}

test('the rate of a delta, which counts bytes that were never sent, was told as that of a copy', () => {
  const copied = job({}, [copy]);
  const past = [deltaJob(), copied];
  const words = (comparesOld: boolean, from = past) => durationWords(from, asked(300 * mebi, { comparesOld })).text;
  expect(words(false)).toMatch(/^takes about 5 min: 300M at 1.0M\/s as in job 12 /);
  expect(words(true)).toMatch(/^takes about 2 min: 300M compared at 2.0M\/s as in job 14 /);
  expect(words(true, [copied])).toBe(
    'how long it takes is unknown: no earlier seed of db1, db3 by a delta that ended well is in the journal',
  );
  expect(savedWords(past, asked(300 * mebi)).text).toContain('at 1.0M/s as in job 12');
});

test('how much a delta will send is unknown; what the one before it sent is told', () => {
  const delta = asked(300 * mebi, { comparesOld: true });
  expect(differsWords([deltaJob()], delta, 61_000)).toEqual({
    level: 'pass',
    text: 'sends what differs: ? of 300M, before compression; 4.0M of 100M in job 14, 1 min ago',
  });
  expect(differsWords([], { ...delta, logBytes: 20 * mebi }, 0).text).toBe(
    'sends what differs: ? of 300M, 20M of binary logs among it, before compression',
  );
  expect(differsWords([], delta, 0)).toEqual({
    level: 'unknown',
    text: 'sends what differs: ? of 300M, before compression',
  });
});

test('a snapshot plan says what decides: role, room, longest statement, that writes are blocked', () => {
  const told = draftOf({ verb: 'snapshot' }, { host, report, target }, author, []).checks?.map(
    ({ level, text }) => `${level} ${text}`,
  );
  expect(told).toEqual([
    expect.stringMatching(/^warn primary, source of .*, takes writes$/),
    expect.stringMatching(/^pass vg0 has [\d.]+G free, the snapshot needs \d+M$/),
    'unknown the longest statement that runs: unknown, and the lock waits for 30 s at most',
    expect.stringMatching(/^unknown writes are blocked while the snapshot is taken; for how long is unknown/),
  ]);
});

test('jobs that are over are not told as open', () => {
  expect([...openJobs([job({ state: 'running' }), job({ id: 3, key: 'old' })])]).toEqual([['cafe', 12]]);
});

test('a limit of this seed bounds what an earlier one without it, or with another, tells of how long it takes', () => {
  const limited = (limit: number, args = wayWords('limit', '/run/x', { bytes: limit })) => {
    const one = job({}, [copy]);
    const commands = {
      limit: { host: 'db1', script: 'seed-way', args, deadlineMs: 1 },
    } as const;
    const step = { name: 'x', title: '', host: 'db1', work: listData.kind, input: {}, commands };
    return { ...one, plan: { ...one.plan, steps: [...one.plan.steps, step] } };
  };
  const words = (past: JobRecord[], limit = 0) => durationWords(past, asked(300 * mebi, { limit })).text;
  expect(words([job({}, [copy])], 0.5 * mebi)).toBe(
    'takes up to 10 min: 300M at the limit of 512K/s, less where the data compresses; and 0 s for the other steps. It went at 1.0M/s as in job 12 (seed db1 → db3) without a limit',
  );
  expect(words([limited(0.5 * mebi)], 0.5 * mebi)).toMatch(
    /^takes about 5 min: 300M at 1.0M\/s as in job 12 \(seed db1 → db3\), and/,
  );
  expect(words([limited(mebi)])).toMatch(/\(seed db1 → db3\) with a limit of 1.0M\/s, and/);
  const older = limited(mebi, ['limit', '/run/x', String(mebi)]);
  expect(words([older])).toMatch(/\(seed db1 → db3\) with a limit of 1.0M\/s, and/);
});

test('a job whose limit was changed on the way is no reference: its rate was told as that of the planned limit', () => {
  const changed = (limit: number) =>
    job({ id: 13 }, [{ ...copy, endedMs: 10_000, progress: { text: '', totalBytes: 100 * mebi, limit } }]);
  const words = (...past: JobRecord[]) => durationWords(past, asked(300 * mebi)).text;
  expect(words(changed(mebi), job({}, [copy]))).toContain('at 1.0M/s as in job 12');
  expect(words(changed(0), job({}, [copy]))).toContain('at 10M/s as in job 13');
});

test('what a target saves that needs no copy is told in time, at the rate of an earlier seed or at the limit; else as ?', () => {
  const words = (past: JobRecord[], bytes?: number, limit = 0) => savedWords(past, asked(bytes, { limit }));
  expect(words([job({}, [copy])], 300 * mebi).text).toBe(
    'saves about 5 min of copying 300M, at 1.0M/s as in job 12 (seed db1 → db3)',
  );
  expect(words([], 300 * mebi, mebi).text).toBe('saves about 5 min of copying 300M, at 1.0M/s which is the limit');
  expect(words([], 300 * mebi)).toEqual({
    level: 'unknown',
    text: 'saves ? min of copying 300M: at which rate is unknown',
  });
  expect(words([job({}, [copy])]).text).toMatch(/^saves \? min of copying: .* could not be counted$/);
});
