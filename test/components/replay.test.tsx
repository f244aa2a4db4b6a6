// A replay as an operator sees it: the console's own screens, with the recording's time, and nothing that can be done.
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bindKeys, commandsInReplay, hasKeysOn, screenNames } from '../../src/commands/list.ts';
import { play } from '../../src/operations/recording/play.ts';
import { showing, withLook } from '../../src/operations/recording/shown.ts';
import { showUtc } from '../../src/text/times.ts';
import { beganMs, emptyFolder, opened, RecordedConsole } from '../operations/recording/recording.ts';
import { openConsole, recorded } from './console.tsx';
import { recordedJobs, seedInCopy } from './jobs.ts';

const calm = recorded('calm');
const trouble = recorded('trouble');

async function replayed(columns = 120, rows = 40) {
  const console = await new RecordedConsole(join(await emptyFolder(), 'night')).start();
  await console.later(60, ({ fleet }) =>
    fleet.setState(({ hosts }) => ({
      hosts: hosts.map((one) =>
        one.host.name === 'db2'
          ? { ...one, alerts: [{ kind: 'down', level: 'critical', text: 'mysqld is down', sinceMs: beganMs + 50_000 }] }
          : one,
      ),
    })),
  );
  await console.later(600, ({ jobs }) => jobs.setState({ jobs: recordedJobs().views }));
  await console.stop();
  const recording = await opened(console.path);
  const replay = play({ recording: { ...recording, close: () => undefined }, onEnd: () => undefined });
  onTestFinished(() => replay.stop());
  showUtc();
  bindKeys(new Map(), commandsInReplay);
  onTestFinished(() => {
    showUtc(false);
    bindKeys(new Map());
  });
  replay.toggle();
  const picture = replay.stores.fleet.getState();
  return { replay, console: openConsole({ picture, nowMs: 0, readOnly: true, replay, columns, rows }) };
}

test.each([
  ['fleet', '', 'db6'],
  ['a host', '0j\r', '▸error log'],
  ['snapshots', 'S', /^ snapshots /m],
  ['jobs', 'J', /^ jobs /m],
  ['a job', 'J\r', 'marked'],
])('%s looks in a replay as it did', async (_, keys, until) => {
  for (const { picture, recordedAtMs } of [calm, trouble]) {
    const jobs = [seedInCopy({}), ...recordedJobs().views];
    const live = { fleet: picture, jobs: { jobs }, others: { jobs: [] }, schedules: { views: [] } };
    const { fleet, jobs: shown } = JSON.parse(JSON.stringify(showing()(live)));
    const screens = [
      openConsole({ picture, nowMs: recordedAtMs, jobs, readOnly: true }),
      openConsole({
        picture: { ...fleet, hosts: fleet.hosts.map(withLook) },
        nowMs: recordedAtMs,
        jobs: shown.jobs,
        readOnly: true,
      }),
    ];
    const texts = [];
    for (const console of screens) {
      await console.shows('db6');
      console.press(keys);
      texts.push(await console.shows(until));
    }
    expect(texts[1]).toBe(texts[0]);
  }
});

test.each([
  [80, 24],
  [120, 40],
])(
  'at %i x %i the header tells that it is a replay and of which time, and the line above the keys where it is',
  async (columns, rows) => {
    const { console } = await replayed(columns, rows);
    const screen = await console.shows('db6');
    const [head = ''] = screen.split('\n');
    expect(head).toContain(' REPLAY ');
    expect(head).toContain('02:00:00');
    if (columns === 120) expect(head).toContain('2026-11-29 02:00:00 UTC');
    expect(console.lines().at(-2)).toContain('paused  00:00 of 10:00');
    expect(console.lines().at(-1)).toContain('space pause');
    expect(console.lines().at(-1)).not.toContain('snapshot ');
    expect(Math.max(...console.lines().map((line) => line.length))).toBeLessThanOrEqual(columns);
  },
);

test('keys jump to an alert, ten seconds on and back, to the ends, to a typed time, and each age is of that time', async () => {
  const { console } = await replayed();
  await console.shows('db6');
  console.press('>');
  await console.shows('02:01:00 db2: mysqld is down');
  await console.shows(/db2 .*mysqld is down 10 s/);
  console.press(']');
  await console.shows('02:01:10 UTC');
  await console.shows(/db2 .*mysqld is down 20 s/);
  console.press('>');
  await console.shows('the recording has no alert after this');
  console.press('}');
  await console.shows('at the end  10:00 of 10:00');
  console.press('{');
  await console.shows('paused  00:00 of 10:00');
  console.press('@2:05\r');
  await console.shows('02:05:00 UTC');
  console.press('@9:05\r');
  await console.shows('the recording has no 9:05');
  console.press('++ ');
  await console.shows('▶ x4');
});

test('no command that changes anything or asks a host is done in a replay, by key or palette', async () => {
  const { console } = await replayed();
  await console.shows('db6');
  for (const key of ['s', 'D', 'A', '\x12']) {
    console.press(key);
    await console.shows('this is a replay: no host is asked, and nothing is changed');
    console.press('j');
  }
  console.press(':mysql stop\r');
  await console.shows('D: this is a replay');
  expect([console.jobs.launched, console.marked, console.refreshed(), console.screens.getState().overlay]).toEqual([
    [],
    [],
    0,
    undefined,
  ]);
});

test('in a replay too a key means one command on each screen', () => {
  for (const screen of screenNames) {
    const keys = commandsInReplay
      .filter((command) => hasKeysOn(command, screen))
      .flatMap((command) => command.keys as readonly string[]);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  }
});

test('while the console is recorded its header says so, and its keys are as always', async () => {
  const console = openConsole({ picture: calm.picture, nowMs: calm.recordedAtMs, isRecorded: true });
  expect((await console.shows('db6')).split('\n')[0]).toContain('REC READ-WRITE');
  console.press('@');
  await console.shows('@ does nothing here');
});

test('a replay draws at least once in its own second, however slow its machine is', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { replay, console } = await replayed();
  await console.shows('02:00:00');
  replay.toggle();
  vi.advanceTimersByTime(3000);
  await console.shows('02:00:03');
});
