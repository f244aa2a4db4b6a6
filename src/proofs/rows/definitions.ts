// The definitions of tables on both sides, some tables at a time: kept in memory, and asked for again by another runner.
import type { FailedStep } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { atLeast } from '../../snapshot/lock-words.ts';
import type { Told } from './answers.ts';
import { columnsQuestion, type Definition, differenceOf, keysQuestion, readDefinition } from './definition.ts';
import { givenOf } from './given.ts';
import { ask, type SideName, type SideTools } from './sides.ts';
import type { ListedTables } from './tables.ts';

export interface Defined {
  readonly source: Definition;
  readonly replica: Definition;
}
/** Why a table is not compared. */
export interface Undefined {
  readonly why: string;
}

const tablesAtOnce = 20;
const triesBehind = 60;

/** By the number of the table. */
export function definitionsOf(tools: SideTools, list: ListedTables) {
  const known = new Map<number, Defined | Undefined>();
  return async (index: number): Promise<Defined | Undefined | FailedStep> => {
    const found = known.get(index);
    if (found) return found;
    known.clear();
    const tables = list.compare.slice(index, index + tablesAtOnce).map(([db, name]) => ({ db, name }));
    const questions = Object.fromEntries(
      tables.flatMap((table, at) => [
        [`c${at}`, columnsQuestion(table)],
        [`k${at}`, keysQuestion(table)],
      ]),
    );
    const source = await definedOn(tools, 'source', questions, '');
    if ('ok' in source) return source;
    const replica = await definedOn(tools, 'replica', questions, givenOf(source.state));
    if ('ok' in replica) return replica;
    const listsJson = [source, replica].every(({ state }) => listsValues(state.server));
    for (const [at, table] of tables.entries()) {
      const [one, other] = [source, replica].map(({ answers }) =>
        readDefinition(table, answers.get(`c${at}`), answers.get(`k${at}`)),
      );
      known.set(index + at, pair(one, other, listsJson));
    }
    return known.get(index) ?? failed('a table of the list is not there');
  };
}

/** Whether it has JSON_TABLE. A MariaDB has no JSON but as text. */
const listsValues = ({ vendor, version }: Told['state']['server']) => vendor === 'mysql' && atLeast(version, [8, 0, 4]);

function pair(
  source: Definition | undefined,
  replica: Definition | undefined,
  listsJson: boolean,
): Defined | Undefined {
  if (!source || !replica) {
    return {
      why: `the ${source ? 'replica' : 'source'} does not have it any more, or does not tell how it is defined`,
    };
  }
  const difference = differenceOf(source, replica);
  return difference === undefined
    ? { source: { ...source, listsJson }, replica: { ...replica, listsJson } }
    : { why: `its definitions differ: ${difference}` };
}

async function definedOn(
  tools: SideTools,
  side: SideName,
  questions: Readonly<Record<string, string>>,
  gtid: string,
): Promise<Told | FailedStep> {
  for (let tries = 0; tries < triesBehind && !tools.signal.aborted; tries++) {
    const answer = await ask(tools, side, { ask: questions, gtid });
    if (!answer.ok) return 'is' in answer ? failed(answer.why) : answer;
    if (answer.told.hasCome) return answer.told;
    tools.say('waiting for the replica, which is behind');
  }
  return failed('the replica did not come to the position of the source', 'resume the job when it replicates');
}
