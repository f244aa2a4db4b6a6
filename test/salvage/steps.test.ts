// The steps of a salvage: what is brought, what is compared, and how the end of applying is reported.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { awaitApply } from '../../src/salvage/apply-logs.ts';
import { bringLogs } from '../../src/salvage/bring-logs.ts';
import { checkLogs } from '../../src/salvage/check-logs.ts';
import { openServer } from '../../src/salvage/open-server.ts';
import { planSalvage } from '../../src/salvage/plan.ts';
import { applyWords } from '../../src/scripts/salvage-words.ts';
import { readScript, type ScriptName } from '../../src/scripts/script.ts';
import { exited, printed, stepTools } from '../job/step-tools.ts';
import { salvageJob, tailFrom, tailText, uuid } from './salvaging.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Two hosts that are folders of this machine: the scripts run as this account. */
function hosts() {
  const folder = mkdtempSync(join(tmpdir(), 'reseed-salvage-'));
  folders.push(folder);
  const stage = join(folder, 'salvage');
  const run = (script: ScriptName, args: readonly string[], input = '', server = '') => {
    const text = readScript(script)
      .replace('\nset -u\n', () => `\n${server}\nset -u\n`)
      .replace(/\nas_account\(\) .*\n/, '\nas_account() { shift; "$@"; }\n')
      .replaceAll('/var/lib/reseed/salvage', stage)
      .replaceAll('case $account in root:* | UNKNOWN:*)', 'case $account in UNKNOWN:*)');
    try {
      return printed(execFileSync('sh', ['-c', text, script, ...args], { input, maxBuffer: 8 * 1024 ** 2 }).toString());
    } catch (error) {
      return exited((error as { status: number }).status, String((error as { stderr: Buffer }).stderr));
    }
  };
  return { folder, stage, run };
}

const magic = Buffer.from('fe62696e', 'hex');

function bringing({ folder, run }: ReturnType<typeof hosts>, logBytes: Buffer, spoil = (text: string) => text) {
  const path = join(folder, 'binlog.000001');
  writeFileSync(path, logBytes);
  const parts = [
    { at: 0, end: 4 },
    { at: 4, end: 127 },
    { at: 2_000, end: 3_400_000 },
  ];
  const here = { name: 'db3', datadir: folder, login: {} };
  const job = { ...salvageJob(tailFrom(tailText('mysql-9.7'))), from: { name: 'db2', datadir: folder }, to: here };
  const { commands, input } = bringLogs.plan({ ...job, logs: [{ path, size: logBytes.length, parts }] });
  const writes: number[] = [];
  const { tools, progress } = stepTools({
    commands,
    input,
    answer: (key, options) => {
      const command = commands[key];
      if (!command) throw new Error(key);
      if (key === 'write') writes.push(Number(options?.stdin?.split(' ')[1]));
      const answer = run(command.script, command.args, options?.stdin);
      return key === 'read' && answer.ok ? { ...answer, stdout: spoil(answer.stdout) } : answer;
    },
  });
  return {
    end: bringLogs.run(tools),
    writes,
    progress,
    expected: parts.map(({ at, end }) => logBytes.subarray(at, end)),
  };
}

const bytes = Buffer.concat([magic, Buffer.alloc(3_500_000, 'reseed salvage ')]);

describe('the logs', () => {
  test('come in parts, byte for byte, and what is there is not brought again', async () => {
    const two = hosts();
    const { end, writes, expected, progress } = bringing(two, bytes);
    expect(await end).toEqual({ ok: true });
    const log = join(two.stage, 'cafe/logs/log.0');
    expect(readFileSync(log).equals(Buffer.concat(expected))).toBe(true);
    expect(writes).toEqual([0, 4, 127, 1_500_127, 3_000_127]);
    expect(progress.at(-1)).toBe('3.2M of 3.2M');

    // A runner that died in the middle of the last piece.
    truncateSync(log, 3_000_200);
    const again = bringing(two, bytes);
    expect(await again.end).toEqual({ ok: true });
    expect(again.writes).toEqual([3_000_127]);
    expect(readFileSync(log).equals(Buffer.concat(expected))).toBe(true);
    expect(two.run('salvage-take', ['remove', 'job=cafe'])).toMatchObject({ ok: true });
  });

  test('that come otherwise than they were sent are not kept', async () => {
    const flipped = (text: string) => text.replace(/\nUg/, '\nUw').replace(/\n(.)/, '\nZ');
    const { end } = bringing(hosts(), bytes, flipped);
    expect(await end).toMatchObject({ ok: false, message: 'the part came otherwise than it was sent' });
  });

  test('that became shorter since the plan end the step', async () => {
    const { end } = bringing(hosts(), bytes.subarray(0, 3_000_000));
    expect(await end).toMatchObject({
      ok: false,
      message: 'db2 has fewer bytes of its log than when it was planned: log 0, from 1502000 to 3002000',
    });
  });

  test('are no other file of the host, and no more than was planned', () => {
    const { folder, run } = hosts();
    writeFileSync(join(folder, 'secret'), 'secret of root');
    const words = [`datadir=${folder}`, `path=${join(folder, 'secret')}`];
    expect(run('salvage-read', words, '0 0 14\n')).toMatchObject({ ok: false, code: 1 });
    expect(run('salvage-read', words, '1 0 14\n')).toMatchObject({ ok: false, code: 3 });
    expect(run('salvage-read', words, '0 0 99999999\n')).toMatchObject({ ok: false, code: 3 });
    expect(run('salvage-read', words, '0 $(id) 4\n')).toMatchObject({ ok: false, code: 3 });
  });
});

describe('before anything is applied', () => {
  const salvage = salvageJob(tailFrom(tailText('mysql-9.7')));
  const checked = (text: string) => {
    const { commands, input } = checkLogs.plan(salvage);
    return checkLogs.run(stepTools({ commands, input, answer: () => printed(text) }).tools);
  };
  // The same transactions lie elsewhere in the logs that were brought.
  const brought = tailText('mysql-9.7')
    .replace(/^log.*\n/m, '')
    .replaceAll(/^tx\t0\t(\d+)\t(\d+)/gm, (_, at, end) => `tx\t0\t${Number(at) - 26_000}\t${Number(end) - 26_000}`);

  test('the target reads the same in what was brought as the plan shows', async () => {
    expect(await checked(brought)).toEqual({ ok: true });
  });

  test.each([
    ['a transaction more', brought.replace(`run\t${uuid}\t47\t56`, `run\t${uuid}\t47\t57`), `${uuid}:47-57`],
    [
      'another statement',
      brought.replace('CREATE TABLE drill.extra', 'CREATE TABLE drill.other'),
      'with other contents',
    ],
    ['other rows', brought.replace('\trows\t0\t2\t0\t0\t', '\trows\t0\t3\t0\t0\t'), 'with other contents'],
  ])('%s ends the job', async (_, text, says) => {
    const end = await checked(text);
    expect(end.ok ? 'ok' : end.message).toContain(says);
  });

  test('a target that has moved on since the plan ends the job', async () => {
    const { commands, input } = openServer.plan(salvage);
    const told = readFileSync(new URL('../fixtures/mysql-9.7/standing-replica.txt', import.meta.url), 'utf8');
    const ran: string[] = [];
    const answer = (key: string) => {
      ran.push(key);
      return printed(told);
    };
    const end = await openServer.run(stepTools({ commands, input, answer }).tools);
    expect(end.ok ? 'ok' : end.message).toMatch(/^db2 has moved on since the plan/);
    expect(ran).toEqual(['state']);
  });
});

describe('applying', () => {
  const { commands, input } = awaitApply.plan(salvageJob(tailFrom(tailText('mysql-9.7'))));
  const ended = (state: string, progress: string, log: string) => {
    const text = `${state}\n${progress}\n${Buffer.from(log).toString('base64')}`;
    const { tools, progress: shown } = stepTools({ commands, input, answer: () => printed(text) });
    return { end: awaitApply.run(tools), shown };
  };

  test('tells how many are applied', async () => {
    const { end, shown } = ended('ended 0', `${uuid}:1-56`, '');
    expect(await end).toEqual({ ok: true });
    expect(shown).toEqual(['10 of 10 transactions applied']);
  });

  test('that fails tells what is applied, why, and that the same salvage applies the rest', async () => {
    const { end } = ended('ended 1', `${uuid}:1-50`, "ERROR 1062 (23000) at line 9: Duplicate entry '7'\n");
    expect(await end).toEqual({
      ok: false,
      message:
        "applying on db2 ended with 1, 4 of 10 transactions applied: ERROR 1062 (23000) at line 9: Duplicate entry '7'",
      advice: 'what is applied stays, and db2 knows it by its GTIDs: the same salvage again applies the rest',
    });
  });

  test('that a restart of the host ended is not begun again', async () => {
    expect(await ended('absent', '', '').end).toMatchObject({
      message: 'db2 was restarted while transactions were applied there',
    });
  });
});

describe('a MariaDB that was restarted while they were applied', () => {
  const applied = (now: string) => {
    const { folder, run } = hosts();
    expect(run('salvage-take', ['make', 'job=cafe', `datadir=${folder}`])).toMatchObject({ ok: true });
    writeFileSync(join(folder, 'salvage/cafe/logs/log.0'), '');
    const stubs = `RESEED_FOLDER=${folder}
make_cell() { :; }
socket_of_login() { echo /run/socket; }
in_log_cell() { echo applied; }
sql_client() { case $* in *gtid_slave_pos*) echo ${now} ;; *' -e '*) ;; *) cat >${folder}/said ;; esac; }`;
    const words = applyWords('cafe', {}, 'mariadb', '0-14-54,1-2-3');
    return { end: run('salvage-apply', words, '', stubs), isApplied: () => existsSync(join(folder, 'said')) };
  };

  test('gets nothing twice: it has more than when the job was planned', () => {
    const { end, isApplied } = applied('1-2-3,0-14-57,0-13-57');
    expect(end).toMatchObject({
      ok: false,
      printed: expect.stringMatching(/^it has 0-14-57,1-2-3, and had 0-14-54,1-2-3: a part/),
    });
    expect(isApplied()).toBe(false);
  });

  test('gets them where it has nothing of them', () => {
    const { end, isApplied } = applied('1-2-3,0-14-54');
    expect({ end: end.ok, isApplied: isApplied() }).toEqual({ end: true, isApplied: true });
  });
});

test('the logs are applied by the client, with the login of the option files: it ended at a variable that was not set, on every host', () => {
  const { folder, run } = hosts();
  expect(run('salvage-take', ['make', 'job=cafe', `datadir=${folder}`])).toMatchObject({ ok: true });
  writeFileSync(join(folder, 'salvage/cafe/logs/log.0'), '');
  const login = join(folder, 'login.cnf');
  writeFileSync(login, '[client]\nuser = keeper\npassword = secret\nhost = 10.0.0.1\n', { mode: 0o600 });
  mkdirSync(join(folder, 'bin'));
  const client = `#!/bin/sh
case $* in *--help*) exit ;; esac
cat /dev/fd/8 >${folder}/login
printf '%s\\n' "$@" >${folder}/words
case $* in *' -e '*) ;; *) cat >${folder}/said ;; esac`;
  writeFileSync(join(folder, 'bin/mysql'), client, { mode: 0o755 });
  const stubs = `RESEED_FOLDER=${folder}
PATH=${folder}/bin:$PATH
make_cell() { :; }
socket_of_login() { echo /run/socket; }
in_log_cell() { echo applied; }
in_client_cell() { "$@"; }`;
  const words = applyWords('cafe', { defaultsFile: login }, 'mysql', '');
  expect(run('salvage-apply', words, '', stubs)).toMatchObject({ ok: true });
  expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('applied\n');
  expect(readFileSync(join(folder, 'login'), 'utf8')).toBe('[mysql]\nuser="keeper"\npassword="secret"\n');
  expect(readFileSync(join(folder, 'words'), 'utf8')).toContain('--socket=/mnt/socket\n');
});

test('a log whose statement the server does not understand tells nothing of it: a password came into the log of the job', () => {
  const { folder, run } = hosts();
  expect(run('salvage-take', ['make', 'job=cafe', `datadir=${folder}`])).toMatchObject({ ok: true });
  writeFileSync(join(folder, 'salvage/cafe/logs/log.0'), '');
  // The unit logs both.
  const stubs = `exec >&2
RESEED_FOLDER=${folder}
make_cell() { :; }
socket_of_login() { echo /run/socket; }
in_log_cell() { echo applied; }
sql_client() {
  case $* in *' -e '*) return ;; esac
  cat >/dev/null
  echo "ERROR 1064 (42000) at line 9: You have an error; the right syntax to use near 'BY
'hunter2'' at line 1" >&2
  return 1
}`;
  const end = run('salvage-apply', applyWords('cafe', {}, 'mysql', ''), '', stubs);
  expect(end).toMatchObject({
    printed: expect.stringMatching(/the right syntax to use near what is not repeated here\n$/),
  });
  expect(JSON.stringify(end)).not.toContain('hunter2');
});

test('what the job makes is taken away in the order: the unit, super_read_only, the logs, the lock', () => {
  const { steps } = planSalvage(salvageJob(tailFrom(tailText('mysql-9.7'))));
  const made = steps.flatMap(({ acquires }) => acquires?.what ?? []);
  expect(made).toEqual([
    'the lock of db3',
    'the logs of db2 on db3',
    'super_read_only of db3, switched off',
    'the unit that applies them on db3',
  ]);
});

describe('super_read_only of a target that died while transactions were applied', () => {
  /** A server whose process is PID, and what it was told. */
  const server = (pid: number, folder: string, up = true, readOnly = 1) => `
sql_client() {
  case $* in
    *SHOW*) printf 'super_read_only\\tON\\n' ;;
    *datadir*) echo /var/lib/mysql ;;
    *read_only) ${up ? `echo ${readOnly}` : 'return 1'} ;;
    *SET*) ${up ? `printf '%s\\n' "$*" >>${folder}/told` : 'return 1'} ;;
  esac
}
trusted_in() { echo ${pid}; }
process_of() { [ "$1" != ${pid} ] || echo "${pid} began"; }`;
  const words = ['job=cafe', 'defaults_file=', 'socket='];
  const opened = () => {
    const host = hosts();
    const told = () => readFileSync(join(host.folder, 'told'), 'utf8').match(/super_read_only = (ON|OFF)/g);
    const say = (verb: string, pid: number, up = true, readOnly = 1) =>
      host.run('salvage-open', [verb, ...words], '', server(pid, host.folder, up, readOnly));
    expect(host.run('salvage-take', ['make', 'job=cafe', `datadir=${host.folder}`])).toMatchObject({ ok: true });
    expect(say('open', 71)).toMatchObject({ ok: true });
    return { ...host, told, say };
  };

  test('is switched on again after its logs are removed: what was noted stays until then', () => {
    const { run, say, told, stage } = opened();
    expect(say('close', 71, false)).toMatchObject({ ok: false });
    expect(run('salvage-take', ['remove', 'job=cafe'])).toMatchObject({ ok: true });
    expect(say('close', 71)).toMatchObject({ ok: true });
    expect(told()).toEqual(['super_read_only = OFF', 'super_read_only = ON']);
    expect(existsSync(stage)).toBe(false);
  });

  test('stays off where the server was promoted since: it takes writes', () => {
    const { say, told, stage } = opened();
    expect(say('close', 71, true, 0)).toMatchObject({
      ok: true,
      stdout: expect.stringContaining('it takes writes now'),
    });
    expect(told()).toEqual(['super_read_only = OFF']);
    expect(existsSync(join(stage, 'cafe/super_read_only'))).toBe(false);
  });

  test('is left as its option files have it where the server started anew', () => {
    const { say, told } = opened();
    expect(say('close', 72)).toMatchObject({ ok: true });
    expect(told()).toEqual(['super_read_only = OFF']);
  });
});
