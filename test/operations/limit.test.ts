// A bandwidth that is changed while a job copies.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { jobHome } from '../../src/job/home.ts';
import { openJournal } from '../../src/job/journal.ts';
import type { PlannedStep } from '../../src/job/plan.ts';
import { PlanFault } from '../../src/job/plan-fault.ts';
import { limitJob } from '../../src/operations/jobs/limit.ts';
import type { Remotes } from '../../src/remote/open.ts';

const closed: string[] = [];
vi.mock('../../src/remote/open.ts', () => ({
  openRemotes: (): Pick<Remotes, 'close'> & { open: () => object } => ({
    open: () => ({ close: async () => void closed.push('remote') }),
    close: async () => void closed.push('remotes'),
  }),
}));

test('a limit that the journal has no script for closes its connections all the same', async () => {
  const state = await mkdtemp(join(tmpdir(), 'reseed-limit-'));
  onTestFinished(() => rm(state, { recursive: true }));
  const home = jobHome({ XDG_STATE_HOME: state });
  const journal = openJournal(home.journal, Date.now);
  if (!journal) throw new Error('no journal');
  onTestFinished(() => journal.close());
  const limit = { host: 'db2', script: 'unit', args: ['limit', '0'], deadlineMs: 1000 } as const;
  const copy: PlannedStep = { name: 'copy', title: 'copy', host: 'db2', work: 'copy', input: {}, commands: { limit } };
  const job = journal.add({
    key: 'cafe',
    plan: { kind: 'seed', title: 'seed db2 → db3', hosts: ['db2'], steps: [copy], destroys: [] },
    freezing: { frozen: { format: 1, build: '0.0.0', scripts: {} }, texts: new Map() },
    targets: [{ name: 'db2', host: '10.77.0.12', transport: 'auto', sudo: false }],
    who: { account: 'ops', jumpHost: 'jump1' },
  });
  await expect(limitJob({ home, journal }, job, 1_000_000, { hosts: [] })).rejects.toThrow(PlanFault);
  expect(closed).toEqual(['remote', 'remotes']);
});
