// A sign of life while hosts are asked: one line on standard error, written anew, gone before anything else is printed.

export interface WaitingLine {
  /** How far it has come. */
  show(progress: string): void;
  clear(): void;
}

/** Nothing at all where standard error is no terminal. */
export function waitingLine(
  what: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): WaitingLine {
  const write = (text: string) => {
    if (stream.isTTY) stream.write(`\r\x1b[K${text}`);
  };
  write(`${what} …`);
  return { show: (progress) => write(`${what} … ${progress}`), clear: () => write('') };
}
