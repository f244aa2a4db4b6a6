// Which methods a seed tries, and the messages about those that can't be used, with recorded hosts.
import { expect, test } from 'vitest';
import { wayLines } from '../../src/commands/jobs/seed/methods.ts';
import { methodsToTry } from '../../src/operations/seed/order.ts';
import { judged } from '../../src/operations/seed/ways.ts';
import { methods } from '../../src/seed/methods/methods.ts';
import type { Side } from '../../src/seed/request.ts';
import { side, stopped } from '../seed/sides.ts';

const by = { key: 'cafe', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };
const terms = { keepSnapshot: false, compression: 'auto', clear: false } as const;
const target = { name: 'db1', host: 'db1', transport: 'auto', sudo: false } as const;
const known = ['db1', 'db2', 'db3', 'db6'].map((name) => ({ ...side(name), target }));

/** Whose inventory has no seed.method; that of the practice fleet has one. */
function unordered(of: Side): Side {
  const { method: _, ...seed } = of.host.seed;
  return { ...of, host: { ...of.host, seed } };
}

/** It compares pages, and had not been asked for when the hosts were recorded. */
const withPerl = (of: Side): Side => ({ ...of, facts: { ...of.facts, tools: [...of.facts.tools, 'perl'] } });

const saidOf = (donor: Side, to: Side) =>
  wayLines(
    { donor: donor.host.name, target: to.host.name },
    judged(
      methods.map((method) => ({ donor, targets: [to], method, terms, known })),
      by,
    ),
  );

const order = (...methods: ('lvm' | 'stopped' | 'binlog')[]) => {
  const { host } = side('db3');
  return { ...host, seed: { ...host.seed, method: methods } };
};
const tried = (...given: Parameters<typeof methodsToTry>) => {
  const answer = methodsToTry(...given);
  return answer.ok ? answer.value.methods.map(({ name }) => name) : answer.refusal.message;
};

test('the methods of a running donor: one is proposed with what it costs, and each other has its reason with what to do', () => {
  const said = saidOf(side('db2'), unordered(side('db3')));
  expect(said[0]).toMatch(
    /^db2 → db3: db3 is healthy and in sync with .*: it needs no seed. If it is to be seeded all the same: proposed is lvm: the server of the donor runs on, and a break goes on where it was$/,
  );
  expect(said.join('\n')).toMatch(
    /✔ named tables .*\n +what is said of them: reseed seed db2 db3 --databases NAMES --dry-run/,
  );
  expect(said.join()).not.toContain('db2 is down');
  expect(said.join('\n')).toMatch(
    /✔ lvm +a snapshot is copied\n +writes are blocked.*\n +how long it takes is unknown/,
  );
  expect(said.join('\n')).toMatch(
    /✖ stopped .*\n +db2: the server of db2 runs; reseed stop db2, or copy a snapshot of it/,
  );
  expect(said.at(-1)).toBe('look at its plan: reseed seed db2 db3 --method lvm --dry-run');
});

test('a donor that is down gives its files, and no new snapshot', () => {
  const said = saidOf(stopped(), unordered(side('db6')));
  expect(said[0]).toBe(
    'db2 → db6: proposed is stopped: no snapshot can be copied; the server of the donor is down, and its files are copied as they lie there',
  );
  expect(said.join('\n')).toMatch(/✖ lvm /);
});

test('a donor without an answer proposes no source of its own for a host that is well', () => {
  const said = saidOf(stopped(), side('db3')).join('\n');
  expect(said).toMatch(
    /✖ binlog .*\n(.*\n)* +db2: the server of db2 does not answer, and nothing of it would come to db3: it is db1 that db3 would replicate from; if that is meant: reseed seed db1 db3 --method binlog/,
  );
  expect(said).toMatch(/✖ named tables .*\n +db2: the server of db2 does not answer; reseed start db2/);
  expect(said).not.toContain('ssl_ca');
});

test('what stands against every method that copies is said once, and nothing is proposed', () => {
  const primary = saidOf(side('db2'), side('db1'));
  expect(primary[0]).toBe('db2 → db1: no method can be used now');
  expect(primary.filter((line) => line.includes('db1 is the source of'))).toHaveLength(1);
});

test('a seed tries the methods of seed.method in their order, or the one that is named, or a snapshot', () => {
  expect(tried({ terms }, [side('db3').host])).toEqual(['lvm']);
  expect(tried({ terms }, [order('stopped', 'lvm')])).toEqual(['stopped', 'lvm']);
  expect(tried({ method: 'binlog', terms }, [order('stopped', 'lvm')])).toEqual(['binlog']);
});

test('a method that has no use for what is asked for is not tried, and where none has, that is said', () => {
  expect(tried({ snapshot: 'reseed-1', terms }, [order('stopped', 'lvm')])).toEqual(['lvm']);
  const told = methodsToTry({ terms: { ...terms, streams: 2 } }, [order('binlog', 'lvm')]);
  expect(told.ok && told.value.passedOver.map(({ method, terms }) => [method.name, ...terms])).toEqual([
    ['binlog', 'streams'],
  ]);
  expect(tried({ snapshot: 'reseed-1', terms }, [order('stopped', 'binlog')])).toBe(
    'what the seed is asked for is of no use to the methods of db3 (stopped: --snapshot; binlog: --snapshot)',
  );
});

test('the methods that have a use for what is asked for are named, in the words of the options', () => {
  expect(methodsToTry({ terms: { ...terms, injectEmpty: true } }, [order('lvm')])).toMatchObject({
    refusal: {
      kind: 'usage',
      message: 'what the seed is asked for is of no use to the methods of db3 (lvm: --inject-empty)',
      advice: 'leave it out, or name a method that has a use for it: --method mysqldump, mydumper, binlog, custom',
    },
  });
});

test('targets with other orders are not seeded in one job without a method', () => {
  const other = { ...order('binlog'), name: 'db6' };
  expect(tried({ terms }, [order('lvm'), other])).toBe('seed.method is lvm for db3, and binlog for db6');
  expect(tried({ method: 'lvm', terms }, [order('lvm'), other])).toEqual(['lvm']);
});

test('what is proposed has its reason: a snapshot for a blank machine, what differs for a stale replica, the order of the inventory where it has one', () => {
  expect(saidOf(side('db2'), unordered(side('db6')))[0]).toBe(
    'db2 → db6: proposed is lvm: the server of the donor runs on, and a break goes on where it was',
  );
  const db6 = side('db6');
  const ordered = { ...db6, host: { ...db6.host, seed: { ...db6.host.seed, method: ['lvm', 'binlog'] as const } } };
  expect(saidOf(side('db2'), ordered)[0]).toBe(
    'db2 → db6: proposed is lvm: of seed.method (lvm, binlog) the first that can be used',
  );
  const [donor, stale] = [withPerl(side('db2')), withPerl(unordered(side('db3')))];
  const said = saidOf(donor, stale).join('\n');
  expect(said).toContain('proposed is delta: db3 has old data to compare with: only what differs is sent\n');
  expect(said).toMatch(/✔ lvm .*\n(?: .*\n)* +it would be worse: all is sent, \d+M\n/);
  expect(saidOf(stopped(), ordered)[0]).toContain(
    'proposed is stopped: none of seed.method (lvm, binlog) can be used; no snapshot can be copied',
  );
  expect(saidOf(side('db2'), db6)[0]).toBe('db2 → db6: proposed is lvm: seed.method names it');
});
