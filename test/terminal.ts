// A real terminal for tests: reseed on a pty, and a screen that reads its output as xterm does. Only for what a real
// program on a real terminal shows: its frames, and that the terminal is restored afterwards.
import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface Exit {
  readonly exitCode: number;
  readonly signal: number | undefined;
}

export class TestTerminal {
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  /** Everything that was written, as it came. */
  written = '';
  exit: Exit | undefined;

  constructor(
    program: string,
    words: readonly string[],
    { columns, rows, environment = process.env }: TerminalOptions,
  ) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    const env = { ...environment, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' };
    this.#pty = spawn(program, [...words], { cols: columns, rows, env: clean(env) });
    this.#pty.onData((text) => {
      this.written += text;
      this.#screen.write(text);
    });
    this.#pty.onExit(({ exitCode, signal }) => {
      this.exit = { exitCode, signal };
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** As typed. */
  press(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  signal(name: string): void {
    this.#pty.kill(name);
  }

  /** The lines of the screen, without blanks at their ends. */
  lines(): string[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  get isAlternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  /** DECTCEM: whether the last such sequence shows the cursor. */
  get isCursorShown(): boolean {
    return this.written.lastIndexOf('\x1b[?25h') >= this.written.lastIndexOf('\x1b[?25l');
  }

  get isPasteBracketed(): boolean {
    return this.written.lastIndexOf('\x1b[?2004h') > this.written.lastIndexOf('\x1b[?2004l');
  }

  /** Waits until the screen has this, and gives the screen; fails with what was there instead. */
  async shows(wanted: string | RegExp, deadlineMs = 60_000): Promise<string> {
    const has = () => (typeof wanted === 'string' ? this.text().includes(wanted) : wanted.test(this.text()));
    await this.#until(has, () => `the screen never showed ${wanted}:\n${this.text()}`, deadlineMs);
    return this.text();
  }

  async ends(deadlineMs = 60_000): Promise<Exit> {
    await this.#until(
      () => this.exit !== undefined,
      () => `it did not end:\n${this.text()}`,
      deadlineMs,
    );
    return this.exit as Exit;
  }

  /** Ends what is still there; for after a test. */
  close(): void {
    if (!this.exit) this.#pty.kill('SIGKILL');
    this.#screen.dispose();
  }

  async #until(is: () => boolean, otherwise: () => string, deadlineMs: number): Promise<void> {
    const endMs = Date.now() + deadlineMs;
    while (!is()) {
      if (Date.now() > endMs) throw new Error(otherwise());
      await sleep(20);
    }
  }
}

function clean(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
