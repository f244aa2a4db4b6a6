// A job runs the agreed plan and its scripts, no matter what happens to the reseed on the disk. A job of another build
// is named as that.
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import { whyNotOurs } from '../../src/job/plan/foreign.ts';
import { freeze, planFormat } from '../../src/job/plan/frozen.ts';
import type { Plan, PlannedStep } from '../../src/job/plan/plan.ts';
import { type StepWorks, worksOf } from '../../src/job/plan/step-work.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import { allWorks } from '../../src/operations/jobs/all-works.ts';
import type { RemoteFailure } from '../../src/remote/failure.ts';
import type { Remotes } from '../../src/remote/open.ts';
import type { ExecResult, Remote } from '../../src/remote/remote.ts';
import { endLockWords } from '../../src/scripts/host-lock-words.ts';
import { readScript } from '../../src/scripts/script.ts';
import { wayWords } from '../../src/scripts/seed-way-words.ts';
import { snapshotWords } from '../../src/scripts/snapshot-words.ts';
import { endUnitsWords } from '../../src/scripts/unit-words.ts';
import { olderPlan } from '../../src/seed/older-plans.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';
import { kindOf } from './kinds.ts';
import { printed } from './step-tools.ts';

const store = jobStoreForEach();
let folder: string;
let journal: Journal;
let remotes: Remotes;
beforeEach(() => {
  ({ folder, journal, remotes } = store());
});

const who = { account: 'ops', jumpHost: 'jump1' };
const job = (plan: Plan) => ({ key: 'cafe', plan, targets: [], who });

const step = (name: string, rest: Partial<PlannedStep> = {}): PlannedStep => ({
  name,
  title: name,
  host: 'here',
  work: 'says',
  input: {},
  commands: { run: { host: 'here', script: 'service', args: [], deadlineMs: 20_000 } },
  ...rest,
});
const planOf = (...steps: PlannedStep[]): Plan => ({
  kind: 'test',
  title: 'a job',
  hosts: ['here'],
  destroys: [],
  steps,
});

/** What its script printed is the result of a step. */
const works: StepWorks = worksOf([
  kindOf('says', z.strictObject({}), async ({ run }) => {
    const answer = await run('run');
    return answer.ok ? { ok: true, result: answer.stdout } : { ok: false, message: answer.printed, advice: '' };
  }),
  kindOf('compares', z.strictObject({ targets: z.array(z.string()).min(1) }), async () => ({ ok: true })),
]);

async function ran(id: number, with_: StepWorks = works) {
  const remote = remotes.open({ name: 'here', host: 'localhost', transport: 'local', sudo: false });
  const log = openJobLog(join(folder, 'log'), Date.now);
  const state = await runJob(id, { journal, log, works: with_, open: () => remote, nowMs: Date.now });
  await remote.close();
  const record = journal.job(id);
  if (!record) throw new Error('the job is gone');
  return { ...record, state, log: await readFile(join(folder, 'log'), 'utf8') };
}

describe('a script that is replaced on disk while a job runs', () => {
  test('is not picked up by that job: it runs the text that was written down with its plan', async () => {
    let onDisk = 'echo the script of the plan';
    const plan = planOf(step('one'), step('two'));
    const { id } = journal.add({ ...job(plan), freezing: freeze(plan, '1.0.0', () => onDisk) });
    onDisk = 'echo the script of another build ran';
    const { state, steps } = await ran(id);
    expect(state).toBe('done');
    expect(steps.map(({ result }) => result)).toEqual(['the script of the plan\n', 'the script of the plan\n']);
  });

  test('is read from the journal, and its digest compared, once for all commands of a runner', async () => {
    const plan = planOf(step('one'), step('two'), step('three'));
    const { id } = journal.add({ ...job(plan), freezing: freeze(plan, '1.0.0', () => 'echo said') });
    const reads = vi.spyOn(journal, 'script');
    expect((await ran(id)).state).toBe('done');
    expect(reads).toHaveBeenCalledTimes(1);
  });

  test('is the same for what a unit is given on its standard input', async () => {
    const commands = {
      run: {
        host: 'here',
        script: 'unit' as const,
        args: ['mark'],
        deadlineMs: 20_000,
        program: { script: 'seed-send' as const, args: [] },
      },
    };
    const plan = planOf(step('one', { commands }));
    const texts = { unit: 'cat', 'seed-send': 'echo the program of the plan' };
    const freezing = freeze(plan, '1.0.0', (name) => (texts as Record<string, string>)[name] ?? '');
    const { id } = journal.add({ ...job(plan), freezing });
    const { steps } = await ran(id);
    expect(steps[0]?.result).toContain('echo the program of the plan');
  });

  test('is run by nobody where the text in the journal is not the one that was planned', async () => {
    const plan = planOf(step('one'));
    const { frozen, texts } = freeze(plan, '1.0.0', () => 'echo planned');
    const other = new Map([...texts.keys()].map((digest) => [digest, 'echo something else']));
    const { id } = journal.add({ ...job(plan), freezing: { frozen, texts: other } });
    const { state, error } = await ran(id);
    expect(state).toBe('failed');
    expect(error).toContain("the journal's text of service.sh is not the one of job 1");
  });
});

test('one text of a script is kept for all jobs that were planned with it', () => {
  const plan = planOf(step('one'));
  const digests = [addJob(journal, job(plan)), addJob(journal, job(plan))].map(({ frozen }) => frozen?.scripts.service);
  expect(new Set(digests).size).toBe(1);
  expect(journal.script(digests[0] ?? '')).toBe(readScript('service'));
});

describe('a job that another build planned', () => {
  const foreign = (plan: Plan, with_: StepWorks = works) => {
    const freezing = freeze(plan, '9.9.0', () => 'echo said');
    const { id } = journal.add({ ...job(plan), freezing });
    const record = journal.job(id);
    if (!record) throw new Error('no job');
    return { id, why: whyNotOurs(record, with_) };
  };

  test('with a kind of step that this one does not have stays as it is, and says who can go on', async () => {
    const { id, why } = foreign(planOf(step('one'), step('two', { work: 'teleport' })));
    expect(why).toBe(
      `job ${id} can't be resumed by this reseed: its step "two" is of a kind that this reseed does not have (teleport). Resume it with reseed 9.9.0, or abort it: reseed job abort ${id}`,
    );
    const { state, steps, log } = await ran(id);
    expect(state).toBe('planned');
    expect(steps.map(({ state: one }) => one)).toEqual(['waiting', 'waiting']);
    expect(log).toContain('Resume it with reseed 9.9.0');
  });

  test('can be aborted: what it made goes by the commands that were written down with it', async () => {
    const made = step('made', { acquires: { what: 'a thing', release: 'run', whenDone: 'release' } });
    const { id } = foreign(planOf(made, step('two', { work: 'teleport' })));
    journal.setResource(id, 'made', 'a thing', 'held');
    journal.setStep(id, 'made', 'done');
    journal.setJob(id, 'running');
    journal.requestAbort(id);
    const { state, resources } = await ran(id);
    expect(state).toBe('aborted');
    expect(resources).toMatchObject([{ what: 'a thing', state: 'released' }]);
  });

  test('goes on where a step of that kind failed for its target for good: it is not run again', async () => {
    const gone = step('two', { work: 'teleport', lane: 'db5' });
    const { id } = foreign(planOf(step('one', { lane: 'db3' }), gone, step('three', { lane: 'db3' })));
    journal.setStep(id, 'one', 'done');
    journal.setStep(id, 'two', 'failed', { lost: { db5: 'no space left' } });
    journal.setJob(id, 'running');
    const { steps, error } = await ran(id);
    expect(steps.map(({ state }) => state)).toEqual(['done', 'failed', 'done']);
    expect(error).toBe('db5: no space left');
  });

  test('with a newer format of plans is told so', () => {
    const plan = planOf(step('one'));
    const { frozen, texts } = freeze(plan, '9.9.0', () => 'true');
    const newer = { frozen: { ...frozen, format: planFormat + 1 }, texts };
    const record = journal.add({ ...job(plan), freezing: newer });
    expect(whyNotOurs(record, works)).toContain(`its plan has format ${planFormat + 1}`);
  });

  test('whose comparison has other words than this one reads compares nothing and is no success', async () => {
    const { id, why } = foreign(planOf(step('verify', { work: 'compares', input: { hosts: ['db3'] } })));
    expect(why).toContain('its step "verify" has an input of another form than this reseed reads (targets: ');
    const { state, steps } = await ran(id);
    expect(state).toBe('planned');
    expect(steps[0]?.state).toBe('waiting');
  });

  test('with a step whose command is not in its plan fails in plain words, and lets go of what it made', async () => {
    const made = step('made', { acquires: { what: 'a thing', release: 'run', whenDone: 'release' } });
    const { id } = foreign(planOf(made, step('two', { commands: {} })));
    const { state, error, resources } = await ran(id);
    expect(state).toBe('failed');
    expect(error).toContain("two: its plan has no command 'run'");
    expect(resources).toMatchObject([{ state: 'released' }]);
  });
});

/**
 * Made on practice hosts by a reseed that did not yet freeze plans: a seed db2 → db3 whose runner was killed in the
 * middle of the copy.
 */
describe('a half-done seed of the reseed before plans were frozen', () => {
  let before: Journal;
  let ran: string[];
  const told = new Map<string, readonly string[]>();
  beforeEach(async () => {
    const path = join(folder, 'before.sqlite');
    await cp(new URL('../fixtures/journal/before-frozen.sqlite', import.meta.url), path);
    const opened = openJournal(path, Date.now, { older: olderPlan });
    if (!opened) throw new Error('no journal');
    before = opened;
    ran = [];
  });
  afterEach(() => before.close());

  /** Hosts that answer each command as `answer` says. */
  const hosts = (answer: (script: string) => ExecResult | RemoteFailure): ((host: string) => Remote) => {
    const exec: Remote['exec'] = async (_script, args, { label }) => {
      const script = label?.split(' ')[0] ?? '';
      ran.push(`${script} ${args[0]}`);
      told.set(`${script} ${args[0]}`, args);
      return answer(script);
    };
    return () => ({ exec }) as Remote;
  };
  const carriedOut = async (open: (host: string) => Remote) => {
    const log = openJobLog(join(folder, 'log'), Date.now);
    const id = before.jobs(1)[0]?.id ?? 0;
    await runJob(id, { journal: before, log, works: allWorks, open, nowMs: Date.now });
    const job = before.job(id);
    if (!job) throw new Error('the job is gone');
    return job;
  };

  test('is read, and says who can resume it: this build tells its scripts other words', () => {
    const [job] = before.jobs(1);
    expect(job).toMatchObject({ state: 'running', plan: { title: 'seed db2 → db3' } });
    expect(job?.frozen).toBeUndefined();
    expect(job && whyNotOurs(job, allWorks)).toBe(
      `job ${job?.id} can't be resumed by this reseed: no scripts were kept with its plan, and those of this reseed read their words otherwise. Resume it with the reseed that planned it, or abort it: reseed job abort ${job?.id}`,
    );
  });

  test('is aborted: all that it holds goes, by the commands of its plan', async () => {
    const held = before.jobs(1)[0]?.resources.filter(({ state }) => state === 'held' || state === 'wanted') ?? [];
    expect(held.length).toBeGreaterThan(5);
    before.requestAbort(before.jobs(1)[0]?.id ?? 0);
    const job = await carriedOut(hosts(() => printed('')));
    expect(job.state).toBe('aborted');
    expect(job.resources.map(({ state }) => state)).toEqual(job.resources.map(() => 'released'));
    expect(ran).toContain('snapshot remove');
    expect(ran.at(-1)).toBe('host-lock release');
  });

  test('stays as it is where it is resumed: nothing is run on its hosts', async () => {
    const [was] = before.jobs(1);
    const job = await carriedOut(hosts(() => printed('')));
    expect(ran).toEqual([]);
    expect(job).toEqual(was);
  });

  test('is aborted in the words that the scripts of this build take', async () => {
    before.requestAbort(before.jobs(1)[0]?.id ?? 0);
    await carriedOut(hosts(() => printed('')));
    const [name, folder] = ['reseed-3ce48e2b-20261127T095614Z', '/run/reseed/mount/reseed-3ce48e2b-20261127T095614Z'];
    expect(told.get('host-lock release')).toEqual(
      endLockWords('release', { job: '3ce48e2b', datadir: '/var/lib/mysql' }),
    );
    const snapshot = { group: 'vg0', volume: name, uuid: '', origin: 'mysql' };
    expect(told.get('snapshot remove')).toEqual(snapshotWords('remove', snapshot, { job: '3ce48e2b' }));
    expect(told.get('snapshot unmount')).toEqual(snapshotWords('unmount', snapshot, { folder }));
    expect(told.get('unit end')).toEqual(endUnitsWords('3ce48e2b', ['sums']));
    expect(told.get('seed-way shut')).toEqual(wayWords('shut', '/run/reseed/3ce48e2b/seed', {}));
  });
});
