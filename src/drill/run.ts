// How the drill runs its programs.
import { appendFile } from 'node:fs/promises';
import { execa } from 'execa';
import { DrillFailure } from './failure.ts';

export interface RunOptions {
  readonly input?: string;
  /** Everything the program prints is appended to this file as well. */
  readonly log?: string;
  /** What to do when it fails, in the operator's words. */
  readonly advice?: string;
}

/** Runs a program to its end and gives its stdout. A status other than 0 is a DrillFailure with the last lines printed. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { input = '', log, advice = '' } = options;
  const result = await execa(program, args, { input, reject: false, all: true });
  if (log) await appendFile(log, `$ ${program} ${args.join(' ')}\n${result.all}\n`);
  if (!result.failed) return result.stdout;
  const printed = result.all.trim().split('\n').slice(-6).join('\n  ');
  const how = result.isTerminated
    ? `was ended by ${result.signal}`
    : `ended with status ${result.exitCode ?? result.code}`;
  const seeLog = log ? `the whole of it is in ${log}` : '';
  throw new DrillFailure('failed', `${program} ${how}:\n  ${printed}`, [advice, seeLog].filter(Boolean).join('; '));
}
