// What a donor is told again when a job goes on.
import { expect, test } from 'vitest';
import { recoverDonor } from '../../src/seed/transfer/donor-recovery.ts';
import { printed, stepTools } from '../job/step-tools.ts';

const command = { host: 'db2', script: 'seed-way', args: [], deadlineMs: 1 } as const;

async function recovered(knows: string, lost: Readonly<Record<string, string>> = {}) {
  const ran: string[] = [];
  const { tools } = stepTools({
    commands: Object.fromEntries(
      ['mount', 'knows', 'lock', 'list', 'limit', 'sums start'].map((key) => [key, command]),
    ),
    answer: (key) => {
      ran.push(key);
      return printed(key === 'knows' ? `${knows}\n` : '');
    },
  });
  const end = await recoverDonor({ ...tools, lostLanes: () => lost }, ['db3', 'db4']);
  return { end, ran };
}

test('a runner that died between the ways of two targets costs the second no try: its way is opened', async () => {
  expect(await recovered('yes t1')).toEqual({ end: { ok: true, forgot: true }, ran: ['mount', 'knows'] });
  expect(await recovered('yes t1 t2')).toMatchObject({ end: { ok: true, forgot: false } });
});

test('a target that was given up needs no way', async () => {
  expect(await recovered('yes t1', { db4: 'no key' })).toMatchObject({ end: { ok: true, forgot: false } });
  expect(await recovered('no', { db4: 'no key' })).toMatchObject({ end: { ok: true, forgot: true } });
});
