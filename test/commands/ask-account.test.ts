// An account that is typed for a seed.
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { askAccount } from '../../src/commands/jobs/seed/ask-account.ts';
import { forgottenOnSignal } from '../../src/commands/jobs/seed/typed-account.ts';
import { forgetAccount, keepAccount } from '../../src/operations/jobs/account-file.ts';
import { accountIn } from '../../src/seed/replica/source/account.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-account-'));
  path = join(folder, 'jobs', '9f3a4c21.account');
});
afterEach(() => rm(folder, { recursive: true }));

/** A terminal on which an operator types one answer after the other. */
function typing() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const answerTo = async (question: string, answer: string) => {
    await vi.waitFor(() => expect(shown).toContain(question));
    input.write(answer);
  };
  return { input, output, shown: () => shown, answerTo };
}

test('the name is shown as it is typed and the password is not; both come back from the file, which is for one account alone', async () => {
  const terminal = typing();
  const asked = askAccount(path, undefined, terminal);
  await terminal.answerTo('its user:', 'repl\r');
  await terminal.answerTo('Password of repl:', 'tr"ee \\# ü\r');
  expect(await asked).toBe(true);
  expect(accountIn(path)).toEqual({ ok: true, account: { user: 'repl', password: 'tr"ee \\# ü' } });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(terminal.shown()).toContain('repl');
  expect(terminal.shown()).not.toContain('tr"ee');
  forgetAccount(path);
  expect(existsSync(path)).toBe(false);
});

test('of an account that was named only the password is asked for', async () => {
  const terminal = typing();
  const asked = askAccount(path, 'repl', terminal);
  await terminal.answerTo('Password of repl:', 'secret\r');
  expect(await asked).toBe(true);
  expect(terminal.shown()).not.toContain('its user');
});

test.each([
  ['an empty line', '\r'],
  ['Ctrl-C', '\x03'],
  ['Ctrl-D', '\x04'],
])('%s in the place of the password: there is no file, and nobody waits', async (_, typed) => {
  const terminal = typing();
  const asked = askAccount(path, 'repl', terminal);
  await terminal.answerTo('Password of repl:', typed);
  expect(await asked).toBe(false);
  expect(existsSync(path)).toBe(false);
});

test.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)(
  'a password that was typed is not left behind where %s ends reseed at the prompt, and stays for a job that has it',
  (signal) => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    onTestFinished(() => exit.mockRestore());
    const others = process.listeners(signal);
    process.removeAllListeners(signal);
    onTestFinished(() => {
      for (const other of others) process.on(signal, other);
    });
    keepAccount(path, { user: 'repl', password: 'secret' });
    const launching = forgottenOnSignal(path);
    process.emit(signal, signal);
    expect(existsSync(path)).toBe(false);
    expect(exit).toHaveBeenCalledExactlyOnceWith({ SIGHUP: 129, SIGTERM: 143, SIGINT: 130 }[signal]);

    keepAccount(path, { user: 'repl', password: 'secret' });
    launching();
    expect(process.listenerCount(signal)).toBe(0);
    expect(existsSync(path)).toBe(true);
  },
);
