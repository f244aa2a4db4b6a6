// The plan of a proof of rows: a replica is compared with its source while both work. It takes no lock, as it changes nothing, and may last for hours.
import type { Plan } from '../../job/plan/plan.ts';
import type { StepDefinition } from '../../job/plan/step-work.ts';
import type { SpokenSides } from './commands.ts';
import { compareRows } from './compare.ts';
import type { Limits } from './hold.ts';
import { judgeRows } from './judge.ts';
import { listTables } from './list-tables.ts';

export const rowsKinds: readonly StepDefinition[] = [listTables, compareRows, judgeRows];

/** The kind of its jobs. */
export const rowProof = 'row-proof';
export const isRowProof = ({ kind }: Pick<Plan, 'kind'>): boolean => kind === rowProof;

export function planRows(sides: SpokenSides, limits: Limits): Plan {
  const [source, replica] = [sides.source.host.name, sides.replica.host.name];
  return {
    kind: rowProof,
    title: `row proof ${replica}: has the rows of ${source}`,
    hosts: [replica, source],
    destroys: [],
    steps: [listTables.plan(sides), compareRows.plan({ ...sides, limits }), judgeRows.plan(replica)],
  };
}
