// Hooks of a seed on real hosts: at each stage, on the jump host and on the hosts; such as refuse, hang, print without end, can't be run, or whose
// runner dies in them. In the campaign, since npm test has no minutes left for it.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { afterFailure, afterSuccess, hookStages } from '../../src/inventory/settings.ts';
import { drill, on, onHost, printedOn, runs, testState, until } from '../fleet/fleet.ts';
import { operator } from '../fleet/operators.ts';
import { begun, done, inside, nothingLeftOn, sameAsPrimary, shown, stateOf } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { ended, inHook, inventoryWith, programHere, programOn } from './seed-hooked.ts';

usesHosts('db1', 'db2', 'db3');

/** The other tests know the host as it was. */
afterAll(() => drill('reset', 'db3'), 400_000);

const hosts = ['db1', 'db2', 'db3'] as const;
const told = '/var/tmp/hooks-told';
const toldHere = join(testState, 'hooks/told');
const seed = ['seed', 'db2', 'db3', '--yes=db3'] as const;

interface Facts {
  readonly hook: { readonly name: string; readonly at: string; readonly for: readonly string[]; readonly on: string };
  readonly job: { readonly id: number; readonly title: string };
  readonly donor: string;
  readonly targets: readonly string[];
  readonly bytes: { readonly copied: number | null; readonly toCopy: number | null };
  readonly lagSeconds: Readonly<Record<string, number>>;
  readonly error: string | null;
  readonly failed: Readonly<Record<string, string>>;
  readonly aborted: boolean;
}

const factsIn = (lines: string): Facts[] =>
  lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const points = (facts: readonly Facts[]) => facts.map(({ hook }) => `${hook.at} ${hook.for.join()}`);

async function forgetTold(): Promise<void> {
  await rm(toldHere, { force: true });
  for (const host of ['db2', 'db3']) await on(host, `rm -f ${told}`);
}

let here = '';
const there = '/usr/local/lib/reseed-test/told';
beforeAll(async () => {
  here = await programHere('tell', `cat >>${toldHere}`);
  for (const host of ['db2', 'db3']) await programOn(host, there, `#!/bin/sh\ncat >>${told}\n`);
});

const stages = hookStages.flatMap((stage) => [`before-${stage}`, `after-${stage}`]);

test('a hook at each stage reads the facts of the job there, on the jump host and on donor and target, and each runs once', async () => {
  await forgetTold();
  const when = `at: [${[...stages, afterSuccess, afterFailure].join(', ')}]`;
  const hooks = `hooks: { here: { ${when}, run: [${here}] }, donor: { ${when}, run: [${there}], on: donor }, target: { ${when}, run: [${there}], on: target } }`;
  const inventory = await inventoryWith('hooks-each', hosts, { defaults: hooks });
  const id = await begun(...seed, '--inventory', inventory);
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  const onJump = factsIn(await readFile(toldHere, 'utf8'));
  const both = ['preflight', 'copy', 'success'];
  const ofJob = (point: string) => {
    if (both.some((stage) => point.endsWith(stage))) return 'db2,db3';
    return point.endsWith('snapshot') ? 'db2' : 'db3';
  };
  expect(points(onJump)).toEqual([...stages, afterSuccess].map((point) => `${point} ${ofJob(point)}`));
  for (const facts of onJump) {
    expect(facts).toMatchObject({
      version: 1,
      hook: { name: 'here', on: 'jump' },
      job: { id: Number(id), kind: 'seed', title: 'seed db2 → db3' },
      donor: 'db2',
      targets: ['db3'],
      ends: { db2: 'replica', db3: 'replica' },
      method: 'lvm',
      error: null,
      aborted: false,
    });
  }
  const at = (point: string) => onJump.find(({ hook }) => hook.at === point);
  expect(at('before-copy')?.bytes.copied).toBeNull();
  expect(at('after-copy')?.bytes.copied).toBe(at('after-copy')?.bytes.toCopy);
  expect(at('after-copy')?.bytes.copied).toBeGreaterThan(20e6);
  expect(at('before-caught-up')?.lagSeconds).toEqual({});
  expect(at('after-caught-up')?.lagSeconds).toEqual({ db3: 0 });
  const onDonor = factsIn(await on('db2', `cat ${told}`));
  const onTarget = factsIn(await on('db3', `cat ${told}`));
  // What is done to the target has the donor's hook, too; the snapshot is no matter of the target's.
  expect(points(onDonor)).toEqual(points(onJump));
  expect(points(onTarget)).toEqual(
    [...stages, afterSuccess].filter((point) => !point.endsWith('snapshot')).map((point) => `${point} db3`),
  );
  expect(new Set(onDonor.map(({ hook }) => hook.on))).toEqual(new Set(['db2']));
  expect(new Set(onTarget.map(({ hook }) => hook.on))).toEqual(new Set(['db3']));
  await sameAsPrimary('db3');
  await nothingLeftOn('db2', 'db3');
}, 600_000);

describe('a hook that refuses', () => {
  test('before the stop ends the seed there: the server was never stopped, and after-failure reads why', async () => {
    await forgetTold();
    await programOn(
      'db3',
      '/usr/local/lib/reseed-test/refuse',
      '#!/bin/sh\necho "db3 still has clients" >&2\nexit 9\n',
    );
    const pid = await printedOn('db3', 'pgrep -x mysqld');
    const hooks = `hooks: { drain: { at: before-stop, run: [/usr/local/lib/reseed-test/refuse], on: target, refuses: true }, sorry: { at: ${afterFailure}, run: [${here}] } }`;
    const inventory = await inventoryWith('hooks-refuse', hosts, { db3: hooks });
    const id = await begun(...seed, '--inventory', inventory);
    const job = await ended(id);
    expect(job).toMatchObject({ state: 'failed', error: expect.stringContaining('db3 still has clients') });
    expect(stateOf(job, 'hold db3')).toBe('waiting');
    expect(await printedOn('db3', 'pgrep -x mysqld')).toBe(pid);
    const [facts, ...more] = factsIn(await readFile(toldHere, 'utf8'));
    expect(more).toEqual([]);
    expect(facts).toMatchObject({ hook: { at: afterFailure, for: ['db3'] }, aborted: false });
    expect(JSON.stringify([facts?.error, facts?.failed])).toContain('db3 still has clients');
    await nothingLeftOn('db2', 'db3');
  }, 400_000);

  test('and can not be run refuses the plan where it is a program of this machine, and the job before any change where it is one of the host', async () => {
    const path = await programHere('not-executable', 'exit 0', 0o644);
    const inventory = await inventoryWith('hooks-not-here', hosts, {
      db3: `hooks: { drain: { at: before-stop, run: [${path}], refuses: true } }`,
    });
    const refused = await inside(...seed, '--inventory', inventory);
    expect(refused.exitCode).toBe(3);
    expect(refused.stdout + refused.stderr).toContain(`the hook drain can't be run here: ${path}`);
    const file = await programOn('db3', '/usr/local/lib/reseed-test/not-executable', '#!/bin/sh\n', '644');
    const other = await inventoryWith('hooks-not-there', hosts, {
      db3: `hooks: { drain: { at: before-stop, run: [${file}], on: target, refuses: true } }`,
    });
    const id = await begun(...seed, '--inventory', other);
    const job = await ended(id);
    expect(job).toMatchObject({
      state: 'failed',
      error: expect.stringContaining("the hook drain can't be run on db3"),
    });
    expect(job.steps.filter(({ name, state }) => name.startsWith('snapshot') && state !== 'waiting')).toEqual([]);
    await nothingLeftOn('db2', 'db3');
  }, 400_000);
});

test('hooks that hang, print a gigabyte or can not be run end in time, and are warnings of a seed that is done', async () => {
  const flood = 'yes | head -c 1000000000; echo; echo the end; exit 3';
  const floods = await programHere('flood', flood);
  await programOn('db3', '/usr/local/lib/reseed-test/flood', `#!/bin/sh\n${flood}\n`);
  const idle = await programOn('db3', '/usr/local/lib/reseed-test/not-executable', '#!/bin/sh\n', '644');
  const hooks = [
    `hangs: { at: before-snapshot, run: [/bin/sleep, "54321"], deadline: 3 s }`,
    `hangs-there: { at: before-copy, run: [/bin/sleep, "54322"], on: target, deadline: 3 s }`,
    `floods: { at: before-copy, run: [${floods}], deadline: 3 min }`,
    `floods-there: { at: after-copy, run: [/usr/local/lib/reseed-test/flood], on: target, deadline: 3 min }`,
    `idle: { at: before-swap, run: [${idle}], on: target }`,
  ];
  const inventory = await inventoryWith('hooks-trouble', hosts, { defaults: `hooks: { ${hooks.join(', ')} }` });
  const id = await begun(...seed, '--inventory', inventory);
  await done('job', 'attach', id);
  const job = await shown(id);
  expect(job).toMatchObject({ state: 'done' });
  const warnings = job.steps.flatMap(({ progress }) => (progress?.text?.startsWith('! ') ? [progress.text] : []));
  process.stderr.write(`${warnings.join('\n')}\n`);
  for (const pattern of [
    /hook hangs did not end within 3 s, and was ended/,
    /hook hangs-there .*did not end within 3 s on db3, and was ended/,
    /hook floods ended with 3: the end/,
    /hook floods-there .*ended with 3 on db3: the end/,
    /hook idle can't be run on db3/,
  ]) {
    expect(warnings.filter((text) => pattern.test(text)).length, String(pattern)).toBeGreaterThan(0);
  }
  expect((await runs('pgrep', ['-fx', '/bin/sleep 54321'])).exitCode).toBe(1);
  expect((await onHost('db3', "pgrep -fx '/bin/sleep 54322'")).exitCode).toBe(1);
  const log = await done('job', 'log', id);
  expect(log.length).toBeLessThan(2_000_000);
  expect(log).toContain('more was printed, and is left out');
  await nothingLeftOn('db2', 'db3');
}, 900_000);

test('a runner that dies in a hook: the one of the jump host is not run again and that is said, the one of the host goes on and is waited for', async () => {
  const count = '/var/tmp/hook-count';
  await on('db3', `rm -f ${count} ${count}-go`);
  const counts = await programOn(
    'db3',
    '/usr/local/lib/reseed-test/count',
    `#!/bin/sh\necho begun >>${count}\nuntil [ -e ${count}-go ]; do sleep 0.2; done\necho over >>${count}\n`,
  );
  const hooks = [
    `here: { at: before-snapshot, run: [/bin/sleep, "54323"], deadline: 10 min }`,
    `there: { at: before-stop, run: [${counts}], on: target, refuses: true, deadline: 10 min }`,
  ];
  const inventory = await inventoryWith('hooks-dies', hosts, { defaults: `hooks: { ${hooks.join(', ')} }` });
  const id = await begun(...seed, '--inventory', inventory);
  await inHook(id, 'here');
  await until(
    () => runs('pgrep', ['-fx', '/bin/sleep 54323']),
    ({ exitCode }) => exitCode === 0,
  );
  await operator(testState).killRunner(id);
  await done('job', 'resume', id, '--json');
  await inHook(id, 'there');
  await until(
    () => printedOn('db3', `cat ${count} 2>/dev/null || true`),
    (text) => text === 'begun',
  );
  expect((await runs('pgrep', ['-fx', '/bin/sleep 54323'])).exitCode).toBe(1);
  await operator(testState).killRunner(id);
  expect(await shown(id)).toMatchObject({ abandoned: true });
  await on('db3', `touch ${count}-go`);
  await done('job', 'resume', id);
  const job = await shown(id);
  expect(job).toMatchObject({ state: 'done' });
  const text = job.steps.find(({ name }) => name.startsWith('hook here '))?.progress?.text;
  expect(text).toContain('the hook here was begun by a runner that died, and is not run again');
  expect(await printedOn('db3', `cat ${count}`)).toBe('begun\nover');
  await nothingLeftOn('db2', 'db3');
}, 900_000);
