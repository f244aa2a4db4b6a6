// reseed rule: switching off what a rule begins by itself, and what the list says of it.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-rule-'));
  await writeFile(
    join(folder, 'hosts.yaml'),
    `clusters: { shop: {} }
hosts: { db1: { cluster: shop }, db2: { cluster: shop } }
rules:
  broken: { when: 1062, clusters: shop, auto: true, between: 22:00-06:00, timezone: UTC }
  plain: { when: 1032 }
`,
  );
  await symlink(join(folder, 'hosts.yaml'), join(folder, 'link.yaml'));
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.stubEnv('RESEED_INVENTORY', join(folder, 'hosts.yaml'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function reseed(...words: string[]) {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text;
      return true;
    }),
  );
  await runCli(['node', 'reseed', 'rule', ...words]);
  for (const spy of spies) spy.mockRestore();
  const exitCode = process.exitCode;
  process.exitCode = undefined;
  return { ...said, exitCode };
}

test('what a rule begins by itself is switched off and on, which the list shows', async () => {
  const row = async () => (await reseed('list')).stdout.split('\n').find((line) => line.startsWith('broken'));
  expect(await row()).toContain('22:00-06:00 UTC');
  expect((await reseed('disable', 'broken')).stdout).toContain('until reseed rule enable broken; it plans as before');
  expect(await row()).toMatch(/switched off$/);
  expect(JSON.parse((await reseed('list', '--json')).stdout).rules).toMatchObject([
    { name: 'broken', isOff: true, auto: { minGood: 2 } },
    { name: 'plain', isOff: false },
  ]);
  expect((await reseed('enable', 'broken')).stdout).toContain('may begin its plans by itself, 22:00-06:00 UTC');
  expect(await row()).toContain('22:00-06:00 UTC');
});

test('a rule that begins nothing has nothing to switch off, nor has one that is not there', async () => {
  expect(await reseed('disable', 'plain')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no auto: true'),
  });
  expect(await reseed('disable', 'brokn')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('it has broken, plain'),
  });
});

test('where nothing looks at rules the list says so, and disable that it stopped nothing there', async () => {
  const quiet = /^! no look at the hosts yet on this machine by this account: rules plan nothing.*schedule install/m;
  expect((await reseed('list')).stdout).toMatch(quiet);
  expect(JSON.parse((await reseed('list', '--json')).stdout)).toMatchObject({ isQuiet: true });
  const { stdout } = await reseed('disable', 'broken');
  expect(stdout).toContain(` and ${join(folder, 'hosts.yaml')}, until`);
  expect(stdout).toMatch(/^! nothing was stopped by that: no tick of this account/m);
  const spy = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await runCli(['node', 'reseed', 'schedule', 'list']);
  const said = spy.mock.calls.map(([text]) => String(text)).join('');
  spy.mockRestore();
  expect(said).toMatch(quiet);
  expect(said).toContain('the inventory has no schedules');
});

test('after a look neither is said, and long after it both are', async () => {
  const look = (agoMs: number) => {
    const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
    const nowMs = Date.now() - agoMs;
    journal?.looks.begin(join(folder, 'hosts.yaml'), nowMs + 99 * 60_000, nowMs);
    journal?.close();
  };
  look(40 * 60_000);
  expect((await reseed('list')).stdout).toContain('! no look at the hosts for 40 min');
  look(0);
  expect((await reseed('list')).stdout).not.toContain('no look');
  expect((await reseed('disable', 'broken')).stdout).not.toContain('!');
});

test('a rule is not switched off by a path of its file by which no tick looks: it would go on', async () => {
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  journal?.looks.begin(join(folder, 'hosts.yaml'), 0, 1);
  journal?.close();
  const { exitCode, stderr } = await reseed('disable', 'broken', '--inventory', join(folder, 'link.yaml'));
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('are known by another path of the same file')]);
});
