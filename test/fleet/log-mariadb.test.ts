// reseed log of MariaDB's servers, through a jump host.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptErrorLog } from './error-log.ts';
import { printedOn } from './fleet.ts';
import { following, logOf, mysqlLog, run } from './following.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

let restoreLog: () => Promise<string>;
beforeAll(async () => {
  restoreLog = await keptErrorLog('db4', mysqlLog);
});
afterAll(() => restoreLog());

test('the last lines of a server, where the server says they are', async () => {
  for (const host of ['db4', 'db5']) {
    const { stdout, stderr, exitCode } = await logOf(host, '-n', '500');
    expect({ host, stderr, exitCode }).toEqual({ host, stderr: '', exitCode: 0 });
    expect(stdout).toContain('ready for connections');
  }
});

test('the last lines through a jump host, of a log that lies elsewhere, as JSON', async () => {
  const { stdout } = await logOf('db5', '-n', '3', '--json');
  const lines = stdout.split('\n').map((line) => JSON.parse(line));
  expect(lines[0]).toEqual({
    kind: 'log',
    version: 1,
    host: 'db5',
    path: '/var/log/db5/mariadb.err',
    foundBy: 'server',
  });
  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatchObject({ kind: 'logLine', version: 1, host: 'db5', text: expect.any(String) });
});

test('escapes, bidi overrides, invalid UTF-8 and a line of 10 MB do no harm', async () => {
  const log = following('db4', '-n', '1');
  await log.shows(/\S/);
  await printedOn(
    'db4',
    `printf '\\033]52;c;aGk=\\007\\033[31mred\\033[0m \\342\\200\\256rev \\377\\376 \\000end\\n' >>${mysqlLog}
     head -c 10000000 /dev/zero | tr '\\0' x >>${mysqlLog}; printf '\\nstill here ${run}\\n' >>${mysqlLog}`,
  );
  await log.shows(`still here ${run}`);
  expect(log.said.out).toContain('red rev \ufffd\ufffd \ufffdend\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested.
  expect(log.said.out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
  expect(log.said.out).toMatch(/^x{4000} … \(9996000 bytes left out\)$/m);
  expect(await log.interrupt()).toBe(130);
});
