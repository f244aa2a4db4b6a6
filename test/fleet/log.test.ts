// reseed log, on hosts whose logs are rotated, emptied, damaged, and removed.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptErrorLog } from './error-log.ts';
import { drill, onHost, printedOn, reseedWords, testEnvironment, until } from './fleet.ts';
import { following, logOf, mysqlLog, run } from './following.ts';
import { folder, reader, sampleInventory } from './operators.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3');

let restoreLog: () => Promise<string>;
beforeAll(async () => {
  restoreLog = await keptErrorLog('db1', mysqlLog);
});
// A function that beforeAll returns would run after the hosts are released.
afterAll(() => restoreLog());

/** hosts.yaml with another error log for db1. */
async function withErrorLog(path: string): Promise<string> {
  const file = join(folder, 'elsewhere.yaml');
  const place = 'ssh: { host: 10.77.0.11 }';
  await writeFile(file, sampleInventory.replace(place, `${place}\n    mysql: { errorLog: ${JSON.stringify(path)} }`));
  return file;
}

/** How many follow-log.sh run on a host: each holds its file open as descriptor 3. */
const followers = async (host: string, log: string) =>
  Number(await printedOn(host, `ls -l /proc/[0-9]*/fd/3 2>/dev/null | grep -c -- '${log}' || true`));

describe('the last lines', () => {
  test('of a server, where the server says they are', async () => {
    for (const host of ['db1', 'db2']) {
      const { stdout, stderr, exitCode } = await logOf(host, '-n', '500');
      expect({ host, stderr, exitCode }).toEqual({ host, stderr: '', exitCode: 0 });
      expect(stdout).toContain('ready for connections');
    }
  });

  test('of a server that is down: its option files say where', async () => {
    await drill('fault', 'stop-mysql', 'db3');
    const { stdout, exitCode } = await logOf('db3', '--json');
    await drill('heal', 'db3');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ path: mysqlLog, foundBy: 'config' });
    expect(stdout).toContain('Shutdown complete');
  });

  test('only errors, and a pipe that wants one line', async () => {
    const { stdout } = await logOf('db1', '-n', '500', '--severity', 'error', '--json');
    const severities = stdout.split('\n').map((line) => JSON.parse(line).severity);
    expect(severities.filter((severity) => severity !== undefined && severity !== 'error')).toEqual([]);
    const script = `${[...reseedWords, ...reader.words('log', 'db1', '-n', '500')].join(' ')} | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout: piped, stderr } = await execa('bash', ['-c', script], { env: testEnvironment });
    expect(piped.split('\n')).toHaveLength(2);
    expect(piped).toMatch(/\n0$/);
    expect(stderr).toBe('');
  });
});

describe('failures are reported', () => {
  test('a log that is not there: 1, and what to set', async () => {
    const done = await logOf('db1', '--inventory', await withErrorLog('/var/log/no such.err'));
    expect(done).toMatchObject({ exitCode: 1, stdout: '' });
    expect(done.stderr).toBe(
      'reseed: db1: /var/log/no such.err does not exist; set mysql.errorLog in the inventory to where the log is',
    );
  });

  test('words that are wrong: 2', async () => {
    expect((await logOf('db1', '-n', '6000')).exitCode).toBe(2);
    expect((await logOf('db1', '--severity', 'fatal')).exitCode).toBe(2);
    expect((await logOf('db9')).exitCode).toBe(2);
  });
});

describe('reseed log -f', () => {
  test('follows a rotation as logrotate does it, and leaves nothing on the host', async () => {
    const log = following('db1', '-n', '1');
    await log.shows(/\S/);
    await printedOn('db1', `mv ${mysqlLog} ${mysqlLog}.1; echo 'written into the old file ${run}' >>${mysqlLog}.1`);
    await log.shows(`written into the old file ${run}`);
    await printedOn('db1', `mysql -e 'FLUSH ERROR LOGS'; echo 'written into the new file ${run}' >>${mysqlLog}`);
    await log.shows(`written into the new file ${run}`);
    expect(log.said.err).toContain('reseed: db1: rotated: a new file begins');
    await printedOn('db1', `: >${mysqlLog}; echo 'after it was emptied ${run}' >>${mysqlLog}`);
    await log.shows(`after it was emptied ${run}`);
    expect(log.said.err).toContain('reseed: db1: the file was emptied');
    expect(await followers('db1', mysqlLog)).toBeGreaterThan(0);
    expect(await log.interrupt()).toBe(130);
    // mysqld's own descriptors are others.
    await until(
      () => followers('db1', mysqlLog),
      (count) => count === 0,
      20_000,
    );
  });

  test('a server that stops and starts again is followed through', async () => {
    const log = following('db2', '-n', '1');
    await log.shows(/\S/);
    await drill('fault', 'stop-mysql', 'db2');
    await log.shows('Shutdown complete');
    await drill('heal', 'db2');
    await log.shows('ready for connections');
    expect(await log.interrupt()).toBe(130);
  });

  test('a host that is cut off is waited for, and no line comes twice', async () => {
    const log = following('db1', '-n', '2');
    await log.shows(/\S/);
    await printedOn('db1', `echo '2026-01-01T00:00:00.000001Z 0 [Note] kept ${run}' >>${mysqlLog}`);
    await log.shows(`[Note] kept ${run}`);
    await drill('fault', 'cut', 'db1');
    await log.shows('trying again', 60_000);
    await drill('heal', 'db1');
    await until(
      () => onHost('db1', `echo 'after the cut ${run}' >>${mysqlLog}`),
      ({ exitCode }) => exitCode === 0,
    );
    await log.shows(`after the cut ${run}`);
    expect(log.said.err).toContain('connected again');
    expect(log.said.out.split(`[Note] kept ${run}`)).toHaveLength(2);
    expect(await log.interrupt()).toBe(130);
  });
});
