// What a host sees of a runner that sends it no command for long.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openJournal } from '../../src/job/journal/journal.ts';
import { lockHost } from '../../src/job/lock-step.ts';
import { fenced } from '../../src/job/runner/fenced.ts';
import { keepLocks } from '../../src/job/runner/keep-locks.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { addJob } from '../job/adding.ts';
import { lineLost, printed } from '../job/step-tools.ts';

test('a job in a hook of half an hour on its jump host can not be taken up as one that is gone: its hosts hear of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-locks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const journal = openJournal(join(folder, 'jobs.sqlite'), Date.now);
  if (!journal) throw new Error('no journal');
  onTestFinished(() => journal.close());
  const who = { account: 'ops', jumpHost: 'jump2' };
  const steps = ['db2', 'db3', 'db4'].map((host) => lockHost.plan({ host, datadir: '/srv/mysql', job: 'cafe', who }));
  const plan = { kind: 'seed', title: 'seed db2 → db3', hosts: ['db2', 'db3', 'db4'], destroys: [], steps };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who });
  for (const host of ['db2', 'db3']) journal.setResource(id, `lock ${host}`, `the lock of ${host}`, 'held');
  journal.setResource(id, 'lock db4', 'the lock of db4', 'wanted');

  const told: string[] = [];
  const remote = (host: string) =>
    fenced(
      {
        exec: async (_: string, args: readonly string[]) => {
          told.push([host, ...args].join(' '));
          return host === 'db2' ? lineLost : printed('');
        },
      } as unknown as Remote,
      'cafe',
      () => 0,
    );
  const end = keepLocks(id, { journal, open: remote }, 5);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(4));
  await end();
  expect(new Set(told)).toEqual(new Set(['db2', 'db3'].map((host) => `${host} fence=cafe/30 show datadir=/srv/mysql`)));
});
