// Which host stands below which in the Fleet's tree.
import { expect, test } from 'vitest';
import { treeOf } from '../../components/screens/fleet/tree.ts';
import { recorded } from './console.tsx';

const { hosts } = recorded('trouble').picture;
const of = (sources: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(sources).map(([name, from]) => {
    const [like] = hosts;
    if (!like) throw new Error('no host was recorded');
    return { ...like, host: { ...like.host, name }, sources: from };
  });
const shape = (sources: Readonly<Record<string, readonly string[]>>) =>
  treeOf(of(sources)).map(({ picture, depth }) => `${'-'.repeat(depth)}${picture.host.name}`);

test('a replica of two primaries that replicate from each other stands below them, though it comes first by its alerts', () => {
  expect(shape({ db3: ['db1'], db4: ['db3'], db1: ['db2'], db2: ['db1'] })).toEqual(['db1', '-db3', '--db4', '-db2']);
});

test('every host is there once, whatever replicates from what', () => {
  expect(shape({ db1: ['db1'], db2: ['db9'], db3: ['db2', 'db1'] })).toEqual(['db1', 'db2', '-db3']);
  expect(
    shape({ a: ['b'], b: ['c'], c: ['a'] })
      .map((one) => one.replaceAll('-', ''))
      .toSorted(),
  ).toEqual(['a', 'b', 'c']);
});
