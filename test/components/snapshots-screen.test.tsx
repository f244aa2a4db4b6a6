// The snapshots of the fleet by their keys.
import { expect, test } from 'vitest';
import { displayWidth } from '../../components/base/width.ts';
import { say } from '../../components/screen-store.ts';
import type { LogicalVolume } from '../../src/host/facts.ts';
import { openConsole, recorded } from './console.tsx';
import { recordedJobs } from './jobs.ts';

const trouble = recorded('trouble');
const { views } = recordedJobs();

/** The recorded invalid snapshot of db1; and one of a job on db3, in the other datacenter, mounted by an operator. */
function fleet(mountPoints: readonly string[] = []) {
  const made: Partial<LogicalVolume> = {
    volume: 'reseed-8eb2611f-20261122T231100Z',
    uuid: 'of-db3',
    valid: true,
    usedPercent: 12.3,
    tags: ['reseed', `reseed-job=${views[1]?.job.key}`, 'reseed-proved'],
    mountPoints,
  };
  const [like] = volumesOf('db1').filter(({ kind }) => kind === 'snapshot');
  if (!like) throw new Error('no snapshot was recorded');
  const hosts = trouble.picture.hosts.map((picture) => {
    const { lvm } = picture.report;
    if (picture.host.name !== 'db3' || !lvm?.ok) return picture;
    const { datadirVolume } = lvm.value;
    const snapshot = { ...like, ...made, origin: datadirVolume?.volume ?? '', group: datadirVolume?.group ?? '' };
    return {
      ...picture,
      report: {
        ...picture.report,
        lvm: { ...lvm, value: { ...lvm.value, volumes: [...lvm.value.volumes, snapshot] } },
      },
    };
  });
  return { picture: { ...trouble.picture, hosts }, nowMs: trouble.recordedAtMs, jobs: views };
}

function volumesOf(name: string): readonly LogicalVolume[] {
  const lvm = trouble.picture.hosts.find(({ host }) => host.name === name)?.report.lvm;
  return lvm?.ok ? lvm.value.volumes : [];
}

async function openSnapshots(from: string, mountPoints: readonly string[] = [], size = {}) {
  const console = openConsole({ ...fleet(mountPoints), ...size });
  await console.shows('▸ db1');
  console.press(`${'j'.repeat(Number(from.slice(2)) - 1)}S`);
  await console.shows('snapshots  2');
  return console;
}
const order = (console: ReturnType<typeof openConsole>) =>
  [...console.screen().matchAll(/^ [ ▸] (db\d) .*vg/gm)].map(([, name]) => name);

test('snapshots of the datacenter of the previous screen come first', async () => {
  const fromAms = await openSnapshots('db1');
  expect(order(fromAms)).toEqual(['db1', 'db3']);
  expect(fromAms.screen()).toContain('those of ams first');
  const fromFra = await openSnapshots('db3');
  expect(order(fromFra)).toEqual(['db3', 'db1']);
});

test('each says what it is of, how full, whether it is whole, who made it; hosts that tell nothing are named', async () => {
  const console = await openSnapshots('db3', ['/run/reseed/mount/x']);
  const screen = console.screen();
  expect(screen).toMatch(/▸ db3 .*12 % {2}● mounted {2}job 10/);
  expect(screen).toMatch(/db1 .*✖ invalid {2}not reseed/);
  expect(screen).toContain('mounted on /run/reseed/mount/x');
  expect(screen).toContain('not known of db6');
});

test('while no host has told of its snapshots there are ?, and not none', async () => {
  const hosts = trouble.picture.hosts.map((picture) => ({ ...picture, report: {} }));
  const console = openConsole({ picture: { ...trouble.picture, hosts }, nowMs: trouble.recordedAtMs, jobs: [] });
  await console.shows('db1');
  console.press('S');
  await console.shows('snapshots  ?');
  expect(console.screen()).toContain('not known of db1, db2, db3');
});

test('m mounts by uuid, and is dimmed for an invalid one', async () => {
  const console = await openSnapshots('db3');
  console.press('my');
  await expect.poll(() => console.jobs.launched.length).toBe(1);
  const [draft] = console.jobs.launched;
  expect(draft?.planned.ok && draft.planned.plan.steps[1]?.commands.run?.args).toContain('uuid=of-db3');
  console.press('\x1b');
  await console.shows('snapshots  2');
  console.press('Gm');
  await console.shows('m: it is invalid: what it held is lost');
  console.press('x');
  await console.shows('x: it was not made by reseed');
});

test('u and x: one that is mounted is unmounted first', async () => {
  const console = await openSnapshots('db3', ['/mnt/x']);
  console.press('x');
  await console.shows('x: it is mounted: unmount it first');
  console.press('u');
  await console.shows('unmount data-vg/reseed');
  expect(console.jobs.launched).toEqual([]);
});

test("x removes one for good, after its host's name was typed", async () => {
  const console = await openSnapshots('db3');
  console.press('u');
  await console.shows('u: it is not mounted');
  console.press('x');
  expect(await console.shows('is lost for good')).toContain('y asks for the name db3');
  console.press('ydb1\r');
  await console.shows('that is not the name');
  expect(console.jobs.launched).toEqual([]);
  console.press('db3\r');
  await expect.poll(() => console.jobs.launched.length).toBe(1);
});

test('one that is gone is not removed in the place of another: x, m and u say so, until the cursor is moved', async () => {
  const console = await openSnapshots('db3');
  await console.shows(/▸ db3/);
  console.fleet.setState({ hosts: trouble.picture.hosts });
  await console.shows('that snapshot of db3 is no longer in the list');
  for (const key of ['x', 'm', 'u']) {
    console.press(key);
    await console.shows(`${key}: that snapshot of db3 is no longer in the list`);
  }
  expect([console.screens.getState().overlay, console.jobs.launched]).toEqual([undefined, []]);
  console.press('k');
  await console.shows(/▸ db1/);
});

test('P prunes the host under the cursor; where nothing is to go that is said', async () => {
  const console = await openSnapshots('db1');
  console.press('P');
  await console.shows('db1 has no snapshot to remove');
});

test('P, y and the name prune the host that was read, whatever order the rows got in between', async () => {
  const { picture, ...rest } = fleet();
  const older = picture.hosts.map((one) => {
    const { lvm } = one.report;
    const mine = lvm?.ok ? lvm.value.volumes.find(({ uuid }) => uuid === 'of-db3') : undefined;
    if (!lvm?.ok || !mine) return one;
    const before = [1, 2, 3, 4, 5, 6, 7].map((days) => ({
      ...mine,
      volume: `${mine.volume}-${days}`,
      uuid: `of-db3-${days}`,
      tags: ['reseed'],
      createdSeconds: (mine.createdSeconds ?? 0) - days * 86_400,
    }));
    const volumes = [...lvm.value.volumes, ...before];
    return { ...one, report: { ...one.report, lvm: { ...lvm, value: { ...lvm.value, volumes } } } };
  });
  const console = openConsole({ ...rest, picture: { ...picture, hosts: older } });
  await console.shows('▸ db1');
  console.press('jjS');
  await console.shows(/▸ db3/);
  console.press('P');
  await console.shows(/y asks for|y: /);
  console.fleet.setState({ hosts: older.toReversed() });
  console.press('ydb3\r');
  await expect
    .poll(() => console.jobs.launched.map(({ planned }) => planned.ok && planned.plan.hosts))
    .toEqual([['db3']]);
});

test('two hosts whose long names differ in their middle do not look the same at 80 columns', async () => {
  const { picture, ...rest } = fleet();
  const long = (name: string) => `mysql-shop-${name}-replica-01`;
  const hosts = picture.hosts.map((one) => ({ ...one, host: { ...one.host, name: long(one.host.name) } }));
  const console = openConsole({ ...rest, picture: { ...picture, hosts }, columns: 80 });
  await console.shows('▸');
  console.press('S');
  const screen = await console.shows('snapshots  2');
  for (const name of ['db1', 'db3']) expect(screen).toMatch(new RegExp(`^ [ ▸] \\S*${name}\\S* .*vg`, 'm'));
});

test('a filter, y, enter, and back', async () => {
  const console = await openSnapshots('db1');
  console.press('/invalid\r');
  await console.shows('snapshots  1');
  console.press('\x1b');
  await console.shows('snapshots  2');
  console.press('y');
  await expect.poll(() => console.copied).toEqual(['vg0/drill-full']);
  console.press('\r');
  await console.shows('error log');
  console.press('\x1b');
  await console.shows('snapshots  2');
  console.press('\x1b');
  await console.shows('ALERT');
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 12 },
])('it fits $columns x $rows', async ({ columns, rows }) => {
  const console = await openSnapshots('db1', ['/a/very/long/folder'.repeat(20)], { columns, rows });
  expect(console.lines()).toHaveLength(rows);
  for (const line of console.lines()) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
});

test.each([
  { columns: 120, rows: 40 },
  { columns: 80, rows: 24 },
])('a refusal that is longer than a line is shown whole, at $columns x $rows', async ({ columns, rows }) => {
  const console = await openSnapshots('db1', [], { columns, rows });
  const words =
    'wait for it, or end it with reseed job abort 2; then the snapshot can be mounted at the folder that you named';
  const text = `db2 is locked by job 2 (mount vg0/reseed-9f3a4c21-20261122T231100Z), which runs: nothing was done; ${words}`;
  say(console.screens, text, 'warning');
  await console.shows('that you named');
  expect(console.screen().replace(/\s+/g, ' ')).toContain(text);
  expect(console.lines()).toHaveLength(rows);
  for (const line of console.lines()) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
});
