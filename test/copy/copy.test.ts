// The copy of a seed, with real parts except LVM: what arrives, how it continues after a break, and what is found
// before a server starts.

import { execFile } from 'node:child_process';
import {
  appendFile,
  chown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { StepEnd, StepTools, StepWorks } from '../../src/job/plan/step-work.ts';
import { sendSignal } from '../../src/process/signal.ts';
import { type Copying, copying } from './copying.ts';
import { bytesOnDisk, fill, fillWithHoles } from './filling.ts';
import { expectWhole, impatient, instead, onceBefore, processesIn, processesWith, running, workOf } from './looking.ts';
import { ofAccount } from './staging.ts';

const run = promisify(execFile);
const mebibyte = 1024 ** 2;
const longMs = 120_000;
const waiting = { timeout: 60_000, interval: 50 };
let copy: Copying;
afterEach(() => copy.end());

describe('a copy', () => {
  test(
    'is byte for byte the donor, whatever its files are called, and without what is the donor alone',
    async () => {
      copy = await copying(['t1']);
      await fill(copy.donor);
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
    },
    longMs,
  );

  test(
    'goes to several targets at once, compressed',
    async () => {
      copy = await copying(['t1', 't2', 't3'], { compression: 'zstd' });
      await fill(copy.donor);
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1', 't2', 't3');
    },
    longMs,
  );

  test(
    'of page-compressed tables filled the disk of the target: their holes came as zeros',
    async () => {
      copy = await copying(['t1']);
      await fillWithHoles(copy.donor);
      const job = await copy.run(
        // As a disk may damage what has come: it is sent again over what is there.
        onceBefore('seed-verify', () => writeFile(join(copy.arrived('t1'), 'zipped.ibd'), 'x'.repeat(99_999))),
      );
      expect(job).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
      expect(await bytesOnDisk(copy.arrived('t1'))).toBeLessThanOrEqual((await bytesOnDisk(copy.donor)) + 65_536);
    },
    longMs,
  );

  test(
    'leaves no process, no key and no port behind',
    async () => {
      copy = await copying(['t1']);
      await fill(copy.donor);
      await copy.run();
      expect(await processesWith(copy.folder)).toEqual([]);
      expect(await readdir(copy.folder)).toEqual(['at-t1']);
    },
    longMs,
  );
});

describe('a target', () => {
  test(
    'whose channel did not open costs the other no time, and the donor is not said to have forgotten the copy',
    async () => {
      copy = await copying(['t1', 't2']);
      await fill(copy.donor);
      const job = await copy.run(
        running('seed-channel', async (tools, key, options) =>
          key === 'key' && options?.target === 't2'
            ? { ok: true, stdout: 'no key', stderr: '' }
            : await tools.run(key, options),
        ),
      );
      expect(job).toMatchObject({ state: 'failed', error: expect.stringContaining('did not send a key') });
      expect(copy.log()).toContain('not copied to t2 in this try: the channel to it was not opened');
      expect(copy.log()).not.toContain('has forgotten');
      expect(copy.log()).not.toContain('link to t2');
      await expectWhole(copy, 't1');
    },
    longMs,
  );

  test('that has no room is given up, and the other gets everything', async () => {
    copy = await copying(['t1', 't2']);
    await fill(copy.donor);
    await run('mount', ['-t', 'tmpfs', '-o', `size=20m,${ofAccount}`, 'reseed-test', copy.datadir('t2')]);
    try {
      const job = await copy.run(impatient);
      expect(job.state).toBe('failed');
      expect(job.error).toMatch(/^t2: .*No space left on device/);
      await expectWhole(copy, 't1');
    } finally {
      await run('umount', ['-l', copy.datadir('t2')]);
    }
  }, 240_000);
});

describe('before a server is started, it is found', () => {
  test(
    'that bits were flipped, files cut short or lost: they are sent again',
    async () => {
      copy = await copying(['t1']);
      await fill(copy.donor);
      const job = await copy.run(
        onceBefore('seed-verify', async () => {
          const folder = copy.arrived('t1');
          await flip(join(folder, 'ibdata1'), 33 * mebibyte);
          await flip(join(folder, 'mysql.ibd'), 5);
          await truncate(join(folder, 'undo_001'), 100);
          await unlink(join(folder, 'shop', 't3.ibd'));
        }),
      );
      const log = copy.log();
      expect(log).toMatch(/t1: the data is not that of donor: /);
      for (const name of ['ibdata1', 'mysql.ibd', 'undo_001']) expect(log).toMatch(new RegExp(`differs \\d+ ${name}`));
      expect(log).toMatch(/lacks \d+ shop\/t3.ibd/);
      expect(job.state).toBe('done');
      await expectWhole(copy, 't1');
    },
    longMs,
  );

  test(
    'that a file is more than the donor has: the target is given up',
    async () => {
      copy = await copying(['t1']);
      await fill(copy.donor);
      const job = await copy.run(
        onceBefore('seed-verify', async () => {
          await writeFile(join(copy.arrived('t1'), 'shop', 'more.ibd'), 'x');
          await appendFile(join(copy.arrived('t1'), 'ibdata1'), 'x');
        }),
      );
      expect(job.state).toBe('failed');
      expect(job.error).toMatch(/^t1: the data is not that of donor: .*extra \d+ ibdata1; extra 1 shop\/more.ibd/);
    },
    longMs,
  );
});

describe('a comparison that is called off', () => {
  test(
    'leaves none of its processes, and nothing of its unit',
    async () => {
      copy = await copying(['t1']);
      await fill(copy.donor);
      const over = new AbortController();
      const job = await copy.run((real) =>
        instead(real, 'seed-verify', (tools) =>
          workOf(
            real,
            'seed-verify',
          )({
            ...tools,
            signal: over.signal,
            run: async (key, options) => {
              const answer = await tools.run(key, options);
              if (key === 'compare start' && options?.target === 't1') over.abort();
              return answer;
            },
          }),
        ),
      );
      expect(job.state).toBe('failed');
      expect(await processesWith(copy.folder)).toEqual([]);
      await expect(readdir(copy.folder)).rejects.toThrow('ENOENT');
    },
    longMs,
  );
});

async function flip(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

/** Slow enough for events during the copy. */
const slow = { bandwidthBytesPerSecond: 8 * mebibyte, streams: 1 };

const landedOn = (target: string) => join(copy.folder, `at-${target}`, 'have', 'landed');
const stampsOf = (names: readonly string[]) =>
  Promise.all(names.map(async (name) => (await stat(join(landedOn('t1'), name))).mtimeMs));

/** Waits until data has landed on t1; returns its names. `whole`: the copy, which continues. */
type Landed = (
  names: readonly string[],
  tools: StepTools,
  whole: Promise<StepEnd<unknown>>,
) => Promise<StepEnd<unknown>>;
const onceLanded =
  (act: Landed) =>
  (real: StepWorks): StepWorks =>
    instead(real, 'seed-copy', async (tools) => {
      const whole = workOf(real, 'seed-copy')(tools);
      const names = await vi.waitFor(async () => {
        const found = await readdir(landedOn('t1'));
        expect(found).not.toEqual([]);
        return found;
      }, waiting);
      return await act(names, tools, whole);
    });

describe('a target that takes nothing for a while', () => {
  test(
    'is told, with when it is given up, and so is that it moves again',
    async () => {
      copy = await copying(['t1'], slow);
      await fill(copy.donor);
      const job = await copy.run(
        onceLanded(async (_names, _tools, whole) => {
          const writers = await vi.waitFor(async () => {
            const found = await processesIn(copy.arrived('t1'));
            expect(found).not.toEqual([]);
            return found;
          }, waiting);
          for (const pid of writers) sendSignal(pid, 'SIGSTOP');
          await vi.waitFor(
            () => expect(copy.log()).toMatch(/nothing has moved for \d+ s; t1 is given up after 120 s/),
            waiting,
          );
          for (const pid of writers) sendSignal(pid, 'SIGCONT');
          return await whole;
        }),
      );
      expect(job.state).toBe('done');
      expect(copy.log()).toContain('it moves again');
      await expectWhole(copy, 't1');
    },
    longMs,
  );
});

describe('after a break', () => {
  test(
    'a donor that has forgotten everything but its snapshot is told again, and what has landed is not sent again',
    async () => {
      copy = await copying(['t1'], slow);
      await fill(copy.donor);
      const forget = async () => {
        for (const made of ['seed', 'sums']) await rm(join(copy.folder, made), { recursive: true });
      };
      const job = await copy.run(
        onceLanded(async (names, tools, whole) => {
          await tools.run('send end');
          const stamps = await stampsOf(names);
          await forget();
          const end = await whole;
          expect(await stampsOf(names)).toEqual(stamps);
          await forget();
          return end;
        }),
      );
      expect(job).toMatchObject({ state: 'done' });
      expect(copy.log().match(/donor has forgotten the copy, as after a power cut: it is told again/g)).toHaveLength(2);
      await expectWhole(copy, 't1');
    },
    longMs,
  );

  test(
    'of the way to a target it is said why nothing came, and the way is opened once more',
    async () => {
      copy = await copying(['t1', 't2']);
      await fill(copy.donor);
      let isOpen = true;
      // The effect of a target's power cut on its listener.
      const listenerless = running('seed-copy', async (tools, key, options) => {
        if (key === 'send start' && isOpen) {
          isOpen = false;
          await tools.run('end', { target: 't1' });
        }
        return await tools.run(key, options);
      });
      const job = await copy.run((real) => listenerless(impatient(real)));
      expect(job).toMatchObject({ state: 'done' });
      // The port may be the listener of another test by then.
      expect(copy.log()).toMatch(/try 2 of 3, for t1: (ssh: connect to .*refused|Host key for .* has changed.*)$/m);
      await expectWhole(copy, 't1');
    },
    longMs,
  );

  test(
    'what has landed is not sent again',
    async () => {
      copy = await copying(['t1'], slow);
      await fill(copy.donor);
      const broken = copy.run(
        // The unit is ended from outside, as at a shutdown of the machine.
        onceLanded(async (names, tools, whole) => {
          const stamps = await stampsOf(names);
          await tools.run('send end');
          await rm(join(copy.folder, 'seed', 'limit'), { force: true });
          const end = await whole;
          expect(await stampsOf(names)).toEqual(stamps);
          return end;
        }),
      );
      expect(await broken).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
    },
    longMs,
  );
});

describe('what a donor keeps beside its datadir', () => {
  /**
   * As MySQL has it: a folder of redo logs; two undo tablespaces, one of them cut into ranges; and files that the
   * server does not read.
   */
  async function fillBeside() {
    copy = await copying(['t1', 't2'], { places: { redo: 'redo', undo: 'undo' } });
    await mkdir(join(copy.donor, '#innodb_redo'));
    await writeFile(join(copy.donor, '#innodb_redo', '#ib_redo1'), 'stale');
    await writeFile(join(copy.donor, 'mysql.ibd'), 'tables');
    await mkdir(join(copy.beside('redo'), '#innodb_redo'), { recursive: true });
    await mkdir(copy.beside('undo'));
    await writeFile(join(copy.beside('redo'), '#innodb_redo', '#ib_redo7'), 'redo');
    await writeFile(join(copy.beside('undo'), 'undo_001'), Buffer.alloc(20 * mebibyte, 'u'));
    await writeFile(join(copy.beside('undo'), 'extra.ibu'), 'extra');
    await writeFile(join(copy.beside('undo'), 'notes.txt'), 'not of the server');
  }

  test('comes to lie where the new data of a target has it; stale files in the datadir, and others there, do not', async () => {
    await fillBeside();
    expect(await copy.run()).toMatchObject({ state: 'done' });
    for (const target of ['t1', 't2']) {
      const arrived = copy.arrived(target);
      expect((await readdir(arrived)).toSorted()).toEqual(['#innodb_redo', 'extra.ibu', 'mysql.ibd', 'undo_001']);
      expect(await readdir(join(arrived, '#innodb_redo'))).toEqual(['#ib_redo7']);
      expect(await readFile(join(arrived, 'undo_001'))).toEqual(Buffer.alloc(20 * mebibyte, 'u'));
    }
  }, 240_000);

  test('is compared: what did not come as it is, is found and sent again', async () => {
    await fillBeside();
    const flip = onceBefore('seed-verify', async () => {
      await truncate(join(copy.arrived('t1'), 'undo_001'), 100);
      await truncate(join(copy.arrived('t1'), '#innodb_redo/#ib_redo7'), 1);
    });
    expect(await copy.run(flip)).toMatchObject({ state: 'done' });
    for (const name of ['undo_001', '#innodb_redo/#ib_redo7']) {
      expect(copy.log()).toMatch(new RegExp(`differs \\d+ ${name}`));
    }
    expect((await stat(join(copy.arrived('t1'), 'undo_001'))).size).toBe(20 * mebibyte);
  }, 240_000);

  test('that became a link meanwhile is not read: root would read what it leads to', async () => {
    await fillBeside();
    await rename(copy.beside('undo'), copy.beside('secrets'));
    await symlink(copy.beside('secrets'), copy.beside('undo'));
    const job = await copy.run();
    expect(job.state).toBe('failed');
    expect(job.error).toMatch(/undo leads to .*secrets: a link on the way to it was put there/);
  }, 60_000);

  test('that is not of the datadir’s account is not read: a hostile server could name a file of root’s', async () => {
    await fillBeside();
    await chown(join(copy.beside('redo'), '#innodb_redo', '#ib_redo7'), 4711, 4711);
    const job = await copy.run();
    expect(job.state).toBe('failed');
    expect(job.error).toMatch(/#ib_redo7 in .*redo is not of the account that the datadir is of/);
  }, 60_000);

  test('that is not there any more ends the seed, for without it the data is not whole', async () => {
    await fillBeside();
    await rm(join(copy.beside('redo'), '#innodb_redo'), { recursive: true });
    const job = await copy.run();
    expect(job.error).toMatch(/redo has no file of redo/);
  }, 60_000);
});
