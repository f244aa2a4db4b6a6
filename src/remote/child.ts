// A child process as a channel: for this machine's shell and for the system's ssh.
import { execa } from 'execa';
import { sendSignal } from '../process/signal.ts';
import type { Channel, ChannelEnd } from './transport.ts';

const patienceMs = 2000;

export interface ChildOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** In a session and process group of its own; a signal then goes to the whole group. */
  readonly ownGroup: boolean;
}

/** Starts `file`. A program that cannot be started is a channel that closes at once with `lost`. */
export function childChannel(file: string, args: readonly string[], { environment, ownGroup }: ChildOptions): Channel {
  const child = execa(file, args, {
    reject: false,
    buffer: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    env: environment,
    extendEnv: false,
    detached: ownGroup,
  });
  // EPIPE, when the program ends before it has read all. How it ended tells more than this error.
  child.stdin.on('error', () => undefined);

  const closed = child.then((result): ChannelEnd => {
    if (result.exitCode !== undefined) return { code: result.exitCode };
    if (result.signal) return { signal: result.signal };
    return { lost: result.originalMessage ?? `${file} did not start` };
  });

  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      sendSignal(ownGroup ? -child.pid : child.pid, signal);
    } catch {
      // The process is root's, by sudo (EPERM): the leash ends it, as it does on a host.
    }
  };
  const close = () => {
    child.stdin.destroy();
    kill('SIGTERM');
    const timer = setTimeout(kill, patienceMs, 'SIGKILL');
    void closed.then(() => clearTimeout(timer));
  };
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, closed, close };
}
