// The package of Debian and its man page, as dpkg and man read them. That it installs is tried in test/walk.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aloneTree } from '../../packaging/alone.ts';
import { debPackage, debTree } from '../../packaging/deb.ts';
import { makeTree, manifest } from '../../packaging/tree.ts';

const dateMs = Date.UTC(2026, 10, 28);
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-deb-'));
  const made = await manifest();
  await makeTree(join(folder, 'tree'), dateMs);
  await aloneTree(join(folder, 'tree'), join(folder, 'alone'));
  // An account may have a narrow one: the package has its own modes all the same.
  const before = process.umask(0o077);
  await debTree(join(folder, 'alone'), join(folder, 'deb'), made).finally(() => process.umask(before));
  path = await debPackage(join(folder, 'deb'), folder, made, dateMs, 'none');
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

/** Of `dpkg-deb --contents`: the mode and owner of each path. */
async function contents(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await execa('dpkg-deb', ['--contents', path]);
  return new Map(
    stdout.split('\n').map((line) => {
      const [mode = '', owner = '', , , , ...name] = line.split(/\s+/);
      return [name.join(' '), `${mode} ${owner}`];
    }),
  );
}

test("has each file where Debian looks for it, root's, and writable by no other", async () => {
  const files = await contents();
  for (const name of ['usr/lib/reseed/node/bin/node', 'usr/lib/reseed/bin/reseed'])
    expect(files.get(`./${name}`), name).toBe('-rwxr-xr-x root/root');
  for (const name of [
    'usr/lib/reseed/dist/modules',
    'usr/share/man/man1/reseed.1.gz',
    'usr/share/bash-completion/completions/reseed',
    'usr/share/zsh/vendor-completions/_reseed',
    'usr/share/fish/vendor_completions.d/reseed.fish',
    'usr/share/doc/reseed/copyright',
    'usr/share/doc/reseed/docs/recovery.md',
    'usr/share/doc/reseed/examples/hosts.yaml',
    ...['system', 'user'].flatMap((manager) =>
      ['service', 'timer'].map((kind) => `usr/lib/systemd/${manager}/reseed-schedule@.${kind}`),
    ),
  ])
    expect(files.get(`./${name}`), name).toBe('-rw-r--r-- root/root');
  for (const name of ['usr/share/', 'usr/share/doc/reseed/', 'usr/bin/'])
    expect(files.get(`./${name}`), name).toBe('drwxr-xr-x root/root');
  expect([...files.keys()]).toContain('./usr/bin/reseed -> ../lib/reseed/bin/reseed');
  expect([...files.keys()].filter((name) => /\.tsx?$|node_modules|\/test\/|\.map$/.test(name))).toEqual([
    './usr/lib/reseed/dist/image/sample-rows.ts',
  ]);
});

test('has the licences of reseed, of what is bundled, and of Node in its copyright', async () => {
  const text = await readFile(join(folder, 'deb/usr/share/doc/reseed/copyright'), 'utf8');
  for (const words of ['the reseed authors', '\nreact-reconciler ', 'Node.js is licensed for use as follows']) {
    expect(text).toContain(words);
  }
});

test('is the same bytes when it is made again', async () => {
  const made = await manifest();
  const again = await mkdtemp(join(folder, 'again-'));
  await makeTree(join(again, 'tree'), dateMs);
  const { stdout } = await execa('diff', ['-r', join(folder, 'tree'), join(again, 'tree')], { reject: false });
  expect(stdout).toBe('');
  await rm(join(again, 'tree'), { recursive: true });
  const second = await debPackage(join(folder, 'deb'), again, made, dateMs, 'none');
  expect((await execa('cmp', [path, second], { reject: false })).exitCode).toBe(0);
});

test('has a page of man with every verb, its options and its examples', async () => {
  const page = await readFile(join(folder, 'tree/share/man/man1/reseed.1'), 'utf8');
  for (const line of [
    '.TH RESEED 1 2026-11-28 "reseed 0.1.0" "User Commands"',
    '.SS "reseed seed [options] <donor> <target...>"',
    '.SS "reseed snapshot create [options] <host>"',
    '.SS "reseed schedule install [options]"',
    '\\fB\\-\\-as\\-set\\fR',
    '  $ reseed seed db2 db3',
  ]) {
    expect(page.split('\n')).toContain(line);
  }
  expect(page).not.toContain('reseed complete ');
  // Lines that roff would take for requests, or read as other characters.
  expect(
    page.split('\n').filter((line) => /^['.](?!(TH|SH|SS|TP|PP|EX|EE|B|BR|nh|ad)\b)/.test(line) || /[^ -~]/.test(line)),
  ).toEqual([]);
});

test('its units tick for the inventory that their instance names', async () => {
  const units = join(folder, 'deb/usr/lib/systemd');
  expect(await readdir(join(units, 'system'))).toEqual(['reseed-schedule@.service', 'reseed-schedule@.timer']);
  const service = (manager: string) => readFile(join(units, manager, 'reseed-schedule@.service'), 'utf8');
  expect(await service('system')).toContain(
    '\nUser=root\nExecStart="/usr/bin/reseed" schedule tick --inventory "/etc/reseed/%i.yaml"\n',
  );
  expect(await service('user')).toContain('--inventory "%h/.config/reseed/%i.yaml"\n');
});
