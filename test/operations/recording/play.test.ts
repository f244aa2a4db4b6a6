import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { play } from '../../../src/operations/recording/play.ts';
import { timeAsked } from '../../../src/operations/recording/time-asked.ts';
import { showUtc } from '../../../src/text/times.ts';
import { beganMs, emptyFolder, opened, RecordedConsole } from './recording.ts';

const at = (seconds: number) => beganMs + seconds * 1000;

/** db2 is down after 30 s, for 60 s; nothing more happens until 10 min. */
async function night() {
  const console = await new RecordedConsole(join(await emptyFolder(), 'night')).start();
  const alerts = (down: boolean) => () =>
    console.stores.fleet.setState(({ hosts }) => ({
      hosts: hosts.map((one) =>
        one.host.name === 'db2'
          ? { ...one, alerts: down ? [{ kind: 'down', level: 'critical', text: 'mysqld is down' }] : [] }
          : one,
      ),
    }));
  await console.later(30, alerts(true));
  await console.later(90, alerts(false));
  await console.later(600, ({ jobs }) => jobs.setState({ jobs: [], trouble: 'the disk is full' }));
  await console.stop();
  return await opened(console.path);
}

const recording = await night();
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function player() {
  const ends: string[] = [];
  const replay = play({ recording: { ...recording, close: () => undefined }, onEnd: () => void ends.push('end') });
  onTestFinished(() => replay.stop());
  const alerts = () =>
    replay.stores.fleet
      .getState()
      .hosts.find(({ host }) => host.name === 'db2')
      ?.alerts.map(({ text }) => text);
  return { replay, ends, alerts };
}

test('it plays by its own clock, and what happens comes at its time', () => {
  const { replay, alerts } = player();
  expect([replay.nowMs(), alerts()]).toEqual([at(0), []]);
  vi.advanceTimersByTime(29_000);
  expect([replay.nowMs(), alerts()]).toEqual([at(29), []]);
  vi.advanceTimersByTime(2_000);
  expect([replay.nowMs(), alerts()]).toEqual([at(31), ['mysqld is down']]);
});

test('held it stands still; faster it has more seconds in one; at its end it stops, says so, and plays again from the begin', () => {
  const { replay, alerts, ends } = player();
  replay.toggle();
  vi.advanceTimersByTime(100_000);
  expect(replay.nowMs()).toBe(at(0));
  replay.toggle();
  for (const _ of [1, 2, 3]) replay.faster();
  expect(replay.store.getState()).toMatchObject({ speed: 8, playing: true });
  vi.advanceTimersByTime(5_000);
  expect([replay.nowMs(), alerts()]).toEqual([at(40), ['mysqld is down']]);
  for (const _ of [1, 2, 3, 4, 5, 6]) replay.faster();
  expect(replay.store.getState().speed).toBe(300);
  vi.advanceTimersByTime(5_000);
  expect([replay.nowMs(), alerts(), ends]).toEqual([at(600), [], ['end']]);
  expect(replay.store.getState().playing).toBe(false);
  expect(replay.stores.jobs.getState().trouble).toBe('the disk is full');
  replay.toggle();
  expect([replay.nowMs(), replay.stores.jobs.getState().trouble]).toEqual([at(0), undefined]);
});

test('it jumps to what happened, on and back, and says when there is nothing more', () => {
  const { replay, alerts } = player();
  expect(replay.step('alert', 'next')).toEqual([{ atMs: at(30), kind: 'alert', text: 'db2: mysqld is down' }]);
  expect([replay.nowMs(), alerts()]).toEqual([at(30), ['mysqld is down']]);
  // It has played on a little since.
  vi.advanceTimersByTime(500);
  expect(replay.step('change', 'before')).toBeUndefined();
  expect(replay.step('change', 'next')?.map(({ text }) => text)).toEqual(['db2: over: mysqld is down']);
  expect(replay.step('alert', 'next')).toBeUndefined();
  vi.advanceTimersByTime(500);
  expect(replay.step('change', 'before')?.map(({ atMs }) => atMs)).toEqual([at(30)]);
  replay.goTo(at(10_000));
  expect(replay.nowMs()).toBe(at(600));
  replay.goTo(at(-5));
  expect([replay.nowMs(), alerts()]).toEqual([at(0), []]);
});

test('a host that did not change stays the same object, so that its row is not drawn again', () => {
  const { replay } = player();
  const before = replay.stores.fleet.getState().hosts;
  replay.goTo(at(40));
  const after = replay.stores.fleet.getState().hosts;
  expect(after.map((host, index) => host === before[index])).toEqual([true, false, true, true, true, true]);
});

test('a typed time is one of the recording, or is refused in words', () => {
  showUtc();
  onTestFinished(() => showUtc(false));
  const played = { beginMs: at(0), endMs: at(600), nowMs: at(60) };
  expect(timeAsked('2:05', played)).toBe(at(300));
  expect(timeAsked('02:00:30', played)).toBe(at(30));
  expect(timeAsked('+5min', played)).toBe(at(360));
  expect(timeAsked('-30', played)).toBe(at(30));
  expect(timeAsked('14:03', played)).toMatch(
    /^the recording has no 14:03: it is from .*02:00:00 UTC to .*02:10:00 UTC$/,
  );
  for (const text of ['25:00', 'soon', '+', '12', '2026-11-29'])
    expect(timeAsked(text, played)).toBe(`"${text}" is no time: write 14:03, 14:03:20, +5min or -30s`);
  // Of several days the next one.
  expect(timeAsked('2:01', { beginMs: at(0), endMs: at(200_000), nowMs: at(100) })).toBe(at(60 + 86_400));
});
