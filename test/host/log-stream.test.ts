import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogSignal, LogStream } from '../../src/host/log/log-stream.ts';

const mark = '0123456789abcdef0123456789abcdef';

function heard(...pieces: readonly (string | Buffer)[]): { text: string; signals: LogSignal[] } {
  const text: Buffer[] = [];
  const signals: LogSignal[] = [];
  const stream = new LogStream(mark, {
    onText: (bytes) => text.push(Buffer.from(bytes)),
    onSignal: (signal) => signals.push(signal),
  });
  for (const piece of pieces) stream.push(Buffer.from(piece));
  return { text: Buffer.concat(text).toString(), signals };
}
const said = (words: string) => `${mark}${words}${mark}`;

test('signals of the script are separated from the log, wherever they are in the stream', () => {
  const { text, signals } = heard(
    `${said('path server /var/log/my sql/error.log')}${said('opened start 12:34 100 cut')}one\ntw${said('skipped 5000')}o\n`,
  );
  expect(text).toBe('one\ntwo\n');
  expect(signals).toEqual([
    { kind: 'path', foundBy: 'server', path: '/var/log/my sql/error.log' },
    { kind: 'opened', as: 'start', place: { file: '12:34', offsetBytes: 100 }, torn: true },
    { kind: 'skipped', bytes: 5000 },
  ]);
});

test('every word of the script', () => {
  const words = [
    'absent',
    'unreadable',
    'none stderr',
    'none unknown systemd knows no unit mysqld',
    'opened truncated 1:- 0 whole',
    'zone -0330',
  ];
  expect(heard(words.map(said).join('')).signals).toEqual([
    { kind: 'absent' },
    { kind: 'unreadable' },
    { kind: 'none', why: 'stderr', because: '' },
    { kind: 'none', why: 'unknown', because: 'systemd knows no unit mysqld' },
    { kind: 'opened', as: 'truncated', place: { file: '1:-', offsetBytes: 0 }, torn: false },
    { kind: 'zone', utcOffsetSeconds: -12_600 },
  ]);
});

test('a path with a newline and escapes in it is one clean line', () => {
  const [signal] = heard(said('path inventory /var/log/\x1b[31mred\nthing.err')).signals;
  expect(signal).toMatchObject({ path: '/var/log/red thing.err' });
});

test('words that the script does not have are nothing', () => {
  expect(
    heard(
      said('opened sideways 1:1 0 whole') + said('skipped lots') + said('zone CET') + said('') + said('path nobody /x'),
    ).signals,
  ).toEqual([]);
});

test('a log that knows another mark says nothing in the name of the script', () => {
  const forged = `${'f'.repeat(32)}absent${'f'.repeat(32)}\n`;
  expect(heard(forged)).toEqual({ text: forged, signals: [] });
});

test('a script that never ends what it says is bounded', () => {
  const { text } = heard(mark, ...Array.from({ length: 40 }, () => 'x'.repeat(1000)));
  expect(text.length).toBeGreaterThan(20_000);
});

test('any bytes in any pieces: the same text and the same words', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom(said('absent'), said('skipped 7'), mark.slice(0, 9), mark.slice(3)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, places) => {
      const all = Buffer.from(`${parts.join('')}\n`);
      const cuts = [0, ...places.map((place) => place % all.length), all.length].sort((one, other) => one - other);
      const pieces = cuts.slice(1).map((end, index) => all.subarray(cuts[index], end));
      expect(heard(...pieces)).toEqual(heard(all));
    }),
  );
});
