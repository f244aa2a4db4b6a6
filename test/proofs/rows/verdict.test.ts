// Whether a range of a table is called equal, different, or neither, by what the two servers tell at each reading.
import { describe, expect, test } from 'vitest';
import { whileHeld } from '../../../src/proofs/rows/hold.ts';
import { verdictOn } from '../../../src/proofs/rows/verdict.ts';
import { answering, type Said } from './answering.ts';

const questions = { source: 'SELECT 1', replica: 'SELECT 1', mayNarrow: false };
const a = { rows: 5, total: 100 };
const b = { rows: 5, total: 101 };
const c = { rows: 5, total: 102 };
const d = { rows: 4, total: 100 };

async function verdict(source: readonly Said[], replica: readonly Said[]) {
  const sides = answering({ source, replica });
  return { end: await verdictOn(sides.tools, questions), ...sides };
}

describe('a range', () => {
  test('is equal where the replica, once it has what the source had, has the same sum: one reading each', async () => {
    const { end, inputs } = await verdict([a], [a]);
    expect(end).toMatchObject({ ok: true, is: 'equal', sourceMs: 2, replicaMs: 2, gtid: '0-11-7' });
    expect(inputs).toEqual(['source wait  10', 'replica wait 302D31312D37 10']);
  });

  test('that the source changed between the readings is read again, and is equal then', async () => {
    const { end, asked } = await verdict([a, b], [b, b]);
    expect([end, asked]).toMatchObject([{ is: 'equal' }, { source: 2, replica: 2 }]);
  });

  test('is different where the replica differs three times from a source that stays as it is', async () => {
    const { end, asked } = await verdict([a], [d]);
    expect([end, asked]).toMatchObject([
      { is: 'different', why: '5 rows on the source, 4 on the replica' },
      { source: 4, replica: 3 },
    ]);
    expect((await verdict([a], [b])).end).toMatchObject({ why: '5 rows on both sides, with other values' });
  });

  test('of several rows is read in smaller ones as soon as it differs once', async () => {
    const { tools, asked } = answering({ source: [a], replica: [d] });
    expect(await verdictOn(tools, { ...questions, mayNarrow: true })).toMatchObject({ is: 'different' });
    expect(asked).toEqual({ source: 2, replica: 1 });
  });

  test('is equal where the replica differed twice, and no longer', async () => {
    expect((await verdict([a], [b, b, a])).end).toMatchObject({ is: 'equal' });
  });

  test('is not compared where the source changes it at each reading', async () => {
    const { end } = await verdict([a, b, c, a, b, c], [d]);
    expect(end).toMatchObject({ is: 'changing', why: 'the source changed it at each of 5 readings' });
  });

  test('is not compared where a row has no sum, and never equal by two sums that are none', async () => {
    const none = { rows: 5, total: `1${'0'.repeat(30)}` };
    const { end } = await verdict([none], [none]);
    expect(end).toMatchObject({ is: 'unread', why: expect.stringContaining('max_allowed_packet') });
  });

  test('is read once more where a busy host did not tell in time how to log in: one such moment ended a proof of hours', async () => {
    const late = { status: 124, error: 'ERROR: my_print_defaults did not say in its time what option files say' };
    const { end, asked, said } = await verdict([a], [late, late, a]);
    expect([end, asked]).toMatchObject([{ is: 'equal' }, { source: 1, replica: 3 }]);
    expect(said.at(-1)).toMatch(/asked again in 10 s$/);
  });

  test('is read once more where no answer came in time; after ten minutes without one the host is told', async () => {
    const late = { status: 'timeout', error: 'db2 gave no answer within 120 s' } as const;
    expect((await verdict([a], [late, late, a])).end).toMatchObject({ is: 'equal' });
    const { tools, asked } = answering({ source: [a], replica: [late] });
    let now = 0;
    const watchedMs = () => {
      now += 120_000;
      return now;
    };
    expect(await verdictOn({ ...tools, watchedMs }, questions)).toMatchObject({
      ok: false,
      message: expect.stringContaining('db2 gave no answer within 120 s'),
    });
    expect(asked.replica).toBe(5);
  });

  test('that takes too long, or that is gone, is told apart', async () => {
    const slow = {
      error: 'ERROR 1969 (70100) at line 5: Query execution was interrupted (max_statement_time exceeded)',
    };
    const gone = { error: "ERROR 1146 (42S02) at line 5: Table 'shop.orders' doesn't exist" };
    expect((await verdict([slow], [a])).end).toMatchObject({ is: 'slow' });
    expect((await verdict([a], [gone])).end).toMatchObject({ is: 'unread', why: expect.stringContaining('1146') });
  });

  test('is waited for while the replica is behind, and is not read there until it has come', async () => {
    const { end, said, asked } = await verdict([a], [{ late: true, lag: 40 }, { late: true, lag: 20 }, a]);
    expect([end, asked]).toMatchObject([{ is: 'equal' }, { source: 1, replica: 3 }]);
    expect(said).toEqual([
      'waiting for the replica, which lags by 40 s',
      'waiting for the replica, which lags by 20 s',
    ]);
  });

  test('is read again once a server that went away is back', async () => {
    const away = { error: 'ERROR 2013 (HY000) at line 5: Lost connection to server during query' };
    const { end, said } = await verdict([away, away, a], [a]);
    expect(end).toMatchObject({ is: 'equal' });
    expect(said[0]).toContain('Lost connection');
  });

  test('of a host that prints something else is no range, and ends the job', async () => {
    const { tools } = answering({ source: [], replica: [] });
    const end = await verdictOn(
      { ...tools, run: async () => ({ ok: true, stdout: 'equal\n', stderr: '' }) },
      questions,
    );
    expect(end).toMatchObject({ ok: false, message: expect.stringContaining('did not answer in the form') });
  });
});

describe('before each range', () => {
  const limits = { maxLagSeconds: 10, maxLoad: 25 };
  const first = async (source: readonly Said[], replica: readonly Said[]) => {
    const sides = answering({ source, replica });
    const { tools } = sides;
    const told = await verdictOn(tools, questions);
    if (!told.ok) throw new Error(told.message);
    sides.said.length = 0;
    let now = 0;
    const watchedMs = () => {
      now += 1000;
      return now;
    };
    const end = await whileHeld({ ...tools, watchedMs }, told.states, limits);
    return { end, said: sides.said };
  };

  test('nothing is waited for if neither lags nor has much to do', async () => {
    expect(await first([a], [a])).toEqual({ end: { ok: true, heldMs: 0 }, said: [] });
  });

  test('a lag above the limit is waited for', async () => {
    const { end, said } = await first([a], [{ ...a, lag: 11 }, { lag: 10 }]);
    expect(end).toMatchObject({ ok: true });
    expect(said).toEqual(['waiting: the replica lags by 11 s, and the limit is 10 s']);
  });

  test('so is a load of either side', async () => {
    const { said } = await first([{ ...a, running: 26 }, a], [a]);
    expect(said).toEqual(['waiting: 26 threads run on the source, and the limit is 25']);
  });

  test('an applier that does not run is not waited for without an end', async () => {
    const { end } = await first([a], [{ ...a, applier: 'No', lag: 'NULL' }]);
    expect(end).toMatchObject({
      ok: false,
      message: expect.stringContaining('the applier of the replica does not run'),
      advice: 'resume the job when it replicates',
    });
  });
});
