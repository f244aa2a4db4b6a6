// A journal that is damaged by a full disk or an incomplete copy: every verb that needs it says so, and writes nothing
// to it.
import { readFileSync, truncateSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../src/job/journal/journal.ts';

const bin = join(import.meta.dirname, '../../bin/reseed.js');
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-damaged-'));
  path = join(folder, 'reseed', 'jobs.sqlite');
  const journal = openJournal(path, Date.now);
  const plan = { kind: 'seed', title: 'seed db2 \u2192 db3', steps: [], hosts: [], destroys: [] };
  const freezing = { frozen: { format: 1, build: '0.0.0', scripts: {} }, texts: new Map() };
  const job = { key: '9f3a4c21', freezing, targets: [], who: { account: 'ops', jumpHost: 'jump1' } };
  for (let n = 0; n < 40; n++) journal?.add({ ...job, plan: { ...plan, notes: 'x'.repeat(900) } } as never);
  journal?.close();
  await writeFile(join(folder, 'hosts.yaml'), 'hosts: { db2: }\n');
});
afterEach(() => rm(folder, { recursive: true }));

const reseed = (...words: string[]) =>
  execa(process.execPath, [bin, ...words], {
    reject: false,
    cwd: folder,
    env: { XDG_STATE_HOME: folder, RESEED_INVENTORY: join(folder, 'hosts.yaml') },
  });

/** The message about a journal of which that many bytes are left; nothing is written to it. */
async function saidWhenCut(cut: (bytes: number) => number, ...words: string[]): Promise<void> {
  truncateSync(path, cut(readFileSync(path).length));
  const before = readFileSync(path);
  const { exitCode, stdout, stderr } = await reseed(...words);
  expect(`${exitCode} ${stdout}${stderr}`).toMatch(
    /^1 reseed: the journal of jobs can't be used: .*jobs\.sqlite: .*; put back a copy of it, or move .* away: a new one is made/,
  );
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(readFileSync(path).equals(before)).toBe(true);
}
const inLastPage = (bytes: number) => bytes - 1000;

test.each([
  ['in the middle of a page further up', (bytes: number) => Math.floor(bytes / 2) + 1000],
  ['after a few bytes', () => 10],
  ['at the end of a page', (bytes: number) => bytes - 4096],
])('a journal that is cut %s is not used', (_, cut) => saidWhenCut(cut, 'jobs'), 60_000);

test.each([
  [['jobs']],
  [['job', 'show', '1']],
  [['job', 'attach', '1']],
  [['job', 'abort', '1', '--yes']],
  [['job', 'resume', '1']],
])(
  'a journal that is cut in the middle of its last page: reseed %j',
  (words) => saidWhenCut(inLastPage, ...words),
  60_000,
);

test('a folder that is called "cut off" does not make a journal that can not be opened a damaged one', async () => {
  const state = join(folder, 'cut off');
  await mkdir(join(state, 'reseed', 'jobs.sqlite'), { recursive: true, mode: 0o700 });
  const { exitCode, stderr } = await execa(process.execPath, [bin, 'jobs'], {
    reject: false,
    cwd: folder,
    env: { XDG_STATE_HOME: state, RESEED_INVENTORY: join(folder, 'hosts.yaml') },
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/the journal of jobs can't be used: .*cut off/);
  expect(stderr).not.toContain('put back a copy');
}, 60_000);
