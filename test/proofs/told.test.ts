// What the server on the copy told, and when that proves nothing.
import { expect, test } from 'vitest';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { proveRestore } from '../../src/proofs/prove.ts';
import { percentOf, readProved, tookMs } from '../../src/proofs/told.ts';
import { lineLost, printed, stepTools } from '../job/step-tools.ts';

const whole = [
  'limits no Unit is transient',
  'server 9.7.4-2',
  'part recovery 9470',
  'tables 42 42',
  'bytes 2834432 2834432',
  'part list 670',
  'part check 3090',
  'rows 168423',
  'part count 1080',
  'newest shop.orders.created_at 1795715465',
  'newest shop.empty.at none',
  'part newest 100',
  'at 1795719000',
  'proved',
];

test('the parts, tables, rows and newest rows of a proof are read', () => {
  const told = readProved(whole);
  expect(told).toEqual({
    version: '9.7.4-2',
    parts: [
      { name: 'recovery', ms: 9470 },
      { name: 'list', ms: 670 },
      { name: 'check', ms: 3090 },
      { name: 'count', ms: 1080 },
      { name: 'newest', ms: 100 },
    ],
    tables: { checked: 42, all: 42 },
    bytes: { checked: 2_834_432, all: 2_834_432 },
    atMs: 1_795_719_000_000,
    rows: 168_423,
    unable: 0,
    odd: 0,
    newest: [
      { column: 'shop.orders.created_at', seconds: 1_795_715_465 },
      { column: 'shop.empty.at', seconds: null },
    ],
  });
  expect(tookMs(told ?? { parts: [] })).toBe(14_410);
});

test.each([
  [{ checked: 42, all: 42 }, { checked: 10, all: 10 }, 0, 100],
  [{ checked: 1, all: 4000 }, { checked: 1, all: 1000 }, 0, 1],
  [{ checked: 3999, all: 4000 }, { checked: 1000, all: 1000 }, 0, 99],
  [{ checked: 42, all: 42 }, { checked: 10, all: 10 }, 2, 99],
  [{ checked: 1, all: 4 }, { checked: 0, all: 0 }, 0, 25],
])('of %j tables with %j bytes, and %d that were left out, %d % were proved', (tables, bytes, odd, percent) => {
  expect(percentOf({ tables, bytes, odd })).toBe(percent);
});

test.each([
  ['its last word is missing', whole.slice(0, -1)],
  ['no table was checked', whole.map((line) => (line.startsWith('tables') ? 'tables 0 42' : line))],
  ['the check has no time', whole.filter((line) => !line.startsWith('part check'))],
  ['it does not say when', whole.filter((line) => !line.startsWith('at '))],
  ['no row was counted', whole.filter((line) => !line.startsWith('rows'))],
  ['a figure has another form', whole.map((line) => (line.startsWith('rows') ? 'rows 1 \u001b[2J' : line))],
])('where %s, nothing is proved', (_, lines) => {
  expect(readProved(lines)).toBeUndefined();
});

const base64 = (lines: readonly string[]) => Buffer.from(`${lines.join('\n')}\n`).toString('base64');
const command = { host: 'db2', script: 'unit', args: [], deadlineMs: 1000 } as const;
interface Found {
  readonly columns?: readonly string[];
  /** What the first polls say, before `state`; empty: no answer. */
  readonly first?: readonly string[];
  readonly isAgain?: boolean;
}
async function ended(
  state: string,
  lines: readonly string[],
  { columns = [], first = [], isAgain = false }: Found = {},
) {
  const ran: string[] = [];
  const polls = [...first];
  const { tools, notes } = stepTools({
    commands: {
      start: command,
      poll: command,
      unmark: command,
      copy: command,
      end: command,
      'guard-use': { ...command, args: ['use', 'group=vg0', 'name=a'] },
    },
    input: { snapshot: 'vg0/a', columns: [...columns] },
    answer: (key) => {
      ran.push(key);
      const early = key === 'poll' ? polls.shift() : undefined;
      if (early !== undefined) return early === '' ? lineLost : printed(`${early}\nx\n\n`);
      return printed(
        key === 'guard-use' ? 'snapshot|swi-a-s---|1000|1\ngroup|1000\n' : `${state}\nx\n${base64(lines)}\n`,
      );
    },
  });
  const step = { ...tools.step, name: 'prove' };
  const steps = [{ name: 'prove', state: 'running', ...(isAgain && { spentMs: 7 }) }];
  const end = await proveRestore.run({ ...tools, step, record: () => ({ steps }) as unknown as JobRecord });
  return { end, notes, ran: ran.filter((key) => key !== 'poll' && key !== 'guard-use') };
}

test('a server that read all tables proves its snapshot', async () => {
  const { end, notes } = await ended('ended 0', whole, { columns: ['shop.orders.created_at'] });
  expect(end).toMatchObject({ ok: true, result: { snapshot: 'vg0/a', rows: 168_423 } });
  expect(notes).toContain('! it ran without limits for memory and CPU of its own: Unit is transient');
  expect(notes).toContain('CHECK TABLE: 42 tables are whole (3.1 s)');
});

test.each([
  [
    'ended 5',
    [...whole.slice(0, 6), 'CHECK TABLE: 1 of 42 tables are damaged; `shop`.`a`: Corrupt'],
    'vg0/a is not proved: CHECK TABLE: 1 of 42 tables are damaged; `shop`.`a`: Corrupt',
  ],
  [
    'ended 1',
    ['[ERROR] InnoDB: corrupt', 'the server did not start on the copy'],
    'vg0/a is not proved: the server did not start on the copy; [ERROR] InnoDB: corrupt',
  ],
  ['died', whole, 'vg0/a is not proved: its unit died'],
  ['absent', [], 'db2 was restarted meanwhile: nothing is proved'],
  ['ended 0', [], 'vg0/a is not proved: it did not say why'],
])('a unit that %s with %j is a failure, and never a proof', async (state, lines, message) => {
  expect((await ended(state, lines)).end).toMatchObject({ ok: false, message });
});

test.each([
  ['ended 5', true],
  ['ended 1', false],
  ['ended 4', false],
  ['died', false],
])('an earlier mark goes with a unit that %s: %s', async (state, goes) => {
  expect((await ended(state, ['why'])).ran.includes('unmark')).toBe(goes);
});

test('a proof whose unit ended while its runner was dead is read by a resume, and not begun anew', async () => {
  const { end, ran } = await ended('ended 0', whole, { isAgain: true });
  expect(end).toMatchObject({ ok: true, result: { rows: 168_423, atMs: 1_795_719_000_000 } });
  expect(ran).toEqual([]);
});

test('a proof whose host does not answer the first look of a resume is not ended for that', async () => {
  const { end, ran } = await ended('ended 0', whole, { first: ['', '', 'running'], isAgain: true });
  expect(end.ok).toBe(true);
  expect(ran).toEqual([]);
});

test.each([
  ['died', true, ['end', 'copy', 'start']],
  ['absent', true, ['end', 'copy', 'start']],
  ['absent', false, ['end', 'start']],
])('a unit that is %s begins on a copy that no server has recovered (a resume: %s)', async (first, isAgain, keys) => {
  const { end, ran } = await ended('ended 0', whole, { first: [first], isAgain });
  expect(end.ok).toBe(true);
  expect(ran).toEqual(keys);
});

test('a newest row that was asked for and not told is a failure', async () => {
  expect((await ended('ended 0', whole, { columns: ['shop.other.at'] })).end).toMatchObject({ ok: false });
});

test('a proof on another host needs the snapshot no more, and tells how long the copy took, which a restore takes too', async () => {
  const copy = { name: 'copy', work: 'seed-copy', host: 'db2', title: 'copy', input: {}, commands: {} };
  const record = () => ({
    plan: { steps: [copy] },
    steps: [{ name: 'copy', state: 'done', startedMs: 1000, endedMs: 61_000 }],
    resources: [],
  });
  const { tools, notes } = stepTools({
    commands: { start: command, poll: command, end: command },
    input: { snapshot: 'vg0/a', columns: [], on: 'db6' },
    answer: () => printed(`ended 0\nx\n${base64(whole)}\n`),
  });
  const end = await proveRestore.run({ ...tools, record: record as unknown as () => JobRecord });
  expect(end).toMatchObject({ ok: true, result: { on: 'db6', copyMs: 60_000 } });
  const { parts } = readProved(whole) ?? { parts: [] };
  expect(tookMs({ parts, copyMs: 60_000 })).toBe(tookMs({ parts }) + 60_000);
  expect(notes).toContain('copied to db6 in 60.0 s');
});
