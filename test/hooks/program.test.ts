// Programs of hooks on this machine, and files among their arguments.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileHere } from '../../src/hooks/program.ts';

test('an argument that this account can not look at is refused in words, and ends no plan as an error', () => {
  const base = mkdtempSync(join(tmpdir(), 'reseed-hooks-'));
  const link = join(base, 'drain.sh');
  symlinkSync(link, link);
  expect(fileHere(link)).toEqual({ why: 'its links lead nowhere' });
  rmSync(base, { recursive: true });
});

test('an argument that is no path of a file is none', () => {
  expect(fileHere('/no/such/file')).toBeUndefined();
});
