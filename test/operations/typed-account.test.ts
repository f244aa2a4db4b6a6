// What becomes of the account that was typed for a job, with the job.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { planFormat } from '../../src/job/frozen.ts';
import { jobHome } from '../../src/job/home.ts';
import { openJournal } from '../../src/job/journal.ts';
import { holderHere } from '../../src/job/lease.ts';
import { keepAccount } from '../../src/operations/jobs/account-file.ts';
import { carryOut } from '../../src/operations/jobs/carry-out.ts';

/** A job without steps, planned by a reseed of that format, carried out here. */
async function carried(format: number) {
  const state = await mkdtemp(join(tmpdir(), 'reseed-typed-'));
  onTestFinished(() => rm(state, { recursive: true }));
  vi.stubEnv('XDG_STATE_HOME', state);
  onTestFinished(() => void vi.unstubAllEnvs());
  const home = jobHome(process.env);
  const journal = openJournal(home.journal, Date.now);
  if (!journal) throw new Error('no journal');
  onTestFinished(() => journal.close());
  const holder = holderHere();
  const job = journal.add({
    key: 'cafe',
    plan: { kind: 'seed', title: 'seed db2 → db3', hosts: [], steps: [], destroys: [] },
    freezing: { frozen: { format, build: '9.9.9', scripts: {} }, texts: new Map() },
    targets: [],
    who: { account: 'ops', jumpHost: 'jump1' },
    holder,
  });
  const path = home.account(job.key);
  keepAccount(path, { user: 'repl', password: 'secret' });
  const end = await carryOut({ home, journal }, job, holder);
  return { end, isKept: existsSync(path) };
}

test('a job that only another build can carry on keeps the account that was typed for it', async () => {
  expect(await carried(planFormat + 1)).toEqual({ end: 'planned', isKept: true });
});

test('the account goes when the job is over', async () => {
  expect(await carried(planFormat)).toEqual({ end: 'done', isKept: false });
});
