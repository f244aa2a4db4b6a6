// A seed that is called off after the swap, on real hosts that can not reach each other. seed-console.test.ts has one that comes to its end.
import { afterAll, describe, expect, test } from 'vitest';
import { drill, onHost, printedOn, until } from './fleet.ts';
import { begun, done, inside, killedIn, nothingLeftOn, shown, stateOf } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3');

const longMs = 600_000;

let isBack = false;
afterAll(async () => {
  await drill('heal', 'db2');
  if (!isBack) await drill('reset', 'db3');
}, 400_000);

describe('a seed between two hosts that can not reach each other', () => {
  test(
    'goes through this machine; called off, it puts the old data back and starts the server that ran before',
    async () => {
      await drill('fault', 'cut', 'db2', 'db3');
      const before = await printedOn('db3', 'mysql -Nse "SELECT @@server_uuid"');
      const id = await begun('seed', 'db2', 'db3', '--yes=db3', '--channel', 'relay');
      await killedIn(id, 'copy');
      const resumed = done('job', 'resume', id).catch(String);
      await until(
        () => shown(id),
        (job) => stateOf(job, 'start db3') !== 'waiting',
        240_000,
      );
      await inside('job', 'abort', id, `--yes=${id}`);
      expect(await resumed).toContain('aborted');
      expect(await shown(id)).toMatchObject({ state: 'aborted' });
      await until(
        () => onHost('db3', 'mysql -Nse "SELECT @@server_uuid"'),
        ({ stdout }) => stdout.trim() === before,
      );
      await nothingLeftOn('db2', 'db3');
      expect(await drill('verify', 'db3')).toContain('db3');
      isBack = true;
    },
    longMs,
  );
});
