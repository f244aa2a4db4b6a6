// Reports of corrupt data far above the last lines of an error log: the probe's own script, run here.
import { spawn } from 'node:child_process';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { ErrorLogTail, HostReport } from '../../src/host/facts.ts';
import { probeArguments, reportReader, reportRequest } from '../../src/host/probe.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { aloneOnce } from '../alone.ts';
import { told } from './recordings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-damage-'));
  // Another account than root reads what lies in /tmp.
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

const damaged = (page: number) =>
  `2026-11-26T10:00:00.00000${page}Z 9 [ERROR] [MY-012224] [InnoDB] Database page corruption on page ${page}`;
const crashed =
  "2026-11-26 10:00:00 9 [ERROR] mariadbd: Tabelle './shop/t1' ist als defekt markiert und sollte repariert werden";
const notes = (count: number) =>
  Array.from(
    { length: count },
    (_, at) => `2026-11-26T11:00:00.000000Z ${at} [Note] [MY-010051] [Server] one more\n`,
  ).join('');

/** Answers one request after the other, as a console asks. */
async function probing(settings: Parameters<typeof probeArguments>[1]) {
  const script = await scriptText('probe');
  const words = [script, 'probe.sh', ...probeArguments('word', settings)];
  // The server of a test runs nowhere: one that runs on this machine is not taken for it.
  const [program, before] = process.getuid?.() === 0 ? ['unshare', aloneOnce] : ['sh', ['-c']];
  const child = spawn(program, [...before, ...words], {
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, STARTED: '' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.stdin.end());
  let heard: (report: HostReport) => void = () => undefined;
  child.stdout.on(
    'data',
    reportReader('word', (_, report) => heard(report)),
  );
  let id = 0;
  return async (): Promise<ErrorLogTail> => {
    const report = await new Promise<HostReport>((resolve) => {
      heard = resolve;
      child.stdin.write(reportRequest(++id, ['errorLog']));
    });
    if (!report.errorLog) throw new Error('no error log was told');
    return told(report.errorLog);
  };
}
const reports = ({ damage = [] }: ErrorLogTail) => damage.map(({ text }) => text);

test('corrupt data thousands of lines above the end of the log is reported, once, and what is added as well', async () => {
  const log = join(folder, 'error.log');
  await writeFile(log, `${damaged(1)}\n${crashed}\n${notes(5000)}`);
  const ask = await probing({ errorLog: log });
  const first = await ask();
  expect(first.lines).toHaveLength(200);
  expect(reports(first)).toEqual([damaged(1), crashed]);
  expect(reports(await ask())).toEqual([damaged(1), crashed]);
  // A line without its end is not taken for a complete one.
  await appendFile(log, `${damaged(2)}\n${notes(3000)}${damaged(3).slice(0, 70)}`);
  expect(reports(await ask())).toEqual([damaged(1), crashed, damaged(2)]);
  await appendFile(log, `${damaged(3).slice(70)}\n${notes(1)}`);
  expect(reports(await ask())).toEqual([damaged(1), crashed, damaged(2), damaged(3)]);
  // Another file in its place.
  await rm(log);
  await writeFile(log, notes(3));
  expect(reports(await ask())).toEqual([]);
});

const journalLine = (text: string) => `1795715465.169733 db4 mariadbd[8084]: ${text}\n`;
const journalNotes = (count: number) =>
  Array.from({ length: count }, (_, at) => journalLine(`2026-11-26 11:00:00 ${at} [Note] one more`)).join('');

/** A host with a journal of these lines. `search` is run in place of journalctl where more than the last lines are asked for. */
async function journalHost(lines: string, search = ':') {
  const journal = join(folder, 'journal');
  const program = (name: string, text: string) =>
    writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  await program('systemctl', "printf 'Id=mariadb.service\\nLoadState=loaded\\n'");
  await program('mysql', "printf '10.11.6-MariaDB\\t/srv/data\\t\\t\\n'");
  await program(
    'journalctl',
    `while [ $# -gt 0 ]; do case $1 in -n) lines=$2 ;; --after-cursor=*) from=\${1#*=} ;; --show-cursor) cursor=yes ;; esac; shift; done
[ "$lines" = 200 ] || [ "$lines" = 1 ] || { ${search}; }
if [ -n "$from" ]; then tail -n "+$((from + 1))" '${journal}'; else tail -n "$lines" '${journal}'; fi
[ -z "$cursor" ] || echo "-- cursor: $(wc -l <'${journal}')"`,
  );
  await writeFile(journal, lines);
  return { journal };
}

test('in the journal of a server that logs there, above its last lines', async () => {
  await journalHost(`${journalLine(crashed)}${journalNotes(1000)}`);
  const ask = await probing({ service: 'mariadb' });
  const first = await ask();
  expect(first.path).toBe('journal of mariadb.service');
  expect(first.lines.at(-1)?.text).toContain('one more');
  expect(reports(first)).toEqual([crashed]);
});

test('what a journal got between two polls is searched, though it is more than the last lines', async () => {
  const { journal } = await journalHost(journalNotes(300));
  const ask = await probing({ service: 'mariadb' });
  expect(reports(await ask())).toEqual([]);
  await appendFile(journal, `${journalLine(crashed)}${journalNotes(6000)}`);
  expect(reports(await ask())).toEqual([crashed]);
  await appendFile(journal, journalNotes(1));
  expect(reports(await ask())).toEqual([crashed]);
});

test('a journal that can not be searched is unsearched, and is searched again', async () => {
  await journalHost(`${journalLine(crashed)}${journalNotes(1000)}`, 'exit 1');
  const ask = await probing({ service: 'mariadb' });
  expect((await ask()).unsearched).toBe('the search ended with status 1');
  expect((await ask()).unsearched).toMatch(/it is asked again in/);
});

test('a grep that does not take the words is no log without reports', async () => {
  const log = join(folder, 'error.log');
  await writeFile(log, `${damaged(1)}\n${notes(5000)}`);
  await writeFile(join(folder, 'grep'), '#!/bin/sh\ncase $* in *-aiE*) exit 2 ;; *) exec /bin/grep "$@" ;; esac\n', {
    mode: 0o755,
  });
  const ask = await probing({ errorLog: log });
  const tail = await ask();
  expect(reports(tail)).toEqual([]);
  expect(tail.unsearched).toBe('the search ended with status 2');
});

test('a journal that does not answer is unsearched, and the probe goes on', { timeout: 60_000 }, async () => {
  await journalHost(`${journalLine(crashed)}${journalNotes(1000)}`, 'exec sleep 600');
  const ask = await probing({ service: 'mariadb' });
  expect((await ask()).unsearched).toBe('the search gave no answer in its time');
});

test('warnings about an account called corrupt hide no report', async () => {
  const log = join(folder, 'error.log');
  const denied = `2026-11-26T11:00:00.000000Z 7 [Warning] [MY-010055] [Server] Access denied for user 'corrupt'@'10.0.0.9'\n`;
  const json = `{ "log_type" : 1, "err_code" : 12224, "msg" : "Database page corruption on page 8", "time" : "2026-11-26T10:00:01.0Z", "label" : "Error" }`;
  await writeFile(log, `${damaged(1)}\n${json}\n${crashed}\n${denied.repeat(60)}${notes(2000)}`);
  const ask = await probing({ errorLog: log });
  const tail = await ask();
  expect(reports(tail)).toEqual([damaged(1), expect.stringContaining('page 8'), crashed]);
  expect(tail.unsearched).toBeUndefined();
});

test('more candidates than are judged are reported', async () => {
  const log = join(folder, 'error.log');
  const like = Array.from(
    { length: 60 },
    (_, at) => `2026-11-26T11:00:00.000000Z ${at} [ERROR] [MY-010543] [Server] corrupt event\n`,
  );
  await writeFile(log, `${damaged(1)}\n${like.join('')}${notes(2000)}`);
  const ask = await probing({ errorLog: log });
  expect((await ask()).unsearched).toMatch(/more than 50 of its lines look like reports/);
});
