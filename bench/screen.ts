// A program on a pseudoterminal, as its user sees it.
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface Screen {
  readonly pid: number;
  readonly pty: IPty;
  /** When the program was started, by performance.now(). */
  readonly startedMs: number;
  /** Milliseconds from the start until `sign` was first written to the terminal. */
  readonly shown: (sign: string, deadlineMs?: number) => Promise<number>;
  /** Milliseconds from the start until the screen, line by line, was first right. */
  readonly until: (isRight: (lines: readonly string[]) => boolean, deadlineMs?: number) => Promise<number>;
  readonly lines: () => readonly string[];
  /** All that was written to the terminal, in bytes. */
  readonly writtenBytes: () => number;
  /** How often a synchronised update began (DEC 2026). */
  readonly synchronised: () => number;
  /** Ends the program. */
  readonly end: () => Promise<void>;
}

export interface ScreenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly folder?: string;
}

export function onScreen(words: readonly string[], { columns = 120, rows = 40, folder }: ScreenOptions = {}): Screen {
  const startedMs = performance.now();
  const pty = spawn(process.execPath, [...words], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    ...(folder !== undefined && { cwd: folder }),
  });
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 0, allowProposedApi: true });
  const lines = () =>
    Array.from({ length: rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '');
  /** Called when the terminal has processed what was written at that time. */
  const watchers = new Set<(atMs: number) => void>();
  let writtenBytes = 0;
  let synchronised = 0;
  pty.onData((data) => {
    const atMs = performance.now() - startedMs;
    writtenBytes += Buffer.byteLength(data);
    synchronised += data.split('\x1b[?2026h').length - 1;
    terminal.write(data, () => {
      for (const watcher of watchers) watcher(atMs);
    });
  });
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  return {
    pid: pty.pid,
    pty,
    startedMs,
    shown: (sign, deadlineMs = 30_000) =>
      new Promise((resolve, reject) => {
        let seen = '';
        const late = () => reject(new Error(`no ${sign} on the screen within ${deadlineMs} ms:\n${seen}`));
        const timer = setTimeout(late, deadlineMs);
        const listener = pty.onData((data) => {
          // A border between chunks may cut a sign in two, and the screen itself may be long.
          seen = (seen + data).slice(-100_000);
          if (!seen.includes(sign)) return;
          resolve(performance.now() - startedMs);
          clearTimeout(timer);
          listener.dispose();
        });
      }),
    until: (isRight, deadlineMs = 60_000) =>
      new Promise((resolve, reject) => {
        const late = () => reject(new Error(`not right within ${deadlineMs} ms:\n${lines().join('\n')}`));
        const timer = setTimeout(late, deadlineMs);
        const watcher = (atMs: number) => {
          if (!isRight(lines())) return;
          watchers.delete(watcher);
          clearTimeout(timer);
          resolve(atMs);
        };
        watchers.add(watcher);
        watcher(performance.now() - startedMs);
      }),
    lines,
    writtenBytes: () => writtenBytes,
    synchronised: () => synchronised,
    end: async () => {
      pty.kill('SIGTERM');
      const timer = setTimeout(() => pty.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(timer);
    },
  };
}
