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

/** Neighbouring cells that look alike. */
export interface Piece {
  /** From 0. */
  readonly column: number;
  readonly text: string;
  readonly cells: number;
  /** Of the terminal's sixteen; undefined: its own. */
  readonly colour: number | undefined;
  readonly background: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
}

type Cell = NonNullable<
  ReturnType<NonNullable<ReturnType<InstanceType<typeof xterm.Terminal>['buffer']['active']['getLine']>>['getCell']>
>;

function piecesOf(cells: readonly Cell[]): readonly Piece[] {
  const pieces: Piece[] = [];
  cells.forEach((cell, column) => {
    // The second cell of a wide letter.
    if (cell.getWidth() === 0) return;
    const piece = { column, text: cell.getChars() || ' ', cells: cell.getWidth(), ...lookOf(cell) };
    const last = pieces.at(-1);
    if (last && isAlike(last, piece)) {
      pieces[pieces.length - 1] = { ...last, text: last.text + piece.text, cells: last.cells + piece.cells };
    } else pieces.push(piece);
  });
  const last = pieces.at(-1);
  return last?.text.trim() === '' && last.background === undefined ? pieces.slice(0, -1) : pieces;
}

function lookOf(cell: Cell): Omit<Piece, 'column' | 'text' | 'cells'> {
  const colour = cell.isFgPalette() ? cell.getFgColor() : undefined;
  const background = cell.isBgPalette() ? cell.getBgColor() : undefined;
  const isInverse = cell.isInverse() !== 0;
  return {
    colour: isInverse ? (background ?? 0) : colour,
    background: isInverse ? (colour ?? 7) : background,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    underline: cell.isUnderline() !== 0,
  };
}

const isAlike = (one: Piece, other: Piece): boolean =>
  (['colour', 'background', 'bold', 'dim', 'underline'] as const).every((name) => one[name] === other[name]);

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

  /** The screen as it looks: of each line the pieces of one look, without those of blanks at its end. */
  pieces(): readonly (readonly Piece[])[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row);
      const cells = Array.from({ length: this.#screen.cols }, (_, column) => line?.getCell(column));
      return piecesOf(cells.filter((cell) => cell !== undefined));
    });
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

  /** Whether the terminal reports the mouse to the program. */
  get isMouseReported(): boolean {
    return this.#screen.modes.mouseTrackingMode !== 'none';
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
