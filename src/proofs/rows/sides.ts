// The two servers of a proof of rows, asked by rows.sh; and what an error of one means for the range that was read.
import type { FailedStep, StepTools } from '../../job/plan/step-work.ts';
import { abortWords } from '../../job/runner/abort.ts';
import { failed, notDone } from '../../job/runner/step-end.ts';
import { isLate } from '../../job/runner/until-reached.ts';
import type { WatchedMs } from '../../remote/deadline.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import { rowsInput } from '../../scripts/rows-words.ts';
import { cleanLine } from '../../text/clean.ts';
import { readTold, type Told } from './answers.ts';

export type SideName = 'source' | 'replica';

export type Asked =
  | { readonly ok: true; readonly told: Told }
  /** `slow`: it took too long; `unread`: this can't be read now, and others may. */
  | { readonly ok: false; readonly is: 'slow' | 'unread'; readonly why: string }
  | FailedStep;

/** The server did not give a statement its time (MariaDB, MySQL). */
const slowErrors = ['1969', '3024'];
/** A lock of the table, a table that was changed since the view was opened, a deadlock. */
const passingErrors = ['1205', '1412', '1213', '1615'];
/** No connection, or it ended: its server is started again, or shuts down. */
const awayErrors = ['2002', '2003', '2006', '2013', '2026', '1053', '1927', '1040'];

const triesOfTable = 4;
/** A server that is away, or a host that answers nothing, for longer is not only busy, or started again. */
const mostAwayMs = 10 * 60_000;
const againMs = 10_000;
/** The replica does not come to the position of the source. */
const maxBehindMs = 30 * 60_000;
const behindAgainMs = 1000;

export interface Questions {
  readonly ask: Readonly<Record<string, string>>;
  /** GTIDs that it is to have. */
  readonly gtid?: string;
}

/** Of a MySQL or MariaDB, in its own wait. */
const waitSeconds = 10;

export type DataIds = { readonly [side in SideName]?: string | undefined };

export type SideTools = Pick<StepTools, 'run' | 'pause' | 'signal' | 'step'> & {
  /** What is waited for, to those who watch. */
  readonly say: (text: string) => void;
  /** Does not count while this machine was not scheduled: by it a server is judged. */
  readonly watchedMs: WatchedMs;
  /** The data that each side has to answer with; absent: any. */
  readonly dataIds?: DataIds | undefined;
  /** Called where a side answers with other data. */
  readonly onOtherData?: () => void;
};

/** Tried again where the server, or a lock, is the reason. */
export async function ask(tools: SideTools, side: SideName, { ask: questions, gtid = '' }: Questions): Promise<Asked> {
  const stdin = rowsInput({ gtid, waitSeconds, ask: questions });
  const host = tools.step.commands[side]?.host ?? '';
  const sinceMs = tools.watchedMs();
  for (let tries = 1; ; tries++) {
    if (tools.signal.aborted) return failed(abortWords);
    const answer = await tools.run(side, { stdin, again: true });
    if (answer.ok) {
      const told = readTold(answer.stdout);
      if (!told) return failed(`the server of ${host} did not answer in the form of its script`);
      const before = tools.dataIds?.[side];
      if (before === undefined || before === told.dataId) return { ok: true, told };
      tools.onOtherData?.();
      return otherData(host, tools.step.host);
    }
    const { end, why } = errorEnd(answer, host, { tries, awayMs: tools.watchedMs() - sinceMs });
    if (end) return end;
    tools.say(`${why}: asked again in ${againMs / 1000} s`);
    await tools.pause(againMs);
  }
}

/** Asks the replica once it has the GTIDs; until then it is waited for. */
export async function askCaughtUp(tools: SideTools, questions: Questions): Promise<Asked> {
  let answer = await ask(tools, 'replica', questions);
  const sinceMs = tools.watchedMs();
  while (answer.ok && !answer.told.hasCome) {
    const behind = await stillBehind(tools, answer.told, tools.watchedMs() - sinceMs);
    answer = behind ?? (await ask(tools, 'replica', questions));
  }
  return answer;
}

/** undefined: it is waited for. */
async function stillBehind(tools: SideTools, { state }: Told, behindMs: number): Promise<FailedStep | undefined> {
  const { sqlThread, lagSeconds, applierError } = state.channel ?? {};
  const lag = lagSeconds === undefined ? '' : `, which lags by ${lagSeconds} s`;
  const stopped =
    sqlThread === 'running' ? '' : `: its applier does not run${applierError ? ` (${applierError})` : ''}`;
  if (behindMs > maxBehindMs)
    return failed(
      `the replica did not come to the position of the source${stopped}`,
      'resume the job when it replicates',
    );
  tools.say(`waiting for the replica${lag}${stopped}`);
  await tools.pause(behindAgainMs);
  return undefined;
}

export const otherData = (host: string, replica: string): FailedStep =>
  failed(
    `${host} has other data than when its tables were listed: it was seeded or restored meanwhile, or another server has its address. What was compared before says nothing of it`,
    `begin anew: reseed proof --rows ${replica}`,
  );

interface Tried {
  readonly tries: number;
  /** Since it was asked first. */
  readonly awayMs: number;
}

/** `end` is absent where it is tried again. */
function errorEnd(
  answer: RemoteFailure,
  host: string,
  { tries, awayMs }: Tried,
): { readonly end?: Asked; readonly why: string } {
  const isAgain = awayMs < mostAwayMs;
  // What a busy host's script gave up waiting for (sql_client), or what did not come in time, says nothing of the server.
  if (isLate(answer) && isAgain) return { why: cleanLine(answer.message) };
  // Of the server, or its client.
  const code = answer.kind === 'exit' ? /^ERROR (\d{4,6})\b/m.exec(answer.stderr)?.[1] : undefined;
  if (code === undefined) return { end: notDone(answer), why: '' };
  const why = `the server of ${host} says: ${cleanLine(answer.printed.trim().split('\n').at(-1) ?? '')}`;
  if (slowErrors.includes(code)) return { end: { ok: false, is: 'slow', why }, why };
  if (awayErrors.includes(code)) return isAgain ? { why } : { end: failed(why, 'resume the job when it runs'), why };
  return passingErrors.includes(code) && tries < triesOfTable
    ? { why }
    : { end: { ok: false, is: 'unread', why }, why };
}
