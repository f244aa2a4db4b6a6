// The lock of ticks, while another process has it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { holdFile } from '../../src/job/lease/alive.ts';
import { heldWithin } from '../../src/operations/schedules/tick-here.ts';

test('is waited for, and Ctrl-C is heard meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'tick');
  const first = holdFile(path, 0);
  const over = new AbortController();
  const ended = heldWithin(path, 3_600_000, over.signal);
  over.abort();
  expect(await ended).toBeUndefined();
  const second = heldWithin(path, 3_600_000, new AbortController().signal);
  first?.release();
  const held = await second;
  expect(held).toBeDefined();
  held?.release();
});
