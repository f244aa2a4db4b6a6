// How many bytes are written to the terminal while nothing changes: over a slow line every byte costs time. Only the
// clock may change.
import { setTimeout as after } from 'node:timers/promises';
import { cpuMs } from './cpu.ts';
import { figure, tell } from './figures.ts';
import { standIns } from './fleet.ts';
import { withPublished } from './published.ts';
import { onScreen } from './screen.ts';

const restMs = 30_000;

export async function atRest(): Promise<void> {
  await withPublished(async ({ folder, bin }) => {
    const fleet = await standIns(folder, 6, false);
    const screen = onScreen([bin, '--inventory', fleet.inventory], { folder });
    try {
      await screen.until((lines) => /● 6 up/.test(lines[0] ?? ''));
      // The expensive parts of the first reports.
      await after(15_000);
      const [bytes, cpu, before] = [screen.writtenBytes(), cpuMs(screen.pid), screen.lines()];
      await after(restMs);
      const written = (screen.writtenBytes() - bytes) / (restMs / 1000);
      const moved = screen.lines().flatMap((line, row) => (line === before[row] ? [] : [row + 1]));
      tell('written', figure(written, 'bytes/s'), `goal: the clock's alone; lines that changed: ${moved.join(', ')}`);
      tell('  CPU', figure(((cpuMs(screen.pid) - cpu) / restMs) * 100, '% of a core', 1));
    } finally {
      await screen.end();
      fleet.end();
    }
  });
}
