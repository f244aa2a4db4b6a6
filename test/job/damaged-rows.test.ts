// A row of the journal that is damaged by a disk, or an editor: its job is named with the column and what to do, and
// the other jobs stay usable.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { fullLook } from '../../components/base/theme.ts';
import { jobDetails, jobRows } from '../../components/screens/jobs/list.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { type JobsPicture, watchJobs } from '../../src/job/journal/watch.ts';
import { holdAlive } from '../../src/job/lease/alive.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import { tryJobStore } from '../../src/operations/jobs/job-store.ts';
import { atStake } from '../../src/operations/jobs/locks/at-stake.ts';
import { addJob } from './adding.ts';
import { unitPlan } from './works.ts';

let folder: string;
let path: string;

/** Job 1 is done; 2 and 3 are not over and have no runner. Each test damages job 2. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-rows-'));
  path = jobHome({ XDG_STATE_HOME: folder }).journal;
  await writeFile(join(folder, 'hosts.yaml'), 'hosts: { db2: }\n');
  const journal = openJournal(path, Date.now);
  if (!journal) throw new Error('no journal');
  for (const key of ['cafe', 'beef', 'f00d']) {
    const targets = [{ name: 'db2', host: '10.77.0.12', transport: 'auto', sudo: false }] as const;
    const { id } = addJob(journal, {
      key,
      plan: unitPlan(key, 'passes'),
      targets,
      who: { account: 'ops', jumpHost: 'jump1' },
    });
    journal.setJob(id, id === 1 ? 'done' : 'running');
    const holder = { ...holderHere(), process: { pid: 1, startTicks: '0', place: 'an earlier boot' } };
    if (id > 1) journal.takeLease(id, undefined, holder);
    journal.endLease(id, holder.key);
    journal.setStep(id, 'held', 'running');
    journal.setResource(id, 'held', 'a file', 'held');
    journal.addCommand(id, {
      step: 'held',
      key: 'start',
      host: 'db2',
      script: 'unit',
      scriptSha256: '',
      args: [],
      startedMs: 1,
      tookMs: 1,
      code: 0,
      said: '',
    });
  }
  journal.close();
});
afterEach(() => rm(folder, { recursive: true }));

function damage(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

const reseed = (...words: string[]) =>
  execa(process.execPath, ['bin/reseed.js', ...words], {
    reject: false,
    input: '',
    env: { XDG_STATE_HOME: folder, RESEED_INVENTORY: join(folder, 'hosts.yaml') },
  });

const plan = (change: string) => `UPDATE job SET plan = json_set(plan, ${change}) WHERE id = 2`;

/** What is damaged, and the column that is named. */
const damages = [
  ["UPDATE job SET plan = 'seed db2' WHERE id = 2", 'column plan of table job (not JSON)'],
  ["UPDATE job SET plan = '[]' WHERE id = 2", 'column plan of table job'],
  ["UPDATE job SET plan = 'null' WHERE id = 2", 'column plan of table job'],
  [plan("'$.steps[0].commands', 7"), 'column plan of table job (steps.0.commands'],
  [plan("'$.steps[0].acquires.release', 'none'"), 'column plan of table job (steps.0'],
  [
    `UPDATE job SET frozen = '{"format":3,"build":"1","scripts":null}' WHERE id = 2`,
    'column frozen of table job (scripts',
  ],
  ["UPDATE job SET targets = '{}' WHERE id = 2", 'column targets of table job'],
  ['UPDATE job SET who = \'"ops"\' WHERE id = 2', 'column who of table job'],
  ["UPDATE job SET state = 'gone' WHERE id = 2", 'column state of table job'],
  ['UPDATE job SET created_ms = 9223372036854775807 WHERE id = 2', 'column created_ms of table job (no whole number)'],
  ["UPDATE lease SET holder = 'null' WHERE job = 2", 'column holder of table lease'],
  ["UPDATE step SET state = '' WHERE job = 2 AND name = 'held'", 'column state of table step'],
  ["UPDATE step SET result = '{' WHERE job = 2 AND name = 'held'", 'column result of table step (not JSON)'],
  ["UPDATE step SET lost = '[1]' WHERE job = 2 AND name = 'held'", 'column lost of table step'],
  [`UPDATE step SET progress = '{"text":1}' WHERE job = 2 AND name = 'held'`, 'column progress of table step (text'],
  ["DELETE FROM step WHERE job = 2 AND name = 'held'", 'column name of table step (the step held has no row)'],
  ["UPDATE resource SET state = 'lost' WHERE job = 2", 'column state of table resource'],
  ["UPDATE resource SET step = 'none' WHERE job = 2", 'column step of table resource'],
] as const;

test.each(damages)('%s: its job is told with the column, and the others are listed and can be used', (sql, column) => {
  damage(sql);
  const journal = openJournal(path, Date.now);
  onTestFinished(() => journal?.close());
  expect(journal?.jobs(9).map(({ id }) => id)).toEqual([3, 1]);
  expect(journal?.openJobs().map(({ id }) => id)).toEqual([3]);
  expect(journal?.damaged()).toMatchObject([{ id: 2 }]);
  const message = `the record of job 2 in the journal is damaged: ${column}`;
  expect(() => journal?.job(2)).toThrow(message);
  expect(journal?.job(3)?.key).toBe('f00d');
});

test('reseed jobs lists a damaged job with the others, and says what to do', async () => {
  damage("UPDATE job SET plan = '[]' WHERE id = 2");
  const { exitCode, stdout, stderr } = await reseed('jobs');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^2 +✖ damaged .* the record of job 2 in the journal is damaged: column plan of table job/m);
  expect(stdout).toMatch(/^3 .*two units of f00d/m);
  expect(stderr).toContain(`put back a copy of ${path} to read it. Without one:`);
  expect(stderr).toContain('reseed clean db2 takes away what it left, or names it');
  expect(stderr).not.toContain('    at ');
  const json = JSON.parse((await reseed('jobs', '--json')).stdout);
  expect(json.jobs.map(({ id }: { id: number }) => id)).toEqual([3, 1]);
  expect(json.damaged).toMatchObject([{ id: 2, table: 'job', column: 'plan' }]);
});

const verbs: readonly (readonly [string, ...string[]])[] = [['show'], ['abort', '--yes'], ['limit', '20M']];

test.each(verbs)('reseed job %s of a damaged job names job, column and what to do', async (verb, ...words) => {
  damage("UPDATE lease SET holder = 'null' WHERE job = 2");
  const { exitCode, stderr } = await reseed('job', verb, '2', ...words);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^reseed: job 2 stays as it is: the record of job 2 .* column holder of table lease/);
  expect(stderr).toContain('put back a copy of');
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a job of which a command in the journal is damaged is shown and listed with that command named', async () => {
  damage("UPDATE command SET args = '{}' WHERE job = 2");
  const shown = await reseed('job', 'show', '2');
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toContain('may lack commands that the job ran: the record of job 2 in the journal is damaged');
  expect(shown.stdout).toContain('column args of table command');
  const { jobs } = JSON.parse((await reseed('jobs', '--json')).stdout);
  expect(jobs).toMatchObject([{ id: 3 }, { id: 2, commands: [] }, { id: 1 }]);
  expect(jobs[1].commandsError).toContain('column args of table command');
});

test('a job of which a command in the journal is damaged can be aborted', async () => {
  damage("UPDATE command SET args = '{}' WHERE job = 2");
  const asked = await reseed('job', 'abort', '2', '--dry-run');
  expect(asked.stdout).toContain('column args of table command');
  expect(asked.exitCode).toBe(0);
});

test('reseed job limit of a job whose scripts the journal has lost says so', async () => {
  const journal = openJournal(path, Date.now);
  const limit = { host: 'db2', script: 'seed-way', args: ['limit', 'bytes=0'], deadlineMs: 1000 } as const;
  const steps = [{ name: 'list', title: '', host: 'db2', work: 'seed-list', input: {}, commands: { limit } }];
  const job =
    journal &&
    addJob(journal, {
      key: 'ace',
      plan: { kind: 'seed', title: 'seed db2 to db3', hosts: ['db2'], steps, destroys: [] },
      targets: [{ name: 'db2', host: '10.77.0.12', transport: 'auto', sudo: false }],
      who: { account: 'ops', jumpHost: 'jump1' },
    });
  if (job) journal?.setStep(job.id, 'list', 'running');
  journal?.close();
  damage('DELETE FROM script');
  const { stderr, exitCode } = await reseed('job', 'limit', String(job?.id), '20M');
  expect(stderr).toBe(
    `reseed: job ${job?.id} stays as it is: the journal has no text of seed-way.sh for job ${job?.id}`,
  );
  expect(exitCode).toBe(1);
});

test('a runner that finds its own job damaged ends with that sentence', async () => {
  damage("UPDATE job SET plan = '[]' WHERE id = 2");
  const { stderr, exitCode } = await reseed('job', 'run', '2');
  expect(stderr).toMatch(/^reseed: the runner of job 2 ends here: the record of job 2 /);
  expect(exitCode).toBe(1);
});

test('every other verb tells of an unfinished job that is damaged', async () => {
  damage("UPDATE job SET state = 'gone' WHERE id = 2");
  const { stderr } = await reseed('sudoers');
  expect(stderr).toMatch(/^reseed: job 3 .*runner died/m);
  expect(stderr).toMatch(/^reseed: the record of job 2 in the journal is damaged: column state of table job/m);
});

test('what a damaged job has on a host is not taken away while its runner holds its lock', async () => {
  damage("UPDATE lease SET holder = 'null' WHERE job = 2");
  vi.stubEnv('XDG_STATE_HOME', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const store = tryJobStore();
  if (typeof store === 'string') throw new Error(store);
  onTestFinished(() => store.journal.close());
  await mkdir(dirname(store.home.alive(2)), { recursive: true });
  const held = holdAlive(store.home.alive(2));
  expect([...atStake(store).open.keys()]).toContain('beef');
  expect(atStake(store).heldBy('db2', 2).message).toContain('whose runner may run; the record of job 2');
  held?.release();
  expect([...atStake(store).open.keys()]).not.toContain('beef');
});

test('the console lists a damaged job among the others, with the column and what to do', () => {
  damage("UPDATE job SET who = 'null' WHERE id = 2");
  const store = createStore<JobsPicture>(() => ({ jobs: [] }));
  const open = () => openJournal(path, Date.now);
  const watch = watchJobs({ open, runnerOf: () => 'alive', adviceOf: () => 'put it back', store, nowMs: Date.now });
  onTestFinished(() => watch.stop());
  const rows = jobRows(store.getState(), '');
  expect(rows.map(({ id }) => id)).toEqual(['3', '2', '1']);
  expect(store.getState().trouble).toBeUndefined();
  const [, row] = rows;
  const text =
    row &&
    jobDetails(row, 5, 200, fullLook)
      .map((line) => line.map((part) => part.text).join(''))
      .join('\n');
  expect(text).toContain('the record of job 2 in the journal is damaged: column who of table job');
  expect(text).toContain('put it back');
});
