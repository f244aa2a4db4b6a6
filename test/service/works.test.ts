// The lines of a server's own log in the log of a job that waits for the server.
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Json } from '../../src/job/plan/plan.ts';
import type { StepTools } from '../../src/job/plan/step-work.ts';
import { awaitServer } from '../../src/service/await-server.ts';
import { startServer } from '../../src/service/start-server.ts';
import { stopServer } from '../../src/service/stop-server.ts';
import { exited, printed, stepTools } from '../job/step-tools.ts';

const lines = (count: number) => Array.from({ length: count }, (_, at) => `[ERROR] line ${at + 1}`).join('\n');
const look = (state: string, log: string) => printed(`${state}\n0\nnone\nnot\nsuccess 0 0\n0\n${log.length}\n${log}`);
const command = { host: 'db2', script: 'service', args: [], deadlineMs: 1 } as const;

test('a server that was started over and over says its last lines, and how many are left out; later ones come whole', async () => {
  const looks = [look('deactivating', lines(200)), look('inactive', lines(203))];
  const { tools, notes } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => (key === 'act' ? printed('') : (looks.shift() ?? look('inactive', ''))),
  });
  expect(await stopServer.run(tools)).toEqual({ ok: true });
  expect(notes).toHaveLength(34);
  expect(notes.slice(0, 2)).toEqual(["| … 170 lines left out: they are in the server's log", '| [ERROR] line 171']);
  expect(notes.slice(-3)).toEqual(['| [ERROR] line 201', '| [ERROR] line 202', '| [ERROR] line 203']);
});

const ended = (journal: readonly string[], log = '') =>
  printed(
    `failed\n0\nnone\nnot\nexit-code 1 1\n${journal.length}\n${journal.map((line) => `${line}\n`).join('')}${log.length}\n${log}`,
  );
const started = async (answer: ReturnType<typeof ended>) => {
  const { tools } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => (key === 'act' ? printed('') : answer),
  });
  return await startServer.run(tools);
};

test('a server whose log says nothing of why it does not start is explained by the journal, and not by systemd alone', async () => {
  const journal = [
    'Starting mysql.service - MySQL Community Server...',
    'mysqld: [ERROR] Could not open required defaults file: /var/lib/mysql/my.cnf',
    'mysql.service: Main process exited, code=exited, status=1/FAILURE',
    "mysql.service: Failed with result 'exit-code'.",
    'Failed to start mysql.service - MySQL Community Server.',
  ];
  expect(await started(ended(journal))).toMatchObject({
    ok: false,
    message: `${journal[1]}; unit state: failed (exit-code, exited with 1)`,
  });
});

test.each([
  [
    '/etc/systemd/system/mysql.service.d/zzzz-reseed-992eb3d5.conf',
    'a seed (marked 992eb3d5) blocks this start: the data of db2 is not complete',
    'wait for that seed, or abort it (reseed jobs); if it has ended already, seed db2 again',
  ],
  [
    '/run/systemd/system/mysql.service.d/zzzz-reseed-992eb3d5-still.conf',
    'a seed (marked 992eb3d5) blocks this start: it reads the files of db2',
    'wait for that seed, or abort it (reseed jobs); if it has ended already: reseed clean db2',
  ],
])('a start that a seed blocks by %s says so, and what to do', async (file, message, advice) => {
  const journal = `mysql.service - MySQL Community Server skipped, unmet condition check ConditionPathExists=!${file}`;
  expect(await started(printed(`inactive\n0\nnone\nnot\nsuccess 0 0\n1\n${journal}\n0\n`))).toEqual({
    ...{ ok: false, message, advice },
  });
});

test('a start whose server is not asked ends at once, and says why: it was waited for two hours, and then said to take no connections', async () => {
  const why = '/usr/local/mysql/bin/mysql would be run as root: bin belongs to another account than root';
  expect(await started(printed(`active\n0\n846 mysqld\nrefused ${why}\nsuccess 0 0\n0\n0\n`))).toMatchObject({
    ok: false,
    message: expect.stringMatching(
      new RegExp(`^whether the server of \\w+ takes connections can not be asked: ${why}$`),
    ),
  });
});

test('a start goes on where a busy host did not tell in time how far it is: it was told as failed, while the server came up', async () => {
  const late = { ...exited(1, ''), kind: 'timeout', deadlineMs: 30_000 } as const;
  const looks = [late, late, printed('active\n0\n846 mysqld\nready\nsuccess 0 0\n0\n0\n')];
  const { tools } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => (key === 'act' ? printed('') : (looks.shift() ?? late)),
  });
  expect(await startServer.run(tools)).toEqual({ ok: true });
  expect(looks).toEqual([]);
});

test('what a job tells of a server that starts has no password of a statement in its log', async () => {
  const line =
    "[ERROR] Slave SQL: Error 'x' on query. Default database: ''. Query: 'CREATE USER a IDENTIFIED BY 'hunter2''";
  const { tools, notes, progress } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => (key === 'act' ? printed('') : look('inactive', line)),
  });
  const end = await startServer.run(tools);
  expect(JSON.stringify([end, notes, progress])).toContain('IDENTIFIED ...');
  expect(JSON.stringify([end, notes, progress])).not.toContain('hunter2');
});

test('a stop does not ask the server, and goes on', async () => {
  const looks = ['deactivating\n0\n846 mysqld\nrefused it would be run as root', 'inactive\n0\nnone\nnot'];
  const { tools } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => printed(key === 'act' ? '' : `${looks.shift()}\nsuccess 0 0\n0\n0\n`),
  });
  expect(await stopServer.run(tools)).toEqual({ ok: true });
});

test('the first error of the log comes before what the journal has', async () => {
  const log = '2026-11-26T10:00:00Z 0 [ERROR] [MY-010020] [Server] Data Dictionary initialization failed.';
  const end = await started(ended(['Starting mysql.service', 'some other word'], log));
  expect(end).toMatchObject({ message: `${log}; unit state: failed (exit-code, exited with 1)` });
});

test('a stop that waits names the process that it waits for', async () => {
  const looks = [
    printed('deactivating\n0\n846 mysqld\nnot\nsuccess 0 0\n0\n0\n'),
    printed('inactive\n0\nnone\nnot\nsuccess 0 0\n0\n0\n'),
  ];
  const { tools, progress } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => (key === 'act' ? printed('') : (looks.shift() ?? printed(''))),
  });
  expect(await stopServer.run(tools)).toEqual({ ok: true });
  expect(progress[0]).toBe('stopping, process 846 mysqld');
});

test('a machine that slept for an hour does not say of a server that it has not ended', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const looks = ['deactivating\n0\n846 mysqld', 'deactivating\n0\n846 mysqld', 'inactive\n0\nnone'];
  const { tools } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => {
      if (key === 'act') return printed('');
      vi.setSystemTime(Date.now() + 3_600_000);
      return printed(`${looks.shift()}\nnot\nsuccess 0 0\n0\n0\n`);
    },
  });
  expect(await stopServer.run(tools)).toEqual({ ok: true });
});

test('a first start whose process has not our options fails at the first look that sees it, whatever state it has', async () => {
  const why = 'mysql was started without --skip-replica-start, and is stopped again';
  const { tools } = stepTools({
    commands: { act: command, look: command, held: command },
    answer: (key) =>
      key === 'held'
        ? exited(1, why)
        : printed(key === 'act' ? '' : 'activating\n0\n846 mysqld\nready\nsuccess 0 0\n0\n0\n'),
  });
  expect(await startServer.run(tools)).toMatchObject({
    ok: false,
    message: expect.stringContaining(why),
  });
});

test('a first start whose process was not there when its options were to be looked at has not passed', async () => {
  let asked = 0;
  const { tools } = stepTools({
    commands: { act: command, look: command, held: command },
    answer: (key) => {
      if (key === 'held') return printed(++asked < 3 ? 'none\n' : '');
      return printed(key === 'act' ? '' : 'active\n0\n846 mysqld\nready\nsuccess 0 0\n0\n0\n');
    },
  });
  expect(await startServer.run(tools)).toEqual({ ok: true });
  expect(asked).toBe(3);
});

/** Asked once a minute: what the server's process, state and log are by then. */
async function waitedFor(
  kind: { readonly run: (tools: StepTools) => Promise<unknown> },
  tellAt: (minute: number) => string,
  input: Readonly<Record<string, Json>> = {},
) {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  let minute = 0;
  const { tools } = stepTools({
    commands: { act: command, look: command },
    input,
    answer: (key) => {
      if (key === 'act') return printed('');
      minute++;
      vi.advanceTimersByTime(60_000);
      return printed(tellAt(minute));
    },
  });
  return { end: await kind.run(tools), minutes: minute };
}

test('a crash recovery that takes three hours is waited for while its log grows', async () => {
  const { end } = await waitedFor(startServer, (minute) => {
    const log = '[Note] InnoDB: Applying a batch\n'.repeat(minute);
    return `activating\n0\n846 mysqld\n${minute < 180 ? 'not' : 'ready'}\nsuccess 0 0\n0\n${log.length}\n${log}`;
  });
  expect(end).toEqual({ ok: true });
});

test('a stop that writes the pages of a large buffer pool for an hour is waited for, though its log says nothing of that', async () => {
  const { end } = await waitedFor(stopServer, (minute) =>
    minute < 60
      ? 'deactivating\n0\n846 mysqld\nnot\nsuccess 0 0\n0\n0\n'
      : 'inactive\n0\nnone\nnot\nsuccess 0 0\n0\n0\n',
  );
  expect(end).toEqual({ ok: true });
});

test('a start that shows no sign of work for two hours is given up', async () => {
  const { end, minutes } = await waitedFor(startServer, () => 'activating\n0\n846 mysqld\nnot\nsuccess 0 0\n0\n0\n');
  expect(end).toMatchObject({
    ok: false,
    message: 'the server of db2 takes no connections, and nothing has changed for 2 h: starting, process 846 mysqld',
  });
  expect(minutes).toBe(121);
});

test('a start whose server says every ten minutes that its disk is full is given up after six hours', async () => {
  const { end, minutes } = await waitedFor(startServer, (minute) => {
    const log = "Disk is full writing './binlog.000042'; waiting for someone to free space\n".repeat(minute / 10);
    return `activating\n0\n846 mysqld\n${minute < 1000 ? 'not' : 'ready'}\nsuccess 0 0\n0\n${log.length}\n${log}`;
  });
  expect(end).toMatchObject({
    ok: false,
    message: 'the server of db2 takes no connections after 6 h: starting, process 846 mysqld',
    advice: 'reseed log db2',
  });
  expect(minutes).toBe(360);
});

test('and a stop whose server goes on to write lines', async () => {
  const { end } = await waitedFor(stopServer, (minute) => {
    const log = '[Warning] Aborted connection\n'.repeat(minute);
    return `${minute < 1000 ? 'deactivating\n0\n846 mysqld' : 'inactive\n0\nnone'}\nnot\nsuccess 0 0\n0\n${log.length}\n${log}`;
  });
  expect(end).toMatchObject({ message: 'the server of db2 has not ended after 6 h: stopping, process 846 mysqld' });
});

test('a server that a command of the inventory has begun to start or to stop is waited for as any; one that it left as it was is not', async () => {
  const after = (verb: 'start' | 'stop', tellAt: (minute: number) => string) =>
    waitedFor(awaitServer, tellAt, { verb });
  const working = 'active\n0\n846 mysqld\nnot\nsuccess 0 0\n0\n0\n';
  const none = 'inactive\n0\nnone\nnot\nsuccess 0 0\n0\n0\n';
  const up = working.replace('not', 'ready');
  expect((await after('start', (minute) => (minute < 60 ? working : up))).end).toEqual({ ok: true });
  expect((await after('stop', (minute) => (minute < 60 ? working : none))).end).toEqual({ ok: true });
  expect((await after('start', () => none)).minutes).toBeLessThan(10);
  expect((await after('stop', () => up)).minutes).toBeLessThan(10);
});
