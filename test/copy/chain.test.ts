// Targets that pass their data on to the next one: what the donor does not send, and what it sends if one of them
// fails.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { type Copying, copying } from './copying.ts';
import { fill } from './filling.ts';
import { expectWhole, impatient, onceBefore, running } from './looking.ts';
import { ofAccount } from './staging.ts';

const run = promisify(execFile);
const longMs = 120_000;
let copy: Copying;
afterEach(() => copy.end());

/** From now on the channel to a target carries questions, but no data. */
const carriesNothing = (way: string) =>
  writeFile(
    join(way, 'call'),
    `case "$*" in *' tasks '* | *' pass '*) cat >/dev/null; echo 'no way' >&2; exit 1 ;; esac
case $2 in landed) ;; drain) exit 1 ;; *) [ $# -gt 1 ] || exit 0 ;; esac
exec ssh -F ${way}/config -S none target "$2"
`,
  );
const ownChannel = (word: string) => join(copy.folder, 'seed', `way-${word}`);
const wayOf = (passer: string, word: string) => join(copy.folder, `at-${passer}`, 'have', `way-${word}`);

test(
  'three targets get everything though the donor sends to the first alone',
  async () => {
    copy = await copying(['t1', 't2', 't3'], { compression: 'zstd' });
    await fill(copy.donor);
    const job = await copy.run(
      onceBefore('seed-copy', async () => {
        for (const word of ['t2', 't3']) await carriesNothing(ownChannel(word));
      }),
    );
    expect(job).toMatchObject({ state: 'done' });
    await expectWhole(copy, 't1', 't2', 't3');
    expect(copy.log()).toContain('t1 passes on to t2 what it gets');
    expect(copy.log()).toContain('t2 passes on to t3 what it gets');
    expect(copy.log()).not.toContain('sent to from here');
  },
  longMs,
);

test(
  'one that gets nothing from the one before it is sent to by the donor, and passes on',
  async () => {
    copy = await copying(['t1', 't2', 't3'], { compression: 'none' });
    await fill(copy.donor);
    const job = await copy.run(
      onceBefore('seed-copy', async () => {
        await carriesNothing(wayOf('t1', 't2'));
        await carriesNothing(ownChannel('t3'));
      }),
    );
    expect(job).toMatchObject({ state: 'done' });
    await expectWhole(copy, 't1', 't2', 't3');
    expect(copy.log()).toMatch(/t2: nothing arrives from t1; donor sends to it directly: no way/);
  },
  longMs,
);

test('one that has no room is given up, and those behind it get everything', async () => {
  copy = await copying(['t1', 't2', 't3']);
  await fill(copy.donor);
  await run('mount', ['-t', 'tmpfs', '-o', `size=20m,${ofAccount}`, 'reseed-test', copy.datadir('t1')]);
  try {
    const job = await copy.run(impatient);
    expect(job.state).toBe('failed');
    expect(job.error).toMatch(/^t1: .*No space left on device/);
    await expectWhole(copy, 't2', 't3');
  } finally {
    await run('umount', ['-l', copy.datadir('t1')]);
  }
}, 240_000);

test(
  'where one can not call the next, that is said, and the donor sends to both',
  async () => {
    copy = await copying(['t1', 't2']);
    await fill(copy.donor);
    // A port where nobody listens.
    const toNobody = running('seed-channel', (tools, key, options) =>
      tools.run(
        key,
        key === 'pass meet' ? { ...options, stdin: `1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${'A'.repeat(48)}\n` } : options,
      ),
    );
    const job = await copy.run(toNobody);
    expect(job).toMatchObject({ state: 'done' });
    await expectWhole(copy, 't1', 't2');
    expect(copy.log()).toMatch(/t1 does not pass on to t2, donor sends to both: .*refused/);
  },
  longMs,
);
