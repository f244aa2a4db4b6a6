// What a schedule is refused before any host is asked.
import { expect, test } from 'vitest';
import { planRun, termsOf } from '../../src/operations/schedules/plan-run.ts';
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

test('a staging host without room for two copies is refreshed by a schedule that says so, at the rate that it says', () => {
  const inventory = inventoryOf(`hosts: { db1: {}, stage1: {} }
schedules:
  small: { cron: 0 5 * * 1, do: seed, donor: db1, hosts: stage1, ends: standalone, clear: true, bandwidth: 20M, allow: { replace-data: stage1 } }
  usual: { cron: 0 5 * * 1, do: seed, donor: db1, hosts: stage1 }
`);
  const terms = (inventory.schedules ?? []).map(({ act }) => act.do === 'seed' && termsOf(act));
  expect(terms).toEqual([
    {
      ends: 'standalone',
      clear: true,
      bandwidthBytesPerSecond: 20 * 1024 ** 2,
      keepSnapshot: false,
      compression: 'auto',
    },
    { clear: false, keepSnapshot: false, compression: 'auto' },
  ]);
});
