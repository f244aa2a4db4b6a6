// The Jobs and Job screens by their keys, and what other screens say of jobs.
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { displayWidth } from '../../components/base/width.ts';
import { type LogView, withUpdate } from '../../src/fleet/log/follow.ts';
import { emptyLog, openConsole, recorded } from './console.tsx';
import { changedJob, jobNumbered, recordedJobs } from './jobs.ts';

const { picture } = recorded('calm');
const { recordedAtMs: nowMs, views } = recordedJobs();
const at = { picture, nowMs, jobs: views };

const logOf = (...texts: string[]) =>
  createStore<LogView>(() => ({ ...emptyLog, state: 'following', entries: texts.map((text) => ({ text })) }));

async function openJobs(options: Partial<Parameters<typeof openConsole>[0]> = {}) {
  const console = openConsole({ ...at, ...options });
  await console.shows('▸ db1');
  console.press('J');
  await console.shows('under way');
  return console;
}

test('the header counts what runs and what nobody carries on; so does the row of its host', async () => {
  const running = { ...jobNumbered(views, 11), abandoned: false };
  const console = openConsole({ ...at, jobs: [running, ...views.slice(1)] });
  const screen = await console.shows('▶ 1 job');
  expect(screen).toMatch(/db2 .*▶ job 11 · start.* · 30 s/);
  console.jobs.services.store.setState({ jobs: views });
  expect(await console.shows('! 1 runner died')).toMatch(/db2 .*! job 11 · runner died/);
});

test('the list is newest first, with who asked; details of the one under the cursor are whole', async () => {
  const console = await openJobs();
  const screen = await console.shows('0 under way · 1 runner died · 10 past');
  expect(screen).toMatch(/▸ +11 {2}! runner died .*restart db2.*runner died: r or a/);
  expect(screen).toMatch(/── job 11 .*\n +root@vm · /);
  expect(screen).toMatch(/ 9 {2}✖ failed .*start db6/);
  console.press('jj');
  expect(await console.shows('job 9 · start db6')).toMatch(/Operating system error number 2 in a\s+file operation\./);
});

test('a filter shows some, !word leaves out, esc shows all again and then goes back', async () => {
  const console = await openJobs();
  console.press('/restart !done\r');
  const screen = await console.shows('filter: restart !done');
  expect(screen).toMatch(/▸ +11 /);
  expect(screen).not.toMatch(/^ {3,}8 {2}/m);
  console.press('\x1b');
  await console.shows(/ 8 {2}✔ done/);
  console.press('\x1b');
  await console.shows('▸ db1');
});

test('enter opens the job: its steps, and its log as it grows; esc leaves, and the job runs on', async () => {
  const jobLog = logOf('23:12:01 db2      $ service.sh stop mysql → 0 (0.20 s)');
  const console = await openJobs({ jobLog });
  console.press('\r');
  const screen = await console.shows('service.sh stop mysql');
  expect(screen).toMatch(/✔ stop mysql on db2 +\d+\.\d s/);
  jobLog.setState((before) =>
    withUpdate(before, {
      link: { state: 'following' },
      entries: [{ text: 'one more' }],
      droppedLines: 0,
      skippedBytes: 0,
    }),
  );
  await console.shows('one more');
  console.press('\x1b');
  await console.shows('past');
  expect(console.jobs.logsClosed()).toBe(1);
  expect(console.jobs.asked).toEqual([]);
});

test('an abandoned job is resumed by r at once, and aborted by a only after y', async () => {
  const console = await openJobs();
  console.press('a');
  expect(await console.shows('abort job 11: restart db2')).toMatch(
    /db2: begun, and not undone: .*db2: what the job made on it is removed/s,
  );
  console.press('\r\r');
  await console.shows('enter does nothing here');
  console.press('\x1b');
  await console.shows('nothing was done');
  expect(console.jobs.asked).toEqual([]);
  console.press('ay');
  await console.shows('job 11 is asked to end');
  console.press('r');
  await console.shows('job 11 goes on');
  expect(console.jobs.asked).toEqual(['abort 11', 'resume 11']);
  expect(console.screens.getState().stack.at(-1)).toEqual({ name: 'job', id: 11 });
});

test('r on a job that is releasing says that its undo is resumed, not the job', async () => {
  const undoing = changedJob(jobNumbered(views, 11), { state: 'releasing' });
  const console = await openJobs({ jobs: [undoing, ...views.slice(1)] });
  await console.shows('runner died. r: go on undoing it');
  console.press('r');
  await console.shows('job 11 goes on with its undo');
});

test('an abort that puts old data in the place of new wants the number of its job typed', async () => {
  const { job } = jobNumbered(views, 11);
  const change = { what: 'the new data in place of the old on db3', release: 'down', whenDone: 'keep' as const };
  const swap = {
    name: 'switch db3',
    title: '',
    host: 'db3',
    lane: 'db3',
    work: '',
    input: {},
    commands: {},
    acquires: change,
  };
  const left = changedJob(jobNumbered(views, 11), {
    state: 'cleanup-needed',
    plan: { ...job.plan, steps: [swap] },
    resources: [{ step: 'switch db3', what: change.what, state: 'left' }],
  });
  const console = await openJobs({ jobs: [{ ...left, abandoned: false }, ...views.slice(1)] });
  console.press('a');
  expect(await console.shows('asks for the name 11')).toContain('db3 gets back the OLD data');
  console.press('y');
  await console.shows('Type 11, then enter');
  expect(console.jobs.asked).toEqual([]);
  console.press('11\r');
  await console.shows('job 11 is asked to end');
  expect(console.jobs.asked).toEqual(['abort 11']);
});

test('what can not be done to a job says why: one that is over, one that runs', async () => {
  const running = { ...jobNumbered(views, 11), abandoned: false };
  const console = await openJobs({ jobs: [running, ...views.slice(1)] });
  console.press('r');
  await console.shows('r: the job has a runner');
  console.press('ja');
  await console.shows('a: the job is over');
  expect(console.jobs.asked).toEqual([]);
});

test('read-only: no job is ended or carried on', async () => {
  const console = await openJobs({ readOnly: true });
  console.press('a');
  await console.shows('a: this console is read-only');
  console.press('r');
  await console.shows('r: this console is read-only');
  expect(console.jobs.asked).toEqual([]);
});

test('w opens the whole log in the pager, y copies the line under the cursor', async () => {
  const console = await openJobs({ jobLog: logOf('the first', 'the last') });
  console.press('\r');
  await console.shows('the last');
  console.press('y');
  await expect.poll(() => console.copied).toEqual(['the last']);
  console.press('w');
  await expect.poll(() => console.paged).toEqual(['the log of job 11\n']);
});

test('a journal that can not be read is said, with the jobs as they were', async () => {
  const console = await openJobs();
  console.jobs.services.store.setState({ trouble: "the journal of jobs can't be read: disk I/O error" });
  expect(await console.shows('disk I/O error')).toMatch(/▸ +11 /);
});

test("a host's screen shows its jobs, and enter opens the newest", async () => {
  const console = openConsole(at);
  await console.shows('▸ db1');
  console.press('j\r');
  expect(await console.shows('── jobs')).toMatch(/jobs ─.* ! job 11 · runner died/);
  console.press('\r');
  await console.shows('job 11 · restart db2');
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
  { columns: 40, rows: 12 },
])('list and job fit $columns x $rows', async ({ columns, rows }) => {
  const console = await openJobs({ columns, rows, jobLog: logOf(`漢字 ${'very long '.repeat(100)}`) });
  const fits = () => {
    expect(console.lines()).toHaveLength(rows);
    for (const line of console.lines()) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
  };
  fits();
  console.press('jj\r');
  await console.shows('漢字');
  fits();
  expect(console.lines().at(-1)).toContain('q quit');
});

test('a host that a job left half undone says so on Fleet, in its details, on its own screen and in the header', async () => {
  const job = jobNumbered(views, 11);
  const [lock] = job.job.plan.steps;
  const resources = [{ step: lock?.name ?? '', what: 'the lock of db2', state: 'left' }] as const;
  const left = { ...changedJob(job, { state: 'cleanup-needed', resources }), abandoned: false };
  const console = openConsole({ ...at, jobs: [left, ...views.slice(1)], columns: 120 });
  const screen = await console.shows('✖ 1 cleanup needed');
  expect(screen).toMatch(/db2 .*● up.*✖ half undone by job 11/);
  expect(screen.match(/half undone/g)).toHaveLength(1);
  console.press('j');
  await console.shows('✖ half undone by job 11 (restart db2): J shows it, a there undoes the rest');
  console.press('\r');
  await console.shows('✖ half undone by job 11 (restart db2): J shows it, a there undoes the rest');
});

test('a job of a runner on another machine that is not heard of is taken over by the name of that machine, from the console too', async () => {
  const lease = {
    holder: { key: 'k', machine: { name: 'jump2', id: 'x' } },
    renewedMs: nowMs - 120_000,
    renewals: 3,
    ended: false,
  } as const;
  const lapsed = { ...changedJob(jobNumbered(views, 11), { lease }), abandoned: false, lapsed: true } as const;
  const console = await openJobs({ jobs: [lapsed, ...views.slice(1)] });
  console.press('r');
  const screen = await console.shows('asks for the name jump2');
  expect(screen.replaceAll(/\s+/g, ' ')).toMatch(
    /runner on jump2 has not renewed its lease since .* may run or not: if it still runs there/,
  );
  console.press('yjump1\r');
  await console.shows('that is not the name: nothing was done');
  expect(console.jobs.asked).toEqual([]);
  console.press('jump2\r');
  await console.shows('job 11 goes on');
  console.press('a');
  await console.shows('abort job 11: restart db2');
  console.press('yjump2\r');
  await console.shows('job 11 is asked to end');
  expect(console.jobs.asked).toEqual(['resume 11 from jump2', 'abort 11 from jump2']);
});

test('jobs of another jump host are in the list by its name, open with their log, and are not taken for our own', async () => {
  const [own, ...rest] = views;
  if (!own) throw new Error('no job was recorded');
  const there = {
    ...jobNumbered(views, 9),
    job: { ...jobNumbered(views, 9).job, createdMs: nowMs, state: 'running' as const, endedMs: undefined },
    other: {
      name: 'jump2:9',
      from: 'jump2',
      still: 'jump2 was last heard of 5 min ago: job jump2:9 may run there or not',
    },
    abandoned: false,
    lapsed: true as const,
  };
  const console = await openJobs({ jobs: [own, ...rest] });
  const { endedMs: _, error: __, ...job } = there.job;
  const line = 'history: away since 12:03:11 UTC, 14 changes wait: it refuses connections';
  console.jobs.services.others.setState({ jobs: [{ ...there, job }], line });
  const screen = await console.shows('1 of other jump hosts');
  expect(screen).toContain('history: away since 12:03:11 UTC');
  expect(screen).toMatch(/ jump2:9 {2}! not renewed .*start db6/);
  expect(screen).toMatch(/ {6}9 {2}✖ failed .*start db6/);
  console.press('g\r');
  expect(await console.shows('marked ')).toMatch(/job jump2:9 · start db6[\s\S]*jump2 was last heard of 5 min ago/);
  console.press('a');
  await console.shows('jump2 is asked to end it');
  console.press('y');
  await console.shows('jump2: job jump2:9 is asked to end');
});

test('a job of another jump host that is over is not asked to end: what it left may be the only copy of data', async () => {
  const [own] = views;
  if (!own) throw new Error('no job was recorded');
  const one = jobNumbered(views, 9);
  const job = { ...one.job, state: 'cleanup-needed' as const, createdMs: nowMs };
  const console = await openJobs({ jobs: [own] });
  console.jobs.services.others.setState({ jobs: [{ ...one, job, other: { name: 'jump2:9', from: 'jump2' } }] });
  await console.shows('1 of other jump hosts');
  console.press('/jump2\r');
  console.press('\r');
  await console.shows('on jump2: reseed job abort 9 undoes what is left');
  console.press('a');
  await console.shows('is taken back on jump2: reseed job abort 9');
  expect(console.jobs.asked).toEqual([]);
});
