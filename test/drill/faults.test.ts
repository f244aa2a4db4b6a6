import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultNamed, faults, readArguments } from '../../src/drill/faults/faults.ts';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { drillSources } from '../../src/drill/places.ts';

const db1 = requireHostNamed('db1');
const read = (fault: string, ...words: string[]) => readArguments(faultNamed(fault), db1, words);

test('every fault that acts on a host has its script', async () => {
  for (const { acts } of faults) {
    if (acts.on === 'host') await access(join(drillSources, 'guest', acts.script));
  }
});

test('a peer is passed to the host by its address', () => {
  expect(read('cut', 'db2')).toEqual(['10.77.0.12']);
  expect(read('cut')).toEqual(['all']);
});

test('what is left out is preset', () => {
  expect(read('slow', 'db3')).toEqual(['10.77.0.13', '10mbit', '50ms']);
  expect(read('fill-snapshot')).toEqual(['95']);
});

test.each([
  ['slow', ['db2', '10mbit; reboot']],
  ['slow', ['db2', '10mbit', '$(reboot)']],
  ['fill-disk', ['-1']],
  ['fill-snapshot', ['101']],
  ['cut', ['10.77.0.12']],
])('%s %j is refused: no word reaches a host that is not of the argument’s form', (fault, words) => {
  expect(() => read(fault, ...words)).toThrow(/ is no /);
});
