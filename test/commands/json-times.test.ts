// The forms of times in a JSON answer.
import { expect, test, vi } from 'vitest';
import { printJson } from '../../src/commands/answer.ts';

test('jobs and snapshots tell their times as ISO 8601 in UTC beside the numbers, steps and commands too', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const createdMs = Date.UTC(2026, 10, 22, 23, 12, 46);
  const job = {
    id: 11,
    createdMs,
    lease: { renewedMs: createdMs + 1000 },
    steps: [
      { name: 'copy', startedMs: createdMs, endedMs: createdMs + 2000, spentMs: 30_000, progress: { stalledMs: 5 } },
    ],
  };
  printJson('jobs', { jobs: [job], snapshots: [{ createdSeconds: createdMs / 1000 }, { createdMs: Number.NaN }] });
  const said = JSON.parse(String(write.mock.calls[0]?.[0]));
  write.mockRestore();
  expect(said).toMatchObject({ kind: 'jobs', version: 1, jobs: [job] });
  expect(said.jobs[0]).toMatchObject({
    createdAt: '2026-11-22T23:12:46.000Z',
    lease: { renewedAt: '2026-11-22T23:12:47.000Z' },
    steps: [{ startedAt: '2026-11-22T23:12:46.000Z', endedAt: '2026-11-22T23:12:48.000Z' }],
  });
  expect(Object.keys(said.jobs[0].steps[0])).not.toContain('spentAt');
  expect(said.snapshots).toEqual([
    { createdAt: '2026-11-22T23:12:46.000Z', createdSeconds: createdMs / 1000 },
    { createdMs: null },
  ]);
});
