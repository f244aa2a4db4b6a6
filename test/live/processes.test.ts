// Sessions that are asked again while a screen shows them.
import { expect, test } from 'vitest';
import type { ProcessAnswer } from '../../src/fleet/processes/ask.ts';
import { watchProcesses } from '../../src/fleet/processes/watch.ts';
import { readProcesses } from '../../src/host/server/processes.ts';
import { refused } from '../../src/remote/failure.ts';
import { recorded, told } from '../host/recordings.ts';

const list = told(readProcesses(recorded('mysql-9.7/processes').toString()));

/** Each question waits for its answer. */
function watched() {
  const questions: { readonly answer: (answer: ProcessAnswer) => void; readonly signal: AbortSignal }[] = [];
  const ask = (signal: AbortSignal) =>
    new Promise<ProcessAnswer>((answer) => {
      questions.push({ answer, signal });
    });
  let nowMs = 1000;
  const watch = watchProcesses({ ask, nowMs: () => nowMs, rest: 1 });
  return { questions, watch, later: (ms: number) => (nowMs += ms) };
}

test('a host is asked again only when it has answered', async () => {
  const { questions, watch, later } = watched();
  expect(questions).toHaveLength(1);
  questions[0]?.answer({ ok: true, list });
  await expect.poll(() => watch.view.getState()).toEqual({ list, atMs: 1000 });
  await expect.poll(() => questions.length).toBe(2);
  later(500);
  questions[1]?.answer({ ok: true, list });
  await expect.poll(() => watch.view.getState().atMs).toBe(1500);
  expect(questions.length).toBeLessThanOrEqual(3);
});

test('a question without an answer keeps the last one with its time, and says why; the next answer takes that away', async () => {
  const { questions, watch } = watched();
  questions[0]?.answer({ ok: true, list });
  await expect.poll(() => questions.length).toBe(2);
  const trouble = refused('its server told no sessions: ERROR 2002', '');
  questions[1]?.answer({ ok: false, trouble });
  await expect.poll(() => watch.view.getState()).toEqual({ list, atMs: 1000, failure: trouble });
  await expect.poll(() => questions.length).toBe(3);
  questions[2]?.answer({ ok: true, list });
  await expect.poll(() => watch.view.getState().failure).toBeUndefined();
});

test('once it is closed the question on its way is ended, and none follows', async () => {
  const { questions, watch } = watched();
  const closed = watch.close();
  expect(questions[0]?.signal.aborted).toBe(true);
  questions[0]?.answer({ ok: true, list });
  await closed;
  expect(watch.view.getState()).toEqual({});
  expect(questions).toHaveLength(1);
});
