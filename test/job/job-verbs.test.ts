// What `reseed job` says and asks before it acts on a job.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stepLines, timesLine } from '../../src/commands/jobs/job/job-text.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { diedText } from '../../src/operations/jobs/words/died-words.ts';
import { addJob } from './adding.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-job-'));
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  if (!journal) throw new Error('no journal');
  const plan = { kind: 'seed', title: 'seed db2 to db3', hosts: ['db2', 'db3'], steps: [], destroys: [] };
  journal.setJob(
    addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } }).id,
    'running',
  );
  journal.close();
});
afterEach(() => rm(folder, { recursive: true }));

async function reseed(inventory: string, ...words: string[]) {
  return await reseedIn({}, inventory, ...words);
}

async function reseedIn(environment: Readonly<Record<string, string>>, inventory: string, ...words: string[]) {
  const path = join(folder, 'hosts.yaml');
  await writeFile(path, inventory);
  const env = { XDG_STATE_HOME: folder, RESEED_INVENTORY: path, ...environment };
  return await execa(process.execPath, ['bin/reseed.js', ...words], { reject: false, env });
}
const hosts = (db3 = '') => `hosts:\n  db2: { ssh: { host: 127.0.0.2 } }\n  db3: { ssh: { host: 127.0.0.3 }${db3} }\n`;
const state = async () => JSON.parse((await reseed(hosts(), 'jobs', '--json')).stdout).jobs[0].state;

test.each([
  ['resume', '1'],
  ['abort', '1', '--yes'],
  ['limit', '1', '20M'],
])(
  'a job of a host that is read-only now takes no %s',
  async (...words) => {
    const fleet = words[0] === 'resume' ? `readOnly: true\n${hosts()}` : hosts(', readOnly: true');
    const { exitCode, stderr } = await reseed(fleet, 'job', ...words);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/db[23] is read-only in the inventory; set readOnly: false to allow it/);
    expect(await state()).toBe('running');
  },
  120_000,
);

test("times are of this machine's clock, with its zone; --utc shows UTC; JSON has neither", async () => {
  const inKolkata = { TZ: 'Asia/Kolkata' };
  const begun = async (...words: string[]) => (await reseedIn(inKolkata, hosts(), 'jobs', ...words)).stdout;
  expect(await begun()).toMatch(/^1 .* \d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\+5:30 /m);
  expect(await begun('--utc')).toMatch(/^1 .* \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC /m);
  expect(await begun('--json')).toMatch(/"createdMs": \d{13},/);
  const help = async (...words: string[]) => (await reseed(hosts(), ...words, '--help')).stdout;
  for (const words of [['console'], ['status'], ['job', 'show']]) expect(await help(...words)).toContain('--utc');
}, 120_000);

test('an abort that nobody agreed to does nothing; agreed to, it is done', async () => {
  const asked = await reseed(hosts(), 'job', 'abort', '1');
  expect([asked.exitCode, asked.stderr]).toEqual([3, expect.stringContaining('to agree in advance: --yes')]);
  // Without a terminal it also shows what it would do.
  expect(asked.stdout).toContain('abort job 1: seed db2 to db3');
  expect(await state()).toBe('running');
  expect((await reseed(hosts(), 'job', 'abort', '1', '--yes')).exitCode).toBe(0);
}, 120_000);

test('job abort tells its plan and its end in JSON, with nothing else on standard output; --dry-run does nothing', async () => {
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  const lock = {
    name: 'lock db3',
    title: '',
    host: 'db3',
    work: 'lock',
    input: {},
    commands: { free: { host: 'db3', script: 'host-lock', args: ['free', 'cafe'], deadlineMs: 1000 } },
    acquires: { what: 'the lock of db3', release: 'free', whenDone: 'release' },
  } as const;
  const plan = { kind: 'seed', title: 'seed db2 to db3', hosts: ['db3'], steps: [lock], destroys: [] };
  if (!journal) throw new Error('no journal');
  const { id } = addJob(journal, { key: 'beef', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  journal.setJob(id, 'running');
  journal.setResource(id, 'lock db3', 'the lock of db3', 'held');
  journal.close();
  const dry = await reseed(hosts(), 'job', 'abort', String(id), '--dry-run', '--json');
  expect([dry.exitCode, JSON.parse(dry.stdout)]).toMatchObject([
    0,
    {
      kind: 'abort-plan',
      id,
      state: 'running',
      grave: [],
      commands: [{ host: 'db3', text: 'host-lock.sh free cafe' }],
    },
  ]);
  expect((await reseed(hosts(), 'job', 'abort', String(id), '--dry-run')).stdout).toContain(
    '    undo: db3  $ host-lock.sh free cafe',
  );
  expect(await state()).toBe('running');
  const untold = await reseed(hosts(), 'job', 'abort', '1', '--json');
  expect([untold.exitCode, JSON.parse(untold.stdout).error]).toEqual([3, 'refused']);
  const done = await reseed(hosts(), 'job', 'abort', '1', '--yes', '--json');
  expect([done.exitCode, JSON.parse(done.stdout)]).toMatchObject([
    0,
    // It had no step to do.
    { kind: 'abort', id: 1, key: 'cafe', state: 'done', error: null, end: [] },
  ]);
  const none = await reseed(hosts(), 'job', 'abort', '7', '--json');
  expect([none.exitCode, JSON.parse(none.stdout)]).toMatchObject([2, { error: 'usage', message: 'there is no job 7' }]);
}, 120_000);

test('words that can not be meant are refused before any host is asked', async () => {
  const same = await reseed(hosts(), 'seed', 'db2', 'db2');
  expect([same.exitCode, same.stderr]).toEqual([
    2,
    expect.stringContaining('db2 is donor and target: nothing was done'),
  ]);
  const other = await reseed(hosts(), 'seed', 'db2', 'db3', '--yes=db2');
  expect([other.exitCode, other.stderr]).toEqual([
    3,
    expect.stringContaining('--yes=db2 is not db3: nothing was done'),
  ]);
  for (const limit of ['abc', '-1', '0', '20']) {
    const refused = await reseed(hosts(), 'seed', 'db2', 'db3', `--limit=${limit}`);
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining('Write bytes a second with their unit: 20M'),
    ]);
    expect((await reseed(hosts(), 'job', 'limit', '1', '--', limit)).exitCode).toBe(2);
  }
  for (const count of ['abc', '-1', '0']) expect((await reseed(hosts(), 'jobs', '--limit', count)).exitCode).toBe(2);
}, 120_000);

test('a dumb terminal gets advice what to use', async () => {
  const done = await execa(process.execPath, ['bin/reseed.js'], { reject: false, env: { TERM: 'dumb' } });
  expect([done.exitCode, done.stderr]).toEqual([
    2,
    expect.stringContaining('TERM=dumb and can show no console; use reseed status'),
  ]);
}, 120_000);

test('job show has the try, the last error and for how long no byte came; and who was lost by a step that is done', () => {
  const progress = {
    text: '0B of 287M',
    try: { number: 3, of: 3 },
    lastError: 'db5: connection closed',
    stalledMs: 125_000,
  };
  const copy = { name: 'copy', state: 'running', startedMs: 0, progress } as const;
  expect(stepLines(copy, false, 240_000)).toEqual([
    '▶ copy  04:00  0B of 287M; try 3 of 3; no byte for 2 min',
    '    last error: db5: connection closed',
  ]);
  const old = stepLines({ ...copy, toldMs: 60_000 }, true, 240_000)[0];
  expect(old).toMatch(/^\? copy {2}60\.0 s {2}last told 1970-01-01 [\d:]+ \S+; 0B of 287M/);
  const done = { name: 'copy', state: 'done', startedMs: 0, endedMs: 1000, lost: { db6: 'no space left' } } as const;
  expect(stepLines(done, false, 0)).toEqual(['! copy  1.0 s', '    ✖ db6: no space left']);
});

test('a job whose runner died is shown with the time when it was last heard of, with the zone', () => {
  const steps = [{ name: 'copy', state: 'running', startedMs: 0, toldMs: Date.UTC(2026, 0, 2, 3, 4, 5) }] as const;
  const plan = { kind: 'seed', title: 'seed', hosts: [], steps: [], destroys: [] };
  const job = { id: 3, state: 'running', abortRequested: false, createdMs: 0, plan, steps } as const;
  expect(diedText(job)).toMatch(
    /^runner died \(last heard of 2026-01-0[123] \d\d:04:05 \S+\)\. Resume: reseed job resume 3\. Abort: reseed job abort 3$/,
  );
  // The job only undoes: no step will run, and an abort changes nothing.
  const undoes = /^runner died \(last heard of [^)]+\)\. Go on undoing it: reseed job resume 3$/;
  expect(diedText({ ...job, state: 'releasing' })).toMatch(undoes);
  expect(diedText({ ...job, abortRequested: true })).toMatch(undoes);
  const done = [{ name: 'copy', state: 'done' }] as const;
  expect(diedText({ ...job, state: 'releasing', steps: done })).toMatch(
    /Go on releasing what it holds: reseed job resume 3$/,
  );
});

test('job show says when the job began and ended, and how long that was in all', () => {
  const times = {
    createdMs: Date.UTC(2026, 10, 28, 2, 10, 11),
    endedMs: Date.UTC(2026, 10, 28, 2, 14, 2),
  } as JobRecord;
  expect(timesLine(times)).toMatch(
    /^begun 2026-11-\d\d \d\d:\d0:11 \S+, ended 2026-11-\d\d \d\d:\d4:02 \S+, 03:51 in all$/,
  );
  const { endedMs: _, ...open } = times;
  expect(timesLine(open)).toMatch(/^begun [^,]*$/);
});
