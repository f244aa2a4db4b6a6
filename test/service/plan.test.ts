// Plans that start and stop servers, from what hosts of the practice fleet said.
import { describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import type { Host } from '../../src/inventory/settings.ts';
import { awaitRestart } from '../../src/service/await-restart.ts';
import { awaitServer } from '../../src/service/await-server.ts';
import { impactOfStop } from '../../src/service/impact.ts';
import { readLook } from '../../src/service/look.ts';
import { planService, type ServiceVerb } from '../../src/service/plan.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { practiceInventory, recorded } from '../live/pictures.ts';

const who = { account: 'ops', jumpHost: 'jump1' };
function planned(verb: ServiceVerb, name: string, more: Partial<Host> = {}, changed: Partial<HostReport> = {}) {
  const known = practiceInventory().hosts.find((one) => one.name === name);
  const host = known && { ...known, ...more };
  const report = recorded('up').reports.get(name);
  if (!host || !report) throw new Error(`nothing recorded of ${name}`);
  return planService({ verb, host, report: { ...report, ...changed }, job: 'cafe', who });
}

describe('a server', () => {
  test('is stopped by the unit that was found, and waited for in its own datadir', () => {
    const plan = planned('stop', 'db3');
    if (!plan.ok) throw new Error(plan.message);
    expect(plan.plan.steps.map(({ name }) => name)).toEqual(['lock db3', 'stop db3']);
    expect(plan.plan.steps[1]?.commands.act?.args).toEqual(['stop', 'unit=mysql']);
    expect(plan.plan.steps[1]?.commands.look?.args.slice(0, 3)).toEqual([
      'look',
      'unit=mysql',
      'datadir=/srv/mysql/data/',
    ]);
  });

  test('that no unit runs is stopped as it was started: the wait for its end was in vain, and systemd had stopped another program', () => {
    const { service } = recorded('up').reports.get('db3') ?? {};
    if (!service?.ok) throw new Error('nothing is recorded of db3');
    const byHand: HostReport = { service: { ok: true, value: { ...service.value, state: 'inactive', pid: 812 } } };
    for (const verb of ['stop', 'restart'] as const) {
      expect(planned(verb, 'db3', {}, byHand)).toMatchObject({
        ok: false,
        message:
          'the server of db3 (process 812) is not run by mysql.service, which is inactive: systemd would not stop it',
      });
    }
    expect(planned('stop', 'db3', { commands: { stop: { run: '/opt/stop' } } }, byHand)).toMatchObject({ ok: true });
  });

  test('is restarted in one job', () => {
    const plan = planned('restart', 'db5');
    expect(plan.ok && plan.plan.steps.map(({ name }) => name)).toEqual(['lock db5', 'stop db5', 'start db5']);
  });

  test('that is already as it is wanted is left alone', () => {
    expect(planned('start', 'db1')).toMatchObject({ ok: false, message: 'the server of db1 runs already' });
    expect(planned('stop', 'db6')).toMatchObject({ ok: false, message: 'the server of db6 is down already' });
  });

  test('that a command restarts is proved by another process: a command that did nothing ends with 0 as well', async () => {
    const plan = planned('restart', 'db3', { commands: { restart: { run: '/opt/restart' } } });
    if (!plan.ok) throw new Error(plan.message);
    const kinds = plan.plan.steps.map(({ work }) => work);
    expect(kinds.slice(1)).toEqual(['note-process', 'start-command', 'await-command', 'end-command', 'await-restart']);
    const boot = '0f5b3c1e-9a6e-4b0e-8d4f-1c2d3e4f5a6b';
    const looks = [`846 1200 ${boot}\n`, 'none\n', `846 9900 ${boot}\n`];
    const { tools } = stepTools({
      commands: plan.plan.steps.at(-1)?.commands ?? {},
      results: { 'note-process': { process: `846 1200 ${boot}` } },
      answer: (key) =>
        printed(key === 'which' ? (looks.shift() ?? '') : 'active\n0\n846 mysqld\nready\nsuccess 0 0\n0\n0\n'),
    });
    expect(await awaitRestart.run(tools)).toMatchObject({ ok: true });
    // The same pid, of a process that began later.
    expect(looks).toEqual([]);
  });

  test('that systemd is about to start again has not been stopped by a command', async () => {
    const plan = planned('stop', 'db3', { commands: { stop: { run: 'mysqladmin shutdown' } } });
    const step = plan.ok ? plan.plan.steps.at(-1) : undefined;
    const looks = ['activating\n0\nnone\nnot\nsuccess 0 0\n0\n0\n', 'inactive\n0\nnone\nnot\nsuccess 0 0\n0\n0\n'];
    const { tools } = stepTools({
      commands: step?.commands ?? {},
      input: { verb: 'stop' },
      answer: () => printed(looks.shift() ?? ''),
    });
    expect(await awaitServer.run(tools)).toMatchObject({ ok: true });
    expect(looks).toEqual([]);
  });

  test('whose datadir is not known is not stopped by a command: whether it has ended could not be told', () => {
    const unknown = { ok: false, why: 'no answer' } as const;
    const plan = planned(
      'stop',
      'db3',
      { commands: { stop: { run: 'true' } } },
      { server: unknown, disk: unknown, config: unknown },
    );
    expect(plan).toMatchObject({
      ok: false,
      message: expect.stringContaining('where the datadir of db3 is, is not known'),
    });
  });

  test('is stopped and started by the commands of the inventory, where it has them, and waited for', () => {
    const steps = (verb: ServiceVerb, commands: Host['commands']) => {
      const plan = planned(verb, verb === 'start' ? 'db6' : 'db3', { commands });
      if (!plan.ok) throw new Error(plan.message);
      return plan.plan.steps.slice(1);
    };
    const kinds = (...args: Parameters<typeof steps>) => steps(...args).map(({ work }) => work);
    const [start, stop] = [{ run: ['/opt/start', '{service}'] as const }, { run: '/opt/stop' }];
    expect(kinds('stop', { stop })).toEqual(['start-command', 'await-command', 'end-command', 'await-server']);
    expect(steps('stop', { stop })[0]?.commands.start?.args).toContain('role=custom-stop');
    expect(steps('start', { start })[0]?.commands.start?.program?.args.slice(2)).toEqual([
      'look=owned program /opt/start',
      'argument=/opt/start',
      'argument=mysql',
      'sum=',
    ]);
    expect(kinds('restart', { stop })).toEqual([
      'start-command',
      'await-command',
      'end-command',
      'await-server',
      'start-server',
    ]);
    expect(steps('restart', { stop, start }).map(({ name }) => name)).toEqual([
      'start the command stop',
      'wait for the command stop',
      'end what is left of the command stop',
      'wait for the stop of db3',
      'start the command start',
      'wait for the command start',
      'end what is left of the command start',
      'wait for the start of db3',
    ]);
  });

  test('of a primary is missed by its replicas and by those who write; of a replica by nobody', () => {
    const reportOf = (name: string) => recorded('up').reports.get(name) ?? {};
    expect(impactOfStop('db1', reportOf('db1'))).toEqual([
      expect.stringMatching(/^replicas lose their source: /),
      'db1 takes writes: it replicates from no host and is not read-only',
    ]);
    const named = impactOfStop('db1', reportOf('db1'), ({ host }) => `host-at-${host}`);
    expect(named[0]).toMatch(/^replicas lose their source: host-at-\S+ \(\S+\), host-at-\S+ \(/);
    expect(impactOfStop('db2', reportOf('db2'))).toEqual([]);
    expect(impactOfStop('db2', {})).toEqual(['replicas of db2: unknown (it has not answered yet)']);
  });

  test.each([
    ['by hand', 'by hand since its start'],
    ['by its start', 'by the command line of its start'],
  ] as const)(
    'whose event scheduler is off %s, and on again after a restart: the plan says so, and has the name typed',
    (schedulerOff, words) => {
      const report = recorded('up').reports.get('db2') ?? {};
      if (!report.server?.ok) throw new Error('nothing recorded');
      const impact = impactOfStop('db2', {
        ...report,
        server: { ok: true, value: { ...report.server.value, schedulerOff } },
      });
      expect(impact).toEqual([expect.stringContaining(`the event scheduler of db2 was switched off ${words}`)]);
    },
  );

  test("restart db5 lost its applier's temporary tables, and rows of a base table of that name were changed: the plan says so before", () => {
    const report = recorded('up').reports.get('db5') ?? {};
    const { server } = report;
    if (!server?.ok) throw new Error('nothing recorded');
    const with_ = (count?: number) => {
      const { applierTempTables: _, ...value } = server.value;
      const open = count === undefined ? {} : { applierTempTables: { count, counter: 'Slave_open_temp_tables' } };
      return impactOfStop('db5', { ...report, server: { ok: true, value: { ...value, ...open } } });
    };
    expect(with_(0)).toEqual([]);
    expect(with_(1)).toEqual([
      'the applier of db5 has 1 open temporary table (Slave_open_temp_tables is 1): a stop drops them, and later statements of its source that use them fail or change another table',
    ]);
    expect(with_()).toEqual(['open temporary tables of the applier of db5: unknown (a stop drops them)']);
  });
});

describe('a look at a server', () => {
  test('tells its unit, its process, whether it takes connections, and the new lines of its log, clean', () => {
    expect(readLook('active\n0\n846 mysqld\nready\nsuccess 0 0\n0\n120\none\n\u001b[31mtwo\u001b[0m\n')).toEqual({
      state: 'active',
      restarts: 0,
      process: '846 mysqld',
      ready: true,
      journalLines: [],
      logBytes: 120,
      logLines: ['one', 'two'],
    });
    expect(readLook('inactive\n2\nnone\nnot\nexit-code 1 3\n2\nNo space\nleft\n0\n')).toEqual({
      state: 'inactive',
      restarts: 2,
      ready: false,
      result: 'exit-code, exited with 3',
      journalLines: ['No space', 'left'],
      logBytes: 0,
      logLines: [],
    });
    expect(readLook('Unit mysql.service could not be found.')).toBeUndefined();
    const failed =
      "2026-11-27 9:10:11 0 [ERROR] Slave SQL: Error 'x' on query. Default database: ''. Query: 'CREATE USER a IDENTIFIED";
    const { logLines, journalLines } =
      readLook(`active\n0\n846 mysqld\nready\nsuccess 0 0\n1\n${failed} BY 'hunter2'\n120\n${failed} BY 'hunter2'\n`) ??
      {};
    expect({ logLines, journalLines }).toEqual({ logLines: [`${failed} ...`], journalLines: [`${failed} ...`] });
  });
});
