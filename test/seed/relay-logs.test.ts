import { expect, test } from 'vitest';
import { donorChannelWords } from '../../src/seed/preflight/replication/donor-channels.ts';
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

test('files that lie where a channel of the donor would have its relay logs are never set aside by its name', () => {
  const facts = factsOf('db3');
  const places = ['relaylog', 'relaylog-index'].map((kind) => ({
    kind,
    path: kind === 'relaylog' ? '/l/db' : '/l/db.index',
  }));
  const words = (more: Partial<typeof facts>) => donorChannelWords({ ...facts, places, ...more }, ['bin', 'own']);
  expect(words({})).toHaveLength(4);
  const own = ['relaylog=/l/db-own', 'relaylog-index=/l/db-own.index'];
  expect(words({ taken: ['/l/db-bin'] })).toEqual(own);
  expect(words({ taken: ['/l/db-bin.index'] })).toEqual(own);
  expect(words({ unseen: ['channels'] })).toEqual([]);
});
