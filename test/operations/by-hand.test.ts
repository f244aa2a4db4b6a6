// What is asked of a person who begins a schedule now.
import { expect, test } from 'vitest';
import { agreedByHand } from '../../src/operations/schedules/by-hand.ts';
import { inventoryFrom } from '../live/pictures.ts';

const { hosts, schedules = [] } = inventoryFrom(`
environments: { production: { confirm: true } }
clusters: { shop: { environment: production }, stage: {} }
hosts:
  db1: { cluster: shop, ssh: { host: 10.0.0.1 } }
  stg1: { cluster: stage, ssh: { host: 10.0.0.2 } }
schedules:
  snapshots: { cron: 30 2 * * *, do: snapshot, hosts: db1 }
  staging: { cron: 30 3 * * *, do: seed, donor: db1, hosts: stg1, allow: { replace-data: stg1 } }
  elsewhere: { cron: 30 4 * * *, do: proof, on: db1, hosts: stg1 }
  rows: { cron: 30 5 * * *, do: rows, hosts: stg1 }
`);
const asked = (name: string) => {
  const schedule = schedules.find((one) => one.name === name);
  if (!schedule) throw new Error(`no schedule ${name}: ${schedules.map((one) => one.name)}`);
  return agreedByHand(schedule, hosts);
};

test('a schedule of production asks for the name when a person begins it, though the inventory allows all that it does', () => {
  const production = expect.stringContaining('db1 is of the environment production');
  expect(asked('snapshots')).toEqual([production]);
  expect(asked('staging')).toEqual([production, expect.stringContaining('stg1: its data may be replaced')]);
  expect(asked('elsewhere')).toEqual([production]);
  expect(asked('rows')).toEqual([]);
});
