// A console that is recorded, on a real terminal, and its replay. Its hosts are ports of loopback without a listener.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openRecording } from '../src/operations/recording/read.ts';
import { TestTerminal } from './terminal.ts';

const bin = join(import.meta.dirname, '../bin/reseed.js');
let folder = '';
let file = '';
const terminals: TestTerminal[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-replay-'));
  file = join(folder, 'hosts.yaml');
  await writeFile(
    file,
    'fleet: loop\nhosts:\n  db1: { ssh: { host: 127.0.0.1, port: 1 } }\n  db2: { ssh: { host: 127.0.0.1, port: 2 } }\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
});

function open(words: readonly string[]): TestTerminal {
  const { CI, NO_COLOR, ...own } = process.env;
  const terminal = new TestTerminal(process.execPath, [bin, ...words], {
    columns: 80,
    rows: 24,
    environment: { ...own, XDG_STATE_HOME: join(folder, 'state') },
  });
  terminals.push(terminal);
  return terminal;
}

/** A long line is broken at the edge. */
const joined = (terminal: TestTerminal) => terminal.lines().join('');

/** Waits until it has on the disk what the screen shows: that both hosts are unreachable. */
async function recordedUntilUnreachable(recording: string): Promise<void> {
  const isThere = async () => {
    const opened = await openRecording(recording);
    if (!opened.ok) return 0;
    const { hosts } = opened.recording.pictureAt(Number.MAX_SAFE_INTEGER).fleet;
    opened.recording.close();
    return hosts.filter(({ link }) => link.state === 'failed').length;
  };
  await expect.poll(isThere).toBe(2);
}

test('a console that was killed has left a recording, which is replayed up to there', async () => {
  const recording = join(folder, 'night.rec');
  const console = open(['--inventory', file, '--record', recording]);
  await console.shows('✖ 2 unreachable');
  expect(console.lines()[0]).toContain('REC READ-WRITE');
  await recordedUntilUnreachable(recording);
  console.signal('SIGKILL');
  await console.ends();
  const replay = open(['replay', recording]);
  await replay.shows('was cut at');
  expect(replay.lines()[0]).toMatch(/ REPLAY {2}.*\d\d:\d\d:\d\d/);
  replay.press('}');
  await replay.shows('✖ 2 unreachable');
  await replay.shows('at the end');
  replay.press('s');
  await replay.shows('s: this is a replay: no host is asked, and nothing is changed');
  expect(existsSync(join(folder, 'state', 'reseed', 'jobs.sqlite'))).toBe(false);
  replay.press('q');
  expect(await replay.ends()).toMatchObject({ exitCode: 0 });
  expect(replay.isAlternate).toBe(false);
});

test('a console that was left has a whole recording, and a file that is there is not written over', async () => {
  const recording = join(folder, 'whole.rec');
  const console = open(['--inventory', file, '--record', recording]);
  await console.shows('✖ 2 unreachable');
  console.press('q');
  expect(await console.ends()).toMatchObject({ exitCode: 0 });
  const opened = await openRecording(recording);
  expect(opened.ok && opened.recording).toMatchObject({ ended: 'the console was left', header: { fleet: 'loop' } });
  const before = await readFile(recording);
  const again = open(['--inventory', file, '--record', recording]);
  expect(await again.ends()).toMatchObject({ exitCode: 2 });
  expect(joined(again)).toContain('is there already, and is not written over');
  expect(again.written).not.toContain('\x1b[?1049h');
  expect(await readFile(recording)).toEqual(before);
});

test.each([
  [['--record', '/no/such/folder/x.rec'], "can't be recorded to: ENOENT"],
  [['--record', 'x.rec', '--record-limit', '5'], 'Write a size as 256M or 2G.'],
])('what can not be recorded is told before any screen: %j', async (words, message) => {
  const console = open(['--inventory', file, ...words]);
  expect(await console.ends()).toMatchObject({ exitCode: 2 });
  expect(joined(console)).toContain(message);
  expect(console.written).not.toContain('\x1b[?1049h');
});

test('what is no recording is refused, and so is a replay without a terminal', async () => {
  const replay = open(['replay', file]);
  expect(await replay.ends()).toMatchObject({ exitCode: 2 });
  expect(joined(replay)).toContain('is no recording of reseed; name a');
  const piped = await execa(process.execPath, [bin, 'replay', file], { reject: false, stdin: 'ignore' });
  expect(piped).toMatchObject({ exitCode: 2, stdout: '' });
  expect(piped.stderr).toMatch(/^reseed: the replay needs a terminal/);
});
