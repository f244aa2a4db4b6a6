// A target's files outside of its datadir: set aside when new data comes, and put back byte for byte when the seed is
// undone.
import { execFile } from 'node:child_process';
import { rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { modifiedNs, pictureOf, type Staging, staging } from './staging.ts';

const run = promisify(execFile);
let here: Staging;
/**
 * A file system of its own for redo and binary logs, as large as their 2 MiB; beside the binary logs are files that are
 * none.
 */
let logs: string;
let before: readonly unknown[];
let words: string[];

const pictures = async () => [
  await pictureOf(here.datadir),
  await pictureOf(logs),
  await modifiedNs(here.datadir),
  await modifiedNs(join(logs, 'redo')),
  await modifiedNs(join(logs, 'log')),
];
const inLogs = async (folder: string) => (await run('ls', ['-A', join(logs, folder)])).stdout.trim().split('\n');
const done = expect.objectContaining({ exitCode: 0 });

beforeEach(async () => {
  here = await staging();
  logs = await here.otherDisk('logs', '2M');
  await here.asAccount(
    `mkdir -p "$1/redo/#innodb_redo" "$1/log" && echo 'old redo' >"$1/redo/#innodb_redo/#ib_redo7" && cd "$1/log" &&
      for name in binlog.000001 binlog.000002 binlog.index relay-bin.000003 relay-bin-ch2.000001 relay-bin-ch2.index error.log \\
        binlog.000001.gz.txt mybinlog.000001 ddl.log ddl-backup.log; do echo "old $name" >$name; done
      echo cert >"$2/ca.pem"; echo persisted >"$2/mysqld-auto.cnf"`,
    logs,
    here.datadir,
  );
  words = [`redo=${logs}/redo`, `binlog=${logs}/log/binlog`, `binlog-index=${logs}/log/binlog.index`];
  words.push(`relaylog=${logs}/log/relay-bin`, `relaylog=${logs}/log/relay-bin-ch2`);
  words.push(`relaylog-index=${logs}/log/relay-bin-ch2.index`, 'without=db1-bin', 'keep=ca.pem');
  // A MariaDB would end an interrupted DDL of the old data on the new.
  words.push(`ddl-recovery=${logs}/log/ddl.log`);
  before = await pictures();
  expect(await here.stage.prepare(...words)).toEqual({ exitCode: 0, said: '' });
  expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
  await here.arrive({
    'shop/orders.ibd': 'new orders',
    ibdata1: 'new',
    '#innodb_redo/#ib_redo99': 'new redo',
    'db1-bin.000007': 'of the donor',
    'db1-bin.index': './db1-bin.000007',
  });
});
afterEach(() => here.end());

const switched = async () => expect(await here.stage.switch()).toEqual({ exitCode: 0, said: '' });

test('new data is found where the server will look for it, and none of the old', async () => {
  await switched();
  const { stdout } = await here.asAccount(
    'cat "$1/redo/#innodb_redo/"*; ls -A data; cat data/ca.pem data/mysqld-auto.cnf',
    logs,
  );
  expect(stdout.split('\n')).toEqual([
    'new redo',
    ...[`.reseed-${here.job}`, 'RESEED_IN_PROGRESS', 'ca.pem', 'ibdata1', 'mysqld-auto.cnf', 'shop'],
    'cert',
    'persisted',
  ]);
  expect(await inLogs('log')).toEqual([`.reseed-${here.job}`, 'binlog.000001.gz.txt', 'error.log', 'mybinlog.000001']);
  expect(await here.stage.free()).toEqual(done);
  expect(await here.stage.drop()).toEqual(done);
  expect(await inLogs('redo')).toEqual(['#innodb_redo']);
  expect(await inLogs('log')).toEqual(['binlog.000001.gz.txt', 'error.log', 'mybinlog.000001']);
});

test("a server's own my.cnf and key in its datadir go over to the new data, below their folder, and are back after an undo", async () => {
  await here.stage.back();
  await here.asAccount(
    'mkdir -p data/ssl/own && echo "[mysqld]" >data/my.cnf && (umask 077; echo key >data/ssl/own/key.pem)',
  );
  before = await pictures();
  expect(await here.stage.prepare(...words, 'keep=my.cnf', 'keep=ssl/own/key.pem')).toEqual({ exitCode: 0, said: '' });
  expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
  // A donor's file never becomes the target's.
  await here.arrive({ ibdata1: 'new', 'my.cnf': 'of the donor' });
  await switched();
  const { stdout } = await here.asAccount(
    'cat data/ibdata1 data/my.cnf data/ssl/own/key.pem; stat -c %a data/ssl/own/key.pem',
  );
  expect(stdout).toBe('new\n[mysqld]\nkey\n600');
  expect(await here.stage.down()).toEqual(done);
  expect(await here.stage.back()).toEqual(done);
  expect(await pictures()).toEqual(before);
});

test('undone after the new server wrote its own logs, everything is as it was to the byte and the time of change', async () => {
  await switched();
  expect(await here.stage.free()).toEqual(done);
  await here.asAccount(
    'cd "$1/log" && echo new >binlog.000001 && echo new >binlog.index && echo new >relay-bin.000001',
    logs,
  );
  expect(await here.stage.down()).toEqual(done);
  expect(await here.stage.back()).toEqual(done);
  expect(await pictures()).toEqual(before);
  expect(await here.stage.back()).toEqual(done);
});

describe('cut off', () => {
  test.each(['new', 'placed', 'out', 'in', 'switched'])(
    'with %s written down last, it goes on, and is undone',
    async (phase) => {
      await switched();
      await reachAgain(phase);
      await switched();
      const { stdout } = await here.asAccount('cat "$1/redo/#innodb_redo/"* data/ibdata1', logs);
      expect(stdout).toBe('new redo\nnew');
      expect(await here.stage.back()).toEqual(done);
      expect(await pictures()).toEqual(before);
    },
  );
});

/** The state after a power cut: what comes after that phase is done in part, and the next phase is not recorded. */
async function reachAgain(phase: string) {
  if (phase === 'new') {
    expect(await here.stage.back()).toEqual(done);
    expect(await here.stage.prepare(...words)).toEqual({ exitCode: 0, said: '' });
    expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
    await here.arrive({ ibdata1: 'new', '#innodb_redo/#ib_redo99': 'new redo' });
  } else if (phase === 'in' || phase === 'switched') {
    await writeFile(here.ours('phase'), `${phase}\n`);
  } else {
    expect(await here.stage.back()).toEqual(done);
    expect(await here.stage.prepare(...words)).toEqual({ exitCode: 0, said: '' });
    expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
    await here.arrive({ ibdata1: 'new', '#innodb_redo/#ib_redo99': 'new redo' });
    const stop = await here.stoppedAt(phase);
    expect((await here.stage.switch()).exitCode).not.toBe(0);
    await stop();
    expect(await here.phase()).toBe(phase);
  }
}

test('an index of relay logs with a name of its own goes aside, and those of further channels that are named after it', async () => {
  await here.stage.back();
  await here.asAccount('cd "$1/log" && echo x >relays.lst && echo x >relays-ch2.lst && echo x >relays.txt', logs);
  before = await pictures();
  const more = [...words, ...['relays', 'relays-ch2'].map((name) => `relaylog-index=${logs}/log/${name}.lst`)];
  expect(await here.stage.prepare(...more)).toEqual({ exitCode: 0, said: '' });
  expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
  await switched();
  expect((await inLogs('log')).filter((name) => name.startsWith('relays'))).toEqual(['relays.txt']);
  expect(await here.stage.back()).toEqual(done);
  expect(await pictures()).toEqual(before);
});

test.each([
  ['relay-bin', 'relay-bin-bin'],
  ['relay-bin-bin', 'relay-bin'],
])('relay logs %s go aside without binary logs %s that only begin alike', async (relay, binlog) => {
  await here.stage.back();
  await here.asAccount(
    'cd "$1/log" && rm -f relay-bin* && for name in "$2" "$3"; do echo x >"$name.000001"; echo x >"$name.index"; done',
    logs,
    relay,
    binlog,
  );
  const places = [`relaylog=${logs}/log/${relay}`, `relaylog-index=${logs}/log/${relay}.index`];
  expect(await here.stage.prepare(...places)).toEqual({ exitCode: 0, said: '' });
  expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
  await here.arrive({ ibdata1: 'new' });
  await switched();
  const left = (await inLogs('log')).filter((name) => name.startsWith('relay-bin'));
  expect(left).toEqual([`${binlog}.000001`, `${binlog}.index`]);
  expect(await here.stage.back()).toEqual(done);
});

test('the disk of a place is full: nothing changes places, and everything is as it was', async () => {
  await run('sh', ['-c', 'cat /dev/zero >"$0" 2>/dev/null; :', join(logs, 'filler')]);
  expect((await here.stage.switch()).exitCode).not.toBe(0);
  expect(await here.stage.back()).toEqual(done);
  await unlink(join(logs, 'filler'));
  expect((await pictures()).slice(0, 2)).toEqual(before.slice(0, 2));
});

test('a place that the account can lead elsewhere, or that is not its own, is refused before the copy', async () => {
  expect(await here.stage.back()).toEqual(done);
  await here.asAccount('ln -s "$1" data/elsewhere', here.victim);
  const ofRoot = await here.ofRoot();
  for (const place of [`${here.datadir}/elsewhere`, here.victim, '/tmp', `${logs}/none`]) {
    expect(await here.stage.prepare(`redo=${place}`)).toMatchObject({ exitCode: 3 });
    expect(await here.stage.back()).toEqual(done);
  }
  for (const word of ['redo=relative', 'without=../x', 'keep=../x', 'other=/x']) {
    expect(await here.stage.prepare(word)).toMatchObject({ exitCode: 3 });
    expect(await here.stage.back()).toEqual(done);
  }
  expect(await here.ofRoot()).toBe(ofRoot);
});

test('the folder of a place renamed, and a link in its place: no file of root moves', async () => {
  const ofRoot = await here.ofRoot();
  await here.asAccount('cd "$1/redo" && mv ".reseed-$2" away && ln -s "$3" ".reseed-$2"', logs, here.job, here.victim);
  expect((await here.stage.switch()).exitCode).not.toBe(0);
  expect((await here.stage.back()).exitCode).not.toBe(0);
  expect(await here.ofRoot()).toBe(ofRoot);
  await here.asAccount('cd "$1/redo" && rm ".reseed-$2" && mv away ".reseed-$2"', logs, here.job);
  expect(await here.stage.back()).toEqual(done);
  expect((await pictures()).slice(0, 2)).toEqual(before.slice(0, 2));
});

describe('undo tablespaces of a target outside of its datadir', () => {
  let undo: string;
  beforeEach(async () => {
    await here.stage.back();
    undo = join(logs, 'undo');
    await here.asAccount('mkdir "$1/undo" && echo old >"$1/undo/undo_001" && echo old >"$1/undo/undo002"', logs);
  });
  const prepared = async () => {
    expect(await here.stage.prepare(`undo=${undo}`)).toEqual({ exitCode: 0, said: '' });
    expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
  };

  test('take no database undo_2024 of the new data with them: its tables were missing, and the seed was done', async () => {
    await prepared();
    await here.arrive({ ibdata1: 'new', undo_001: 'new undo', 'undo_2024/t.MYD': 'rows', 'undo123/t.ibd': 'rows' });
    await switched();
    const { stdout } = await here.asAccount('cat data/undo_2024/t.MYD data/undo123/t.ibd "$1/undo/undo_001"', logs);
    expect(stdout).toBe('rows\nrows\nnew undo');
    expect(await inLogs('undo')).toEqual([`.reseed-${here.job}`, 'undo_001']);
    expect(await here.stage.free()).toEqual(done);
    expect(await here.stage.drop()).toEqual(done);
    expect((await here.asAccount('ls data')).stdout.split('\n')).toEqual(
      expect.arrayContaining(['undo123', 'undo_2024']),
    );
  });

  test('lose nothing of a DBA that lies beside them and is called alike: it was deleted with the old data', async () => {
    const notes = ['undo_001.bak', 'undo_2019_archive', 'ib_logfile0.before-upgrade', 'aria_log.backup', 'undo_1234'];
    await here.asAccount(
      `cd "$1/undo" && mkdir undo_2019_archive ib_logfile0.before-upgrade && echo x >undo_2019_archive/notes &&
        echo x >ib_logfile0.before-upgrade/notes && echo x >undo_001.bak && echo x >aria_log.backup && echo x >undo_1234 &&
        for name in ib_logfile0 ib_logfile101 aria_log.00000001 aria_log_control '#ib_16384_0.dblwr'; do echo old >"$name"; done`,
      logs,
    );
    const places = ['redo', 'undo', 'aria', 'doublewrite'].map((kind) => `${kind}=${undo}`);
    expect(await here.stage.prepare(...places)).toEqual({ exitCode: 0, said: '' });
    expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
    await here.arrive({ ibdata1: 'new', undo_001: 'new undo', ib_logfile0: 'new redo' });
    await switched();
    expect(await here.stage.free()).toEqual(done);
    expect(await here.stage.drop()).toEqual(done);
    expect((await inLogs('undo')).toSorted()).toEqual([...notes, 'ib_logfile0', 'undo_001'].toSorted());
    expect((await here.asAccount('cat "$1"/undo/*/notes', logs)).stdout).toBe('x\nx');
  });

  test.each([
    ['a folder', 'mkdir "$1/undo/undo_002"'],
    ['a link', 'ln -s /nowhere "$1/undo/undo_002"'],
  ])('%s that has the name of one is in the way: nothing is moved, and it is named', async (_, command) => {
    await prepared();
    await here.arrive({ ibdata1: 'new', undo_002: 'new undo' });
    await here.asAccount(command, logs);
    expect(await here.stage.switch()).toMatchObject({ exitCode: 3, said: expect.stringContaining(`${undo}/undo_002`) });
    expect(await here.stage.back()).toEqual(done);
    expect(await inLogs('undo')).toEqual(['undo002', 'undo_001', 'undo_002']);
  });

  test('a database that is lost while they change places ends no seed: the old data is back', async () => {
    await prepared();
    await here.arrive({ ibdata1: 'new', 'shop/orders.ibd': 'new', undo_001: 'new undo' });
    const stop = await here.stoppedAt('placed');
    expect((await here.stage.switch()).exitCode).not.toBe(0);
    await stop();
    await rm(here.ours('new', 'shop'), { recursive: true });
    expect(await here.stage.switch()).toEqual({
      exitCode: 1,
      said: `the folder shop of the new data is not in ${here.datadir}: the server would not have this database`,
    });
    expect(await here.stage.back()).toEqual(done);
    expect((await here.asAccount('cat data/shop/orders.ibd')).stdout).toBe('old orders');
  });
});

test('what a job that gave up the old data left in places outside of the datadir goes with the next that ends well', async () => {
  expect(await here.stage.clear()).toEqual(done);
  expect(await here.stage.back()).toEqual(done);
  expect(await inLogs('redo')).toContain(`.reseed-${here.job}`);
  const next = here.next();
  expect(await next.stage.prepare(...words)).toEqual({ exitCode: 0, said: '' });
  expect(await next.stage.hold()).toEqual(done);
  await next.arrive({ 'shop/orders.ibd': 'new orders', ibdata1: 'new', '#innodb_redo/#ib_redo99': 'new redo' });
  for (const verb of ['switch', 'free', 'drop'] as const) expect(await next.stage[verb]()).toEqual(done);
  for (const folder of ['redo', 'log'])
    expect((await inLogs(folder)).filter((name) => name.startsWith('.reseed-'))).toEqual([]);
});
