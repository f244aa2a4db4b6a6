// reseed log, on hosts whose logs are rotated, emptied, spoiled, and go away.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sendSignal } from '../../src/process/signal.ts';
import { keptErrorLog } from './error-log.ts';
import { drill, onHost, printedOn, reseed, reseedWords, testEnvironment, until } from './fleet.ts';
import { everyHost, usesHosts } from './uses.ts';

usesHosts(...everyHost);

const mysqlLog = '/var/log/mysql/error.log';
let folder: string;
let restoreLog: () => Promise<string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-log-'));
  restoreLog = await keptErrorLog('db1', mysqlLog);
});
// What a beforeAll returns would run when the hosts are let go of already.
afterAll(async () => {
  await restoreLog();
  await rm(folder, { recursive: true });
});

const inside = (...words: string[]) => reseed(['drill', 'exec', '--', ...reseedWords, 'log', ...words]);

/** hosts.yaml with another error log for db1. */
async function withErrorLog(path: string): Promise<string> {
  const file = join(folder, 'hosts.yaml');
  const text = await readFile('hosts.yaml', 'utf8');
  const place = 'ssh: { host: 10.77.0.11 }';
  await writeFile(file, text.replace(place, `${place}\n    mysql: { errorLog: ${JSON.stringify(path)} }`));
  return file;
}

/** `reseed log HOST -f`, with what it has printed so far. */
function following(...words: string[]) {
  const [node, script] = reseedWords;
  const run = execa(node, [script, 'drill', 'exec', '--', node, script, 'log', '-f', ...words], {
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

/** How many follow-log.sh run on a host: each holds its file open as descriptor 3. */
const followers = async (host: string, log: string) =>
  Number(await printedOn(host, `ls -l /proc/[0-9]*/fd/3 2>/dev/null | grep -c -- '${log}' || true`));

/** A fleet that was left up has the lines of the run before. */
const run = Date.now();

describe('the last lines', () => {
  test('of a server of either vendor, where the server says they are', async () => {
    for (const host of ['db1', 'db2', 'db4', 'db5']) {
      const { stdout, stderr, exitCode } = await inside(host, '-n', '500');
      expect({ host, stderr, exitCode }).toEqual({ host, stderr: '', exitCode: 0 });
      expect(stdout).toContain('ready for connections');
    }
  });

  test('through a jump host, of a log that lies elsewhere, as JSON', async () => {
    const { stdout } = await inside('db5', '-n', '3', '--json');
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

  test('of a server that is down: its option files say where', async () => {
    await drill('fault', 'stop-mysql', 'db3');
    const { stdout, exitCode } = await inside('db3', '--json');
    await drill('heal', 'db3');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ path: mysqlLog, foundBy: 'config' });
    expect(stdout).toContain('Shutdown complete');
  });

  test('only errors, and a pipe that wants one line', async () => {
    const { stdout } = await inside('db1', '-n', '500', '--severity', 'error', '--json');
    const severities = stdout.split('\n').map((line) => JSON.parse(line).severity);
    expect(severities.filter((severity) => severity !== undefined && severity !== 'error')).toEqual([]);
    const script = `${reseedWords.join(' ')} drill exec -- ${reseedWords.join(' ')} log db1 -n 500 | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout: piped, stderr } = await execa('bash', ['-c', script], { env: testEnvironment });
    expect(piped.split('\n')).toHaveLength(2);
    expect(piped).toMatch(/\n0$/);
    expect(stderr).toBe('');
  });
});

describe('what goes wrong is told', () => {
  test('a log that is not there: 1, and what to set', async () => {
    const done = await inside('db1', '--inventory', await withErrorLog('/var/log/no such.err'));
    expect(done).toMatchObject({ exitCode: 1, stdout: '' });
    expect(done.stderr).toBe(
      'reseed: db1: /var/log/no such.err does not exist; set mysql.errorLog in the inventory to where the log is',
    );
  });

  test('a host that is off: 4', async () => {
    await drill('fault', 'power-cut', 'db6');
    const done = await inside('db6', '-f');
    await drill('heal', 'db6');
    expect(done.exitCode).toBe(4);
    expect(done.stderr).toContain('10.77.0.16');
  });

  test('words that are wrong: 2', async () => {
    expect((await inside('db1', '-n', '6000')).exitCode).toBe(2);
    expect((await inside('db1', '--severity', 'fatal')).exitCode).toBe(2);
    expect((await inside('db9')).exitCode).toBe(2);
  });
});

describe('reseed log -f', () => {
  test('goes on over a rotation as logrotate does it, and nothing of it stays on the host', async () => {
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
