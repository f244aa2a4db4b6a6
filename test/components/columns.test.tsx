// The columns of lists, chosen on the screen.
import { expect, test } from 'vitest';
import { fullLook } from '../../components/base/theme.ts';
import { jobColumns } from '../../components/screens/jobs/list.ts';
import { scheduleColumns } from '../../components/screens/schedules/list.ts';
import { snapshotColumns } from '../../components/screens/snapshots/list.ts';
import { listColumns } from '../../src/commands/list-columns.ts';
import { openConsole, recorded } from './console.tsx';
import { recordedJobs } from './jobs.ts';

const { picture, recordedAtMs: nowMs } = recorded('calm');
const head = (console: ReturnType<typeof openConsole>) => console.lines()[1]?.trim().split(/\s+/);

test('every column of a list has its name in the settings, in the same order', () => {
  const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name);
  const scene = { nowMs, look: fullLook };
  expect(names(jobColumns(scene))).toEqual(listColumns.jobs);
  expect(names(scheduleColumns(scene))).toEqual(listColumns.schedules);
  expect(names(snapshotColumns(fullLook))).toEqual(listColumns.snapshots);
});

test('Fleet has the columns of the settings, in their order', async () => {
  const console = openConsole({ picture, nowMs, columns: 200, own: { fleet: ['lag', 'host', 'mysql'] } });
  await console.shows('▸');
  expect(head(console)).toEqual(['LAG', 'HOST', 'MYSQL']);
});

test('C leaves a column out, moves another, and enter shows and saves them', async () => {
  const console = openConsole({ picture, nowMs, columns: 200 });
  await console.shows('▸ db1');
  console.press('C');
  await console.shows('columns of fleet');
  console.press(' ');
  await console.shows('host says what keys act on: it stays');
  console.press('j ');
  await console.shows('[ ] cluster');
  console.press('GKKKKKKKKK');
  await console.shows(/\[x\] host\n.*\[x\] alert/);
  console.press('\r');
  await console.shows('the columns are saved');
  expect(console.keptColumns).toEqual(['fleet: host,alert,datacenter,role,version,mysql,lag,bar,disk,snapshots']);
  expect(head(console)?.slice(0, 3)).toEqual(['HOST', 'ALERT', 'DC']);
  console.press('C0\r');
  await console.shows('CLUSTER');
  expect(console.keptColumns.at(-1)).toBe('fleet: own');
});

test('esc leaves the columns as they were', async () => {
  const console = openConsole({ picture, nowMs, columns: 200 });
  await console.shows('▸ db1');
  console.press('Cj ');
  await console.shows('[ ] cluster');
  console.press('\x1b');
  await console.shows('CLUSTER');
  expect(console.keptColumns).toEqual([]);
});

test('Jobs: chosen columns are shown, and what does not fit is still left out by its worth', async () => {
  const own = { jobs: ['what', 'job', 'state'] };
  const console = openConsole({ picture, nowMs, jobs: recordedJobs().views, own });
  await console.shows('▸ db1');
  console.press('J');
  await console.shows('runner died');
  expect(console.lines()[2]?.trim().split(/\s+/)).toEqual(['WHAT', 'JOB', 'STATE']);
});

test('columns of other lists are not touched', async () => {
  const console = openConsole({ picture, nowMs, own: { jobs: ['job'] } });
  await console.shows('▸ db1');
  console.press('Cj \r');
  await console.shows('the columns are saved');
  expect(console.screens.getState().columns).toMatchObject({ jobs: ['job'] });
});
