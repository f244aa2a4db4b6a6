// Schedules whose state folder is on a disk that becomes full: a tmpfs of some MiB.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { openYard, type Yard } from '../remote/sshd.ts';
import { ownServer } from './own-server.ts';

let yard: Yard;
let state: string;
let inventory: string;
let ran: string;
let goOn: string;
let beats: number;
beforeEach(async () => {
  yard = await openYard();
  const sshd = await yard.startAlone();
  [state, inventory, ran, goOn] = ['state', 'hosts.yaml', 'ran', 'go-on'].map((name) => join(yard.folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  await mkdir(state);
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=4M,mode=0700', 'none', state]);
  const knownHosts = await yard.knownHosts([sshd.knownHost.ed25519]);
  beats = 0;
  const watcher = createServer((_, answer) => {
    beats++;
    answer.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void watcher.close());
  await once(watcher, 'listening');
  const beat = join(yard.folder, 'beat');
  await writeFile(beat, `http://127.0.0.1:${(watcher.address() as AddressInfo).port}/`, { mode: 0o600 });
  const wait = `echo ran >>"${ran}"; until [ -e "${goOn}" ]; do sleep 0.1; done`;
  const own = ownServer(yard.folder);
  await writeFile(
    inventory,
    `hosts:
  db1:
    ssh: { host: 127.0.0.1, port: ${sshd.port}, user: root, identity: ${yard.identity}, knownHosts: ${knownHosts} }
    mysql: { socket: ${own.socket} }
    commands: { datadir: [echo, ${own.datadir}], note: { run: [sh, -c, '${wait}'] } }
heartbeat: { urlFile: ${beat} }
schedules:
  notes: { cron: "* * * * *", do: command, command: note, hosts: db1 }
`,
  );
});
afterEach(async () => {
  await execa('umount', ['-l', state]);
  await yard.close();
});

const filler = () => join(state, 'filler');
/** Until nothing more fits. */
const fill = () => execa('dd', ['if=/dev/zero', `of=${filler()}`, 'bs=4k', 'conv=fsync'], { reject: false });
const empty = () => rm(filler());
const reseed = (...words: string[]) =>
  execa(process.execPath, ['bin/reseed.js', ...words], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: state, RESEED_INVENTORY: inventory },
  });
const tick = () => reseed('schedule', 'tick');
/** As if the last tick had been some minutes ago. */
function minutesPass(): void {
  const journal = openJournal(jobHome({ XDG_STATE_HOME: state }).journal, Date.now);
  if (!journal) throw new Error('no journal');
  journal.schedules.settle(
    inventory,
    [{ name: 'notes', checkedMs: Date.now() - 180_000, runs: [], passed: [] }],
    Date.now(),
  );
  journal.close();
}

interface Begun {
  readonly id: number;
  readonly state: string;
  readonly abandoned: boolean;
  readonly runner?: { readonly pid: number };
}
const begunJobs = async (): Promise<Begun[]> => JSON.parse((await reseed('jobs', '--json')).stdout).jobs;

test('a tick on a full disk begins nothing, says so and calls no heartbeat; the next one with room makes up for it once, and a job whose runner ended there is resumed', async () => {
  expect((await tick()).exitCode).toBe(0);
  expect(beats).toBe(1);
  minutesPass();
  await fill();
  const full = await tick();
  expect([full.exitCode, full.stdout, full.stderr]).toEqual([
    1,
    '',
    expect.stringMatching(/^reseed: the journal of jobs can't be used: .*: its disk is full$/),
  ]);
  expect(beats).toBe(1);
  await empty();
  expect((await tick()).stdout).toMatch(/^notes: job 1 on db1, \d times before were missed$/);
  expect(beats).toBe(2);
  await vi.waitFor(async () => expect(await readFile(ran, 'utf8')).toBe('ran\n'), { timeout: 150_000 });
  // On a full disk the journal can not be opened once its runner has ended.
  const [{ runner } = {}] = await begunJobs();
  await fill();
  await vi.waitFor(() => expect(existsSync(`/proc/${runner?.pid}`)).toBe(false), { timeout: 150_000 });
  await empty();
  expect((await begunJobs()).map(({ id, abandoned }) => [id, abandoned])).toEqual([[1, true]]);
  await writeFile(goOn, '');
  const resumed = await reseed('job', 'resume', '1');
  expect([resumed.exitCode, resumed.stderr]).toEqual([0, '']);
  expect((await begunJobs()).map(({ id, state }) => [id, state])).toEqual([[1, 'done']]);
  expect(await readFile(ran, 'utf8')).toBe('ran\n');
}, 400_000);
