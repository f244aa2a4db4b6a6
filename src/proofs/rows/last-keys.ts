// Where a table ends, for its proof: the last keys that both sides have when its end comes up. Rows that the source gets behind them came while the job ran; a table that grows as
// fast as it is read would never be over.
import { abortWords } from '../../job/runner/abort.ts';
import { failed } from '../../job/runner/step-end.ts';
import { readBound } from './answers.ts';
import type { KeyPart } from './definition.ts';
import { givenOf } from './given.ts';
import { type Asked, ask, type SideTools } from './sides.ts';
import type { Key } from './statements.ts';
import { stillBehind } from './verdict.ts';

/** The statements that tell the last key (statements.ts), as each side is asked. */
export interface LastQuestions {
  readonly source: string;
  readonly replica: string;
}

/**
 * Of the replica once it has all that the source had when that was asked: the replica's comes first, since it has all rows of the source up to that but those it lacks. Empty: neither
 * has a row there.
 */
export async function lastKeys(
  tools: SideTools,
  questions: LastQuestions,
  parts: readonly KeyPart[],
): Promise<{ readonly ok: true; readonly keys: readonly Key[] } | Exclude<Asked, { ok: true }>> {
  const source = await ask(tools, 'source', { ask: { last: questions.source } });
  if (!source.ok) return source;
  const gtid = givenOf(source.told.state);
  let replica = await ask(tools, 'replica', { ask: { last: questions.replica }, gtid });
  const sinceMs = tools.watchedMs();
  while (replica.ok && !replica.told.hasCome) {
    const behind = await stillBehind(tools, replica.told, tools.watchedMs() - sinceMs);
    if (behind) return behind;
    if (tools.signal.aborted) return failed(abortWords);
    replica = await ask(tools, 'replica', { ask: { last: questions.replica }, gtid });
  }
  if (!replica.ok) return replica;
  const found = [replica.told, source.told].map((told) => readBound(told, 'last', parts));
  if (found.includes(undefined))
    return { ok: false, is: 'unread', why: 'a value of its key is not in the form of its column' };
  return { ok: true, keys: found.filter((key) => key != null) };
}
