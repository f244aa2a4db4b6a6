// What a schedule is refused before any host is asked.
import { expect, test } from 'vitest';
import { planRun } from '../../src/operations/schedules/plan-run.ts';
import { inventoryOf } from '../inventory/reading.ts';

test('a prune of a schedule that would leave nothing, by the rule of its host, is refused', async () => {
  const inventory = inventoryOf(`hosts: { db1: { snapshot: { keep: 0 } } }
schedules: { p: { cron: 0 5 * * *, do: prune, hosts: db1 } }
`);
  const [schedule] = inventory.schedules ?? [];
  if (!schedule) throw new Error('no schedule');
  const by = { key: 'cafe', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };
  expect(await planRun(inventory, { schedule, hosts: ['db1'] }, by, new AbortController().signal)).toMatchObject({
    ok: false,
    refusal: { kind: 'refused', message: 'keep: 0 would leave no snapshot of db1, and no schedule does that' },
  });
});
