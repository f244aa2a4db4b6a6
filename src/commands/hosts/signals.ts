// How a verb that talks to hosts ends before its time: connections are closed, and with them what runs on the hosts.
import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the work, and gives its exit code, or 128 and the signal's number when one came (130 for Ctrl-C). The first signal
 * aborts `signal`, and the work clears up; the second ends this process at once. A reader that has gone, as in `| head`, ends
 * the work like a signal, quietly, with 0: it has had what it wanted.
 */
export async function untilSignalled(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const over = new AbortController();
  let code: number | undefined;
  const onSignal = (name: (typeof signals)[number]) => {
    if (code !== undefined) process.exit(code);
    code = 128 + constants.signals[name];
    over.abort();
  };
  const onOutputError = (error: NodeJS.ErrnoException) => {
    // EIO: the terminal was closed.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    code ??= 0;
    over.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  process.stdout.on('error', onOutputError);
  const worked = await work(over.signal);
  for (const name of signals) process.off(name, onSignal);
  // The listener for the output stays: what is still on its way may find the reader gone.
  return code ?? worked;
}
