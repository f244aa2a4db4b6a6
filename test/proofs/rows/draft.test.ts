// What `reseed proof --rows` plans, and what it refuses, from recorded hosts.
import { describe, expect, test } from 'vitest';
import type { HostReport, ReplicationChannel } from '../../../src/host/facts.ts';
import type { ProofSettings } from '../../../src/inventory/settings.ts';
import { rowsDraft } from '../../../src/operations/proofs/rows-draft.ts';
import { candidates, sourceAmong } from '../../../src/operations/proofs/source-of.ts';
import { side } from '../../seed/sides.ts';

const by = { key: 'cafe', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };

function subject(name: string, report: Partial<HostReport> = {}, proof?: ProofSettings) {
  const { host, report: told } = side(name, {}, report);
  const target = { name, host: name, transport: 'auto', sudo: false } as const;
  return { host: { ...host, ...(proof && { proof }) }, report: told, target };
}

const [channel] = (() => {
  const { replication } = side('db2').report;
  return replication?.ok ? replication.value.channels : [];
})();
const withChannel = (change: Partial<ReplicationChannel>): Partial<HostReport> => ({
  replication: {
    ok: true,
    value: { channels: [{ ...(channel as ReplicationChannel), ...change }], replicas: [] },
  },
});

describe('a proof of rows', () => {
  test('is a job of three steps on both hosts, which writes to none and locks none', () => {
    const { planned, targets, impact, kept } = rowsDraft({ replica: subject('db2'), source: subject('db1') }, {}, by);
    if (!planned.ok) throw new Error(planned.message);
    const { plan } = planned;
    expect([plan.title, plan.hosts, plan.destroys, impact]).toEqual([
      'row proof db2: has the rows of db1',
      ['db2', 'db1'],
      [],
      [],
    ]);
    expect(targets.map(({ name }) => name)).toEqual(['db2', 'db1']);
    expect(kept?.[0]).toContain('nothing is written');
    expect(plan.steps.map(({ work }) => work)).toEqual(['rows-tables', 'rows-compare', 'rows-judge']);
    expect(plan.steps.flatMap(({ acquires }) => acquires ?? [])).toEqual([]);
    expect(plan.steps[1]?.input).toEqual({ maxLagSeconds: 10, maxLoad: 25 });
  });

  test('waits for the lag and the load that the inventory or the operator says', () => {
    const limits = (proof: ProofSettings, wanted: Parameters<typeof rowsDraft>[1]) => {
      const { planned } = rowsDraft({ replica: subject('db2', {}, proof), source: subject('db1') }, wanted, by);
      return planned.ok ? planned.plan.steps[1]?.input : planned.message;
    };
    expect(limits({ maxLagSeconds: 5 }, {})).toEqual({ maxLagSeconds: 5, maxLoad: 25 });
    expect(limits({ maxLagSeconds: 5, maxLoad: 40 }, { maxLagSeconds: 2 })).toEqual({ maxLagSeconds: 2, maxLoad: 40 });
  });

  test.each([
    ['a host that is no replica', subject('db1'), subject('db2'), 'db1 replicates from no host'],
    ['a source that is not known', subject('db2'), undefined, 'is no host of the inventory that answers'],
    [
      'filters that rename databases',
      subject('db2', withChannel({ filters: ['replicate_rewrite_db a->b'] })),
      subject('db1'),
      'db2: which tables it replicates is not known: replicate_rewrite_db a->b',
    ],
    [
      'a replica that is read-only in the inventory',
      { ...subject('db2'), host: { ...subject('db2').host, readOnly: true } },
      subject('db1'),
      'db2 is read-only in the inventory',
    ],
    ['a source of another vendor', subject('db2'), subject('db4'), 'their positions have nothing in common'],
  ])('of %s is refused', (_, replica, source, message) => {
    const { planned } = rowsDraft({ replica, ...(source && { source }) }, {}, by);
    expect(planned).toMatchObject({ ok: false, message: expect.stringContaining(message) });
  });

  test('of a replica that another job compares is refused, and of one that a job compared is not', () => {
    const sides = { replica: subject('db2'), source: subject('db1') };
    const { planned } = rowsDraft(sides, {}, by);
    if (!planned.ok) throw new Error(planned.message);
    const job = (state: string) => [{ id: 41, state, plan: planned.plan }] as never;
    expect(rowsDraft(sides, {}, by, job('running')).planned).toMatchObject({
      ok: false,
      message: 'job 41 compares the rows of db2 already',
    });
    expect(rowsDraft(sides, {}, by, job('done')).planned.ok).toBe(true);
  });

  test('of a replica whose applier is stopped says so, and is planned', () => {
    const replica = subject('db2', withChannel({ sqlThread: 'stopped' }));
    const { checks, planned } = rowsDraft({ replica, source: subject('db1') }, {}, by);
    expect(planned.ok).toBe(true);
    expect(checks).toContainEqual(expect.objectContaining({ level: 'warn', host: 'db2' }));
  });
});

test('the source is found by its address, or among the servers of the cluster by its uuid or server_id', () => {
  const [db1, db2, db3] = ['db1', 'db2', 'db3'].map((name) => subject(name)) as [Told, Told, Told];
  const hosts = [db1, db2, db3].map(({ host }) => host);
  expect(candidates(db2, { hosts }).others.map(({ name }) => name)).not.toContain('db2');
  expect(sourceAmong(db2, [db1, db3])?.host.name).toBe('db1');
  expect(sourceAmong(db2, [db3])).toBeUndefined();
  expect(sourceAmong(db1, [db2])).toBeUndefined();
});
type Told = ReturnType<typeof subject>;
