// How long a replica that does not answer is waited for: only time in which it was asked counts.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { catchUp } from '../../../src/seed/replica/steps/catch-up.ts';
import { attachSteps } from '../../../src/seed/replica/steps.ts';
import { printed, stepTools } from '../../job/step-tools.ts';
import { plan } from './attaching.ts';

const minuteMs = 60_000;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const command = { host: 'db2', script: 'service', args: [], deadlineMs: minuteMs } as const;

/** The server never answers; `inLook` runs while it is asked. */
async function silentFor(inLook: (look: number) => void) {
  let looks = 0;
  const { tools } = stepTools({
    commands: { look: command, source: command },
    input: attachSteps(plan).catchUp.input,
    answer: (key) => {
      if (key === 'look') looks++;
      inLook(looks);
      return printed('');
    },
  });
  const startMs = Date.now();
  const end = await catchUp.run(tools);
  return { end, looks, minutes: (Date.now() - startMs) / minuteMs };
}

test('a server that takes every question to its deadline is given up after ten minutes, and not after two hours', async () => {
  const { end, minutes } = await silentFor(() => vi.advanceTimersByTime(minuteMs));
  expect(end).toMatchObject({ ok: false, message: 'the server of db2 has not answered for 12 min' });
  expect(minutes).toBe(12);
});

test('a machine that sleeps, and a process that is not scheduled, wait for no server meanwhile', async () => {
  const now = performance.now.bind(performance);
  let standsMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + standsMs);
  const { looks } = await silentFor((look) => {
    if (look === 2) vi.setSystemTime(Date.now() + 60 * minuteMs);
    if (look === 3) standsMs += 60 * minuteMs;
    vi.advanceTimersByTime(minuteMs / 2);
  });
  expect(looks).toBe(11);
});
