import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, frameReader } from '../../src/host/frame.ts';
import { recorded, reportsIn, sentinel } from './recordings.ts';

function framesIn(...pieces: readonly Buffer[]): Frame[] {
  const frames: Frame[] = [];
  const read = frameReader(sentinel, (frame) => frames.push(frame));
  for (const piece of pieces) read(piece);
  return frames;
}

const line = (words: string) => `\n${sentinel} ${words}\n`;
const framed = (text: string | Buffer) =>
  Buffer.concat([
    Buffer.from(`${line('begin 1 system')}${line('section x')}`),
    Buffer.from(text),
    Buffer.from(`${line('status 0')}${line('end 1')}`),
  ]);

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

test('a report is the same in whatever pieces it comes', () => {
  const whole = recorded('mysql-9.7/probe-replica');
  const expected = reportsIn(whole);
  expect(expected).toHaveLength(1);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
      expect(reportsIn(...cutAt(whole, places))).toEqual(expected);
    }),
    { numRuns: 50 },
  );
  expect(framesIn(...[...whole].map((byte) => Buffer.of(byte)))).toEqual(framesIn(whole));
});

test('what a command prints comes out as it went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
      const [frame] = framesIn(...cutAt(framed(text.toWellFormed()), places));
      expect(frame?.sections.get('x')).toEqual({ status: '0', text: text.toWellFormed(), cut: false });
    }),
  );
});

test('a report that is cut short is dropped, and the next one is read', () => {
  const whole = recorded('mariadb-10.11/probe-primary');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 4 }), (length) => {
      const after = framesIn(whole.subarray(0, length), whole);
      expect(after).toHaveLength(1);
      expect(after).toEqual(framesIn(whole));
    }),
    { numRuns: 50 },
  );
});

test('text of the host that looks like a frame is text', () => {
  const forged = '\nother end 1\n recorded end 1\nrecordedx end 1\n';
  expect(framesIn(framed(forged))[0]?.sections.get('x')?.text).toBe(forged);
});

test('a line of the frame that makes no sense drops its report', () => {
  const senseless = [
    line('status 0'),
    line('end 2'),
    line('section y'),
    line('what'),
    line('x'.repeat(5000)),
    line(''),
  ];
  for (const words of senseless) expect(framesIn(framed(words), framed('next')).map(textOf)).toEqual(['next']);
  const textOfLines = framesIn(Buffer.from(`${line('end 1')}${line('status 0')}${line('begin x')}${line('end x')}`));
  expect(textOfLines).toEqual([]);
});
const textOf = (frame: Frame) => frame.sections.get('x')?.text;

test('a line of a gigabyte is not kept, and the report around it is read', () => {
  const frames: Frame[] = [];
  const read = frameReader(sentinel, (frame) => frames.push(frame));
  read(Buffer.from(`${line('begin 7 system')}${line('section x')}`));
  const mebibyte = Buffer.alloc(1024 * 1024, 'x');
  let maxBytes = 0;
  const atFirst = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 1024; count++) {
    read(mebibyte);
    if (count % 64 === 0) maxBytes = Math.max(maxBytes, process.memoryUsage().arrayBuffers - atFirst);
  }
  read(Buffer.from(`${line('status 0')}${line('end 7')}`));
  expect(frames).toHaveLength(1);
  expect(frames[0]?.sections.get('x')).toMatchObject({ cut: true });
  expect(frames[0]?.sections.get('x')?.text.length).toBe(1024 * 1024);
  expect(maxBytes).toBeLessThan(256 * 1024 * 1024);
});

test('a host that opens sections for ever is not followed', () => {
  const sections = Array.from({ length: 1000 }, (_, at) => `${line(`section s${at}`)}${line('status 0')}`).join('');
  expect(framesIn(Buffer.from(`${line('begin 1 system')}${sections}${line('end 1')}`))).toEqual([]);
});
