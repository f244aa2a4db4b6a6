// Which jobs of another jump host can be taken up: what a row of the shared database says is believed only where its seal is right, and no host is asked
// where the row alone refuses it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { claimName, sendJob } from '../../src/history/write.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import type { JobState } from '../../src/job/journal/record.ts';
import { draftTakingUp } from '../../src/operations/history/take-up.ts';
import { inventoryOf } from '../inventory/reading.ts';
import { addJob } from '../job/adding.ts';
import { openSmallHistory, type SmallHistory } from './small-history.ts';

const [jump1, jump2] = ['1'.repeat(32), '2'.repeat(32)];
const seven = { host: 'jump2', id: 1 };
const here = 'hosts: { db1: { ssh: { host: localhost, transport: local }, sudo: false } }';

let database: SmallHistory;
vi.mock('../../src/history/connection.ts', async (original) => ({
  ...(await original<object>()),
  openHistory: async () => database,
}));

let folder: string;
beforeEach(async () => {
  database = openSmallHistory();
  folder = await mkdtemp(join(tmpdir(), 'reseed-take-up-'));
  await writeFile(join(folder, 'key'), '5'.repeat(64), { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true }));

function storeOf(name: string, jump: string, key: string | undefined = join(folder, 'key')) {
  const home = jobHome({ XDG_STATE_HOME: join(folder, name) });
  const journal = openJournal(home.journal, Date.now);
  if (!journal) throw new Error('no journal');
  const settings = {
    host: '127.0.0.1',
    port: 1,
    database: 'reseed',
    account: '/none',
    tls: false,
    ...(key && { key }),
  };
  journal.sharing.join({ jump, name, settings: JSON.stringify(settings), inventory: '/none' }, 'first');
  return { home, journal };
}

const targetNamed = (name: string) => ({ name, host: 'localhost', transport: 'local', sudo: false }) as const;

/** jump2's job 1, as it sent it some time ago. `reached`: all hosts of its commands. */
async function sent(
  state: JobState = 'running',
  hosts: readonly string[] = ['db1'],
  reached: readonly string[] = [],
): Promise<void> {
  const { journal } = storeOf('jump2', jump2);
  await claimName(database, jump2, { name: 'jump2', build: 'test', token: 'first' });
  const plan = { kind: 'seed', title: 'seed db2 → db1', hosts, steps: [], destroys: [] };
  const { id } = addJob(journal, {
    key: 'cafe',
    plan,
    targets: reached.map(targetNamed),
    who: { account: 'ops', jumpHost: 'jump2' },
  });
  journal.setJob(id, state);
  const rows = journal.sharing.rowsOf(id);
  if (!rows) throw new Error('it is not shared');
  const key = Buffer.from('5'.repeat(64));
  await sendJob({ database, jump: jump2, name: 'jump2', key }, { job: id, rows, isOver: false, runner: 'alive' });
  journal.close();
}

const heardBefore = (seconds: number, tables = ['reseed_job', 'reseed_jump_host']) => {
  for (const table of tables) database.change(`UPDATE ${table} SET heard = now6() - ?`, seconds);
};

async function asked(inventory = here, key?: string, of = seven) {
  const store = storeOf('jump1', jump1, key);
  const draft = await draftTakingUp(store, of, await inventoryOf(inventory));
  store.journal.close();
  return draft.ok ? draft.value : draft.refusal.message;
}

test('a job whose jump host was heard of in the last minute is its own, by its row or by that of its jump host', async () => {
  await sent();
  expect(await asked()).toMatch(/jump2 was heard of \d s ago: job jump2:1 can be taken up when .* for 60 s/);
  heardBefore(300, ['reseed_job']);
  expect(await asked()).toMatch(/jump2 was heard of \d s ago/);
  heardBefore(300);
  heardBefore(30, ['reseed_job']);
  expect(await asked()).toMatch(/jump2 was heard of 3\d s ago/);
  heardBefore(-300);
  expect(await asked()).toMatch(/jump2 was heard of \d s ago/);
});

test('one that is over, of hosts that the inventory here lacks or that are read-only here, is not taken up', async () => {
  await sent('running', ['db1', 'db9']);
  heardBefore(300);
  expect(await asked()).toBe('the inventory here has no db9, where the runner of job jump2:1 could go on');
  expect(await asked(`readOnly: true\n${here}`)).toBe('the inventory here is read-only (readOnly: true)');
});

test('a host where only a hook of the job runs, or that is only asked, refuses it too; one that the inventory here lacks is named', async () => {
  await sent('running', ['db1'], ['db1', 'proxy1', '/jump']);
  heardBefore(300);
  expect(await asked()).toBe('the inventory here has no proxy1, where the runner of job jump2:1 could go on');
  const local = (host: string) => `{ ssh: { host: ${host}, transport: local }, sudo: false`;
  const draft = await asked(`hosts: { db1: ${local('localhost')} }, proxy1: ${local('127.0.0.1')} } }`);
  if (typeof draft === 'string' || !draft.planned.ok) throw new Error(JSON.stringify(draft));
  expect(draft.planned.plan.steps.map(({ work, host }) => [work, host])).toEqual([
    ['fence', 'db1'],
    ['fence', 'proxy1'],
  ]);
  const readOnly = await asked(
    `hosts: { db1: ${local('localhost')} }, proxy1: ${local('127.0.0.1')}, readOnly: true } }`,
  );
  expect(readOnly).toMatchObject({
    planned: { plan: { hosts: ['db1'] } },
    impact: expect.arrayContaining(['proxy1 is read-only here: a command of it is not refused there']),
  });
});

test('one that has ended is not taken up', async () => {
  await sent('failed');
  heardBefore(300);
  expect(await asked()).toBe('job jump2:1 is over: failed');
});

test('a row that an account of the database has changed is not believed, and without a shared key none is', async () => {
  await sent();
  heardBefore(300);
  database.change(`UPDATE reseed_plan SET written = replace(written, 'cafe', 'beef')`);
  expect(await asked()).toMatch(/job jump2:1: its row is not sealed by jump2/);
  expect(await asked(here, '')).toMatch(/the jump hosts share no key/);
});

test('a job is not taken up by the name of another jump host: who swaps two names in the database finds rows that are sealed by neither', async () => {
  await sent();
  heardBefore(300);
  database.change(`UPDATE reseed_jump_host SET name = 'jump3' WHERE name = 'jump2'`);
  expect(await asked(here, undefined, { host: 'jump3', id: 1 })).toMatch(/its row is not sealed by jump3/);
});

test('what is taken up is the key of the row and hosts of the inventory: no step and no script of the row', async () => {
  await sent();
  heardBefore(300);
  const draft = await asked();
  if (typeof draft === 'string' || !draft.planned.ok) throw new Error(JSON.stringify(draft));
  const { plan } = draft.planned;
  expect(plan.title).toBe('take up job jump2:1: seed db2 → db1');
  const [step] = plan.steps;
  expect(plan.steps.map(({ work, host }) => [work, host])).toEqual([['fence', 'db1']]);
  expect(Object.values(step?.commands ?? {}).map(({ script, args }) => [script, args.slice(0, 3)])).toEqual([
    ['host-fence', ['take', 'job=cafe', `by=${jump1}`]],
  ]);
  expect(draft.impact).toEqual([
    'db1: it has no lock and no unit of the job now',
    expect.stringMatching(/^jump2 was last heard of 5 min ago\. Should its runner wake up, .* refused on db1/),
  ]);
  expect(draft.kept?.[0]).toContain('reseed clean db1');
});
