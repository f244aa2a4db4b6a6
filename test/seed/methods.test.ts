// What every method of seeding holds to (src/seed/methods/method.ts), whichever it is: on hosts as they were recorded.
import { describe, expect, test } from 'vitest';
import { silenceOf } from '../../src/fleet/picture.ts';
import { commandsOf, type Plan } from '../../src/job/plan/plan.ts';
import { planSeed } from '../../src/seed/frame.ts';
import type { SeedMethod } from '../../src/seed/methods/method.ts';
import { methodOf, methods } from '../../src/seed/methods/methods.ts';
import { isRefused, preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { recorded } from '../components/console.tsx';
import { request, side, stopped } from './sides.ts';

/** A request that each method can carry out; a method without one is not held to anything here. */
const able: Readonly<Record<SeedMethod['name'], () => SeedRequest>> = {
  lvm: () => request(side('db2'), [side('db3'), side('db6')]),
  stopped: () => request(stopped(), [side('db6')], { stopped: true }),
};
/** And one that it can't. */
const unable: Readonly<Record<SeedMethod['name'], () => SeedRequest>> = {
  lvm: () => request(side('db2', {}, { lvm: { ok: true, value: { groups: [], volumes: [] } } }), [side('db3')]),
  stopped: () => request(side('db2'), [side('db3')], { stopped: true }),
};

function planOf(asked: SeedRequest): Plan {
  const planned = planSeed(asked, preflight(asked));
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
}

describe.each(methods)('a seed by $name', (method) => {
  const asked = able[method.name]();
  const source = method.source(asked, ['source']);
  const sourced = () => {
    if (!source.ok) throw new Error(source.message);
    return source;
  };

  test('is meant by one request alone', () => {
    expect(methodOf(asked)).toBe(method);
    expect(methods.filter((one) => one.isMeant(asked))).toEqual([method]);
  });

  test('reads an absolute folder of the donor, which nothing in the plan writes to', () => {
    expect(sourced().root).toMatch(/^\//);
    const targets = asked.targets.map(({ host }) => host.name);
    const writes = planOf(asked)
      .steps.flatMap(commandsOf)
      .filter(({ host, script }) => script === 'seed-stage' && !targets.includes(host));
    expect(writes).toEqual([]);
  });

  test('names with its end, for each thing that it makes on the donor, how that goes', () => {
    const { before, after, made } = sourced();
    const making = [...before, ...after].filter(({ acquires }) => acquires !== undefined);
    expect(making.length).toBeGreaterThan(0);
    for (const { acquires, commands } of making) expect(Object.keys(commands)).toContain(acquires?.release);
    const goes = making.filter(({ acquires }) => acquires?.whenDone === 'release').map(({ name }) => name);
    expect(goes.toSorted()).toEqual(
      [...new Set([...made.map(({ name }) => name), ...goes.filter((name) => name.startsWith('applier '))])].toSorted(),
    );
  });

  test('has its donor given back before a server of a target is stopped', () => {
    const names = planOf(asked).steps.map(({ name }) => name);
    const first = names.findIndex(
      (name) => /^(hold|stop|switch) /.test(name) && asked.targets.some(({ host }) => name.endsWith(` ${host.name}`)),
    );
    expect(names.indexOf('release donor')).toBeLessThan(first);
    for (const step of sourced().after) expect(names.indexOf(step.name)).toBeLessThan(names.indexOf('release donor'));
  });

  test('begins where a step of its plan says, or where the started target says itself', () => {
    const { position, coordinatesOf } = method.start(asked);
    if (position !== 'here') expect(planOf(asked).steps.map(({ work }) => work)).toContain(coordinatesOf.kind);
  });

  test('is refused where the donor can not give by it, with what would make it possible', () => {
    const refused = unable[method.name]();
    const findings = method.checks(refused).filter(({ level }) => level === 'refuse');
    expect(findings).not.toEqual([]);
    for (const { advice } of findings) expect(advice).not.toBe('');
    expect(isRefused(preflight(refused))).toBe(true);
  });

  test('says of each host what it can give, or why it can not', () => {
    for (const { host, report, link } of recorded('trouble').picture.hosts) {
      const answer = method.gifts({ host, report, down: silenceOf(link) !== undefined });
      if (typeof answer === 'string') expect(answer).not.toBe('');
      else expect(answer.map(({ id }) => id)).toEqual([...new Set(answer.map(({ id }) => id))]);
      if (typeof answer !== 'string') expect(answer).not.toEqual([]);
    }
  });
});
