// Real runners that tell receivers, and ticks that tell for those that were killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import { type Holder, holderHere } from '../../src/job/lease/lease.ts';
import { type HttpReceiver, httpReceiver, status } from '../notify/receiver.ts';
import { addJob } from './adding.ts';

let folder: string;
let journal: Journal;
let hangs: HttpReceiver;
let takes: HttpReceiver;

const inventory = () => join(folder, 'hosts.yaml');
const env = () => ({ XDG_STATE_HOME: folder, RESEED_INVENTORY: inventory() });
const reseed = (...words: string[]) =>
  execa(process.execPath, ['bin/reseed.js', ...words], { reject: false, env: env() });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-telling-'));
  hangs = await httpReceiver(() => undefined);
  takes = await httpReceiver(status(200));
  const opened = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  if (!opened) throw new Error('no journal');
  journal = opened;
  await writeFile(join(folder, 'hangs.url'), hangs.url, { mode: 0o600 });
  await writeFile(join(folder, 'takes.url'), takes.url, { mode: 0o600 });
  await writeFile(
    inventory(),
    `hosts: { db1: {} }
notify:
  hangs: { to: slack, urlFile: ${folder}/hangs.url, on: [begun, done] }
  takes: { to: webhook, urlFile: ${folder}/takes.url, on: [begun, done] }
`,
  );
});
afterEach(async () => {
  journal.close();
  await hangs.close();
  await takes.close();
  await rm(folder, { recursive: true });
});

const receiver = (name: string, to: 'slack' | 'webhook') => ({
  name,
  on: ['begun', 'done', 'needs-person'],
  againMs: 1000,
  way: { to, url: { file: join(folder, `${name}.url`) } },
});
/** `holder`: as `launch` records it, which is the runner until its process has the lease. */
const added = (holder?: Holder) =>
  addJob(journal, {
    ...(holder && { holder }),
    key: 'cafe',
    plan: { kind: 'snapshot', title: 'snapshot of db1', hosts: ['db1'], steps: [], destroys: [] },
    targets: [],
    who: { account: 'ops', jumpHost: 'jump1' },
    receivers: [receiver('hangs', 'slack'), receiver('takes', 'webhook')],
  });
const titles = () => takes.got.map(({ body }) => JSON.parse(body).title);

test('a receiver that never answers delays no job; what a killed runner did not send, the next tick sends, once', async () => {
  const holder = holderHere();
  const { id } = added(holder);
  const startMs = Date.now();
  const runner = spawn(process.execPath, ['bin/reseed.js', 'job', 'run', String(id), holder.key], {
    env: { ...process.env, ...env() },
    stdio: 'ignore',
  });
  await vi.waitFor(() => expect(journal.job(id)?.state).toBe('done'), { timeout: 60_000, interval: 20 });
  runner.kill('SIGKILL');
  await once(runner, 'exit');
  // Less than its deadline of 10 s, on a machine that is busy.
  const [job] = journal.jobsOf([id]);
  expect((job?.endedMs ?? 0) - (job?.startedMs ?? 0)).toBeLessThan(9000);
  // What that runner had begun to send is another's after a minute.
  const claims = journal.telling.newest(9).filter(({ nextMs }) => nextMs > startMs + 30_000);
  for (const { id: delivery } of claims) journal.telling.end(delivery, { error: 'killed', nextMs: 0 }, Date.now());
  const ticks = await Promise.all([reseed('schedule', 'tick'), reseed('schedule', 'tick')]);
  expect(ticks.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(titles()).toContain('✔ done: job 1, snapshot of db1');
  expect(new Set(takes.got.map(({ id: message }) => message)).size).toBe(2);
  expect(titles().filter((title) => title.startsWith('✔'))).toHaveLength(1);
  const told = await reseed('jobs');
  expect(told.stdout).toContain('snapshot of db1');
  const list = await reseed('notify', 'list');
  expect(list.stdout).toContain('✖ notify hangs failed: no answer within 10 s');
  expect(`${list.stdout}${told.stdout}`).not.toContain('sEcReT');
});

test('a job whose runner died is told by a tick, once', async () => {
  const { id } = added();
  journal.setJob(id, 'running');
  await rm(join(folder, 'hangs.url'));
  for (let count = 0; count < 2; count += 1) await reseed('schedule', 'tick');
  expect(titles()).toEqual(['▶ running: job 1, snapshot of db1', '! runner died: job 1, snapshot of db1']);
  expect(JSON.parse(takes.got[1]?.body ?? '')).toMatchObject({ events: ['needs-person'], hosts: ['db1'] });
});

test('reseed notify test sends a message to each receiver, and ends with 1 where one does not take it', async () => {
  await rm(join(folder, 'hangs.url'));
  const both = await reseed('notify', 'test');
  expect(both.exitCode).toBe(1);
  expect(both.stdout).toContain(`✖ hangs: ${folder}/hangs.url does not exist`);
  expect(both.stdout).toContain('✔ takes took it');
  const one = await reseed('notify', 'test', 'takes', '--json');
  expect(one.exitCode).toBe(0);
  expect(JSON.parse(one.stdout)).toMatchObject({ kind: 'notify-test', receivers: [{ name: 'takes' }] });
  expect((await reseed('notify', 'test', 'take')).exitCode).toBe(2);
  expect(titles()).toEqual(['this is a test of reseed', 'this is a test of reseed']);
});
