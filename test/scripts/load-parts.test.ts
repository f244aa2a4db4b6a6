// The parts of a dump by mydumper, as a target loads them (load-parts.sh), with a client that keeps what it gets.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-parts-'));
  for (const name of ['load', 'work', 'got']) await mkdir(join(base, name));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const part = (database: string, sql: string) => `-- reseed: part ${database} ${Buffer.byteLength(sql)}\n${sql}`;
const whole = '-- reseed: whole\n';

/** `client`: the body of the function, which is called with the client's words. */
async function loaded(stream: string, client = 'cat >"$got/$$-$(date +%s%N)"') {
  const fragment = await readFile(new URL('../../src/scripts/load-parts.sh', import.meta.url), 'utf8');
  const script = `${fragment}
work=$1 got=$2
lost() { echo "lost: $1"; exit 1; }
client() { ${client}; }
load_parts || { cat "$work/bad" 2>/dev/null || echo 'no end'; exit 1; }
echo loaded`;
  const args = ['-c', script, 'sh', join(base, 'work'), join(base, 'got')];
  const { stdout } = await execa('sh', args, {
    cwd: join(base, 'load'),
    input: stream,
    reject: false,
    timeout: 30_000,
  });
  return stdout;
}
const got = async () =>
  Promise.all((await readdir(join(base, 'got'))).sort().map((name) => readFile(join(base, 'got', name), 'utf8')));

test('each part is one transaction in its database; nothing of it stays', async () => {
  const words = 'printf "%s\\n" "$*" >>"$got/words"; cat >>"$got/sql"';
  expect(await loaded(`-- reseed: begun 8 9\n-- reseed: busy\n${part('shop', 'INSERT 1;\n')}${whole}`, words)).toBe(
    'loaded',
  );
  const [sql, said] = await got();
  expect(said).toContain('--database=shop');
  expect(sql).toMatch(/^SET NAMES binary.* autocommit = 0;\nINSERT 1;\nCOMMIT;\n$/);
  expect(await readdir(base)).not.toContain('parts');
});

test('what needs the parts before it is loaded after them, and those of a table at the same time', async () => {
  const rows = Array.from({ length: 6 }, (_, at) => part('shop', `rows ${at};\n`)).join('');
  const stream = `${part('-', 'tables;\n')}-- reseed: wait\n${rows}-- reseed: wait\n${part('-', 'triggers;\n')}${whole}`;
  const slow =
    'line=$(cat | tr "\\n" " "); printf "begin %s\\n" "$line" >>"$got/all"; sleep 0.3; echo end >>"$got/all"';
  expect(await loaded(stream, slow)).toBe('loaded');
  const lines = (await readFile(join(base, 'got', 'all'), 'utf8')).split('\n');
  const begun = lines.map((line) => /tables|rows|triggers|end/.exec(line)?.[0]);
  expect(begun.slice(0, 4)).toEqual(['tables', 'end', 'rows', 'rows']);
  expect(begun.slice(-4)).toEqual(['end', 'triggers', 'end', undefined]);
});

test.each([
  ['leads out of the folder', part('../../etc', 'x'), 'lost: a part of the dump has another name'],
  ['is a word of the client', part('--init-command=x', 'x'), 'lost: a part of the dump has another name'],
  ['has no size', '-- reseed: part shop -1\nx', 'lost: a part of the dump has no size'],
  [
    'has more bytes than the disk',
    '-- reseed: part shop 999999999999999\nx',
    'is larger than the space that is free here',
  ],
  ['is cut short', '-- reseed: part shop 10\nx', 'lost: the dump is cut short'],
  ['comes behind the end', whole + part('shop', 'x'), 'lost: something comes behind the end of the dump'],
  ['has no line before it', 'DROP DATABASE shop;\n', 'lost: the dump has a line of another form'],
  ['is the last, without an end', part('shop', 'x'), 'no end'],
])('a part that %s is refused', async (_, stream, why) => {
  expect(await loaded(stream)).toContain(why);
});

test('a part that the server refuses ends the load, with its words; one that waited for another is tried again', async () => {
  const refuses = 'cat >/dev/null; echo "ERROR 1064 (42000) at line 2: no" >&2; return 1';
  expect(await loaded(part('shop', 'x') + whole, refuses)).toBe('ERROR 1064 (42000) at line 2: no');
  await writeFile(join(base, 'got', 'left'), '2');
  const deadlock = `cat >/dev/null; left=$(cat "$got/left"); [ "$left" = 0 ] || { echo $((left - 1)) >"$got/left"; echo "ERROR 1213 (40001) at line 2: Deadlock" >&2; return 1; }`;
  await rm(join(base, 'work'), { recursive: true });
  await mkdir(join(base, 'work'));
  expect(await loaded(part('shop', 'x') + whole, deadlock)).toBe('loaded');
});
