// What an operator reads between the plan of a job and its beginning, and with what the verb ends. The journal is a real one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type BeginOptions, begin } from '../../src/commands/jobs/begin.ts';
import type { Draft } from '../../src/commands/jobs/draft.ts';
import { openJobDesk } from '../../src/console-jobs.ts';
import { jobHome } from '../../src/job/home.ts';
import { openJournal } from '../../src/job/journal.ts';
import { lockStep } from '../../src/job/lock-step.ts';
import type { Plan } from '../../src/job/plan.ts';
import { ownProcess } from '../../src/job/process-id.ts';
import type { JobsPicture } from '../../src/job/watch.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';
import { inventoryFrom, pictureOf } from '../live/pictures.ts';

const who = { account: 'ops', jumpHost: 'jump1' };
const target: RemoteTarget = { name: 'db3', host: '10.77.0.13', transport: 'auto', sudo: false };
const plan: Plan = {
  kind: 'stop',
  title: 'stop db3',
  hosts: ['db3'],
  destroys: [],
  steps: [lockStep('db3', '/var/lib/mysql', 'cafe', who)],
};
const draft: Draft = { planned: { ok: true, plan }, key: 'cafe', who, targets: [target], impact: [], name: 'db3' };
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
function seedOnDb3(): void {
  const journal = openJournal(jobHome(process.env).journal, Date.now);
  const runner = ownProcess();
  if (!journal || !runner) throw new Error('no journal');
  journal.add({
    key: 'beef',
    plan: { ...plan, kind: 'seed', title: 'seed db2 → db3' },
    targets: [target],
    who,
    runner,
  });
  journal.close();
}

function jobsMade(): number {
  const journal = openJournal(jobHome(process.env).journal, Date.now);
  const count = journal?.jobs(10).length ?? 0;
  journal?.close();
  return count;
}

test('a stop of a host that a seed works on is refused before there is a job of it, dry run and console too', async () => {
  seedOnDb3();
  const said =
    'db3 is locked by job 1 (seed db2 → db3), which runs; wait for it (reseed job attach 1), or abort it: reseed job abort 1';
  for (const options of [{ yes: 'db3' }, { dryRun: true }]) {
    errors = [];
    expect(await begun(options)).toEqual({ code: 3, out: '', errors: `reseed: ${said}\n` });
  }
  const desk = openJobDesk({
    inventory: inventoryFrom('clusters: { shop: {} }\nhosts: { db3: { cluster: shop } }'),
    fleet: createStore(() => pictureOf('up')),
    store: createStore<JobsPicture>(() => ({ jobs: [] })),
    onChanged: () => undefined,
  });
  expect(desk.launch(draft)).toBe(said.replace('; wait', ': nothing was done; wait'));
  desk.stop();
  expect(jobsMade()).toBe(1);
});

test('a look at a plan makes no journal', async () => {
  expect(await begun({ dryRun: true })).toMatchObject({ code: undefined, errors: '' });
  expect(await rm(jobHome(process.env).journal).catch(({ code }) => code)).toBe('ENOENT');
});
