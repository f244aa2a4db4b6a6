// A replica on its way to the coordinates of a dump: what it does where its applier fails, or has gone too far.
import { describe, expect, test } from 'vitest';
import { loadDump } from '../../src/seed/methods/dump/load-dump.ts';
import { goOnWords, holdWords, passOverWords, restWords, untilWords } from '../../src/tables/applier-words.ts';
import { holdApplier } from '../../src/tables/steps/hold-applier.ts';
import { reachPosition } from '../../src/tables/steps/reach-position.ts';
import { swapTables } from '../../src/tables/steps/swap-tables.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { tablesJob } from './tabling.ts';

const uuid = '07de3713-e6c4-11f1-b17e-525400770011';

interface At {
  readonly gtid: string;
  readonly runs?: boolean;
  readonly error?: string;
  /** Of its connection. */
  readonly away?: string;
}
/** As the server of db3 prints it. */
const stateText = ({ gtid, runs = false, error = '', away = '' }: At) =>
  [
    'answer\nvariables\nVariable_name\tValue\ndatadir\t/srv/mysql/data/\ngtid_mode\tON\nhostname\tdb3\nlog_bin\tON\nport\t3306\nread_only\tON',
    `server_id\t13\nserver_uuid\tdaa5779a-e6ca-11f1-92dd-525400770013\nversion\t9.7.4-2\ngtid_executed\t${gtid}`,
    'answer\nstatus\nVariable_name\tValue\nThreads_connected\t1\nThreads_running\t2\nUptime\t680',
    'answer\nchannels\nReplica_IO_Running\tReplica_SQL_Running\tSource_Host\tSource_User\tSource_Port\tLast_SQL_Errno\tLast_SQL_Error\tLast_IO_Errno\tLast_IO_Error\tAuto_Position\tChannel_Name',
    `${away === '' ? 'Yes' : 'Connecting'}\t${runs ? 'Yes' : 'No'}\t10.77.0.11\trepl\t3306\t${error === '' ? 0 : 1032}\t${error}\t${away === '' ? 0 : 2003}\t${away}\t1\t`,
    '',
  ].join('\n');

function reaching(states: readonly At[], rows = true) {
  const { commands, input } = reachPosition.plan({ ...tablesJob(), replica: { ran: true, rows } });
  const ran: string[] = [];
  let at = 0;
  const acting = stepTools({
    commands,
    input,
    results: { [loadDump.kind]: { gtid: `${uuid}:1-60` } },
    answer: (key, options) => {
      ran.push([key, options?.stdin?.trim()].filter(Boolean).join(' '));
      if (key !== 'state') return printed('');
      const state = states[Math.min(at, states.length - 1)];
      at += 1;
      return printed(stateText(state ?? { gtid: '' }));
    },
  });
  return { end: reachPosition.run(acting.tools), ran, ...acting };
}

const acts = (ran: readonly string[]) => ran.filter((one) => one !== 'state');

describe('a replica is brought to the coordinates of the dump', () => {
  test('and is there once it has exactly these', async () => {
    const { end, ran } = reaching([
      { gtid: `${uuid}:1-50` },
      { gtid: `${uuid}:1-55`, runs: true },
      { gtid: `${uuid}:1-60` },
    ]);
    expect(await end).toEqual({ ok: true });
    expect(acts(ran)).toEqual([`until gtid ${uuid}:1-60`]);
  });

  test('also where its source is away for a moment: that is no error of its applier', async () => {
    const away = 'error reconnecting to source';
    const { end, ran } = reaching([
      { gtid: `${uuid}:1-50`, away },
      { gtid: `${uuid}:1-50`, away },
      { gtid: `${uuid}:1-60`, away },
    ]);
    expect(await end).toEqual({ ok: true });
    expect(acts(ran)).toEqual([`until gtid ${uuid}:1-60`]);
  });

  test('without the events of the named tables where its applier fails on the way', async () => {
    const failing = {
      gtid: `${uuid}:1-52`,
      error: 'Could not execute Update_rows event on table shop.customers; no such row',
    };
    const { end, ran, notes } = reaching([{ gtid: `${uuid}:1-50` }, failing, failing, { gtid: `${uuid}:1-60` }]);
    expect(await end).toEqual({ ok: true });
    expect(acts(ran)).toEqual([`until gtid ${uuid}:1-60`, 'passed', 'pass over', `until gtid ${uuid}:1-60`]);
    expect(notes.join()).toContain('events of shop.customers are left out');
  });

  test('and where an XA transaction comes then, the advice is no more the same seed again, which fails there again', async () => {
    const failing = {
      gtid: `${uuid}:1-52`,
      error: 'Could not execute Update_rows event on table shop.customers; no such row',
    };
    const xa =
      'The use of replication filters with XA transactions is not supported, and can lead to an undefined state in the replica.';
    const { end } = reaching([{ gtid: `${uuid}:1-50` }, failing, failing, { gtid: `${uuid}:1-55`, error: xa }]);
    expect(await end).toMatchObject({
      ok: false,
      advice:
        'a MySQL applies no XA transaction while events of some tables are left out: seed it as a whole (--method delta, or lvm)',
    });
  });

  test('not where its source logs statements: none can be left out for these tables alone', async () => {
    const error = 'Could not execute Update_rows event on table shop.customers; no such row';
    const { end, ran } = reaching([{ gtid: `${uuid}:1-50` }, { gtid: `${uuid}:1-52`, error }], false);
    expect(await end).toMatchObject({ ok: false, advice: expect.stringContaining('its source may log statements') });
    expect(acts(ran)).toEqual([`until gtid ${uuid}:1-60`]);
  });

  test('not if the error is of another table', async () => {
    const { end } = reaching([
      { gtid: `${uuid}:1-50` },
      { gtid: `${uuid}:1-52`, error: 'Could not execute Update_rows event on table shop.customers_old; no such row' },
    ]);
    expect(await end).toMatchObject({ ok: false, advice: expect.stringContaining('not of the named tables') });
  });

  interface MariadbAt {
    readonly gtid: string;
    readonly io: string;
    readonly runs?: boolean;
    readonly error?: string;
  }
  const mariadbText = ({ gtid, io, ...at }: MariadbAt) =>
    stateText({ gtid: '', ...at })
      .replace('9.7.4-2', `10.11.19-MariaDB\ngtid_slave_pos\t${gtid}`)
      .replaceAll('Replica_', 'Slave_')
      .replaceAll('Source_', 'Master_')
      .replace('\nYes\t', `\n${io}\t`);
  async function mariadb(...states: MariadbAt[]) {
    const { commands, input } = reachPosition.plan({ ...tablesJob(), replica: { ran: true, rows: true } });
    const ran: string[] = [];
    const told = states.map(mariadbText);
    const answer = (key: string) =>
      printed(ran.push(key) > 0 && key === 'state' ? ((told.length > 1 ? told.shift() : told[0]) ?? '') : '');
    const results = { [loadDump.kind]: { gtid: '0-1-60' } };
    return { end: await reachPosition.run(stepTools({ commands, input, results, answer }).tools), acts: acts(ran) };
  }

  test('not where the receiver of a MariaDB has lost its source: its relay logs would be deleted', async () => {
    expect(await mariadb({ gtid: '0-1-50', io: 'Connecting' })).toMatchObject({
      end: { ok: false, message: expect.stringContaining('its receiver is not connected to its source') },
      acts: [],
    });
    const ends = await mariadb({ gtid: '0-1-50', io: 'Yes' }, { gtid: '0-1-60', io: 'No' });
    expect(ends).toEqual({ end: { ok: true }, acts: ['until'] });
  });

  test('by a runner that resumes: UNTIL has ended the receiver of a MariaDB, which is there or on its way', async () => {
    expect(await mariadb({ gtid: '0-1-60', io: 'No' })).toEqual({ end: { ok: true }, acts: [] });
    const onItsWay = await mariadb({ gtid: '0-1-55', io: 'No', runs: true }, { gtid: '0-1-60', io: 'No' });
    expect(onItsWay).toEqual({ end: { ok: true }, acts: [] });
  });

  test('of a MariaDB without the events of the named tables, though UNTIL has ended its receiver', async () => {
    const error = 'Could not execute Update_rows_v1 event on table shop.customers; no such row';
    const failing = { gtid: '0-1-52', io: 'No', error };
    const ends = await mariadb({ gtid: '0-1-50', io: 'Yes' }, failing, failing, { gtid: '0-1-60', io: 'No' });
    expect(ends).toEqual({ end: { ok: true }, acts: ['until', 'passed', 'pass over', 'until'] });
  });

  test('no words but UNTIL stop the receiver of a MariaDB: a start of both deletes its relay logs', () => {
    const speaker = { vendor: 'mariadb', version: '10.11.19' } as const;
    const words = [holdWords(speaker), passOverWords(speaker, ['shop.a']), restWords(speaker), goOnWords(speaker)];
    for (const one of words) expect(one).not.toMatch(/STOP SLAVE(?! SQL_THREAD)/);
    expect(untilWords(speaker)).toMatch(/^STOP SLAVE; START SLAVE UNTIL/);
  });

  test('not if it was started meanwhile and has gone beyond them', async () => {
    const { end, ran } = reaching([{ gtid: `${uuid}:1-61` }]);
    expect(await end).toMatchObject({
      ok: false,
      message: expect.stringContaining('it has gone beyond the coordinates'),
    });
    expect(acts(ran)).toEqual([]);
  });
});

test.each([
  { gtid: `${uuid}:1-59`, runs: false },
  { gtid: `${uuid}:1-60`, runs: true },
])('tables are not put in place of a replica that is elsewhere, or whose applier runs: $gtid $runs', async (at) => {
  const { commands, input } = swapTables.plan(tablesJob());
  const ran: string[] = [];
  const { tools } = stepTools({
    commands,
    input,
    results: { [loadDump.kind]: { gtid: `${uuid}:1-60` } },
    answer: (key) => {
      ran.push(key);
      return printed(stateText(at));
    },
  });
  expect(await swapTables.run(tools)).toMatchObject({ ok: false });
  expect(ran).not.toContain('run');
});

test('its own transactions, which no source has, do not keep it from being there', async () => {
  const own = 'daa5779a-e6ca-11f1-92dd-525400770013:1-3';
  const { end } = reaching([{ gtid: `${own},${uuid}:1-50` }, { gtid: `${own},${uuid}:1-60` }]);
  expect(await end).toEqual({ ok: true });
});

test('an applier that ran is started again by an undo, without a filter', () => {
  const { commands } = holdApplier.plan(tablesJob());
  expect(commands.undo?.args).toContain('ran=yes');
  expect(commands.undo?.args.join()).toMatch(/REPLICATE_IGNORE_TABLE = \(\); START REPLICA;,rest=/);
});
