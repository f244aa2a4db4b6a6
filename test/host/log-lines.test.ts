import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCorruption } from '../../src/host/log/corruption.ts';
import { parseLogLine } from '../../src/host/log/error-log.ts';
import { LineSplitter, logLineOf, type RawLine } from '../../src/host/log/log-lines.ts';

function linesOf(...pieces: readonly Buffer[]): RawLine[] {
  const lines: RawLine[] = [];
  const splitter = new LineSplitter((line) => lines.push({ ...line, bytes: Buffer.from(line.bytes) }));
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return lines;
}
const textsOf = (...pieces: readonly string[]) =>
  linesOf(...pieces.map((piece) => Buffer.from(piece))).map((line) => logLineOf(line).text);

/** `bytes` cut at the places given. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (one, other) => one - other,
  );
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

test('lines, whatever pieces they come in', () => {
  expect(textsOf('one\ntw', 'o\n', '\nlast')).toEqual(['one', 'two', '', 'last']);
});

test('CR LF ends a line as well, and a CR inside of one is shown', () => {
  expect(textsOf('one\r', '\ntwo\r\n', 'th\rree\n')).toEqual(['one', 'two', 'th\ufffdree']);
});

test('of a long line the beginning is kept, and the rest counted in bytes', () => {
  const [line] = linesOf(Buffer.from(`${'é'.repeat(5000)}\n`)).map((raw) => logLineOf(raw).text);
  expect(line).toBe(`${'é'.repeat(4000)} … (2000 bytes left out)`);
});

test('a line of a gigabyte in pieces costs no more than what is kept of it', () => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const lines: RawLine[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  const before = process.memoryUsage();
  for (let pieces = 0; pieces < 16 * 1024; pieces++) splitter.push(piece);
  splitter.push(Buffer.from('end\nnext\n'));
  const after = process.memoryUsage();
  expect(lines.map(({ bytes, leftOutBytes }) => [bytes.length, leftOutBytes])).toEqual([
    [16_000, 1024 ** 3 + 3 - 16_000],
    [4, 0],
  ]);
  const grownBytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  expect(grownBytes).toBeLessThan(32 * 1024 * 1024);
});

test('escape sequences, bidi overrides, NUL and invalid UTF-8 do not reach the screen', () => {
  const bytes = Buffer.concat([
    Buffer.from('\x1b]52;c;aGk=\x07\x1b[31mred\x1b[0m \u202erev \0'),
    Buffer.from([0xff, 0xfe, 0x0a]),
  ]);
  expect(linesOf(bytes).map((raw) => logLineOf(raw).text)).toEqual(['red rev \ufffd\ufffd\ufffd']);
});

test('severity and time are read, and a line of a stack trace has none', () => {
  const [line, trace] = linesOf(
    Buffer.from('2026-11-22T19:02:43.557288Z 0 [ERROR] [MY-010931] [Server] bad\n/usr/sbin/mysqld(+0x1)[0x2]\n'),
  ).map((raw) => logLineOf(raw));
  expect(line).toMatchObject({ severity: 'error', time: '2026-11-22T19:02:43.557288Z' });
  expect(trace).toEqual({ text: '/usr/sbin/mysqld(+0x1)[0x2]' });
});

test('any bytes in any pieces: the same lines as in one piece, nothing lost, no control character', () => {
  const byte = fc.oneof(fc.constantFrom(0x0a, 0x0d, 0x1b, 0xe2, 0x80, 0xae, 0x00), fc.integer({ min: 0, max: 255 }));
  const bytes = fc
    .uint8Array({ maxLength: 300 })
    .chain((plain) => fc.array(byte, { maxLength: 200 }).map((odd) => Buffer.from([...odd, ...plain])));
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(), { maxLength: 8 }), (all, places) => {
      const whole = linesOf(all);
      expect(linesOf(...cutAt(all, places))).toEqual(whole);
      const said = whole.reduce((sum, { bytes: kept, leftOutBytes }) => sum + kept.length + leftOutBytes, 0);
      const ends = all.filter((one) => one === 0x0a).length;
      expect(said).toBeLessThanOrEqual(all.length - ends);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested.
      for (const line of whole) expect(logLineOf(line).text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
    }),
  );
});

test('however long a line is, what is kept and what is counted make up all of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.array(fc.nat(), { maxLength: 5 }), (length, places) => {
      const [line] = linesOf(...cutAt(Buffer.from(`${'x'.repeat(length)}\n`), places));
      expect((line?.bytes.length ?? 0) + (line?.leftOutBytes ?? 0)).toBe(length);
      const shown = line ? logLineOf(line).text : '';
      expect(shown.length).toBeLessThanOrEqual(4096);
      const leftOut = Number(/\((\d+) bytes left out\)$/.exec(shown)?.[1] ?? 0);
      expect(shown.replace(/ … .*/, '').length + leftOut).toBe(length);
    }),
    { numRuns: 50 },
  );
});

test('a long line of the JSON sink is read; a cut one is shown as cut, with its severity and code', () => {
  const json = (msg: string) =>
    `{ "prio" : 1, "err_code" : 1194, "subsystem" : "Server", "time" : "2026-11-26T10:00:00.0Z", "label" : "Error", "msg" : "${msg}" }\n`;
  const [long, cut] = [5000, 20_000].map((characters) => {
    const [raw] = linesOf(Buffer.from(json(`Table is broken ${'x'.repeat(characters)}`)));
    return raw && logLineOf(raw);
  });
  expect(long?.text).toMatch(
    /^2026-11-26T10:00:00\.0Z 0 \[ERROR\] \[MY-001194\] \[Server\] Table is broken x+ … \(\d+ more characters\)$/,
  );
  expect(cut?.severity).toBe('error');
  expect(cut?.text).toMatch(
    /\[ERROR\] \[MY-001194\] \[Server\] Table is broken x+ … \(line cut\) … \(\d+ bytes left out\)$/,
  );
});

test('a recorded line of the JSON sink whose time and label came cut off keeps its severity', async () => {
  const recorded = await readFile(new URL('../fixtures/mysql-9.7/error-log-json.txt', import.meta.url), 'utf8');
  const whole = recorded.split('\n').find((line) => line.includes('"err_code" : 13129')) ?? '';
  const cut = parseLogLine(whole.slice(0, whole.indexOf('no client-session')));
  expect(cut.severity).toBe('error');
  expect(cut.time).toBeUndefined();
  expect(cut.text).toMatch(/^\? 0 \[ERROR\] \[MY-013129\] A message intended .* … \(line cut\)$/);
  const page = whole
    .replace('"err_code" : 13129', '"err_code" : 12224')
    .replace('A message', 'Database page corruption.');
  expect(isCorruption(parseLogLine(page.slice(0, page.indexOf('no client-session'))))).toBe(true);
});
