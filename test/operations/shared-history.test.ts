// What an account of the shared database can change there, and a copy of a journal, and what a jump host then does: nothing to a host.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { otherJobs, sealedJob } from '../../src/history/read.ts';
import { answerOf, askAbort, withdraw } from '../../src/history/requests.ts';
import { takeTurn } from '../../src/history/ticks.ts';
import { HistoryTrouble } from '../../src/history/trouble.ts';
import { claimName, type Sender, sendJob } from '../../src/history/write.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import type { JobState } from '../../src/job/journal/record.ts';
import { answerRequests } from '../../src/operations/history/answer-requests.ts';
import { timesClaim } from '../../src/operations/history/claim-times.ts';
import { openMoments } from '../../src/operations/history/moments.ts';
import { tellAsOurs } from '../../src/operations/history/one-journal.ts';
import type { JobStore } from '../../src/operations/jobs/job-store.ts';
import { undoesLeft } from '../../src/operations/jobs/words/end-words.ts';
import { turnHere } from '../../src/operations/rules/turn.ts';
import { inventoryOf } from '../inventory/reading.ts';
import { addJob } from '../job/adding.ts';
import { openSmallHistory, type SmallHistory } from './small-history.ts';

const key = Buffer.from('5'.repeat(64));
const jump2 = '2'.repeat(32);
const seven = { host: 'jump2', id: 1 };

let database: SmallHistory;
vi.mock('../../src/history/connection.ts', async (original) => ({
  ...(await original<object>()),
  openHistory: async () => database,
}));

let folder: string;
let store: JobStore;
let journal: Journal;
let sender: Sender;
beforeEach(async () => {
  database = openSmallHistory();
  folder = await mkdtemp(join(tmpdir(), 'reseed-shared-'));
  const home = jobHome({ XDG_STATE_HOME: folder });
  const opened = openJournal(home.journal, Date.now);
  if (!opened) throw new Error('no journal');
  journal = opened;
  store = { home, journal };
  sender = { database, jump: jump2, name: 'jump2', key };
  // What is asked of this jump host gets as far as its inventory, and no further.
  await writeFile(join(folder, 'hosts.yaml'), 'readOnly: true\nhosts: { db1: {} }\n');
  await claimName(database, jump2, { name: 'jump2', build: 'test', token: 'first' });
  const settings = JSON.stringify({ host: '127.0.0.1', port: 1, database: 'reseed', account: '/none', tls: false });
  journal.sharing.join({ jump: jump2, name: 'jump2', settings, inventory: join(folder, 'hosts.yaml') }, 'first');
});
afterEach(async () => {
  journal.close();
  await rm(folder, { recursive: true });
});

function addedJob(state: JobState, rule?: string) {
  const plan = { kind: 'seed', title: 'seed db2 → db1', hosts: ['db1'], steps: [], destroys: [] } as const;
  const who = { account: 'ops', jumpHost: 'jump2', ...(rule !== undefined && { rule }) };
  const job = addJob(journal, { key: 'cafe', plan, targets: [], who });
  journal.setJob(job.id, state);
  return job;
}

async function sentJob(state: JobState, rule?: string): Promise<void> {
  const { id } = addedJob(state, rule);
  const rows = journal.sharing.rowsOf(id);
  if (!rows) throw new Error('it is not shared');
  await sendJob(sender, { job: id, rows, isOver: false, runner: 'alive' });
}

const asks = async () => await askAbort(database, key, seven, { key: 'cafe', who: 'ada' });
const putBack = () => database.change('UPDATE reseed_request SET is_done = NULL, asked = now(6)');

test('a request to end a job that has ended meanwhile puts no old data back: what it left is asked for by its own operators', async () => {
  await writeFile(join(folder, 'hosts.yaml'), 'hosts: { db1: {} }\n');
  addedJob('cleanup-needed');
  const moments = openMoments();
  await tellAsOurs(store, sender, moments.issue());
  const asked = await asks();
  await answerRequests(store, sender, join(folder, 'hosts.yaml'), moments);
  expect(await answerOf(database, key, asked)).toEqual({
    isDone: false,
    text: 'job 1 ended meanwhile: cleanup needed; reseed job show 1 tells how',
  });
  expect(journal.job(1)?.state).toBe('cleanup-needed');
});

test('a request that was answered or taken back, and that an account of the database puts there again, is refused', async () => {
  addedJob('running');
  let nowMs = 0;
  const moments = openMoments(() => nowMs);
  const answered = async () => {
    await answerRequests(store, sender, join(folder, 'hosts.yaml'), moments);
    return (await answerOf(database, key, asked))?.text;
  };
  await tellAsOurs(store, sender, moments.issue());
  const asked = await asks();
  expect(await answered()).toContain('db1 is read-only in the inventory');
  putBack();
  expect(await answered()).toBe('the request was answered before');
  database.change('DELETE FROM reseed_request');
  const second = await asks();
  expect(await withdraw(database, second.id)).toBe(true);
  putBack();
  nowMs += 26_000;
  await answerRequests(store, sender, join(folder, 'hosts.yaml'), moments);
  expect(await answerOf(database, key, second)).toMatchObject({
    isDone: false,
    text: expect.stringContaining('not of now'),
  });
  // Another sender has told other ones.
  putBack();
  await answerRequests(store, sender, join(folder, 'hosts.yaml'), openMoments());
  expect(await answerOf(database, key, second)).toMatchObject({
    isDone: false,
    text: expect.stringContaining('not of now'),
  });
});

test('an answer that the other jump host did not seal is none', async () => {
  await tellAsOurs(store, sender, 'a nonce');
  const asked = await asks();
  database.change("UPDATE reseed_request SET is_done = 1, answer = 'job 1 is asked to end'");
  expect(await answerOf(database, key, asked)).toEqual({
    isDone: false,
    text: 'its answer is not sealed by the key that is shared here (history: key)',
  });
});

test('a job whose plan or state an account of the database has changed is not shown to be ended', async () => {
  await sentJob('running');
  expect(await sealedJob(database, key, seven)).toMatchObject({ job: { plan: { title: 'seed db2 → db1' } } });
  database.change("UPDATE reseed_plan SET written = replace(written, 'seed db2', 'snapshot of db9')");
  expect(await sealedJob(database, key, seven)).toEqual({
    name: 'jump2:1',
    why: 'its row is not sealed by jump2 with the key that is shared here (history: key)',
  });
});

test('a row that is nested 200,000 deep is named as damaged, and the other jobs are shown; so is one that is too large', async () => {
  await sentJob('running');
  addedJob('running');
  const rows = journal.sharing.rowsOf(2);
  if (!rows) throw new Error('it is not shared');
  const deep = {
    ...rows.written,
    plan: `{"kind":"x","title":"t","hosts":[],"destroys":[],"steps":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  };
  await sendJob(sender, { job: 2, rows: { ...rows, written: deep }, isOver: false, runner: 'alive' });
  const step = {
    job: 1,
    position: 1,
    name: 's',
    state: 'done',
    result: `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  };
  addedJob('running');
  const third = journal.sharing.rowsOf(3);
  if (!third) throw new Error('it is not shared');
  const state = { ...third.state, steps: [step] };
  await sendJob(sender, { job: 3, rows: { ...third, state }, isOver: false, runner: 'alive' });
  addedJob('running');
  const large = {
    ...journal.sharing.rowsOf(4),
    written: { plan: 'x'.repeat(9 * 1024 * 1024) },
  } as unknown as typeof rows;
  await sendJob(sender, { job: 4, rows: large, isOver: false, runner: 'alive' });
  addedJob('running');
  const fifth = journal.sharing.rowsOf(5);
  if (!fifth) throw new Error('it is not shared');
  const late = { ...fifth, written: { ...fifth.written, created_ms: 9e15 } };
  await sendJob(sender, { job: 5, rows: late, isOver: false, runner: 'alive' });
  const { jobs, unread } = await otherJobs(database, '1'.repeat(32), 10);
  expect(jobs.map(({ name }) => name)).toEqual(['jump2:1']);
  expect(unread).toEqual(
    expect.arrayContaining([
      { name: 'jump2:2', why: expect.stringContaining('damaged') },
      { name: 'jump2:3', why: expect.stringContaining('damaged') },
      { name: 'jump2:4', why: 'its row is too large' },
      { name: 'jump2:5', why: expect.stringContaining('created_ms') },
    ]),
  );
});

/** The same journal on a machine that was cloned: it knows what this one knew. */
function cloned(): JobStore {
  const tokens = journal.sharing.addToken('last of both');
  const sharing = { ...journal.sharing, addToken: (token: string) => [...tokens, token] };
  return { ...store, journal: { ...journal, sharing } };
}

test('a copy of a journal writes nothing under the same name, and begins no time of a schedule', async () => {
  await tellAsOurs(store, sender);
  const copy = cloned();
  await tellAsOurs(store, sender);
  await expect(tellAsOurs(copy, sender)).rejects.toThrow('another journal writes there under the name of this one');
  await tellAsOurs(store, sender);
  const inventory = { ...inventoryOf('hosts: { db1: {} }'), fleet: 'practice' };
  expect(await timesClaim(store, inventory)?.([run(1)])).toEqual([{ run: 1, is: 'mine' }]);
  expect(await timesClaim(copy, inventory)?.([run(1)])).toMatchObject([
    { is: 'unknown', why: expect.stringContaining('another journal') },
  ]);
});

test('what a job of another jump host has left is undone there: here its number is of another job', () => {
  const { id } = addedJob('cleanup-needed');
  expect([undoesLeft({ id }), undoesLeft({ id }, 'jump2')]).toEqual([
    'reseed job abort 1 undoes what is left',
    'on jump2: reseed job abort 1 undoes what is left',
  ]);
});

const run = (id: number, reason?: string) =>
  ({ id, schedule: 'nightly', hosts: [`db${id}`], dueMs: 60_000, ...(reason && { reason }) }) as never;

test('a time that this jump host has taken is left to no owner when the database dies before it answers', async () => {
  const history = { owner: 'jump1' } as never;
  const inventory = { ...inventoryOf('hosts: { db1: {} }'), fleet: 'practice', history };
  let asked = 0;
  database.before = (sql) => {
    if (sql.startsWith('INSERT')) asked += 1;
    else if (asked > 0) throw new HistoryTrouble('it closed the connection');
  };
  const claim = timesClaim(store, inventory);
  const [first] = (await claim?.([run(1), run(2)])) ?? [];
  expect(first).toMatchObject({ is: 'unknown', why: expect.stringContaining('it closed the connection') });
  // One row for all hosts of a schedule.
  expect(asked).toBe(1);
  const why = first && 'why' in first ? first.why : '';
  database.before = () => {
    throw new HistoryTrouble('it refuses connections');
  };
  expect(await claim?.([run(1, why)])).toMatchObject([{ is: 'unknown' }]);
  expect(await claim?.([run(1)])).toMatchObject([{ is: 'elsewhere', why: expect.stringContaining('as the owner') }]);
  database.before = () => undefined;
  expect(await claim?.([run(1, why)])).toEqual([{ run: 1, is: 'mine' }]);
});

describe('a time of a schedule whose row an account of the database has written', () => {
  const inventory = { ...inventoryOf('hosts: { db1: {} }'), fleet: 'practice' };
  const claimed = async (dueMs = 60_000) =>
    await timesClaim(store, inventory)?.([{ ...(run(1) as object), dueMs } as never]);
  const jump3 = '3'.repeat(32);
  const rowOf = async (jump: string, taken: string, dueMs = 60_000) => {
    await claimed(dueMs);
    database.change(`UPDATE reseed_tick SET jump = ?, taken = ${taken}`, jump);
  };

  test('waits and is told, and is not left to a jump host that is none', async () => {
    await rowOf(jump3, 'NOW(6)');
    expect(await claimed()).toEqual([
      {
        run: 1,
        is: 'unknown',
        why: 'who has this time is not known: its row is of a jump host that the database does not have. Begin it: reseed schedule run nightly',
      },
    ]);
  });

  test.each([
    ['that was not heard of then', 'NOW(6) - INTERVAL 10 SECOND', 'NOW(6) - INTERVAL 3600 SECOND', 60_000],
    ['that is heard of in a time to come', 'NOW(6)', 'NOW(6) - INTERVAL 0 SECOND + 86400', 60_000],
    ['long before its time', 'NOW(6) - INTERVAL 86400 SECOND', 'NOW(6)', Date.now()],
  ])('waits, where it names a jump host %s', async (_, taken, heard, dueMs) => {
    await claimName(database, jump3, { name: 'jump3', build: 'test', token: 'one' });
    await rowOf(jump3, taken, dueMs);
    database.change(`UPDATE reseed_jump_host SET heard = ${heard} WHERE id = ?`, jump3);
    expect(await claimed(dueMs)).toMatchObject([
      { is: 'unknown', why: expect.stringContaining('its row is of jump3') },
    ]);
  });

  test('is left to a jump host that was heard of then, also if it is gone since', async () => {
    await claimName(database, jump3, { name: 'jump3', build: 'test', token: 'one' });
    await rowOf(jump3, 'NOW(6) - INTERVAL 7000 SECOND');
    database.change('UPDATE reseed_jump_host SET heard = NOW(6) - INTERVAL 7000 SECOND WHERE id = ?', jump3);
    expect(await claimed()).toEqual([{ run: 1, is: 'elsewhere', why: 'jump3 has this time' }]);
  });

  test('carries no rule out, and says so', async () => {
    await takeTurn(database, jump3, 'practice');
    expect(await turnHere(store, inventory, 0)).toEqual({
      why: {
        text: 'whether another jump host does it is not known: its row is of a jump host that the database does not have',
      },
    });
  });
});

test('a line that says that the database is away goes with the next answer, where nothing waits', async () => {
  journal.sharing.setAway({ sinceMs: 1, why: 'it did not answer within 3 s' });
  await timesClaim(store, inventoryOf('hosts: { db1: {} }'))?.([run(1)]);
  expect(journal.sharing.away()).toBeUndefined();
});

test('what is sent for an identity that the journal had before is not noted for the one that it has now', async () => {
  addedJob('running');
  const rows = journal.sharing.rowsOf(1);
  journal.sharing.leave();
  journal.sharing.join({ jump: '3'.repeat(32), name: 'jump3', settings: '{}', inventory: '/x' }, 'token');
  if (rows) journal.sharing.sent(jump2, 1, { ...rows, seq: 1000 });
  expect(journal.sharing.waiting()).toBeGreaterThan(0);
});

describe('what rules have planned', () => {
  const jump1 = '1'.repeat(32);
  const inventory = { ...inventoryOf('hosts: { db1: {} }'), fleet: 'practice' };
  const turn = () => turnHere(store, inventory, 0);
  const hourLater = (hours: number) => database.change('UPDATE reseed_tick SET due_ms = due_ms - ?', hours * 3_600_000);

  test('is carried out by one jump host at a time, and by another only after two hours without a word of it', async () => {
    await claimName(database, jump1, { name: 'jump1', build: 'test', token: 'one' });
    expect(await takeTurn(database, jump1, 'practice')).toEqual({});
    expect(await turn()).toEqual({ why: { text: expect.stringContaining('jump host jump1'), isPassing: true } });
    hourLater(1);
    expect(await turn()).toMatchObject({ why: { isPassing: true } });
    expect(await takeTurn(database, jump1, 'practice')).toEqual({});
    expect(await takeTurn(database, jump1, 'practice')).toEqual({});
    hourLater(2);
    expect(await turn()).toEqual({ earlier: [] });
    expect(await takeTurn(database, jump1, 'practice')).toEqual({ other: 'jump2' });
    // Another fleet is another matter.
    expect(await takeTurn(database, jump1, 'stage')).toEqual({});
  });

  test('waits for the recoveries that rules of other jump hosts began, and not for the jobs of people', async () => {
    await claimName(database, jump1, { name: 'jump1', build: 'test', token: 'one' });
    await sentJob('running', 'broken');
    await sentJob('running');
    for (const table of ['job', 'plan']) database.change(`UPDATE reseed_${table} SET jump = ?`, jump1);
    expect(await turn()).toMatchObject({ earlier: [{ name: 'job jump1:1', job: { state: 'running' } }] });
    database.change(`UPDATE reseed_job SET state = '{'`);
    expect(await turn()).toEqual({ why: { text: expect.stringMatching(/^job jump1:1 of a rule can not be read/) } });
  });

  test('is carried out by none while the database is away, or before this account has joined it', async () => {
    database.before = () => {
      throw new HistoryTrouble('it refuses connections');
    };
    expect(await turn()).toEqual({
      why: { text: 'whether another jump host does it is not known: history: it refuses connections' },
    });
    journal.sharing.leave();
    expect(await turn()).toEqual({ earlier: [] });
    const named = { ...inventory, history: {} as never };
    expect(await turnHere(store, named, 0)).toEqual({ why: { text: expect.stringContaining('reseed history join') } });
  });
});
