// The account that a replica logs in with at its source. It exists only in memory between the place where it is kept
// and the server's standard input: no argument, log or journal has it.
//
// It comes from one of two places. Each runner of a job asks again, so that a killed one loses nothing:
//   - a file on this machine, that only its owner may read, written as the [client] part of ~/.my.cnf: `user = repl`,
//     `password = ...`. An account that an operator types is written into such a file, which is removed with the job.
//   - a replica that already logs in there: its server knows the account (seed-account.sh).
import { readFileSync, statSync } from 'node:fs';
import { writableByOthers } from '../../../process/writers.ts';

export interface Account {
  readonly user: string;
  readonly password: string;
}

export type AccountRead =
  | { readonly ok: true; readonly account: Account }
  /** Clean words, without any part of the account. */
  | { readonly ok: false; readonly message: string; readonly advice: string };

/** `path` is absolute. */
export function accountIn(path: string): AccountRead {
  let text: string;
  try {
    if (statSync(path).isDirectory()) return refused(`${path} is a folder`, 'name the file with the account');
    if ((statSync(path).mode & 0o077) !== 0) {
      return refused(`${path} holds a password, and others may read it`, `chmod 600 ${path}`);
    }
    const writable = writableByOthers(path, { group: 'refused' });
    if (writable) return refused(`${path} ${writable.what}`, writable.advice);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return refused(`${path} does not exist`, '');
    return refused(`${path} can't be read: ${error instanceof Error ? error.message : error}`, '');
  }
  const options = readOptions(text);
  const password = options.get('password');
  // An account without a password must say so: `password =`.
  if (options.get('user') && password === undefined) {
    return refused(`${path} names no password`, 'it needs a line: password = ...');
  }
  return accountOf(options.get('user') ?? '', password ?? '', path);
}

/** Reads the output of `seed-account.sh` from a host. */
export function accountFrom(text: string, host: string): AccountRead {
  const [user, password] = text.split('\n');
  if (user === undefined || password === undefined || !/^[\da-f]*$/i.test(user + password)) {
    return refused('the answer of seed-account.sh was not understood', '');
  }
  return accountOf(fromHex(user), fromHex(password), `the replica on ${host}`);
}

const fromHex = (hex: string) => Buffer.from(hex, 'hex').toString('utf8');

function accountOf(user: string, password: string, where: string): AccountRead {
  if (user === '') return refused(`${where} names no user`, 'it needs a line: user = NAME');
  // The server accepts no line end in either.
  if (/[\0\r\n]/.test(user + password)) return refused(`the account in ${where} has a line end in it`, '');
  return { ok: true, account: { user, password } };
}

const refused = (message: string, advice: string): AccountRead => ({ ok: false, message, advice });

/** As in the MySQL manual, "Using Option Files"; sections are not distinguished. */
function readOptions(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) options.set(name, unescaped(unquoted(value)));
  }
  return options;
}

/** A `#` begins a comment, except within quotes. */
function unquoted(value: string): string {
  const [, , quoted] = /^(['"])(.*)\1(?:\s*#.*)?$/.exec(value) ?? [];
  return quoted ?? value.replace(/\s*#.*$/, '');
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  r: '\r',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** A backslash before any other letter is literal. */
const unescaped = (value: string) => value.replace(/\\([btnrs\\"'])/g, (_, letter: string) => escapes[letter] ?? '');

/** The text of a file that `accountIn` and the vendors' programs read as this account. For these a `"` that is not escaped ends the quotes, and a `#` behind it the value. */
export function accountText({ user, password }: Account): string {
  const written = (value: string) => `"${value.replaceAll(/[\\"]/g, '\\$&')}"`;
  return `[client]\nuser = ${written(user)}\npassword = ${written(password)}\n`;
}
