// What the server on the copy told, and when that proves nothing.
import { expect, test } from 'vitest';
import { proveRestore } from '../../src/proofs/prove.ts';
import { readProved, tookMs } from '../../src/proofs/told.ts';
import { printed, stepTools } from '../job/step-tools.ts';

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
  ['its last word is missing', whole.slice(0, -1)],
  ['no table was checked', whole.map((line) => (line.startsWith('tables') ? 'tables 0 42' : line))],
  ['the check has no time', whole.filter((line) => !line.startsWith('part check'))],
  ['no row was counted', whole.filter((line) => !line.startsWith('rows'))],
  ['a figure has another form', whole.map((line) => (line.startsWith('rows') ? 'rows 1 \u001b[2J' : line))],
])('where %s, nothing is proved', (_, lines) => {
  expect(readProved(lines)).toBeUndefined();
});

const base64 = (lines: readonly string[]) => Buffer.from(`${lines.join('\n')}\n`).toString('base64');
const command = { host: 'db2', script: 'unit', args: [], deadlineMs: 1000 } as const;
async function ended(state: string, lines: readonly string[], columns: readonly string[] = []) {
  const ran: string[] = [];
  const { tools, notes } = stepTools({
    commands: {
      start: command,
      poll: command,
      unmark: command,
      end: command,
      'guard-use': { ...command, args: ['use', 'group=vg0', 'name=a'] },
    },
    input: { snapshot: 'vg0/a', columns },
    answer: (key) => {
      ran.push(key);
      return printed(
        key === 'guard-use' ? 'snapshot|swi-a-s---|1000|1\ngroup|1000\n' : `${state}\nx\n${base64(lines)}\n`,
      );
    },
  });
  return { end: await proveRestore.run(tools), notes, ran };
}

test('a server that read all tables proves its snapshot', async () => {
  const { end, notes } = await ended('ended 0', whole, ['shop.orders.created_at']);
  expect(end).toMatchObject({ ok: true, result: { snapshot: 'vg0/a', rows: 168_423 } });
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
    'vg0/a is not proved: [ERROR] InnoDB: corrupt; the server did not start on the copy',
  ],
  ['died', whole, 'vg0/a is not proved: its unit died'],
  ['absent', [], 'db2 was restarted meanwhile: nothing is proved'],
  ['ended 0', [], 'vg0/a is not proved: it did not say why'],
])('a unit that %s with %j is a failure, and never a proof', async (state, lines, message) => {
  expect((await ended(state, lines)).end).toMatchObject({ ok: false, message });
});

test.each([
  ['ended 5', 'unmark'],
  ['ended 1', 'guard-use'],
  ['ended 4', 'guard-use'],
  ['died', 'guard-use'],
])(
  'an earlier mark goes with a unit that %s, and stays where nothing is known of the snapshot',
  async (state, last) => {
    expect(new Set((await ended(state, ['why'])).ran).has('unmark')).toBe(last === 'unmark');
  },
);

test('a newest row that was asked for and not told is a failure', async () => {
  expect((await ended('ended 0', whole, ['shop.other.at'])).end).toMatchObject({ ok: false });
});
