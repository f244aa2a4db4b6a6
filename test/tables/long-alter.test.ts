// A replica that applies one ALTER TABLE for hours, on its way to the coordinates of a dump and after it got its new tables.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadDump } from '../../src/seed/methods/dump/load-dump.ts';
import { catchUpTables } from '../../src/tables/steps/catch-up-tables.ts';
import { reachPosition } from '../../src/tables/steps/reach-position.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { tablesJob } from './tabling.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const minuteMs = 60_000;
const uuid = '07de3713-e6c4-11f1-b17e-525400770011';

interface At {
  readonly gtid: string;
  readonly runs: boolean;
  /** In the log of its source. */
  readonly applied: number;
  readonly lag: string;
}
const stateText = ({ gtid, runs, applied, lag }: At) =>
  [
    'answer\nvariables\nVariable_name\tValue\ndatadir\t/srv/mysql/data/\ngtid_mode\tON\nhostname\tdb3\nlog_bin\tON\nport\t3306\nread_only\tON',
    `server_id\t13\nserver_uuid\tdaa5779a-e6ca-11f1-92dd-525400770013\nversion\t9.7.4-2\ngtid_executed\t${gtid}`,
    'answer\nstatus\nVariable_name\tValue\nThreads_connected\t1\nThreads_running\t2\nUptime\t680',
    'answer\nchannels\nReplica_IO_Running\tReplica_SQL_Running\tSource_Host\tSource_User\tSource_Port\tSource_Log_File\tRead_Source_Log_Pos\tRelay_Source_Log_File\tExec_Source_Log_Pos\tSeconds_Behind_Source\tLast_SQL_Errno\tLast_IO_Errno\tAuto_Position\tChannel_Name',
    `Yes\t${runs ? 'Yes' : 'No'}\t10.77.0.11\trepl\t3306\tbinlog.000007\t9000\tbinlog.000007\t${applied}\t${lag}\t0\t0\t1\t`,
    '',
  ].join('\n');

/** Asked once a minute. */
async function carriedOut(kind: typeof reachPosition | typeof catchUpTables, tellAt: (minute: number) => At) {
  const planned = kind.plan({ ...tablesJob(), replica: { ran: true, rows: true } });
  let minute = 0;
  const { tools } = stepTools({
    commands: planned.commands,
    input: planned.input,
    results: { [loadDump.kind]: { gtid: `${uuid}:1-60` } },
    answer: (key) => {
      if (key !== 'state') return printed('');
      minute++;
      vi.advanceTimersByTime(minuteMs);
      return printed(stateText(tellAt(minute)));
    },
  });
  return { end: await kind.run({ ...tools, step: planned }), minutes: minute };
}

const altering = { gtid: `${uuid}:1-59`, runs: true, applied: 8000 } as const;

test('is brought to them, though it has applied nothing for two hours', async () => {
  const { end } = await carriedOut(reachPosition, (minute) =>
    minute < 120
      ? { ...altering, lag: String(minute * 60) }
      : { gtid: `${uuid}:1-60`, runs: false, applied: 9000, lag: 'NULL' },
  );
  expect(end).toEqual({ ok: true });
});

test('and catches up after it, though the ALTER TABLE takes three hours', async () => {
  const { end } = await carriedOut(catchUpTables, (minute) =>
    minute < 180
      ? { ...altering, lag: String(minute * 60) }
      : { ...altering, gtid: `${uuid}:1-60`, applied: 9000, lag: '0' },
  );
  expect(end).toEqual({ ok: true });
});

test('one that has applied all that it has received, and gets no more, is given up after half an hour', async () => {
  const { end, minutes } = await carriedOut(reachPosition, () => ({ ...altering, applied: 9000, lag: '0' }));
  expect(end).toMatchObject({
    ok: false,
    message: expect.stringMatching(/has applied nothing for 31 min, and lacks .*:60$/),
  });
  expect(minutes).toBe(33);
});

/** What a test without an end would be told at last. */
const away = { gtid: `${uuid}:1-60`, runs: true, applied: 9000, lag: '0' } as const;
const stopped = { ...altering, runs: false, lag: 'NULL' } as const;

test('one whose applier a DBA or a backup stops on the way, and does not start again, is given up after half an hour, with the reason', async () => {
  const { end, minutes } = await carriedOut(reachPosition, (minute) => (minute < 200 ? stopped : away));
  expect(end).toMatchObject({
    ok: false,
    message: expect.stringMatching(/has applied nothing for 31 min, and lacks .*:60$/),
    advice: 'its applier was stopped by others: begin again, and let it run',
  });
  expect(minutes).toBe(33);
});

test('and one with its new tables after an hour', async () => {
  const { end, minutes } = await carriedOut(catchUpTables, (minute) => (minute < 200 ? stopped : away));
  expect(end).toMatchObject({
    ok: false,
    message: expect.stringMatching(/has applied nothing for 1 h$/),
    advice: 'the new tables stay; its applier was stopped by others: start it',
  });
  expect(minutes).toBe(62);
});
