// Rules of an inventory: what meets one, and for how long before its recovery is planned. A rule begins nothing.
import { describe, expect, test } from 'vitest';
import type { FleetPicture, HostPicture } from '../../src/fleet/picture.ts';
import type { Inventory, Rule } from '../../src/inventory/settings.ts';
import { settleAlerts } from '../../src/operations/notify/settle-alerts.ts';
import { given, refused } from '../../src/operations/result.ts';
import { type Proposal, propose } from '../../src/operations/rules/propose.ts';
import { settleRules } from '../../src/operations/rules/settle-rules.ts';
import { plannedRecoveries, proposalOf } from '../../src/operations/rules/told.ts';
import { metBy } from '../../src/rules/match.ts';
import { reportOf } from '../host/recordings.ts';
import { complaints, inventoryOf } from '../inventory/reading.ts';
import { addJob } from '../job/adding.ts';
import { hostNamed, pictureOf, practiceInventory } from '../live/pictures.ts';
import { path, sceneForEach } from '../schedule/ticking.ts';

const scene = sceneForEach();
const rule = { name: 'broken', when: [1062, 1032, 'crash-looping'] as const, forMs: 300_000 };
const signal = new AbortController().signal;

const channel = {
  name: '',
  sourceHost: '10.77.0.11',
  sourcePort: 3306,
  sourceUser: 'repl',
  ioThread: 'running',
  sqlThread: 'stopped',
  error: "Duplicate entry '12'",
  errorNumber: 1062,
  autoPosition: true,
  tls: false,
} as const;

/** The picture with that channel on db3. */
function broken(more: Partial<Record<keyof typeof channel, unknown>> = {}): FleetPicture {
  const picture = pictureOf('up');
  const replication = { ok: true, value: { channels: [{ ...channel, ...more }], replicas: [] } };
  const hosts = picture.hosts.map((host) =>
    host.host.name === 'db3' ? ({ ...host, report: { ...host.report, replication } } as unknown as HostPicture) : host,
  );
  return { ...picture, hosts };
}

describe('rules of the inventory', () => {
  const hosts = 'clusters: { shop: {} }\nhosts: { db1: { cluster: shop }, db2: {} }\n';

  test('are read in the order of the file', () => {
    const { rules } = inventoryOf(`${hosts}rules:
  broken: { when: [1236, 1062, crash-looping], for: 10 min, clusters: shop, method: delta }
  any: { when: 1032 }
`);
    expect(rules).toEqual([
      { name: 'broken', when: [1236, 1062, 'crash-looping'], forMs: 600_000, hosts: ['db1'], method: 'delta' },
      { name: 'any', when: [1032], forMs: 300_000 },
    ]);
  });

  test.each([
    ['{ when: [0] }', 'write the number of an error of replication, as 1062, or crash-looping'],
    ['{ when: 99999 }', 'write the number of an error of replication, as 1062, or crash-looping'],
    ['{ when: [1062, 1062] }', 'write each once'],
    ['{ for: 5 min }', 'when is missing'],
    ['{ when: 1062, until: 5 }', 'unknown key "until"'],
    ['{ when: 1062, hosts: db9 }', 'unknown host "db9", did you mean db1?'],
    ['{ when: 1062, method: lvn }', 'did you mean lvm?'],
  ])('a mistake in one is told: %s', (text, told) => {
    expect(complaints(`${hosts}rules:\n  r: ${text}\n`).join('\n')).toContain(told);
  });
});

describe('a replica meets a rule', () => {
  test('whose channel is broken by an error of it, and no other', () => {
    const met = (picture: FleetPicture, of: Parameters<typeof metBy>[0] = rule) => metBy(of, hostNamed(picture, 'db3'));
    expect(met(broken())).toBe('its replication is broken by error 1062');
    expect(met(broken({ errorNumber: 1045 }))).toBeUndefined();
    expect(met(broken({ sqlThread: 'running' }))).toBeUndefined();
    expect(met(broken(), { ...rule, hosts: ['db2'] })).toBeUndefined();
    expect(met(pictureOf('up'))).toBeUndefined();
  });

  test('that lacks what its source has purged meets a rule of 1236: MySQL 9.7 reports it as 13114', () => {
    const { replication } = reportOf('mysql-9.7/probe-purged');
    const channels = replication.ok ? replication.value.channels : [];
    expect(channels).toMatchObject([{ errorNumber: 13_114, ioThread: 'stopped' }]);
    for (const when of [[1236], [13_114]] as const) {
      const picture = hostNamed(broken(channels[0]), 'db3');
      expect(metBy({ ...rule, when }, picture)).toBe('its replication is broken by error 1236 (13114)');
    }
    expect(metBy(rule, hostNamed(broken(channels[0]), 'db3'))).toBeUndefined();
  });

  test('that does not answer meets none: what is known of it may be old', () => {
    const link = { state: 'failed', sinceMs: 0, failure: {} } as unknown as HostPicture['link'];
    expect(metBy(rule, { ...hostNamed(broken(), 'db3'), link })).toBeUndefined();
  });
});

describe('the recovery of a replica that meets a rule', () => {
  const inventory: Inventory = {
    ...practiceInventory(),
    rules: [rule],
    notify: [{ name: 'team', on: ['needs-person'], againMs: 3_600_000, way: { to: 'slack', url: { file: '/none' } } }],
  };
  const planned: string[] = [];
  let why: string | undefined;
  let recovery = { donor: 'db1', method: 'lvm' };
  const plan = async (of: { readonly name: string }, host: string): Promise<Proposal> => {
    planned.push(host);
    const by = { host, rule: of.name };
    if (why !== undefined) return { ...by, title: why, lines: [] };
    const lines = [`reseed seed ${recovery.donor} db3`];
    return { ...by, recovery, title: `recovery is planned: seed ${recovery.donor} → db3`, lines };
  };
  const look = async (minute: number, picture: FleetPicture) => {
    const { store, at, nowMs } = scene();
    at(new Date(Date.parse('2026-05-01T00:00:00Z') + minute * 60_000).toISOString());
    settleAlerts(store, path, picture, { rules: inventory.rules ?? [] }, nowMs());
    await settleRules(store, { inventory, path, picture, signal, nowMs: nowMs() }, plan);
    return planned.splice(0);
  };
  const told = () =>
    scene()
      .store.journal.telling.newest(9)
      .map(({ message }) => message);

  test('is planned once it has lasted, once, and told with what is typed for it', async () => {
    expect(await look(0, broken())).toEqual([]);
    expect(await look(4, broken())).toEqual([]);
    expect(told()).toEqual([]);
    expect(await look(5, broken())).toEqual(['db3']);
    expect(await look(10, broken())).toEqual([]);
    expect(told()).toMatchObject([
      {
        events: ['needs-person'],
        title: '! db3: recovery is planned: seed db1 → db3',
        lines: ['rule broken: its replication is broken by error 1062, for 5 min', 'reseed seed db1 db3'],
      },
    ]);
    // It began no job.
    expect(scene().store.journal.jobs(1)).toEqual([]);
    const [condition] = scene()
      .store.journal.looks.conditions(path)
      .filter(({ name }) => name === 'rule broken');
    if (!condition) throw new Error('no condition');
    expect(proposalOf(scene().store, condition, path)).toMatchObject({ hosts: ['db3'] });
    const shown = () => plannedRecoveries(scene().store, inventory, path);
    expect(shown()).toEqual([{ host: 'db3', text: 'recovery is planned: seed db1 → db3', recovery }]);
    await look(15, pictureOf('up'));
    expect(shown()).toEqual([]);
  });

  test('that was over in between has to last anew', async () => {
    await look(0, broken());
    await look(4, pictureOf('up'));
    expect(await look(8, broken())).toEqual([]);
    expect(await look(13, broken())).toEqual(['db3']);
  });

  test('keeps its time while its server does not answer, and is not planned meanwhile', async () => {
    await look(0, broken());
    const silent = { ok: false, why: 'the server refuses the login' } as const;
    const picture = broken();
    const hosts = picture.hosts.map((host) => ({ ...host, report: { ...host.report, replication: silent } }));
    expect(await look(5, { ...picture, hosts })).toEqual([]);
    expect(await look(6, broken())).toEqual(['db3']);
  });

  test('that a moment did not allow is planned by a later look, and each refusal is told once', async () => {
    const titles = () => told().map((one) => (one as { title: string }).title);
    await look(0, broken());
    why = 'no recovery is planned: there is no good donor';
    for (const minute of [5, 10]) expect(await look(minute, broken())).toEqual(['db3']);
    expect(titles()).toEqual([`! db3: ${why}`]);
    why = undefined;
    expect(await look(15, broken())).toEqual(['db3']);
    expect(await look(20, broken())).toEqual([]);
    expect(titles()).toEqual([
      '! db3: recovery is planned: seed db1 → db3',
      '! db3: no recovery is planned: there is no good donor',
    ]);
    expect(plannedRecoveries(scene().store, inventory, path)).toEqual([
      { host: 'db3', text: 'recovery is planned: seed db1 → db3', recovery },
    ]);
  });

  test('whose donor is gone since is planned anew, and what is shown is never a plan from a donor that is gone', async () => {
    const shown = () => plannedRecoveries(scene().store, inventory, path).map(({ text }) => text);
    const without = (name: string): FleetPicture => {
      const { hosts, ...picture } = broken();
      const link = { state: 'failed', sinceMs: 0, failure: {} } as unknown as HostPicture['link'];
      return { ...picture, hosts: hosts.map((one) => (one.host.name === name ? { ...one, link } : one)) };
    };
    recovery = { donor: 'db2', method: 'lvm' };
    await look(0, broken());
    await look(5, broken());
    expect(await look(10, broken())).toEqual([]);
    recovery = { donor: 'db1', method: 'lvm' };
    expect(await look(15, without('db2'))).toEqual(['db3']);
    expect(shown()).toEqual(['recovery is planned: seed db1 → db3']);
    why = 'no recovery is planned: there is no good donor';
    expect(await look(20, without('db1'))).toEqual(['db3']);
    expect(shown()).toEqual([why]);
    why = undefined;
    expect(await look(25, broken())).toEqual(['db3']);
    expect(shown()).toEqual(['recovery is planned: seed db1 → db3']);
    // Each is told once while db3 stays broken.
    expect(told()).toHaveLength(3);
  });

  test('that breaks anew after it was well is told anew, however soon', async () => {
    await look(0, broken());
    await look(5, broken());
    await look(10, pictureOf('up'));
    await look(15, broken());
    await look(20, broken());
    expect(
      scene()
        .store.journal.telling.newest(9)
        .map(({ state }) => state),
    ).toEqual(['waiting', 'waiting']);
  });

  test('of one host does not wait for that of another', async () => {
    const { store, nowMs } = scene();
    const picture = broken();
    const hosts = picture.hosts.map((host) => ({ ...host, report: hostNamed(picture, 'db3').report }));
    settleAlerts(store, path, { hosts }, { rules: inventory.rules ?? [] }, nowMs());
    const all = Promise.withResolvers<void>();
    const asked = new Set<string>();
    const together = async (_: unknown, host: string): Promise<Proposal> => {
      asked.add(host);
      if (asked.size === 2) all.resolve();
      await all.promise;
      if (host === 'db1') throw new Error('it broke');
      return { host, rule: 'broken', recovery, title: `recovery is planned: ${host}`, lines: [] };
    };
    const looking = { inventory, path, picture: { ...picture, hosts }, signal, nowMs: nowMs() + 400_000 };
    await settleRules(store, looking, together);
    expect(asked.size).toBe(hosts.length);
    expect(told().map((one) => (one as { title: string }).title)).toContain('! db1: no recovery is planned');
  });

  test('of a primary is not planned from its own replica', async () => {
    const picture = pictureOf('up');
    const primary = picture.hosts.find(({ role }) => role === 'primary')?.host.name ?? '';
    const how = { inventory, picture, past: [], signal };
    const no = await propose({ ...rule, name: 'looping' }, primary, how, async () => {
      throw new Error('nothing is planned');
    });
    expect(no).toMatchObject({ title: 'no recovery is planned', lines: [expect.stringContaining('is a primary')] });
  });

  test('is not planned from a server of which no relation is known', async () => {
    const picture = broken();
    const hosts = picture.hosts.map(({ host: { cluster: _, ...host }, ...one }) => {
      const channels = [{ ...channel, sourceHost: host.name === 'db3' ? '10.77.0.99' : '10.77.0.98' }];
      const replication = { ok: true, value: { channels, replicas: [] } } as const;
      return { ...one, host, report: { ...one.report, replication } } as unknown as HostPicture;
    });
    const no = await propose(rule, 'db3', { inventory, picture: { ...picture, hosts }, past: [], signal }, async () => {
      throw new Error('nothing is planned');
    });
    expect(no.title).toBe('no recovery is planned: there is no good donor');
    expect(no.lines.join('\n')).toContain('give both the same cluster');
  });

  test('is not planned while a job works on the host', async () => {
    await look(0, broken());
    const { journal } = scene().store;
    const of = { kind: 'seed', title: 'seed', hosts: ['db1', 'db3'], steps: [], destroys: [] };
    const { id } = addJob(journal, { key: 'cafe', plan: of, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
    expect(await look(6, broken())).toEqual([]);
    journal.setJob(id, 'failed');
    expect(await look(11, broken())).toEqual(['db3']);
  });

  test('is planned from the primary where that is nearer, but not by a rule that needs no person', async () => {
    const picture = broken();
    const hosts = picture.hosts.map((one) =>
      one.host.name === 'db1' ? { ...one, host: { ...one.host, datacenter: 'fra' } } : one,
    );
    const asked: string[] = [];
    const planned = async (of: Rule) =>
      await propose(
        of,
        'db3',
        { inventory, picture: { ...picture, hosts }, past: [], signal },
        async (_, { schedule: { act } }) => {
          asked.push(act.do === 'seed' ? act.donor : '');
          return refused({ kind: 'unreachable', message: 'it did not answer', advice: '', host: 'db1' });
        },
      );
    await planned(rule);
    const auto = { between: { from: 0, to: 1440 }, allow: {}, maxBroken: 1, minGood: 1, againMs: 1 };
    await planned({ ...rule, auto });
    expect(asked).toEqual(['db1', 'db2']);
  });

  test('names the best donor, and why there is no plan where the checks refuse it', async () => {
    const picture = broken();
    const how = { inventory, picture, past: [], signal };
    const asked: string[] = [];
    const no = await propose(rule, 'db3', how, async (_, { schedule: { act }, hosts }) => {
      asked.push(`${act.do === 'seed' ? act.donor : ''} ${hosts}`);
      return refused({ kind: 'unreachable', message: 'it did not answer', advice: '', host: 'db1' });
    });
    expect(asked).toHaveLength(1);
    expect(no).not.toHaveProperty('recovery');
    expect(no.title).toMatch(/^no recovery is planned from db\d$/);
    const yes = await propose(rule, 'db3', how, async (_, { hosts }, by) =>
      given({
        planned: {
          ok: true,
          plan: { kind: 'seed', title: 'seed db1 → db3', hosts: [...hosts], steps: [], destroys: ['the data of db3'] },
        },
        key: by.key,
        who: by.who,
        targets: [],
        impact: [],
        name: 'db3',
      }),
    );
    expect(yes.title).toBe('recovery is planned: seed db1 → db3');
    expect(yes.lines).toEqual(['the data of db3', expect.stringMatching(/^reseed seed db\d db3 --method \S+$/)]);
    expect(yes.lines[1]).toContain(`reseed seed ${yes.recovery?.donor} db3 --method ${yes.recovery?.method}`);
  });
});
