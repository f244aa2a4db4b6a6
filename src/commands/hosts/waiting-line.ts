// A sign of life while hosts are asked, on standard error: which do not answer yet, and for how long they are asked. On a terminal one
// line, written anew, gone before anything else is printed; in a
// pipe, for those who want it, a line now and then.
import stringWidth from 'string-width';

export interface WaitingLine {
  /** How far it has come. */
  show(progress: string): void;
  clear(): void;
}

interface Output {
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** A quick answer needs no word before it. */
const firstLineMs = 3000;
const nextLineMs = 15_000;

/** `inPipe`: lines where standard error is no terminal; else nothing at all there. */
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

/** One that reaches the last column may be broken there, and is then no line that can be written anew. */
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

/** `waiting for db3, db6`; of many their number. */
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
