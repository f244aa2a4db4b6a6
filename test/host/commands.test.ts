// What commands.status, datadir and port of the inventory say of a server, beside what reseed sees: the probe's own script, run here.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chown, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { planCustom } from '../../src/custom/plan.ts';
import type { CommandFacts, HostReport } from '../../src/host/facts.ts';
import { known } from '../../src/host/known.ts';
import { probeArguments, reportReader, reportRequest } from '../../src/host/probe.ts';
import { askingWords, commandDifferences } from '../../src/host/server/commands.ts';
import type { CommandSettings, Host } from '../../src/inventory/settings.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { openAlone } from '../alone.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';
import { told } from './recordings.ts';

const { host, report } = hostNamed(pictureOf('trouble'), 'db1');

async function said(commands: Record<string, CommandSettings>, changed: Partial<Host> = {}): Promise<CommandFacts> {
  const asking = askingWords({ ...host, ...changed, commands });
  const words = probeArguments('word', { socket: '/nowhere' }, asking);
  const child = spawn('sh', ['-c', await scriptText('probe'), 'probe.sh', ...words], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.stdin.end());
  const answer = await new Promise<HostReport>((resolve) => {
    child.stdout.on(
      'data',
      reportReader('word', (_, one) => resolve(one)),
    );
    child.stdin.write(reportRequest(1, ['commands']));
  });
  if (!answer.commands) throw new Error('nothing was told');
  return told(answer.commands);
}

test('a line is read by a shell, a list by none; what the inventory knows is filled in', async () => {
  expect(
    await said({
      status: { run: 'exit 3' },
      datadir: { run: 'echo /srv/mysql | cut -c 1-' },
      port: { run: ['printf', '%s\n', '33$(id)06'] },
    }),
  ).toMatchObject({
    status: { ok: true, value: { code: 3 } },
    datadir: { ok: true, value: { path: '/srv/mysql' } },
    port: { ok: false, why: 'commands.port printed no port, but "33$(id)06"' },
  });
  expect(await said({ datadir: { run: ['printf', '/data/%s', '{host}'] } })).toMatchObject({
    datadir: { ok: true, value: { path: '/data/db1' } },
  });
});

test('the SHA-256 of hooks that may run there is told, of one that is not there none', async () => {
  const hook = (run: readonly [string], on?: 'target') => ({ at: ['before-stop'], run, ...(on && { on }) }) as const;
  const hooks = { a: hook(['/bin/sh'], 'target'), b: hook(['/no/such'], 'target'), c: hook(['/bin/ls']) };
  const sum = createHash('sha256').update(readFileSync('/bin/sh')).digest('hex');
  expect((await said({}, { hooks })).programs).toEqual({
    'program program /bin/sh': { sha256: sum },
    'program program /no/such': { why: 'there is no such file' },
  });
});

test('a command whose program another account can change is not run, as root, by a poll; why is told, and refuses a plan', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-commands-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'own');
  await writeFile(path, `#!/bin/sh\ntouch ${folder}/ran\n`, { mode: 0o755 });
  await chown(path, 65_534, 65_534);
  const why = 'on the way to it, own belongs to another account than root';
  const facts = await said({ status: { run: [path] }, datadir: { run: `${path} -x | cat` }, pin: { run: [path] } });
  expect(facts).toMatchObject({
    status: { ok: false, why: `commands.status was not run: ${path}: ${why}` },
    datadir: { ok: false, why: `commands.datadir was not run: ${path}: ${why}` },
    programs: { [`owned program ${path}`]: { why } },
  });
  expect(existsSync(join(folder, 'ran'))).toBe(false);
  const asked = { command: 'pin', job: 'cafe', who: { account: 'ops', jumpHost: 'jump1' } };
  const planned = planCustom({
    ...asked,
    host: { ...host, commands: { pin: { run: [path] } } },
    report: { ...report, commands: { ok: true, value: facts } },
  });
  expect(planned).toMatchObject({ ok: false, message: `commands.pin can't be run on db1: ${path}: ${why}` });
});

test('none is run where nothing may be changed, or where there is none', async () => {
  expect(await said({ status: { run: 'exit 3' } }, { readOnly: true })).toEqual({});
  expect(await said({})).toEqual({});
});

test.each([
  ['a path with a line after it', 'echo /srv; echo /etc', 'printed no path alone, but "/srv'],
  ['no path', 'echo mysql', 'printed no path alone, but "mysql"'],
  ['a sequence of the terminal', "printf '/srv/\\033[2Jx'", 'printed no path alone, but "'],
  ['nothing', 'true', 'printed no path alone, but ""'],
  ['a frame of the probe', "printf '\\nwurd end 1\\nwurd status 0\\n'", 'printed no path alone'],
  ['a failure', 'echo /srv; exit 4', 'commands.datadir ended with 4'],
  ['a gigabyte', 'yes | head -c 1000000000', /printed no path alone|ended with 141/],
])('a datadir that is %s is none', async (_, run, why) => {
  const { datadir } = await said({ datadir: { run } });
  expect(datadir).toMatchObject({
    ok: false,
    why: typeof why === 'string' ? expect.stringContaining(why) : expect.stringMatching(why),
  });
  expect(JSON.stringify(datadir)).not.toContain('\\u001b');
});

test('one that hangs is late, and the report comes all the same', async () => {
  const { status, datadir } = await said({ status: { run: 'sleep 60' }, datadir: { run: 'echo /srv' } });
  expect(status).toMatchObject({ ok: false, late: true, why: 'commands.status gave no answer within 3 s' });
  expect(datadir).toMatchObject({ ok: true });
}, 30_000);

test('the port of a server that runs is told also where its option files are asked for in the same report, as reseed status does, and again in the next', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-commands-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await copyFile('/bin/sleep', join(folder, 'mysqld'));
  const alone = await openAlone();
  onTestFinished(() => alone.end());
  await alone.start(join(folder, 'mysqld'), ['1000'], folder);
  const asking = askingWords({ ...host, commands: { port: { run: 'echo 3307' } } });
  const { stdout } = await alone.run(
    'sh',
    ['-c', await scriptText('probe'), 'probe.sh', ...probeArguments('word', { socket: '/nowhere' }, asking)],
    { input: reportRequest(1, ['config', 'commands']) + reportRequest(2, ['config', 'commands']) },
  );
  const ports: unknown[] = [];
  reportReader('word', (_, { commands }) => ports.push(commands?.ok && commands.value.port))(
    Buffer.from(`${stdout}\n`),
  );
  expect(ports).toEqual([known(3307), known(3307)]);
});

test('both are told where they differ, and nothing where they agree', () => {
  const server = told(report.server as NonNullable<HostReport['server']>);
  const service = told(report.service as NonNullable<HostReport['service']>);
  const { datadir, port } = server;
  const pid = service.pid === undefined ? {} : { pid: service.pid };
  const differ = (commands: CommandFacts, more: Partial<HostReport> = {}) =>
    commandDifferences({ ...report, ...more, commands: { ok: true, value: commands } });
  expect(
    differ({
      status: { ok: true, value: { code: 0, ...pid } },
      datadir: { ok: true, value: { path: datadir } },
      port: { ok: true, value: port },
    }),
  ).toEqual([]);
  expect(
    differ({
      status: { ok: true, value: { code: 3, ...pid } },
      datadir: { ok: true, value: { path: '/old/data', isSame: false } },
      port: { ok: true, value: 3307 },
    }),
  ).toEqual([
    'commands.status ended with 3, and its server runs',
    `commands.datadir says /old/data, and the datadir of its server is ${datadir.replace(/\/$/, '')}`,
    `commands.port says 3307, and the port of its server is ${port}`,
  ]);
  // By a link it is the same folder; and an answer about an earlier process says nothing of this one.
  expect(
    differ({
      status: { ok: true, value: { code: 3, pid: 1 } },
      datadir: { ok: true, value: { path: '/link', isSame: true } },
    }),
  ).toEqual([]);
});

test('a port that differs is told of a server that is down, too: its option files have another', () => {
  const differ = (port: number, config: HostReport['config']) =>
    commandDifferences({
      server: { ok: false, why: 'the server is down' },
      ...(config && { config }),
      commands: { ok: true, value: { port: { ok: true, value: port } } },
    });
  const config = { ok: true, value: { port: 3306 } } as const;
  expect(differ(3307, config)).toEqual(['commands.port says 3307, and the port of its server is 3306']);
  expect(differ(3306, config)).toEqual([]);
  // Nothing to compare with.
  expect(differ(3307, { ok: true, value: {} })).toEqual([]);
  expect(differ(3307, undefined)).toEqual([]);
});
