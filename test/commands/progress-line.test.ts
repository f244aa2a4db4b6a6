// The line below a job's log on a terminal.
import { expect, test } from 'vitest';
import { progressLine } from '../../src/commands/jobs/job/progress-line.ts';
import type { StepProgress } from '../../src/job/journal/record.ts';

const gib = 1024 ** 3;
const line = (progress: StepProgress, doneBytes: readonly number[] = []) =>
  progressLine(
    { steps: [{ name: 'copy', state: 'running', progress }] },
    doneBytes.map((bytes, second) => ({ atMs: second * 1000, doneBytes: bytes })),
  );
const copy = { text: '54G of 100G', doneBytes: 54 * gib, totalBytes: 100 * gib };

test('says how far, how fast, how long, of each stream too, and how full the snapshot is', () => {
  const told = { ...copy, streams: [gib / 2, null], beside: 'snapshot space 12 % (full in 3 h)' };
  expect(line(told, [53 * gib, 54 * gib])).toBe(
    '54 %, 54G of 100G, 1.0G/s, 46 s to go (512M/s + ?/s); snapshot space 12 % (full in 3 h)',
  );
});

test('unknown values are not made up, and a stall has no remaining time', () => {
  expect(line(copy)).toBe('54 %, 54G of 100G');
  const still = { ...copy, text: 'nothing has moved for 14 s; db6 is given up after 120 s', stalledMs: 14_000 };
  const samples = [50, 54, 54, 54, 54, 54, 54].map((done) => done * gib);
  expect(line(still, samples)).toBe(
    '54 %, 54G of 100G, stalled; nothing has moved for 14 s; db6 is given up after 120 s',
  );
});

test('a copy without a new report, whose runner ended or just began, is not called stalled', () => {
  const samples = [54, 54, 54, 54, 54, 54, 54].map((done) => done * gib);
  expect(line(copy, samples)).toBe('54 %, 54G of 100G');
});

test('says which try it is, and why the one before failed', () => {
  const told = { text: 'the channels are opened again', try: { number: 2, of: 3 }, lastError: 'db6: no route to host' };
  expect(line(told)).toBe('the channels are opened again; try 2 of 3; last error: db6: no route to host');
});

test('of a step that counts nothing it says what that says, and of none nothing', () => {
  expect(line({ text: '12 s behind' })).toBe('12 s behind');
  expect(progressLine({ steps: [{ name: 'copy', state: 'waiting' }] }, [])).toBe('');
});
