import { expect, test } from 'vitest';
import { placesFrom } from '../../src/drill/places.ts';

test('the fleet keeps its files where XDG says', () => {
  const places = placesFrom({ HOME: '/home/ops', XDG_CACHE_HOME: '/big/cache', XDG_STATE_HOME: '/big/state' });
  expect(places.cache).toBe('/big/cache/reseed/drill');
  expect(places.state).toBe('/big/state/reseed/drill');
});

test.each([{}, { XDG_CACHE_HOME: '', XDG_STATE_HOME: '' }, { XDG_CACHE_HOME: 'here', XDG_STATE_HOME: './there' }])(
  'unset, empty and relative folders count as unset: %j',
  (unset) => {
    const places = placesFrom({ HOME: '/home/ops', ...unset });
    expect(places.cache).toBe('/home/ops/.cache/reseed/drill');
    expect(places.state).toBe('/home/ops/.local/state/reseed/drill');
  },
);

test('two state folders have two networks, one has always the same', () => {
  const network = (state: string) => placesFrom({ HOME: '/h', XDG_STATE_HOME: state }).namespace;
  expect(network('/a')).toBe(network('/a'));
  expect(network('/a')).not.toBe(network('/b'));
  expect(network('/a')).toMatch(/^reseed-[0-9a-f]{8}$/);
});
