// An account that the operator types. The password is not shown. A file that only this account can read keeps it until
// the job ends: each of the job's runners needs it, and it must not be in an argument, journal or log.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { keepAccount } from '../../../operations/jobs/account-file.ts';

export interface Asking {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Writes the typed account into `path`. With a user given, asks only for the password. False: nothing was typed. */
export async function askAccount(path: string, user: string | undefined, { input, output }: Asking): Promise<boolean> {
  const name = user ?? (await ask('The account to replicate with, its user: ', input, output, output));
  if (name === '') return false;
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const password = await ask(`Password of ${name}: `, input, output, unseen);
  output.write('\n');
  if (password === '') return false;
  keepAccount(path, { user: name, password });
  return true;
}

/** `echo`: where the terminal shows typed text. An interrupt, or the end of input, counts as an empty answer. */
async function ask(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  echo: NodeJS.WritableStream,
): Promise<string> {
  output.write(question);
  const asked = createInterface({ input, output: echo, terminal: true });
  const ended = new Promise<string>((settle) => asked.once('close', () => settle('')));
  const answer = await Promise.race([asked.question('').catch(() => ''), ended]);
  asked.close();
  return answer;
}
