// Rules for every method of seeding (src/seed/methods/method.ts), with recorded hosts.
import { describe, expect, test } from 'vitest';
import { silenceOf } from '../../src/fleet/picture.ts';
import { commandsOf, type Plan } from '../../src/job/plan/plan.ts';
import { allWorks } from '../../src/operations/jobs/all-works.ts';
import { delta } from '../../src/seed/methods/delta/delta.ts';
import type { FolderMethod } from '../../src/seed/methods/folder-copy.ts';
import type { SeedMethod } from '../../src/seed/methods/method.ts';
import { methodNamed, methods } from '../../src/seed/methods/methods.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { isRefused, preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { clearOld } from '../../src/seed/target/clear-old.ts';
import { givenBytes } from '../../src/seed/target/state-places.ts';
import { recorded } from '../components/console.tsx';
import { requests } from './able.ts';
import { side } from './sides.ts';

function planOf(asked: SeedRequest): Plan {
  const planned = planSeed(asked, preflight(asked));
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
}

function requestsOf({ name }: SeedMethod) {
  const found = requests[name];
  if (!found) throw new Error(`able.ts has no request for ${name}`);
  return found;
}

const seenAll = recorded('trouble').picture.hosts.map(({ host, report, link }) => ({
  host,
  report,
  down: silenceOf(link) !== undefined,
}));

describe.each(methods)('a seed by $name', (method) => {
  const asked = requestsOf(method).able();
  const names = asked.targets.map(({ host }) => host.name);

  test('is the one that a request names', () => {
    expect(methodNamed(method.name)).toBe(method);
    expect(asked.method).toBe(method);
  });

  test('has only steps that a runner of this build knows', () => {
    for (const { work } of planOf(asked).steps) expect(Object.keys(allWorks)).toContain(work);
  });

  test('says in its plan what can not be resumed', () => {
    const said = planOf(asked).steps.map(({ title }) => title);
    const words = said.flatMap((title) => /[^;,:]*(?:begins? it anew|ends the seed)/.exec(title) ?? []).join(', ');
    const lands = ['lvm', 'delta', 'binlog'].includes(method.name);
    expect(words).toEqual(lands ? '' : expect.stringMatching(/(break|power cut|restart) .*(anew|ends the seed)$/));
  });

  test('that reads a server which runs refuses a replica whose applier has temporary tables open: later statements use them', () => {
    const { donor } = asked;
    if (!method.copies || !method.donorRuns || method.readsSnapshot) return;
    const { server } = donor.report;
    if (!server?.ok) throw new Error('it was down');
    const value = { ...server.value, applierTempTables: { count: 2, counter: 'Replica_open_temp_tables' } };
    const channels = side('db2').report.replication;
    const report = {
      ...donor.report,
      server: { ok: true as const, value },
      ...(channels && { replication: channels }),
    };
    const told = preflight({ ...asked, donor: { ...donor, report } });
    expect(told.find(({ level, text }) => level === 'refuse' && /2 open temporary tables/.test(text))).toBeDefined();
  });

  test('locks each host of its plan before anything else', () => {
    const { hosts, steps } = planOf(asked);
    expect(steps.slice(0, hosts.length).map(({ name }) => name)).toEqual(hosts.map((host) => `lock ${host}`));
  });

  test('names, for each thing that it makes on a host, the command that takes it away', () => {
    const making = planOf(asked).steps.filter(({ acquires }) => acquires !== undefined);
    expect(making.length).toBeGreaterThan(0);
    for (const { acquires, commands } of making) expect(Object.keys(commands)).toContain(acquires?.release);
  });

  test('gives the donor back before a server of a target is stopped; a method that does not copy changes nothing on it', () => {
    const { steps, hosts } = planOf(asked);
    const all = steps.map(({ name }) => name);
    if (!method.copies) return expect(hosts).not.toContain(asked.donor.host.name);
    const first = all.findIndex(
      (name) => /^(hold|stop|switch) /.test(name) && names.some((target) => name.endsWith(` ${target}`)),
    );
    expect(first).toBeGreaterThan(all.indexOf('release donor'));
    expect(all).toContain('release donor');
  });

  test('begins where a step of its plan says, or where the started target says itself', () => {
    const { position, coordinatesOf } = method.start(asked);
    const works = planOf(asked).steps.map(({ work }) => work);
    if (coordinatesOf && position !== 'here') expect(works).toContain(coordinatesOf.kind);
    expect(coordinatesOf !== undefined).toBe(method.copies);
  });

  test('deletes old data before the copy only where the step before it knows where the new data begins', () => {
    if (!method.copies) return;
    const [bytes, targets] = [givenBytes(asked.donor.facts) ?? 0, asked.targets.slice(0, 1)];
    const full = targets.map((one) => ({ ...one, facts: { ...one.facts, freeBytes: 1, dataBytes: 2 * bytes } }));
    const clearing: SeedRequest = { ...asked, targets: full, clear: true };
    const planned = planSeed(clearing, []);
    if (method.start(clearing).comesWithData || method.notResumed) {
      expect(planned).toMatchObject({
        ok: false,
        message: expect.stringContaining('old data would be deleted before'),
      });
      return;
    }
    const works = planned.ok ? planned.plan.steps.map(({ work }) => work) : [];
    const { position, coordinatesOf } = method.start(clearing);
    const told = position === 'here' ? 0 : works.indexOf(coordinatesOf?.kind ?? '');
    expect(told).toBeGreaterThanOrEqual(0);
    expect(works.indexOf(clearOld.kind)).toBeGreaterThan(told);
  });

  test('is refused where the hosts can not do it, with what would make it possible', () => {
    const refused = requestsOf(method).unable();
    const findings = preflight(refused).filter(({ level }) => level === 'refuse');
    expect(isRefused(preflight(refused))).toBe(true);
    expect(findings.some(({ advice }) => advice !== '')).toBe(true);
    expect(planSeed(refused, findings).ok).toBe(false);
  });

  test('says of each host what it can give, or why it can not', () => {
    const [target] = seenAll;
    if (!target) throw new Error('nothing was recorded');
    for (const one of seenAll.slice(1)) {
      const answer = method.gifts(one, target);
      expect(answer).not.toHaveLength(0);
      if (typeof answer === 'string') continue;
      expect(answer.map(({ id }) => id)).toEqual([...new Set(answer.map(({ id }) => id))]);
      for (const { brief } of answer) expect(brief.length).toBeLessThanOrEqual(18);
    }
  });
});

test('a delta to a target without room for old and new data is planned as taking its files, where the operator gives them up', () => {
  const asked = requestsOf(delta).able();
  const bytes = givenBytes(asked.donor.facts) ?? 0;
  const targets = asked.targets.map((one) => ({
    ...one,
    host: { ...one.host, commands: {} },
    facts: { ...one.facts, freeBytes: 1, dataBytes: 2 * bytes },
  }));
  const full = { ...asked, targets };
  const refused = preflight(full).find(({ text }) => text.includes('no room for new data'));
  expect(refused?.advice).toMatch(/^--clear gives the \S+ of old data up, and takes its files, for good$/);
  const words = preflight({ ...full, clear: true }).map(({ text }) => text);
  expect(words.filter((text) => /deleted last|lies beside it|room is needed/.test(text))).toEqual([]);
  expect(words.join('\n')).toContain('its files become those of the new: nothing of it is left for an undo');
  const planned = planSeed({ ...full, clear: true }, []);
  const steps = planned.ok ? planned.plan.steps : [];
  const given = steps.find(({ work }) => work === clearOld.kind);
  expect(given?.title).toMatch(/^give up the old data in \S+ on db3: its files become those of the new$/);
  expect(given?.commands.run?.args[0]).toBe('lend');
  const opened = steps.flatMap(({ targetCommands }) => Object.values(targetCommands ?? {}).map(({ open }) => open));
  expect(opened[0]?.program?.args).toContain('unpack=taken-pages');
  expect(planned.ok && planned.plan.destroys.join()).toMatch(/before the copy, which takes its files$/);
});

const folders = methods.filter((method): method is FolderMethod => 'source' in method);

describe.each(folders)('a seed of a folder by $name', (method) => {
  const asked = requestsOf(method).able();
  const source = method.source(asked, ['source']);
  const sourced = () => {
    if (!source.ok) throw new Error(source.message);
    return source;
  };

  test('reads an absolute folder of the donor, which nothing in the plan writes to', () => {
    expect(sourced().root).toMatch(/^\//);
    const targets = asked.targets.map(({ host }) => host.name);
    const writes = planOf(asked)
      .steps.flatMap(commandsOf)
      .filter(({ host, script }) => script === 'seed-stage' && !targets.includes(host));
    expect(writes).toEqual([]);
  });

  test('has what it makes on the donor taken away with its end', () => {
    const { before, after, made } = sourced();
    const making = [...before, ...after].filter(({ acquires }) => acquires !== undefined);
    expect(making.length).toBeGreaterThan(0);
    const goes = making.filter(({ acquires }) => acquires?.whenDone === 'release').map(({ name }) => name);
    expect(goes.toSorted()).toEqual(
      [...new Set([...made.map(({ name }) => name), ...goes.filter((name) => name.startsWith('applier '))])].toSorted(),
    );
  });

  test('has its last look at the data before the donor is given back', () => {
    const names = planOf(asked).steps.map(({ name }) => name);
    for (const step of sourced().after) expect(names.indexOf(step.name)).toBeLessThan(names.indexOf('release donor'));
  });

  test('is refused by its own checks of the donor, each with what would make it possible', () => {
    const findings = method.checks(requestsOf(method).unable()).filter(({ level }) => level === 'refuse');
    expect(findings).not.toEqual([]);
    for (const { advice } of findings) expect(advice).not.toBe('');
  });
});
