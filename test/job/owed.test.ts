// A restart that a host is owed is no resource that exists there. The plan says which command it is, no matter what its
// words are.
import { expect, test } from 'vitest';
import type { Acquisition, Plan, PlannedCommand } from '../../src/job/plan/plan.ts';
import { defineStep, noInput, noResult } from '../../src/job/plan/step-work.ts';
import { owedBadge, resourceBadge, resourceBadges } from '../../src/job/words/badges.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';

const store = jobStoreForEach();
const free: PlannedCommand = { host: 'db3', script: 'unit', args: ['end', 'cafe', 'send'], deadlineMs: 1000 };

const makes = defineStep({
  kind: 'makes',
  input: noInput,
  result: noResult,
  plan: (told: Pick<Acquisition, 'what' | 'isOwed'>) => ({
    name: 'one',
    title: 'one',
    host: 'db3',
    input: {},
    commands: { free },
    acquires: { ...told, release: 'free', whenDone: 'release' },
  }),
  run: async () => ({ ok: true }),
});

/** Of what the step made, when it was released. */
function badgeOf(told: Pick<Acquisition, 'what' | 'isOwed'>, isOlder = false) {
  const { journal } = store();
  const step = makes.plan(told);
  const { isOwed: _, ...written } = step.acquires ?? { what: '', release: '', whenDone: 'release' };
  const plan: Plan = {
    kind: 'test',
    title: 'a job',
    hosts: ['db3'],
    destroys: [],
    steps: [isOlder ? { ...step, acquires: written } : step],
  };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  journal.setResource(id, 'one', told.what, 'released');
  const [resource] = journal.job(id)?.resources ?? [];
  return resource && resourceBadge(resource);
}

test('a restart that was undone is no longer due, whatever its plan calls it', () => {
  expect(badgeOf({ what: 'the start of mysql on db3 after the seed', isOwed: true })).toEqual(owedBadge);
});

test('a thing that is called after a restart is said to be removed', () => {
  expect(badgeOf({ what: 'the restart of mysql on db3, as a note in its folder' })).toEqual(resourceBadges.released);
});

test('of a job of an older build, which did not write it down, the words tell', () => {
  expect(badgeOf({ what: 'the restart of mysql on db3' }, true)).toEqual(owedBadge);
  expect(badgeOf({ what: 'the lock of db3' }, true)).toEqual(resourceBadges.released);
});
