// prelude.sh's way to a server, with a mysql and a my_print_defaults that note what they are given.
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { openAlone } from '../alone.ts';

let folder: string;
let prelude: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-client-'));
  prelude = (await scriptText('check')).split('\n#!/bin/sh\n')[0] as string;
  await program('my_print_defaults', 'case "$*" in *--show*) exit 1 ;; esac; printf "%s\\n" "$RESEED_OPTIONS"');
});
afterAll(() => rm(folder, { recursive: true }));

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
  await chmod(join(folder, name), 0o755);
}

async function sh(script: string, options = ''): Promise<string> {
  const env = { PATH: `${folder}:${process.env.PATH}`, RESEED_OPTIONS: options };
  const { stdout } = await execa('sh', ['-c', `${prelude}\n${script}`, 'test'], { env });
  return stdout;
}

describe('a statement of ours', () => {
  beforeAll(() => program('mysql', 'printf "%s\\n" "$@"; case $1 in *fd/8) cat <&8 ;; esac'));

  test('goes to the server of the defaults file and the socket that the inventory names, and to no other', async () => {
    const words = (await sh('sql_client "/etc/it\'s b.cnf" "/run/a b.sock" -e x')).split('\n');
    expect(words.slice(0, 5)).toEqual([
      "--defaults-file=/etc/it's b.cnf",
      '--plugin-dir=',
      '--host=localhost',
      '--protocol=socket',
      '--socket=/run/a b.sock',
    ]);
    expect(words.slice(-2)).toEqual(['-e', 'x']);
  });

  test.each([
    '--skip-vertical',
    '--skip-table',
    '--column-names',
    '--skip-html',
    '--skip-xml',
    '--delimiter=;',
    '--skip-force',
  ])("says %s itself, whatever the DBA's option files say", async (word) =>
    expect((await sh("sql_client '' '' -e x")).split('\n')).toContain(word),
  );

  test('sets the state of its session: sql_mode, autocommit, time zone, character set', async () => {
    const words = await sh("sql_client '' '' -e x");
    for (const state of ["sql_mode = ''", 'autocommit = 1', 'time_zone =', 'NAMES utf8mb4', 'sql_safe_updates = 0']) {
      expect(words).toContain(state);
    }
  });

  describe('where option files of root name a host', () => {
    beforeAll(async () => {
      await program('hostname', 'echo 10.1.1.5 fd00::5');
      await program(
        'getent',
        'case $2 in own.example) echo "10.1.1.5 STREAM" ;; primary.example) echo "10.1.1.9 STREAM" ;; *) exit 2 ;; esac',
      );
    });
    const asked = (host: string, socket = '') =>
      sh(`sql_client '' '${socket}' -e x 2>&1 || echo refused`, `--user=dba\n--host=${host}`);

    test.each(['primary.example', 'nowhere.example'])('is not asked of %s: it is another host', async (host) => {
      const told = await asked(host);
      expect(told).toContain(`another host (${host})`);
      expect(told).toMatch(/refused$/);
    });

    test.each(['own.example', 'localhost', '127.0.0.1', '::1'])('is asked of %s: it is this one', async (host) =>
      expect(await asked(host)).toMatch(/\nx$/),
    );

    test('is asked through the socket that the inventory names, whatever they say', async () =>
      expect(await asked('primary.example', '/run/own.sock')).toContain('--socket=/run/own.sock'));
  });

  test('of a DBA whose option files say silent keeps its column names, and the password stays out of the arguments', async () => {
    const words = await sh(
      "sql_client /root/my.cnf '' -e x",
      '--silent\n--user=root\n--password=a"b\\c\n--tee=/root/t.log',
    );
    const [given = '', file = ''] = words.split('[mysql]\n');
    expect(given).not.toContain('a"b');
    expect(given).toMatch(/^--defaults-file=\/dev\/fd\/8\n/);
    expect(file).toBe('user="root"\npassword="a\\"b\\\\c"');
  });
});

describe('a server', () => {
  test.each([
    ['answers', 'exit 0', true],
    ['that refuses the login answers', 'echo "ERROR 1045 (28000): Access denied"; exit 1', true],
    ['with too many connections answers', 'echo "ERROR 1040 (HY000): Too many connections"; exit 1', true],
    ['that shuts down does not', 'echo "ERROR 1053 (08S01): Server shutdown in progress"; exit 1', false],
    ['that is not there does not', 'echo "ERROR 2002 (HY000): no socket"; exit 1', false],
    ['whose client can not run does not', 'echo "mysql: [ERROR] unknown variable"; exit 7', false],
  ])('%s', async (_, text, answers) => {
    await program('mysql', text);
    expect(await sh("if server_answers '' ''; then echo yes; else echo no; fi")).toBe(answers ? 'yes' : 'no');
  });

  test.each(['mariadbd', 'mysqld.bin', 'mysqld-debug'])(
    'is found by its datadir as %s; a shell, and what guards a server, are none',
    async (name) => {
      const datadir = await mkdtemp(join(tmpdir(), 'reseed-datadir-'));
      for (const file of [name, 'mariadbd-safe', 'mysqld-exporter']) await copyFile('/bin/sleep', join(folder, file));
      const alone = await openAlone();
      onTestFinished(async () => {
        await alone.end();
        await rm(datadir, { recursive: true });
      });
      await alone.start('/bin/sleep', ['1000'], datadir);
      for (const file of ['mariadbd-safe', 'mysqld-exporter']) await alone.start(join(folder, file), ['1000'], datadir);
      const server = await alone.start(join(folder, name), ['1000'], datadir);
      const { stdout } = await alone.run('sh', ['-c', `${prelude}\nservers_in ${datadir}`, 'test']);
      expect(stdout).toBe(String(server));
    },
  );
});
