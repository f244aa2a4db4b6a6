// Any output of a host gives facts, or reasons why they are unknown. It never throws, and never passes a control
// character on.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { parseLogLine } from '../../src/host/log/error-log.ts';
import { recorded, reportsIn, sentinel } from './recordings.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come through.
const unclean = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Every text of a value, names of properties included. */
function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  JSON.stringify(value, (name, inner) => {
    texts.push(name);
    if (typeof inner === 'string') texts.push(inner);
    return inner;
  });
  return texts;
}

function expectWhole(report: HostReport): void {
  for (const part of Object.values(report)) expect(part.ok ? part.value : part.why).toBeTruthy();
  expect(textsIn(report).filter((text) => unclean.test(text))).toEqual([]);
}

const names = [
  'mysql-9.7/probe-replica',
  'mysql-9.7/probe-broken',
  'mysql-9.7/probe-snapshot',
  'mysql-9.7/probe-no-sudo',
  'mariadb-10.11/probe-thin-snapshot',
  'mariadb-10.11/probe-broken',
];
const recordings = names.map((name) => recorded(name).toString('latin1'));

/** Text that hosts have really printed, and random bytes. */
const nasty = fc.oneof(
  fc.constantFrom(
    '\x1b]52;c;AAAA\x07',
    '\x1b[31m',
    '\u202e',
    '\x9b2J',
    '\0',
    '\r\n',
    '\n',
    '\t',
    '|',
    '"',
    '\\x1b[2J',
    '\\033[2J',
    '\\n',
    '\\0',
    'NULL',
    '\u2028',
    '\xff\xfe',
    '-1',
    '99999999999999999999',
    '1e9',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** Without fast-check's preference for the ends: a position anywhere in the text, in millionths. */
const anywhere = fc.noBias(fc.nat({ max: 999_999 }));

test('a recording with anything put into it anywhere', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...recordings),
      fc.array(fc.tuple(anywhere, nasty), { minLength: 1, maxLength: 8 }),
      (recording, wounds) => {
        let text = recording;
        for (const [where, what] of wounds) {
          const at = Math.floor((where / 1e6) * text.length);
          text = text.slice(0, at) + Buffer.from(what).toString('latin1') + text.slice(at + (what.length % 3));
        }
        for (const report of reportsIn(Buffer.from(text, 'latin1'))) expectWhole(report);
      },
    ),
    { numRuns: 1500 },
  );
});

test('a recording with the text of any of its sections replaced', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...recordings),
      fc.nat(),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(nasty).map((all) => all.join('\n')),
      ),
      fc.constantFrom('0', '1', '2', '5', '124', '127', '137', 'resting 40', 'down', 'same', '', 'what'),
      (recording, which, text, status) => {
        const sections = recording.split(`\n${sentinel} section `);
        const at = 1 + (which % (sections.length - 1));
        const [name] = (sections[at] ?? '').split('\n', 1);
        const rest = at === sections.length - 1 ? `\n${sentinel} end 1\n` : '';
        const body = Buffer.from(text.replaceAll(sentinel, '')).toString('latin1');
        sections[at] = `${name}\n${body}\n${sentinel} status ${status}\n${rest}`;
        const reports = reportsIn(Buffer.from(sections.join(`\n${sentinel} section `), 'latin1'));
        expect(reports).toHaveLength(1);
        for (const report of reports) expectWhole(report);
      },
    ),
    { numRuns: 400 },
  );
});

test('any bytes at all', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
      expect(reportsIn(...pieces.map((piece) => Buffer.from(piece)))).toEqual([]);
    }),
  );
});

test('any line of a log', () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 20_000 })), (text) => {
      const line = parseLogLine(text);
      expect(line.text.length).toBeLessThanOrEqual(4096);
      expect(textsIn(line).filter((one) => unclean.test(one))).toEqual([]);
    }),
  );
});
