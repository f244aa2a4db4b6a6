// What a seed does to the datadir of its target if it is interrupted at critical points: the old data is put back
// complete, or the new data stays.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { movedNothing, readUndone } from '../../src/scripts/seed-stage-answers.ts';
import { account, found, modifiedNs, ofAccount, pictureOf, type Staging, staging } from './staging.ts';

const run = promisify(execFile);

let here: Staging;
let before: string;
let beforeNs: bigint;
beforeEach(async () => {
  here = await staging();
  before = await pictureOf(here.datadir);
  beforeNs = await modifiedNs(here.datadir);
  expect(await here.stage.prepare()).toEqual({ exitCode: 0, said: '' });
  expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
  await here.arrive();
});
afterEach(() => here.end());

const whole = (table: string) => ({ table, names: ['ibdata1', 'shop'] });
const switched = async () => expect(await here.stage.switch()).toEqual({ exitCode: 0, said: '' });
async function expectAsBefore() {
  expect(await pictureOf(here.datadir)).toBe(before);
  expect(await modifiedNs(here.datadir)).toBe(beforeNs);
}
const done = expect.objectContaining({ exitCode: 0 });

test('the restart that a plan of an earlier build ends with is understood: it starts nothing on data that is not complete', async () => {
  const restart = () => here.verb('restart', { unit: here.unit });
  expect(await restart()).toMatchObject({ exitCode: 3, said: expect.stringContaining('the server stays down') });
  expect(await here.stage.back()).toEqual(done);
  await rm(join(here.base, 'bin', 'systemctl'));
  await writeFile(join(here.base, 'bin', 'systemctl'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  expect(await restart()).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining(`start --no-block ${here.unit}`),
  });
});

test('a host with SELinux gets its new data: RESEED_IN_PROGRESS is root’s, and a relabel as the account ended each swap after the whole copy', async () => {
  // EPERM of the kernel: the account is to relabel what it does not own.
  const restorecon = `#!/bin/sh
for path; do :; done
find "$path" ! -user ${account.uid} ! -path '*/.reseed-*' -print >"$0.denied"
while read -r one; do echo "restorecon: Could not set context for $one: Operation not permitted" >&2; done <"$0.denied"
[ ! -s "$0.denied" ] || exit 255
`;
  await writeFile(join(here.base, 'bin', 'selinuxenabled'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  await writeFile(join(here.base, 'bin', 'restorecon'), restorecon, { mode: 0o755 });
  await chmod(join(here.base, 'bin'), 0o777);
  await switched();
  expect(await readFile(join(here.datadir, 'shop/orders.ibd'), 'utf8')).toBe('new orders\n');
});

test('a server that was down in the plan and was started since keeps its data, and is told as that', async () => {
  const program = join(here.base, 'bin', 'mysqld');
  await copyFile('/bin/sleep', program);
  const server = spawn(program, ['600'], { cwd: here.datadir, stdio: 'ignore' });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const refused = {
    exitCode: 3,
    said: expect.stringContaining('its server was started since the plan. Nothing was moved: '),
  };
  try {
    await vi.waitFor(() => expect(readlinkSync(`/proc/${server.pid}/exe`)).toBe(program));
    const swap = await here.stage.switch();
    expect(swap).toEqual(refused);
    expect(movedNothing(swap.said)).toBe(true);
    expect(await here.stage.clear()).toEqual(refused);
    expect(await here.phase()).toBe('new');
  } finally {
    server.kill();
    await ended;
  }
  expect(await here.stage.back()).toEqual(done);
  await expectAsBefore();
});

test('rows that were written since the plan on a server that was down, and is down again, are not replaced', async () => {
  await here.stage.back();
  // As the plan saw its files.
  await here.asAccount('touch -d @1000000000 data/ibdata1 data/shop/orders.ibd');
  const planned = await pictureOf(here.datadir);
  expect(await here.stage.prepareDown(1_000_000_000)).toEqual({ exitCode: 0, said: '' });
  await here.stage.hold();
  await here.arrive();
  await here.asAccount('touch -d @1000000009 data/shop/orders.ibd');
  const refused = {
    exitCode: 3,
    said: expect.stringContaining('was changed since the plan: shop/orders.ibd at 2001-09-09T01:46:49Z by its clock'),
  };
  const swap = await here.stage.switch();
  expect(swap).toEqual(refused);
  expect(movedNothing(swap.said)).toBe(true);
  expect(await here.stage.clear()).toEqual(refused);
  expect(await here.verb('lend')).toEqual(refused);
  expect(existsSync(here.ours('lent'))).toBe(false);
  expect(await here.stage.back()).toEqual(done);
  expect(await pictureOf(here.datadir)).toBe(planned);
});

test('files of a server that is down are replaced where they are as in the plan, but for logs, which are rotated', async () => {
  await here.stage.back();
  await here.asAccount('touch -d @1000000000 data/ibdata1 data/shop/orders.ibd');
  await here.stage.prepareDown(1_000_000_000);
  await here.stage.hold();
  await here.arrive();
  await here.asAccount('for log in db3.err db3-slow.log db3.err.1; do echo noise >data/$log; done');
  await switched();
  expect((await found(here.datadir)).table).toBe('new orders');
});

describe("a file that a DBA put into the target's datadir while a seed ran was deleted with the old data", () => {
  const refused = expect.stringMatching(
    /has files by now that no server makes \(1\): shop\/dump\.sql\. Nothing was moved/,
  );
  test('the swap is refused before anything is moved, and undone', async () => {
    await here.asAccount('echo precious >data/shop/dump.sql');
    const swap = await here.stage.switch();
    expect(swap).toEqual({ exitCode: 3, said: refused });
    expect(movedNothing(swap.said)).toBe(true);
    expect(await here.phase()).toBe('new');
    expect(await here.stage.down()).toEqual(done);
    expect(await here.stage.back()).toEqual(done);
    await unlink(join(here.datadir, 'shop', 'dump.sql'));
    expect(await pictureOf(here.datadir)).toBe(before);
  });

  test('old data is not deleted with it, where there is no room for both', async () => {
    await here.asAccount('echo precious >data/shop/dump.sql');
    expect(await here.stage.clear()).toEqual({ exitCode: 3, said: refused });
    expect((await found(here.datadir)).table).toBe('old orders');
  });

  test('what the plan knew as the own of the server is no stranger', async () => {
    await here.stage.back();
    await here.asAccount(
      'mkdir data/keys && echo 1 >data/keys/ring && echo 2 >data/shop/odd.000001 && echo 3 >data/shop/odd.index',
    );
    const words = ['own-keyring=keys/ring', 'own-binlog=shop/odd', 'own-binlog-index=shop/odd.index'];
    expect(await here.stage.prepare(...words)).toEqual({ exitCode: 0, said: '' });
    await here.stage.hold();
    await here.arrive();
    await switched();
  });

  const two = expect.stringMatching(
    /has files by now that no server makes \(2\): .*(?:Nothing|None of this) was moved/,
  );
  const left = async () => (await here.asAccount('cat data/stray.sql data/backup/dump.sql')).stdout;
  const stray = 'mkdir -p data/backup && echo precious >data/stray.sql && echo dear >data/backup/dump.sql';

  test('during the copy, when the old data had made room already: the swap is refused, and it stays', async () => {
    expect(await here.stage.clear()).toEqual(done);
    await here.asAccount(stray);
    expect(await here.stage.switch()).toEqual({ exitCode: 3, said: two });
    expect(await left()).toBe('precious\ndear');
    expect((await here.stage.back()).said).toContain('no data of a server lies there, but what came since');
    expect(await left()).toBe('precious\ndear');
  });

  test('while old data was being deleted, which was interrupted and continues', async () => {
    await writeFile(here.ours('phase'), 'cleared\n');
    await here.asAccount(stray);
    expect(await here.stage.clear()).toEqual({ exitCode: 3, said: two });
    expect(await left()).toBe('precious\ndear');
    const { said } = await here.stage.back();
    expect(said).toContain('was being deleted to make room: what is left of it lies there');
    expect(readUndone(said).old).toBe('half deleted');
  });

  test.each(['placed', 'out'])('while old and new data changed places, cut off in phase %s', async (phase) => {
    const stop = await here.stoppedAt(phase);
    expect((await here.stage.switch()).exitCode).not.toBe(0);
    await stop();
    await here.asAccount(stray);
    expect(await here.stage.switch()).toEqual({ exitCode: 3, said: two });
    expect(await left()).toBe('precious\ndear');
    expect(await here.stage.back()).toEqual(done);
    expect(await left()).toBe('precious\ndear');
  });

  test('after the swap: undone, it is kept beside the old data, and said', async () => {
    await here.arrive({ 'shop/orders.ibd': 'new orders', ibdata1: 'new', 'notes of the donor': 'x' });
    await switched();
    expect(await here.stage.free()).toEqual(done);
    await here.asAccount(`${stray} && echo more >data/shop/dump.sql && echo odd >"data/a
b.sql"`);
    // As an administrator does, with another account than the server's.
    await run('chown', ['-R', 'root:root', join(here.datadir, 'backup')]);
    expect(await here.stage.down()).toEqual(done);
    const { exitCode, said } = await here.stage.back();
    const kept = `.kept-by-reseed-${here.job}`;
    expect(said.split('\n')).toEqual([
      `the old data of ${here.datadir} is as it was`,
      expect.stringMatching(
        new RegExp(
          `^LEFT: ${here.datadir}/\\${kept}, with files .*\\(4\\): a\\?b\\.sql, backup/dump\\.sql, shop/dump\\.sql\\. `,
        ),
      ),
    ]);
    expect(readUndone(said)).toMatchObject({ old: 'put back', keptApart: [expect.stringContaining(kept)] });
    expect(exitCode).toBe(0);
    const folder = join(here.datadir, kept);
    const { stdout } = await run('sh', [
      '-c',
      'cd "$0" && cat stray.sql backup/dump.sql shop/dump.sql a*b.sql && ls -A',
      folder,
    ]);
    expect(stdout.trim().split('\n').slice(0, 4)).toEqual(['precious', 'dear', 'more', 'odd']);
    expect(stdout).not.toContain('notes of the donor');
    await rm(folder, { recursive: true });
    expect(await pictureOf(here.datadir)).toBe(before);
  });
});

test('a seed that was undone after old data was deleted and new data put in its place does not call the datadir empty', async () => {
  expect(await here.stage.clear()).toEqual(done);
  await switched();
  const { exitCode, said } = await here.stage.back();
  expect([exitCode, said]).toEqual([
    0,
    expect.stringContaining('was deleted to make room: what lies there is new data that did not prove whole'),
  ]);
  expect(readUndone(said)).toMatchObject({ old: 'deleted', now: 'new data' });
  expect((await found(here.datadir)).table).toBe('new orders');
});

test('a seed that fails after its data was proved, whose old data made room, leaves the server and its data as they are', async () => {
  expect(await here.stage.clear()).toEqual(done);
  await switched();
  expect(await here.verb('free', { unit: here.unit })).toEqual(done);
  expect(await here.verb('proved')).toEqual(done);
  expect(await here.stage.down()).toMatchObject({ exitCode: 0, said: expect.stringContaining('is not stopped') });
  expect(existsSync(join(here.datadir, 'RESEED_IN_PROGRESS'))).toBe(false);
  const { exitCode, said } = await here.stage.back();
  expect([exitCode, readUndone(said).old]).toEqual([0, 'given up']);
  expect(await found(here.datadir)).toMatchObject(whole('new orders'));
  expect(await here.stage.back()).toMatchObject({ exitCode: 0 });
});

test('a seed that fails after its data was proved puts old data back that is there', async () => {
  await switched();
  expect(await here.verb('proved')).toEqual(done);
  expect(await here.stage.down()).toEqual(done);
  expect(readUndone((await here.stage.back()).said).old).toBe('put back');
  expect((await found(here.datadir)).table).toBe('old orders');
});

test('files that are the own of a server, whose data was deleted for nothing, lie in its datadir again, and are named', async () => {
  await here.asAccount('echo "{}" >data/mysqld-auto.cnf');
  expect(await here.stage.clear()).toEqual(done);
  const { said } = await here.stage.back();
  expect(said).toContain("what is the server's own lies there again: mysqld-auto.cnf");
  expect(readUndone(said)).toMatchObject({ old: 'deleted', now: 'nothing' });
  expect(readUndone((await here.stage.back()).said)).toMatchObject({ old: 'deleted', now: 'nothing' });
  expect(await readFile(join(here.datadir, 'mysqld-auto.cnf'), 'utf8')).toBe('{}\n');
});

describe('old data that was given up, of which a delta takes the files', () => {
  // As receive-pages.sh does, without a table of the target's own.
  const taken = async () => {
    expect(await here.verb('lend')).toEqual(done);
    await writeFile(here.ours('phase'), 'cleared\n');
    await here.asAccount('echo dropped >data/shop/own.ibd');
    const names = ['shop/orders.ibd', 'ibdata1'];
    for (const name of names) await rename(join(here.datadir, name), here.ours('new', name));
  };

  test('is swapped for what they became; the rest goes at the end', async () => {
    await taken();
    await switched();
    expect(await found(here.datadir)).toMatchObject({ table: 'old orders' });
    expect(existsSync(join(here.datadir, 'shop/own.ibd'))).toBe(false);
    expect(await here.stage.free()).toEqual(done);
    expect(await here.stage.drop()).toEqual(done);
    expect(await found(here.datadir)).toMatchObject(whole('old orders'));
  });

  test('is as it was where the seed is undone before the first is taken', async () => {
    expect(await here.verb('lend')).toEqual(done);
    expect(readUndone((await here.stage.back()).said).old).toBe('not moved');
    await expectAsBefore();
  });

  test('is not called whole where the seed is undone, and no server starts on what is left', async () => {
    await taken();
    const received = `/run/reseed/${here.job}/at-t1`;
    await mkdir(received, { recursive: true });
    const { said } = await here.stage.back();
    expect(said).toContain('was being deleted to make room: what is left of it lies there');
    expect(existsSync(received)).toBe(false);
    expect(readUndone(said)?.old).not.toBe('not moved');
    expect(existsSync(join(here.datadir, 'RESEED_IN_PROGRESS'))).toBe(true);
  });
});

test.each(['placed', 'out'])(
  'and one that was cut off before new data came, in phase %s, does not call it new data',
  async (phase) => {
    expect(await here.stage.clear()).toEqual(done);
    const stop = await here.stoppedAt(phase);
    expect((await here.stage.switch()).exitCode).not.toBe(0);
    await stop();
    expect(await here.phase()).toBe(phase);
    expect((await here.stage.back()).said).toContain('was deleted to make room: it is empty');
  },
);

test('and one that was undone before that does', async () => {
  expect(await here.stage.clear()).toEqual(done);
  const { said } = await here.stage.back();
  expect(said).toContain('was deleted to make room: it is empty');
  expect(readUndone(said)).toMatchObject({ old: 'deleted', now: 'nothing' });
});

describe('undone', () => {
  test('the datadir is as it was to the time of its last change, wherever the seed was', async () => {
    const undone = await here.stage.back();
    expect(undone).toEqual({ exitCode: 0, said: expect.stringMatching(/is as it was: it was not moved$/) });
    expect(readUndone(undone.said).old).toBe('not moved');
    await expectAsBefore();
    await here.stage.prepare();
    await here.stage.hold();
    await here.arrive();
    await switched();
    expect(await here.stage.down()).toEqual(done);
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: expect.stringMatching(/is as it was$/) });
    await expectAsBefore();
    expect(await here.stage.back()).toEqual(done);
    expect(await here.stage.look()).toEqual({ exitCode: 0, said: 'none' });
  });

  test('a folder that was being made, or being removed, is no obstacle', async () => {
    await here.stage.back();
    for (const left of ['', 'job.part']) {
      await makeByHand(left);
      expect(await here.stage.prepare()).toEqual({ exitCode: 0, said: '' });
      expect(await here.stage.back()).toEqual(done);
    }
    await makeByHand('');
    expect(await here.stage.back()).toEqual(done);
    expect(await found(here.datadir)).toEqual(whole('old orders'));
  });
});

describe('an undo that was cut off while it deleted was told as one that moved nothing, and what it had kept for the DBA was not told', () => {
  const asItWas = () => `the old data of ${here.datadir} is as it was`;
  const kept = (found = '') =>
    `LEFT: ${here.datadir}/.kept-by-reseed-${here.job}, with files that came after the swap and that no server makes${found}. New data lies beside them: move them elsewhere, and delete the folder`;
  const rejected = async () => {
    await switched();
    await here.asAccount('echo precious >data/stray.sql');
    expect(await here.stage.down()).toEqual(done);
  };
  const cutOff = async (names: string[], act: typeof here.stage.back) => {
    const stop = await here.killedDeleting(...names);
    expect((await act()).exitCode).not.toBe(0);
    await stop();
    for (const name of names) expect(existsSync(here.ours(name))).toBe(true);
  };

  test('in the data: said again, it ends as it would have', async () => {
    await rejected();
    await cutOff(['new'], here.stage.back);
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: `${asItWas()}\n${kept(' (1): stray.sql')}` });
    expect(await modifiedNs(here.datadir)).toBe(beforeNs);
  });

  test.each([[['phase', 'job']], [['job']]])('at the last of its files, %s: kept files are reported', async (last) => {
    await rejected();
    await cutOff(last, here.stage.back);
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: `${asItWas()}\n${kept()}` });
    expect((await found(here.datadir)).names).not.toContain(`.reseed-${here.job}`);
  });

  test('only its answer was lost: kept files are reported again', async () => {
    await rejected();
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: `${asItWas()}\n${kept(' (1): stray.sql')}` });
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: `${asItWas()}\n${kept()}` });
    // The account of a server can make a folder of that name; it proves nothing.
    await run('rm', ['-r', join(here.datadir, `.kept-by-reseed-${here.job}`)]);
    await here.asAccount(`mkdir -m 700 data/.kept-by-reseed-${here.job}`);
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: '' });
  });

  test('what was not moved is not told as moved by then', async () => {
    const stop = await here.stoppedAt('placed');
    expect((await here.stage.switch()).exitCode).not.toBe(0);
    await stop();
    await cutOff(['new'], here.stage.back);
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: `${asItWas()}: it was not moved` });
    await expectAsBefore();
  });

  test('old data that was deleted for good, to the last file of it, is not told to be as it was', async () => {
    await switched();
    expect(await here.stage.free()).toEqual(done);
    await cutOff(['job'], here.stage.drop);
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: '' });
    expect(await found(here.datadir)).toEqual(whole('new orders'));
  });
});

describe('a seed that an older build began, and whose scripts did not write down all that these read', () => {
  test('is undone after the swap: its datadir stayed empty', async () => {
    await switched();
    await unlink(here.ours('brought'));
    await here.asAccount('echo precious >data/stray.sql');
    expect(await here.stage.down()).toEqual(done);
    expect(await here.stage.back()).toEqual({ exitCode: 0, said: expect.stringContaining('(1): stray.sql') });
    expect((await found(here.datadir)).table).toBe('old orders');
  });

  test('and whose new data took the place of deleted data does not say that a part of the old lies there', async () => {
    expect(await here.stage.clear()).toEqual(done);
    await switched();
    await unlink(here.ours('emptied'));
    expect((await here.stage.back()).said).toContain('was deleted to make room: what lies there is new data');
  });
});

// On XFS the account decides what can be renamed into its datadir (by a project of its own). Here a file system of its
// own has the same effect.
describe('new data that can not be renamed into the datadir', () => {
  // Debian always has perl, but not always python.
  const hosts: [string, string[]][] = [['mv or perl', []]];
  if (existsSync('/usr/bin/python3')) hosts.push(['python', ['perl']]);
  test.each(hosts)('is not copied there by root: %s', async (_, without) => {
    await here.lacks(...without);
    await run('mount', ['-t', 'tmpfs', '-o', `size=1m,mode=700,${ofAccount}`, 'reseed-test', here.ours('new')]);
    try {
      await here.arrive();
      const { exitCode, said } = await here.stage.switch();
      expect(exitCode).not.toBe(0);
      expect(said).toMatch(/cross-device/i);
      expect(said).toContain('another project quota (XFS, ext4) than its folder');
      expect(await found(here.datadir)).not.toMatchObject({ table: 'new orders' });
    } finally {
      await run('umount', [here.ours('new')]);
    }
    expect(await here.stage.back()).toEqual(done);
    await expectAsBefore();
  });
});

async function makeByHand(left: string) {
  await mkdir(here.ours(), { mode: 0o700 });
  if (left !== '') await writeFile(here.ours(left), '');
}

describe('on a disk that is full', () => {
  test('old and new data do not change places, and the old data is as it was', async () => {
    await here.fill();
    expect((await here.stage.switch()).exitCode).not.toBe(0);
    expect(await here.stage.back()).toEqual(done);
    await expectAsBefore();
  });

  test('new data that is in place already gives way to the old, and the server is held down first as ever', async () => {
    await switched();
    expect(await here.stage.free()).toEqual(done);
    await here.fill();
    expect(await here.stage.down()).toEqual(done);
    expect(await here.stage.back()).toEqual(done);
    await expectAsBefore();
  });

  test('not even what is kept for undoing is left: nothing is deleted, and once there is room, the old data comes back', async () => {
    await switched();
    await unlink(here.ours('room'));
    await here.fill();
    expect((await here.stage.back()).exitCode).not.toBe(0);
    await unlink(join(here.disk, 'filler'));
    expect(await here.stage.back()).toEqual(done);
    await expectAsBefore();
  });
});

test('old data that was being deleted is never put back: the new data stays', async () => {
  await switched();
  expect(await here.stage.free()).toEqual(done);
  await writeFile(here.ours('phase'), 'over\n');
  await unlink(here.ours('old', 'ibdata1'));
  expect(await here.stage.back()).toEqual(done);
  expect(await found(here.datadir)).toEqual(whole('new orders'));
});

test('old data that goes for good goes to the end, though it was cut off in the middle', async () => {
  await switched();
  expect(await here.stage.free()).toEqual(done);
  await writeFile(here.ours('phase'), 'over\n');
  await rm(here.ours('old'), { recursive: true });
  expect(await here.stage.drop()).toEqual(done);
  expect(await here.stage.drop()).toEqual(done);
  expect(await found(here.datadir)).toEqual(whole('new orders'));
});

test('old data that had to make room is gone for good, and its server stays down', async () => {
  expect(await here.stage.clear()).toEqual(done);
  expect(await found(here.datadir)).toMatchObject({ names: [`.reseed-${here.job}`, 'RESEED_IN_PROGRESS'] });
  expect(await here.stage.back()).toMatchObject({ exitCode: 0, said: expect.stringContaining("can't be started") });
});

describe('after a seed that gave up the old data and ended, the next seed', () => {
  const blocks = async () => (await readdir(`/etc/systemd/system/${here.unit}.service.d`).catch(() => [])).toSorted();
  const blockOf = (job: string) => `zzzz-reseed-${job}.conf`;

  /** Its folder, with data in it. */
  async function begun() {
    expect(await here.stage.clear()).toEqual(done);
    expect(await here.stage.back()).toMatchObject({ exitCode: 0, said: expect.stringContaining("can't be started") });
    const next = here.next();
    expect(await next.stage.prepare()).toEqual({ exitCode: 0, said: '' });
    expect(await next.stage.hold()).toEqual(done);
    await next.arrive();
    return next;
  }

  test('ends with a server that starts, and takes away what was left', async () => {
    const next = await begun();
    expect(await next.stage.switch()).toEqual({ exitCode: 0, said: '' });
    expect(await next.stage.free()).toEqual(done);
    expect(await blocks()).toEqual([]);
    expect(await next.stage.drop()).toEqual(done);
    expect(await found(here.datadir)).toEqual(whole('new orders'));
  });

  test('ends with a server that starts, though the folder of that job was removed by hand (its jump host is lost)', async () => {
    await rm(join(here.datadir, `.reseed-${here.job}`), { recursive: true });
    expect(await blocks()).toEqual([blockOf(here.job)]);
    const next = here.next();
    for (const verb of ['prepare', 'hold'] as const) expect((await next.stage[verb]()).exitCode).toBe(0);
    await next.arrive();
    for (const verb of ['switch', 'free'] as const) expect((await next.stage[verb]()).exitCode).toBe(0);
    expect(await blocks()).toEqual([]);
  });

  test.each(['before its swap', 'after its server was started'])(
    'that is undone %s leaves the server held down, and can be followed by another',
    async (when) => {
      const next = await begun();
      if (when === 'after its server was started') {
        expect(await next.stage.switch()).toEqual({ exitCode: 0, said: '' });
        expect(await next.stage.free()).toEqual(done);
        expect(await next.stage.down()).toEqual(done);
      }
      for (const _ of ['the undo', 'the same again']) expect(await next.stage.back()).toEqual(done);
      expect(await blocks()).toEqual([blockOf(here.job)]);
      expect((await found(here.datadir)).names).toEqual([`.reseed-${here.job}`, 'RESEED_IN_PROGRESS']);
      const last = here.next();
      for (const verb of ['prepare', 'hold'] as const) expect(await last.stage[verb]()).toEqual(done);
      await last.arrive();
      for (const verb of ['switch', 'free', 'drop'] as const) expect(await last.stage[verb]()).toEqual(done);
      expect(await blocks()).toEqual([]);
      expect(await found(here.datadir)).toEqual(whole('new orders'));
    },
  );
});

describe('unproved data of a lost job, whose folder an operator removed by hand', () => {
  const blockFolder = () => `/etc/systemd/system/${here.unit}.service.d`;
  const blocks = async () => {
    const names = (await readdir(blockFolder()).catch(() => [])).toSorted();
    return Promise.all(names.map(async (name) => [name, await readFile(join(blockFolder(), name), 'utf8')]));
  };
  /** The new data of a job is in place. Its folder goes. */
  async function lost() {
    await switched();
    await rm(here.ours(), { recursive: true });
    return blocks();
  }
  async function begun() {
    const next = here.next();
    for (const verb of ['prepare', 'hold'] as const)
      expect(await next.stage[verb]()).toEqual({ exitCode: 0, said: '' });
    await next.arrive({ 'shop/orders.ibd': 'newer orders', ibdata1: 'newer' });
    return next;
  }

  test.each(['before its swap', 'after its server was started'])(
    'can not be started after a seed that is undone %s, as before it',
    async (when) => {
      const before = await lost();
      expect(before).toHaveLength(1);
      const next = await begun();
      if (when === 'after its server was started') {
        for (const verb of ['switch', 'free'] as const) expect(await next.stage[verb]()).toEqual(done);
        expect(await blocks()).toEqual([]);
        expect(await next.stage.down()).toEqual(done);
      }
      for (const _ of ['the undo', 'the same again']) expect(await next.stage.back()).toEqual(done);
      expect(await blocks()).toEqual(before);
      expect(await found(here.datadir)).toEqual({
        table: 'new orders',
        names: ['RESEED_IN_PROGRESS', 'ibdata1', 'shop'],
      });
    },
  );

  test('has its start options after an undo, and a seed that ends well has none but its own', async () => {
    await lost();
    const started = join(blockFolder(), 'zzzz-reseed-0123abcd-start.conf');
    await writeFile(started, '[Service]\nExecStart=\nExecStart=/usr/sbin/mysqld --read-only\n');
    const before = await blocks();
    const next = await begun();
    expect(await next.stage.switch()).toEqual(done);
    expect(existsSync(started)).toBe(false);
    expect(await next.stage.free()).toEqual(done);
    expect(await next.stage.down()).toEqual(done);
    expect(await next.stage.back()).toEqual(done);
    expect(await blocks()).toEqual(before);
    const last = await begun();
    for (const verb of ['switch', 'free', 'drop'] as const) expect(await last.stage[verb]()).toEqual(done);
    expect(await blocks()).toEqual([]);
  });

  test('an undo that is cut off after it put a block back is continued', async () => {
    const before = await lost();
    const next = await begun();
    for (const verb of ['switch', 'free', 'down'] as const) expect(await next.stage[verb]()).toEqual(done);
    const restored = await here.killedDeleting('lifted');
    expect((await next.stage.back()).exitCode).not.toBe(0);
    await restored();
    expect(await next.stage.back()).toEqual(done);
    expect(await blocks()).toEqual(before);
  });

  test('is started again after an undo where its server worked when the seed began', async () => {
    await lost();
    const program = join(here.base, 'bin', 'mysqld');
    await copyFile('/bin/sleep', program);
    const server = spawn(program, ['600'], { cwd: here.datadir, stdio: 'ignore' });
    const ended = new Promise((resolve) => server.once('exit', resolve));
    const next = here.next();
    try {
      await vi.waitFor(() => expect(readlinkSync(`/proc/${server.pid}/exe`)).toBe(program));
      for (const verb of ['prepare', 'hold'] as const)
        expect(await next.stage[verb]()).toEqual({ exitCode: 0, said: '' });
    } finally {
      server.kill();
      await ended;
    }
    expect(await next.stage.back()).toEqual(done);
    expect(await blocks()).toEqual([]);
  });
});

test('a folder of a seed that goes on is in the way of the next, which moves nothing', async () => {
  expect(await here.stage.clear()).toEqual(done);
  expect(await here.next().stage.prepare()).toMatchObject({
    exitCode: 3,
    said: expect.stringContaining('has something of another job'),
  });
});
