// Every verb and every key either only reads, and is in the list here, or is refused on a read-only host. A new one has
// to be in one of the two.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { dispatch } from '../../src/commands/dispatch.ts';
import { type Context, commands } from '../../src/commands/list.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { addJob } from '../job/adding.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-read-only-'));
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  if (!journal) throw new Error('no journal');
  const plan = { kind: 'seed', title: 'seed db2 to db3', hosts: ['db2', 'db3'], steps: [], destroys: [] };
  journal.setJob(
    addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'j' } }).id,
    'running',
  );
  journal.close();
  const host = (name: string, address: string) => `  ${name}: { ssh: { host: ${address}, transport: local } }\n`;
  const schedules = 'schedules: { nightly: { cron: 30 2 * * *, do: snapshot, hosts: db4 } }\n';
  const hosts = host('db2', '127.0.0.2') + host('db3', '127.0.0.3') + host('db4', '127.0.0.4');
  await writeFile(join(folder, 'hosts.yaml'), `readOnly: true\nhosts:\n${hosts}${schedules}`);
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.stubEnv('RESEED_INVENTORY', join(folder, 'hosts.yaml'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** What the verb says and ends with, in this process. */
async function reseed(...words: string[]) {
  const said = { stdout: '', stderr: '' };
  const hear = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text;
      return true;
    });
  const spies = [hear('stdout'), hear('stderr')];
  await runCli(['node', 'reseed', ...words]);
  for (const spy of spies) spy.mockRestore();
  const exitCode = process.exitCode;
  process.exitCode = undefined;
  return { ...said, exitCode };
}

/** The verbs that `help` of these words lists. */
async function verbsOf(...words: string[]): Promise<string[]> {
  const { stdout } = await reseed(...words, '--help');
  const [, listed = ''] = stdout.split('\nCommands:\n');
  return [...(listed.split('\n\n')[0] ?? '').matchAll(/^ {2}(\S+)/gm)]
    .map(([, verb = '']) => verb)
    .filter((verb) => verb !== 'help')
    .map((verb) => [...words, verb].join(' '));
}

/**
 * `drill` changes only its own fleet, `trust` and `init` a file of this account, `history` what it shares; the words of `job` in this list only watch. Of `schedule` and `rule`, these change
 * the journal of this account or its timer; what a tick begins is refused by its plan.
 */
const looking = [
  'console',
  'replay',
  'status',
  'check',
  'methods',
  'import-agent',
  'init',
  'log',
  'processes',
  'jobs',
  'trust',
  'sudoers',
  'drill',
  'metrics',
  'completion',
  'version',
  'snapshot list',
  'snapshot hosts',
].concat(
  ['show', 'log', 'attach'].map((verb) => `job ${verb}`),
  ['list', 'next', 'enable', 'disable', 'install', 'uninstall', 'tick', 'daemon'].map((verb) => `schedule ${verb}`),
  ['list', 'test'].map((verb) => `notify ${verb}`),
  ['status', 'join', 'leave'].map((verb) => `history ${verb}`),
  ['list', 'enable', 'disable'].map((verb) => `rule ${verb}`),
  ['proof', 'job'].map((verb) => `report ${verb}`),
);
/** With the words that it takes. */
const changing: Readonly<Record<string, string>> = {
  start: 'db2',
  stop: 'db2',
  restart: 'db2',
  seed: 'db2 db3',
  run: 'db2 top',
  salvage: 'db2 db3',
  unlock: 'db2',
  clean: 'db2',
  proof: 'db2',
  'snapshot create': 'db2',
  'snapshot mount': 'db2 snap',
  'snapshot unmount': 'db2 snap',
  'snapshot remove': 'db2 snap',
  'snapshot prune': 'db2',
  'schedule run': 'nightly',
  'job abort': '1 --yes',
  'job resume': '1',
  'job limit': '1 20M',
  'job take-up': '1',
};

describe('a verb', () => {
  test('either looks, or is one that read-only hosts refuse', async () => {
    const groups = ['snapshot', 'job', 'schedule', 'notify', 'history', 'report', 'rule'];
    const all = (await verbsOf()).filter((verb) => !groups.includes(verb));
    for (const group of groups) all.push(...(await verbsOf(group)));
    expect(all.toSorted()).toEqual([...looking, ...Object.keys(changing)].toSorted());
  });

  test.each(Object.entries(changing))('%s %s of a read-only host is refused', async (verb, words) => {
    const { exitCode, stderr } = await reseed(...verb.split(' '), ...words.split(' '));
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('is read-only in the inventory')]);
  });
});

test('a tick begins nothing on read-only hosts, and asks none of them', async () => {
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  const settled = { name: 'nightly', checkedMs: Date.now() - 2 * 86_400_000, runs: [], passed: [] };
  journal?.schedules.settle(join(folder, 'hosts.yaml'), [settled], Date.now());
  journal?.close();
  const { exitCode, stdout } = await reseed('schedule', 'tick');
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/^nightly: db4 refused: db4 is read-only in the inventory; set /),
  ]);
});

test('what the inventory alone refuses of reseed run is refused though the host is away', async () => {
  const file = join(folder, 'away.yaml');
  const away = (port: number) => `ssh: { host: 127.0.0.1, port: ${port} }, commands: { pin: /opt/pin }`;
  await writeFile(file, `hosts: { db2: { ${away(1)} }, db3: { ${away(2)}, readOnly: true } }\n`);
  const wrong = await reseed('run', 'db2', 'pim', '--inventory', file);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('db2 has no command pim')]);
  const held = await reseed('run', 'db3', 'pin', '--inventory', file);
  expect([held.exitCode, held.stderr]).toEqual([3, expect.stringContaining('db3 is read-only in the inventory')]);
});

describe('a key', () => {
  const looks = commands.filter(({ changes }) => !changes).map(({ name }) => name);
  const ofScreen = /^(move|mark|pane|list|log|screen|palette|help|console|text|sort)\.|\.open$/;

  test('either looks, or changes something by its own word', () => {
    expect(looks.filter((name) => !ofScreen.test(name))).toEqual([
      'seed.choose',
      'processes.idle',
      'fleet.tree',
      'fleet.trouble',
      'fleet.discovered',
      'fleet.refresh',
      'host.last',
    ]);
  });

  test.each(commands.filter(({ changes }) => changes))('$name is refused in a read-only console', (command) => {
    const screens = command.where === 'everywhere' ? (['fleet'] as const) : command.where;
    for (const screen of screens) {
      const context: Context = { screen, readOnly: true, onDiscovered: false, discovered: 0 };
      const done: string[] = [];
      const handler = () => {
        done.push(command.name);
        return undefined;
      };
      expect(dispatch(command, context, handler)).toMatchObject({
        done: false,
        why: expect.stringContaining('this console is read-only'),
      });
      expect(done).toEqual([]);
    }
  });
});
