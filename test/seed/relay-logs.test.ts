import { expect, test } from 'vitest';
import { donorChannelWords } from '../../src/seed/state-places.ts';
import { factsOf } from './sides.ts';

test('relay logs that the new data makes a target write for channels of the donor are taken away by an undo', () => {
  const facts = factsOf('db3');
  const log = (kind: string, name: string) => ({ kind, path: `/logs/${name}` });
  const target = {
    ...facts,
    places: [
      log('binlog', 'db-bin'),
      log('relaylog', 'db'),
      log('relaylog-index', 'db.index'),
      log('relaylog', 'db-own'),
    ],
  };
  // The default channel has the base name; `bin` would be the binary logs; `a-b` is a@002db in a file's name.
  expect(donorChannelWords(target, ['', 'Billing', 'bin', 'own', 'a-b'])).toEqual([
    'relaylog=/logs/db-billing',
    'relaylog-index=/logs/db-billing.index',
  ]);
  expect(donorChannelWords({ ...facts, places: [] }, ['billing'])).toEqual([]);
});
