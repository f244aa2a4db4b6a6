// What a shell completes after `reseed`: verbs, options, and names of the inventory and the journal.
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { removeSnapshot } from '../../src/snapshot/remove-snapshot.ts';
import { addJob } from '../job/adding.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-completion-'));
  await writeFile(
    join(folder, 'hosts.yaml'),
    `clusters: { shop: {}, crm: {} }
hosts:
  db1: { cluster: shop, datacenter: ams, commands: { pin: { run: [/opt/pin] } } }
  db2: { cluster: shop }
  "db 3": { ssh: { host: 10.0.0.13 } }
  "db$(touch touched)": { ssh: { host: 10.0.0.14 } }
schedules: { nightly: { cron: 30 2 * * *, do: snapshot, hosts: db1 } }
rules: { broken: { when: 1062 } }
`,
  );
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  if (!journal) throw new Error('no journal');
  const who = { account: 'ops', jumpHost: 'j' };
  const taken = (volume: string) => {
    const args = ['remove', 'group=vg0', `name=${volume}`, 'uuid=', 'origin=mysql', 'job=cafe'];
    const step = { work: 'take-snapshot', name: 'snapshot db1', title: 'snapshot db1', host: 'db1', input: {} };
    const remove = { host: 'db1', script: 'snapshot', args, deadlineMs: 1000 } as const;
    const steps = [
      { ...step, commands: { remove }, acquires: { what: volume, release: 'remove', whenDone: 'keep' } },
    ] as const;
    const plan = { kind: 'snapshot', title: 'snapshot db1', hosts: ['db1'], steps, destroys: [] };
    const { id } = addJob(journal, { key: volume, plan, targets: [], who });
    journal.setResource(id, 'snapshot db1', volume, 'kept');
    journal.setJob(id, 'done');
  };
  taken('snap-old');
  taken('snap-new');
  const gone = { group: 'vg0', volume: 'snap-old', uuid: 'u', origin: 'mysql' };
  const step = removeSnapshot.plan({ host: { name: 'db1' }, snapshot: gone } as never);
  const plan = { kind: 'remove', title: 'remove', hosts: ['db1'], steps: [step], destroys: [] };
  const { id } = addJob(journal, { key: 'beef', plan, targets: [], who });
  journal.setStep(id, step.name, 'done');
  journal.setJob(id, 'done');
  journal.close();
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.stubEnv('RESEED_INVENTORY', join(folder, 'hosts.yaml'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function said(...words: string[]) {
  let stdout = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  await runCli(['node', 'reseed', ...words]);
  spy.mockRestore();
  process.exitCode = undefined;
  return stdout;
}
const completed = async (...words: string[]) => (await said('complete', '--', ...words)).split('\n').slice(0, -1);

describe('the word under the cursor', () => {
  test.each<[string[], string[]]>([
    [['sched'], ['schedule']],
    [['schedule', 'en'], ['enable']],
    [['schedule', 'enable', ''], ['nightly']],
    [['rule', 'disable', ''], ['broken']],
    [
      ['seed', 'db'],
      ['db1', 'db2', 'db 3', 'db$(touch touched)'],
    ],
    [
      ['seed', 'db1', 'db2', 'db'],
      ['db 3', 'db$(touch touched)'],
    ],
    [['seed', 'db1', 'db2', '--cha'], ['--channel']],
    [
      ['seed', 'db1', '--channel', ''],
      ['ssh', 'relay', 'tls'],
    ],
    [['seed', 'db1', 'db2', '--snapshot', ''], ['snap-new']],
    [['snapshot', 'mount', 'db1', ''], ['snap-new']],
    [['snapshot', 'mount', 'db2', ''], []],
    [['snapshot', 'hosts', '--cluster', ''], ['shop']],
    [['run', 'db1', ''], ['pin']],
    [
      ['job', 'show', ''],
      ['3', '2', '1'],
    ],
    [['job', 'log', '2'], ['2']],
    [['completion', 'f'], ['fish']],
    [['no-such-verb', ''], []],
    [['seed', '--', '-'], []],
  ])('after %j is one of %j', async (words, answer) => {
    expect(await completed(...words)).toEqual(answer);
  });

  test('is no secret verb, and nothing is said of an inventory with mistakes', async () => {
    expect(await completed('')).toContain('status');
    expect(await completed('')).not.toContain('complete');
    expect(await completed('seed', '--inventory', '/none', '')).toEqual([]);
  });
});

test('bash completes by it, and runs nothing that stands in a name', async () => {
  const bin = join(folder, 'bin');
  const program = join(bin, 'reseed');
  await mkdir(bin);
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${root}/bin/reseed.js' "$@"\n`);
  await chmod(program, 0o755);
  const script = `source <(reseed completion bash)
complete -p reseed
COMP_WORDS=(reseed seed db); COMP_CWORD=2; _reseed
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const { stdout } = await execa('bash', ['--norc', '-c', script], { env, cwd: folder });
  expect(stdout.split('\n')).toEqual([
    'complete -o default -F _reseed reseed',
    'db1',
    'db2',
    'db\\ 3',
    'db\\$\\(touch\\ touched\\)',
  ]);
  expect(await readdir(folder)).not.toContain('touched');
});

test('reseed job 2 shows job 2', async () => {
  expect(await said('job', '2')).toBe(await said('job', 'show', '2'));
  expect(JSON.parse(await said('job', '2', '--json'))).toMatchObject({ kind: 'job', id: 2 });
});

test('reseed version tells what it runs on', async () => {
  expect(await said('version')).toMatch(/^reseed \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+, linux \w+\)\n$/);
  expect(JSON.parse(await said('version', '--json'))).toMatchObject({ kind: 'version', version: 1, platform: 'linux' });
});
