// Whether the console stays usable with 500 hosts that answer at once, and with a log that grows without end.
import { setTimeout as after } from 'node:timers/promises';
import { controlMasterPollMs } from './control-master.ts';
import { cpuMs, residentBytes } from './cpu.ts';
import { figure, percentile, tell } from './figures.ts';
import { standIns } from './fleet.ts';
import { withPublished } from './published.ts';
import { onScreen, type Screen } from './screen.ts';

const hosts = 500;
const pollEveryMs = 5000;
const restMs = 20_000;
const presses = 80;
const betweenPressesMs = 110;
const lostAfterMs = 3000;

export async function fiveHundredHosts(): Promise<void> {
  await withPublished(async ({ folder, bin }) => {
    const fleet = await standIns(folder, hosts);
    const screen = onScreen([bin, '--inventory', fleet.inventory], { folder });
    try {
      await screen.shown('db1');
      const cpuAtStart = cpuMs(screen.pid);
      const startMs = performance.now();
      const answered = screen.until((lines) => upCount(lines) === hosts, 120_000);
      const connecting = await keyToFrame(screen, cursorRow, ['j', 'k'], () => upCount(screen.lines()) === hosts);
      const allMs = await answered;
      tell('all first answers', figure(allMs / 1000, 's', 1), 'goal 30 s');
      const cpuWhile = cpuMs(screen.pid) - cpuAtStart;
      tell('  CPU for it', figure(cpuWhile, 'ms'), figure(cpuWhile / hosts, 'ms a host', 1));
      tell('  of a core', figure((cpuWhile / (performance.now() - startMs)) * 100, '%'));
      tellKeys('  key to frame meanwhile', connecting, 75);

      await after(3000);
      const share = await tellCost(screen, 'polled every 5 s');
      const reference = await controlMasterPollMs(folder, fleet);
      const theirs = (reference * hosts) / (pollEveryMs / 100);
      tell(
        '  ssh with ControlMaster, a command a poll',
        figure(theirs, '% of a core'),
        figure(share / theirs, 'x: ours, screen and all', 2),
      );
      tellKeys('  key to frame, fleet', await keyToFrame(screen, cursorRow, ['j', 'k']), 30);

      screen.pty.write('\r');
      await screen.until((lines) => timesShown(lines) === 1);
      await after(3000);
      await tellCost(screen, 'and a log of 1,000 lines/s open');
      tellKeys('  key to frame, log', await keyToFrame(screen, timesShown, ['t']), 30);
    } finally {
      await screen.end();
      fleet.end();
    }
  });
}

/** `● 500 up` of the header. */
const upCount = (lines: readonly string[]) => Number(/● (\d+) up/.exec(lines[0] ?? '')?.[1] ?? 0);
const cursorRow = (lines: readonly string[]) => lines.findIndex((line) => line.startsWith(' ▸'));

/** Whether lines of the log show their time; the key t switches that. */
const timesShown = (lines: readonly string[]) => (lines.slice(1).some((line) => /\d\d:\d\d:\d\d/.test(line)) ? 1 : 0);

/** Gives the share of a core, in percent. */
async function tellCost(screen: Screen, what: string): Promise<number> {
  const [cpu, bytes, startMs] = [cpuMs(screen.pid), screen.writtenBytes(), performance.now()];
  await after(restMs);
  const ms = performance.now() - startMs;
  const share = ((cpuMs(screen.pid) - cpu) / ms) * 100;
  tell(what, figure(share, '% of a core', 1), 'goal 10 %');
  tell('  memory', figure(residentBytes(screen.pid) / 1e6, 'MB'), 'goal 150 MB');
  tell('  to the terminal', figure((screen.writtenBytes() - bytes) / ms, 'kB/s', 1));
  return share;
}

/** The time from a key to its change on the screen, in milliseconds. */
async function keyToFrame(
  screen: Screen,
  looked: (lines: readonly string[]) => number,
  keys: readonly string[],
  isOver = () => false,
): Promise<number[]> {
  const samples: number[] = [];
  for (let press = 0; press < presses && !isOver(); press++) {
    const before = looked(screen.lines());
    const pressedMs = performance.now() - screen.startedMs;
    screen.pty.write(keys[press % keys.length] ?? '');
    const seen = screen.until((lines) => looked(lines) !== before, lostAfterMs);
    // A key without any effect counts as the slowest.
    samples.push(
      await seen.then(
        (atMs) => atMs - pressedMs,
        () => Number.POSITIVE_INFINITY,
      ),
    );
    await after(betweenPressesMs * (0.5 + Math.random()));
  }
  return samples;
}

function tellKeys(what: string, samples: readonly number[], goalMs: number): void {
  const lost = samples.filter((ms) => !Number.isFinite(ms));
  const all = `of ${samples.length}${lost.length > 0 ? `; ${lost.length} without effect` : ''}`;
  const [p50, p95] = [percentile(samples, 0.5), percentile(samples, 0.95)];
  tell(what, figure(p50, 'ms, p50'), figure(p95, `ms, p95 ${all}`), `goal p95 ${goalMs} ms`);
}
