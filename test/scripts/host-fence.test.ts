// A job that another jump host takes up, by the scripts themselves, with folders of the test in place of /run/reseed and /var/lib/reseed.
import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFence } from '../../src/job/fence-step.ts';
import { refusal } from '../../src/job/plan/refusal.ts';
import { breakLock, findLock } from '../../src/operations/jobs/locks/unlock.ts';
import type { Remote } from '../../src/remote/remote.ts';
import {
  byCleaning,
  fenceWord,
  forbidWords,
  knowsFence,
  lookFenceWords,
  takeFenceWords,
} from '../../src/scripts/host-fence-words.ts';
import { endLockWords, takeLockWords } from '../../src/scripts/host-lock-words.ts';
import { type ScriptName, scriptText } from '../../src/scripts/script.ts';
import { serviceWords } from '../../src/scripts/service-words.ts';
import { exited, printed } from '../job/step-tools.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-fence-'));
  for (const folder of ['run', 'data']) await mkdir(join(base, folder));
});
afterEach(() => rm(base, { recursive: true }));

async function says(name: ScriptName, args: readonly string[]) {
  const text = await scriptText(name);
  const script = text.replaceAll('/run/reseed', join(base, 'run')).replaceAll('/var/lib/reseed', join(base, 'notes'));
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', script, `${name}.sh`, ...args], { reject: false });
  return { exitCode, stdout, stderr };
}
const who = 'anna@jump1';
const locked = (job = 'cafe', mostMs = 30_000) =>
  says('host-lock', [fenceWord(job, mostMs), ...takeLockWords({ job, who: 'bob@jump2', datadir: join(base, 'data') })]);
const released = (job = 'cafe') =>
  says('host-lock', [fenceWord(job, 30_000), ...endLockWords('release', { job, datadir: join(base, 'data') })]);
const taken = (by = 'one', job = 'cafe') => says('host-fence', takeFenceWords({ job, by, who }));
const look = async (job = 'cafe') => readFence((await says('host-fence', lookFenceWords(job))).stdout);

/** As if its last command was over some minutes ago. */
async function grownOld(seconds = uptime() - 600): Promise<void> {
  for (const name of await readdir(join(base, 'run'))) await utimes(join(base, 'run', name), seconds, seconds);
}

test('each further command of a job that was taken up is refused, with who has it: it can undo nothing either', async () => {
  expect(await locked()).toMatchObject({ exitCode: 0 });
  await grownOld();
  expect(await look()).toMatchObject({ locks: [{ who: expect.stringMatching(/^bob@jump2, since 20/) }], units: [] });
  expect(await taken()).toMatchObject({ exitCode: 0 });
  for (const answer of [await released(), await locked()]) {
    expect(answer).toMatchObject({
      exitCode: 91,
      stderr: expect.stringMatching(/^its job was taken up by anna@jump1, since 20.*does nothing more on this host$/),
    });
  }
  expect(await look()).toMatchObject({ taken: { by: 'one' }, locks: [{ who: expect.stringMatching(/^bob@jump2/) }] });
  // Another job has nothing to do with it.
  expect(await says('host-lock', endLockWords('break', { job: 'cafe', datadir: join(base, 'data') }))).toMatchObject({
    exitCode: 0,
  });
  expect(await locked('beef')).toMatchObject({ exitCode: 0 });
  expect(await released('beef')).toMatchObject({ exitCode: 0 });
});

test('a job can not be taken up while a command of it may run, however long that may take', async () => {
  await locked();
  expect(await taken()).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/may run here for \d+ s more/) });
  await locked('cafe', 3_600_000);
  const [lock] = (await look()).locks;
  expect(lock?.seconds).toBeGreaterThan(3500);
  expect(await taken()).toMatchObject({ exitCode: 3 });
  expect((await look()).taken).toBeUndefined();
  // A later command is over sooner.
  await locked('cafe', 30_000);
  expect((await look()).locks[0]?.seconds).toBeLessThan(100);
});

test('a job that an older reseed has begun is not taken up: its commands look for nothing that would stop them', async () => {
  await locked();
  await grownOld(Date.now() / 1000 - 3600);
  expect((await look()).locks[0]?.seconds).toBe(Number.POSITIVE_INFINITY);
  expect(await taken()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('of an older reseed') });
});

test('a runner that wakes up after a cleaning took its lock does nothing more there, and another jump host may take its job up', async () => {
  const forbidden = () => says('host-fence', forbidWords({ job: 'cafe', who: `${who} (reseed clean)` }));
  // Its lock is fresh: no one knows by that whether it is lost.
  await locked();
  expect(await forbidden()).toMatchObject({ exitCode: 0 });
  await says('host-lock', endLockWords('break', { job: 'cafe', datadir: join(base, 'data') }));
  expect(await locked()).toMatchObject({
    exitCode: 92,
    stderr: expect.stringMatching(
      /^further commands of the job are refused on this host by anna@jump1 \(reseed clean\), since 20/,
    ),
  });
  expect((await look()).taken?.by).toBe(byCleaning);
  expect(await taken('one')).toMatchObject({ exitCode: 0 });
  expect(await forbidden()).toMatchObject({ exitCode: 0 });
  expect((await look()).taken?.by).toBe('one');
  expect(await taken('two')).toMatchObject({ exitCode: 3 });
  expect(await locked()).toMatchObject({ exitCode: 91 });
});

test('a runner that wakes up after an unlock does nothing more there: it stopped the server that the next job had just made', async () => {
  const datadir = join(base, 'data');
  const stake = { open: new Map(), needed: new Map(), heldBy: () => refusal('', '') };
  const remote = {
    exec: async (script: string, args: readonly string[]) => {
      const text = script
        .replaceAll('/run/reseed', join(base, 'run'))
        .replaceAll('/var/lib/reseed', join(base, 'notes'));
      const { exitCode = 0, stdout, stderr } = await execa('sh', ['-c', text, 'x', ...args], { reject: false });
      return exitCode === 0 ? printed(stdout) : exited(exitCode, stderr);
    },
  } as unknown as Remote;
  const by = { account: 'anna', jumpHost: 'jump1' };
  await locked();
  const found = await findLock(remote, { name: 'db3', datadir }, stake);
  if (!found.ok || !found.value) throw new Error('no lock');
  expect(await breakLock(remote, found.value, by, stake)).toEqual({ ok: true, value: {} });
  expect(await locked('beef')).toMatchObject({ exitCode: 0 });
  const stopped = await says('service', [fenceWord('cafe', 1000), ...serviceWords('stop', 'no-such-unit')]);
  expect(stopped).toMatchObject({
    exitCode: 92,
    stderr: expect.stringContaining('by anna@jump1 (reseed unlock), since'),
  });

  // Of this account, without a runner: its abort is to undo what it left.
  await released('beef');
  await locked('dead');
  const mine = await findLock(remote, { name: 'db3', datadir }, stake);
  if (!mine.ok || !mine.value) throw new Error('no lock');
  await breakLock(remote, mine.value, by, { needed: new Map([['dead', 7]]) });
  expect(await locked('dead')).toMatchObject({ exitCode: 0 });

  // Its disk is full: it is told, and the lock goes all the same.
  await rm(join(base, 'notes'), { recursive: true });
  await writeFile(join(base, 'notes'), '');
  expect(await breakLock(remote, mine.value, by, stake)).toEqual({
    ok: true,
    value: { unrefused: expect.stringContaining('notes') },
  });
  expect(await findLock(remote, { name: 'db3', datadir }, stake)).toEqual({ ok: true, value: undefined });
});

test('of several jump hosts that take a job up at once one wins, and may say it again', async () => {
  const answers = await Promise.all(['one', 'two', 'three', 'four', 'five', 'six'].map((by) => taken(by)));
  const winners = answers.filter(({ exitCode }) => exitCode === 0);
  expect(winners).toHaveLength(1);
  expect(
    answers.filter(({ exitCode, stderr }) => exitCode === 3 && /taken up by anna@jump1/.test(stderr)),
  ).toHaveLength(5);
  const { by = '' } = (await look()).taken ?? {};
  expect(await taken(by)).toMatchObject({ exitCode: 0 });
});

test('what is no key of a job is refused', async () => {
  expect(await taken('one', '../../etc/cron.d/x')).toMatchObject({ exitCode: 64 });
  expect(await readdir(base)).toEqual(expect.not.arrayContaining(['notes']));
});

test('the folder of jobs that were taken up is open to root alone: any account could hold its lock, and no job could be taken up', async () => {
  const modeOf = async () => (await stat(join(base, 'notes/fenced'))).mode & 0o777;
  const before = process.umask(0o022);
  try {
    await taken();
    expect(await modeOf()).toBe(0o700);
    // As an older build made it.
    await chmod(join(base, 'notes/fenced'), 0o755);
    await taken('one', 'beef');
    expect(await modeOf()).toBe(0o700);
  } finally {
    process.umask(before);
  }
});

test('a script of an older build is not told the word', async () => {
  const text = await scriptText('host-lock');
  expect(knowsFence(text)).toBe(true);
  expect(knowsFence(text.replace(/\n\s+fence=\*\/\*\)/, '\n  other)'))).toBe(false);
});
