// `reseed log` on the fleet, and what a follower has printed so far.
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { sendSignal } from '../../src/process/signal.ts';
import { reseedWords, testEnvironment, until } from './fleet.ts';
import { reader } from './operators.ts';

export const mysqlLog = '/var/log/mysql/error.log';
/** A fleet that was left up has the lines of the run before. */
export const run = Date.now();

export const logOf = (...words: string[]) => reader.says('log', ...words);

/** `reseed log HOST -f`, with what it has printed so far. */
export function following(...words: string[]) {
  const [node, script] = reseedWords;
  const run = execa(node, [script, ...reader.words('log', '-f', ...words)], {
    env: testEnvironment,
    stdin: 'ignore',
    reject: false,
    // A process group of its own, as a terminal gives it: a Ctrl-C reaches all of it.
    detached: true,
  });
  const said = { out: '', err: '' };
  run.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  run.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  let isOver = false;
  void run.then(() => {
    isOver = true;
  });
  const interrupt = () => {
    if (run.pid !== undefined && !isOver) sendSignal(-run.pid, 'SIGINT');
  };
  onTestFinished(interrupt);
  return {
    said,
    shows: (wanted: string | RegExp, deadlineMs = 60_000) =>
      until(
        async () => said,
        ({ out, err }) => (typeof wanted === 'string' ? `${out}${err}`.includes(wanted) : wanted.test(`${out}${err}`)),
        deadlineMs,
      ),
    interrupt: async () => {
      interrupt();
      return (await run).exitCode;
    },
  };
}
