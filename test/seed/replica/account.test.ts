// The account that a replica logs in with, from where it is kept.
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountFrom, accountIn, accountText } from '../../../src/seed/replica/source/account.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reseed-account-'));
  path = join(folder, 'repl.cnf');
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(text: string, mode = 0o600) {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return accountIn(path);
}
const accountOf = (text: string) => {
  const read = written(text);
  return read.ok ? read.account : read.message;
};

describe('the file of an account', () => {
  test('is written as ~/.my.cnf is', () => {
    expect(accountOf('# of the replicas\n[client]\nuser=repl\n password = a b # c\n')).toEqual({
      user: 'repl',
      password: 'a b',
    });
    expect(accountOf(`[client]\nuser = "re pl"\npassword = 'x # "y\\\\z'  # said\n`)).toEqual({
      user: 're pl',
      password: 'x # "y\\z',
    });
  });

  test('that names no user, or no password, is refused with the line that it needs', () => {
    expect(written('[client]\npassword = s3cr3t\n')).toMatchObject({ ok: false, message: `${path} names no user` });
    expect(written('[client]\nuser = repl\n')).toEqual({
      ok: false,
      message: `${path} names no password`,
      advice: 'it needs a line: password = ...',
    });
    // An account without one says so.
    expect(accountOf('user = repl\npassword =\n')).toEqual({ user: 'repl', password: '' });
  });

  test('that others may read is not taken', () => {
    expect(written('user = repl\npassword = s3cr3t\n', 0o640)).toEqual({
      ok: false,
      message: `${path} holds a password, and others may read it`,
      advice: `chmod 600 ${path}`,
    });
  });

  test('that is a folder is told as that, and not to be closed to others', () => {
    expect(accountIn(folder)).toMatchObject({ ok: false, message: `${folder} is a folder` });
  });

  test('that another account owns, or can put another file in the place of, is refused with what to do', () => {
    written('user = repl\npassword = s3cr3t\n');
    chmodSync(folder, 0o775);
    expect(accountIn(path)).toEqual({
      ok: false,
      message: `${path} lies in ${folder}, which can be written by other accounts (mode 775)`,
      advice: `chmod go-w ${folder}`,
    });
    chmodSync(folder, 0o700);
    chownSync(path, 4242, 4242);
    expect(accountIn(path)).toMatchObject({ message: `${path} belongs to another account (uid 4242)` });
  });

  test('that names nobody, or is not there, says so and tells nothing of what it holds', () => {
    expect(accountOf('[client]\npassword = s3cr3t\n')).toBe(`${path} names no user`);
    rmSync(path);
    expect(accountIn(path)).toMatchObject({ ok: false, message: `${path} does not exist` });
  });

  test('has a `"` escaped: the programs of a server took what is behind `"#` for a comment, and logged in with a part of the password', () => {
    const text = accountText({ user: 'repl', password: 'a"#\\b' });
    expect(text).toBe('[client]\nuser = "repl"\npassword = "a\\"#\\\\b"\n');
    expect(accountOf(text)).toEqual({ user: 'repl', password: 'a"#\\b' });
  });

  test('gives back any account that was written into it', () => {
    const line = fc.string({ unit: fc.constantFrom(...`ab'"\\#; é=n`), maxLength: 20 });
    fc.assert(
      fc.property(line, line, (user, password) => {
        const account = { user: `u${user}`, password };
        expect(accountOf(accountText(account))).toEqual(account);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the account of a replica', () => {
  test('comes in hex, for it may hold anything', () => {
    expect(accountFrom('7265706C\n70276122\n', 'db2')).toEqual({
      ok: true,
      account: { user: 'repl', password: 'p\'a"' },
    });
    expect(accountFrom('7265706c\n\n', 'db5')).toEqual({ ok: true, account: { user: 'repl', password: '' } });
  });

  test('with a line end in it is refused: it would say something else to the server', () => {
    expect(accountFrom('7265\n610a62\n', 'db2')).toMatchObject({ ok: false });
    expect(accountFrom('no hex\nat all\n', 'db2')).toMatchObject({ ok: false });
    expect(accountFrom('', 'db2')).toMatchObject({ ok: false });
  });
});
