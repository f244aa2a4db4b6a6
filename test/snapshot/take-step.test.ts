// The step that takes a snapshot: what it notes from the output of take-snapshot.sh.
import { expect, test } from 'vitest';
import { takeSnapshot } from '../../src/snapshot/take-snapshot.ts';
import { printed, stepTools } from '../job/step-tools.ts';

test('sessions may have had temporary tables by the time of the lock, and the plan had said none: the log of the job said nothing', async () => {
  const noted = async (more: string) => {
    const { tools, notes } = stepTools({
      commands: { take: { host: 'db1', script: 'take-snapshot', args: [], deadlineMs: 1000 } },
      input: { group: 'vg', volume: 'copy', origin: 'data', locked: true, applierStopped: false },
      answer: () => printed(`locked_ms 7\n${more}gtid_executed: a:1-3\n`),
    });
    expect(await takeSnapshot.run(tools)).toMatchObject({ ok: true });
    return notes.slice(1);
  };
  expect(await noted('session_tables binlog_format=ROW, of sessions STATEMENT; sessions: 5\n')).toEqual([
    'whether sessions had temporary tables open then that the binary log uses is not known (binlog_format=ROW, of sessions STATEMENT; sessions: 5)',
  ]);
  expect(await noted('')).toEqual([]);
});
