// A target whose disk is full: its message arrives over every channel.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { seedChannels } from '../../src/inventory/settings.ts';
import { openChannels } from './channels.ts';
import { expectWhole, impatient } from './looking.ts';
import { ofAccount } from './staging.ts';

const run = promisify(execFile);
const longMs = 120_000;
const { copyOver } = openChannels();

describe.each(seedChannels)('the channel %s', (channel) => {
  test(
    'says why a target takes nothing more, and goes on when it has room',
    async () => {
      const copy = await copyOver(channel);
      await run('mount', ['-t', 'tmpfs', '-o', `size=20m,${ofAccount}`, 'reseed-test', copy.datadir('t1')]);
      try {
        const ended = copy.run(impatient);
        await vi.waitFor(
          () => {
            expect(copy.log()).toMatch(/not copied to t1 in this try: .*No space left/);
            // As it was said while it was waited for, and of the try that failed.
            expect(copy.log()).toMatch(/! the disk of t1 is full: \S+ free at /);
            expect(copy.log()).toMatch(/for t1: .*No space left .*\(\S+ free at /);
          },
          { timeout: 60_000, interval: 100 },
        );
        await run('mount', ['-o', `remount,size=200m,${ofAccount}`, copy.datadir('t1')]);
        expect(await ended).toMatchObject({ state: 'done' });
        await expectWhole(copy, 't1');
      } finally {
        await run('umount', ['-l', copy.datadir('t1')]);
      }
    },
    longMs,
  );
});
