// Hooks in the plans of every method of seeding, and of jobs on one host.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withHooks } from '../../src/hooks/plan.ts';
import type { HookSide } from '../../src/hooks/runs.ts';
import { type HookPoint, type HookSettings, hookPoints } from '../../src/inventory/settings.ts';
import { everyStep, type Plan } from '../../src/job/plan/plan.ts';
import { draftOf } from '../../src/operations/plans/draft.ts';
import { methods } from '../../src/seed/methods/methods.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';
import { requests } from '../seed/able.ts';

let hook: string;
beforeAll(async () => {
  hook = join(await mkdtemp(join(tmpdir(), 'reseed-hooks-')), 'hook');
  await writeFile(hook, '#!/bin/sh\n');
  await chmod(hook, 0o755);
});

afterAll(() => rm(dirname(hook), { recursive: true }));

const who = { account: 'ops', jumpHost: 'jump1' };
const target = { name: 'db1', host: 'db1', transport: 'auto', sudo: false } as const;
type Hooks = Readonly<Record<string, HookSettings>>;

function seedPlan(asked: SeedRequest, hooks: Hooks): Plan {
  const planned = planSeed(asked, preflight(asked));
  if (!planned.ok) throw new Error(planned.message);
  const sides = [
    { ...asked.donor, role: 'donor' as const },
    ...asked.targets.map((one) => ({ ...one, role: 'target' as const })),
  ].map((side): HookSide => ({ ...side, host: { ...side.host, hooks } }));
  const hooked = withHooks({
    plan: planned.plan,
    sides,
    reach: (name) => sides.filter(({ host }) => host.name === name).map(({ host }) => ({ host, target }))[0],
    key: 'cafe',
    who,
    method: asked.method.name,
    mark: (number) => `/jobs/cafe.hook-${number}`,
  });
  if (!hooked.ok) throw new Error(hooked.message);
  return hooked.plan;
}

/** Each hook as `at[ of LANE]`, and each other step by its stage. */
const orderOf = (plan: Plan) => {
  const words = everyStep(plan).flatMap(({ work, input, lane, stage, volatile }) => {
    if (work.startsWith('hook')) {
      const { hook: one } = input.facts as { hook: { at: HookPoint } };
      return `${one.at}${lane === undefined ? '' : ` of ${lane}`}`;
    }
    return volatile ? 'lock' : (stage ?? []);
  });
  return words.filter((word, at) => word !== words[at - 1]);
};

describe.each(methods)('a seed by $name', (method) => {
  test('has its stages in their order, with a hook before and after each', () => {
    const asked = requests[method.name]?.able();
    if (!asked) throw new Error('no request');
    const one = { ...asked, targets: asked.targets.slice(0, 1) };
    const [lane = ''] = one.targets.map(({ host }) => host.name);
    const order = orderOf(seedPlan(one, { all: { at: hookPoints, run: [hook] } }));
    const around = (stage: string, isOfLane = true) => {
      const of = isOfLane ? ` of ${lane}` : '';
      return [`before-${stage}${of}`, stage, `after-${stage}${of}`];
    };
    const first = ['before-preflight', 'lock', 'after-preflight'];
    const last = [...around('attach'), ...around('caught-up')];
    const isCopyShared = order.includes('before-copy');
    expect(order).toEqual(
      method.copies
        ? [
            ...first,
            ...(method.readsSnapshot ? around('snapshot', false) : []),
            ...around('copy', !isCopyShared),
            ...['stop', 'swap', 'start'].flatMap((stage) => around(stage)),
            ...last,
            'after-success',
            'after-failure',
          ]
        : [...first, ...last, 'after-success', `after-failure of ${lane}`],
    );
  });
});

test('a hook is told what each host is afterwards: a target that replicates from no host has no later point than its start', () => {
  const asked = requests.lvm?.able();
  if (!asked) throw new Error('no request');
  const one = { ...asked, targets: asked.targets.slice(0, 1) };
  const ends = (request: SeedRequest) => {
    const plan = seedPlan(request, { all: { at: ['after-start', 'after-caught-up'], run: [hook] } });
    const told = everyStep(plan).filter(({ work }) => work === 'hook');
    return told.map(({ input }) => {
      const { hook: given, ends: after } = input.facts as { hook: { at: string }; ends: unknown };
      return [given.at, after];
    });
  };
  const [replica, alone] = [
    { db2: 'replica', db3: 'replica' },
    { db2: 'replica', db3: 'alone' },
  ];
  expect(ends(one)).toEqual([
    ['after-start', replica],
    ['after-caught-up', replica],
  ]);
  expect(ends({ ...one, ends: 'standalone' })).toEqual([['after-start', alone]]);
});

test('a hook that donor and targets share runs once for the copy, and for each target where it is stopped', () => {
  const asked = requests.lvm?.able();
  if (!asked) throw new Error('no request');
  const plan = seedPlan(asked, {
    quiet: { at: ['before-copy', 'after-failure'], run: [hook] },
    drain: { at: ['before-stop', 'after-failure'], run: [hook, '{host}'], on: 'target', refuses: false },
  });
  const titles = everyStep(plan)
    .filter(({ work }) => work.includes('hook'))
    .map(({ title }) => title);
  expect(titles).toEqual([
    'check that hooks can be run on db3: drain',
    'check that hooks can be run on db6: drain',
    `hook quiet, before-copy, of db2, db3, db6: ${hook} on jump1`,
    `hook drain, before-stop, of db3: ${hook} db3 on db3`,
    `hook drain, before-stop, of db6: ${hook} db6 on db6`,
    `hook quiet, if the job fails, of db2, db3, db6: ${hook} on jump1`,
    `hook drain, if the job fails, of db3: ${hook} db3 on db3`,
    `hook drain, if the job fails, of db6: ${hook} db6 on db6`,
  ]);
});

describe('a job on one host', () => {
  const drafted = (verb: 'start' | 'stop' | 'restart' | 'snapshot', hooks: Hooks, name = 'db2') => {
    const { host, report } = hostNamed(pictureOf('up'), name);
    return draftOf({ verb }, { host: { ...host, hooks }, report, target }, { key: 'cafe', who, nowMs: 0 });
  };

  test.each([
    ['stop', ['stop']],
    ['restart', ['stop', 'start']],
    ['snapshot', ['snapshot']],
  ] as const)('%s has the hooks of its stages, and of a failure', (verb, stages) => {
    const { planned, targets, checks } = drafted(verb, { all: { at: hookPoints, run: [hook] } });
    expect(planned.ok && orderOf(planned.plan)).toEqual([
      'before-preflight',
      'lock',
      'after-preflight',
      ...stages.flatMap((one) => [`before-${one}`, one, `after-${one}`]),
      'after-success',
      'after-failure',
    ]);
    expect(targets).toContainEqual({ name: '/jump', host: 'localhost', transport: 'local', sudo: false });
    expect(checks).toContainEqual({
      level: 'pass',
      host: 'jump1',
      text: expect.stringMatching(/^hook all \(.*\): \/.*\/hook, as ops; 1 min at most; sha256 [0-9a-f]{64}$/),
      advice: '',
    });
  });

  test('whose port is not known says in its plan that hooks do not get it', () => {
    const { host, report } = hostNamed(pictureOf('up'), 'db2');
    const silent = { ok: false, why: 'no answer' } as const;
    const of = (hooks: Hooks) =>
      draftOf(
        { verb: 'stop' },
        { host: { ...host, hooks }, report: { ...report, server: silent, config: { ok: true, value: {} } }, target },
        { key: 'cafe', who, nowMs: 0 },
      ).checks;
    expect(of({ drain: { at: ['before-stop'], run: [hook] } })).toContainEqual({
      host: 'db2',
      level: 'warn',
      text: 'the port of its server is not known: hooks read null for mysqlPort of db2',
      advice: expect.stringMatching(/^write port under \[mysqld\]/),
    });
    expect(of({})).not.toContainEqual(expect.objectContaining({ text: expect.stringContaining('port') }));
  });

  test('that needs a fact that is not known, or a host that is read-only, is refused', () => {
    const on = { host: 'db9' };
    expect(drafted('stop', { x: { at: ['before-stop'], run: [hook], on } }).planned).toMatchObject({
      ok: false,
      message: 'how db9 is reached, where the hook x runs, is not known',
    });
  });
});
