// Which files a command or a hook is made of: they are looked at before it is run.
import { expect, test } from 'vitest';
import { filesOf } from '../../src/inventory/command-files.ts';

const scripts = (...words: string[]) => filesOf(words).flatMap(({ path, as }) => (as === 'script' ? [path] : []));

test('what an interpreter reads as a script has to be there', () => {
  expect(scripts('/bin/sh', '-e', '/opt/run.sh', '/etc/x')).toEqual(['/opt/run.sh']);
  expect(scripts('python3', '-u', '/opt/run.py')).toEqual(['/opt/run.py']);
  expect(scripts('sudo', '-n', '/usr/bin/perl', '/opt/run.pl')).toEqual(['/usr/bin/perl', '/opt/run.pl']);
});

test.each([
  ['sh', '-c'],
  ['/bin/bash', '-lec'],
  ['dash', '-ce'],
  ['python3', '-c'],
  ['perl', '-ne'],
  ['ruby', '-e'],
  ['node', '--eval'],
  ['php', '-r'],
])('the text of a program is no file that is missing: %s %s', (program, option) => {
  expect(scripts(program, option, 'echo ran >>/tmp/ran; . /tmp/more')).toEqual([]);
});
