// What a proof of rows that is done did not compare: an equal replica is one of what was read. Pure.
import { type StepsOf, stepOf } from '../../../job/steps-of.ts';
import { listTables } from '../../../proofs/rows/list-tables.ts';
import { comparedBy, foundText, notComparedOf } from '../../../proofs/rows/result.ts';

const maxNamed = 3;

export function notComparedWords(job: StepsOf): readonly string[] {
  const [tables, compared] = [stepOf(job, listTables)?.result, stepOf(job, comparedBy)?.result];
  if (!tables || !compared) return [];
  const all = [...tables.notCompared, ...compared.notCompared];
  const count = tables.notCompared.length + notComparedOf(compared);
  const more = count > maxNamed ? [`! not compared: ${count - maxNamed} more; reseed report proof has them`] : [];
  return [...all.slice(0, maxNamed).map((one) => `! not compared: ${foundText(one)}`), ...more];
}
