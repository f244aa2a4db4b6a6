// The stream that a donor makes of mydumper's files (dump-parts.sh), with a stand-in that writes its files and lines as
// mydumper 0.10 does.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let base: string;
const work = () => join(base, 'work');
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-parts-'));
  await mkdir(work());
  await mkdir(join(base, 'bin'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const begins = `for word; do case $word in --outputdir=*) out=\${word#*=} ;; esac; done
echo '** Message: Thread 1 connected using MySQL connection ID 8'
echo '** Message: Thread 2 connected using MySQL connection ID 9'
echo '** Message: 09:28:44.069: Transactions started, unlocking tables'
`;

/** `mydumper`: what it does. `reader`: what takes the stream. */
async function streamed(
  mydumper: string,
  reader = 'cat',
  most = 1000,
  kilobytes = 65536,
  dumper = 'true',
  each = '-',
  atOnce = 4,
) {
  await writeFile(join(base, 'bin', 'mydumper'), `#!/bin/sh\n${mydumper}`, { mode: 0o755 });
  const fragments = ['send-stream', 'dump-lock', 'dump-parts'].map(
    (name) => new URL(`../../src/scripts/${name}.sh`, import.meta.url),
  );
  const texts = await Promise.all(fragments.map((url) => readFile(url, 'utf8')));
  const script = `${texts.join('')}
trap '' PIPE
work=$1 threads=2 unlocked=--no-locks most=${most} kilobytes=${kilobytes} of_mysql='' each='${each}' at_once=${atOnce}
exec 9</dev/null
process_of() { sed -n '$s/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20 | sed "s/^/$1 /"; }
beat=0.2
dump() { noted program sh -c '${dumper}'; case "$*" in *--no-create-info*) echo triggers ;; *) echo tables ;; esac; true >"$work/dumped"; }
own_rows() { echo own; }
{ rows_in_parts shop 2>"$work/said"; echo $? >"$work/code"; } | ${reader}`;
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const words = ['--mount', '--propagation', 'private', 'sh', '-c', `${script}\nls "$work/parts"/* >"$work/left"`];
  return (await execa('unshare', [...words, 'sh', work()], { env, timeout: 30_000 })).stdout;
}
const kept = async (name: string) => (await readFile(join(work(), name), 'utf8')).trim();
const isRunning = async () => {
  const cmdline = await readFile(`/proc/${(await kept('mydumper-1')).split(' ')[0]}/cmdline`, 'utf8').catch(() => '');
  return cmdline.includes('mydumper');
};

test('a file is sent as a whole once it is closed, whatever name it has by then; tables come before, triggers after', async () => {
  const stream = await streamed(`${begins}
exec 3>"$out/shop.a.00001.sql"; echo one >&3; sleep 0.6; echo two >&3; exec 3>&-
mv "$out/shop.a.00001.sql" "$out/shop.a.sql" 2>/dev/null
echo three >"$out/crm_2.odd name.x.sql"
: >"$out/shop.empty.sql"; sleep 0.3; rm "$out/shop.empty.sql"
echo done >"$out/metadata"`);
  const part = (database: string, sql: string) => `-- reseed: part ${database} ${sql.length}\n${sql}`;
  const wait = '-- reseed: wait\n';
  const [a, b] = [part('shop', 'one\ntwo\n'), part('crm_2', 'three\n')];
  const begun = `-- reseed: begun 8 9\n${part('-', 'tables\n')}${wait}`;
  const end = `${wait}${part('-', 'triggers\n')}${part('-', 'own\n')}-- reseed: whole`;
  expect([`${begun}${a}${b}${end}`, `${begun}${b}${a}${end}`]).toContain(stream);
  expect(await kept('left')).toBe('metadata');
  expect(await kept('metadata')).toBe('done');
  expect(await kept('code')).toBe('0');
});

test('while mysqldump writes very many tables the stream has a line now and then, and none while it gets no answer', async () => {
  const dumpedBy = async (dumper: string) =>
    (await streamed(`${begins}echo done >"$out/metadata"`, 'cat', 1000, 65536, dumper))
      .split('\n')
      .filter((line) => line === '-- reseed: busy').length;
  expect(await dumpedBy('n=0; while [ $n -lt 30 ]; do n=$((n + 1)); sleep 0.05; done')).toBeGreaterThan(4);
  await rm(work(), { recursive: true });
  await mkdir(work());
  expect(await dumpedBy('exec sleep 2')).toBeLessThan(4);
});

test('of several databases mydumper 0.10 left tables out, or waited for itself: each has a program of its own, and one that fails ends the dump', async () => {
  const writes = `${begins}for word; do case $word in --database=*) name=\${word#*=} ;; esac; done
echo "rows of $name" >"$out/$name.a.sql"; echo "metadata of $name" >"$out/metadata"`;
  const dumped = (mydumper: string) => streamed(mydumper, 'cat', 1000, 65536, 'true', 'shop crm');
  const stream = await dumped(writes);
  expect(stream).toMatch(/^-- reseed: begun 8 9 8 9\n/);
  expect(stream).toContain('-- reseed: part shop 13\nrows of shop\n');
  expect(stream).toContain('-- reseed: part crm 12\nrows of crm\n');
  expect(stream).toMatch(/-- reseed: whole$/);
  expect(await kept('metadata')).toBe('metadata of shop');
  await rm(work(), { recursive: true });
  await mkdir(work());
  expect(await dumped(`${writes}; [ "$name" = shop ]`)).not.toContain('whole');
});

describe('of several databases with a mydumper each', () => {
  const named = `for word; do case $word in --database=*) name=\${word#*=} ;; esac; done\n`;
  const dumped = (mydumper: string) => streamed(`${named}${mydumper}`, 'cat', 1000, 65536, 'true', 'shop crm');

  test('no more are dumped at once than one mydumper has threads for: the donor has its clients to serve', async () => {
    const waits = `until grep -q '^State:.*T' "/proc/$(cut -d ' ' -f 1 '${work()}/mydumper-2')/status"; do sleep 0.05; done`;
    const stream = await streamed(
      `${named}${begins}if [ "$name" = shop ]; then ${waits}; fi
n=0; while [ $n -lt 40 ]; do n=$((n + 1)); sleep 0.05; done
echo "rows of $name" >"$out/$name.a.sql"; echo done >"$out/metadata"`,
      ...(['cat', 1000, 65536, 'true', 'shop crm', 1] as const),
    );
    expect(stream).toContain('rows of shop\n');
    expect(stream).toContain('rows of crm\n');
    expect(stream).toMatch(/-- reseed: whole$/);
  });

  test('one that can not begin ends the others, and its words are told at once: writes of the donor wait meanwhile', async () => {
    await dumped(`if [ "$name" = crm ]; then echo '** CRITICAL **: Too many connections' >&2; exit 1; fi
${begins}exec sleep 100`);
    expect(await kept('code')).toBe('1');
    expect(await kept('said')).toContain('Too many connections');
  });

  test('one that fails later ends the others: hours of theirs are for nothing', async () => {
    await dumped(`${begins}if [ "$name" = crm ]; then echo '** CRITICAL **: Lost connection' >&2; exit 1; fi
exec sleep 100`);
    expect(await kept('code')).not.toBe('0');
    expect(await kept('said')).toContain('Lost connection');
  });
});

test('a mydumper that fails ends the dump, with its words', async () => {
  const stream = await streamed(
    `${begins}echo '** (mydumper:1): CRITICAL **: Could not read data from shop.a' >&2; exit 1`,
  );
  expect(stream).not.toContain('whole');
  expect(await kept('code')).toBe('1');
  expect(await kept('said')).toContain('Could not read data from shop.a');
});

test('a mydumper that may not read lost+found, and nothing else, has dumped all', async () => {
  const lost = `** (mydumper:1): CRITICAL **: 10:16:54.346: Error: DB: #mysql50#lost+found - Could not execute query: Can't read dir of './lost+found/'`;
  const ends = 'echo done >"$out/metadata"; exit 1';
  expect(await streamed(`${begins}echo "${lost}"; ${ends}`)).toContain('-- reseed: whole');
  await rm(work(), { recursive: true });
  await mkdir(work());
  const more = "echo '** (mydumper:1): CRITICAL **: Could not read data from shop.a'";
  expect(await streamed(`${begins}echo "${lost}"; ${more}; ${ends}`)).not.toContain('whole');
});

test('a mysqldump that has dumped all before the loop beside it has begun is waited for no longer: the dump never ended', async () => {
  const fragments = ['send-stream', 'dump-parts'].map(
    (name) => new URL(`../../src/scripts/${name}.sh`, import.meta.url),
  );
  const texts = await Promise.all(fragments.map((url) => readFile(url, 'utf8')));
  // As the unit has it, for its calls.
  const trapped = `trap 'exit 143' TERM\nparts=$1\ndump() { :; }\nfor _ in $(seq 20); do put_dumped shop; done\necho over`;
  const words = ['-c', `${texts.join('')}\n${trapped}`, 'sh', work()];
  expect((await execa('sh', words, { timeout: 30_000, stderr: 'ignore' })).stdout).toMatch(/over$/);
});

test('a mydumper that can not log in ends it before anything is sent', async () => {
  expect(await streamed("echo '** (mydumper:1): CRITICAL **: Error connecting to database: denied'; exit 1")).toBe('');
  expect(await kept('said')).toContain('Error connecting to database: denied');
});

test('a mydumper whose files nobody takes is stopped, and does not stay', async () => {
  const fills = `${begins}n=0; while [ $n -lt 60 ]; do n=$((n + 1)); head -c 1000000 /dev/zero >"$out/shop.a.$n.sql"; sleep 0.05; done; sleep 20`;
  const slow = `{ head -c 100000 >/dev/null; sleep 3; cat "/proc/$(cut -d ' ' -f 1 "$work/mydumper-1")/stat" | cut -d ' ' -f 3; }`;
  expect(await streamed(fills, slow, 4000)).toBe('T');
  expect(await kept('code')).not.toBe('0');
  expect(await isRunning()).toBe(false);
});

test('a mydumper that writes more than its memory holds hears of it alone', async () => {
  const fills = `${begins}until [ -e '${work()}/dumped' ]; do sleep 0.05; done
head -c 9000000 /dev/zero >"$out/shop.a.sql" || { echo CRITICAL: no space; exit 1; }; echo done >"$out/metadata"`;
  await streamed(fills, 'cat >/dev/null', 2000, 4000);
  expect(await kept('said')).toContain('no space');
});
