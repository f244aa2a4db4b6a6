import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const bin = join(import.meta.dirname, '../bin/reseed.js');
const reseed = (...words: string[]) => execa(process.execPath, [bin, ...words], { reject: false });

test('under an older Node, one line says which is needed and how to get it', async () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.20.2" })';
  const done = await execa(process.execPath, ['--import', older, bin, 'drill', 'status'], { reject: false });
  expect(done.exitCode).toBe(1);
  expect(done.stdout).toBe('');
  expect(done.stderr).toMatch(
    /^reseed: this is Node 20\.20\.2, and reseed needs Node 24 or newer: .*bin\/reseed.*https:\/\/nodejs\.org\S*$/,
  );
});

test.each([[['frobnicate']], [['drill', 'dance']], [['drill', 'up', '--fast']], [['drill', 'fault']]])(
  'wrong words end with 2: reseed %j',
  async (words) => {
    const done = await reseed(...words);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain('error: ');
  },
);

test.each(['--tables', '--databases'])(
  '%s without a name (an empty variable of a shell) asks no host',
  async (flag) => {
    const done = await reseed('--inventory', '/none/hosts.yaml', 'seed', 'db1', 'db3', flag, '');
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain(`${flag} names no `);
  },
);

test('help names the exit codes, and every verb of the drill has examples', async () => {
  const { stdout } = await reseed('--help');
  expect(stdout).toContain('3 refused by a check');
  expect(stdout).toContain('Without a verb: the console (--read-only, --inventory FILE,');
  for (const verb of ['up', 'down', 'status', 'console', 'ssh', 'exec', 'fault', 'heal', 'reset', 'verify']) {
    const help = await reseed('drill', verb, '--help');
    expect(help.stdout, verb).toContain('Examples:\n  $ ');
    expect(help.stdout, verb).toContain('--json');
    expect(help.exitCode).toBe(0);
  }
}, 120_000);

test('a reader that wants no more of a pipe is no failure, and is not told of one', async () => {
  const done = await execa('bash', ['-c', 'set -o pipefail; "$0" "$1" check --help | true', process.execPath, bin]);
  expect(done.stderr).toBe('');
});

test.each([
  [['--inventory', '/none/hosts.yaml', 'seed', 'db2', 'db3', '--yes=db3']],
  [['--inventory=/none/hosts.yaml', 'snapshot', 'create', 'db2', '--dry-run']],
  [['--inventory', '/none/hosts.yaml', 'status', '--json']],
])('an inventory that is named before the verb is that of the verb: reseed %j', async (words) => {
  const { exitCode, stdout, stderr } = await reseed(...words);
  expect({ exitCode, said: `${stdout}${stderr}` }).toEqual({
    exitCode: 2,
    said: expect.stringContaining('/none/hosts.yaml does not exist'),
  });
});
