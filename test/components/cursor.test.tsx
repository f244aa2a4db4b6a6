// The cursor of every list: a key acts on the row that was read, or on none.
import { expect, test } from 'vitest';
import { type Console, openConsole, recorded } from './console.tsx';
import { changedJob, recordedJobs } from './jobs.ts';

const { picture, recordedAtMs: nowMs } = recorded('calm');
const { views } = recordedJobs();
const [newest, ...older] = views;
if (!newest) throw new Error('no job was recorded');
const newer = changedJob(newest, { id: 12 });

/** Presses a key that acts, and the answer it gets there. */
async function refused(console: Console, key: string, why: string): Promise<void> {
  console.press(key);
  await console.shows(why);
  expect([console.jobs.launched, console.jobs.asked, console.scheduled, console.copied]).toEqual([[], [], [], []]);
  expect(console.screens.getState()).toMatchObject({ overlay: undefined });
}

test('Fleet, the worst first: while hosts are still answering no row is under the cursor, and no key acts', async () => {
  const hosts = picture.hosts.map((one) => {
    const { answeredAtMs: _, ...rest } = one;
    return one.host.name === 'db3' ? { ...rest, link: { state: 'connecting', sinceMs: nowMs } as const } : one;
  });
  const console = openConsole({ picture: { ...picture, hosts }, nowMs, worstFirst: true });
  await console.shows('hosts are still answering');
  expect(console.underCursor()).toBeUndefined();
  for (const key of ['s', 'e', 'y']) await refused(console, key, `${key}: hosts are still answering`);
  // It is the operator's from the first move on, whatever order the rows get.
  console.press('j');
  await console.shows(/▸ db/);
  const read = console.underCursor();
  console.fleet.setState(recorded('trouble').picture, true);
  await console.shows('critical');
  expect(console.underCursor()).toBe(read);
});

test('Fleet: once all have answered the cursor is on the worst', async () => {
  const console = openConsole({ picture: recorded('trouble').picture, nowMs, worstFirst: true });
  await console.shows(/▸ db6/);
});

test('Jobs: a job that comes in above does not move the cursor; one that is gone leaves it on none', async () => {
  const console = openConsole({ picture, nowMs, jobs: views });
  await console.shows('▸ db1');
  console.press('J');
  await console.shows(/▸ +11 /);
  console.jobs.services.store.setState({ jobs: [newer, ...views] });
  await console.shows(/^ +12 /m);
  expect(console.screen()).toMatch(/▸ +11 /);
  console.jobs.services.store.setState({ jobs: [newer, ...older] });
  await console.shows('job 11 is no longer in the list');
  for (const key of ['a', 'r', 'y']) await refused(console, key, `${key}: job 11 is no longer in the list`);
  console.press('j');
  await console.shows(/▸ +10 /);
});

test('Schedules: one that is gone from the inventory is not run in the place of the one below it', async () => {
  const view = (name: string) =>
    ({
      schedule: { name, cron: '30 2 * * *', hosts: ['db1'], act: { do: 'snapshot' }, allow: {} },
      nextMs: nowMs,
      checkedMs: nowMs,
      runs: [],
    }) as const;
  const console = openConsole({ picture, nowMs, schedules: [view('early'), view('late')] });
  await console.shows('▸ db1');
  console.press('T');
  await console.shows(/▸ early/);
  const { views: known, ...others } = { ...console.schedules.getState() };
  console.schedules.setState({ ...others, views: known.slice(1) });
  await console.shows('early is no longer in the list');
  for (const key of ['b', 'd']) await refused(console, key, `${key}: early is no longer in the list`);
});

test('Fleet: a filter keeps the cursor on its host where it is shown, else puts it on the first that is', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  console.press('jj');
  await console.shows('▸ db3');
  console.press('/db3\r');
  await console.shows('filter: db3');
  expect(console.underCursor()).toBe('db3');
  console.press('/');
  console.press('\x7f\x7f\x7fdb5\r');
  await console.shows('filter: db5');
  expect(console.underCursor()).toBe('db5');
});

test('Fleet: a host that is gone from the inventory leaves the cursor on none, and no key acts on the one that took its place', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  console.press('jj');
  await console.shows('▸ db3');
  console.fleet.setState({ hosts: picture.hosts.filter(({ host }) => host.name !== 'db3') });
  await console.shows('db3 is no longer in the list');
  for (const key of ['s', 'e', 'y']) await refused(console, key, `${key}: db3 is no longer in the list`);
  console.press('j');
  await console.shows('▸ db4');
});

test('Palette: the cursor stays on the command that was read when another comes first, and enter does that', async () => {
  const console = openConsole({ picture, nowMs, jobs: views });
  await console.shows('▸ db1');
  console.press(':mysql');
  await console.shows(/▸ mysql stop/);
  console.screens.setState({ recent: ['mysql.restart'] });
  await console.shows(/mysql restart[^▸]*▸ mysql stop/);
  console.press('\r');
  await console.shows('── stop db1');
});
