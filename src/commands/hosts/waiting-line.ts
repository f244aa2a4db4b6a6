// A sign of life on standard error while hosts are asked: which have not answered yet, and for how long they have been
// asked. On a terminal it is one line, rewritten in place, and removed before anything else is printed. In a pipe, on
// request, it is a line now and then.
import stringWidth from 'string-width';

export interface WaitingLine {
  /** Shows the present progress. */
  show(progress: string): void;
  clear(): void;
}

interface Output {
  readonly isTTY?: boolean;
  /** The terminal's columns. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** Nothing is shown for a quick answer. */
const firstLineMs = 3000;
const nextLineMs = 15_000;

/** `inPipe`: print lines where standard error is no terminal; otherwise nothing is printed there. */
export function waitingLine(what: string, inPipe = false, stream: Output = process.stderr): WaitingLine {
  if (!stream.isTTY && !inPipe) return { show: () => undefined, clear: () => undefined };
  const beganMs = performance.now();
  let far = '';
  const text = () => {
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    return `${what} … ${[far, seconds > 0 && `${seconds} s`].filter(Boolean).join(', ')}`.trim();
  };
  return stream.isTTY ? oneLine(text, stream, setFar) : slowLines(text, stream, setFar);
  function setFar(progress: string): void {
    far = progress;
  }
}

type SetFar = (progress: string) => void;

function oneLine(text: () => string, stream: Output, setFar: SetFar): WaitingLine {
  const write = (line: string) => void stream.write(`\r\x1b[K${line}`);
  const tell = () => write(cut(text(), (stream.columns || Number.POSITIVE_INFINITY) - 1));
  const clock = setInterval(tell, 1000).unref();
  tell();
  return {
    show: (progress) => {
      setFar(progress);
      tell();
    },
    clear: () => {
      clearInterval(clock);
      write('');
    },
  };
}

/** A line that reaches the last column may wrap, and could not be rewritten in place. */
function cut(line: string, cells: number): string {
  if (stringWidth(line) <= cells) return line;
  const letters = [...line];
  while (letters.length > 0 && stringWidth(letters.join('')) >= cells) letters.pop();
  return `${letters.join('')}…`;
}

function slowLines(text: () => string, stream: Output, setFar: SetFar): WaitingLine {
  const tell = () => {
    stream.write(`reseed: ${text()}\n`);
    timer = setTimeout(tell, nextLineMs).unref();
  };
  let timer = setTimeout(tell, firstLineMs).unref();
  return { show: setFar, clear: () => clearTimeout(timer) };
}

/** `waiting for db3, db6`; for many hosts, their number. */
export function waitingFor(names: readonly string[]): string {
  return names.length === 0
    ? ''
    : `waiting for ${names.length > maxNamed ? `${names.length} hosts` : names.join(', ')}`;
}

export const maxNamed = 4;

/** `db1, db2, db3, db4 and 6 more` */
export function someOf(names: readonly string[]): string {
  const more = names.length - maxNamed;
  return `${names.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
