// A copy that fails again and again: each try shows its number, why the previous one failed and for how long no byte
// came.
import { expect, test, vi } from 'vitest';
import type { StepProgress } from '../../src/job/journal/record.ts';
import type { ExecResult } from '../../src/remote/remote.ts';
import { wayWords } from '../../src/scripts/seed-way-words.ts';
import { command } from '../../src/seed/place.ts';
import type { MovingTools } from '../../src/seed/transfer/moving.ts';
import { copyData } from '../../src/seed/transfer/steps/copy-data.ts';
import { lineLost } from '../job/step-tools.ts';

const known = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${'A'.repeat(48)}`;
const said = (stdout: string): ExecResult => ({ ok: true, stdout, stderr: '' });
const report = (state: string, progress: string, log: string) =>
  said(`${state}\n${progress}\n${Buffer.from(log).toString('base64')}`);

const room = command('db5', 'seed-way', wayWords('room', '/run/reseed/cafe/at-t1', { datadir: '/var/lib/mysql' }));

/** Every poll of the unit that sends takes a minute, and each of its runs ends with `log` after six polls. */
function copying(
  targets: readonly string[],
  log: string,
  isSilent: (poll: number) => boolean = () => false,
  { isFull = false, ...more }: { readonly isPart?: true; readonly isFull?: boolean } = {},
) {
  const told: StepProgress[] = [];
  const notes: string[] = [];
  let polls = 0;
  const look = () => {
    polls++;
    vi.advanceTimersByTime(60_000);
    if (isSilent(polls)) return lineLost;
    return report(
      polls % 7 === 0 ? 'ended 0' : polls % 7 === 1 ? 'absent' : 'running',
      `1000 t1=0+0 t2=0+0${isFull ? ' full=t1' : ''}`,
      log,
    );
  };
  const run: MovingTools['run'] = async (key) => {
    if (key === 'send poll') return look();
    if (key === 'room') return said('3355443\n');
    if (key === 'look') return report('running', '', '');
    if (key === 'port') return said(`21000 ${known}\n`);
    return said(key === 'key' ? `${known} reseed\n` : '');
  };
  const input = { targets: [...targets], patienceSeconds: 120, relayed: [], ...more };
  const tools: MovingTools = {
    step: {
      name: 'copy',
      title: 'copy',
      host: 'db1',
      work: 'seed-copy',
      input,
      commands: {},
      targetCommands: { db5: { room } },
    },
    input,
    jobKey: 'cafe',
    run,
    wordsNow: () => [],
    resultOf: () => undefined,
    resultsOf: () => new Map(),
    release: async () => true,
    record: () => {
      throw new Error('no job');
    },
    lostLanes: () => ({}),
    progress: (one) => void told.push(one),
    note: (text) => void notes.push(text),
    pause: async () => undefined,
    signal: new AbortController().signal,
    relays: { through: async () => ({ ok: true, value: 1 }), stands: () => true, close: async () => undefined },
  };
  return { told, notes, end: () => copyData.run(tools) };
}

test('a copy that brought nothing over is failed, never ✔, and its last try says so', async () => {
  vi.useFakeTimers();
  const { told, end } = copying(['db5'], 'lost t1 Connection closed by 10.0.0.5 port 21000\n');
  expect(await end()).toEqual({
    ok: false,
    message: 'db5: Connection closed by 10.0.0.5 port 21000',
    advice: '',
    lost: { db5: 'Connection closed by 10.0.0.5 port 21000' },
  });
  expect(told[3]?.try).toBeUndefined();
  expect(told.at(-1)).toMatchObject({
    try: { number: 3, of: 3 },
    lastError: 'db5: Connection closed by 10.0.0.5 port 21000',
  });
  // Counted from the first poll of the first try, over all tries.
  expect(told.at(-1)?.stalledMs).toBeGreaterThan(15 * 60_000);
  vi.useRealTimers();
});

test('a copy of named tables alone tells what came, and not how much that is of all the data', async () => {
  vi.useFakeTimers();
  const { told, end } = copying(['db5'], 'whole t1\n', undefined, { isPart: true });
  await end();
  const moving = told.filter(({ text }) => text.includes('of the named tables so far'));
  expect(moving.length).toBeGreaterThan(0);
  expect(told.every(({ totalBytes, lanes }) => totalBytes === undefined && lanes === undefined)).toBe(true);
  vi.useRealTimers();
});

test('a copy that a further try would end alike is not tried again', async () => {
  vi.useFakeTimers();
  const { told, end } = copying(['db5'], 'refused t1 the server can not open shop.totals\n');
  expect(await end()).toMatchObject({ ok: false, message: 'db5: the server can not open shop.totals' });
  expect(told.some((one) => one.try)).toBe(false);
  vi.useRealTimers();
});

test('a target whose disk is full is told as that while it is waited for, with what is free there: nothing has moved was all', async () => {
  vi.useFakeTimers();
  const why = "dd: error writing './shop/orders.ibd': No space left on device";
  const { told, notes, end } = copying(['db5'], `lost t1 ${why}\n`, undefined, { isFull: true });
  expect(await end()).toMatchObject({ ok: false, message: `db5: ${why} (3.2M free at /var/lib/mysql)` });
  expect(told.find(({ text }) => text.includes('nothing has moved'))?.text).toMatch(
    /^the disk of db5 is full: 3.2M free at \/var\/lib\/mysql; nothing has moved for \d+ s; db5 is given up after 120 s$/,
  );
  expect(notes.filter((note) => note.startsWith('! the disk'))).toEqual([
    '! the disk of db5 is full: 3.2M free at /var/lib/mysql',
  ]);
  vi.useRealTimers();
});

test('a copy that came over to one of two targets is done, without the other', async () => {
  vi.useFakeTimers();
  const { end } = copying(['db5', 'db6'], 'whole t1\nlost t2 no way\n');
  expect(await end()).toEqual({ ok: true, lost: { db6: 'no way' } });
  vi.useRealTimers();
});

test('a donor that is dead in the copy is not said to go on: what is known, since when, and until when it is waited for', async () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 27, 17, 20, 0) });
  const { told, end } = copying(['db5'], 'whole t1\n', (poll) => poll === 4);
  await end();
  const silent = told.find(({ text }) => text.includes('no answer'));
  expect(silent?.text).toMatch(
    /^no answer from db1 since 17:2\d:\d\d; whether it still sends is unknown; it is waited for until 17:3\d:\d\d$/,
  );
  vi.useRealTimers();
});

test('a donor that is not back after ten minutes ends the seed for good: no job is advised to be resumed', async () => {
  vi.useFakeTimers();
  const { end } = copying(['db5'], 'whole t1\n', (poll) => poll > 3);
  expect(await end()).toEqual({
    ok: false,
    message: 'db1 has not answered for 10 min',
    advice: 'seed again when it is back',
  });
  vi.useRealTimers();
});

test("a unit that its donor's restart ended is the donor's, and not laid at the target", async () => {
  vi.useFakeTimers();
  const { end } = copying(['db5'], '');
  expect(await end()).toMatchObject({
    message: 'db5: the unit that sends on db1 ended early (was db1 restarted?)',
  });
  vi.useRealTimers();
});
