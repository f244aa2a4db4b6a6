// One journal that two machines use: a job that runs on one is never taken for abandoned by the other. The second
// machine has process and mount namespaces, a host name, a machine id and a boot id of its own.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { addJob } from './adding.ts';
import { unitPlan } from './works.ts';

let state: string;
let journal: Journal;
let word: string;
let runner: ReturnType<typeof started> | undefined;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'reseed-machines-'));
  word = `test-${randomBytes(4).toString('hex')}`;
  await mkdir(join(state, 'reseed/jobs'), { recursive: true });
  await mkdir(join(state, 'jobs-there'));
  await writeFile(join(state, 'boot_id'), '11111111-2222-3333-4444-555555555555\n');
  await writeFile(join(state, 'machine-id'), `${randomBytes(16).toString('hex')}\n`);
  await writeFile(join(state, 'hosts.yaml'), 'hosts: { db1: }\n');
  const opened = openJournal(home().journal, Date.now);
  if (!opened) throw new Error('no journal');
  journal = opened;
});
afterEach(async () => {
  runner?.kill('SIGKILL');
  await runner;
  runner = undefined;
  journal.close();
  await rm(state, { recursive: true });
  await rm(`/run/reseed/${word}`, { recursive: true, force: true });
});

const home = () => jobHome({ XDG_STATE_HOME: state });
const add = () =>
  addJob(journal, {
    key: word,
    plan: unitPlan(word, 'waits'),
    targets: [{ name: 'here', host: 'localhost', transport: 'local', sudo: false }],
    who: { account: 'ops', jumpHost: 'jump2' },
  }).id;
const recorded = (id: number): JobRecord => {
  const job = journal.job(id);
  if (!job) throw new Error(`no job ${id}`);
  return job;
};
const reseed = (...words: string[]) =>
  execa(process.execPath, ['bin/reseed.js', ...words], {
    reject: false,
    env: { XDG_STATE_HOME: state, RESEED_INVENTORY: join(state, 'hosts.yaml') },
  });

/** What makes a process namespace another machine: other names, and locks that do not reach the first machine. */
const otherMachine = (folder: string) => `
hostname jump2
mount --bind ${folder}/boot_id /proc/sys/kernel/random/boot_id
[ ! -e /etc/machine-id ] || mount --bind ${folder}/machine-id /etc/machine-id
mount --bind ${folder}/jobs-there ${folder}/reseed/jobs`;

function started(setUp: string, id: number, aheadMs: number) {
  const node = `exec '${process.execPath}' --import tsx test/job/machine-runner.ts ${id} ${aheadMs}`;
  const words = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts', 'sh', '-ec', `${setUp}\n${node}`];
  return execa('unshare', words, { reject: false, env: { XDG_STATE_HOME: state } });
}

/**
 * Runs until it waits in the middle of the job. The process is inside an object: a promise of the process itself would
 * wait for its end.
 */
async function runs(id: number, { setUp, aheadMs = 0 }: { setUp: string; aheadMs?: number }) {
  const there = started(setUp, id, aheadMs);
  runner = there;
  await vi.waitFor(() => expect(recorded(id).steps[1]?.state).toBe('running'), { timeout: 60_000, interval: 100 });
  return { there };
}

/** As if its machine had been suspended for an hour: its last record is that old. */
function hourAgo(id: number): void {
  const database = new DatabaseSync(home().journal, { timeout: 30_000 });
  database.prepare('UPDATE lease SET renewed_ms = renewed_ms - 3600000 WHERE job = ?').run(id);
  database.close();
}

describe('a job that runs on another machine', () => {
  test('is not abandoned, though neither its process nor its lock can be seen here; an abort from here reaches it', async () => {
    const id = add();
    const { there } = await runs(id, { setUp: otherMachine(state) });
    expect(existsSync(home().alive(id))).toBe(false);
    expect((await reseed('jobs')).stdout).toMatch(/^1 +▶ running /m);
    const resume = await reseed('job', 'resume', '1');
    expect([resume.exitCode, resume.stderr]).toEqual([3, 'reseed: job 1 runs; reseed job attach 1 watches it']);
    expect((await reseed('sudoers')).stderr).not.toContain('job 1');
    expect((await reseed('job', 'abort', '1', '--yes')).exitCode).toBe(0);
    expect((await there).stdout).toBe('aborted');
  }, 120_000);

  test('and is suspended is not said to have died; it is taken by the word of the operator, and its runner wakes and does nothing more', async () => {
    const id = add();
    const { there } = await runs(id, { setUp: otherMachine(state) });
    const pid = await childOf(there.pid ?? 0);
    process.kill(pid, 'SIGSTOP');
    hourAgo(id);
    const notRenewed = /runner on jump2 has not renewed its lease since .* \S+ \(clock of jump2\), and may run or not/;
    expect((await reseed('jobs')).stdout).toMatch(/^1 +! not renewed /m);
    expect((await reseed('sudoers')).stderr).toMatch(notRenewed);
    for (const verb of ['resume', 'abort'] as const) {
      for (const words of [[], ['--take-from', 'jump3']]) {
        const refused = await reseed('job', verb, '1', ...words, ...(verb === 'abort' ? ['--yes'] : []));
        expect([refused.exitCode, refused.stdout.includes('died')]).toEqual([3, false]);
        expect(refused.stderr).toMatch(notRenewed);
        // The recorded abort leaves the other runner only one thing to do: to undo.
        const means =
          /does not run(: reseed job resume 1 --take-from jump2, or reseed job abort|, go on undoing it: reseed job resume) 1 --take-from jump2/;
        expect(refused.stderr).toMatch(means);
      }
    }
    const taken = await reseed('job', 'abort', '1', '--yes', '--take-from', 'jump2');
    expect([taken.exitCode, recorded(id).state]).toEqual([0, 'aborted']);
    expect(existsSync(`/run/reseed/${word}/held`)).toBe(false);
    const before = { job: recorded(id), commands: journal.commands(id) };
    process.kill(pid, 'SIGCONT');
    expect((await there).stdout).toMatch(/^LeaseLost: job 1 was taken up by another runner on /);
    expect({ job: recorded(id), commands: journal.commands(id) }).toEqual(before);
  }, 240_000);

  test('whose clock is an hour behind can not be taken: it is seen to renew its lease', async () => {
    const id = add();
    await runs(id, { setUp: otherMachine(state), aheadMs: -3_600_000 });
    const refused = await reseed('job', 'abort', '1', '--yes', '--take-from', 'jump2');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('job 1 runs: its lease was renewed just now, and the clock of jump2 differs');
    expect(recorded(id)).toMatchObject({ state: 'running', abortRequested: false });
  }, 120_000);
});

test('a job of another process namespace of this machine is abandoned as soon as its runner was killed: the kernel released its lock', async () => {
  const id = add();
  const { there } = await runs(id, { setUp: ':' });
  expect((await reseed('jobs')).stdout).toMatch(/^1 +▶ running /m);
  there.kill('SIGKILL');
  await there;
  await vi.waitFor(async () => expect((await reseed('jobs')).stdout).toMatch(/^1 +! runner died /m), 60_000);
}, 120_000);

async function childOf(pid: number): Promise<number> {
  return Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}
