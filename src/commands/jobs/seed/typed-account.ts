// The account that the operator types on the terminal for one job: whether one can be typed, and where it is kept.
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { privateFolder } from '../../../job/journal/private-folder.ts';
import { forgetAccount } from '../../../operations/jobs/account-file.ts';
import { exitCodes, exitWith, type Failure, printFailure } from '../../answer.ts';
import { askAccount } from './ask-account.ts';

interface Options {
  /** The account's user; true: ask for it too. */
  readonly askAccount?: string | true;
  readonly json?: boolean;
}

/** False: there is no account; the reason was printed, and the exit code is set. */
export async function typedInto(path: string, { askAccount: user, json }: Options): Promise<boolean> {
  // Standard output is for the answer in JSON.
  const output = json ? process.stderr : process.stdout;
  if (!process.stdin.isTTY || !output.isTTY) {
    const message = 'there is no terminal to ask for the password on';
    return noAccount(json, exitCodes.usage, { error: 'usage', message, advice: '--account FILE takes it from a file' });
  }
  const exposed = privateFolder(dirname(path));
  if (exposed !== undefined) {
    const message = `the password can't be kept: ${exposed}`;
    return noAccount(json, exitCodes.failed, { error: 'failed', message, advice: '' });
  }
  if (await askAccount(path, user === true ? undefined : user, { input: process.stdin, output })) return true;
  const message = 'no account was given: nothing was done';
  return noAccount(json, exitCodes.refused, { error: 'refused', message, advice: '' });
}

function noAccount(json: boolean | undefined, code: number, failure: Failure): false {
  exitWith(code);
  printFailure(json, failure);
  return false;
}

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Removes the typed account on a signal or a closed terminal, while no job has it yet. Call the returned function to
 * stop that. If other code listens for the signal too, that code decides how this process ends.
 */
export function forgottenOnSignal(path: string): () => void {
  const forget = (name: (typeof ending)[number]) => {
    forgetAccount(path);
    if (process.listenerCount(name) === 1) process.exit(128 + constants.signals[name]);
  };
  for (const name of ending) process.on(name, forget);
  return () => {
    for (const name of ending) process.off(name, forget);
  };
}
