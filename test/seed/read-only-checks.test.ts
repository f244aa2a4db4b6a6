// A target that takes writes of its own beside its replication: it does so no more after a seed, which the plan and the job's end say.
import { expect, test } from 'vitest';
import type { SeedFacts } from '../../src/seed/facts.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import { replicaPlan } from '../../src/seed/replica/attachment.ts';
import { inputOf } from '../../src/seed/replica/input.ts';
import type { Side } from '../../src/seed/request.ts';
import { request, side } from './sides.ts';

function target(
  variables: Record<string, string>,
  next: Record<string, string> = {},
  more: Partial<SeedFacts> = {},
): Side {
  const { facts, ...rest } = side('db3');
  const nextStart = { unknown: [], changed: [], values: next };
  return { ...rest, facts: { ...facts, nextStart, ...more, variables: { ...facts.variables, ...variables } } };
}
const told = (one: Side) =>
  preflight(request(side('db2'), [one]))
    .filter(({ text, level }) => level === 'warn' && text.includes('read_only'))
    .map(({ text, advice }) => `${text}; ${advice}`);
const open = { read_only: 'OFF', super_read_only: 'OFF' };

test('a replica that took writes of its own is read-only after its seed, and its option files make it writable again: said before and after', () => {
  expect(told(target(open, open))).toEqual([
    'read_only and super_read_only are OFF on db3 now, and ON after the seed until its next restart, which reads its option files; if it is to take writes of its own: SET GLOBAL read_only = OFF there after the seed; if not, read_only = ON into its option files',
  ]);
  const asked = request(side('db2'), [target(open, open)]);
  const plan = asked.targets[0] && replicaPlan(asked, asked.targets[0]);
  expect(plan && inputOf(plan).closed).toMatch(
    /^read_only and super_read_only were OFF on db3 before the seed, and are ON until its next restart/,
  );
  expect(told(target({ super_read_only: 'OFF' }, { read_only: 'ON', super_read_only: 'ON' }))).toEqual([
    'super_read_only is OFF on db3 now, and ON after the seed; if it is to take writes of its own: SET GLOBAL super_read_only = OFF there after the seed; if not, read_only = ON into its option files',
  ]);
});

test('nothing is said of a fresh or blank target that is down: OFF is the default of its option files', () => {
  const { report, ...rest } = target(open, open);
  expect(told({ ...rest, report: { ...report, server: { ok: false, why: 'it is down' } } })).toEqual([]);
});

test('nothing is said where it is read-only now, or where SET PERSIST has it, of which another line tells', () => {
  expect(told(target({}, open))).toEqual([]);
  const persisted = [
    { name: 'read_only', value: 'OFF', byStart: false },
    { name: 'super_read_only', value: 'OFF', byStart: false },
  ];
  expect(told(target(open, open, { persisted })).join()).not.toContain('now, and ON after');
});
