// Seeds on real hosts: a broken replica and a host with an empty datadir are rebuilt, and have the primary's data.
import { afterAll, describe, expect, test } from 'vitest';
import { drill, onHost, printedOn, until } from './fleet.ts';
import { begun, done, inside, killedIn, nothingLeftOn, sameAsPrimary, shown, stateOf } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3', 'db6');

const longMs = 600_000;

/** Restores the hosts for the other tests: db6 with an empty datadir, db3 without its fault. */
afterAll(async () => {
  await drill('heal', 'db2');
  await drill('reset', 'db3', 'db6');
}, 400_000);

describe('a replica whose datadir is broken, and a machine that was never set up', () => {
  test(
    'are rebuilt in one job from another replica, though its runner is killed on the way',
    async () => {
      await drill('fault', 'corrupt-datadir', 'db3');
      const id = await begun('seed', 'db2', 'db3', 'db6', '--yes=db3,db6');
      await killedIn(id, 'copy');
      expect(await inside('jobs')).toMatchObject({ stderr: '' });
      await done('job', 'resume', id);
      expect(await shown(id)).toMatchObject({ state: 'done' });
      const log = await done('job', 'log', id);
      expect(log).toMatch(/db3 replicates from db1 .*lag 0 s/);
      expect(log).toContain('db3 passes on to db6 what it gets');
      expect(await drill('verify', 'db3')).toContain('db3');
      await sameAsPrimary('db6');
      await nothingLeftOn('db2', 'db3', 'db6');
      expect(await printedOn('db6', 'mysql -Nse "SELECT @@super_read_only, @@server_id"')).toBe('1\t16');
    },
    longMs,
  );
});

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
    },
    longMs,
  );
});
