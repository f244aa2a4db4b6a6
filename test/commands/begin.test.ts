// What an operator reads between the plan of a job and its beginning, and the exit code of the verb. The journal is a
// real one.
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type BeginOptions, begin } from '../../src/commands/jobs/begin.ts';
import { runHere } from '../../src/commands/jobs/job/run.ts';
import { openJobControl } from '../../src/console/jobs.ts';
import { datadirOf } from '../../src/host/storage/datadir.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import type { JobsPicture } from '../../src/job/journal/watch.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import { lockHost } from '../../src/job/lock-step.ts';
import type { Plan, PlannedStep } from '../../src/job/plan/plan.ts';
import { type Draft, draftOf } from '../../src/operations/plans/draft.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';
import { addJob } from '../job/adding.ts';
import { hostNamed, inventoryFrom, pictureOf } from '../live/pictures.ts';

const who = { account: 'ops', jumpHost: 'jump1' };
const target: RemoteTarget = { name: 'db3', host: '10.77.0.13', transport: 'auto', sudo: false };
const plan: Plan = {
  kind: 'stop',
  title: 'stop db3',
  hosts: ['db3'],
  destroys: [],
  steps: [lockHost.plan({ host: 'db3', datadir: '/var/lib/mysql', job: 'cafe', who })],
};
const draft: Draft = { planned: { ok: true, plan }, key: 'cafe', who, targets: [target], impact: [], name: 'db3' };
const { argv } = process;
let state: string;
let out: string[];
let errors: string[];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'reseed-begin-'));
  vi.stubEnv('XDG_STATE_HOME', state);
  out = [];
  errors = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
});
afterEach(async () => {
  process.argv = argv;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  await rm(state, { recursive: true });
});

async function begun(options: BeginOptions, one = draft) {
  await begin(one, options);
  return { code: process.exitCode, out: out.join(''), errors: errors.join('') };
}

/** A job of this account is on db3, and this process is its runner. */
function seedOnDb3(datadir = '/var/lib/mysql'): void {
  const journal = openJournal(jobHome(process.env).journal, Date.now);
  if (!journal) throw new Error('no journal');
  addJob(journal, {
    key: 'beef',
    plan: {
      ...plan,
      kind: 'seed',
      title: 'seed db2 → db3',
      steps: [lockHost.plan({ host: 'db3', datadir, job: 'beef', who })],
    },
    targets: [target],
    who,
    holder: holderHere(),
  });
  journal.close();
}

function jobsMade() {
  const journal = openJournal(jobHome(process.env).journal, Date.now);
  const states = journal?.jobs(10).map(({ state }) => state);
  journal?.close();
  return states;
}

test('--dry-run tells the command that undoes a step from those that do it: a plan read as if it ran both', async () => {
  const lock = plan.steps[0] as PlannedStep;
  const swap: PlannedStep = {
    ...lock,
    name: 'switch db3',
    title: 'swap in the new data on db3',
    commands: {
      run: { host: 'db3', script: 'seed-stage', args: ['switch', '/d', 'cafe'], deadlineMs: 1000 },
      down: { host: 'db3', script: 'seed-stage', args: ['down', '/d', 'cafe'], deadlineMs: 1000 },
    },
    acquires: { what: 'the new data', release: 'down', whenDone: 'keep' },
  };
  const planned = { ok: true, plan: { ...plan, steps: [lock, swap] } } as const;
  const { out: shown } = await begun({ dryRun: true }, { ...draft, planned });
  const lines = shown.split('\n');
  expect(lines).toContain('    db3  $ seed-stage.sh switch /d cafe');
  expect(lines).toContain('    undo: db3  $ seed-stage.sh down /d cafe');
  expect(shown).toMatch(
    /\n {4}db3 {2}\$ host-lock.sh take job=cafe .*\n {4}at the end: db3 {2}\$ host-lock.sh (?:free|release) job=cafe/,
  );
});

test('a stop of a host that a seed works on is refused before there is a job of it, dry run and console too', async () => {
  seedOnDb3();
  const said =
    'db3 is locked by job 1 (seed db2 → db3), which runs; wait for it (reseed job attach 1), or abort it: reseed job abort 1';
  for (const options of [{ yes: 'db3' }, { dryRun: true }]) {
    errors = [];
    expect(await begun(options)).toEqual({ code: 3, out: '', errors: `reseed: ${said}\n` });
  }
  const control = openJobControl({
    onTrouble: () => undefined,
    inventory: inventoryFrom('clusters: { shop: {} }\nhosts: { db3: { cluster: shop } }'),
    fleet: createStore(() => pictureOf('up')),
    jobsPicture: createStore<JobsPicture>(() => ({ jobs: [] })),
    onChanged: () => undefined,
  });
  expect(control.launch(draft)).toBe(said.replace('; wait', ': nothing was done; wait'));
  control.stop();
  expect(jobsMade()).toEqual(['planned']);
});

test('a stop of a server that is down already because a seed holds its host says which job that is', async () => {
  const { host, report } = hostNamed(pictureOf('up'), 'db3');
  const { service } = report;
  if (!service?.ok) throw new Error('no service');
  const { pid: _, ...value } = { ...service.value, state: 'inactive' };
  const down = { ok: true, value } as const;
  const stop = draftOf(
    { verb: 'stop' },
    { host, report: { ...report, service: down }, target },
    { key: 'cafe', who, nowMs: 0 },
  );
  expect((await begun({}, stop)).errors).toContain('the server of db3 is down already');
  seedOnDb3(datadirOf(report));
  errors = [];
  expect((await begun({}, stop)).errors).toContain('db3 is locked by job 1 (seed db2 → db3), which runs');
});

test('a look at a plan makes no journal', async () => {
  expect(await begun({ dryRun: true })).toMatchObject({ code: undefined, errors: '' });
  expect(await rm(jobHome(process.env).journal).catch(({ code }) => code)).toBe('ENOENT');
});

/**
 * Takes the place of reseed's program: a runner whose job ends at once, and that made the product of its first step.
 */
async function runnerThatMakes(what: string): Promise<void> {
  const program = join(state, 'runner.mjs');
  const journal = new URL('../../src/job/journal/journal.ts', import.meta.url);
  await writeFile(
    program,
    `import { openJournal } from ${JSON.stringify(journal)};
     const id = Number(process.argv[4]);
     const journal = openJournal(${JSON.stringify(jobHome(process.env).journal)}, Date.now);
     const [step] = journal.job(id).plan.steps;
     journal.setResource(id, step.name, ${JSON.stringify(what)}, 'kept');
     journal.setJob(id, 'done');`,
  );
  process.argv = [process.execPath, program];
}

/** Typed at a terminal; standard input and one of the outputs belong to it. */
function terminal(shownOn: 'stdout' | 'stderr', typed: string): void {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as unknown as typeof process.stdin);
  const { isTTY } = process[shownOn];
  process[shownOn].isTTY = true;
  onTestFinished(() => {
    process[shownOn].isTTY = isTTY;
  });
  input.write(`${typed}\n`);
}
const grave: Draft = { ...draft, impact: ['replicas lose their source: db6'] };

test.each([
  ['what was agreed to', 'db3', { kind: 'job', version: 1, id: 1, key: 'cafe' }],
  [
    'a refusal',
    'no',
    { kind: 'error', version: 1, error: 'refused', message: 'not agreed: nothing was done', advice: '' },
  ],
])(
  'with --json on a terminal standard output has one answer, %s; plan and prompt are on standard error',
  async (_, typed, answer) => {
    await runnerThatMakes('nothing');
    terminal('stderr', typed);
    const said = await begun({ json: true }, grave);
    expect(JSON.parse(said.out)).toEqual(answer);
    await expect.poll(jobsMade, { timeout: 60_000 }).toEqual(typed === 'db3' ? ['done'] : []);
    expect(said.errors).toContain('stop db3\n');
    expect(stripVTControlCharacters(said.errors)).toMatch(/! replicas lose their source: db6\nType db3 to go on: /);
  },
);

test('with --json and no terminal the refusal is the one answer, and has what would break', async () => {
  const said = await begun({ json: true }, grave);
  expect(JSON.parse(said.out)).toMatchObject({ message: 'replicas lose their source: db6: nothing was done' });
  expect(said).toMatchObject({ code: 3, errors: '' });
});

test('a plan has no commands, unless -v or --dry-run asks for them', async () => {
  const command = / {2}\$ .*host-lock.*take/;
  expect((await begun({})).out).toMatch(/^stop db3\n○ lock db3\n$/);
  out = [];
  expect((await begun({ verbose: true })).out).toMatch(command);
  out = [];
  expect((await begun({ dryRun: true })).out).toMatch(command);
});

test('a snapshot that was taken is named at the end', async () => {
  await runnerThatMakes('the snapshot vg0/reseed-20261127-cafe on db3');
  expect(await begun({ yes: true })).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^made: the snapshot vg0\/reseed-20261127-cafe on db3$/m),
  });
});

test('prune with nothing to do ends with 0, and says so', async () => {
  const { host, report } = hostNamed(pictureOf('up'), 'db3');
  const request = { verb: 'prune', rule: { keep: 100 } } as const;
  const nothing = draftOf(request, { host, report, target }, { key: 'cafe', who, nowMs: 0 });
  expect(await begun({ yes: true }, nothing)).toEqual({
    code: 0,
    out: 'db3 has no snapshot to remove\n',
    errors: '',
  });
  out = [];
  expect(JSON.parse((await begun({ json: true }, nothing)).out)).toMatchObject({ kind: 'plan', plan: null });
});

/** Every write of that kind fails, as on a full disk. */
function noSpaceFor(writes: string): void {
  const { journal } = jobHome(process.env);
  openJournal(journal, Date.now)?.close();
  const database = new DatabaseSync(journal);
  database.exec(`CREATE TRIGGER full BEFORE ${writes} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
  database.close();
}

/** The journal as this process has it open. */
const journalsOpen = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === jobHome(process.env).journal;
    } catch {
      // The one that reads this folder.
      return false;
    }
  });

test('a job that can not be written down leaves no journal open', async () => {
  noSpaceFor('INSERT ON job');
  expect((await begun({ yes: 'db3' })).errors).toContain("the job can't be written down: database or disk is full");
  expect(journalsOpen()).toEqual([]);
});

test('a runner that finds no room for its lease says so, and ends', async () => {
  seedOnDb3();
  noSpaceFor('INSERT ON lease');
  const listeners = ['SIGHUP', 'SIGINT'].map((name) => [name, process.listeners(name as 'SIGHUP')] as const);
  await runHere(1, keyOfLease());
  for (const [name, before] of listeners) {
    process.removeAllListeners(name);
    for (const one of before) process.on(name, one as () => void);
  }
  expect(errors).toEqual(['reseed: the runner of job 1 ends here: database or disk is full\n']);
  expect(process.exitCode).toBe(1);
  expect(journalsOpen()).toEqual([]);
});

function keyOfLease(): string | undefined {
  const journal = openJournal(jobHome(process.env).journal, Date.now);
  const key = journal?.job(1)?.lease?.holder.key;
  journal?.close();
  return key;
}

test('what waits for a job to be agreed to hears of it, and not of one that is refused', async () => {
  const launching = vi.fn<() => void>();
  await begin(draft, {}, launching);
  expect(launching).not.toHaveBeenCalled();
  await runnerThatMakes('nothing');
  await begin(draft, { yes: 'db3' }, launching);
  expect(launching).toHaveBeenCalledOnce();
});
