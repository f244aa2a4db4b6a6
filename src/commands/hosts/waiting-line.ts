// A sign of life while hosts are asked, on standard error: on a terminal one line, written anew, gone before anything else is printed; in a
// pipe, for those who want it, a line now and then.

export interface WaitingLine {
  /** How far it has come. */
  show(progress: string): void;
  clear(): void;
}

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A quick answer needs no word before it. */
const firstLineMs = 3000;
const nextLineMs = 15_000;

/** `inPipe`: lines where standard error is no terminal; else nothing at all there. */
export function waitingLine(what: string, inPipe = false, stream: Output = process.stderr): WaitingLine {
  if (!stream.isTTY) return inPipe ? slowLines(what, stream) : { show: () => undefined, clear: () => undefined };
  const write = (text: string) => void stream.write(`\r\x1b[K${text}`);
  write(`${what} …`);
  return { show: (progress) => write(`${what} … ${progress}`), clear: () => write('') };
}

function slowLines(what: string, stream: Output): WaitingLine {
  let far = '';
  const tell = () => {
    stream.write(`reseed: ${what} …${far === '' ? '' : ` ${far}`}\n`);
    timer = setTimeout(tell, nextLineMs).unref();
  };
  let timer = setTimeout(tell, firstLineMs).unref();
  return {
    show: (progress) => {
      far = progress;
    },
    clear: () => clearTimeout(timer),
  };
}
