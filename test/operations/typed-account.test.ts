// The account that was typed for a job is kept and removed with the job.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import { ownProcess } from '../../src/job/lease/process-id.ts';
import { planFormat } from '../../src/job/plan/frozen.ts';
import { keepAccount } from '../../src/operations/jobs/account-file.ts';
import { carryOut } from '../../src/operations/jobs/carry-out.ts';
import { abandonedLines } from '../../src/operations/jobs/words/notice.ts';
import { accountIn } from '../../src/seed/replica/source/account.ts';

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

test('an account whose reseed was killed at its prompt is removed by the next verb, and no other one is', async () => {
  const state = await mkdtemp(join(tmpdir(), 'reseed-typed-'));
  onTestFinished(() => rm(state, { recursive: true }));
  vi.stubEnv('XDG_STATE_HOME', state);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { account } = jobHome(process.env);
  keepAccount(account('alive'), { user: 'repl', password: 'se#cret' });
  expect(accountIn(account('alive'))).toEqual({ ok: true, account: { user: 'repl', password: 'se#cret' } });
  const text = await readFile(account('alive'), 'utf8');
  const own = ownProcess();
  const written = async (key: string, content: string, ageHours = 0) => {
    await writeFile(account(key), content, { mode: 0o600 });
    const time = Date.now() / 1000 - ageHours * 3600;
    await utimes(account(key), time, time);
  };
  await mkdir(join(state, 'reseed/jobs'), { recursive: true });
  await written('killed', text.replace(` ${own?.startTicks} `, ' 1 '));
  await written('elsewhere', text.replace(/ \S+ (?=\S+\n)/, ' 11111111-2222 '));
  await written('elsewhere-old', text.replace(/ \S+ (?=\S+\n)/, ' 11111111-2222 '), 25);
  await written('builds-before', text.replace(/^#.*\n/, ''), 1);
  await written('builds-before-old', text.replace(/^#.*\n/, ''), 25);
  expect(abandonedLines()).toEqual([]);
  const keys = ['alive', 'killed', 'elsewhere', 'elsewhere-old', 'builds-before', 'builds-before-old'];
  expect(keys.filter((key) => existsSync(account(key)))).toEqual(['alive', 'elsewhere', 'builds-before']);
});

test('an account of a job that is not over stays, though the reseed that asked for it has ended', async () => {
  const { isKept } = await carried(planFormat + 1);
  expect(isKept).toBe(true);
  const { account } = jobHome(process.env);
  const text = await readFile(account('cafe'), 'utf8');
  await writeFile(account('cafe'), text.replace(` ${ownProcess()?.startTicks} `, ' 1 '));
  abandonedLines();
  expect(existsSync(account('cafe'))).toBe(true);
});

test('a folder of jobs that can not be looked through for typed accounts is said, and stops no verb', async () => {
  const state = await mkdtemp(join(tmpdir(), 'reseed-typed-'));
  onTestFinished(() => rm(state, { recursive: true }));
  vi.stubEnv('XDG_STATE_HOME', state);
  await mkdir(join(state, 'reseed'), { mode: 0o700 });
  await writeFile(join(state, 'reseed/jobs'), '');
  expect(abandonedLines().join('\n')).toMatch(
    /^whether \S+\/jobs holds passwords that no job needs is unknown: .*ENOTDIR/m,
  );
});
