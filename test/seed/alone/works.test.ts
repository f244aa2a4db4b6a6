// The steps of a server that replicates from no host, on servers that answer as those of the practice fleet did.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json, PlannedStep } from '../../../src/job/plan/plan.ts';
import type { RemoteFailure } from '../../../src/remote/failure.ts';
import { awaitPrimary } from '../../../src/seed/alone/await-primary.ts';
import { detach } from '../../../src/seed/alone/detach.ts';
import type { AlonePlan } from '../../../src/seed/alone/plan.ts';
import { proveAlone } from '../../../src/seed/alone/prove-alone.ts';
import { proveReach } from '../../../src/seed/alone/prove-reach.ts';
import { readData } from '../../../src/seed/alone/read-data.ts';
import { restartAlone } from '../../../src/seed/alone/restart.ts';
import { seedKinds } from '../../../src/seed/steps.ts';
import { exited, printed, stepTools } from '../../job/step-tools.ts';
import { plan as attachPlan, hostNamed } from '../replica/attaching.ts';

const told = (name: string) => readFileSync(join(import.meta.dirname, `../../fixtures/${name}.txt`), 'utf8');
const replica = told('mysql-9.7/standing-replica');
const source = told('mysql-9.7/standing-source');
const variable = (text: string, name: string) => new RegExp(`^${name}\t(.*)$`, 'm').exec(text)?.[1] ?? '';
const withValues = (text: string, values: Readonly<Record<string, string>>) =>
  Object.entries(values).reduce(
    (all, [name, value]) => all.replace(new RegExp(`^${name}\t.*$`, 'm'), `${name}\t${value}`),
    text,
  );
const unattached = source
  .replace(/^channels\n(?:.+\n){2}/m, 'channels\n')
  .replace(/^(server_uuid\t.*)$/m, '$1\nevent_scheduler\tOFF');
/** It has no channel, and was started by the job. */
const free = withValues(unattached, { read_only: 'ON', super_read_only: 'ON' });
const gtid = variable(source, 'gtid_executed');

const plan: AlonePlan = {
  ...attachPlan,
  eventsBySql: true,
  eventsOff: true,
  writable: false,
  runsEvents: false,
  next: { read_only: 'ON', super_read_only: 'ON', event_scheduler: 'OFF' },
  members: [],
};

async function carriedOut(
  step: PlannedStep,
  answers: Readonly<Record<string, string | readonly string[] | RemoteFailure>>,
  results: Readonly<Record<string, Json>> = {},
) {
  const ran: string[] = [];
  const sent: string[] = [];
  const { tools, notes } = stepTools({
    commands: step.commands,
    input: step.input,
    results,
    answer: (key, options) => {
      const times = ran.filter((one) => one === key).length;
      ran.push(key);
      if (options?.stdin !== undefined) sent.push(options.stdin);
      const answer = answers[key] ?? '';
      if (Array.isArray(answer)) return printed(answer[Math.min(times, answer.length - 1)] ?? '');
      return typeof answer === 'string' ? printed(answer) : (answer as RemoteFailure);
    },
  });
  const kind = seedKinds.find((one) => one.kind === step.work);
  const end = await kind?.run({ ...tools, step });
  return { end, ran, sent, notes };
}

const up = 'active\n0\n846 mysqld\nready\nsuccess 0 0\n0\n0\n';
const down = 'inactive\n0\nnone\nnot\nsuccess 0 0\n0\n0\n';

describe('a server that is freed from the replication of its donor', () => {
  const results = { 'read-own-gtids db2': { gtid } };

  test('tells its GTIDs before its reset, and gets them again by standard input', async () => {
    expect((await carriedOut(readData.plan(plan), { look: free })).end).toEqual({ ok: true, result: { gtid } });
    const done = await carriedOut({ ...detach.plan(plan), host: 'db2' }, { look: free, stands: free }, results);
    expect(done.end).toMatchObject({ ok: true, result: { gtid, logPosition: 4 } });
    expect(done.ran).toEqual(['look', 'detach', 'stands']);
    expect(done.sent).toEqual([`gtid ${gtid}\n`]);
    expect(done.notes).toEqual([`it has no channel, and its transactions go on after gtid ${gtid}`]);
  });

  test('goes on after the own writes of a MariaDB whose binary logs it does not read', async () => {
    const mariadb = { ...plan, vendor: 'mariadb', version: '10.11.19' } as const;
    const look = withValues(told('mariadb-10.11/standing-source'), { gtid_binlog_pos: '', gtid_slave_pos: '0-13-50' });
    const stands = { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: '0-14-113', source: null };
    const done = await carriedOut(readData.plan(mariadb), { look }, { 'take-snapshot': stands });
    expect(done.end).toEqual({ ok: true, result: { gtid: '0-14-113' } });
  });

  test('has the GTIDs of the copy too, of which a MySQL before 8.0.17 has some in its log alone', async () => {
    const old = { ...plan, version: '8.0.16' };
    const uuid = gtid.slice(0, gtid.indexOf(':'));
    const stands = { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: `${uuid}:1-20`, source: null };
    const look = withValues(free, { gtid_executed: `${uuid}:1-12` });
    const done = await carriedOut(readData.plan(old), { look }, { 'take-snapshot': stands });
    expect(done.end).toEqual({ ok: true, result: { gtid: `${uuid}:1-20` } });
  });

  test('is reset without GTIDs where its data has none', async () => {
    const plain = withValues(free, { gtid_mode: 'OFF', gtid_executed: '' });
    expect((await carriedOut(readData.plan(plan), { look: plain })).end).toEqual({ ok: true, result: { gtid: '' } });
    const done = await carriedOut(detach.plan(plan), { look: plain, stands: plain });
    expect(done.ran).toEqual(['look', 'detachWithoutGtid', 'stands']);
  });

  test('is not touched where it takes writes already: this job did not start it', async () => {
    const done = await carriedOut(detach.plan(plan), { look: withValues(free, { read_only: 'OFF' }) });
    expect(done.end).toMatchObject({ ok: false, message: expect.stringContaining('takes writes') });
    expect(done.ran).toEqual(['look']);
  });

  test('is not touched where it has the uuid of its donor', async () => {
    const twin = { ...plan, donorUuid: variable(source, 'server_uuid') };
    const done = await carriedOut(detach.plan(twin), { look: free });
    expect(done.end).toMatchObject({ ok: false, message: expect.stringContaining('has the uuid of its donor') });
  });

  test('fails where a channel is left', async () => {
    const done = await carriedOut(detach.plan(plan), { look: free, stands: replica });
    expect(done.end).toMatchObject({ ok: false, message: expect.stringContaining('still has channels') });
  });
});

describe('its restart', () => {
  test('is a stop to the last process, and then an ordinary start', async () => {
    const done = await carriedOut(restartAlone.plan(plan), { look: [down, up] });
    expect(done.end).toEqual({ ok: true });
    expect(done.ran).toEqual(['stop', 'look', 'start', 'look']);
    expect(restartAlone.plan(plan).commands.start?.args[0]).toBe('again');
  });

  test('stops it once more where the machine was restarted meanwhile, and started it', async () => {
    const done = await carriedOut(restartAlone.plan(plan), { look: [up, down, up] });
    expect(done.end).toEqual({ ok: true });
    expect(done.ran).toEqual(['stop', 'look', 'stop', 'look', 'start', 'look']);
  });

  test('does not start it while the stop has failed', async () => {
    const done = await carriedOut(restartAlone.plan(plan), { stop: exited(1, 'no such unit') });
    expect(done.end).toMatchObject({ ok: false });
    expect(done.ran).toEqual(['stop']);
  });
});

describe('a server after its ordinary restart', () => {
  test('is proved to replicate from no host and to be read-only', async () => {
    const done = await carriedOut(proveAlone.plan(plan), { look: free });
    expect(done.end).toEqual({ ok: true, result: { writable: false } });
    expect(done.notes.at(-1)).toContain('was restarted, replicates from no host, is read-only, server_id 12');
  });

  test('fails where a channel began again, or it takes writes that were not asked for', async () => {
    const again = await carriedOut(proveAlone.plan(plan), { look: replica });
    expect(again.end).toMatchObject({ ok: false, message: expect.stringContaining('it has a channel to 10.77.0.1') });
    const written = await carriedOut(proveAlone.plan(plan), { look: withValues(free, { read_only: 'OFF' }) });
    expect(written.end).toMatchObject({
      ok: false,
      message: expect.stringContaining('read_only is not ON, as asked for'),
    });
  });

  test('is set right where its option files have it otherwise, and the job says until when that holds', async () => {
    const mariadb = { ...plan, vendor: 'mariadb', version: '10.11.19', writable: true, eventsOff: false } as const;
    const shut = told('mariadb-10.11/standing-source').replace(/^read_only\t.*$/m, 'read_only\tON');
    const open = shut.replace(/^read_only\t.*$/m, 'read_only\tOFF');
    const done = await carriedOut(proveAlone.plan(mariadb), { look: [shut, open] });
    expect(done.ran).toEqual(['look', 'set', 'look', 'log']);
    expect(done.end).toEqual({
      ok: true,
      result: {
        writable: true,
        later: 'read_only = OFF on db3 holds until its next restart: its option files have it otherwise',
      },
    });
  });
});

describe('a replica of a set', () => {
  const step = awaitPrimary.plan({
    ...attachPlan,
    source: { ...attachPlan.source, known: hostNamed('db6'), isTarget: true },
  });

  test('keeps its data where its primary has not become one', async () => {
    expect((await carriedOut(step, {})).end).toMatchObject({
      ok: false,
      message: 'the primary of the set has not become one: db3 keeps its data',
    });
    const proved = {
      'detach-server': { gtid, logFile: 'binlog.000001', logPosition: 4 },
      'prove-alone': { writable: true },
    };
    expect((await carriedOut(step, {}, proved)).end).toEqual({ ok: true });
  });
});

describe('a member of a set, before anything is changed', () => {
  const member = { ...attachPlan, source: { ...attachPlan.source, known: hostNamed('db6'), isTarget: true } } as const;
  const end = async (isUp: boolean, answer: string | RemoteFailure) =>
    (await carriedOut(proveReach.plan({ member, isUp }), { reach: answer })).end;

  test('has to reach the port of its primary: the job ended only once the old data of the primary was gone', async () => {
    const error = "ERROR 2002 (HY000): Can't connect to server on '10.77.0.16' (110)";
    expect(await end(true, exited(3, error))).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^db3 can't reach db6 .*, which would be its source: ERROR 2002 .* \(110\)$/),
      advice: expect.stringContaining('let db3 through to that port (firewall, route, bind_address of db6)'),
    });
    expect(await end(true, 'closed\n')).toMatchObject({ ok: false });
    expect(await end(true, 'reached\n')).toEqual({ ok: true });
  });

  test('goes on where no server of the primary runs that could answer', async () => {
    expect(await end(false, 'closed\n')).toEqual({ ok: true });
  });
});
