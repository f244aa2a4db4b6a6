// The published package: the result of `npm pack`, unpacked into an empty folder with its dependencies beside it.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
let folder: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-package-'));
  home = join(folder, 'package');
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  await execa('tar', ['-xzf', join(folder, filename), '-C', folder]);
  // What `npm install --omit=dev` would bring, without a network.
  const { dependencies } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const place = join(home, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(root, 'node_modules', name), place);
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const reseed = (...words: string[]) =>
  execa(process.execPath, [join(home, 'bin/reseed.js'), ...words], { cwd: folder, reject: false });

test('has its help, and that of its verbs', async () => {
  expect((await reseed('--help')).stdout).toContain('Usage: reseed');
  const help = await reseed('drill', '--help');
  expect(help.stdout).toContain('practice fleet');
  expect(help.exitCode).toBe(0);
});

/** What check finds on a host with these ssh settings. */
async function checked(
  ssh: string,
): Promise<{ exitCode: number | undefined; finding: { verdict: string; detail: string } }> {
  await writeFile(join(folder, 'hosts.yaml'), `hosts:\n  db1:\n    ssh: { ${ssh} }\n`);
  const { exitCode, stdout } = await reseed('check', '--json');
  return { exitCode, finding: JSON.parse(stdout).hosts[0].findings.ssh };
}

test('reads an inventory, and runs its scripts on a host: this machine', async () => {
  expect((await checked('host: localhost, transport: local')).finding.verdict).toBe('yes');
});

test('has ssh2 in it, which tells that nothing listens', async () => {
  const { exitCode, finding } = await checked('host: 127.0.0.1, port: 1, transport: ssh2');
  expect(exitCode).toBe(4);
  expect(finding.detail).toContain('connection refused');
});

test('has every script that the drill runs on its machines', async () => {
  for (const file of ['guest', 'image', 'ask-serial.sh']) {
    const { stdout } = await execa('diff', ['-r', join(root, 'src/drill', file), join(home, 'dist', file)], {
      reject: false,
    });
    // TypeScript of image/ is in the bundle.
    expect(stdout.split('\n').filter((line) => line && !/^Only in .*image: .*\.ts$/.test(line))).toEqual([]);
  }
});

test('has the examples of hooks, which can be run', async () => {
  for (const name of ['proxysql.mjs', 'alertmanager.mjs']) {
    const { exitCode, stderr } = await execa(join(home, 'examples/hooks', name), [], { reject: false });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^the first argument is /)]);
  }
});

test('has the pages that its README leads to', async () => {
  const readme = await readFile(join(home, 'README.md'), 'utf8');
  const pages = [...readme.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, page = '']) => page);
  expect(pages).toContain('CHANGELOG.md');
  expect(pages.filter((page) => !existsSync(join(home, page)))).toEqual([]);
});

test('has no source in it that could run instead', async () => {
  const { stdout } = await execa('find', ['.', '-not', '-path', './node_modules*', '-name', '*.ts'], { cwd: home });
  expect(stdout.split('\n')).toEqual(['./dist/image/sample-rows.ts']);
});
