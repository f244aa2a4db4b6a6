// Says whether the replica has the rows of its source: fails where something differs, and where nothing was compared.
import { defineStep, noInput, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { compareRows } from './compare.ts';
import { listTables } from './list-tables.ts';
import { countsText, differencesOf, foundText } from './result.ts';

export const judgeRows = defineStep({
  kind: 'rows-judge',
  input: noInput,
  result: noResult,
  plan: (replica: string) => ({
    name: 'judge rows',
    title: `succeed if all rows that were compared are equal, and fail if one of ${replica} differs`,
    host: replica,
    input: {},
    commands: {},
  }),
  run: async (tools) => judge(tools),
});

const maxNamed = 5;

function judge({ resultOf, step }: Pick<StepTools, 'resultOf' | 'step'>): StepEnd {
  const [compared, tables] = [resultOf(compareRows), resultOf(listTables)];
  if (!compared || !tables) return failed('nothing was compared');
  const differing = [
    ...tables.missing.map(({ table, why }) => `${table}: ${why}`),
    ...compared.differences.map(foundText),
  ];
  const count = tables.missing.length + differencesOf(compared);
  if (count > 0) {
    const more = count > maxNamed ? `; and ${count - maxNamed} more` : '';
    return failed(
      `${step.host} does not have the rows of its source: ${differing.slice(0, maxNamed).join('; ')}${more}`,
      `reseed report proof has all of them; reseed seed SOURCE ${step.host} --tables DB.TABLE --replace brings it a table, --method delta all`,
    );
  }
  if (compared.ranges === 0) return failed(`nothing was compared: ${countsText(compared)}`, 'see the log of the job');
  return { ok: true };
}
