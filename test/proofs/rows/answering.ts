// A source and a replica that answer rows.sh, for tests: each answer as a server prints it.
import type { RunOptions } from '../../../src/job/plan/step-work.ts';
import type { RemoteFailure } from '../../../src/remote/failure.ts';
import type { ExecResult } from '../../../src/remote/remote.ts';
import { exited, printed, timedOut } from '../../job/step-tools.ts';

export interface Said {
  /** Of the range; absent: an error of the server instead. */
  readonly rows?: number;
  readonly total?: number | string;
  readonly error?: string;
  /** Which the script ends with then; `timeout`: no answer came. */
  readonly status?: number | 'timeout';
  /** Of a replica: whether it has what was waited for. */
  readonly late?: boolean;
  readonly lag?: number | 'NULL';
  readonly running?: number;
  readonly applier?: 'Yes' | 'No';
  readonly gtid?: string;
  /** When a file of its data was made. */
  readonly made?: string;
}

export function answerOf({
  rows = 0,
  total = 0,
  error,
  status = 1,
  late = false,
  lag = 0,
  running = 1,
  applier = 'Yes',
  gtid = '0-11-7',
  made = '1790000000',
}: Said): ExecResult | RemoteFailure {
  if (status === 'timeout') return timedOut(error ?? '');
  if (error !== undefined) return exited(status, error);
  return printed(
    [
      `answer\nwaited\ncode\tno\n${late ? -1 : 0}\t0`,
      late ? 'answer\nsum\nlate\tit\n1\t1' : `answer\nsum\nn\ttotal\n${rows}\t${total}`,
      'answer\ntook sum\nus\tno\n2000\t0',
      `answer\nvariables\nVariable_name\tValue\nversion\t10.11.19-MariaDB\nserver_id\t11\nport\t3306\ngtid_binlog_pos\t${gtid}\ngtid_slave_pos\t${gtid}`,
      `answer\nstatus\nVariable_name\tValue\nThreads_running\t${running}\nUptime\t680`,
      `answer\ndata\nmade\tengine\n${made}\tInnoDB`,
      'answer\nchannels\nConnection_name\tSlave_IO_Running\tSlave_SQL_Running\tMaster_Host\tMaster_Port\tSeconds_Behind_Master\tUsing_Gtid',
      `\tYes\t${applier}\t10.77.0.11\t3306\t${lag}\tSlave_Pos`,
      '',
    ].join('\n'),
  );
}

/** Each side gives its answers one after the other, and the last one again and again. */
export function answering(sides: { readonly source: readonly Said[]; readonly replica: readonly Said[] }) {
  const asked = { source: 0, replica: 0 };
  const inputs: string[] = [];
  const said: string[] = [];
  const pauses: number[] = [];
  const answer = (key: string, options?: RunOptions) => {
    const side = key as keyof typeof sides;
    const at = asked[side]++;
    inputs.push(`${side} ${options?.stdin?.split('\n')[0]}`);
    return answerOf(sides[side][Math.min(at, sides[side].length - 1)] ?? {});
  };
  const commands = Object.fromEntries(
    ['source', 'replica'].map((key) => [
      key,
      { host: key === 'source' ? 'db1' : 'db2', script: 'rows' as const, args: [], deadlineMs: 1 },
    ]),
  );
  const tools = {
    step: { name: 'step', title: 'step', host: 'db2', work: 'work', input: {}, commands },
    signal: new AbortController().signal,
    pause: async (ms: number) => {
      pauses.push(ms);
    },
    run: async (key: string, options?: RunOptions) => answer(key, options),
    say: (text: string) => said.push(text),
    watchedMs: () => 0,
  };
  return { tools, asked, inputs, said, pauses };
}
