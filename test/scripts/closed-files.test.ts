// Programs that root runs on a host, of files that another account can change.

import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesOfLine } from '../../src/inventory/command-files.ts';
import { customUnitWords, customWords } from '../../src/scripts/custom-words.ts';
import { scriptText } from '../../src/scripts/script.ts';

const other = 65_534;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-closed-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string) {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\ntouch ${folder}/ran\n`, { mode: 0o755 });
  return path;
}

async function asked(run: string | readonly string[]) {
  const command = typeof run === 'string' ? { line: run, words: [] } : { line: undefined, words: run };
  const { exitCode, stderr } = await execa(
    'sh',
    ['-c', await scriptText('ask'), 'ask.sh', ...customWords({ ...command, seconds: 20 })],
    { reject: false, cwd: folder, env: { PATH: `${folder}/bin:${process.env.PATH}` } },
  );
  return { exitCode, stderr, hasRun: existsSync(join(folder, 'ran')) };
}

test('one that only root can change is run', async () => {
  expect(await asked([await program('own')])).toMatchObject({ exitCode: 0, hasRun: true });
});

test('neither a program, a script of an interpreter, nor what a line begins with is run where another account can change it', async () => {
  const path = await program('own');
  await chmod(path, 0o757);
  await mkdir(join(folder, 'bin'));
  await symlink(path, join(folder, 'bin', 'by-name'));
  const relative = path.slice(1);
  const runs = [
    [path],
    ['by-name'],
    ['/bin/sh', path],
    ['/bin/sh', '-e', relative],
    ['/usr/bin/env', '/bin/sh', path],
    path,
    `${path}; true`,
    `/bin/sh ${path} && true`,
  ];
  for (const run of runs) {
    const { stderr, ...rest } = await asked(run);
    expect([run, rest]).toEqual([run, { exitCode: 3, hasRun: false }]);
    expect(stderr).toMatch(/: on the way to it, other accounts can write to own: it was not run$/);
  }
});

test('a folder, or a link of another account on the way to it, keeps it from being run; one of a group of administrators does not', async () => {
  await mkdir(join(folder, 'sbin'));
  const path = await program('sbin/own');
  const link = join(folder, 'link');
  await symlink(path, link);
  await chmod(join(folder, 'sbin'), 0o2775);
  expect(await asked([link])).toMatchObject({ exitCode: 0, hasRun: true });
  await rm(join(folder, 'ran'));
  await chmod(join(folder, 'sbin'), 0o777);
  expect(await asked([link])).toMatchObject({ exitCode: 3, hasRun: false });
  await chmod(join(folder, 'sbin'), 0o755);
  await execa('chown', ['-h', String(other), link]);
  expect(await asked([link])).toMatchObject({ exitCode: 3, hasRun: false });
});

test('a script that is not there is not waited for: another account could make it after the look', async () => {
  const shared = join(folder, 'shared');
  await mkdir(shared);
  await chown(shared, other, other);
  const { exitCode, stderr } = await asked(['/bin/sh', join(shared, 'later.sh')]);
  expect([exitCode, stderr]).toEqual([3, `${join(shared, 'later.sh')}: there is no such file: it was not run`]);
});

test('a unit looks before it notes that its command has begun', async () => {
  const path = await program('own');
  await chmod(path, 0o757);
  const words = customUnitWords({ line: undefined, words: [path], seconds: 20 });
  const env = { RESEED_FOLDER: folder, RESEED_UNIT: `closed/${process.pid}` };
  const { exitCode, stderr } = await execa('sh', ['-c', await scriptText('custom'), 'custom.sh', ...words], {
    reject: false,
    env,
  });
  expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/other accounts can write to own: it was not run$/)]);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
  expect(existsSync(`/var/lib/reseed/ran/closed.${process.pid}`)).toBe(false);
});

test.each([
  ['sync; echo 3 >/proc/sys/vm/drop_caches', []],
  ['/opt/x', ['/opt/x']],
  ['/opt/x "$1"', ['/opt/x']],
  ['/opt/x$SUFFIX -a', []],
  ['/usr/bin/nice -n 5 /opt/x /srv/y|cat', ['/usr/bin/nice', '/opt/x']],
])('of the line %s it looks at %j', (line, paths) => {
  expect(filesOfLine(line).map(({ path }) => path)).toEqual(paths);
});
