import { expect, test } from 'vitest';
import { foreignLogs } from '../../src/seed/target/state-places.ts';
import { factsOf } from './sides.ts';

const facts = factsOf('db3');
const with_ = (...places: [kind: string, name: string][]) => ({
  ...facts,
  datadir: '/data',
  places: places.map(([kind, name]) => ({ kind, path: name.startsWith('/') ? name : `/data/${name}` })),
});

test('the index of a donor’s binary logs stayed in the new data, and the target took it for that of its relay logs', () => {
  const donor = with_(['binlog', 'binlog'], ['binlog-index', 'logs.index']);
  const target = with_(['binlog', '/logs/binlog'], ['relaylog', 'logs'], ['relaylog-index', 'logs.index']);
  expect(foreignLogs(donor, target)).toEqual(['without=binlog', 'without-index=logs.index']);
  // With another index the target's server does not find them either.
  const other = with_(['binlog', 'binlog'], ['binlog-index', 'binlog.index']);
  expect(foreignLogs(donor, other)).toEqual(['without=binlog', 'without-index=logs.index']);
  expect(foreignLogs(donor, donor)).toEqual([]);
});

test('binary logs that the target has under the same name, with the index that goes with them, come along', () => {
  const plain = with_(['binlog', 'binlog']);
  expect(foreignLogs(plain, with_(['binlog', 'binlog'], ['binlog-index', 'binlog.index']))).toEqual([]);
  expect(foreignLogs(plain, with_(['binlog', 'other']))).toEqual(['without=binlog']);
  expect(foreignLogs(with_(['binlog', 'binlog'], ['binlog-index', '/i/binlog.index']), with_())).toEqual([
    'without=binlog',
  ]);
});
