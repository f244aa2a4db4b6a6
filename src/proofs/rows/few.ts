// Tables with few rows, several at a time: each would otherwise cost two ways to each host. Only what is equal at once is decided here.
import type { FailedStep } from '../../job/plan/step-work.ts';
import { isSame, readSum } from './answers.ts';
import type { Defined } from './definitions.ts';
import { givenOf } from './given.ts';
import type { TableName } from './names.ts';
import { ask, type SideTools } from './sides.ts';
import { sumQuestion } from './statements.ts';
import type { ListedTables } from './tables.ts';
import type { Verdict } from './verdict.ts';

export interface FewTable {
  readonly name: TableName;
  readonly defined: Defined;
}

const tablesAtOnce = 20;
const maxRows = 500;
const maxBytes = 1024 ** 2;

/** By the estimates of the source. */
export const isFew = ([, , rows, bytes]: ListedTables['compare'][number]): boolean =>
  rows < maxRows && bytes <= maxBytes;

/** Tables from this one on that are read together. */
export const fewFrom = ({ compare }: ListedTables, first: number): readonly number[] => {
  const some = compare.slice(first, first + tablesAtOnce);
  const end = some.findIndex((one) => !isFew(one));
  return some.slice(0, end === -1 ? some.length : end).map((_, at) => first + at);
};

/** Of the first tables that are equal, as many as are; what follows has to be read by itself. */
export async function equalTables(
  tools: SideTools,
  tables: readonly FewTable[],
): Promise<readonly Verdict[] | FailedStep> {
  const of = (side: keyof Defined) =>
    Object.fromEntries(tables.map(({ name, defined }, at) => [`s${at}`, sumQuestion(name, defined[side], {})]));
  const source = await ask(tools, 'source', { ask: of('source') });
  if (!source.ok) return 'is' in source ? [] : source;
  const gtid = givenOf(source.told.state);
  const replica = await ask(tools, 'replica', { ask: of('replica'), gtid });
  if (!replica.ok) return 'is' in replica ? [] : replica;
  if (!replica.told.hasCome) return [];
  const states = { source: source.told.state, replica: replica.told.state };
  const verdicts: Verdict[] = [];
  for (const at of tables.keys()) {
    const [one, other] = [readSum(source.told, `s${at}`), readSum(replica.told, `s${at}`)];
    if (typeof one === 'string' || typeof other === 'string' || !isSame(one, other)) break;
    const read = { source: one, replica: other, sourceMs: one.ms, replicaMs: other.ms };
    verdicts.push({ ok: true, is: 'equal', why: '', states, gtid, ...read });
  }
  return verdicts;
}
