// Standard input without what the terminal sends of itself: what Ink reads in its place. The terminal reports the mouse while it is in raw mode, so that a
// pager that has the terminal for a while gets no reports. It is asked once it is in raw mode, so that its answer is not echoed; nothing waits for that.
import { Readable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { mouseOff, mouseOn } from '../terminal.ts';
import { createReportSorter, type MouseReport } from './reports.ts';

/** An escape sequence that comes in two pieces is whole by then. */
const escapeMs = 20;

interface Terminal {
  readonly input: ReadStream;
  readonly write: (text: string) => void;
  /** Have the mouse reported. */
  readonly mouse: boolean;
  readonly onReport: (report: MouseReport) => void;
  /** A sequence that the terminal may answer. */
  readonly question: string | undefined;
  readonly onAnswer: (answer: string) => void;
}

export class KeyboardStream extends Readable {
  readonly isTTY = true;
  readonly #terminal: Terminal;
  readonly #sorter = createReportSorter();
  #timer: NodeJS.Timeout | undefined;
  #isRaw = false;
  #isAsked = false;

  constructor(terminal: Terminal) {
    super();
    this.#terminal = terminal;
  }

  setRawMode(isRaw: boolean): this {
    const { input, write, mouse, question } = this.#terminal;
    input.setRawMode(isRaw);
    if (isRaw === this.#isRaw) return this;
    this.#isRaw = isRaw;
    if (mouse) write(isRaw ? mouseOn : mouseOff);
    if (isRaw && !this.#isAsked && question !== undefined) write(question);
    this.#isAsked = true;
    if (isRaw) input.on('readable', this.#take);
    else input.off('readable', this.#take);
    return this;
  }

  ref(): this {
    this.#terminal.input.ref();
    return this;
  }

  unref(): this {
    this.#terminal.input.unref();
    return this;
  }

  override _read(): void {
    // What there is comes by `readable` of the terminal.
  }

  readonly #take = () => {
    const { input, onReport, onAnswer } = this.#terminal;
    clearTimeout(this.#timer);
    for (let chunk = input.read(); chunk !== null; chunk = input.read()) {
      const { typed, reports, answers } = this.#sorter.sort(Buffer.from(chunk).toString('latin1'));
      if (typed !== '') this.push(Buffer.from(typed, 'latin1'));
      for (const report of reports) onReport(report);
      for (const answer of answers) onAnswer(answer);
    }
    if (this.#sorter.waiting() === '') return;
    // On a busy machine the second piece may be there before the timer is looked at: it is read first.
    this.#timer = setTimeout(() => setImmediate(this.#release), escapeMs);
  };

  readonly #release = () => {
    if (this.#sorter.waiting() !== '') this.push(Buffer.from(this.#sorter.release(), 'latin1'));
  };
}
