// Which host is proposed as the donor of a target, with facts recorded on the practice fleet.

import { expect, test } from 'vitest';
import { type HostPicture, silenceOf } from '../../src/fleet/picture.ts';
import type { HostReport, LogicalVolume, ReplicationChannel } from '../../src/host/facts.ts';
import { chosenSnapshot } from '../../src/operations/seed/draft.ts';
import type { Seen } from '../../src/seed/methods/candidate.ts';
import { candidatesFor, otherTargets } from '../../src/seed/methods/candidates.ts';
import { byClone } from '../../src/seed/methods/clone/clone.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { recorded } from '../components/console.tsx';

const { picture } = recorded('calm');

const seenOf = ({ host, report, remembered, link }: HostPicture): Seen => {
  const silence = silenceOf(link);
  return {
    host,
    report,
    ...(silence && { silence }),
    down: false,
    ...(remembered.server && { server: remembered.server }),
  };
};
const all = picture.hosts.map(seenOf);
const changed = (name: string, change: (seen: Seen) => Partial<Seen>) =>
  all.map((seen) => (seen.host.name === name ? { ...seen, ...change(seen) } : seen));

function named(name: string, some = all): Seen {
  const found = some.find(({ host }) => host.name === name);
  if (!found) throw new Error(`nothing was recorded of ${name}`);
  return found;
}

/** All but the clones and the deltas, which are offered for the same hosts. */
function offered(target: string, some = all) {
  const { candidates, unfit } = candidatesFor(named(target, some), some);
  return { candidates: candidates.filter(({ method }) => method !== byClone && !method.comparesOld), unfit };
}

const proposed = (target: string, some = all) =>
  offered(target, some).candidates.map(({ donor, snapshot }) =>
    snapshot ? `${donor.name}'s ${snapshot.volume}` : donor.name,
  );

function channelOf({ report }: Seen): ReplicationChannel {
  const [channel] = report.replication?.ok ? report.replication.value.channels : [];
  if (!channel) throw new Error('no channel was recorded');
  return channel;
}

const withChannel = (change: Partial<ReplicationChannel>) => (seen: Seen) => ({
  report: {
    ...seen.report,
    replication: { ok: true as const, value: { replicas: [], channels: [{ ...channelOf(seen), ...change }] } },
  },
});

/** With a snapshot of its datadir; its age is by the host's own clock. */
const withSnapshot =
  (ageMs: number, change: Partial<LogicalVolume> = {}) =>
  ({ report }: Seen): { report: HostReport } => {
    const { lvm, system } = report;
    const [like] = lvm?.ok ? lvm.value.volumes : [];
    if (!lvm?.ok || !system?.ok || !like || !lvm.value.datadirVolume) throw new Error('no volume was recorded');
    const snapshot: LogicalVolume = {
      ...like,
      kind: 'snapshot',
      volume: 'reseed-1',
      uuid: 'of-reseed-1',
      origin: lvm.value.datadirVolume.volume,
      tags: ['reseed', 'reseed-proved'],
      createdSeconds: Math.floor((system.value.clockMs - ageMs) / 1000),
      ...change,
    };
    return {
      report: { ...report, lvm: { ok: true, value: { ...lvm.value, volumes: [...lvm.value.volumes, snapshot] } } },
    };
  };

test('a blank host is offered those of its cluster: its own datacenter first, the one that takes writes last', () => {
  expect(proposed('db6')).toEqual(['db3', 'db2', 'db1']);
  const [best] = offered('db6').candidates;
  expect(best?.why).toMatch(/^in fra, as db6, takes no writes, 0 s behind, load \d+\.\d a CPU$/);
});

test('pages that differ are offered of each snapshot, behind it; to a host without old data they are not', () => {
  const deltas = (some = all) =>
    candidatesFor(named('db6', some), some).candidates.filter(({ method }) => method.comparesOld);
  expect(deltas().map(({ id }) => id)).toEqual(['db3 delta', 'db2 delta', 'db1 delta']);
  expect(deltas()[0]?.why).toContain('sends only what differs from its old data');
  expect(deltas(changed('db6', () => ({ isEmpty: true })))).toEqual([]);
  const [old] = deltas(changed('db1', withSnapshot(3 * 3_600_000))).filter(({ snapshot }) => snapshot);
  expect(old).toMatchObject({ brief: 'delta, 3 h old', donor: { name: 'db1' } });
});

test('a clone of each MySQL that answers is offered: behind snapshots, as seed.method says, and without LVM too', () => {
  const ids = (some = all) =>
    candidatesFor(named('db6', some), some)
      .candidates.filter(({ method }) => !method.comparesOld)
      .map(({ id }) => id);
  expect(ids()).toEqual(['db3', 'db2', 'db1', 'db3 clone', 'db2 clone', 'db1 clone']);
  const some = changed('db3', ({ report }) => ({
    report: { ...report, lvm: { ok: true, value: { groups: [], volumes: [] } } },
  }));
  expect(ids(some).slice(0, 3)).toEqual(['db2', 'db1', 'db3 clone']);
  expect(candidatesFor(named('db5'), all).candidates.map(({ method }) => method.name)).not.toContain('clone');
});

test('another vendor, or another cluster, is never offered, and the target not to itself', () => {
  expect(proposed('db5')).toEqual(['db4', 'db4']);
  expect(proposed('db2')).toEqual(['db1', 'db3']);
});

test('one whose replication is stopped comes last, however near', () => {
  const some = changed('db3', withChannel({ sqlThread: 'stopped' }));
  expect(proposed('db6', some)).toEqual(['db2', 'db1', 'db3']);
  const last = offered('db6', some).candidates.at(-1);
  expect(last?.why).toContain('replication stopped');
});

test('a replica whose replication is stopped may go on from the data that it has: listed last, and not proposed', () => {
  const some = changed('db2', withChannel({ ioThread: 'stopped', sqlThread: 'stopped' }));
  const { candidates } = offered('db2', some);
  expect(candidates.map(({ id }) => id)).toEqual(['db1', 'db3', 'db1 binlog']);
  expect(candidates.at(-1)?.why).toMatch(
    /^nothing is copied: db2 catches up on the data that it has, and lacks \d+ transactions$/,
  );
});

test('one far behind, or that can not tell, comes behind those that are not; unknown is no 0', () => {
  for (const lagSeconds of [3600, undefined]) {
    const channel = withChannel({ ioThread: 'running' });
    const some = changed('db2', (seen) => {
      const { report } = channel(seen);
      const { lagSeconds: _, ...rest } = channelOf({ ...seen, report });
      const told = lagSeconds === undefined ? rest : { ...rest, lagSeconds };
      return { report: { ...report, replication: { ok: true, value: { replicas: [], channels: [told] } } } };
    });
    expect(proposed('db6', some)).toEqual(['db3', 'db1', 'db2']);
    expect(offered('db6', some).candidates.at(-1)?.why).toContain(
      lagSeconds === undefined ? 'lag not known' : '1 h behind',
    );
  }
});

test("who can't give is named with why, and not offered", () => {
  const some = changed('db3', () => ({ silence: 'does not answer now' }));
  const { candidates, unfit } = offered('db6', some);
  expect(candidates.map(({ donor }) => donor.name)).toEqual(['db2', 'db1']);
  expect(unfit.map(({ host, why }) => `${host.name}: ${why}`)).toEqual(['db3: does not answer now']);
});

test('a server that is down is offered last, to be copied as it lies there', () => {
  const some = changed('db3', ({ report }) => ({
    down: true,
    report: { ...report, server: { ok: false, why: 'down' } },
  }));
  const { candidates, unfit } = offered('db6', some);
  expect(candidates.map(({ id }) => id)).toEqual(['db2', 'db1', 'db3 stopped']);
  expect(unfit).toEqual([]);
  expect(candidates.at(-1)?.why).toMatch(/its server is down, and stays so while its files are copied/);
});

test('a snapshot comes after a new one of the same host, but before one that would block writes', () => {
  const hourMs = 3_600_000;
  const some = changed('db1', withSnapshot(3 * hourMs));
  expect(proposed('db6', some)).toEqual(['db3', 'db2', "db1's reseed-1", 'db1']);
  const [, , snapshot] = offered('db6', some).candidates;
  expect(snapshot?.why).toContain('taken 3 h ago, db6 catches up from then on');
});

test("a snapshot that is full, that nobody proved, or that is somebody else's is not offered", () => {
  for (const change of [{ valid: false }, { tags: ['reseed'] }, { tags: [] }, { origin: 'another' }]) {
    expect(proposed('db6', changed('db1', withSnapshot(0, change)))).toEqual(['db3', 'db2', 'db1']);
  }
});

test('who else can be given the data: not the source of others, not one that does not answer', () => {
  const some = changed('db3', () => ({ silence: 'does not answer now' }));
  const others = otherTargets(named('db6', some), some);
  expect(others.map(({ one, why }) => [one.host.name, why])).toEqual([
    ['db1', 'others replicate from it'],
    ['db2', undefined],
    ['db3', 'does not answer now'],
  ]);
});

test('a replica whose filters leave rows out is proposed behind every donor that has them all, and why is said', () => {
  const best = proposed('db3')[0] ?? '';
  const some = changed(best, withChannel({ filters: ['replicate_ignore_db audit'] }));
  expect(proposed('db3', some).at(-1)).toBe(best);
  expect(candidatesFor(named('db3', some), some).candidates.at(-1)?.why).toContain(
    'leaves rows out: replicate_ignore_db audit',
  );
});

test('the methods of seed.method are proposed in their order', () => {
  const some = changed('db2', () => ({ down: true }));
  expect(proposed('db3', some)[0]).not.toBe('db2');
  const asking = (method: 'stopped' | 'lvm') =>
    some.map((seen) =>
      seen.host.name === 'db3'
        ? { ...seen, host: { ...seen.host, seed: { ...seen.host.seed, method: [method] } } }
        : seen,
    );
  expect(proposed('db3', asking('stopped'))[0]).toBe('db2');
  expect(proposed('db3', asking('lvm'))[0]).not.toBe('db2');
});

test('while the volumes of a host have not been told yet, no other method is proposed in place of a snapshot', () => {
  const untold = all.map((seen) => {
    const { lvm: _, ...report } = seen.report;
    return { ...seen, report };
  });
  const { candidates, unfit } = candidatesFor(named('db3', untold), untold);
  expect(candidates.filter(({ method }) => method.copies)).toEqual([]);
  expect(unfit.map(({ why }) => why)).toContain('whether its datadir is on an LVM volume is not known yet');
});

test('a host whose LVM gave no answer is not said to be on no volume, or to have no snapshot', () => {
  const why = 'lvs gave no answer in time; it is asked again in 10 s';
  const late = all.map((seen) => ({
    ...seen,
    report: { ...seen.report, lvm: { ok: false, why, late: true } as const },
  }));
  const db2 = named('db2', late);
  const target = named('db3', late);
  expect(lvmSnapshot.gifts(db2, target)).toBe(`its volumes are not known: ${why}`);
  expect(lvmSnapshot.gifts({ ...db2, down: true }, target)).toBe(
    `its server is down, and its volumes are not known: ${why}`,
  );
});

test('a named snapshot of a donor whose LVM gave no answer is not said to be missing', () => {
  const { host, report } = named('db2', all);
  const why = 'lvs gave no answer in time';
  expect(chosenSnapshot({ host, report: { ...report, lvm: { ok: false, why } } }, 'nightly')).toEqual({
    ok: false,
    refusal: { kind: 'unreachable', message: `the volumes of db2 are not known: ${why}`, advice: '' },
  });
  expect(
    chosenSnapshot({ host, report: { ...report, lvm: { ok: false, why, missing: true } } }, 'nightly'),
  ).toMatchObject({
    refusal: { kind: 'usage', message: 'db2 has no snapshot nightly' },
  });
});

test('for a server of its own a host of any cluster may give its data: its own cluster first, no other vendor', () => {
  const some = all.map((seen) =>
    seen.host.name === 'db3' ? { ...seen, host: { ...seen.host, cluster: 'staging' } } : seen,
  );
  const target = named('db3', some);
  expect(candidatesFor(target, some).candidates).toEqual([]);
  const { candidates, unfit } = candidatesFor(target, some, 'standalone');
  const donors = [...new Set(candidates.map(({ donor }) => donor.name))];
  expect(donors).toEqual(['db2', 'db1']);
  expect(candidates[0]?.why).toContain('of cluster shop');
  // Nothing is caught up, and nothing can be done without a copy.
  expect(candidates.map(({ method }) => method.copies)).not.toContain(false);
  expect(unfit).toEqual([]);
});

test('what is to be caught up is not told of a snapshot for a server of its own', () => {
  const some = changed('db1', withSnapshot(7 * 86_400_000));
  const [snapshot] = candidatesFor(named('db6', some), some, 'set').candidates.filter((one) => one.snapshot);
  expect(snapshot?.why).toContain('taken 7 d ago');
  expect(snapshot?.why).not.toContain('catches up');
});

test('a set may take hosts that take writes, and the source of others: the hosts are asked which these are', () => {
  const why = (ends?: 'standalone' | 'set') =>
    otherTargets(named('db6'), all, ends).find(({ one }) => one.host.name === 'db1')?.why;
  expect(why()).toBe('others replicate from it');
  expect(why('standalone')).toBe('others replicate from it');
  expect(why('set')).toBeUndefined();
});
