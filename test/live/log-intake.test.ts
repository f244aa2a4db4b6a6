// A flood of lines from a host: what is kept, what is counted, and which side has to wait.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogIntake } from '../../src/fleet/log/intake.ts';

const mark = 'f00d'.repeat(8);
const signal = (words: string) => `${mark}${words}${mark}`;

function intake(limit: number, whenFull: 'drop' | 'wait' = 'drop') {
  const taking = new LogIntake({ limit, whenFull, onHeld: () => undefined });
  taking.begin(mark);
  return taking;
}

const lineCount = (held: ReturnType<LogIntake['take']>['held']) => held.filter(({ kind }) => kind === 'line').length;

test('of a storm the newest lines are held, and the others counted', () => {
  const taking = intake(100);
  for (let line = 0; line < 100_000; line++) void taking.push(Buffer.from(`line ${line}\n`));
  const { held, droppedLines } = taking.take();
  expect(lineCount(held) + droppedLines).toBe(100_000);
  expect(lineCount(held)).toBeLessThanOrEqual(100);
  const last = held.at(-1);
  expect(last?.kind === 'line' && last.raw.bytes.toString()).toBe('line 99999');
  expect(taking.take()).toEqual({ held: [], droppedLines: 0 });
});

test('however lines are cut into pieces and taken along, none is lost from the count', () => {
  const storm = fc.array(fc.record({ lines: fc.integer({ min: 0, max: 60 }), take: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(storm, fc.integer({ min: 1, max: 20 }), (pieces, limit) => {
      const taking = intake(limit);
      let counted = 0;
      const count = () => {
        const { held, droppedLines } = taking.take();
        counted += lineCount(held) + droppedLines;
      };
      for (const { lines, take } of pieces) {
        void taking.push(Buffer.from('x\n'.repeat(lines)));
        if (take) count();
      }
      count();
      expect(counted).toBe(pieces.reduce((sum, { lines }) => sum + lines, 0));
    }),
  );
});

test('what the script said is not lost in a storm', () => {
  const taking = intake(100);
  void taking.push(Buffer.from(signal('opened start 1:1 0 whole')));
  void taking.push(Buffer.from('x\n'.repeat(10_000)));
  const { held } = taking.take();
  expect(held[0]).toMatchObject({ kind: 'signal', signal: { kind: 'opened' } });
});

test('who asked for every line makes the host wait until lines were taken', async () => {
  const taking = intake(10, 'wait');
  const waiting = taking.push(Buffer.from('x\n'.repeat(10)));
  expect(waiting).toBeInstanceOf(Promise);
  expect(lineCount(taking.take().held)).toBe(10);
  await waiting;
  expect(taking.push(Buffer.from('x\n'))).toBeUndefined();
});

test('a host that sends faster than lines are taken waits, however little of it is held', async () => {
  const taking = intake(10);
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let waiting: Promise<void> | undefined;
  let chunks = 0;
  for (; chunks < 256; chunks++) {
    waiting = taking.push(chunk) ?? undefined;
    await Promise.race([waiting, new Promise((resolve) => setImmediate(() => setImmediate(resolve)))]);
  }
  let isWaiting = true;
  void waiting?.then(() => {
    isWaiting = false;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isWaiting).toBe(true);
  taking.take();
  await waiting;
});

test('after a jump the next line is marked as torn, and a line half said before it is shown', () => {
  const taking = intake(10);
  void taking.push(Buffer.from(`${signal('opened start 1:1 0 whole')}one\nhalf${signal('skipped 500')}rest\ntwo\n`));
  const lines = taking
    .take()
    .held.flatMap((item) => (item.kind === 'line' ? [[item.raw.bytes.toString(), item.torn]] : []));
  expect(lines).toEqual([
    ['one', false],
    ['half', false],
    ['rest', true],
    ['two', false],
  ]);
});

test('the place that was read to counts every byte of the log, and none of the words', () => {
  const taking = intake(10);
  void taking.push(Buffer.from(`${signal('opened start 7:7 100 whole')}0123\n5${signal('skipped 1000')}abc`));
  expect(taking.position.before).toMatchObject({ file: '7:7', offsetBytes: 100 + 6 + 1000 + 3, sumBytes: 3 });
});
