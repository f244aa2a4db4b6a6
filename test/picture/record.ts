// npm run picture: docs/recovery.svg, recorded from a recovery by the console on a practice fleet of its own. Waits are shortened: no screen is shown for
// longer than two seconds, and what moves is four times as fast.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isUp, setup, teardown } from '../fleet/bring-up.ts';
import { consoleOnFleet } from '../fleet/console.ts';
import { drill } from '../fleet/fleet.ts';
import type { TestTerminal } from '../terminal.ts';
import { movingPicture, type Screen } from './moving.ts';

const size = { columns: 110, rows: 30 };
const [mostMs, leastMs, faster, lookEveryMs] = [2000, 150, 4, 100];

interface Seen {
  readonly atMs: number;
  readonly lines: Screen['lines'];
}

/** Looks at the screen until `work` ends; a look that sees what the one before saw is left out. */
async function watched(terminal: TestTerminal, work: () => Promise<void>): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  let isOver = false;
  let before = '';
  const watch = async () => {
    while (!isOver) {
      const lines = terminal.pieces();
      const now = JSON.stringify(lines);
      if (now !== before) seen.push({ atMs: Date.now(), lines });
      before = now;
      await sleep(lookEveryMs);
    }
  };
  const watching = watch();
  await work().finally(() => {
    isOver = true;
  });
  await watching;
  return seen;
}

/** `slow`: as fast as it was, while a person reads and types. */
function screensOf(seen: readonly Seen[], slowUntilMs: number): readonly Screen[] {
  return seen.map(({ atMs, lines }, index) => {
    const tookMs = (seen[index + 1]?.atMs ?? atMs + 8 * mostMs) - atMs;
    const forMs = atMs < slowUntilMs ? tookMs : tookMs / faster;
    return { forMs: Math.min(mostMs, Math.max(leastMs, forMs)), lines };
  });
}

async function recovery(terminal: TestTerminal): Promise<number> {
  const pause = () => sleep(1500);
  await terminal.shows(/db3 .*(starting|down|crash-looping)/);
  await terminal.shows(/▸ db3/);
  await pause();
  terminal.press('e');
  await terminal.shows('seed db2 → db3');
  await pause();
  terminal.press('\r');
  await terminal.shows('y asks for the name db3');
  await pause();
  terminal.press('y');
  await terminal.shows('Type db3');
  for (const key of 'db3') {
    terminal.press(key);
    await sleep(250);
  }
  terminal.press('\r');
  await terminal.shows(/job \d+ · seed db2 → db3/);
  const begunMs = Date.now();
  await terminal.shows(/job \d+ · seed db2 → db3 .*✔ done/, 420_000);
  await pause();
  terminal.press('\x1b');
  await terminal.shows(/db3 .*replica .*● up +\d+ s/);
  await pause();
  return begunMs;
}

await setup();
try {
  await isUp();
  await drill('fault', 'corrupt-datadir', 'db3');
  const terminal = consoleOnFleet(size);
  let begunMs = 0;
  const seen = await watched(terminal, async () => {
    begunMs = await recovery(terminal);
  });
  terminal.press('q');
  await terminal.ends();
  const path = join(import.meta.dirname, '../../docs/recovery.svg');
  await writeFile(path, movingPicture(screensOf(seen, begunMs), size));
  process.stdout.write(`${path}: ${seen.length} screens\n`);
} finally {
  await teardown();
}
