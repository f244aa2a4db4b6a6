// Files of hooks on this machine: whether another account could change them.
import { chmodSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { lookAt, lookHere, troubleOf } from '../../src/hooks/program.ts';

const other = 65_534;

function madeIn() {
  const base = mkdtempSync(join(tmpdir(), 'reseed-hooks-'));
  onTestFinished(() => rmSync(base, { recursive: true }));
  const real = join(base, 'real');
  writeFileSync(real, '#!/bin/sh\n');
  chmodSync(real, 0o755);
  return { base, real };
}

test('an argument that this account can not look at is refused in words, and ends no plan as an error', () => {
  const link = join(madeIn().base, 'drain.sh');
  symlinkSync(link, link);
  expect(lookAt({ path: link, as: 'file' })).toEqual({ why: 'its links lead nowhere' });
});

test('an argument that is no path of a file is none', () => {
  expect(lookAt({ path: '/no/such/file', as: 'file' })).toBe('none');
});

test('a program that is reached by a link of another account is refused: the link could lead elsewhere when it is run', () => {
  const { base, real } = madeIn();
  const link = join(base, 'link');
  symlinkSync(real, link);
  expect(lookAt({ path: link, as: 'program' })).toMatchObject({ sha256: expect.any(String) });
  lchownSync(link, other, other);
  expect(lookAt({ path: link, as: 'program' })).toEqual({ why: `the link ${link} belongs to another account` });
});

test('a link in the middle of a chain is looked at as the first and the last', () => {
  const { base, real } = madeIn();
  const [first, shared] = [join(base, 'first'), join(base, 'shared')];
  mkdirSync(shared);
  symlinkSync(real, join(shared, 'mid'));
  symlinkSync('shared/../shared/mid', first);
  expect(lookAt({ path: first, as: 'program' })).toMatchObject({ sha256: expect.any(String) });
  chmodSync(shared, 0o777);
  expect(troubleOf(lookHere([first]))).toMatch(/: other accounts can write to .*shared \(mode 777\)/);
  chmodSync(shared, 0o755);
  lchownSync(join(shared, 'mid'), other, other);
  expect(troubleOf(lookHere([first]))).toMatch(/the link .*shared\/mid belongs to another account/);
});

test('a file with the sticky bit that others can write to is not taken for a sticky folder', () => {
  const { real } = madeIn();
  chmodSync(real, 0o1777);
  expect(lookAt({ path: real, as: 'program' })).toMatchObject({ why: expect.stringContaining('other accounts can') });
});

test('the script of an interpreter has to be there, and a pipe of another account is not read', () => {
  const { base } = madeIn();
  const path = join(base, 'later.sh');
  expect(troubleOf(lookHere(['/bin/sh', path]))).toBe(`${path}: there is no such file`);
  expect(troubleOf(lookHere(['/usr/bin/env', 'A=1', '/bin/sh', '-e', path]))).toBe(`${path}: there is no such file`);
  expect(troubleOf(lookHere(['/bin/true', path]))).toBeUndefined();
  execaSync('mkfifo', ['-m', '622', path]);
  expect(troubleOf(lookHere(['/bin/sh', path]))).toBe(`${path}: it is no file`);
  expect(troubleOf(lookHere(['/bin/true', path]))).toMatch(/other accounts can write to/);
});
