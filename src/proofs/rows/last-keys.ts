// Where a table ends, for its proof: the last keys that both sides have when its end comes up. Rows that the source gets behind them came while the job ran; a table that grows as
// fast as it is read would never be over.
import { readBound } from './answers.ts';
import type { KeyPart } from './definition.ts';
import { givenOf } from './given.ts';
import { type Asked, ask, askCaughtUp, type SideTools } from './sides.ts';
import type { Key } from './statements.ts';

/** The statements that tell the last key (statements.ts), as each side is asked. */
export interface LastQuestions {
  readonly source: string;
  readonly replica: string;
}

/**
 * The replica's first, then the source's. The replica is asked once it has all that the source had: what the source has behind the replica's last key is lacking there. Empty: neither has
 * a row in that range.
 */
export async function lastKeys(
  tools: SideTools,
  questions: LastQuestions,
  parts: readonly KeyPart[],
): Promise<{ readonly ok: true; readonly keys: readonly Key[] } | Exclude<Asked, { ok: true }>> {
  const source = await ask(tools, 'source', { ask: { last: questions.source } });
  if (!source.ok) return source;
  const gtid = givenOf(source.told.state);
  const replica = await askCaughtUp(tools, { ask: { last: questions.replica }, gtid });
  if (!replica.ok) return replica;
  const found = [replica.told, source.told].map((told) => readBound(told, 'last', parts));
  if (found.includes(undefined))
    return { ok: false, is: 'unread', why: 'a value of its key is not in the form of its column' };
  return { ok: true, keys: found.filter((key) => key != null) };
}
