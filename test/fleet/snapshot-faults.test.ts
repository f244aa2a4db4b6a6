// Real faults while a snapshot is taken or read. Each ends with "done", with "undone", or with a message of what is
// left.
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { sendSignal } from '../../src/process/signal.ts';
import { drill, onHost, printedOn, reseedWords, testEnvironment, until } from './fleet.ts';
import { anna, ended, folder, lockOn, nothing, operator, ours, standing } from './operators.ts';
import { commandAfter, held, inTheMiddle, letGo, tidied } from './slow-commands.ts';
import { usesHosts } from './uses.ts';

usesHosts('db6');

describe('a snapshot that is being taken', () => {
  afterEach(() => tidied('db6'));

  test('is taken to its end though the console that asked for it is killed', async () => {
    await held('db6');
    const [node, script] = reseedWords;
    const console = execa(node, [script, ...anna().words('snapshot', 'create', 'db6', '--yes')], {
      detached: true,
      reject: false,
      env: testEnvironment,
    });
    await inTheMiddle('db6');
    // The console, with all that is in its process group: as a terminal that is closed does.
    sendSignal(-(console.pid ?? Number.NaN), 'SIGKILL');
    await console;
    await letGo('db6');
    const [{ id = 0 } = {}] = await anna().jobs();
    expect(await ended(anna(), String(id))).toMatchObject({ state: 'done' });
    expect(await ours('db6')).toHaveLength(1);
    expect(await lockOn('db6')).toBe('');
  });

  test.each(['ln', 'lvcreate', 'lvchange'] as const)(
    'is there once, and whole, though sshd drops its sessions in the middle of %s',
    async (command) => {
      await held('db6', command);
      const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
      await inTheMiddle('db6', command);
      await onHost('db6', "pkill -KILL -f 'sshd-session: roo[t]'");
      await letGo('db6');
      expect(await ended(anna(), id)).toMatchObject({ state: 'done' });
      expect(await ours('db6')).toHaveLength(1);
      expect(await anna().done('job', 'log', id)).toContain('→ unreachable');
      expect(await printedOn('db6', 'ls /run/reseed')).not.toMatch(/taking|lock\./);
    },
  );

  test('leaves nothing when its runner is killed in the middle of lvcreate and the job is aborted', async () => {
    await held('db6');
    const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
    await inTheMiddle('db6');
    await anna().killRunner(id);
    const aborted = anna().says('job', 'abort', id, `--yes=${id}`);
    await until(
      () => anna().done('job', 'show', id),
      (shown) => shown.includes('releasing'),
    );
    await letGo('db6');
    expect((await aborted).exitCode).toBe(0);
    expect((await onHost('db6', "pgrep -f '[l]vcreate'")).exitCode).toBe(1);
    expect(await standing('db6')).toEqual(nothing);
    expect(await printedOn('db6', 'ls /run/reseed')).not.toContain('taking');
  });

  test('is refused where the group has no room, and it is said what would make it possible', async () => {
    await printedOn('db6', 'lvcreate -qq -y -n filler -l 100%FREE vg0');
    const refused = await anna().says('snapshot', 'create', 'db6', '--yes');
    await printedOn('db6', 'lvremove -qq -f vg0/filler');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/vg0 of db6 has 0B free, and the snapshot needs 16M; remove old snapshots, extend/);
  });

  test('fails in the words of LVM, and leaves nothing, where the room goes in the last moment', async () => {
    await commandAfter('db6', 'lvcreate', '/usr/sbin/lvcreate -qq -y -n filler -l 100%FREE vg0');
    const failed = await anna().says('snapshot', 'create', 'db6', '--yes');
    await printedOn('db6', 'lvremove -qq -f vg0/filler');
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(/insufficient free space/);
    expect(await standing('db6')).toEqual(nothing);
  });
});

test('a snapshot that overflows while it is mounted and read is shown so, and removed when nobody reads it any more', async () => {
  await anna().done('snapshot', 'create', 'db6', '--yes');
  const [name = ''] = await ours('db6');
  await anna().done('snapshot', 'mount', 'db6', name, '--yes');
  const folder = `/run/reseed/mount/${name}`;
  await printedOn('db6', `systemd-run -q --unit=drill-reader -p WorkingDirectory=${folder} sleep 1000000`);
  // LVM's own daemon unmounts an overflowed snapshot lazily: its reader continues.
  await drill('fault', 'fill-snapshot', 'db6');
  expect(await anna().done('snapshot', 'list', 'db6')).toMatch(new RegExp(`${name} .* ✖ invalid`));
  await drill('heal', 'db6');
  await until(
    () => onHost('db6', `findmnt ${folder}`),
    ({ exitCode }) => exitCode === 1,
  );
  const read = await anna().says('snapshot', 'remove', 'db6', name, '--yes=db6');
  expect(read.exitCode).toBe(1);
  expect(read.stdout).toMatch(/failed: remove .*\n.*contains a filesystem in use/);
  expect((await anna().says('snapshot', 'mount', 'db6', name, '--yes')).stderr).toContain('what it held is lost');
  await printedOn('db6', 'systemctl stop drill-reader');
  await anna().done('snapshot', 'remove', 'db6', name, '--yes=db6');
  expect(await standing('db6')).toEqual(nothing);
});

test('two operators at once on one host: the second one gets the name of the first, and nothing is done for them', async () => {
  await held('db6');
  const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
  await inTheMiddle('db6');
  const second = await operator(join(folder, 'ben')).says('snapshot', 'create', 'db6', '--yes');
  await letGo('db6');
  expect(second.exitCode).toBe(1);
  expect(second.stdout).toMatch(/db6 is locked by job [0-9a-f]{8} of root@\S+, since /);
  expect(await ended(anna(), id)).toMatchObject({ state: 'done' });
  await tidied('db6');
});
