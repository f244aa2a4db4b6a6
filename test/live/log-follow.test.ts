// A log that is followed on this machine, over the local transport: the real script, on real files.
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, copyFile, mkdir, mkdtemp, open, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { followLog, type LogView, ringLines } from '../../src/fleet/log/follow.ts';
import { readLog } from '../../src/fleet/log/reader.ts';
import type { LogUpdate } from '../../src/fleet/log/view.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { lostRemote } from './lost-remote.ts';

const script = await scriptText('follow-log');
let folder: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed log -'));
  // Another account than root reads what lies in /tmp.
  await chmod(folder, 0o755);
  log = join(folder, "-error's $(touch x)\n.log");
});
afterEach(() => rm(folder, { recursive: true }));

function follow(options: { lines?: number; path?: string; programs?: string; service?: string } = {}) {
  const { lines = 100, path = log, programs, service = '' } = options;
  const environment =
    programs === undefined ? process.env : { ...process.env, PATH: `${programs}:${process.env.PATH}` };
  const remotes = openRemotes({ environment });
  const remote = lostRemote(remotes.open({ name: 'here', host: 'here', transport: 'local', sudo: false }));
  const followed = followLog({
    remote,
    script,
    mark: () => randomBytes(16).toString('hex'),
    mysql: { errorLog: path, service },
    lines,
    random: () => 0,
  });
  onTestFinished(async () => {
    await followed.close();
    await remote.close();
    await remotes.close();
  });
  const view = () => followed.view.getState();
  return {
    ...followed,
    loseLine: remote.lose,
    state: view,
    texts: () => view().entries.map(({ event, text }) => (event ? `<${event}>` : text)),
    until: (right: (view: LogView) => boolean) => expect.poll(() => right(view()), { timeout: 60_000 }).toBe(true),
  };
}

const has = (wanted: string) => (view: LogView) =>
  view.entries.some(({ text, event }) => text === wanted || event === wanted);

test('the last lines, then what is added', async () => {
  await writeFile(log, 'one\ntwo\nthree\n');
  const followed = follow({ lines: 2 });
  await followed.until(has('three'));
  await appendFile(log, 'four\n');
  await followed.until(has('four'));
  expect(followed.texts()).toEqual(['two', 'three', 'four']);
  expect(followed.state()).toMatchObject({ state: 'following', foundBy: 'inventory', droppedLines: 0 });
  expect(followed.state().path).toBe(log.replace('\n', ' '));
});

test('the zone of the host comes with its lines: MariaDB writes local times', async () => {
  await writeFile(log, '2026-11-22 18:45:56 0 [Note] one\n');
  const programs = join(folder, 'bin');
  await mkdir(programs);
  await writeFile(join(programs, 'date'), '#!/bin/sh\necho -0330\n', { mode: 0o755 });
  const remotes = openRemotes({ environment: { ...process.env, PATH: `${programs}:${process.env.PATH}` } });
  const remote = remotes.open({ name: 'here', host: 'here', transport: 'local', sudo: false });
  const updates: LogUpdate[] = [];
  const reading = readLog(
    {
      remote,
      script,
      mark: () => randomBytes(16).toString('hex'),
      mysql: { errorLog: log },
      lines: 10,
      follow: false,
      limit: ringLines,
      whenFull: 'wait',
    },
    (update) => void updates.push(update),
  );
  await reading.ended;
  await remote.close();
  await remotes.close();
  const withLines = updates.filter(({ entries }) => entries.length > 0);
  expect(withLines).toMatchObject([{ utcOffsetSeconds: -12_600, entries: [{ time: '2026-11-22 18:45:56' }] }]);
});

test('rotated by rename: what the server still writes into the old file comes, and then the new one', async () => {
  await writeFile(log, 'one\n');
  const followed = follow();
  await followed.until(has('one'));
  await rename(log, `${log}.1`);
  await followed.until(has('absent'));
  await appendFile(`${log}.1`, 'late\n');
  await followed.until(has('late'));
  await writeFile(log, 'new\n');
  await appendFile(`${log}.1`, 'latest\n');
  await followed.until(has('new'));
  expect(followed.texts()).toEqual(['one', '<absent>', 'late', 'latest', '<rotated>', 'new']);
});

test('rotated by copy and truncate', async () => {
  await writeFile(log, 'one\ntwo\n');
  const followed = follow();
  await followed.until(has('two'));
  await copyFile(log, `${log}.1`);
  await truncate(log, 0);
  await appendFile(log, 'three\n');
  await followed.until(has('three'));
  expect(followed.texts()).toEqual(['one', 'two', '<truncated>', 'three']);
});

test('emptied and filled with more than it held is not taken for what was added', async () => {
  await writeFile(log, 'short\n');
  const followed = follow();
  await followed.until(has('short'));
  await writeFile(log, 'another line that is longer than all before\n');
  await followed.until(has('truncated'));
  await followed.until(has('another line that is longer than all before'));
});

test('a log that is not there yet is waited for', async () => {
  const followed = follow();
  await followed.until(has('absent'));
  expect(followed.state().state).toBe('following');
  await writeFile(log, 'first\n');
  await followed.until(has('first'));
  expect(followed.texts()).toEqual(['<absent>', '<created>', 'first']);
});

test('a folder in its place is reported, and a later file is followed', async () => {
  await mkdir(log);
  const followed = follow();
  await followed.until(has('unreadable'));
  await rm(log, { recursive: true });
  await writeFile(log, 'a file\n');
  await followed.until(has('a file'));
});

test('a line of 10 MB, binary and invalid UTF-8 are shown short and clean', async () => {
  const odd = Buffer.concat([Buffer.from('\x1b[31mred \u202e'), Buffer.from([0xff, 0xff, 0, 0x0a])]);
  await writeFile(log, 'before\n');
  const followed = follow();
  await followed.until(has('before'));
  await appendFile(log, Buffer.concat([odd, Buffer.alloc(10_000_000, 'x'), Buffer.from('\nafter\n')]));
  await followed.until(has('after'));
  expect(followed.texts()).toEqual([
    'before',
    'red \ufffd\ufffd\ufffd',
    `${'x'.repeat(4000)} … (9996000 bytes left out)`,
    'after',
  ]);
});

test('a log that ends with a line of 10 MB is not sent whole for its last lines', async () => {
  await writeFile(log, `first\n${'x'.repeat(10_000_000)}\nlast\n`);
  const followed = follow({ lines: 3 });
  await followed.until(has('last'));
  const [cut, last] = followed.texts();
  expect(cut).toMatch(/^… x+ … \(10\d{5} bytes left out\)$/);
  expect(last).toBe('last');
});

test('a storm: memory is bounded, what is not shown is counted, and the last line is there', async () => {
  await writeFile(log, '');
  const followed = follow();
  await followed.until(({ state }) => state === 'following');
  const before = process.memoryUsage().rss;
  const line = `${'a storm of lines '.repeat(6)}\n`;
  const piece = Buffer.from(line.repeat(100_000));
  const file = await open(log, 'a');
  for (let pieces = 0; pieces < 20; pieces++) await file.write(piece);
  await file.write('it is over\n');
  await file.close();
  await followed.until(has('it is over'));
  const { entries, droppedLines, skippedBytes, firstIndex } = followed.state();
  expect(entries.length).toBeLessThanOrEqual(ringLines);
  const shownBytes = (firstIndex + entries.length + droppedLines) * line.length;
  expect(skippedBytes).toBeGreaterThan(0);
  // All written lines were shown, counted as lines, or counted as bytes; a few lines were torn.
  const missed = piece.length * 20 - shownBytes - skippedBytes;
  expect(Math.abs(missed)).toBeLessThan(100 * line.length);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test('a lost line is taken up again where it ended, without a line twice or missing', async () => {
  await writeFile(log, 'one\ntwo\nhalf a ');
  const followed = follow();
  await followed.until(has('two'));
  followed.loseLine();
  await followed.until(has('lost'));
  await appendFile(log, 'line\nwhile away\n');
  await followed.until(has('while away'));
  expect(followed.texts()).toEqual(['one', 'two', '<lost>', '<resumed>', 'half a line', 'while away']);
});

test('a file that lost its end in a power cut: all that is new in it is shown, and nothing older again', async () => {
  const lines = ['00', '01', '02', '03', '04'].map((second) => `2026-11-22 19:02:${second} 0 [Note] at ${second}`);
  await writeFile(log, `${lines.join('\n')}\n`);
  const followed = follow({ lines: 3 });
  await followed.until(has(lines[4] ?? ''));
  followed.loseLine();
  await followed.until(has('lost'));
  const started = ['2026-11-22 19:03:00 0 [Note] started', 'Version: 10.11', '2026-11-22 19:03:00 0 [Note] ready'];
  // The newest line was not on the disk yet.
  await writeFile(log, `${[...lines.slice(0, 4), ...started].join('\n')}\n`);
  await followed.until(has(started[2] ?? ''));
  expect(followed.texts()).toEqual([...lines.slice(2), '<lost>', '<changed>', ...started]);
});

test('a log that was rotated while the connection was lost begins again', async () => {
  await writeFile(log, 'one\n');
  const followed = follow();
  await followed.until(has('one'));
  followed.loseLine();
  await followed.until(has('lost'));
  await rename(log, `${log}.1`);
  await writeFile(log, 'new\n');
  await followed.until(has('new'));
  expect(followed.texts()).toEqual(['one', '<lost>', '<rotated>', 'new']);
});

test('close ends it on the host', async () => {
  await writeFile(log, 'one\n');
  const followed = follow();
  await followed.until(has('one'));
  await followed.close();
  expect(followed.state().state).toBe('ended');
  await appendFile(log, 'two\n');
  expect(followed.texts()).toEqual(['one']);
});

/** A host whose server says that it logs to `logError`, with `sinks`; the journal of its unit is the file `journal`. */
async function programsOf({ logError, sinks = '' }: { logError: string; sinks?: string }): Promise<string> {
  const programs = join(folder, 'bin');
  await mkdir(programs);
  const program = (name: string, text: string) =>
    writeFile(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  await program('mysql', `printf '%s\\t%s\\t/srv/data\\n' '${logError}' '${sinks}'`);
  await program('my_print_defaults', ':');
  await program('systemctl', "printf 'Id=mariadb.service\\nLoadState=loaded\\n'");
  await program(
    'journalctl',
    `follows=
while [ $# -gt 0 ]; do
  case $1 in -f) follows=-f ;; -n) lines=$2 ;; esac
  shift
done
exec tail -n "$lines" $follows '${join(folder, 'journal')}'`,
  );
  return programs;
}
/** A host whose server is down: its unit would start one that has `words`. */
async function programsOfDown(words: string, state = 'loaded'): Promise<string> {
  // Without a blank, and for the server's account to enter.
  const programs = await mkdtemp(join(tmpdir(), 'reseed-down-'));
  onTestFinished(() => rm(programs, { recursive: true }));
  await chmod(programs, 0o755);
  const program = (name: string, text: string) =>
    writeFile(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  await program('mysql', "echo 'ERROR 2002 (HY000)' >&2; exit 1");
  await program('my_print_defaults', 'echo --log_error=/var/log/another-server.log');
  const execStart = `ExecStart={ path=mysqld ; argv[]=${programs}/mysqld ${words} ; ignore_errors=no }`;
  await program(
    'systemctl',
    `case "$*" in
  *ExecStart*) printf '%s\\n' 'LoadState=${state}' "${execStart}" User=nobody Group= ;;
  *--value*) echo ${state} ;;
  *) printf 'Id=mysqld@b.service\\nLoadState=${state}\\n' ;;
esac`,
  );
  await program('mysqld', `case "$*" in *--help*) printf '%s\\n' '---- ----' 'datadir /srv/b/' '' ;; esac`);
  return programs;
}

test('of a server that is down the log is the one that its own unit would have it write, not one of another server', async () => {
  const own = join(tmpdir(), `own-${randomBytes(4).toString('hex')}.err`);
  await writeFile(own, 'one\n');
  onTestFinished(() => rm(own));
  const followed = follow({ programs: await programsOfDown(`--log-error=${own}`), path: '', service: 'mysqld@b' });
  await followed.until(has('one'));
  expect(followed.state()).toMatchObject({ foundBy: 'config', path: own });
});

test('of a server that is down and whose unit tells nothing no log is guessed: it is said why', async () => {
  const followed = follow({ programs: await programsOfDown('', 'masked'), path: '', service: 'mysqld@b' });
  await followed.until(({ state }) => state === 'failed');
  expect(JSON.stringify(followed.state())).toContain('the unit mysqld@b is masked');
});

const inJournal = (second: number, text: string) => `17957154${second}.169733 db4 mariadbd[8084]: ${text}\n`;
const onceShown = (second: number, text: string) =>
  `${new Date(Number(`17957154${second}`) * 1000).toISOString().slice(0, 19)}.169733Z mariadbd: ${text}`;

test('a server that logs to its standard error is read in the journal, and after a lost line no line comes twice', async () => {
  const programs = await programsOf({ logError: 'stderr' });
  const journal = join(folder, 'journal');
  await writeFile(journal, inJournal(60, 'one') + inJournal(61, '2026-11-26 17:51:05 0 [ERROR] two'));
  const followed = follow({ programs, path: '' });
  await followed.until(has('2026-11-26 17:51:05 0 [ERROR] two'));
  expect(followed.state()).toMatchObject({
    state: 'following',
    foundBy: 'journal',
    path: 'journal of mariadb.service',
  });
  await appendFile(journal, inJournal(62, 'three'));
  await followed.until(has(onceShown(62, 'three')));
  followed.loseLine();
  await appendFile(journal, inJournal(63, 'four'));
  await followed.until(has(onceShown(63, 'four')));
  expect(followed.texts()).toEqual([
    onceShown(60, 'one'),
    '2026-11-26 17:51:05 0 [ERROR] two',
    onceShown(62, 'three'),
    '<lost>',
    '<again>',
    onceShown(63, 'four'),
  ]);
});

test('a journal that may not be read is said', async () => {
  const programs = await programsOf({ logError: 'stderr' });
  await writeFile(join(folder, 'journal'), '');
  const followed = follow({ programs, path: '' });
  await followed.until(({ failure }) => failure !== undefined);
  expect(followed.state().failure).toMatchObject({
    message: 'the journal of here has nothing of the server that this account may read',
    advice: 'add the account to the group systemd-journal, or let it use sudo',
  });
});

test.each([
  ['log_filter_internal; log_sink_json', 'json'],
  ['log_filter_internal; log_sink_internal; log_sink_json', 'text'],
  ['log_filter_internal; log_sink_internal', 'text'],
])('MySQL with %s: the log that is written is read', async (sinks, read) => {
  const text = join(folder, 'error.log');
  const programs = await programsOf({ logError: text, sinks });
  await writeFile(text, 'in the text\n');
  await writeFile(
    `${text}.00.json`,
    '{ "msg" : "in the JSON", "time" : "2026-11-26T17:59:02.173845Z", "label" : "Note" }\n',
  );
  const followed = follow({ programs, path: '' });
  const line = read === 'json' ? '2026-11-26T17:59:02.173845Z 0 [Note] in the JSON' : 'in the text';
  await followed.until(has(line));
  expect(followed.state().path).toBe(read === 'json' ? `${text}.00.json` : text);
});
