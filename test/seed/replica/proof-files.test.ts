// Which files of its host a server on copied data will read: a substitute of its program reports them, over real
// folders.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../../src/scripts/script.ts';
import { proofOfFilesWords, proofOfOpenWords, proofOfReadWords } from '../../../src/scripts/seed-proof-words.ts';

let folder: string;
let datadir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reseed-proof-'));
  // The server's account has to come by.
  chmodSync(folder, 0o755);
  datadir = join(folder, 'data');
  file('data/#innodb_redo/#ib_redo1');
  unit('/bin/sh -c exec @/bin/mysqld --defaults-file=/x $OPTS --port=7');
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(path: string, text = 'x') {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}
function program(name: string, text: string) {
  file(`bin/${name}`, `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

/** The unit's command line, with `@` for the folder. */
function unit(command: string, environment = '') {
  const line = `{ path=${command.split(' ')[0]} ; argv[]=${command} ; ignore_errors=no ; pid=0 }`.replaceAll(
    '@',
    folder,
  );
  program(
    'systemctl',
    `[ "$1" = show ] || exit 1\necho LoadState=loaded\necho 'ExecStart=${line}'\necho 'Environment=${environment}'\necho User=daemon`,
  );
}

async function script(words: readonly string[], input = '') {
  const { stdout, stderr } = await execa('sh', ['-c', await scriptText('seed-proof'), 'seed-proof.sh', ...words], {
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    input,
  });
  expect(stderr).toBe('');
  return stdout.replaceAll(folder, '');
}

/**
 * With the program's output about its options, as `mysqld --verbose --help` prints it, if it is started with `words`.
 */
async function files(options: Readonly<Record<string, string>>, words = '--defaults-file=/x --port=7') {
  const lines = Object.entries(options).map(
    ([name, value]) => `echo '${name.padEnd(60)} ${value.replaceAll('@', folder)}'`,
  );
  const table = ['echo', `echo '${'-'.repeat(60)} ${'-'.repeat(30)}'`, ...lines].join('\n');
  program(
    'mysqld',
    `case $* in *--print-defaults) exit ;; "${words} --verbose --help") ;; *) exit 9 ;; esac\n${table}`,
  );
  return await script(proofOfFilesWords({ datadir, unit: 'mysql', owner: 'root:root' }));
}

const none = '(No default value)';

test('a server whose logs lie in its datadir reads the new data alone', async () => {
  file('data/binlog.000001');
  file('data/relay.000001');
  const options = {
    'log-bin': 'binlog',
    'relay-log': './relay',
    'innodb-log-group-home-dir': './',
    'innodb-undo-directory': none,
  };
  expect(await files({ ...options, 'log-bin-index': 'binlog.index', 'innodb-data-home-dir': '@/data' })).toBe('');
});

test('a target whose redo log lies elsewhere is not started on its own old one: rows would be lost', async () => {
  file('redo/#innodb_redo/#ib_redo9');
  expect(await files({ 'innodb-log-group-home-dir': '@/redo' })).toBe(
    'trouble the new data has its redo log in /data (#innodb_redo), and the server reads /redo',
  );
  expect(await files({ 'innodb-log-group-home-dir': '../nowhere' })).toContain(
    'trouble there is no redo log in /nowhere',
  );
});

test('an instance of a template unit is asked with the words that its unit has in a variable, and not as the host’s other server', async () => {
  unit('@/bin/mysqld $INSTANCE $OPTS', 'INSTANCE=--defaults-group-suffix=.b');
  file('data/aria_log_control');
  expect(await files({ 'aria-log-dir-path': '@/data' }, '--defaults-group-suffix=.b')).toBe('');
});

test('undo, doublewrite, Aria and the system tablespace elsewhere are seen as well', async () => {
  for (const name of ['undo_001', '#ib_16384_0.dblwr', 'aria_log_control', 'ibdata1']) file(`data/${name}`);
  const told = await files({
    'innodb-undo-directory': '@/u',
    'innodb-doublewrite-dir': '@/d',
    'aria-log-dir-path': '@/a',
    'innodb-data-home-dir': '@/h',
  });
  expect(told.split('\n').map((line) => /\((.*)\)/.exec(line)?.[1])).toEqual([
    'undo_001',
    '#ib_16384_0.dblwr',
    'ibdata1',
    'aria_log_control',
  ]);
});

test('databases and files of a DBA that are called as such files begin are none', async () => {
  for (const name of ['undo_2024/t.ibd', 'undo123/t.ibd', 'ibdata2020/t.ibd', 'aria_log.bak', 'undo_001.bak'])
    file(`data/${name}`);
  file('logs/bin.000017.gz');
  const options = { 'innodb-undo-directory': '@/u', 'aria-log-dir-path': '@/a', 'innodb-data-home-dir': '@/h' };
  expect(await files({ ...options, 'log-bin': '@/logs/bin' })).toBe('');
  file('redo/ib_logfile0.bak');
  expect(await files({ 'innodb-log-group-home-dir': '@/redo' })).toContain('trouble there is no redo log in /redo');
});

test('binary and relay logs of the old data, on a volume of their own, are not taken for the new server’s', async () => {
  file('logs/bin.000017');
  file('logs/binary.000017');
  file('relay/relay.index');
  file('master.info');
  const told = await files({
    'log-bin': '@/logs/bin',
    'relay-log': '@/relay/relay',
    'master-info-file': '@/master.info',
  });
  expect(told.split('\n')).toEqual([
    'trouble /logs has binary logs of the old data (bin.000017), and the server would take them for its own',
    'trouble /relay has relay logs of the old data (relay.index), and the server would take them for its own',
    'trouble /master.info, what a replica knows of its source of the old data, is still there, and the server would read it',
  ]);
});

test('a program that can’t be asked is said, and proves nothing', async () => {
  program('mysqld', 'echo "unknown option --x" >&2; exit 7');
  expect(await script(proofOfFilesWords({ datadir, unit: 'mysql', owner: 'root:root' }))).toMatch(
    /^asked no .*mysqld does not take its options: unknown option --x$/,
  );
});

test('a server that runs says by itself where it reads', async () => {
  const said = `innodb_log_group_home_dir ${folder}/redo\nlog_bin ON\n`;
  expect(await script(proofOfReadWords({ datadir, owner: 'root:root' }), said)).toContain('and the server reads /redo');
  expect(
    await script(
      proofOfReadWords({ datadir, owner: 'root:root' }),
      'innodb_log_group_home_dir ./\ninnodb_undo_directory \n',
    ),
  ).toBe('');
});

test('a table that the started server can’t read is named, with the server’s words, whatever its name holds', async () => {
  const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
  const odd = 'o`dd\ntrouble x';
  file(
    'list',
    `${hex('enc')}\t${hex('fine')}\t-\n${hex('enc')}\t${hex(odd)}\t${hex('p0')}\n${hex('enc')}\t${hex('gone')}\t-\n`,
  );
  program(
    'mysql',
    `text=$(cat)
case $* in *'SHOW GRANTS') echo 'GRANT ALL PRIVILEGES ON *.* TO x'; exit ;; esac
case $text in *information_schema.TABLES*) cat '${folder}/list'; exit ;; esac
printf '%s\\n' "$text" >'${folder}/said'
echo 1
echo 'ERROR 1877 (HY000) at line 2: Table is corrupted' >&2
echo 'ERROR 1243 (HY000) at line 2: Unknown prepared statement handler' >&2
echo 'ERROR 1932 (42S02) at line 3: no such table in engine' >&2
exit 1`,
  );
  expect(await script(proofOfOpenWords(datadir, {}))).toBe(
    [
      'trouble enc.o`dd?trouble x can not be read: Table is corrupted',
      'trouble enc.gone can not be read: no such table in engine',
      'opened 3',
    ].join('\n'),
  );
  const said = readFileSync(join(folder, 'said'), 'utf8').split('\n');
  expect(said).toHaveLength(4);
  expect(said[1]).toContain(`REPLACE(CONVERT(x'${hex(odd)}' USING utf8mb4), '\`', '\`\`')`);
  expect(said[1]).toContain(`' PARTITION ('`);
});

describe('a server of which it is not known whether its tables can be read', () => {
  const answers = (grants: string, said: string) =>
    program(
      'mysql',
      `case $* in *'SHOW GRANTS') echo '${grants}'; exit ;; esac
text=$(cat)
case $text in *information_schema.TABLES*) printf '61\\t62\\t-\\n'; exit ;; esac
${said}`,
    );
  const all = 'GRANT SELECT, EVENT ON *.* TO `x`@`localhost`';

  test('is not proved by a login that may not see all tables', async () => {
    answers('GRANT REPLICATION SLAVE ON *.* TO `x`@`localhost`', 'echo 1');
    expect(await script(proofOfOpenWords(datadir, {}))).toBe(
      'unproved the account that reseed logs in with has no SELECT on *.*',
    );
    answers(all, 'echo 1');
    expect(await script(proofOfOpenWords(datadir, {}))).toBe('opened 1');
  });

  test.each([
    [
      "echo 'ERROR 2013 (HY000): Lost connection' >&2",
      'its tables could not be read: ERROR 2013 (HY000): Lost connection',
    ],
    [
      "echo 'ERROR 2006 (HY000) at line 9: gone' >&2",
      'its tables could not be read: ERROR 2006 (HY000) at line 9: gone',
    ],
    ['exit 4', 'its tables could not be read: the client ended with 4'],
    [
      `printf '#!/bin/sh\\ncat >/dev/null; exit 2\\n' >'@/bin/awk'; chmod +x '@/bin/awk'`,
      'whether its tables can be read is not known: what the client said of them could not be read',
    ],
  ])('is not proved, though no table was named: %s', async (said, why) => {
    answers(all, said.replaceAll('@', folder));
    const text = await scriptText('seed-proof');
    const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
    const { exitCode, stderr } = await execa('sh', ['-c', text, 'seed-proof.sh', ...proofOfOpenWords(datadir, {})], {
      env,
      input: '',
      reject: false,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: why });
  });
});
