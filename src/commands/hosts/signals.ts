// How a verb that talks to hosts ends early: connections are closed, and so its commands on the hosts end.
import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the work and returns its exit code, or 128 and the signal's number when one came (130 for Ctrl-C). The first
 * signal aborts `signal`, and the work cleans up; the second ends this process at once. When the reader has gone, as in
 * `| head`, the work ends as after a signal, silently and with 0: the reader had enough.
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
    // EIO means that the terminal was closed.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    code ??= 0;
    over.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  process.stdout.on('error', onOutputError);
  const worked = await work(over.signal);
  for (const name of signals) process.off(name, onSignal);
  // The output's listener stays: later writes may also find the reader gone.
  return code ?? worked;
}
