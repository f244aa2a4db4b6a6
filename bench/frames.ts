// What a key costs on the line to the terminal: bytes of a frame, alone, over a line of 80 ms, and through tmux. The reference is a frame that is
// drawn anew, as a program without incremental frames writes it at each key; it is measured in the same run.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { figure, median, tell } from './figures.ts';
import { withPublished } from './published.ts';
import { onScreen, type Screen } from './screen.ts';

const keys = 40;
/** A line to another continent, there and back. */
const roundTripMs = 80;
const [columns, rows] = [120, 40];
const hosts = 20;

export async function frames(): Promise<void> {
  await withPublished(async ({ folder, bin }) => {
    // Of a network that leads nowhere (RFC 5737): nothing but the clock changes besides what the key does.
    const inventory = join(folder, 'hosts.yaml');
    const lines = Array.from({ length: hosts }, (_, n) => `  db${n + 1}: { ssh: { host: 192.0.2.${n + 1} } }\n`);
    await writeFile(inventory, `fleet: bench\nhosts:\n${lines.join('')}`);
    const words = [bin, '--inventory', inventory];
    const whole = await wholeFrame(words, folder);
    tell('a frame that is drawn anew', figure(whole, `bytes (${columns} x ${rows})`));
    await measured('a key', whole, onScreen(words, { folder, columns, rows }), 0);
    await measured(`a key, over ${roundTripMs} ms`, whole, onScreen(words, { folder, columns, rows }), roundTripMs);
    await inTmux(words, folder, whole);
  });
}

const isUp = (lines: readonly string[]) => lines.some((line) => line.includes(`db${hosts} `));

/** What the first frame of the whole fleet takes: the screen was empty before. */
async function wholeFrame(words: readonly string[], folder: string): Promise<number> {
  const screen = onScreen(words, { folder, columns, rows });
  try {
    await screen.until(isUp);
    // All lines of the screen, without their colours: the least that is written when nothing is known of the screen.
    return screen.lines().reduce((sum, line) => sum + Buffer.byteLength(line) + '\r\n'.length, 0);
  } finally {
    await screen.end();
  }
}

/** Each key when the one before it was seen: over a slow line half of the round trip there, half of it back. */
async function measured(name: string, whole: number, screen: Screen, latencyMs: number): Promise<void> {
  const bytes: number[] = [];
  const waits: number[] = [];
  let syncs = 0;
  try {
    await screen.until(isUp);
    // In the order of the inventory no row changes its place while hosts are given up; the first key puts the cursor on one.
    screen.pty.write('0');
    await after(500);
    screen.pty.write('j');
    await screen.until((lines) => cursorRow(lines) >= 0);
    await after(500);
    const first = cursorRow(screen.lines());
    const synchronised = screen.synchronised();
    for (let at = 0; at < keys; at++) {
      const [before, startMs] = [screen.writtenBytes(), performance.now()];
      const isDown = at % 2 === 0;
      await after(latencyMs / 2);
      screen.pty.write(isDown ? 'j' : 'k');
      // The row itself is waited for: of a frame that comes in pieces, the cursor may be on none for a moment.
      await screen.until((lines) => cursorRow(lines) === (isDown ? first + 1 : first));
      await after(latencyMs / 2);
      bytes.push(screen.writtenBytes() - before);
      waits.push(performance.now() - startMs);
    }
    syncs = (screen.synchronised() - synchronised) / keys;
  } finally {
    await screen.end();
  }
  tell(
    name,
    figure(median(bytes), 'bytes'),
    figure(median(bytes) / whole, 'x a frame drawn anew', 2),
    figure(median(waits), 'ms until it was seen'),
    syncs > 0 ? `${syncs.toFixed(1)} synchronised updates` : 'no synchronised update reaches the terminal',
  );
}

const cursorRow = (lines: readonly string[]) => lines.findIndex((line) => line.startsWith(' ▸'));

/** What tmux itself writes to the terminal that it is attached to. */
async function inTmux(words: readonly string[], folder: string, whole: number): Promise<void> {
  const version = tmuxVersion();
  if (version === undefined) return tell('a key, in tmux', 'no tmux here');
  const command = [process.execPath, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const own = ['-u', '-L', `reseed-bench-${process.pid}`, '-f', '/dev/null'];
  const tmux = [...own, 'new-session', '-x', String(columns), '-y', String(rows), `exec ${command}`];
  // onScreen runs Node: a small program there has tmux take its terminal.
  const start = `require('node:child_process').spawnSync('tmux', ${JSON.stringify(tmux)}, { stdio: 'inherit' })`;
  const screen = onScreen(['-e', start], { folder, columns, rows });
  try {
    await measured(`a key, in ${version}`, whole, screen, 0);
  } finally {
    execFileSync('tmux', [...own, 'kill-server'], { stdio: 'ignore' });
  }
}

function tmuxVersion(): string | undefined {
  try {
    return execFileSync('tmux', ['-V'], { encoding: 'utf8' }).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
