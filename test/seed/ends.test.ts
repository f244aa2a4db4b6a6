// Rules for how every method of seeding may end: with a server of its own, and with a set (src/seed/ending.ts). Hosts are as recorded.
import { describe, expect, test } from 'vitest';
import { commandsOf, type Plan } from '../../src/job/plan/plan.ts';
import { allWorks } from '../../src/operations/jobs/all-works.ts';
import { methodsToTry } from '../../src/operations/seed/order.ts';
import type { EndingName } from '../../src/seed/ending.ts';
import type { SeedMethod } from '../../src/seed/methods/method.ts';
import { methods } from '../../src/seed/methods/methods.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { dropOld } from '../../src/seed/target/drop-old.ts';
import { prepareFolder } from '../../src/seed/target/prepare-folder.ts';
import { requests } from './able.ts';
import { factsOf, side } from './sides.ts';

function asked({ name }: SeedMethod, ends: EndingName, targets: (some: readonly Side[]) => readonly Side[]) {
  const able = requests[name]?.able();
  if (!able) throw new Error(`able.ts has no request for ${name}`);
  return { ...able, ends, writable: true, targets: targets(able.targets) };
}
const one = (method: SeedMethod) => asked(method, 'standalone', (some) => some.slice(0, 1));
/** The target, and another host that differs by what no two servers may share. */
const two = (method: SeedMethod) => asked(method, 'set', ([first = side('db3')]) => [first, otherThan(first)]);

function otherThan(first: Side): Side {
  if (first.host.cluster !== 'crm') {
    const name = first.host.name === 'db6' ? 'db3' : 'db6';
    return { ...side(name), facts: { ...side(name).facts, tools: first.facts.tools } };
  }
  const { server } = first.report;
  if (!server?.ok) throw new Error('nothing was recorded of its server');
  const host = { ...first.host, name: 'db10', ssh: { ...first.host.ssh, host: '10.77.0.20' } };
  const facts = { ...first.facts, boot: 'b10', machine: 'm10', inode: '10' };
  return {
    host,
    report: { ...first.report, server: { ok: true, value: { ...server.value, serverId: 20 } } },
    facts: { ...facts, variables: { ...factsOf('db5').variables, server_id: '20' } },
  };
}

const refusals = (request: SeedRequest) => preflight(request).filter(({ level }) => level === 'refuse');
function planOf(request: SeedRequest): Plan {
  const planned = planSeed(request, preflight(request));
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
}
const names = ({ steps }: Plan) => steps.map(({ name }) => name);
const ending = (target: string) => ['read data', 'detach', 'restart', 'prove alone'].map((what) => `${what} ${target}`);

describe.each(methods.filter(({ copies }) => copies))('a seed by $name that ends standalone', (method) => {
  const request = one(method);
  const target = request.targets[0]?.host.name ?? '';

  test('is planned: it replicates from no host, takes writes, and has the accounts of production', () => {
    const told = preflight(request)
      .filter(({ host }) => host === target)
      .map(({ text }) => text);
    expect(refusals(request)).toEqual([]);
    expect(told).toContain('will replicate from no host, and take writes');
    expect(told.some((text) => text.startsWith('its accounts and privileges come with the data'))).toBe(true);
    expect(names(planOf(request)).some((name) => /^(attach|catch up|check source|prove account) /.test(name))).toBe(
      false,
    );
  });

  test('proves its data as that of a replica, and says what that is', () => {
    const { steps } = planOf(request);
    const proof = steps.find(({ name }) => name === `prove data ${target}`);
    expect(proof?.title).toBe(`check that ${target} has all that ${method.dataName} had`);
    expect(proof?.input).toMatchObject({ dataName: method.dataName });
  });

  test('undoes each of its last steps by the old data, which goes last', () => {
    const plan = planOf(request);
    const steps = plan.steps.filter(({ lane }) => lane === target);
    expect(steps.slice(-5).map(({ name }) => name)).toEqual([...ending(target), `drop ${target}`]);
    expect(steps.at(-1)?.work).toBe(dropOld.kind);
    const [prepare] = steps.filter(({ work }) => work === prepareFolder.kind);
    expect(prepare?.acquires).toMatchObject({ whenDone: 'over', release: 'back' });
    // They make nothing that an undo would have to take away.
    for (const step of steps.slice(-5)) expect(step.acquires).toBeUndefined();
  });

  test('can be resumed at each of them: a runner of this build knows them, and none pastes a value', () => {
    const steps = planOf(request).steps.filter(({ name }) => ending(target).includes(name));
    for (const { work } of steps) expect(Object.keys(allWorks)).toContain(work);
    for (const { args } of steps.flatMap(commandsOf)) expect(args.join(' ')).not.toMatch(/IDENTIFIED|PASSWORD/);
  });
});

describe.each(methods.filter(({ copies }) => copies))('a seed by $name that ends as a set', (method) => {
  const request = two(method);
  const [primary = '', member = ''] = request.targets.map(({ host }) => host.name);

  test('is planned with the first as the primary, or refused by name, with what would make it possible', () => {
    const against = refusals(request);
    expect(against.length === 0).toBe(['lvm', 'stopped'].includes(method.name));
    if (against.length > 0) {
      const text = against.map((finding) => finding.text).join('; ');
      expect(text).toMatch(/one target(?:, and 2 are named| after the other)/);
      for (const { advice } of against) expect(advice).not.toBe('');
      expect(planSeed(request, against).ok).toBe(false);
      return;
    }
    const order = names(planOf(request));
    expect(order.indexOf(`prove alone ${primary}`)).toBeLessThan(order.indexOf(`await primary ${member}`));
    expect(order.indexOf(`prove account ${member}`)).toBeLessThan(order.indexOf(`hold ${member}`));
    expect(order.slice(-3)).toEqual([`attach ${member}`, `catch up ${member}`, `drop ${member}`]);
  });
});

describe.each(methods.filter(({ copies }) => !copies))('a method that copies nothing, $name,', ({ name }) => {
  test('makes no server of its own: it is passed over where one is asked for', () => {
    const terms = { ends: 'standalone', keepSnapshot: false, compression: 'auto', clear: false } as const;
    const { host } = side('db3');
    const only = { ...host, seed: { ...host.seed, method: [name] } };
    expect(methodsToTry({ terms }, [only])).toMatchObject({ ok: false });
  });
});
