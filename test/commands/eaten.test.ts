// Words that an option took for its own.
import { afterEach, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

async function said(words: readonly string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await runCli(['node', 'reseed', ...words]);
  expect(process.exitCode).toBe(2);
  return written.join('');
}

test.each([
  ['seed', 'db1', '--yes', 'db2'],
  ['stop', '--yes', 'db2'],
])('a host that --yes took for its own is named: %s', async (...words) => {
  expect(await said(words)).toContain('reseed: --yes took db2 for its own: write --yes=db2, or put it last');
});

test('names that --host took for its own', async () => {
  expect(await said(['import-agent', '--host', 'db1', 'agent.json'])).toContain(
    '--host takes all names behind it: put it last',
  );
});

test('names of tables that are joined by blanks are no targets', async () => {
  const text = await said(['seed', 'db1', 'db2', '--tables', 'shop.orders', 'shop.items']);
  expect(text).toContain('--databases and --tables are for one target, and 2 are named');
  expect(text).toContain('if shop.items belongs to the names: --tables shop.orders,shop.items');
});

test('a flag that named tables can not be used with', async () => {
  const text = await said(['seed', 'db1', 'db2', '--tables', 'shop.orders', '--standalone']);
  expect(text).toContain('can not be used with --standalone');
  expect(text).toContain('leave out one of the two');
});

test('named tables by mydumper are refused with the reason, and with what would go', async () => {
  const text = await said(['seed', 'db1', 'db2', '--tables', 'shop.orders', '--method', 'mydumper']);
  expect(text).toContain(
    'can not be used with --method mydumper, since named tables are dumped by mysqldump alone: nothing was done',
  );
  expect(text).toContain('leave out --method; mydumper seeds a whole server, without --databases and --tables');
});
