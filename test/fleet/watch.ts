// `reseed status --watch` in a pipe.
import { type ChildProcess, spawn } from 'node:child_process';
import { sendSignal } from '../../src/process/signal.ts';
import { reseedWords, testEnvironment, until } from './fleet.ts';
import { reader } from './operators.ts';

export const statusWords = (...more: string[]) => reader.words('status', ...more);

export class Watch {
  /** So far. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(...more: string[]) {
    const [node, script] = reseedWords;
    const child = spawn(node, [script, ...statusWords('--watch', ...more)], {
      env: testEnvironment,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts);
    });
  }

  /** Resolves with the milliseconds until such a line came, counted from the line `from`. */
  async sees(pattern: RegExp, from = 0): Promise<number> {
    const startMs = Date.now();
    await until(
      async () => this.lines.slice(from),
      (lines) => lines.some((line) => pattern.test(line)),
    );
    return Date.now() - startMs;
  }

  /** A Ctrl-C goes to the whole group of a terminal's foreground. */
  async interrupt(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.pid !== undefined) sendSignal(-this.#child.pid, 'SIGINT');
    return await this.#ended;
  }
}
