// prelude.sh in the shells that a host's /bin/sh may be: dash, and bash, which takes options and functions from its environment.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namedWords } from '../../src/scripts/named-words.ts';
import { scriptText } from '../../src/scripts/script.ts';

let folder: string;
let prelude: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-prelude-'));
  await symlink('/bin/bash', join(folder, 'sh'));
  prelude = (await scriptText('check')).split('\n#!/bin/sh\n')[0] as string;
});
afterAll(() => rm(folder, { recursive: true }));

const replaced = ['umask', 'command', 'shopt', 'env', 'sed', 'tr', 'printf', 'read', 'echo'];
// POSIXLY_CORRECT is not among them: with it bash takes no SHELLOPTS.
const environment = {
  PATH: '/usr/bin:/bin',
  SHELLOPTS: 'pipefail:keyword:noglob:noclobber:physical:allexport:nounset:errexit',
  BASHOPTS: 'failglob:nullglob:dotglob:nocasematch:nocaseglob:xpg_echo:lastpipe:extglob:localvar_inherit',
  // No sign of bash where it is not.
  BASH_VERSION: '5.2',
  ...Object.fromEntries(replaced.map((name) => [`BASH_FUNC_${name}%%`, '() { : replaced; }'])),
};

async function says(shell: string, script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await execa(
    shell,
    ['-c', `builtin umask 077 2>/dev/null || umask 077\n${prelude}\n${script}`, 'test'],
    {
      env: environment,
      extendEnv: false,
      cwd: folder,
      reject: false,
    },
  );
  return exitCode === 0 ? stdout : `${exitCode}: ${stderr}`;
}

describe.each([['dash'], ['bash']])('the options and functions of a login, where /bin/sh is %s,', (name) => {
  const shell = () => (name === 'bash' ? join(folder, 'sh') : name);

  test.each([
    ['a umask that does nothing', 'umask', '0022'],
    ['pipefail', 'if false | true; then echo without; fi', 'without'],
    ['keyword', 'set -- a b=c; count() { echo $#; }; count a b=c', '2'],
    ['failglob and nullglob', 'echo /nonexistent/*', '/nonexistent/*'],
    ['dotglob', ': >.hidden; echo *hidden', '*hidden'],
    ['nocasematch', 'case A in a) echo same ;; *) echo other ;; esac', 'other'],
    ['xpg_echo', `[ "$0" = test ] && printf '%s\\n' 'a\\b'`, 'a\\b'],
    ['lastpipe', 'value=before; echo after | read -r value; echo $value', 'before'],
    ['allexport', 'mine=1; env | grep -c ^mine=', '0'],
    ['what a program gets of it', "env | grep -cE '^(SHELLOPTS|BASHOPTS|POSIXLY_CORRECT|BASH_FUNC_.*)='", '0'],
    ['nounset and errexit', 'false; echo "[$undefined]"', '[]'],
    ['noclobber and noglob', 'echo a >once; echo b >once; cat on*', 'b'],
  ])('change no script: %s', async (_, script, answer) => {
    expect(await says(shell(), `${script}; :`)).toBe(answer);
  });
});

test('all that bash takes from its environment is as in a bash with an empty one', async () => {
  const show = 'shopt; set +o';
  const [odd, clean] = await Promise.all([
    says(join(folder, 'sh'), show),
    execa(join(folder, 'sh'), ['-c', `${prelude}\n${show}`], { env: { PATH: '/usr/bin:/bin' }, extendEnv: false }),
  ]);
  expect(odd).toBe(clean.stdout);
});

describe('the words of a script, by their names', () => {
  const told = (...words: string[]) =>
    says(
      '/bin/sh',
      `set -u; declare_words 'group name size' ${words.map((word) => `'${word}'`).join(' ')}; printf '%s|' "$group" "$name" "$size"`,
    );

  test('are read in any order, whatever is in them', async () => {
    expect(await told('size=', 'name=a=$(id) b', 'group=vg*')).toBe('vg*|a=$(id) b||');
  });

  test.each([
    ['one that it does not know', ['group=vg', 'volume=a', 'size=1'], "3: test knows no word 'volume'"],
    ['one that is no name', ['group=vg', 'x;id=a', 'size=1'], "3: test knows no word 'x;id'"],
    ['one that holds two names', ['group name=vg', 'name=a', 'size=1'], "3: test knows no word 'group name'"],
    ['a place in a list', ['vg', 'a', '1'], "3: test is told name=value, and not 'vg'"],
    ['one of them twice', ['group=vg', 'group=a', 'size=1'], "3: test was told the word 'group' twice"],
    ['not all', ['group=vg', 'name=a'], "3: test was not told the word 'size'"],
  ])('are refused by the word where there is %s', async (_, words, said) => {
    expect(await told(...words)).toBe(said);
  });

  const listed = (...words: readonly string[]) =>
    says(
      '/bin/sh',
      `set -u; declare_words 'group place...' ${words.map((word) => `'${word}'`).join(' ')}; eval "set -- $place"; printf '%s|' "$group" "$#" "$@"`,
    );

  test('make a list where one may be told more than once: in their order, whatever is in them', async () => {
    const words = namedWords({ group: 'vg', place: ['redo=/srv/re do', '$(id)"`', 'a*\nb'] });
    expect(await listed(...words)).toBe('vg|3|redo=/srv/re do|$(id)"`|a*\nb|');
    expect(await listed('place=b', 'group=vg', 'place=a')).toBe('vg|2|b|a|');
  });

  test('tell that a list has nothing: one that was left out is refused', async () => {
    expect(await listed(...namedWords({ group: 'vg', place: [] }))).toBe('vg|0|');
    expect(await listed('group=vg')).toBe("3: test was not told the word 'place'");
  });
});
