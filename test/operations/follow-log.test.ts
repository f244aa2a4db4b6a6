// A job's log as the console shows it, on the log of a start that failed on the practice fleet.
import { appendFile, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followJobLog } from '../../src/operations/jobs/follow-log.ts';

const recorded = join(import.meta.dirname, '../fixtures/jobs/failed-start.log');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-job-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('each line has its time of day and its severity: the server its own, a failure an error', async () => {
  const follow = followJobLog(recorded);
  const { entries, state } = follow.view.getState();
  await follow.close();
  expect(state).toBe('following');
  expect(entries[0]?.text).toMatch(/^\d\d:\d\d:\d\d {10}begins: start db6$/);
  const saying = (text: string) => entries.find((entry) => entry.text.includes(text));
  expect(saying('[MY-012592]')?.severity).toBe('error');
  expect(saying('$ service.sh start mysql → 0')?.severity).toBeUndefined();
  expect(saying('failed: start db6')?.severity).toBe('error');
});

test('it is shown from the start on though it is not there yet, and whole lines as they come', async () => {
  const path = join(folder, '1.log');
  const follow = followJobLog(path);
  expect(follow.view.getState().entries).toEqual([]);
  await copyFile(recorded, path);
  await vi.waitFor(() => expect(follow.view.getState().entries.at(-2)?.text).toContain('failed: start db6'));
  await appendFile(path, '2026-11-22T23:10:33.000Z db6      $ host-lock.sh take x');
  await appendFile(path, ' → 3 (0.42 s)\n');
  await vi.waitFor(() => expect(follow.view.getState().entries.at(-1)?.text).toContain('take x → 3 (0.42 s)'));
  expect(follow.view.getState().entries.at(-1)?.severity).toBe('error');
  await follow.close();
});
