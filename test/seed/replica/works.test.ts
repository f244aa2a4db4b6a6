// The steps of an attachment, on servers that answer as those of the practice fleet did.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Json, PlannedStep } from '../../../src/job/plan/plan.ts';
import type { StepTools } from '../../../src/job/plan/step-work.ts';
import type { RemoteFailure } from '../../../src/remote/failure.ts';
import { attachSteps } from '../../../src/seed/replica/steps.ts';
import { seedKinds } from '../../../src/seed/steps.ts';
import { dropOld } from '../../../src/seed/target/drop-old.ts';
import { exited, lineLost, printed, stepTools } from '../../job/step-tools.ts';
import { hostNamed, plan } from './attaching.ts';

const told = (name: string) => readFileSync(join(import.meta.dirname, `../../fixtures/${name}.txt`), 'utf8');
const replica = told('mysql-9.7/standing-replica');
const source = told('mysql-9.7/standing-source');
/** Its state after its start: it has its donor's source, and does not replicate. */
const fresh = replica
  .replaceAll('\tYes\tYes\t', '\tNo\tNo\t')
  .replace('Waiting for source to send event\t10.77.0.12', '\t10.77.0.11');

const gtid = '07de3713-e6c4-11f1-b17e-525400770011:1-72634';
const password = 's3cr3t';
const account = `7265706C\n${Buffer.from(password).toString('hex')}\n`;

type Answer = string | RemoteFailure;

/** Of several answers to one command the last stays. */
async function carriedOut(
  step: PlannedStep,
  answers: Readonly<Record<string, Answer | readonly Answer[]>>,
  results: Readonly<Record<string, Json>> = {},
  more: Partial<StepTools> = {},
) {
  const ran: string[] = [];
  const sent: string[] = [];
  const { tools, notes, progress } = stepTools({
    commands: step.commands,
    input: step.input,
    results: {
      'take-snapshot': { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid, source: null },
      ...results,
    },
    answer: (key, options) => {
      ran.push(key);
      if (options?.stdin !== undefined) sent.push(options.stdin);
      const given = [answers[key] ?? ''].flat();
      const answer = given[ran.filter((one) => one === key).length - 1] ?? given.at(-1) ?? '';
      return typeof answer === 'string' ? printed(answer) : answer;
    },
  });
  const kind = seedKinds.find((one) => one.kind === step.work);
  const end = await kind?.run({ ...tools, ...more, step });
  return { end, ran, sent, notes, progress };
}

describe('the plan of an attachment', () => {
  test('holds no secret, and nothing that is only known when it runs', () => {
    const words = JSON.stringify(attachSteps(plan));
    expect(words).toContain('SOURCE_PASSWORD = {password}');
    expect(words).not.toContain(gtid);
  });

  test('names what it leaves on the host while it lasts', () => {
    expect(attachSteps(plan).holdBack.acquires).toEqual({
      what: 'the start options of mysql on db3 (/etc/systemd/system/mysql.service.d/zzzz-reseed-cafe-start.conf)',
      release: 'release',
      whenDone: 'release',
      isOwed: false,
    });
  });
});

describe('attach', () => {
  const { attach } = attachSteps(plan);

  test('tells a server whom to follow from where, by standard input, and says all of it but the password', async () => {
    const done = await carriedOut(attach, { look: fresh, source, account });
    expect(done.end).toEqual({ ok: true, result: { source: 'db2 (10.77.0.12:3306)', gtid } });
    expect(done.ran).toEqual(['look', 'source', 'openMemory', 'account', 'change', 'persisted', 'begin', 'hold']);
    expect(done.sent).toEqual([`host 10.77.0.12\nport 3306\nuser repl\npassword ${password}\ngtid ${gtid}\n`]);
    expect(done.notes).toEqual([`from gtid ${gtid}, as repl`]);
  });

  test('by file, of a donor that gives GTIDs to a part of its transactions, tells the GTIDs of the data too', async () => {
    const [position, keepsGtids] = ['file', true] as const;
    const byFile = attachSteps({ ...plan, position, keepsGtids }).attach;
    expect(JSON.stringify(byFile.commands.change)).toContain('SET GLOBAL gtid_purged = {gtid}');
    const done = await carriedOut(byFile, { look: fresh, source, account });
    const place = 'file binlog.000001\nposition 9\n';
    const login = `host 10.77.0.12\nport 3306\nuser repl\npassword ${password}\n`;
    expect(done.sent).toEqual([`${login}gtid ${gtid}\n${place}`]);
    // Its method told none: what the started server knows, without what it wrote itself.
    const own = /^server_uuid\t(.*)$/m.exec(fresh)?.[1] ?? '';
    const knows = fresh.replace(/^gtid_executed\t.*$/m, `gtid_executed\t${gtid},${own}:1-2`);
    const untold = { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: '', source: null };
    const asked = await carriedOut(byFile, { look: knows, source, account }, { 'take-snapshot': untold });
    expect(asked.sent).toEqual([`${login}gtid ${gtid}\n${place}`]);
  });

  test('opens MEMORY tables, which came empty, before the reset that takes away what the server logs of that', async () => {
    const openMemory = "answer\nopened\nTable\tChecksum\nodd.mem\t0\nodd.m'x\tNULL\n";
    const done = await carriedOut(attach, { look: fresh, source, account, openMemory });
    expect(done.ran.indexOf('openMemory')).toBeLessThan(done.ran.indexOf('change'));
    expect(done.notes).toContain('MEMORY tables opened before the binary log is reset: 1 of 2');
    expect(done.notes).toContain("! odd.m'x: not opened; when it is, db3 logs a transaction of its own");
    const refused = await carriedOut(attach, { look: fresh, source, account, openMemory: exited(1, 'ERROR 2013') });
    expect(refused.end).toMatchObject({ ok: false });
    expect(refused.ran).not.toContain('change');
  });

  test('that died after it opened MEMORY tables has not begun: its log is still to be reset', async () => {
    const copied = /^gtid_executed\t(.*)$/m.exec(replica)?.[1]?.replaceAll('\\n', '') ?? '';
    const own = /^server_uuid\t(.*)$/m.exec(replica)?.[1] ?? '';
    const follows = replica
      .replaceAll('\tYes\tYes\t', '\tNo\tNo\t')
      .replace(/^gtid_executed\t.*$/m, `gtid_executed\t${copied},${own}:1`);
    const done = await carriedOut(
      attach,
      { look: follows, source, account },
      {
        'take-snapshot': { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: copied, source: null },
      },
    );
    expect(done.ran).toContain('change');
  });

  test('leaves a replica that has begun already, and applies nothing twice', async () => {
    const done = await carriedOut(attach, { look: replica, source });
    expect(done.end).toMatchObject({ ok: true });
    expect(done.ran).toEqual(['look', 'source', 'persisted', 'begin', 'hold']);
    expect(done.notes).toEqual(['it follows db2 (10.77.0.12:3306) already']);
  });

  // mysql.gtid_executed has the GTIDs of the last rotation of the donor's log, and the donor's channel came with its
  // data.
  test('of a MySQL 8.0.16 that names its source already and lacks GTIDs of its data sets gtid_purged, and applies nothing twice', async () => {
    const copied = replica
      .replaceAll('\tYes\tYes\t', '\tNo\tNo\t')
      .replace(/^gtid_executed\t.*$/m, `gtid_executed\t${gtid.replace('72634', '72000')}`)
      .replace(/^version\t.*$/m, 'version\t8.0.16');
    const old = attachSteps({ ...plan, version: '8.0.16' }).attach;
    const done = await carriedOut(old, { look: copied, source, account });
    expect(done.end).toEqual({ ok: true, result: { source: 'db2 (10.77.0.12:3306)', gtid } });
    expect(done.ran).toContain('change');
  });

  test('is refused before anything is changed where the source has purged what is needed', async () => {
    const done = await carriedOut(attach, { look: fresh, source: told('mysql-9.7/standing-purged') });
    expect(done.end).toMatchObject({ ok: false, message: expect.stringContaining('has purged') });
    expect(done.ran).toEqual(['look', 'source']);
  });

  test("whose server lets nobody in says that its accounts are the donor's now", async () => {
    const refused = exited(1, "ERROR 1045 (28000): Access denied for user 'root'@'localhost'");
    expect((await carriedOut(attach, { look: refused })).end).toMatchObject({
      ok: false,
      message: expect.stringContaining('Access denied'),
      advice: expect.stringContaining('those of the donor now'),
    });
  });

  test('chooses the words for a MariaDB by whether it writes a binary log', async () => {
    const copied = told('mariadb-10.11/standing-copied');
    const ofDonor = {
      ...plan,
      vendor: 'mariadb',
      version: '10.11.19',
      source: { ...plan.source, tls: false },
    } as const;
    const { attach } = attachSteps(ofDonor);
    const coordinates = {
      'take-snapshot': { lockedMs: 7, logFile: '', logPosition: 0, gtid: '0-14-2983', source: null },
    };
    const answers = { source: told('mariadb-10.11/standing-source'), account };
    for (const [logBin, key] of [
      ['ON', 'change'],
      ['OFF', 'changeUnlogged'],
    ] as const) {
      const look = copied.replace(/^log_bin\t.*$/m, `log_bin\t${logBin}`).replace(/^read_only\t.*$/m, 'read_only\tON');
      const done = await carriedOut(attach, { ...answers, look }, coordinates);
      expect(done.end).toMatchObject({ ok: true });
      expect(done.ran).toContain(key);
    }
  });

  test('is refused to a server whose event scheduler was switched on since its start, and says else that it is off', async () => {
    const { attach } = attachSteps({ ...plan, eventsOff: true });
    const scheduler = (state: string) => fresh.replace(/^hostname\t/m, `event_scheduler\t${state}\nhostname\t`);
    const on = await carriedOut(attach, { look: scheduler('ON'), source, account });
    expect(on.end).toMatchObject({ ok: false, message: expect.stringContaining('the event scheduler of db3 is on') });
    expect(on.ran).toEqual(['look']);
    const off = await carriedOut(attach, { look: scheduler('DISABLED'), source, account });
    expect(off.end).toMatchObject({ ok: true });
    expect(off.notes.at(-1)).toMatch(/^! its event scheduler is off until its next restart/);
    // Who disabled them as ALTER EVENT does would write a transaction of the replica's own into its log.
    expect(off.notes.at(-1)).toContain('with super_read_only off: SET sql_log_bin = 0; and ALTER DEFINER = ...');
    expect(attach.commands.look?.args.join(' ')).toContain("'event_scheduler'");
  });

  test('is refused to a server with the uuid of its donor', async () => {
    const uuid = /^server_uuid\t(.*)$/m.exec(fresh)?.[1] ?? '';
    const done = await carriedOut(attachSteps({ ...plan, donorUuid: uuid }).attach, { look: fresh, source, account });
    expect(done.end).toMatchObject({ message: 'the server of db3 has the uuid of its donor: its auto.cnf was copied' });
  });
});

const lookOf = (log: string) => `active\n0\n7 mysqld\nready\nsuccess 0 0\n0\n${log.length}\n${log}`;

describe('the proof of copied data', () => {
  const { proveFiles, proveData } = attachSteps(plan);
  const own = /^gtid_executed\t(.*)$/m.exec(replica)?.[1]?.replaceAll('\\n', '') ?? '';
  const atSnapshot = (gtid: string, lsn: string) => ({
    'take-snapshot': { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid, lsn, source: null },
  });
  const look = `${replica}answer\ninnodb\nType\tName\tStatus\nInnoDB\t\tLog sequence number 500\\n\n`;

  test('ends the seed before the first start where the server would read an old redo log', async () => {
    const files = 'trouble the new data has its redo log in /data (#innodb_redo), and the server reads /redo\n';
    expect((await carriedOut(proveFiles, { files })).end).toMatchObject({
      ok: false,
      message:
        'the server of db3 was not started: the new data has its redo log in /data (#innodb_redo), and the server reads /redo',
    });
    expect((await carriedOut(proveFiles, { files: 'asked no unknown option\n' })).notes[0]).toMatch(
      /not known yet: unknown option$/,
    );
  });

  test('allows a server that has what the snapshot had to become a replica', async () => {
    const log = lookOf('/usr/sbin/mysqld: ready for connections.');
    const done = await carriedOut(proveData, { look, log }, atSnapshot(own, '400'));
    expect(done).toMatchObject({ end: { ok: true }, ran: ['look', 'read', 'log', 'proved'] });
    expect(done.sent[0]).toMatch(/^version 9\.7\.4/m);
    expect(done.notes).toContain('gtid_executed is that of the snapshot');
  });

  test('ends the seed before anything is reset where its GTIDs, its redo log or its error log say otherwise', async () => {
    const log = lookOf('2026-11-26T17:40:00Z 0 [ERROR] [MY-1] [InnoDB] Page log sequence number 9 is in the future!');
    const read = 'trouble the new data has its undo tablespaces in /data (undo_001), and the server reads /undo\n';
    const done = await carriedOut(proveData, { look, log, read }, atSnapshot(`${own}00`, '600'));
    const message = done.end?.ok === false ? done.end.message : '';
    for (const word of ['db3 does not have', 'undo tablespaces', 'it lacks', 'reached 600', 'in the future']) {
      expect(message).toContain(word);
    }
  });

  test('ends the seed where the server has not the keys of an encrypted table, though it started', async () => {
    const { proveData: encrypted } = attachSteps({ ...plan, mayBeEncrypted: true });
    const log = lookOf('/usr/sbin/mariadbd: ready for connections.');
    const at = atSnapshot(own, '400');
    const unread = 'trouble enc.a can not be read: Table `enc`.`a` is corrupted.\nopened 32\n';
    expect((await carriedOut(encrypted, { look, log, open: unread }, at)).end).toEqual({
      ok: false,
      message: 'db3 does not have what the snapshot had: enc.a can not be read: Table `enc`.`a` is corrupted.',
      advice:
        'its old data is put back; look whether the donor can read these tables: one that it can not read either is to be mended or dropped there. Where they are encrypted, copy the keys of the donor first',
    });
    const read = await carriedOut(encrypted, { look, log, open: 'opened 32\n' }, at);
    expect(read).toMatchObject({ end: { ok: true }, ran: ['look', 'read', 'log', 'open', 'proved'] });
    const open = 'unproved the account that reseed logs in with has no SELECT on *.*\n';
    const refused = await carriedOut(encrypted, { look, log, open }, at);
    expect(refused.end).toMatchObject({
      ok: false,
      message:
        'whether db3 can read all of its tables is not proved: the account that reseed logs in with has no SELECT on *.*',
    });
    const { proveData: told } = attachSteps({ ...plan, mayBeEncrypted: true, mayBeUnproved: true });
    const unproved = await carriedOut(told, { look, log, open }, at);
    expect(unproved.notes.at(-1)).toBe(
      '! whether db3 can read all of its tables is not proved: the account that reseed logs in with has no SELECT on *.*',
    );
    expect(read.notes.at(-1)).toBe('a row of each table could be read, with the keys of db3: 32 tables and partitions');
  });

  test('reads what a server without a log of its own says to the journal', async () => {
    const line = '2026-11-26 17:40:00 0 [ERROR] InnoDB: Page log sequence number 9 is in the future!';
    const log = `active\n0\n7 mariadbd\nready\nsuccess 0 0\n1\n${line}\n0\n`;
    const done = await carriedOut(proveData, { look, log }, atSnapshot(own, '400'));
    expect(done.end).toMatchObject({ ok: false, message: expect.stringContaining('is in the future') });
  });
});

describe('a server that is down since its host lost its power', () => {
  const steps = attachSteps(plan);
  const down = exited(
    1,
    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/run/mysqld.sock' (2)",
  );
  const starting = 'activating\n0\n846 mysqld\nnot\nsuccess 0 0\n0\n0\n';
  const up = 'active\n0\n846 mysqld\nready\nsuccess 0 0\n0\n0\n';
  const none = 'inactive\n0\nnone\nnot\nsuccess 0 0\n0\n0\n';
  const boot = '7b1ac991-f183-4cc5-9b8e-1c4d6e91dad6';
  const failed = 'failed\n0\nnone\nnot\nexit-code 1 1\n0\n0\n';

  test('is started again where it is to become a replica: its seed was given up, and its old data put back', async () => {
    const done = await carriedOut(steps.attach, {
      look: [down, fresh],
      woken: [none, starting, up],
      ended: `${boot} 0\n`,
      source,
      account,
    });
    expect(done.end).toMatchObject({ ok: true });
    expect(done.ran.slice(0, 7)).toEqual(['look', 'woken', 'ended', 'wake', 'woken', 'woken', 'look']);
    expect(done.notes[0]).toBe('the server of db3 does not run, as after a power cut: it is started again');
  });

  test('and one that systemd restarts after a crash is waited for: a start that was asked for beside it ended its seed', async () => {
    const waiting = 'activating\n0\nnone\nnot\nsignal 2 9\n0\n0\n';
    const restarted = 'activating\n1\n846 mysqld\nnot\nsuccess 0 0\n0\n0\n';
    const again = 'active\n1\n846 mysqld\nready\nsuccess 0 0\n0\n0\n';
    const done = await carriedOut(steps.attach, {
      look: [down, fresh],
      woken: [waiting, restarted, again],
      source,
      account,
    });
    expect(done.end).toMatchObject({ ok: true });
    expect(done.ran).not.toContain('wake');
  });

  test('is started again where its data is to be proved, and while it catches up', async () => {
    const proved = await carriedOut(steps.proveData, { look: [down, 'nothing'], woken: [none, up] });
    expect(proved.ran).toEqual(['look', 'woken', 'ended', 'wake', 'woken', 'look']);
    const known = source.replace(/1-\d+/g, (/1-\d+/.exec(replica) ?? [''])[0]);
    const caught = await carriedOut(steps.catchUp, { look: [down, replica], woken: [none, up], source: known });
    expect(caught.end).toMatchObject({ ok: true });
    const ran = caught.ran.filter((key) => key !== 'source');
    expect(ran.slice(0, 6)).toEqual(['look', 'woken', 'ended', 'wake', 'woken', 'look']);
  });

  test('and that a DBA or apt has stopped is waited for: it was started within a second, in the middle of the upgrade', async () => {
    const sameBoot = { 'seed-start db3': { boot } };
    for (const [ended, results] of [
      [`${boot} 0\n`, sameBoot],
      [`${boot.replace('7', '8')} 4711\n`, sameBoot],
    ] as const) {
      const answers = { look: [down, fresh], woken: [none, none, none, starting, up], ended, source, account };
      const done = await carriedOut(steps.attach, answers, results);
      expect(done.end).toMatchObject({ ok: true });
      expect(done.ran).not.toContain('wake');
      expect(done.notes[0]).toBe('! the server of db3 was stopped, and not by reseed: it is waited for, 1 h at most');
      expect(done.notes.filter((note) => note.includes('was stopped'))).toHaveLength(1);
    }
    const crashed = await carriedOut(
      steps.attach,
      { look: [down, fresh], woken: [failed, up], source, account },
      sameBoot,
    );
    expect(crashed.ran.slice(0, 4)).toEqual(['look', 'woken', 'wake', 'woken']);
  });

  test('and that another has stopped is to be started; one whose host does not answer may run: its operator was told to start it', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const pause = async (ms: number) => void (await vi.advanceTimersByTimeAsync(ms));
    const results = { 'seed-start db3': { boot } };
    const ended = async (woken: Answer) =>
      (await carriedOut(steps.attach, { look: down, woken, ended: `${boot} 0\n`, source, account }, results, { pause }))
        .end;
    expect(await ended(none)).toMatchObject({
      ok: false,
      message: 'the server of db3 was stopped, and not by reseed, and does not run after 1 h',
      advice: 'start it, and seed again',
    });
    expect(await ended(lineLost)).toMatchObject({
      ok: false,
      message: 'the server of db3 can not be asked after 10 min: the host does not answer',
      advice: 'reseed check db3 says why; its server may run: once the host answers, seed again',
    });
  });

  test('and that stopped for 14 min is waited for an hour since then: it was given up at the moment in which it was down, unannounced', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const pause = async (ms: number) => void (await vi.advanceTimersByTimeAsync(ms));
    const stopping = 'deactivating\n0\n846 mysqld\nnot\nsuccess 0 0\n0\n0\n';
    const woken = [...Array(2 * 60 * 14).fill(stopping), ...Array(60 * 50).fill(none), starting, up];
    const done = await carriedOut(
      steps.attach,
      { look: [down, fresh], woken, ended: `${boot} 0\n`, source, account },
      { 'seed-start db3': { boot } },
      { pause },
    );
    expect(done.end).toMatchObject({ ok: true });
    expect(done.notes[0]).toBe('! the server of db3 was stopped, and not by reseed: it is waited for, 1 h at most');
    expect(done.ran).not.toContain('wake');
  });

  test('and that recovers for 100 min without a word is waited for', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const pause = async (ms: number) => void (await vi.advanceTimersByTimeAsync(ms));
    const woken = [...Array(2 * 60 * 100).fill(starting), up];
    const known = source.replace(/1-\d+/g, (/1-\d+/.exec(replica) ?? [''])[0]);
    // Its first look after that is lost.
    const look = [down, lineLost, replica];
    const done = await carriedOut(steps.catchUp, { look, woken, source: known }, {}, { pause });
    expect(done.end).toMatchObject({ ok: true });
  });

  test('and whose boot the first start could not tell is started again', async () => {
    const { start } = steps;
    expect((await carriedOut(start, { look: up, ended: `${boot} 0\n` })).end).toEqual({ ok: true, result: { boot } });
    expect((await carriedOut(start, { look: up, ended: exited(1, 'no') })).end).toEqual({ ok: true });
  });

  test('and does not start any more ends the seed with the reason', async () => {
    for (const step of [steps.attach, steps.catchUp]) {
      expect((await carriedOut(step, { look: down, woken: failed, source })).end).toMatchObject({
        ok: false,
        message: expect.stringContaining('unit state: failed (exit-code'),
      });
    }
  });

  test('is started again before its old data is deleted, which stays where that fails', async () => {
    const { wake, woken, ended, look: run } = steps.attach.commands;
    const drop = {
      ...steps.attach,
      work: dropOld.kind,
      input: {},
      commands: { ...(wake && { wake }), ...(woken && { woken }), ...(ended && { ended }), ...(run && { run }) },
    };
    const { ran } = await carriedOut(drop, { woken: [none, none, starting, up] });
    expect(ran).toEqual(['woken', 'woken', 'ended', 'wake', 'woken', 'woken', 'run']);
    expect((await carriedOut(drop, { woken: up })).ran).toEqual(['woken', 'run']);
    expect(await carriedOut(drop, { woken: failed })).toMatchObject({
      end: { ok: false },
      ran: ['woken', 'woken', 'wake', 'woken'],
    });
  });

  test('is no more than looked at by a job of an older reseed', async () => {
    const { wake: _, woken: __, ended: ___, ...commands } = steps.attach.commands;
    const done = await carriedOut({ ...steps.attach, commands }, { look: down });
    expect(done).toMatchObject({ end: { ok: false }, ran: ['look'] });
  });
});

describe('the source', () => {
  const [check] = attachSteps(plan).checkSource;
  if (!check) throw new Error('no step checks the source');

  test('that has purged what is needed while the data was copied is noticed before the target is touched', async () => {
    const done = await carriedOut(check, { source: told('mysql-9.7/standing-purged') });
    expect(done.end).toMatchObject({ ok: false, message: expect.stringContaining('has purged') });
    expect((await carriedOut(check, { source })).end).toEqual({ ok: true });
  });

  test('that would send once more what the data has ends the lane before the target is touched, whatever the method told', async () => {
    const [again] = attachSteps({ ...plan, vendor: 'mariadb', version: '10.11.19', follow: 'source' }).checkSource;
    if (!again) throw new Error('no step checks the source');
    const has = told('mariadb-10.11/standing-source').replace(/^gtid_binlog_state\t.*$/m, '');
    const state = has.replace('Variable_name\tValue\n', 'Variable_name\tValue\ngtid_binlog_state\t11-11-4,12-12-9\n');
    const stands = { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: '11-11-4,12-12-1' };
    const of = async (gtid: string) => {
      const source = { channel: '', host: 'db1', port: 3306, logFile: '', logPosition: 0, gtid };
      const done = await carriedOut(again, { source: state }, { 'take-snapshot': { ...stands, source } });
      return done.end;
    };
    expect(await of('12-12-1')).toMatchObject({
      ok: false,
      message: expect.stringContaining('the data has 11-11-4, and db2 (10.77.0.12:3306) would send that once more'),
    });
    expect(await of('11-11-4,12-12-1')).toEqual({ ok: true });
  });

  test('that is to be asked from an unknown place ends the lane before the stop: it passed, and the attachment failed after the swap', async () => {
    const [untold] = attachSteps({ ...plan, coordinatesOf: 'read-coordinates' }).checkSource;
    if (!untold) throw new Error('no step checks the source');
    const unknown = await carriedOut(untold, { source });
    expect(unknown.end).toEqual({
      ok: false,
      message: 'from where db3 is to go on is not known',
      advice: 'its old data is untouched: take a new snapshot of a server that runs, and seed again',
    });
    expect(unknown.ran).toEqual([]);
    const empty = { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: '', source: null };
    const later = await carriedOut(check, { source }, { 'take-snapshot': empty });
    expect(later.end).toEqual({ ok: true });
    expect(later.notes).toEqual([
      'db3 goes on from the GTIDs that its new data tells of: db2 (10.77.0.12:3306) was not asked for them',
    ]);
  });

  test('that writes no binary log has told so, though it refused to list its logs', async () => {
    const silent = {
      ...exited(1, 'ERROR 1381'),
      stdout: source.replace(/^log_bin\t.*$/m, 'log_bin\tOFF'),
    } as RemoteFailure;
    expect((await carriedOut(check, { source: silent })).end).toMatchObject({
      message: 'db2 (10.77.0.12:3306) writes no binary log: no host can replicate from it',
    });
  });
});

describe('data that was copied while its server was down', () => {
  const here = attachSteps({ ...plan, position: 'here', coordinatesOf: 'take-snapshot' });
  const [stands] = here.stands;
  if (!stands) throw new Error('no step reads where it stands');

  test('reads its coordinates before the reset, and the replica continues from them', async () => {
    const read = await carriedOut(stands, { look: fresh });
    const own = /^gtid_executed\t(.*)$/m.exec(fresh)?.[1]?.replaceAll('\\n', '');
    expect(read.end).toEqual({ ok: true, result: { gtid: own } });
    expect(read.notes).toEqual([`it stands at gtid ${own}`]);
    const attached = await carriedOut(
      here.attach,
      { look: replica, source, account },
      {
        'read-own-position db3': { gtid },
      },
    );
    expect(attached.end).toMatchObject({ ok: true, result: { gtid } });
  });

  // The server_id of this MariaDB was changed: as on a copy, its gtid_current_pos leaves out its whole log.
  test('of a MariaDB has the end of its log as coordinates, though another server_id has written that', async () => {
    const copied = told('mariadb-10.11/standing-copied');
    expect(copied).toMatch(/^gtid_current_pos\t$/m);
    expect((await carriedOut(stands, { look: copied })).end).toEqual({ ok: true, result: { gtid: '0-14-2983' } });
  });

  test('of a MariaDB whose log was not copied has the end of that log as coordinates', async () => {
    const unlogged = told('mariadb-10.11/standing-copied')
      .replace(/^gtid_binlog_pos\t.*$/m, 'gtid_binlog_pos\t')
      .replace(/^gtid_slave_pos\t.*$/m, 'gtid_slave_pos\t0-13-90,1-13-4');
    const mariadb = { ...stands, input: { ...stands.input, vendor: 'mariadb', coordinatesOf: 'seed-hold' } };
    const { end } = await carriedOut(mariadb, { look: unlogged }, { 'seed-hold': { gtid: '0-14-2983' } });
    expect(end).toEqual({ ok: true, result: { gtid: '0-14-2983,1-13-4' } });
  });

  test('of a MariaDB that did not read the binary logs of its donor is not made a replica at an older position', async () => {
    const { stands } = attachSteps({
      ...plan,
      vendor: 'mariadb',
      position: 'here',
      coordinatesOf: 'seed-hold',
      donorLogs: 2,
    });
    const [step] = stands;
    if (!step) throw new Error('no step reads where it stands');
    expect(step.commands.look?.args.join(' ')).toContain('SHOW BINARY LOGS');
    const stale = told('mariadb-10.11/standing-copied')
      .replace(/^gtid_binlog_pos\t.*$/m, 'gtid_binlog_pos\t')
      .replace(/^gtid_slave_pos\t.*$/m, 'gtid_slave_pos\t0-13-90');
    const logs = (count: number) =>
      `${stale}answer\nlogs\nLog_name\tFile_size\n${Array.from({ length: count }, (_, at) => `binlog.00000${at + 1}\t330\n`).join('')}`;
    expect((await carriedOut(step, { look: logs(1) })).end).toMatchObject({
      ok: false,
      message:
        'the server of db3 did not read the binary logs of its donor: its gtid_binlog_pos is empty, and it lists 1 binary logs. Where the data ends is not known',
    });
    expect((await carriedOut(step, { look: stale })).end).toMatchObject({ ok: false });
    // The logs exist, and have no GTID: a replica that does not log what it replicates.
    expect((await carriedOut(step, { look: logs(3) })).end).toEqual({ ok: true, result: { gtid: '0-13-90' } });
  });

  test('that tells nothing is not made a replica: it would apply everything again', async () => {
    const silent = told('mariadb-10.11/standing-copied').replace(/^gtid_binlog_pos\t.*$/m, 'gtid_binlog_pos\t');
    expect((await carriedOut(stands, { look: silent })).end).toMatchObject({
      ok: false,
      message: 'the data on db3 tells no GTID: where it stands is not known',
    });
  });
});

describe('the account', () => {
  test('is proved from the target before anything is destroyed', async () => {
    const done = await carriedOut(attachSteps(plan).proveAccount, { account });
    expect(done.end).toEqual({ ok: true });
    expect(done.ran).toEqual(['account', 'try']);
    expect(done.sent).toEqual([`[client]\nuser = "repl"\npassword = "${password}"\n`]);
    expect(done.notes).toEqual(['repl can log in at db2 (10.77.0.12:3306) from db3, and may replicate']);
  });

  test('of the target itself is kept first, for it goes with the old data', async () => {
    const own = { ...plan, account: { replica: hostNamed('db3'), datadir: '/srv/mysql/data', kept: '/x/account' } };
    expect((await carriedOut(attachSteps(own).proveAccount, { account })).ran).toEqual(['keep', 'account', 'try']);
  });

  test('in a file is read from it, and nobody is asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reseed-account-'));
    onTestFinished(async () => await rm(folder, { recursive: true }));
    const file = join(folder, 'repl.cnf');
    const { proveAccount } = attachSteps({ ...plan, account: { file } });
    expect(Object.keys(proveAccount.commands)).toEqual(['try']);
    expect((await carriedOut(proveAccount, {})).end).toMatchObject({
      message: expect.stringContaining('does not exist'),
    });
    await writeFile(file, `[client]\nuser = repl\npassword = ${password}\n`, { mode: 0o600 });
    expect((await carriedOut(proveAccount, {})).end).toEqual({ ok: true });
  });
});

describe('catch up', () => {
  const { catchUp } = attachSteps(plan);

  test('ends when the replica is there, and says so', async () => {
    const known = source.replace(/1-\d+/g, (/1-\d+/.exec(replica) ?? [''])[0]);
    const done = await carriedOut(catchUp, { look: replica, source: known });
    expect(done.end).toMatchObject({ ok: true });
    expect(done.notes).toEqual([
      expect.stringMatching(/^db3 replicates from db2 \(10\.77\.0\.12:3306\), lag 0 s, after \d/),
    ]);
    expect(done.progress.at(-1)).toBe('lag 0 s');
  });

  test('lists no logs of the primary while it lasts, and asks it each fifth time: each second of all hours it opened all of its logs', async () => {
    const mariadb = { vendor: 'mariadb', version: '10.11.18' } as const;
    for (const of of [plan, { ...plan, ...mariadb }]) {
      expect(JSON.stringify(attachSteps(of).catchUp.commands)).not.toContain('SHOW BINARY LOGS');
    }
    const behind = source.replace(/1-\d+/g, '1-99999999');
    const known = source.replace(/1-\d+/g, (/1-\d+/.exec(replica) ?? [''])[0]);
    const done = await carriedOut(catchUp, { look: replica, source: [behind, behind, known] });
    expect(done.end).toMatchObject({ ok: true });
    // Three times, and once more at the end.
    expect(done.ran.filter((key) => key === 'source')).toHaveLength(4);
    expect(done.ran.filter((key) => key === 'look')).toHaveLength(13);
  });

  test('ends with the reason where the replica will never get there', async () => {
    const done = await carriedOut(catchUp, { look: told('mysql-9.7/standing-refused'), source });
    expect(done.end).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^db3: it gets nothing from its source: 1045/),
    });
  });
});
