// salvage-look.sh on a folder of this machine, with a mysqlbinlog that fails: what can not be read is told, and is never nothing.
import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { readLogText } from '../../src/operations/salvage/look.ts';
import { tailWarnings } from '../../src/salvage/lines.ts';
import { readTail } from '../../src/salvage/tail.ts';
import { lookWords } from '../../src/scripts/salvage-words.ts';
import { readScript } from '../../src/scripts/script.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const head = readFileSync(new URL('../fixtures/mariadb-10.11/mysqlbinlog-head.txt', import.meta.url), 'utf8');
const maxBytes = 1_000_000;

interface Case {
  /** What mysqlbinlog does with the log `$log`. */
  readonly program?: string;
  readonly has?: string;
  readonly sizes?: readonly number[];
  readonly maxBytes?: number;
  /** As of a MariaDB whose option files do not name its relay logs. */
  readonly unnamedRelay?: boolean;
  /** In place of this file the account of the server has put a pipe. */
  readonly pipe?: 'binlog.index' | 'binlog.000001';
  /** Names of further channels, each with a relay log. */
  readonly channels?: readonly string[];
}

function looked(verb: 'list' | 'text', { program, has = '0-14-700', sizes = [4], ...more }: Case) {
  const folder = mkdtempSync(join(tmpdir(), 'reseed-look-'));
  folders.push(folder);
  const names = sizes.map((size, at) => {
    const path = join(folder, `binlog.00000${at + 1}`);
    writeFileSync(path, Buffer.from('fe62696e', 'hex'));
    truncateSync(path, size);
    return path;
  });
  writeFileSync(join(folder, 'binlog.index'), `${names.join('\n')}\n`);
  for (const name of more.channels ?? []) {
    writeFileSync(join(folder, `binlog-${name}.000007`), Buffer.from('fe62696e', 'hex'));
    writeFileSync(join(folder, `binlog-${name}.index`), `./binlog-${name}.000007\n`);
  }
  const rows = ['', ...(more.channels ?? [])].map(
    (name) => `10.0.0.1\\t${name === '' ? 'binlog.000001' : `binlog-${name}.000007`}\\t${name}\\n`,
  );
  writeFileSync(join(folder, 'printed'), head);
  if (more.pipe) {
    rmSync(join(folder, more.pipe));
    execaSync('mkfifo', [join(folder, more.pipe)]);
  }
  const client = join(folder, 'mysqlbinlog');
  writeFileSync(client, `#!/bin/sh\nfor log in "$@"; do :; done\necho "$log" >>${folder}/read\n${program ?? ''}\n`);
  chmodSync(client, 0o755);
  const stubs = [
    `sql_client() { case $* in *STATUS*) printf 'Master_Host\\tRelay_Log_File\\tChannel_Name\\n${rows.join('')}' ;; *version*) echo 10.11.19-MariaDB ;; *relay_log*) echo NULL ;; *datadir*) echo ${folder} ;; *index*) echo ${folder}/binlog.index ;; *) echo ${folder}/binlog ;; esac; }`,
    `first_of() { echo ${program === undefined ? 'no-such-program' : client}; }`,
  ].join('\n');
  const text = readScript('salvage-look')
    .replace(/\nas_account\(\) .*\n/, '\nas_account() { shift; "$@"; }\n')
    .replace('\nset -u\nverb=$1', () => `\n${stubs}\nset -u\nverb=$1`)
    .replaceAll('case $account in root:* | UNKNOWN:*)', 'case $account in UNKNOWN:*)');
  const args = lookWords(verb, {
    log: more.unnamedRelay || more.channels ? 'relay' : 'binlog',
    has,
    maxBytes: more.maxBytes ?? maxBytes,
  });
  const { exitCode, stdout, stderr } = execaSync('sh', ['-c', text, 'salvage-look', ...args], {
    reject: false,
    stripFinalNewline: false,
    timeout: 60_000,
    env: { TMPDIR: folder },
  });
  const read = () => readFileSync(join(folder, 'read'), 'utf8');
  return { exitCode, stdout, stderr, read };
}

const printsAll = 'cat "$(dirname "$0")/printed"';
const warningsOf = (text: string) => {
  const tail = readTail(text);
  if (!tail) throw new Error(text);
  return tailWarnings(tail);
};

test.each([
  ['binlog.index', 'lists no logs, or can not be read by'],
  ['binlog.000001', 'binlog.000001: no binary log, or it can not be read'],
] as const)('a pipe in place of %s is told, and not waited for', (pipe, why) => {
  const { exitCode, stderr } = looked('list', { pipe, program: printsAll });
  expect(stderr).toContain(why);
  expect(exitCode).toBe(1);
});

describe('a log that mysqlbinlog can not read', () => {
  test('is named with what it said, and not shown as one with nothing lacking', () => {
    const { stdout } = looked('list', { program: "echo 'ERROR: Could not read entry at offset 259' >&2\nexit 1" });
    expect(warningsOf(stdout)).toEqual([
      'binlog.000001 can not be read to its end: ERROR: Could not read entry at offset 259',
    ]);
  });

  test('is named where all that could be read of it is there already', () => {
    expect(warningsOf(looked('list', { program: `${printsAll}\nexit 1` }).stdout)).toEqual([
      'binlog.000001 can not be read to its end: mysqlbinlog ended with 1',
    ]);
    expect(warningsOf(looked('list', { program: printsAll }).stdout)).toEqual([]);
  });

  test('is named behind the text of --sql, which was whole where its status went with the pipe', () => {
    const { stdout, exitCode } = looked('text', { program: `${printsAll}\nexit 1`, has: '0-14-565' });
    expect(exitCode).toBe(0);
    expect(readLogText(stdout)).toMatchObject({ torn: 'binlog.000001: mysqlbinlog ended with 1' });
    expect(stdout).toContain('GTID 0-14-566');
    expect(readLogText(looked('text', { program: printsAll, has: '0-14-565' }).stdout).torn).toBeUndefined();
  });

  test('is no failure of --sql where only its text is cut', () => {
    const { stdout } = looked('text', { program: `${printsAll}\nexit 1`, has: '0-14-565', maxBytes: 100 });
    expect(stdout).toBe(head.slice(0, 100));
  });
});

test.each(['list', 'text'] as const)('a host without mysqlbinlog is refused by the name of its package: %s', (verb) => {
  const { exitCode, stderr, stdout } = looked(verb, {});
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toMatch(/^it has no mysqlbinlog: install the package .*mariadb-client/);
});

test('logs of more bytes than are read are refused before one is read through', () => {
  const { exitCode, stderr, read } = looked('list', {
    program: printsAll,
    has: '',
    sizes: [4, 2_000_000, 2_000_000],
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('more than 1000000 bytes of its logs would have to be read');
  // Each for its beginning only.
  expect(read().trim().split('\n')).toHaveLength(3);
});

test('relay logs of a MariaDB that no option file names are found by the present one', () => {
  const { exitCode, stderr, stdout } = looked('list', { program: printsAll, unnamedRelay: true });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(readTail(stdout)?.logs).toMatchObject([{ path: expect.stringMatching(/\/binlog\.000001$/) }]);
});

test('relay logs of each channel are read, and what two channels received is listed once', () => {
  const relayLog = new URL('../fixtures/mariadb-10.11/mysqlbinlog-relay.txt', import.meta.url).pathname;
  const program = `case "$*" in *hexdump*) cat ${relayLog} ;; *) ${printsAll} ;; esac`;
  const { exitCode, stderr, stdout } = looked('list', { program, has: '0-14-54', channels: ['a', 'b'] });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const tail = readTail(stdout);
  expect(tail?.logs.map(({ path }) => path.split('/').at(-1))).toEqual([
    'binlog.000001',
    'binlog-a.000007',
    'binlog-b.000007',
  ]);
  expect(tail?.runs).toHaveLength(1);
  expect(tail?.transactions.map(({ log }) => log)).toEqual(tail?.transactions.map(() => 0));
});

test('--sql of logs that have nothing of what was received names it', () => {
  const { stdout } = looked('text', { program: printsAll });
  expect(stdout).toBe('');
  expect(readLogText(stdout, '0-1-91..99')).toEqual({ text: '', missing: '0-1-91..99' });
  expect(readLogText('BEGIN\n', '0-1-91..99')).toEqual({ text: 'BEGIN\n' });
});
