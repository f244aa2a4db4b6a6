// Hosts that are away for long: for the campaign, because reseed waits for them as long as an operator wants it to.
import { expect, test } from 'vitest';
import { drill, printedOn } from '../fleet/fleet.ts';
import { anna, ended, lockOn, nothing, ours, standing } from '../fleet/operators.ts';
import { healCommands, held, inTheMiddle } from '../fleet/slow-commands.ts';

test('a job says what it could not take away while the line is cut, and clean takes it away later', async () => {
  await held('db6');
  const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
  await inTheMiddle('db6');
  await drill('fault', 'cut', 'db6');
  const cut = await ended(anna(), id).finally(() => drill('heal', 'db6'));
  expect(cut).toMatchObject({ state: 'cleanup-needed' });
  expect(await anna().done('job', 'log', id)).toMatch(
    /LEFT: the snapshot vg0\/reseed-.*This takes it away: snapshot.sh/,
  );
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
  // What was whole is whole, and what stands unproved goes; the server takes writes.
  await anna().says('clean', 'db3', '--yes=db3');
  expect(await ours('db3')).toEqual([kept]);
  await anna().done('snapshot', 'mount', 'db3', kept, '--yes');
  expect(await printedOn('db3', `ls /run/reseed/mount/${kept}/data`)).toContain('ibdata1');
  await anna().done('snapshot', 'unmount', 'db3', kept, '--yes');
  await anna().done('snapshot', 'remove', 'db3', kept, '--yes=db3');
  await drill('verify', 'db3');
});
