// Any host on the network may open connections to the job's listener, send little or nothing, and reconnect when they
// are closed: this delays no seed, over any channel.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { seedChannels } from '../../src/inventory/settings.ts';
import { openChannels } from './channels.ts';
import { expectWhole, onceBefore } from './looking.ts';
import { silent } from './silent.ts';

const run = promisify(execFile);
const longMs = 240_000;
const { copyOver } = openChannels();

describe.each(seedChannels)('the channel %s', (channel) => {
  test(
    'brings everything over while 60 silent strangers, 20 that say a byte now and then, and 20 from the address of the donor hold connections and open them again',
    async () => {
      const copy = await copyOver(channel);
      const strangers: ReturnType<typeof silent>[] = [];
      const job = await copy.run(
        onceBefore('seed-copy', async () => {
          const port = Number(await readFile(join(copy.folder, 'at-t1', 'listener', 'port'), 'utf8'));
          const where = { host: '127.0.0.1', port };
          strangers.push(silent({ ...where, from: '127.0.0.2' }, 60));
          strangers.push(silent({ ...where, from: '127.0.0.3', dripMs: 100 }, 20));
          strangers.push(silent({ ...where, from: '127.0.0.1' }, 20));
          await expect.poll(() => strangers.every((all) => all.opened() >= 20), { timeout: 60_000 }).toBe(true);
          // Connections of the previous copy do not count.
          for (const stream of ['1', '2']) await run('sh', [join(copy.folder, 'seed', 'way-t1', 'call'), stream]);
        }),
      );
      for (const all of strangers) all.end();
      expect(job).toMatchObject({ state: 'done' });
      expect(copy.log()).not.toContain('try 2 of 3');
      await expectWhole(copy, 't1');
    },
    longMs,
  );
});
