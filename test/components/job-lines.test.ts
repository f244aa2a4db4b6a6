// The lines of a job's screen above its log, at any width.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullLook } from '../../components/base/theme.ts';
import { displayWidth } from '../../components/base/width.ts';
import { aged, type PaneLine } from '../../components/panes/fields.ts';
import { jobLines } from '../../components/panes/job/job-lines.ts';
import {
  briefAndAge,
  dataChangedMs,
  hostOfJob,
  isSeeded,
  nextWords,
  unfinishedByHost,
} from '../../components/panes/job/job-words.ts';
import { jobsPane } from '../../components/panes/job/jobs-lines.ts';
import { stepLines } from '../../components/panes/job/step-list.ts';
import { jobColumns, jobDetails, jobRows } from '../../components/screens/jobs/list.ts';
import type { StepRecord } from '../../src/job/journal/record.ts';
import type { JobView } from '../../src/job/journal/watch.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { doingText } from '../../src/job/words/doing-words.ts';
import { leftText, timeLeftMs, usualTimes } from '../../src/job/words/time-left.ts';
import { doneWords } from '../../src/operations/jobs/words/done-words.ts';
import { attachReplica } from '../../src/seed/replica/steps/attach-replica.ts';
import { catchUp } from '../../src/seed/replica/steps/catch-up.ts';
import { swapData } from '../../src/seed/target/swap-data.ts';
import { takeSnapshot } from '../../src/snapshot/take-snapshot.ts';
import { clockDuration } from '../../src/text/times.ts';
import { changedJob, jobNumbered, recordedJobs, seedInCopy, withTargets } from './jobs.ts';

const { recordedAtMs: nowMs, views } = recordedJobs();
const scene = { nowMs, look: fullLook, width: 80 };
const texts = (lines: readonly PaneLine[]) => lines.map((line) => line.map(({ text }) => text).join(''));
const shown = (view: JobView, most = 20, width = 80) => texts(jobLines(view, most, { ...scene, width }).lines);

const gib = 1024 ** 3;

test('a job whose runner died says so, what it holds, and which keys help', () => {
  const lines = shown(jobNumbered(views, 11));
  expect(lines[0]).toMatch(/^ job 11 · restart db2 +! runner died $/);
  expect(lines[1]).toMatch(/asked for by root@vm · begun 2026-11-22 .* · marked \w{8} on hosts/);
  expect(lines).toContainEqual(expect.stringMatching(/^ ✔ lock db2 +\d+\.\d s/));
  expect(lines).toContainEqual(expect.stringMatching(/^ \? start mysql on db2/));
  expect(lines).toContain(' held: the lock of db2');
  expect(lines.join(' ')).toMatch(/runner died, last heard of .*\. r: resume it\. a: abort +it, and undo what it made/);
  const undoing = changedJob(jobNumbered(views, 11), { state: 'releasing' });
  expect(shown(undoing).join(' ')).toMatch(/runner died, last heard of .*\. r: go on undoing it /);
  expect(doingText(undoing.job)).toBe('undoes its changes');
});

test('a job that failed says why in full, broken over lines and not cut', () => {
  const lines = shown(jobNumbered(views, 9));
  expect(lines[0]).toMatch(/✖ failed · ran \d+\.\d s · ended \d+ (s|min) ago $/);
  expect(lines).toContainEqual(expect.stringMatching(/^ ✖ start mysql on db6 +\d+\.\d s/));
  expect(lines.join(' ')).toMatch(/Operating system error number 2 in a +file operation\./);
  const [why, step] = ['the server did not', 'start mysql on db6'].map((text) =>
    lines.findIndex((line) => line.includes(text)),
  );
  expect(why).toBeLessThan(step ?? 0);
});

test('a job that could not undo all shows its error and the next step on a low screen, above all steps that were done', () => {
  const { job } = jobNumbered(views, 9);
  const done = (index: number) => `step ${index}`;
  const planned = Array.from(
    { length: 14 },
    (_, index) => ({ ...job.plan.steps[0], name: done(index) }) as PlannedStep,
  );
  const steps = planned.map(({ name }, index): StepRecord => ({ name, state: index === 0 ? 'failed' : 'done' }));
  const error = 'db2 did not answer: no route to the host';
  const change = { state: 'cleanup-needed', plan: { ...job.plan, steps: planned }, steps, error } as const;
  const view: JobView = { ...changedJob(jobNumbered(views, 9), change), ends: [{ text: 'LEFT: the lock of db2' }] };
  const lines = shown(view, 14, 80).join('\n');
  expect(lines).toContain(` ✖ ${error}\n ! reseed job abort 9 undoes what is left\n · LEFT: the lock of db2\n`);
});

test('a long error leaves room for what is left and what comes next, and says how many of its lines are missing', () => {
  const words = fc.array(fc.constantFrom('db3:', 'could', 'not', 'reach', '10.77.0.14', '漢字', 'x'.repeat(70)), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(words, fc.integer({ min: 9, max: 30 }), fc.integer({ min: 60, max: 200 }), (said, most, width) => {
      const error = said.join(' ');
      const failed = changedJob(jobNumbered(views, 9), { state: 'cleanup-needed', error });
      const ends = [
        { text: `db3 keeps its old data: ${error}` },
        { text: 'LEFT: the lock of db2', about: 'left' as const },
      ];
      const { lines } = jobLines({ ...failed, ends }, most, { ...scene, width, next: 'enter opens db3' });
      const text = texts(lines).join('\n');
      expect(lines.length).toBeLessThanOrEqual(most);
      for (const needed of ['undoes what is left', 'LEFT: the lock of db2', 'next: enter opens db3'])
        expect(text).toContain(needed);
      const isWhole = text.replaceAll(/\s+/g, '').includes(error.replaceAll(/\s+/g, ''));
      if (!isWhole) expect(text).toMatch(/… (?:\d+ more lines?: )?w/);
    }),
  );
});

test('bytes have a bar, percent, rate, ETA, and a sparkline of how they went', () => {
  const samples = [0, 1, 2, 3, 4].map((at) => ({ atMs: nowMs - (4 - at) * 1000, doneBytes: (50 + at) * gib }));
  const copy = { progress: { text: 'copies', doneBytes: 54 * gib, totalBytes: 100 * gib } };
  const lines = shown(seedInCopy(copy, samples));
  expect(lines[0]).toMatch(/^ job 17 · seed db1 → db4, db6 +▶ running 02:14 · ETA 00:46 $/);
  expect(lines).toContain(' ▶ copy db1      █████▌░░░░  54 %   54G of 100G   1.0G/s   ETA 00:46');
  expect(lines.filter((line) => line.startsWith(' ○'))).toEqual([' ○ verify db1', ' ○ start db1', ' ○ attach db1']);
  expect(lines).toContain(' throughput ████  peak 1.0G/s');
});

describe('a job with several targets has a table of them', () => {
  const lanes = {
    db4: { text: 'copies', doneBytes: 10 * gib, totalBytes: 20 * gib },
    db6: { text: 'waits for the disk' },
    db7: { text: 'copies', doneBytes: 20 * gib, totalBytes: 20 * gib, try: { number: 2, of: 3 } },
  };
  const copies = seedInCopy({ progress: { text: '3 targets', lanes }, lost: { db3: 'no space left' } });
  const view = withTargets(copies, 'db3', 'db4', 'db6', 'db7');

  test('those that were given up first, then how far each is', () => {
    const lines = shown(view, 30, 100);
    const at = lines.findIndex((line) => line.startsWith(' TARGET'));
    expect(lines.slice(at, at + 5).map((line) => line.trimEnd())).toEqual([
      ' TARGET  STATE      DONE              STEPS   COPIED          STEP',
      ' db3     ✖ failed   ░░░░░░░░░░ 0 %    0 of 1                  copy db1',
      ' db4     ▶ running  █████░░░░░ 50 %   0 of 1  10G of 20G      copy db1',
      ' db6     ▶ running  ░░░░░░░░░░ 0 %    0 of 1                  copy db1 · waits for the disk',
      ' db7     ▶ running  ██████████ 100 %  0 of 1  20G of 20G      try 2 of 3',
    ]);
    expect(lines).toContain(' ✖ db3: no space left');
    expect(jobLines(view, 30, { ...scene, width: 100 }).table).toMatchObject({ at, heading: true });
  });

  test('why a target was given up in a step of its own is there while the others go on', () => {
    const why = '1045 access denied for the replication account repl at db1';
    const steps = view.job.steps.map((step) =>
      step.name === 'start db6' ? { ...step, state: 'failed' as const, lost: { db6: why } } : step,
    );
    const lines = shown(changedJob(view, { steps }), 30, 100);
    expect(lines).toContainEqual(expect.stringMatching(/^ db6 +✖ failed /));
    expect(lines).toContain(` ✖ db6: ${why}`);
  });

  test('on a low screen without its heading, and what there is no room for is counted', () => {
    expect(shown(view, 12, 80)).not.toContainEqual(expect.stringMatching(/^ TARGET/));
    expect(shown(view, 12, 80)).toContainEqual(expect.stringMatching(/^ db7 /));
    expect(shown(view, 10, 80)).toContain(' 2 more targets');
    for (const most of [6, 9, 12, 20, 30]) expect(shown(view, most).length).toBeLessThanOrEqual(most);
  });

  test('whose runner died is not told as running, and one that is over not as waiting', () => {
    expect(shown({ ...view, abandoned: true }, 30)).toContainEqual(expect.stringMatching(/^ db4 +! runner died /));
    const over = changedJob(view, { state: 'aborted', endedMs: nowMs });
    expect(shown(over, 30)).toContainEqual(expect.stringMatching(/^ db6 +– aborted /));
    // No step is to come.
    const ended = over.job.steps.map((step) =>
      step.state === 'running' ? { ...step, state: 'failed' as const } : step,
    );
    expect(
      shown(changedJob(over, { steps: ended }), 30)
        .filter((text) => /^ db6 /.test(text))
        .join(),
    ).not.toContain('verify');
  });

  test('has none with one target: its steps say all of it', () => {
    expect(shown(withTargets(copies, 'db4'), 30).join('\n')).not.toContain('TARGET');
  });
});

test('the steps of several targets are in their rows, and those of all have a line each that stays in its place', () => {
  const places = (view: JobView) => {
    const lines = shown(view, 20, 100);
    return [/ lock db1/, / snapshot db1/, / copy db1/, / verify db1/, /^ db4 /, /^ db6 /].map((start) =>
      lines.findIndex((line) => start.test(line)),
    );
  };
  const quiet = withTargets(seedInCopy({}), 'db4', 'db6');
  expect(shown(quiet, 20, 100).join('\n')).not.toMatch(/^ [▶○✔] start mysql on db4/m);
  const troubled = {
    progress: { text: '', doneBytes: 1, totalBytes: 9, streams: [1, 2], try: { number: 2, of: 3 }, lastError: 'reset' },
  };
  const lines = places(withTargets(seedInCopy(troubled), 'db4', 'db6'));
  expect(lines).toEqual(places(quiet));
  expect(lines).not.toContain(-1);
});

test('in a narrow line the rate and the time that is left stay, and the bar and the end of the title go', () => {
  const samples = [0, 1, 2, 3, 4].map((at) => ({ atMs: nowMs - (4 - at) * 1000, doneBytes: (50 + at) * gib }));
  const view = seedInCopy({ progress: { text: '', doneBytes: 54 * gib, totalBytes: 100 * gib } }, samples);
  const title = 'send the data of db1 to db4 and db6 by ssh, 4 streams';
  const steps = view.job.plan.steps.map((step) => (step.name === 'copy' ? { ...step, title } : step));
  const long = changedJob(view, { plan: { ...view.job.plan, steps } });
  for (const width of [60, 80, 120, 200]) {
    const line = shown(long, 20, width).find((one) => one.includes('▶ send')) ?? '';
    expect(displayWidth(line)).toBeLessThanOrEqual(width);
    expect(line).toMatch(/ 54 % .*1\.0G\/s {3}ETA 00:46$/);
  }
});

describe('how long the whole job still takes', () => {
  const took = (work: string, seconds: number, totalBytes?: number) => {
    const { job } = seedInCopy({ state: 'done' });
    const step = { name: work, state: 'done', startedMs: 0, endedMs: seconds * 1000 } as const;
    const progress = totalBytes === undefined ? {} : { progress: { text: '', totalBytes } };
    return { ...job, state: 'done', steps: [{ ...step, ...progress }] } as const;
  };
  const samples = [0, 1].map((second) => ({ atMs: nowMs - 1000 + second * 1000, doneBytes: (49 + second) * gib }));
  const view = seedInCopy({ progress: { text: '', doneBytes: 50 * gib, totalBytes: 100 * gib } }, samples);
  const { hosts } = view.job.plan;
  const past = [took('verify', 10, 50 * gib), took('start', 40), took('attach', 50), took('verify', 999)];

  test('is by the rate of its bytes, and by what its other steps took last', () => {
    // 50 s of the copy, 20 s for twice the bytes to compare, 90 s of the last two.
    expect(timeLeftMs(view, usualTimes(past, hosts), nowMs)).toBe(160_000);
    const text = texts(jobLines(view, 20, { ...scene, usual: usualTimes(past, hosts) }).lines)[0];
    expect(text).toMatch(/▶ running 02:14 · about 3 min left $/);
  });

  test('is not told where a step to come was never done, and where nothing moves', () => {
    expect(timeLeftMs(view, usualTimes(past.slice(1), hosts), nowMs)).not.toBe(160_000);
    expect(timeLeftMs(view, usualTimes(past.slice(0, 2), hosts), nowMs)).toBeUndefined();
    expect(timeLeftMs({ ...view, samples: [] }, usualTimes(past, hosts), nowMs)).toBeUndefined();
    expect(shown(view)[0]).toMatch(/ETA 00:50 $/);
  });

  test('counts one target after the other, as the runner goes, and none that is given up', () => {
    const two = withTargets(view, 'db4', 'db6');
    const oneMs = timeLeftMs(withTargets(view, 'db4'), usualTimes(past, hosts), nowMs) ?? 0;
    expect(timeLeftMs(two, usualTimes(past, hosts), nowMs)).toBe(oneMs + 40_000);
    const steps = two.job.steps.map((step) =>
      step.name === 'copy' ? { ...step, lost: { db6: 'no space left' } } : step,
    );
    expect(timeLeftMs(changedJob(two, { steps }), usualTimes(past, hosts), nowMs)).toBe(oneMs);
  });

  test('is not told while a step takes longer than the last one did: it was 10 s for hours', () => {
    const late = seedInCopy({ progress: { text: 'a wait without bytes' } });
    const usual = usualTimes([...past, took('copy', 1)], hosts);
    expect(timeLeftMs(late, usual, nowMs)).toBeUndefined();
  });

  test('is not told before the bytes are counted, and not by what another server took', () => {
    const early = seedInCopy({ state: 'waiting' });
    const usual = usualTimes([...past, took('copy', 27, 0.3 * gib)], hosts);
    expect(timeLeftMs(early, usual, nowMs)).toBeUndefined();
    expect(usualTimes(past, ['db99']).size).toBe(0);
  });

  test.each([
    [3000, 'about 10 s left'],
    [41_000, 'about 50 s left'],
    [61_000, 'about 2 min left'],
    [7_300_000, 'about 3 h left'],
  ])('%i ms: %s', (ms, text) => {
    expect(leftText(ms)).toBe(text);
  });
});

test('a seed that is done says what each target is now, what was copied, and for how long writes were blocked; then what the keys do', () => {
  const base = seedInCopy({
    state: 'done',
    startedMs: nowMs - 27_000,
    endedMs: nowMs,
    progress: { text: '', doneBytes: 311 * 2 ** 20, totalBytes: 311 * 2 ** 20 },
  });
  const { plan, steps } = base.job;
  const of = (name: string, work: string, host: string, lane?: string): PlannedStep => ({
    ...(plan.steps[0] as PlannedStep),
    name,
    work,
    host,
    ...(lane !== undefined && { lane }),
  });
  const planned = [
    ...plan.steps.map((step) => (step.name === 'copy' ? { ...step, stage: 'copy' } : step)),
    of('take', takeSnapshot.kind, 'db2'),
    of('attach db3', attachReplica.kind, 'db3', 'db3'),
    of('catch db3', catchUp.kind, 'db3', 'db3'),
  ];
  const done = (name: string, result: StepRecord['result']): StepRecord => ({
    name,
    state: 'done',
    ...(result !== undefined && { result }),
  });
  const view = changedJob(base, {
    state: 'done',
    endedMs: nowMs,
    plan: { ...plan, hosts: ['db2', 'db3'], steps: planned },
    steps: [
      ...steps,
      done('take', { lockedMs: 840, logFile: '', logPosition: 0, gtid: '' }),
      done('attach db3', { source: 'db1', gtid: '' }),
      done('catch db3', { lagSeconds: 0 }),
    ],
  });
  const text = 'db3 replicates from db1, lag 0 s; 311M copied in 27 s; writes on db2 blocked for 0.84 s';
  expect(doneWords(view.job)).toEqual([text]);
  const next = nextWords(view.job, hostOfJob(view.job), false);
  const lines = texts(jobLines(view, 20, { ...scene, width: 120, next }).lines);
  expect(lines).toContain(` ✔ ${text}`);
  expect(lines.join(' ')).toMatch(
    / · next: enter opens db3, e plans a new seed of db3, w opens the whole log, reseed report \d+ +tells +others/,
  );
  expect(nextWords(view.job, 'db3', true)).not.toContain('a new seed');
});

test('a target that gets nothing while others do says since when, and when it is given up', () => {
  const text = 'nothing has moved for 125 s; db6 is given up after 600 s';
  const lane = (doneBytes: number) => ({ text: '', doneBytes, totalBytes: 20 * gib });
  const lanes = { db4: lane(10 * gib), db6: { ...lane(5 * gib), text, stalledMs: 125_000 } };
  const copies = withTargets(seedInCopy({ progress: { ...lane(5 * gib), lanes } }), 'db4', 'db6');
  const lines = shown(copies, 30, 120);
  expect(lines).toContain('     ! db6: no byte for 2 min');
  expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ db6 +▶ running .* ${text}$`)));
});

test('of several targets the row of the one that is away says so, and no other row does', () => {
  const lane = { text: '', doneBytes: 5 * gib, totalBytes: 10 * gib };
  const away = [{ host: 'db6', sinceMs: nowMs - 60_000, tries: 3, why: 'no route to host' }];
  const copies = withTargets(
    seedInCopy({ progress: { text: '', lanes: { db4: lane, db6: lane }, away } }),
    'db4',
    'db6',
  );
  const text = shown(copies, 30, 160).join('\n');
  expect(text).toMatch(/db6 +▶ running .*no answer from db6 since [^(]+ \(3 tries\): no route to host/);
  expect(text).toMatch(/db4 +▶ running .*copy db1 *$/m);
});

test('of several targets together it says how far they are, how fast, and until when', () => {
  const bytes = { doneBytes: 50 * gib, totalBytes: 100 * gib };
  const samples = [0, 1].map((second) => ({ atMs: nowMs - 1000 + second * 1000, doneBytes: (49 + second) * gib }));
  const lane = { text: 'copies', ...bytes };
  const copies = seedInCopy({ progress: { text: '', ...bytes, lanes: { db4: lane, db6: lane } } }, samples);
  const both = shown(withTargets(copies, 'db4', 'db6'));
  expect(both).toContain(' ▶ copy db1      █████░░░░░  50 %   50G of 100G   1.0G/s   ETA 00:50');
  expect(both.filter((line) => /^ db\d +▶ running +█████░░░░░ 50 %/.test(line))).toHaveLength(2);
});

test('below the bar it says what each stream does, how full the snapshot is, and that nothing moves: then no ETA', () => {
  const bytes = { doneBytes: 50 * gib, totalBytes: 100 * gib };
  const beside = 'snapshot space 12 % (full in 3 h)';
  const text = 'nothing has moved for 14 s; db4 is given up after 120 s';
  const progress = { text, ...bytes, streams: [gib, null], beside, stalledMs: 14_000 };
  const samples = [40, 50, 50, 50, 50, 50, 50].map((done, index) => ({
    atMs: nowMs - (6 - index) * 1000,
    doneBytes: done * gib,
  }));
  const lines = shown(seedInCopy({ progress }, samples));
  expect(lines[0]).toMatch(/▶ running 02:14 $/);
  expect(lines).toContain(' ▶ copy db1      █████░░░░░  50 %   50G of 100G   stalled');
  expect(lines).toContain(`     ! ${text}`);
  expect(lines).toContain('     streams  1.0G/s · ?/s');
  expect(lines).toContain(`     ${beside}`);
});

test('a copy that failed and is tried for the last time looks like none that is slow, wherever the job is shown', () => {
  const lastError = 'db4: Connection closed by 10.77.0.14 port 21000';
  const progress = { text: 'the channels are opened again', try: { number: 3, of: 3 }, lastError, stalledMs: 125_000 };
  const view = seedInCopy({ progress });
  const lines = shown(view, 20, 100);
  expect(lines).toContain('     ! try 3 of 3 · no byte for 2 min');
  expect(lines).toContain(`     last error: ${lastError}`);
  const brief = briefAndAge(view, nowMs, fullLook);
  expect(brief.map(({ text }) => text)).toEqual(['▶ job 17 · copy db1', ' · try 3 of 3 · no byte for 2 min']);
  expect(brief.map(({ tone }) => tone)).toEqual(['warning', 'warning']);
  expect(doingText(view.job)).toBe('copy db1, try 3 of 3, no byte for 2 min');
  const [row] = jobRows({ jobs: [view] }, '');
  if (!row) throw new Error('the job is not listed');
  expect(texts(jobDetails(row, 9, 140, fullLook)).join(' ')).toContain(
    `try 3 of 3, no byte for 2 min; last error: ${lastError}`,
  );
});

test('nothing was moved yet: no rate and no peak is shown, and no 0', () => {
  const samples = [0, 1, 2, 3, 4, 5, 6].map((second) => ({ atMs: nowMs - (6 - second) * 1000, doneBytes: 0 }));
  const text = shown(seedInCopy({ progress: { text: '', doneBytes: 0, totalBytes: 100 * gib } }, samples)).join('\n');
  expect(text).toContain('100G   no byte yet');
  expect(text).not.toMatch(/0B\/s|peak/);
});

test('a step that did its work for some of its targets is not ✔', () => {
  const lines = shown(seedInCopy({ state: 'done', endedMs: nowMs, lost: { db6: 'no space left' } }));
  expect(lines).toContainEqual(expect.stringMatching(/^ ! copy db1 +60\.0 s/));
  expect(lines).toContain('     ✖ db6: no space left');
});

test('hours without a runner are no time of a step', () => {
  const copy = { spentMs: 30_000, startedMs: nowMs - 10_000, progress: { text: 'compares' } };
  expect(shown(seedInCopy(copy))).toContainEqual(expect.stringMatching(/^ ▶ copy db1 +40\.0 s {3}compares/));
  const died = { ...seedInCopy({ ...copy, toldMs: nowMs - 8000 }), abandoned: true };
  expect(shown(died)).toContainEqual(expect.stringMatching(/^ \? copy db1 +32\.0 s/));
});

test('hours without a runner are no time that a job ran', () => {
  const view = seedInCopy({});
  const { createdMs } = view.job;
  const idle = {
    state: 'aborted',
    startedMs: createdMs,
    endedMs: createdMs + 3 * 3_600_000 + 40_000,
    idleMs: 3 * 3_600_000,
  } as const;
  const over = changedJob(view, idle);
  expect(shown(over, 20, 120)[0]).toContain('ran 40.0 s · 3 h without a runner');
  const took = jobColumns({ nowMs, look: fullLook }).find(({ title }) => title === 'TOOK');
  expect(took?.cell({ id: '1', name: 'job 1', view: over, damaged: undefined }, 8)).toEqual([
    { text: '40.0 s', tone: 'plain' },
  ]);
});

test('what a step made that was broken off with its runner is perhaps there, and not in use', () => {
  const view = seedInCopy({});
  const resources = [{ step: 'copy', what: 'the copy that db1 sends', state: 'wanted' as const }];
  expect(shown(changedJob(view, { resources }))).toContain(' in use: the copy that db1 sends');
  expect(shown({ ...changedJob(view, { resources }), abandoned: true })).toContain(
    ' perhaps made: the copy that db1 sends',
  );
});

test('what a datadir took before a seed looks old as soon as the seed puts other data in place', () => {
  const view = seedInCopy({});
  const lane = { ...view.job.plan.steps[0], name: 'data db4', lane: 'db4', work: swapData.kind } as PlannedStep;
  const switched = (startedMs: number) =>
    changedJob(view, {
      plan: { ...view.job.plan, steps: [...view.job.plan.steps, lane] },
      steps: [...view.job.steps, { name: 'data db4', state: 'running', startedMs }],
    });
  expect(dataChangedMs([switched(nowMs - 5000)], 'db4')).toBe(nowMs - 5000);
  expect(dataChangedMs([switched(nowMs - 5000)], 'db1')).toBeUndefined();
  const line = [{ text: ' datadir    takes 287M' }];
  const asked = { partAtMs: { datadirSize: nowMs - 60_000 } };
  const pane = { ...scene, unasked: '' };
  expect(texts(aged([line], 'datadirSize', asked, pane))).toEqual([' datadir    takes 287M']);
  expect(texts(aged([line], 'datadirSize', asked, { ...pane, dataChangedMs: nowMs - 5000 }))).toEqual([
    ' datadir    takes 287M  1 min old',
  ]);
});

test('a target is shown as seeding during its seed; the donor and a lost target are not', () => {
  const view = seedInCopy({ lost: { db6: 'no space left' } });
  const lanes = ['db4', 'db6'].map(
    (lane) => ({ ...view.job.plan.steps[0], name: `copy ${lane}`, lane }) as PlannedStep,
  );
  const going = changedJob(view, { plan: { ...view.job.plan, steps: [...view.job.plan.steps, ...lanes] } });
  const seeded = (one: JobView) => ['db1', 'db4', 'db6'].filter((host) => isSeeded(one, host));
  expect(seeded(going)).toEqual(['db4']);
  expect(seeded({ ...going, abandoned: true })).toEqual([]);
  expect(seeded(changedJob(going, { state: 'done' }))).toEqual([]);
});

test('what could not be released is in red, below the state of each host', () => {
  const said = [
    // The words of a server in it decide nothing.
    { text: 'LEFT: db2 has its old data back; its server runs' },
    { text: 'the lock of db2', about: 'left' },
    { text: 'reseed job abort 9 undoes what is left', about: 'next' },
  ] as const;
  const left: JobView = { ...changedJob(jobNumbered(views, 9), { state: 'cleanup-needed' }), ends: said };
  const { lines } = jobLines(left, 20, scene);
  const at = texts(lines).indexOf(' ! reseed job abort 9 undoes what is left');
  expect(texts(lines.slice(at, at + 3))).toEqual([` ! ${said[2].text}`, ` · ${said[0].text}`, ` · ${said[1].text}`]);
  expect(lines.slice(at, at + 3).map(([first]) => first?.tone)).toEqual(['warning', 'plain', 'bad']);
  expect(shown(left)[0]).toMatch(/✖ cleanup needed · ran \S+( s)? · ended \d+ (s|min|h) ago $/);
});

test('what a running step uses is not said to be "making: ... wanted"', () => {
  const what = 'the copy that db1 sends (unit reseed-cafe-send)';
  const view = changedJob(seedInCopy({}), { resources: [{ step: 'copy', what, state: 'wanted' }] });
  expect(shown(view, 30, 120)).toContain(` in use: ${what}`);
});

test('where there is no room for every step, those done first are folded', () => {
  const lines = texts(stepLines(jobNumbered(views, 8), 2, scene));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe(' ✔ 2 steps');
  expect(lines[1]).toMatch(/^ ✔ start mysql on db2/);
});

test('steps that wait have a line each, in their order; where there is no room, the next ones, and how many come after', () => {
  const waiting = (most: number) =>
    texts(stepLines(seedInCopy({}), most, scene)).map((line) => line.replace(/ {2,}.*/, ''));
  const begun = [' ✔ lock db1', ' ✔ snapshot db1', ' ▶ copy db1'];
  expect(waiting(6)).toEqual([...begun, ' ○ verify db1', ' ○ start db1', ' ○ attach db1']);
  expect(waiting(5)).toEqual([' ✔ 2 steps', ' ▶ copy db1', ' ○ verify db1', ' ○ start db1', ' ○ attach db1']);
  expect(waiting(3)).toEqual([' ✔ 2 steps', ' ▶ copy db1', ' ○ 3 more steps, the last: attach db1']);
});

test.each([40, 80, 120, 200])('no line is wider than a screen of %i cells', (width) => {
  const lanes = { 漢字漢字漢字漢字: { text: 'x'.repeat(300) } };
  const odd = seedInCopy({ progress: { text: 'y'.repeat(300), lanes }, lost: { db4: 'z'.repeat(300) } });
  const long = changedJob(odd, { error: `${'a very long reason '.repeat(20)}` });
  for (const view of [...views, odd, long]) {
    for (const line of shown(view, 20, width)) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
  }
});

describe('in a few words', () => {
  test('a job under way says its step and how long; one that is over, how it ended', () => {
    const say = (view: JobView) => briefAndAge(view, nowMs, fullLook).map(({ text }) => text);
    expect(say(seedInCopy({}))).toEqual(['▶ job 17 · copy db1', ' · 2 min']);
    expect(say(jobNumbered(views, 9))[0]).toBe('✖ job 9 · start db6 · failed');
    expect(say(jobNumbered(views, 11))).toEqual(['! job 11 · runner died · restart db2', '']);
  });

  test('a host has the job that is not over, whichever of its hosts it is', () => {
    const jobs = unfinishedByHost([seedInCopy({}), ...views]);
    expect([...jobs].map(([host, { job }]) => [host, job.id])).toEqual(
      expect.arrayContaining([
        ['db2', 11],
        ['db4', 17],
        ['db6', 17],
      ]),
    );
  });

  test("a host's pane has what works on it first, then its past", () => {
    const pane = jobsPane(
      views.filter(({ job }) => job.plan.hosts.includes('db2')),
      { ...scene, unasked: '' },
    );
    expect(pane.summary).toBe('! job 11 · runner died · restart db2');
    expect(texts(pane.lines)[1]).toMatch(/^ ✔ job 10 · snapshot db2 · done · \d+ min ago/);
    expect(jobsPane([], { ...scene, unasked: '' })).toMatchObject({ summary: 'none' });
  });

  test('the time of a running step is counted as a clock does', () => {
    expect([0, 134_000, 3_723_000].map(clockDuration)).toEqual(['00:00', '02:14', '1:02:03']);
  });
});
