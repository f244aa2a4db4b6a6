// Environments in an inventory: what a host gets of its own, and each mistake with its place.
import { expect, test } from 'vitest';
import { complaints, hostOf } from './reading.ts';

const file = `
environments:
  production: { colour: red, confirm: true }
  archive: { readOnly: true }
  staging:
clusters: { shop: { environment: production } }
hosts:
  db1: { cluster: shop }
  db2: { cluster: shop, environment: staging }
  db3: { environment: archive, readOnly: false }
  db4:
`;

test('a host is of the environment that itself, its cluster or the defaults name', () => {
  expect(hostOf(file, 'db1').environment).toEqual({ name: 'production', colour: 'red', confirm: true });
  expect(hostOf(file, 'db2').environment).toEqual({ name: 'staging', confirm: false });
  expect(hostOf(file, 'db4').environment).toBeUndefined();
});

test('a read-only environment keeps its hosts from being changed, whatever they say themselves', () => {
  expect(hostOf(file, 'db3').readOnly).toBe(true);
  expect(hostOf(file, 'db1').readOnly).toBe(false);
});

test('a mistyped name, colour or setting is told with its place: production would be without its settings', () => {
  const mistaken = file
    .replace('environment: production }', 'environment: prodution }')
    .replace('colour: red', 'colour: rde')
    .replace('readOnly: true', 'readonly: true');
  const told = complaints(mistaken);
  expect(told).toHaveLength(3);
  expect(told.join('\n')).toMatch(/hosts.yaml:3:\d+ .*rde/);
  expect(told.join('\n')).toMatch(/hosts.yaml:4:\d+ .*readonly/);
  expect(told.join('\n')).toMatch(/hosts.yaml:6:\d+ .*unknown environment "?prodution"?.*production/);
});
