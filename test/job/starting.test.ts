// A runner that starts slowly on a busy machine is never reported as died; one that was killed is reported at once.

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { ownProcess, processOf, processState } from '../../src/job/lease/process-id.ts';
import { addJob } from './adding.ts';

let folder: string;
let hold: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-starting-'));
  hold = join(folder, 'hold');
});
afterEach(() => rm(folder, { recursive: true }));

/** A process of `job run` prints that it was started, and waits while the file `hold` exists. */
const slowStart = (hold: string) => `
const { existsSync, writeFileSync } = require('node:fs');
if (process.argv.includes('run')) {
  writeFileSync(${JSON.stringify(hold)} + '.pid', String(process.pid));
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(${JSON.stringify(hold)})) Atomics.wait(sleep, 0, 0, 20);
}`;

const reseed = (...words: string[]) =>
  execa(process.execPath, ['bin/reseed.js', ...words], {
    reject: false,
    env: { XDG_STATE_HOME: folder, NODE_OPTIONS: `--require ${join(folder, 'slow.cjs')}` },
  });

async function resumedWhileItsRunnerIsSlow() {
  await writeFile(join(folder, 'slow.cjs'), slowStart(hold));
  await writeFile(hold, '');
  onTestFinished(() => rm(hold, { force: true }));
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  if (!journal) throw new Error('no journal');
  const plan = { kind: 'seed', title: 'nothing to do', hosts: [], steps: [], destroys: [] };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  journal.setJob(id, 'running');
  journal.close();
  expect((await reseed('jobs')).stdout).toMatch(/^1 +! runner died /m);
  const resume = reseed('job', 'resume', '1');
  await vi.waitFor(() => expect(existsSync(`${hold}.pid`)).toBe(true), { timeout: 60_000 });
  const pid = Number(await readFile(`${hold}.pid`, 'utf8'));
  // The starter has recorded which process it is.
  await vi.waitFor(async () => expect(await pidOfRunner()).toBe(pid), { timeout: 60_000, interval: 200 });
  return { resume, pid };
}

async function pidOfRunner(): Promise<unknown> {
  return JSON.parse((await reseed('jobs', '--json')).stdout).jobs[0].runner.pid;
}

test('a runner that starts slowly has not died, whichever reseed is asked; the job runs when it has started', async () => {
  const { resume } = await resumedWhileItsRunnerIsSlow();
  expect((await reseed('jobs')).stdout).toMatch(/^1 +▶ running /m);
  expect((await reseed('sudoers')).stderr).not.toContain('died');
  const second = await reseed('job', 'resume', '1');
  expect([second.exitCode, second.stderr]).toEqual([3, 'reseed: job 1 runs; reseed job attach 1 watches it']);
  await rm(hold);
  const { exitCode, stdout, stderr } = await resume;
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain('done: nothing to do');
});

test('a runner that was killed while it started is said to have died, with what to do', async () => {
  const { resume, pid } = await resumedWhileItsRunnerIsSlow();
  process.kill(pid, 'SIGKILL');
  const { exitCode, stderr } = await resume;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^reseed: job 1: runner died \(last heard of \d\d:\d\d:\d\d UTC\)\. Resume: reseed job resume 1\. Abort: reseed job abort 1$/,
  );
  expect((await reseed('jobs')).stdout).toMatch(/^1 +! runner died /m);
});

test('a process is not mistaken for another that has its pid later, or had it before the last boot', async () => {
  const own = ownProcess();
  if (!own) throw new Error('this system has no /proc');
  expect(processState(own)).toBe('running');
  expect(processState({ ...own, startTicks: '1' })).toBe('ended');
  expect(processState({ ...own, place: own.place.replace(/^\S+/, 'another-boot') })).toBe('ended');
  expect(processState({ ...own, place: own.place.replace(/\S+$/, 'pid:[1]') })).toBe('unknown');
  const child = execa('sleep', ['1000'], { reject: false });
  const id = processOf(child.pid ?? 0);
  if (!id) throw new Error('the child is not there');
  expect(processState(id)).toBe('running');
  child.kill('SIGKILL');
  await child;
  expect(processState(id)).toBe('ended');
});
