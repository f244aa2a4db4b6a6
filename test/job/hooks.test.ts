// Hooks of a job, with real runners, on this machine: as the operator's account, and as root in a unit.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lchown, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { lookAt } from '../../src/hooks/program.ts';
import type { HookSettings } from '../../src/inventory/settings.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { hookWarnings } from '../../src/operations/jobs/words/hook-warnings.ts';
import { addHooked, hookedPlan, program, runner, stopping } from './hooking.ts';
import { jobStoreForEach } from './job-store.ts';

const store = jobStoreForEach();
const logOf = (id: number) => readFile(join(store().folder, `${id}.log`), 'utf8');
const text = (name: string) => readFile(join(store().folder, name), 'utf8');

const lookOf = (path: string) => lookAt({ path, as: 'program' });

/** A job with one hook, carried out by one runner. */
async function ran(script: string, settings: Partial<HookSettings> = {}, plan = stopping('passes')) {
  const path = await program(store(), script);
  const { id, key } = addHooked(
    store(),
    { drain: { at: ['before-stop'], run: [path, '{host}', '--port={mysqlPort}'], ...settings } },
    plan,
  );
  const { stderr } = await runner(store(), id);
  const job = store().journal.job(id);
  if (!job) throw new Error(`no job: ${stderr}`);
  return { id, key, job, log: await logOf(id) };
}

describe.each([
  ['the jump host', { on: 'jump' }],
  ['a host', { on: 'target' }],
] as const)('a hook on %s', (_place, { on }) => {
  test('gets its arguments, and the facts of the job as JSON on its standard input; its output is in the log', async () => {
    const { folder } = store();
    const { job, key, log } = await ran(`cat >${folder}/facts; echo "$*" >${folder}/words; echo drained`, { on });
    expect(job.state).toBe('done');
    expect(await text('words')).toBe('db3 --port=3306\n');
    expect(await text('facts')).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(await text('facts'))).toEqual({
      version: 1,
      hook: { name: 'drain', at: 'before-stop', for: ['db3'], on: on === 'jump' ? 'jump' : 'db3' },
      job: { id: job.id, key, kind: 'stop', title: 'stop db3' },
      operator: { account: 'ops', sudoUser: null, jumpHost: 'jump1', from: null },
      hosts: [
        { name: 'db3', role: 'host', address: '10.77.0.13', mysqlPort: 3306, cluster: 'shop', datacenter: 'fra' },
      ],
      donor: null,
      targets: [],
      ends: { db3: 'replica' },
      method: null,
      snapshot: null,
      bytes: { data: null, copied: null, toCopy: null },
      lagSeconds: {},
      error: null,
      failed: {},
      aborted: false,
    });
    expect(log).toMatch(/\| drained\n/);
    expect(existsSync(`/run/reseed/${key}`)).toBe(false);
  });

  test('that fails is a warning of the job and in its log, and the job goes on', async () => {
    const { job, log } = await ran('echo "no such server" >&2; exit 7', { on });
    expect(job.state).toBe('done');
    expect(job.steps.find(({ name }) => name.startsWith('hook'))?.progress?.text).toMatch(
      /^! the hook drain .*with 7.*no such server/,
    );
    expect(log).toMatch(/! the hook drain .*: no such server; the job goes on/);
  });

  test('that may refuse stops its job there', async () => {
    const { job } = await ran('echo "it has long queries"; exit 1', { on, refuses: true });
    expect(job).toMatchObject({ state: 'failed' });
    expect(job.error).toMatch(
      /hook drain, before-stop, .*: it has long queries; the log of the job has its output; to go on without it: hooks: \{ drain: \{ refuses: false \} \} in the inventory, and a new plan/,
    );
    expect(job.steps.find(({ name }) => name === 'stop')?.state).toBe('waiting');
  });

  test('that hangs is ended at its deadline, with all that it started', async () => {
    const { folder } = store();
    const { job } = await ran(`sleep 100000 & echo $! >${folder}/child; echo $$ >${folder}/pid; wait`, {
      on,
      deadlineMs: 1000,
    });
    expect(job.steps.map(({ progress }) => progress?.text)).toContainEqual(
      expect.stringContaining('did not end within 1 s'),
    );
    for (const name of ['child', 'pid']) expect(existsSync(`/proc/${(await text(name)).trim()}/fd/0`)).toBe(false);
  });

  test('that prints a gigabyte is cut, and the log says so; control characters do not reach it', async () => {
    const { job, log } = await ran(
      "printf 'a\\033[2Jb\\n'; head -c 1000000000 /dev/zero | tr '\\0' x; echo; echo end",
      { on },
    );
    expect(job.state).toBe('done');
    expect(log.length).toBeLessThan(100_000);
    expect(log).toMatch(/more was printed, and is left out/);
    expect(log).toMatch(/\| end\n/);
    expect(log).not.toContain('\u001b');
  });

  test('that closes its standard input unread, or leaves a process with its output open, holds up nothing', async () => {
    const { folder } = store();
    const { job } = await ran(`exec <&-; setsid sleep 60 & echo $! >${folder}/left; exit 0`, { on });
    expect(job.steps.map(({ state }) => state)).not.toContain('failed');
    expect(job).toMatchObject({ state: 'done' });
    const left = Number(await text('left'));
    if (on === 'jump') process.kill(left);
    else expect(existsSync(`/proc/${left}/fd/0`)).toBe(false);
  });

  test('is ended by an abort of its job', async () => {
    const { folder, journal } = store();
    const path = await program(store(), `echo $$ >${folder}/pid; exec sleep 100000`);
    const { id } = addHooked(store(), { drain: { at: ['before-stop'], run: [path], on, deadlineMs: 600_000 } });
    const running = runner(store(), id);
    await vi.waitFor(async () => expect(await text('pid')).toMatch(/\n/), 60_000);
    journal.requestAbort(id);
    await running;
    expect(journal.job(id)).toMatchObject({ state: 'aborted' });
    const pid = (await text('pid')).trim();
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}/fd/0`)).toBe(false), 60_000);
  });
});

describe('a hook on the jump host, whose runner is killed in it', () => {
  async function killedIn(settings: Partial<HookSettings>) {
    const { folder, journal } = store();
    const path = await program(
      store(),
      `echo $$ >>${folder}/pids; echo ran >>${folder}/ran; [ -e ${folder}/quick ] || sleep 100000`,
    );
    const { id } = addHooked(store(), { drain: { at: ['before-stop'], run: [path], ...settings } });
    const running = runner(store(), id);
    await vi.waitFor(async () => expect(await text('ran')).toBe('ran\n'), 60_000);
    running.kill('SIGKILL');
    await running;
    const [first] = (await text('pids')).split('\n');
    await vi.waitFor(() => expect(existsSync(`/proc/${first}/fd/0`)).toBe(false), 60_000);
    await mkdir(join(folder, 'quick'));
    await runner(store(), id);
    return { job: journal.job(id), ran: await text('ran') };
  }

  test('is not run again: the job goes on with a warning', async () => {
    const { job, ran: times } = await killedIn({});
    expect([job?.state, times]).toEqual(['done', 'ran\n']);
    expect(job?.steps.map(({ progress }) => progress?.text)).toContainEqual(
      expect.stringContaining('was begun by a runner that died, and is not run again'),
    );
  });

  test('ends the job if it may refuse', async () => {
    expect((await killedIn({ refuses: true })).job).toMatchObject({ state: 'failed' });
  });

  test('is run again if it says that it may be', async () => {
    const { job, ran: times } = await killedIn({ again: true });
    expect([job?.state, times]).toEqual(['done', 'ran\nran\n']);
  });
});

describe('a hook after a failure', () => {
  const failing = async (script: string, settings: Partial<HookSettings> = {}) => {
    const path = await program(store(), script, 'failure');
    return addHooked(store(), { back: { at: ['after-failure'], run: [path], ...settings } }, stopping('fails'));
  };

  test('is told the error, which stays that of the job, though it fails itself', async () => {
    const { folder, journal } = store();
    const { id } = await failing(`cat >>${folder}/facts; exit 9`);
    await runner(store(), id);
    const error = 'stop it: it was to fail; write another test';
    expect(journal.job(id)).toMatchObject({ state: 'failed', error });
    expect(JSON.parse(await text('facts'))).toMatchObject({ error, aborted: false });
  });

  test('runs on a host too, and what it needed there is removed', async () => {
    const { folder, journal } = store();
    const { id, key } = await failing(`cat >${folder}/facts`, { on: 'target' });
    await runner(store(), id);
    expect(journal.job(id)).toMatchObject({ state: 'failed' });
    expect(JSON.parse(await text('facts'))).toMatchObject({ hook: { at: 'after-failure', on: 'db3' } });
    expect(existsSync(`/run/reseed/${key}`)).toBe(false);
  });

  test('runs for a job that was aborted, also after its runner died', async () => {
    const { folder, journal } = store();
    const path = await program(store(), `cat >>${folder}/facts`, 'failure');
    const { id } = addHooked(store(), { back: { at: ['after-failure'], run: [path] } }, stopping('passes'));
    await runner(store(), id, 2);
    journal.requestAbort(id);
    await runner(store(), id);
    expect(journal.job(id)).toMatchObject({ state: 'aborted' });
    expect(JSON.parse(await text('facts'))).toMatchObject({
      aborted: true,
      error: expect.stringContaining('aborted by the operator'),
    });
  });

  test.each([
    ['that failed', false],
    ['that was aborted', true],
  ])('that hangs is ended by an abort of its job %s, which ends as it would have', async (_, isAborted) => {
    const { folder, journal } = store();
    const path = await program(store(), `echo $$ >${folder}/pid; exec sleep 100000`, 'failure');
    const hooks = { back: { at: ['after-failure'], run: [path], deadlineMs: 600_000 } } as const;
    const { id } = addHooked(store(), hooks, stopping(isAborted ? 'passes' : 'fails'));
    if (isAborted) journal.requestAbort(id);
    const running = runner(store(), id);
    await vi.waitFor(async () => expect(await text('pid')).toMatch(/\n/), 60_000);
    journal.requestAbort(id);
    await running;
    expect(journal.job(id)).toMatchObject({ state: isAborted ? 'aborted' : 'failed' });
    expect(existsSync(`/proc/${(await text('pid')).trim()}/fd/0`)).toBe(false);
  });

  test('does not run for a job that ended well', async () => {
    const { folder, journal } = store();
    const path = await program(store(), `touch ${folder}/ran`, 'failure');
    const { id } = addHooked(store(), { back: { at: ['after-failure'], run: [path] } }, stopping('passes'));
    await runner(store(), id);
    expect(journal.job(id)).toMatchObject({ state: 'done' });
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });
});

describe('a hook after a success', () => {
  const succeeding = async (script: string, settings: Partial<HookSettings> = {}, plan = stopping('passes')) => {
    const path = await program(store(), script, 'success');
    return addHooked(store(), { end: { at: ['after-success'], run: [path], ...settings } }, plan);
  };

  test.each(['jump', 'target'] as const)('runs once after a job that succeeded, on the %s', async (on) => {
    const { folder, journal } = store();
    const { id, key } = await succeeding(`cat >>${folder}/facts`, { on });
    await runner(store(), id);
    expect(journal.job(id)).toMatchObject({ state: 'done' });
    expect(JSON.parse(await text('facts'))).toMatchObject({ hook: { at: 'after-success' }, error: null });
    expect(existsSync(`/run/reseed/${key}`)).toBe(false);
  });

  test('does not run for a job that failed, or in which one target failed', async () => {
    const { folder, journal } = store();
    const [step] = stopping('passes').steps;
    const lanes = ['passes', 'fails'].map((work) => ({ ...step, name: work, work, lane: work }) as PlannedStep);
    for (const plan of [stopping('fails'), { ...stopping('passes'), steps: lanes }]) {
      const { id } = await succeeding(`touch ${folder}/ran`, {}, plan);
      await runner(store(), id);
      expect(journal.job(id)).toMatchObject({ state: 'failed' });
    }
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });

  test('that fails, or is ended by an abort, leaves the job as it ended', async () => {
    const { folder, journal } = store();
    const failing = await succeeding('exit 9');
    await runner(store(), failing.id);
    const hanging = await succeeding(`echo $$ >${folder}/pid; exec sleep 100000`, { deadlineMs: 600_000 });
    const running = runner(store(), hanging.id);
    await vi.waitFor(async () => expect(await text('pid')).toMatch(/\n/), 60_000);
    journal.requestAbort(hanging.id);
    await running;
    expect([failing, hanging].map(({ id }) => journal.job(id)?.state)).toEqual(['done', 'done']);
    expect(journal.job(failing.id)?.steps.map(({ progress }) => progress?.text)).toContainEqual(
      expect.stringContaining('the hook end ended with 9'),
    );
  });

  test('whose runner is killed in it is not run again, and the job has succeeded all the same', async () => {
    const { folder, journal } = store();
    const { id } = await succeeding(`echo $$ >>${folder}/pid; exec sleep 100000`);
    const running = runner(store(), id);
    await vi.waitFor(async () => expect(await text('pid')).toMatch(/\n/), 60_000);
    running.kill('SIGKILL');
    await running;
    await runner(store(), id);
    expect(journal.job(id)).toMatchObject({ state: 'done' });
    expect((await text('pid')).split('\n')).toHaveLength(2);
  });
});

/** The runner is killed at every third place between two of its acts; with which it begins is drawn. */
test('hooks of every kind run once, wherever their runner is killed', async () => {
  const { folder, journal } = store();
  const first = Math.floor(Math.random() * 3);
  let places = first + 1;
  for (let place = first; place < places; place += 3) {
    const path = await program(store(), `cat >/dev/null; echo "$1" >>${folder}/ran-${place}`);
    const hook = (at: HookSettings['at'], word: string, on: 'jump' | 'target') => ({
      at,
      run: [path, word] as const,
      on,
    });
    const hooks = {
      here: hook(['before-stop'], 'here', 'jump'),
      there: hook(['before-stop'], 'there', 'target'),
      failure: hook(['after-failure'], 'failure', 'jump'),
      'failure-there': hook(['after-failure'], 'failure there', 'target'),
    };
    const { id, key } = addHooked(store(), hooks, stopping('fails'));
    expect((await runner(store(), id, place)).signal).toBe('SIGKILL');
    const { end, passed } = JSON.parse((await runner(store(), id)).stdout);
    const ran = await text(`ran-${place}`);
    expect([place, end, ran]).toEqual([place, 'failed', 'here\nthere\nfailure\nfailure there\n']);
    expect(journal.job(id)?.error).toBe('stop it: it was to fail; write another test');
    expect(existsSync(`/run/reseed/${key}`)).toBe(false);
    places = Math.max(places, passed);
  }
  expect(places).toBeGreaterThan(20);
});

describe('the program of a hook', () => {
  test('that has changed since the plan is not run', async () => {
    const { folder, journal } = store();
    const path = await program(store(), 'exit 0');
    const { id } = addHooked(store(), { drain: { at: ['before-stop'], run: [path] } });
    await program(store(), `touch ${folder}/ran`);
    await runner(store(), id);
    expect(journal.job(id)?.steps.map(({ progress }) => progress?.text)).toContainEqual(
      expect.stringContaining(`was not run: ${path} has changed since the plan`),
    );
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });

  test.each([
    ['is not run, and the job goes on', false, 'done'],
    ['ends a job that it could refuse, before anything is done', true, 'failed'],
  ] as const)('that has changed on a host since the plan %s', async (_, refuses, state) => {
    const { folder, journal } = store();
    const path = await program(store(), `touch ${folder}/ran`);
    const hooks = { drain: { at: ['before-stop'], run: [path], on: 'target', refuses } } as const;
    const { id } = addHooked(store(), hooks, stopping('passes'), { [path]: { sha256: 'a'.repeat(64) } });
    await runner(store(), id);
    const job = journal.job(id);
    expect(job?.state).toBe(state);
    const told = `the hook drain is not run on db3: ${path} has changed since the plan`;
    if (refuses) expect(job?.error).toContain(`${told}; nothing was changed`);
    else expect(await logOf(id)).toMatch(/has changed since the plan, and was not run; the job goes on/);
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });

  test.each(['jump', 'target'] as const)(
    'that is a script for an interpreter is not run once the script has changed, on the %s',
    async (on) => {
      const { folder, journal } = store();
      const path = await program(store(), 'exit 0', 'script.sh');
      const hooks = { drain: { at: ['before-stop'], run: ['/bin/sh', path], on, refuses: true } } as const;
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      const { id } = addHooked(store(), hooks, stopping('passes'), { [path]: { sha256 } });
      await program(store(), `touch ${folder}/ran`, 'script.sh');
      await runner(store(), id);
      expect(journal.job(id)?.error).toContain(`${path} has changed since the plan`);
      expect(existsSync(`${folder}/ran`)).toBe(false);
    },
  );

  test('that is not executable is refused before the plan, with the command that makes it so', async () => {
    const path = await program(store(), 'true', 'hook.sh');
    await chmod(path, 0o644);
    const hooks = { drain: { at: ['before-stop'], run: [path], on: 'jump', refuses: true } } as const;
    expect(hookedPlan(store(), hooks, stopping('passes'), 'cafe')).toMatchObject({
      ok: false,
      message: expect.stringContaining(`it can not be executed: chmod +x ${path}`),
    });
  });

  test.each(['jump', 'target'] as const)(
    'whose script another account can change is not run, on the %s',
    async (on) => {
      const { folder, journal } = store();
      const path = await program(store(), `touch ${folder}/ran`, 'script.sh');
      await chmod(path, 0o777);
      const hooks = { drain: { at: ['before-stop'], run: ['/bin/sh', path], on, refuses: true } } as const;
      if (on === 'jump') {
        expect(hookedPlan(store(), hooks, stopping('passes'), 'cafe')).toMatchObject({
          ok: false,
          message: expect.stringContaining(`${path}: other accounts can write to ${path}`),
        });
        return;
      }
      const { id } = addHooked(store(), hooks, stopping('passes'));
      await runner(store(), id);
      expect(journal.job(id)?.error).toMatch(
        /the hook drain can't be run on db3: .*script.sh: .*other accounts can write to/,
      );
      expect(existsSync(`${folder}/ran`)).toBe(false);
    },
  );

  test('that is reached by a link of another account on a host is not run: it could lead elsewhere afterwards', async () => {
    const { folder, journal } = store();
    const link = join(folder, 'link');
    await symlink(await program(store(), `touch ${folder}/ran`), link);
    await lchown(link, 65_534, 65_534);
    const { id } = addHooked(store(), { drain: { at: ['before-stop'], run: [link], on: 'target', refuses: true } });
    await runner(store(), id);
    expect(journal.job(id)?.error).toMatch(
      /the hook drain can't be run on db3: .*link belongs to another account than root/,
    );
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });

  test('that is reached by a link in a folder that other accounts can write to is not run on a host', async () => {
    const { folder, journal } = store();
    const shared = join(folder, 'shared');
    await mkdir(shared);
    await chmod(shared, 0o775);
    await symlink(await program(store(), `touch ${folder}/ran`), join(shared, 'link'));
    const hooks = { drain: { at: ['before-stop'], run: [join(shared, 'link')], on: 'target', refuses: true } } as const;
    const { id } = addHooked(store(), hooks, stopping('passes'));
    await runner(store(), id);
    expect(journal.job(id)?.error).toMatch(/the hook drain can't be run on db3: .*other accounts can write to shared/);
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });

  test('that is not there on a host ends a job that it could refuse, before anything is done', async () => {
    const { journal } = store();
    const { id } = addHooked(store(), {
      drain: { at: ['before-stop'], run: ['/no/such'], on: 'target', refuses: true },
    });
    await runner(store(), id);
    expect(journal.job(id)?.error).toMatch(
      /the hook drain can't be run on db3: \/no\/such: there is no such file; nothing was changed/,
    );
  });

  test('that is not there on the jump host is told with the plan', async () => {
    const hooks = { drain: { at: ['before-stop'], run: ['/no/such'], refuses: true } } as const;
    expect(hookedPlan(store(), hooks, stopping('passes'), 'cafe')).toMatchObject({
      ok: false,
      message: "the hook drain can't be run here: /no/such: there is no such file",
    });
    expect(
      hookedPlan(store(), { drain: { ...hooks.drain, refuses: false } }, stopping('passes'), 'cafe'),
    ).toMatchObject({
      ok: true,
      checks: [
        {
          level: 'warn',
          text: "the hook drain can't be run here: /no/such: there is no such file; the job goes on without it",
        },
      ],
    });
  });

  const points = [['before-stop'], ['after-success'], ['before-preflight']] as const;
  const places = ['jump', 'target', { host: 'db2' }] as const;
  test.each(places.flatMap((on) => points.map(([at]) => [at, on] as const)))(
    '%s, on %j: that other accounts can write to is not run, and the log of the job says so: it was, with what another account had written',
    async (at, on) => {
      const { folder, journal } = store();
      const path = await program(store(), `touch ${folder}/ran`);
      await chmod(path, 0o757);
      const { id } = addHooked(store(), { drain: { at: [at], run: [path], on } }, stopping('passes'));
      await runner(store(), id);
      const job = journal.job(id);
      expect(job).toMatchObject({ state: 'done' });
      expect(existsSync(`${folder}/ran`)).toBe(false);
      expect(await logOf(id)).toMatch(
        /! the hook drain (?:was not run|did not succeed): .*other accounts can write to/,
      );
      if (job) expect(hookWarnings(job)).toContainEqual(expect.stringContaining('other accounts can write to'));
    },
  );

  test('that is not there is said by the job too, not by its plan alone: schedules show none', async () => {
    const { journal } = store();
    const { id } = addHooked(store(), {
      drain: { at: ['before-stop'], run: ['/no/such'] },
      page: { at: ['after-success'], run: ['/no/such'] },
    });
    await runner(store(), id);
    const job = journal.job(id);
    expect(job?.state).toBe('done');
    expect(job && hookWarnings(job)).toEqual([
      '! the hook drain was not run: /no/such: there is no such file',
      '! the hook page was not run: /no/such: there is no such file',
    ]);
  });

  test.each(['jump', 'target'] as const)(
    'that could not be run at the plan is not run after it was corrected, on the %s: nobody has agreed to what it is',
    async (on) => {
      const { folder } = store();
      const path = await program(store(), `touch ${folder}/ran`);
      await chmod(path, 0o757);
      const hooks = { drain: { at: ['before-stop'], run: [path], on } } as const;
      const told = { [path]: { why: 'other accounts can write to hook' } };
      const { id } = addHooked(store(), hooks, stopping('passes'), told);
      await chmod(path, 0o755);
      await runner(store(), id);
      expect(await logOf(id)).toMatch(/could not be run/);
      expect(existsSync(`${folder}/ran`)).toBe(false);
    },
  );

  test('that other accounts can write to since the plan is not run here: they could change it between the look and the start', async () => {
    const { folder } = store();
    const path = await program(store(), `touch ${folder}/ran`);
    const { id } = addHooked(store(), { drain: { at: ['before-stop'], run: [path] } });
    await chmod(path, 0o757);
    await runner(store(), id);
    expect(await logOf(id)).toMatch(/the hook drain was not run: .*other accounts can write to/);
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });

  test.each([
    ['jump', '/bin/sh'],
    ['target', '/bin/sh'],
    ['jump', '/bin/echo'],
    ['target', '/bin/echo'],
  ] as const)(
    'on the %s, with a file of %s that was not there at the plan, and was made since, is not run',
    async (on, by) => {
      const { folder, journal } = store();
      const path = join(folder, 'later.sh');
      const hooks = { drain: { at: ['before-stop'], run: [by, path], on } } as const;
      const { id } = addHooked(store(), hooks, stopping('passes'), { [path]: 'none', [by]: lookOf(by) });
      await program(store(), `touch ${folder}/ran`, 'later.sh');
      await runner(store(), id);
      expect(journal.job(id)?.state).toBe('done');
      const log = await logOf(id);
      expect(log).toMatch(/! the hook drain .*later\.sh was no file, or one that could not be run,/);
      expect(log).not.toMatch(/\| \S+later\.sh\n/);
      expect(existsSync(`${folder}/ran`)).toBe(false);
    },
  );

  test('whose way to it has a link of another account is not run on a host that it can not refuse, nor here', async () => {
    for (const on of ['jump', 'target'] as const) {
      const { folder } = store();
      const link = join(folder, `link-${on}`);
      await symlink(await program(store(), `touch ${folder}/ran`), link);
      await lchown(link, 65_534, 65_534);
      const { id } = addHooked(store(), { drain: { at: ['before-stop'], run: [link], on } });
      await runner(store(), id);
      expect(await logOf(id)).toMatch(/! the hook drain .*link-\w+ belongs to another account/);
      expect(existsSync(`${folder}/ran`)).toBe(false);
    }
  });

  test('on a host of which the plan knew nothing has to be what the check of the job saw', async () => {
    const { folder } = store();
    const path = await program(store(), `touch ${folder}/ran`, 'drain');
    const swap = await program(store(), `echo '# other' >>${path}; touch ${folder}/swapped`, 'swap');
    const on = { host: 'db2' };
    const { id } = addHooked(store(), {
      swap: { at: ['before-stop'], run: [swap], on },
      drain: { at: ['before-stop'], run: [path], on },
    });
    await runner(store(), id);
    expect(existsSync(`${folder}/swapped`)).toBe(true);
    expect(await logOf(id)).toMatch(/drain has changed since the plan, and was not run; the job goes on/);
    expect(existsSync(`${folder}/ran`)).toBe(false);
  });

  test.each([true, false])(
    'that the probe of its host saw open to others is told with the plan (refuses: %s)',
    (refuses) => {
      const hooks = { drain: { at: ['before-stop'], run: ['/opt/drain'], on: 'target', refuses } } as const;
      const hooked = hookedPlan(store(), hooks, stopping('passes'), 'cafe', {
        '/opt/drain': { why: 'on the way to it, other accounts can write to opt' },
      });
      const why = "the hook drain can't be run on db3: /opt/drain: on the way to it, other accounts can write to opt";
      if (refuses) expect(hooked).toMatchObject({ ok: false, message: why });
      else
        expect(hooked).toMatchObject({
          ok: true,
          checks: [{ level: 'warn', text: `${why}; the job goes on without it` }],
        });
    },
  );

  test('is begun in /, and not in the folder that reseed was started in, whose files may be of another account', async () => {
    const { folder } = store();
    await ran(`pwd >${folder}/at`, { on: 'jump' });
    expect(await text('at')).toBe('/\n');
  });
});
