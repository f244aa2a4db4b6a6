// The mouse: reports are taken out of what is typed, however they come; the wheel scrolls, a click selects, a double click opens.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReportSorter } from '../../components/mouse/reports.ts';
import { openConsole, recorded } from './console.tsx';
import { recordedJobs } from './jobs.ts';

const { picture, recordedAtMs: nowMs } = recorded('calm');

describe('reports', () => {
  test('are told apart from keys, arrows, and pasted text that looks like them', () => {
    const { sort } = createReportSorter();
    expect(sort('j\x1b[<0;10;5Mk\x1b[A')).toEqual({
      typed: 'jk\x1b[A',
      reports: [{ kind: 'press', column: 9, line: 4 }],
      answers: [],
    });
    expect(sort('\x1b[<64;1;1M\x1b[<65;1;1M').reports.map(({ kind }) => kind)).toEqual(['wheelUp', 'wheelDown']);
    const pasted = '\x1b[200~a\x1b[<0;1;1Mb\x1b[201~';
    expect(sort(pasted)).toEqual({ typed: pasted, reports: [], answers: [] });
  });

  test('of releases, other buttons and moves do nothing, and are not typed', () => {
    const { sort } = createReportSorter();
    expect(sort('\x1b[<0;1;1m\x1b[<2;1;1M\x1b[<35;1;1M')).toMatchObject({ typed: '', reports: [] });
  });

  test('that something else broke off are not typed either', () => {
    const { sort } = createReportSorter();
    expect(sort('\x1b[<0;1\x1b[<0;2;2M')).toMatchObject({
      typed: '',
      reports: [{ kind: 'press', column: 1, line: 1 }],
    });
    expect(sort(`\x1b[<${'1'.repeat(40)}`).typed + sort('Mj').typed).not.toContain('[<');
  });

  test('are whole again wherever they were cut, and no byte of them is typed', () => {
    const piece = fc.oneof(
      fc.constantFrom('j', 'é', '\x1b[A', '\x1b[5~', '\x1b[200~a\x1b[<0;1;1Mb\x1b[201~', '\r'),
      fc.constantFrom('\x1b]11;rgb:ffff/ffff/ffff\x1b\\', '\x1b]11;rgb:00/2b/36\x07', '\x1b]k'),
      fc.tuple(fc.constantFrom(0, 64, 65), fc.nat(200), fc.nat(60)).map(([b, x, y]) => `\x1b[<${b};${x + 1};${y + 1}M`),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 20 }), (pieces, cuts) => {
        const text = Buffer.from(pieces.join('')).toString('latin1');
        const whole = createReportSorter().sort(text);
        const { sort, release } = createReportSorter();
        const places = [...new Set([0, ...cuts.filter((at) => at < text.length), text.length])].sort((a, b) => a - b);
        const sorted = places.slice(1).map((to, index) => sort(text.slice(places[index], to)));
        const end = release();
        expect(sorted.flatMap(({ reports }) => reports)).toEqual(whole.reports);
        expect(sorted.flatMap(({ answers }) => answers)).toEqual(whole.answers);
        expect(sorted.map(({ typed }) => typed).join('') + end).toBe(whole.typed);
      }),
    );
  });

  test('whose escape was taken for the key are still no text', () => {
    const { sort, waiting, release } = createReportSorter();
    expect(sort('\x1b')).toMatchObject({ typed: '', reports: [] });
    expect([waiting(), release(), waiting()]).toEqual(['\x1b', '\x1b', '']);
    expect(sort('[<0;3;3M')).toMatchObject({ typed: '', reports: [{ kind: 'press', column: 2, line: 2 }] });
    sort('\x1b[<0');
    expect(waiting()).toBe('');
  });
});

test('Fleet: the wheel moves the cursor by three rows, a click puts it on a row, a second one soon after opens that', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  console.mouse('wheelDown', 10);
  await console.shows('▸ db4');
  console.mouse('wheelUp', 10);
  await console.shows('▸ db1');
  console.mouse('press', 3, 1000);
  await console.shows('▸ db2');
  // Too late, and on another row.
  console.mouse('press', 3, 2000);
  console.mouse('press', 4, 2100);
  await console.shows('▸ db3');
  expect(console.screens.getState().stack).toHaveLength(1);
  console.mouse('press', 4, 2300);
  await console.shows('fleet › db3');
});

test('a click beside the rows does nothing, and none agrees to anything', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  for (const line of [0, 1, 20, 38, 39]) console.mouse('press', line);
  expect(console.screens.getState().fleet.cursor?.id).toBe('db1');
  console.press('s');
  await console.shows('y does it');
  for (let line = 0; line < 40; line++) for (const _ of [1, 2]) console.mouse('press', line);
  await console.shows('y does it');
  expect(console.jobs.launched).toEqual([]);
});

test('the wheel types nothing into a filter or a name, and scrolls what is read', async () => {
  const console = openConsole({ picture, nowMs, rows: 20 });
  await console.shows('▸ db1');
  console.press('/db');
  await console.shows('filter: db_');
  console.mouse('wheelDown', 3);
  console.press('3\r');
  await console.shows('filter: db3, 1 of 6');
  console.press('?');
  await console.shows(/1 of \d+ lines/);
  console.mouse('wheelDown', 3);
  await console.shows(/4 of \d+ lines/);
});

test('Jobs: a click selects, a double click opens the job', async () => {
  const console = openConsole({ picture, nowMs, jobs: recordedJobs().views });
  await console.shows('▸ db1');
  console.press('J');
  await console.shows(/▸ +11 /);
  console.mouse('press', 5, 0);
  await console.shows(/▸ +9 /);
  console.mouse('press', 5, 200);
  await console.shows('fleet › jobs › job 9');
});
