// What becomes of named tables where the server ends, or does not answer, in the middle: tables.sh and seed-stage.sh, with a client that answers as a server does.
import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ScriptName, scriptText } from '../../src/scripts/script.ts';
import { type TablesOwnWords, type TablesVerb, tablesWords } from '../../src/scripts/tables-words.ts';

const programs = {
  sleep: '',
  systemctl: '',
  stat: 'case "$*" in "-c %u %a .") echo "0 700" ;; *) exec /usr/bin/stat "$@" ;; esac',
  mktemp: 'mkdir -p "$BASE/said" && echo "$BASE/said"',
  mysql: `
said=
while [ $# -gt 0 ]; do [ "$1" != -e ] || said=$2; shift; done
[ ! -e "$BASE/down" ] || { echo 'ERROR 2002 (HY000): no server' >&2; exit 1; }
if [ -z "$said" ]; then said=$(cat); fi
printf '%s\\n' "$said" | tr ';' '\\n' | while IFS= read -r line; do
  case $line in
    *REFERENTIAL_CONSTRAINTS*) case $said in *'NOT IN'*) cat "$BASE/leads" ;; *) cat "$BASE/keys" ;; esac ;;
    *'RENAME TABLE'*)
      [ ! -e "$BASE/lost" ] || { echo 'ERROR 2013 (HY000): lost' >&2; exit 1; }
      echo "\${line# }" >>"$BASE/done"
      printf 't1\\nt2\\n' >"$BASE/new"
      : >"$BASE/old" ;;
    *'START '* | *'STOP '* | *'DROP '*) echo "\${line# }" >>"$BASE/done" ;;
    *COUNT*SCHEMATA*) cat "$BASE/databases" ;;
    *COUNT*reseed_new_*) grep -c . "$BASE/new" || : ;;
    *COUNT*reseed_old_*) grep -c . "$BASE/old" || : ;;
    *TABLE_NAME*reseed_new_*) cat "$BASE/new" ;;
    *TABLE_NAME*reseed_old_*) cat "$BASE/old" ;;
    *gtid_executed*) cat "$BASE/place" ;;
    *'Binlog Dump'*) cat "$BASE/replicas" ;;
  esac
done`,
};

let base: string;
const folder = () => join(base, 'data/.reseed-cafe');
const put = (files: Readonly<Record<string, string>>) =>
  Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(base, name), text)));
const notes = (files: Readonly<Record<string, string>>) =>
  put(Object.fromEntries(Object.entries(files).map(([name, text]) => [`data/.reseed-cafe/${name}`, text])));
const has = (name: string) =>
  access(join(folder(), name)).then(
    () => true,
    () => false,
  );
const acted = async () => (await readFile(join(base, 'done'), 'utf8')).split('\n').filter(Boolean);

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-tables-'));
  for (const name of ['bin', 'data/.reseed-cafe']) await mkdir(join(base, name), { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(base, 'bin', name), `#!/bin/sh\nBASE=${base}\n${text}\n`, { mode: 0o755 });
  }
  const { ino } = await stat(join(base, 'data'));
  await put({
    done: '',
    databases: '0\n',
    new: 't1\nt2\n',
    old: '',
    place: 'uuid:1-60\n',
    replicas: '',
    keys: '',
    leads: '',
  });
  await notes({ job: `cafe ${ino}\n`, owner: 'mysql:mysql\n', phase: 'new\n', opened: '', brought: '', databases: '' });
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function run(script: ScriptName, words: readonly string[]) {
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}`, RESEED_FOLDER: base };
  const args = ['-c', await scriptText(script), `${script}.sh`, ...words];
  return await execa('sh', args, { env, reject: false, timeout: 20_000 });
}
const tables = <Verb extends TablesVerb>(verb: Verb, own: TablesOwnWords<Verb>) =>
  run('tables', tablesWords(verb, { vendor: 'mysql', datadir: join(base, 'data'), job: 'cafe' }, own));

const named = ['shop.customers', 'shop.orders'];
const back = () => tables('back', { hold: 'STOP REPLICA SQL_THREAD;', table: named });
const resume = () => tables('resume', { go_on: 'START REPLICA;', rest: 'DO 1;', ran: 'yes' });
const release = () => run('seed-stage', ['back', `datadir=${join(base, 'data')}`, 'job=cafe', 'unit=mysql']);
const swap = () => tables('swap', { replica: 'yes', replace: 'yes', table: named });
const swapped = () => put({ new: '', old: 't1\nt2\n' });

test('an undo whose server does not answer keeps the folder with its notes, and starts no applier, however often it is said', async () => {
  await notes({ olds: '1\n2\n', place: 'uuid:1-60\n', passed: 'uuid:1-52\n' });
  await swapped();
  await put({ down: '' });
  expect((await back()).exitCode).toBe(1);
  expect((await resume()).exitCode).toBe(1);
  expect(await release()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('are not undone yet') });
  expect(await has('passed')).toBe(true);
  await rm(join(base, 'down'));
  expect((await back()).stdout).toContain('the 2 old tables are in place again');
  expect(await release()).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('the applier was not released'),
  });
  expect((await resume()).stdout).toContain(
    'its applier stays stopped. Its tables lack what was applied since uuid:1-52',
  );
  expect((await acted()).join()).not.toContain('START');
  expect(await release()).toMatchObject({ exitCode: 0 });
});

test('a foreign key that came since the plan is refused before anything is moved: it would lead to the old table', async () => {
  await put({ keys: 'shop.customers\tshop.orders\nshop.kid\tshop.orders\n' });
  expect(await swap()).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('a foreign key of shop.kid to shop.orders came since the plan'),
  });
  expect((await acted()).join()).not.toContain('RENAME');
});

test('a table to which a foreign key leads is not dropped', async () => {
  await notes({ olds: '1\n2\n', place: 'uuid:1-60\n', over: '' });
  await swapped();
  await put({ databases: '1\n', leads: 'shop.kid\n' });
  expect(await tables('drop', {})).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('a foreign key of shop.kid leads to a table of the job'),
  });
  expect((await acted()).join()).not.toContain('DROP');
  expect(await swap()).toMatchObject({ exitCode: 1 });
});

test('a database of the job without the notes of it is no undo, and starts no applier', async () => {
  await rm(folder(), { recursive: true });
  await put({ databases: '1\n' });
  expect(await back()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the notes of the job is gone') });
  expect((await resume()).exitCode).toBe(1);
  await put({ databases: '0\n' });
  expect((await back()).exitCode).toBe(0);
  await resume();
  expect(await acted()).toEqual(['START REPLICA']);
});

test('a statement of which the answer was lost has noted its place before: what was applied since keeps the new tables', async () => {
  await put({ lost: '' });
  expect((await swap()).exitCode).toBe(1);
  expect(await readFile(join(folder(), 'place'), 'utf8')).toBe('uuid:1-60\n');
  await swapped();
  await put({ place: 'uuid:1-61\n' });
  expect((await resume()).stderr).toContain('its applier is not started');
  expect((await back()).stdout).toContain('LEFT: its applier has gone on with the new tables');
  expect((await acted()).join()).not.toContain('RENAME');
});

test('of a statement that the server ended in, each table goes back by its name, and the applier waits for it', async () => {
  await notes({ olds: '1\n2\n', place: 'uuid:1-60\n' });
  await put({ new: 't2\n', old: 't1\n' });
  expect((await swap()).stderr).toContain('1 of the 2 tables are not in place');
  expect((await resume()).exitCode).toBe(1);
  expect((await back()).exitCode).toBe(0);
  expect(await acted()).toEqual([
    'STOP REPLICA SQL_THREAD',
    'RENAME TABLE `shop`.`customers` TO reseed_new_cafe.t1, reseed_old_cafe.t1 TO `shop`.`customers`',
  ]);
  await resume();
  expect((await acted()).at(-1)).toBe('START REPLICA');
});

test('and where its applier has worked on some of them meanwhile, it stays stopped', async () => {
  await notes({ olds: '1\n2\n', place: 'uuid:1-60\n' });
  await put({ new: 't2\n', old: 't1\n', place: 'uuid:1-61\n' });
  expect((await back()).stdout).toContain('old tables are in place again');
  expect((await resume()).stdout).toContain('lack what was applied since uuid:1-60');
  expect((await acted()).join()).not.toContain('START');
});

test('tables that were put back once are not moved again by an undo that is said again', async () => {
  await notes({ olds: '1\n2\n', place: 'uuid:1-60\n', returned: '' });
  await put({ new: '' });
  expect((await back()).exitCode).toBe(0);
  expect((await acted()).join()).not.toContain('RENAME');
});

test('a host that replicates from it since the plan ends the job before its tables are put in place', async () => {
  await put({ replicas: '10.77.0.19:50122\n' });
  expect(await swap()).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('hosts replicate from it since the plan (10.77.0.19)'),
  });
});

test('a table whose copy would fill the disk of the running server is not copied there', async () => {
  await rm(join(folder(), 'brought'));
  await notes({ owner: 'nobody:nogroup\n', 'tables.told': '1 73 74 1 2\n', 'create-1': 'CREATE TABLE `t1` (' });
  const tablespaces = join(folder(), 'reseed_tables');
  await mkdir(tablespaces);
  await writeFile(join(tablespaces, 't1.ibd'), Buffer.alloc(1_000_000, 'x'));
  await execa('chown', ['-R', 'nobody:nogroup', tablespaces]);
  const df = (free: number) =>
    writeFile(join(base, 'bin/df'), `#!/bin/sh\necho 'Avail 1B-blocks'\necho '${free} 100000000'\n`, { mode: 0o755 });
  await df(5_900_000);
  expect((await tables('bring', {})).stderr).toMatch(/a copy of the 10\d{5} bytes of table 1 would fill the disk/);
  await df(6_100_000);
  expect((await tables('bring', {})).stderr).toContain('the data of table 1 could not be copied');
});
