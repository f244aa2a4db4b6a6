// A proof of rows takes no lock: what it says where the data of a side is replaced while it compares.
import { expect, test } from 'vitest';
import type { StepProgress } from '../../../src/job/journal/record.ts';
import { asJson } from '../../../src/job/plan/step-work.ts';
import { compareRows } from '../../../src/proofs/rows/compare.ts';
import { dataIdOf } from '../../../src/proofs/rows/data-id.ts';
import { equalTables } from '../../../src/proofs/rows/few.ts';
import { listTables } from '../../../src/proofs/rows/list-tables.ts';
import { planRows } from '../../../src/proofs/rows/plan.ts';
import { verdictOn } from '../../../src/proofs/rows/verdict.ts';
import { printed, stepTools } from '../../job/step-tools.ts';
import { side } from '../../seed/sides.ts';
import { answering, answerOf } from './answering.ts';

const a = { rows: 5, total: 100 };
const questions = { source: 'SELECT 1', replica: 'SELECT 1', mayNarrow: false };
const dataIds = { source: '1790000000', replica: '1790000000' };

test('a replica that is seeded between two ranges is not told as equal: the proof ends, and is to begin anew', async () => {
  const { tools } = answering({ source: [a], replica: [a, { ...a, made: '1790009999' }] });
  const compared = { ...tools, dataIds };
  expect(await verdictOn(compared, questions)).toMatchObject({ is: 'equal' });
  const end = await verdictOn(compared, questions);
  expect(end).toMatchObject({
    ok: false,
    message: expect.stringContaining('db2 has other data than when its tables were listed'),
    advice: 'begin anew: reseed proof --rows db2',
  });
  expect(await equalTables(compared, [])).toEqual(end);
});

test('a proof that is resumed after a seed of its replica, with tables compared before, ends so too', async () => {
  const both = (made: string) => {
    const of = (name: string) => ({
      host: side(name).host,
      speaker: { vendor: 'mariadb', version: '10.11.19' } as const,
    });
    const [list, compare] = planRows(
      { source: of('db1'), replica: of('db2') },
      { maxLagSeconds: 10, maxLoad: 25 },
    ).steps;
    const answer = (key: string) => {
      const told = answerOf({ ...a, ...(key === 'replica' && { made }) });
      const more = [
        'answer\ntables\ndb\tname\ttype\tengine\tabout\tbytes\n73\t74\tBASE TABLE\tInnoDB\t1\t1',
        'answer\nlogstatus\nFile\tPosition\nbinlog.1\t4\n',
      ];
      return told.ok ? printed(`${told.stdout}${more.join('\n')}`) : told;
    };
    return { list, compare, answer };
  };
  const before = both('1790000000');
  const listed = await listTables.run(stepTools({ ...before, commands: before.list?.commands ?? {} }).tools);
  if (!listed.ok) throw new Error(listed.message);
  expect(listed.result).toMatchObject({ compare: [['73', '74', 1, 1]], dataIds });
  const after = both('1790009999');
  const { tools } = stepTools({
    ...after,
    commands: after.compare?.commands ?? {},
    input: { maxLagSeconds: 10, maxLoad: 25 },
    results: { 'rows-tables': asJson(listed.result) },
  });
  const told: StepProgress[] = [];
  const progress = (now: StepProgress) => void told.push(now);
  expect(await compareRows.run({ ...tools, progress, record: () => ({ steps: [] }) as never })).toMatchObject({
    message: expect.stringContaining('db2 has other data'),
  });
  // Said so in the journal: not even a difference that was found before is told of the present data.
  expect(told.at(-1)).toMatchObject({ place: { isVoid: true } });
});

test.each([
  ['a MySQL by its uuid', { serverUuid: 'ab-1' }, 'ab-1'],
  ['a MariaDB by when a file of its data was made', {}, '17'],
])('its data is known of %s', (_, server, id) => {
  const answers = new Map([['data', { rows: [new Map([['made', '17']])] }]]);
  expect(dataIdOf({ server } as never, answers as never)).toBe(id);
});

test('so it does where another server has the address of the source', async () => {
  const { tools } = answering({ source: [a, { ...a, made: '1790009999' }], replica: [a] });
  await verdictOn({ ...tools, dataIds }, questions);
  expect(await verdictOn({ ...tools, dataIds }, questions)).toMatchObject({
    message: expect.stringContaining('db1 has other data'),
  });
});
