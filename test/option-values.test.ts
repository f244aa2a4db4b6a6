// What commander takes for the value of an option.
import { afterEach, expect, test, vi } from 'vitest';
import { runCli } from '../src/cli.ts';

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

test.each([
  [['seed', 'db1', 'db6', '--snapshot', '--standalone'], "option '--snapshot <name>' argument '--standalone'"],
  [['seed', 'db1', 'db6', '--streams', '--clear'], "option '--streams <n>' argument '--clear'"],
  [['status', '--inventory', '--json'], "option '--inventory <file>' argument '--json'"],
])('a name that was forgotten is said, and the next option is not taken for it: %s', async (words, said) => {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await runCli(['node', 'reseed', ...words]);
  expect(written.join('').toLowerCase()).toContain(said);
  expect(written.join('')).toContain('The value is missing: that is another option.');
  expect(process.exitCode).toBe(2);
});
