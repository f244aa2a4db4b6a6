// Runs processes with the names of servers in a process namespace of their own. Scripts search all processes for
// servers, and would otherwise find those of another test, or of the machine. Such scripts run in the same namespace.
// Processes are root's, if no account is told.
import { basename } from 'node:path';
import { execa } from 'execa';

const words = ['--pid', '--fork', '--kill-child', '--mount-proc'];

/** Behind `unshare`: runs `sh -c` with what follows in a namespace of its own, after the shell text in the variable STARTED. */
export const aloneOnce = [...words, 'sh', '-c', 'eval "$STARTED"; exec sh -c "$@"', 'sh'];

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string | undefined>;
  readonly input?: string;
}

export interface Alone {
  /** Runs it there to its end; any exit code is accepted. `all` is both outputs. */
  readonly run: (
    program: string,
    args: readonly string[],
    options?: RunOptions,
  ) => Promise<{ readonly stdout: string; readonly stderr: string; readonly all: string; readonly exitCode?: number }>;
  /** Starts a process with the name of its file; its pid in the namespace. `uid`: whose it is. */
  readonly start: (program: string, args: readonly string[], cwd: string, uid?: number) => Promise<number>;
  /** Ends a process; returns when it is gone. One that has ended by itself is no error. */
  readonly kill: (pid: number) => Promise<void>;
  /** Ends all that runs there. */
  readonly end: () => Promise<void>;
}

/** A process namespace with its own /proc, which lasts until `end`, or until this process ends. */
export async function openAlone(): Promise<Alone> {
  // Its first process reaps ended processes, and ends with this process: it can then no longer write.
  const first = execa('unshare', [...words, 'sh', '-c', 'while echo up; do sleep 0.1; done'], {
    reject: false,
    buffer: false,
    stdin: 'ignore',
    stderr: 'inherit',
  });
  const over = new Promise<void>((resolve) => first.stdout.once('close', resolve));
  await new Promise((up) => first.stdout.once('data', up));
  first.stdout.resume();
  const of = `/proc/${first.pid}/ns`;
  const enter = [`--pid=${of}/pid_for_children`, `--mount=${of}/mnt`, 'sh', '-c', 'cd "$0" && exec "$@"'];
  const run: Alone['run'] = async (program, args, { cwd = '/', env = {}, input = '' } = {}) => {
    const ended = await execa('nsenter', [...enter, cwd, program, ...args], {
      env,
      input,
      all: true,
      reject: false,
      timeout: 100_000,
      killSignal: 'SIGKILL',
    });
    const { stdout, stderr, all, exitCode } = ended;
    return { stdout, stderr, all, ...(exitCode !== undefined && { exitCode }) };
  };
  const must = async (script: string, args: readonly string[], cwd = '/') => {
    const { exitCode, stdout, all } = await run('sh', ['-c', script, 'sh', ...args], { cwd });
    if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${all}`);
    return stdout;
  };
  return {
    run,
    start: async (program, args, cwd, uid = 0) => {
      const script = `name=$1; shift; setpriv --reuid=${uid} --regid=${uid} --clear-groups "$@" </dev/null >/dev/null 2>&1 &
        until [ "$(cat "/proc/$!/comm")" = "$name" ]; do sleep 0.02; done; echo $!`;
      return Number(await must(script, [basename(program), program, ...args], cwd));
    },
    kill: async (pid) => {
      await must('kill -9 "$1" 2>/dev/null; while kill -0 "$1" 2>/dev/null; do sleep 0.02; done', [String(pid)]);
    },
    end: async () => {
      first.kill('SIGKILL');
      await Promise.all([first, over]);
    },
  };
}
