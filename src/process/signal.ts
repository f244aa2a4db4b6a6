// Signals to processes of this machine. A process may end just before the signal is sent: that is no error.

/**
 * Sends a signal to a process, or with `-pgid` to a process group. Returns false where it has ended already (ESRCH).
 * Throws on any other error of kill(2), such as EPERM: the process runs, and we may not signal it.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (isEnded(error)) return false;
    throw error;
  }
}

const isEnded = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ESRCH';
