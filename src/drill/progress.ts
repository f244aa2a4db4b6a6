// Tells the operator what a long command is doing: plain lines, each with the seconds since the start. On a terminal
// the running work is shown below them with a count of its seconds.

export interface Progress {
  /** Prints a line that stays. */
  say(line: string): void;
  /** Shows running work on a terminal until it ends, then prints it as a line with the seconds that it took. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
}

interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export const silentProgress: Progress = { say: () => undefined, during: (_what, work) => work() };

/** Progress on `screen` (stderr: stdout is for the answer). `nowMs` is a clock, for tests. */
export function progressOn(screen: Screen, nowMs: () => number = Date.now): Progress {
  const startedMs = nowMs();
  const under = new Map<symbol, { what: string; sinceMs: number }>();
  let timer: NodeJS.Timeout | undefined;
  const seconds = (sinceMs: number) => ((nowMs() - sinceMs) / 1000).toFixed(1);

  const wipe = () => screen.isTTY && screen.write('\r\x1b[K');
  const draw = () => {
    if (!screen.isTTY || under.size === 0) return;
    const all = [...under.values()].map(({ what, sinceMs }) => `${what} ${seconds(sinceMs)} s`).join(' · ');
    screen.write(`\r\x1b[K${all.slice(0, (screen.columns ?? 80) - 1)}`);
  };
  const say = (line: string) => {
    wipe();
    screen.write(`${seconds(startedMs).padStart(6)} s  ${line}\n`);
    draw();
  };
  const during = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const key = Symbol(what);
    const sinceMs = nowMs();
    under.set(key, { what, sinceMs });
    if (screen.isTTY) timer ??= setInterval(draw, 500);
    let ended = 'failed after';
    try {
      const result = await work();
      ended = 'took';
      return result;
    } finally {
      under.delete(key);
      if (under.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      say(`${what} (${ended} ${seconds(sinceMs)} s)`);
    }
  };
  return { say, during };
}
