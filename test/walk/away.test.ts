// Hosts that do not answer for long: only for the campaign, because reseed waits as long as an operator wants, and a
// host needs long to start.
import { expect, onTestFinished, test } from 'vitest';
import { drill, printedOn } from '../fleet/fleet.ts';
import { anna, ended, lockOn, nothing, ours, standing } from '../fleet/operators.ts';
import { healCommands, held, inTheMiddle } from '../fleet/slow-commands.ts';
import { newJob, unit } from '../fleet/unit.ts';
import { usesHosts } from '../fleet/uses.ts';
import { Watch } from '../fleet/watch.ts';

usesHosts('db1', 'db2', 'db3', 'db6');

test('a job says what it could not take away while the line is cut, and clean takes it away later', async () => {
  await held('db6');
  const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
  await inTheMiddle('db6');
  await drill('fault', 'cut', 'db6');
  const cut = await ended(anna(), id).finally(() => drill('heal', 'db6'));
  expect(cut).toMatchObject({ state: 'cleanup-needed' });
  expect(await anna().done('job', 'log', id)).toMatch(/LEFT: the snapshot vg0\/reseed-.*\(.*did not answer/);
  await healCommands('db6');
  await anna().done('clean', 'db6', '--snapshots', '--yes=db6');
  expect(await standing('db6')).toEqual(nothing);
});

test('a host that loses its power under the lock, with a snapshot mounted, is free again and loses nothing', async () => {
  await anna().done('snapshot', 'create', 'db3', '--yes');
  const [kept = ''] = await ours('db3');
  await anna().done('snapshot', 'mount', 'db3', kept, '--yes');
  await held('db3');
  const id = await anna().begun('snapshot', 'create', 'db3', '--yes');
  await inTheMiddle('db3');
  await drill('fault', 'power-cut', 'db3');
  const job = await ended(anna(), id);
  await drill('heal', 'db3');
  await healCommands('db3');
  expect(job).toMatchObject({ state: 'cleanup-needed' });
  expect(await anna().done('job', 'show', id)).toMatch(/the snapshot data-vg\/reseed-\S+ on db3: left/);
  expect(await lockOn('db3')).toBe('');
  // What was complete stays, and an unproved snapshot is removed; the server takes writes.
  await anna().says('clean', 'db3', '--yes=db3');
  expect(await ours('db3')).toEqual([kept]);
  await anna().done('snapshot', 'mount', 'db3', kept, '--yes');
  expect(await printedOn('db3', `ls /run/reseed/mount/${kept}/data`)).toContain('ibdata1');
  await anna().done('snapshot', 'unmount', 'db3', kept, '--yes');
  await anna().done('snapshot', 'remove', 'db3', kept, '--yes=db3');
  await drill('verify', 'db3');
});

test('a host that lost its power is back by itself when it is up again', async () => {
  const watching = new Watch('db2');
  onTestFinished(async () => {
    await watching.interrupt();
  });
  await watching.sees(/db2 {2}● up, replica/);
  await drill('fault', 'power-cut', 'db2');
  await watching.sees(/db2 {2}✖ unreachable: /);
  const from = watching.lines.length;
  await drill('heal', 'db2');
  await watching.sees(/db2 {2}● up, replica/, from);
});

test('a host that lost its power knows nothing of the unit that ran on it', async () => {
  const job = newJob();
  await unit('db6', 'start', job, 'copy', 'auto', 'sleep 1000000');
  await drill('fault', 'power-cut', 'db6');
  await drill('heal', 'db6');
  expect((await unit('db6', 'poll', job, 'copy')).state).toEqual({ kind: 'absent' });
});
