// When a donor can be cloned, and what an operator is told. Hosts are as they were recorded.
import { describe, expect, test } from 'vitest';
import type { SeedFacts } from '../../../src/seed/facts.ts';
import { byClone } from '../../../src/seed/methods/clone/clone.ts';
import { whyNoClone } from '../../../src/seed/methods/clone/versions.ts';
import { planSeed } from '../../../src/seed/plan-seed.ts';
import type { Finding } from '../../../src/seed/preflight/finding.ts';
import { preflight } from '../../../src/seed/preflight/preflight.ts';
import type { SeedRequest } from '../../../src/seed/request.ts';
import { factsOf, request, side } from '../sides.ts';

const variables = { ...factsOf('db1').variables, clone_block_ddl: 'OFF', max_allowed_packet: '67108864' };
const asked = (own: Partial<SeedFacts> = {}, more: Partial<SeedRequest> = {}) =>
  request(side('db1', { variables, ...own }), [side('db3')], { method: byClone, ...more });
const told = (one: SeedRequest, level: Finding['level']) =>
  preflight(one)
    .filter((finding) => finding.level === level)
    .map(({ text }) => text);
const planOf = (one: SeedRequest) => {
  const planned = planSeed(one, preflight(one));
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
};
const wordOf = (one: SeedRequest, name: string) => {
  const start = planOf(one).steps.find(({ work }) => work === 'clone-data')?.commands.start;
  return start?.program?.args.find((word) => word.startsWith(`${name}=`));
};

test('a donor that names a system tablespace of any size fills no disk: the empty server that takes the clone is counted', () => {
  const of = (innodb_data_file_path: string) =>
    told(asked({ variables: { ...variables, innodb_data_file_path } }), 'refuse').join();
  expect(of('ibdata1:12M:autoextend')).toBe('');
  expect(of('ibdata1:900000G')).toContain('too little room');
  expect(of('ibdata1:12Mraw')).toContain('innodb_data_file_path of db1 has a form that no new server is made with');
});

test('neither port nor channel nor tools of a copy are asked for: MySQL has its own connection', () => {
  const bare = asked({ tools: [] });
  const target = side('db3', { tools: ['tar'] });
  const { freePort: _, ...facts } = target.facts;
  expect(told({ ...bare, targets: [{ ...target, facts }] }, 'refuse')).toEqual([]);
  expect(planOf(bare).steps.some(({ work }) => work === 'seed-channel')).toBe(false);
});

test('a donor without the plugin has it installed as a step of the plan, which is undone', () => {
  const { clone_block_ddl: _, ...without } = variables;
  const steps = planOf(asked({ variables: without })).steps;
  expect(steps.find(({ work }) => work === 'clone-plugin')?.acquires?.release).toBe('unload');
  expect(wordOf(asked({ variables: without }), 'plugin')).toBe('plugin=remove');
  expect(planOf(asked()).steps.some(({ work }) => work === 'clone-plugin')).toBe(false);
  expect(wordOf(asked(), 'plugin')).toBe('plugin=keep');
});

test('what was made on the donor goes the server of the target first, then the account, then the plugin', () => {
  const { clone_block_ddl: _, ...without } = variables;
  const release = planOf(asked({ variables: without })).steps.find(({ work }) => work === 'seed-release');
  expect(release?.input.made).toEqual(['clone db3', 'account db1', 'plugin db1']);
});

test('the data of each of two targets is cloned after the other: a donor allows one clone at a time', () => {
  const both = request(side('db1', { variables }), [side('db3'), side('db6')], { method: byClone });
  const names = planOf(both).steps.map(({ name }) => name);
  expect(names.indexOf('clone db6')).toBe(names.indexOf('clone db3') + 1);
});

test('tables of other engines are agreed to by name, for they come without rows', () => {
  const one = asked({ foreignEngines: ['MyISAM 2 shop.a, shop.b'] });
  expect(planOf(one).destroys).toContain(
    'db3 gets 2 MyISAM tables of db1 (shop.a, shop.b) without rows: CLONE copies InnoDB only',
  );
  expect(told(one, 'warn').some((text) => text.includes('they come without rows'))).toBe(true);
  expect(planOf(asked({ unanswered: ['foreign_engine'] })).destroys.some((text) => text.includes('unknown'))).toBe(
    true,
  );
});

test('the limit is in MiB a second, one at least', () => {
  expect(wordOf(asked({}, { bandwidthBytesPerSecond: 50_000_000 }), 'rate')).toBe('rate=47');
  expect(wordOf(asked({}, { bandwidthBytesPerSecond: 1000 }), 'rate')).toBe('rate=1');
  expect(
    told(asked({}, { bandwidthBytesPerSecond: 1000 }), 'warn').some((text) => text.includes('no limit below')),
  ).toBe(true);
  expect(wordOf(asked(), 'rate')).toBe('rate=0');
});

describe('a donor is refused', () => {
  test.each([
    ['with a small max_allowed_packet', { variables: { ...variables, max_allowed_packet: '1048576' } }, '2 MiB'],
    ['without certificates', { variables: { ...variables, ssl_ca: '' } }, 'has no ssl_ca'],
    ['that is being cloned', { cloning: 'backup@10.77.0.9' }, 'one clone at a time'],
    ['with a keyring', { plugins: ['component_keyring_file'] }, 'keyring'],
  ] as const)('%s', (_, facts, words) => {
    expect(told(asked(facts), 'refuse').join()).toContain(words);
  });
});

test('a replica that is super_read_only is told to be writable for a moment', () => {
  const one = asked({ variables: { ...variables, super_read_only: 'ON' } });
  expect(told(one, 'warn').some((text) => text.includes('super_read_only is ON'))).toBe(true);
  expect(planOf(one).steps.find(({ work }) => work === 'clone-account')?.title).toContain('super_read_only is OFF');
});

test.each([
  ['9.7.4', '9.7.4', undefined],
  ['8.0.36', '8.0.36-28', undefined],
  ['8.0.36', '8.0.37', 'before 8.0.37'],
  ['8.0.37', '8.0.40', undefined],
  ['8.4.0', '8.4.6', undefined],
  ['8.0.40', '8.4.0', 'another series'],
  ['8.0.17', '8.0.17', '8.0.18'],
  ['5.7.44', '5.7.44', '8.0.18'],
])('%s to %s: %s', (given, taken, why) => {
  if (why === undefined) expect(whyNoClone(given, taken)).toBeUndefined();
  else expect(whyNoClone(given, taken)).toContain(why);
});

describe('the login of reseed on the donor', () => {
  const all = ['CREATE USER', 'BACKUP_ADMIN', 'PROCESS', 'CONNECTION_ADMIN', 'SESSION_VARIABLES_ADMIN'];

  test('that may not make the account is refused in the plan, and not by a failed job', () => {
    const privileges = all.filter((name) => name !== 'CREATE USER' && name !== 'BACKUP_ADMIN');
    expect(told(asked({ privileges }), 'refuse')).toEqual([
      'its login has no CREATE USER, BACKUP_ADMIN on *.*, which --method clone needs',
    ]);
    expect(told(asked({ privileges: all }), 'refuse')).toEqual([]);
  });

  test('needs more where the plugin is to be installed, and where super_read_only is ON', () => {
    const { clone_block_ddl: _, ...without } = variables;
    const replica = { ...without, super_read_only: 'ON' };
    expect(told(asked({ privileges: all, variables: replica }), 'refuse')).toEqual([
      'its login has no SYSTEM_VARIABLES_ADMIN, INSERT, DELETE on *.*, which --method clone needs',
    ]);
  });
});
