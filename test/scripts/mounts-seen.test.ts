// mounts-seen.sh on a kernel's recorded list of mounts: binds; blanks, control characters and a backslash in names;
// mounts that hide others.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const fragment = await readFile(new URL('../../src/scripts/mounts-seen.sh', import.meta.url), 'utf8');
const recorded = fileURLToPath(new URL('../fixtures/mountinfo.txt', import.meta.url));
async function says(command: 'mount_on' | 'mounts_below', path: string): Promise<string> {
  const script = `LC_ALL=C; export LC_ALL; ${fragment}\n${command} "$1" "$2"`;
  return (await execa('sh', ['-c', script, 'sh', path, recorded])).stdout;
}

test.each([
  ['a file system of its own', '/srv/mi/x', '350\t/\t/srv/mi'],
  ['the root file system', '/srv/mice', '311\t/\t/'],
  [
    'a folder of another, with a blank in both names',
    '/srv/mi/var/lib my/data',
    '351\t/srv/my sql\t/srv/mi/var/lib my',
  ],
  ['a mount point itself', '/srv/mi/var/lib my/inner', '352\t/\t/srv/mi/var/lib my/inner'],
  ['a backslash in its name', '/srv/mi/a\\b/data', '360\t/\t/srv/mi/a\\b'],
  ['the upper of two at one place', '/dev/shm/x', '344\t/\t/dev/shm'],
  ['what lies over the place of one that was there before', '/srv/mi/srv/data', '354\t/srv\t/srv/mi/srv'],
  ['what lies over another, and over what was mounted in that', '/srv/mi/over/under/x', '358\t/\t/srv/mi/over'],
])('the mount that a path lies on: %s', async (_, path, mount) => {
  expect(await says('mount_on', path)).toBe(mount);
});

test('mounts below a datadir are listed by their plain names, without hidden ones', async () => {
  expect(await says('mounts_below', '/srv/mi/var/lib my')).toBe('/srv/mi/var/lib my/inner');
  expect(await says('mounts_below', '/srv/mi/var/lib my/inner')).toBe('');
  expect(await says('mounts_below', '/srv/mi/over')).toBe('');
  expect((await says('mounts_below', '/srv/mi')).split('\n')).toEqual([
    '/srv/mi/var/lib my',
    '/srv/mi/var/lib my/inner',
    '/srv/mi/srv',
    '/srv/mi/srv/new\x01line',
    '/srv/mi/over',
    '/srv/mi/a\\b',
  ]);
});

test('a name that looks escaped is taken literally, and without mounts nothing is listed', async () => {
  const script = `LC_ALL=C; export LC_ALL; ${fragment}\nmount_on /srv/data /dev/stdin`;
  const input = '1 0 0:1 /srv/back\\134040slash / rw - tmpfs none rw\n';
  expect((await execa('sh', ['-c', script], { input })).stdout).toBe('1\t/srv/back\\040slash\t/');
  expect((await execa('sh', ['-c', script], { input: '' })).stdout).toBe('');
});
