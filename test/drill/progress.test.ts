import { expect, test } from 'vitest';
import { progressOn } from '../../src/drill/progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 40, write: (text: string) => written.push(text) };
}

test('in a pipe, work is a line when it ends, with the seconds that it took', async () => {
  let nowMs = 1000;
  const pipe = screen(false);
  const progress = progressOn(pipe, () => nowMs);
  await progress.during('db1 starts', async () => {
    nowMs += 12_340;
  });
  expect(pipe.written).toEqual(['  12.3 s  db1 starts (took 12.3 s)\n']);
});

test('work that fails is printed as failed, and the error is passed on', async () => {
  const pipe = screen(false);
  const progress = progressOn(pipe, () => 0);
  const work = progress.during('db1 starts', async () => {
    throw new Error('no disk');
  });
  await expect(work).rejects.toThrow('no disk');
  expect(pipe.written).toEqual(['   0.0 s  db1 starts (failed after 0.0 s)\n']);
});

test('on a terminal, the line of the work under way never gets wider than the screen', async () => {
  const terminal = screen(true);
  const progress = progressOn(terminal, () => 0);
  await progress.during('a name that is much longer than the forty columns there are', async () => {
    progress.say('in between');
  });
  const drawn = terminal.written.filter((text) => text.startsWith('\r\x1b[K') && text.length > 4);
  expect(drawn.length).toBeGreaterThan(0);
  for (const line of drawn) expect(line.replace('\r\x1b[K', '').length).toBeLessThan(40);
});
