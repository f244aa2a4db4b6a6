// Plans of snapshots, from what hosts of the practice fleet said.
import { describe, expect, test } from 'vitest';
import type { LogicalVolume } from '../../src/host/facts.ts';
import type { Host, KeepRule } from '../../src/inventory/settings.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import { lockedDatadir } from '../../src/scripts/host-lock-words.ts';
import { planSnapshot, type SnapshotRequest } from '../../src/snapshot/create.ts';
import { planMount, planRemove, planUnmount } from '../../src/snapshot/manage.ts';
import { pruneRefusal, toPrune } from '../../src/snapshot/prune.ts';
import { practiceInventory, recorded } from '../live/pictures.ts';

const who = { account: 'ops', jumpHost: 'jump1' };
const nowMs = Date.UTC(2026, 10, 22, 19, 30, 47);

function request(name: string, change: Partial<Host> = {}): SnapshotRequest {
  const host = practiceInventory().hosts.find((one) => one.name === name);
  const report = recorded('up').reports.get(name);
  if (!host || !report) throw new Error(`nothing recorded of ${name}`);
  return { host: { ...host, ...change }, report, job: '9f3a4c21', who, nowMs };
}

function planOf(planned: ReturnType<typeof planSnapshot>): Plan {
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
}

/** The words of the command that takes the snapshot. */
const taken = (plan: Plan) =>
  Object.fromEntries(
    plan.steps[1]?.commands.take?.args.map((word) => [
      word.slice(0, word.indexOf('=')),
      word.slice(word.indexOf('=') + 1),
    ]) ?? [],
  );

describe('a snapshot', () => {
  test('of a classic volume has the size of the inventory in whole extents, and the words of its server', () => {
    const { job, group, volume, name, size, datadir, lock } = taken(planOf(planSnapshot(request('db1'))));
    expect([job, group, volume, name]).toEqual(['9f3a4c21', 'vg0', 'mysql', 'reseed-9f3a4c21-20261122T193047Z']);
    expect(Number(size) % 4_194_304).toBe(0);
    expect(Number(size)).toBeGreaterThanOrEqual(0.1 * 2 ** 31);
    expect(datadir).toBe('/var/lib/mysql');
    expect(lock).toBe('LOCK INSTANCE FOR BACKUP; FLUSH TABLES WITH READ LOCK');
  });

  test('of a thin volume has no size, and the words of MariaDB', () => {
    const { lock, ...words } = taken(planOf(planSnapshot(request('db4'))));
    expect(words).toMatchObject({ group: 'vgcrm', volume: 'data', size: '' });
    expect(lock).toContain('BACKUP STAGE BLOCK_COMMIT');
  });

  test('of a MySQL replica without GTID is taken while its applier is stopped: parallel appliers were beyond its position', () => {
    const asked = request('db2');
    const { server } = asked.report;
    if (!server?.ok) throw new Error('db2 has no server');
    const report = { ...asked.report, server: { ...server, value: { ...server.value, gtid: false } } };
    const { steps } = planOf(planSnapshot({ ...asked, report }));
    expect(steps.map(({ name }) => name)).toEqual(['lock db2', 'applier db2', 'snapshot db2']);
    expect(steps[1]?.commands.run?.args.slice(0, 2)).toEqual(['stop', 'job=9f3a4c21']);
    expect(steps[1]?.acquires).toMatchObject({ release: 'start', whenDone: 'release' });
    // Its GTIDs are those of its data under the lock, whatever its applier does.
    expect(planOf(planSnapshot(asked)).steps).toHaveLength(2);
  });

  test('that commands.createSnapshot makes is taken under the lock, for 30 s at most; the job knows it by a name of its own', () => {
    const commands = { createSnapshot: { run: ['/opt/snap.sh', '{datadir}'] as const } };
    const { steps } = planOf(planSnapshot(request('db1', { commands, snapshot: { size: { percent: 200 } } })));
    expect(steps[1]?.title).toBe(
      'snapshot db1 by commands.createSnapshot (writes are blocked meanwhile, 30 s at most)',
    );
    expect(steps[1]?.commands.take?.args.slice(-6)).toEqual([
      'form=list',
      'seconds=30',
      'look=owned program /opt/snap.sh',
      'look=owned file /var/lib/mysql',
      'argument=/opt/snap.sh',
      'argument=/var/lib/mysql',
    ]);
    expect(steps[1]?.acquires).toMatchObject({
      what: 'the snapshot of vg0/mysql that commands.createSnapshot makes on db1',
      release: 'remove',
    });
    expect(steps[1]?.commands.remove?.args).toContain('name=reseed-9f3a4c21-20261122T193047Z');
  });

  test('of a server that is down is taken without a lock, and says so', () => {
    const plan = planOf(planSnapshot(request('db6')));
    expect(taken(plan)).toMatchObject({ lock: '', coordinates: '', source: '', unlock: '', sessions: 'tell' });
    expect(plan.steps[1]?.title).toContain('nothing is blocked');
  });

  test('stays when the job is done, and goes when it fails; the lock of the host goes in any case', () => {
    const { steps } = planOf(planSnapshot(request('db1')));
    expect(steps.map(({ acquires }) => acquires?.whenDone)).toEqual(['release', 'keep']);
    expect(steps[1]?.commands.remove?.args).toEqual([
      'remove',
      'group=vg0',
      'name=reseed-9f3a4c21-20261122T193047Z',
      'uuid=',
      'origin=mysql',
      'job=9f3a4c21',
    ]);
  });

  test.each([
    ['a read-only host', request('db1', { readOnly: true }), 'db1 is read-only in the inventory'],
    [
      'more room than the group has',
      request('db1', { snapshot: { size: { percent: 200 } } }),
      /^vg0 of db1 has \d\.\dG free, and the snapshot needs 4\.0G$/,
    ],
    [
      'volumes that are not known',
      { ...request('db1'), report: { ...request('db1').report, lvm: { ok: false, why: 'no sudo' } as const } },
      'the volumes of db1 are not known: no sudo',
    ],
    [
      'a server that runs and lets nobody in',
      { ...request('db1'), report: { ...request('db1').report, server: { ok: false, why: 'Access denied' } as const } },
      "the server of db1 runs, or may run, and can't be locked: Access denied",
    ],
    ['a volume that is not there', request('db1', { snapshot: { volume: 'vg9/data' } }), /not on a logical volume$/],
  ])('is refused for %s', (_, refused, message) => {
    const planned = planSnapshot(refused);
    if (planned.ok) throw new Error('it was planned');
    expect(planned.message).toMatch(message);
  });

  test('is refused of a thin volume whose pool is nearly full', () => {
    const { host, report } = request('db4');
    if (!report.lvm?.ok) throw new Error('no volumes');
    const volumes = report.lvm.value.volumes.map((volume) =>
      volume.kind === 'thinPool' ? { ...volume, usedPercent: 91 } : volume,
    );
    const full = { ...report, lvm: { ok: true as const, value: { ...report.lvm.value, volumes } } };
    expect(planSnapshot({ ...request('db4'), host, report: full })).toMatchObject({
      ok: false,
      message: expect.stringContaining('vgcrm/pool of db4 is 91 % full'),
    });
  });
});

/** As lvs tells it; of it, what the plans look at. */
const snapshot = (
  volume: string,
  createdSeconds: number | undefined,
  change: Partial<LogicalVolume> = {},
): LogicalVolume => ({
  group: 'vg0',
  volume,
  uuid: `uuid-${volume}`,
  kind: 'snapshot',
  sizeBytes: 2 ** 30,
  attributes: 'swi-a-s---',
  tags: ['reseed', 'reseed-job=9f3a4c21'],
  origin: 'mysql',
  valid: true,
  active: true,
  mountPoints: [],
  ...(createdSeconds !== undefined && { createdSeconds }),
  ...change,
});
const manage = (...snapshots: LogicalVolume[]) => ({
  host: request('db1').host,
  snapshots,
  datadir: '/var/lib/mysql',
  datadirVolume: { group: 'vg0', volume: 'mysql' },
  job: 'cafe',
  who,
});

describe('an existing snapshot', () => {
  test('is mounted in a folder of its own, and named by all that tells it from any other', () => {
    const plan = planOf(planMount(manage(snapshot('one', 1))));
    expect(plan.steps[1]?.commands.run?.args).toEqual([
      'mount',
      'group=vg0',
      'name=one',
      'uuid=uuid-one',
      'origin=mysql',
      'folder=/run/reseed/mount/one',
    ]);
  });

  test('is not mounted when it is invalid, or mounted already', () => {
    expect(planMount(manage(snapshot('one', 1, { valid: false })))).toMatchObject({ ok: false });
    expect(planMount(manage(snapshot('one', 1, { mountPoints: ['/mnt'] })))).toMatchObject({ ok: false });
  });

  test('is unmounted from where it is, and only then removed', () => {
    const mounted = snapshot('one', 1, { mountPoints: ['/mnt/one'] });
    expect(planOf(planUnmount(manage(mounted))).steps[1]?.commands.run?.args.at(-1)).toBe('folder=/mnt/one');
    expect(planRemove(manage(mounted))).toMatchObject({ ok: false, message: 'vg0/one is mounted on /mnt/one' });
  });

  test('that is not mounted is not unmounted', () => {
    expect(planUnmount(manage(snapshot('one', 1)))).toMatchObject({ message: 'vg0/one of db1 is not mounted' });
  });

  test('is lost for good when it is removed, which is said with its size', () => {
    expect(planOf(planRemove(manage(snapshot('one', 1)))).destroys).toEqual([
      'the snapshot vg0/one of mysql on db1 (1.0G) is lost for good',
    ]);
    const proved = snapshot('one', 1, { tags: ['reseed', 'reseed-restores=1795719000:7'] });
    expect(planOf(planRemove(manage(proved))).destroys).toEqual([
      'the snapshot vg0/one of mysql on db1 (1.0G, proved to restore) is lost for good',
    ]);
  });
});

describe('the lock of a job on snapshots', () => {
  const lockOf = (...snapshots: LogicalVolume[]) =>
    lockedDatadir(planOf(planRemove(manage(...snapshots))).steps[0]?.commands.take?.args ?? []);

  test("is that of the datadir; for another volume's snapshot, which may be another server's, of the whole host", () => {
    expect(lockOf(snapshot('one', 1))).toBe('/var/lib/mysql');
    expect(lockOf(snapshot('one', 1), snapshot('of b', 1, { origin: 'mysql-b' }))).toBe('');
  });
});

describe('prune', () => {
  const names = (volumes: readonly LogicalVolume[]) => volumes.map(({ volume }) => volume);
  const dayMs = 86_400_000;
  const volumes = [
    snapshot('old', 100_000),
    snapshot('new', 900_000),
    snapshot('middle', 500_000),
    snapshot('dateless', undefined),
  ];

  test('leaves the newest', () => {
    expect(names(toPrune(volumes, { keep: 1 }, 11 * dayMs))).toEqual(['middle', 'old', 'dateless']);
  });

  test('leaves those that are younger, and those whose age nobody knows', () => {
    expect(names(toPrune(volumes, { youngerThanMs: 3 * dayMs }, 11 * dayMs))).toEqual(['middle', 'old']);
  });

  test('leaves the newest of each hour, day, week and month', () => {
    const at = (time: string) => Date.parse(time) / 1000;
    const taken = [
      '2026-03-02T01:30',
      '2026-03-02T09:10',
      '2026-03-02T09:50',
      '2026-03-02T10:05',
      '2026-02-28T10:00',
      '2026-02-20T10:00',
      '2026-01-31T10:00',
      '2025-12-31T10:00',
    ];
    const all = taken.map((time) => snapshot(time, at(time)));
    const left = (keep: KeepRule) => {
      const gone = names(toPrune(all, { keep }, at('2026-03-03T00:00') * 1000));
      return taken.filter((time) => !gone.includes(time));
    };
    expect(left({ hourly: 2 })).toEqual(['2026-03-02T09:50', '2026-03-02T10:05']);
    expect(left({ daily: 2 })).toEqual(['2026-03-02T10:05', '2026-02-28T10:00']);
    expect(left({ weekly: 3 })).toEqual(['2026-03-02T10:05', '2026-02-28T10:00', '2026-02-20T10:00']);
    expect(left({ monthly: 12 })).toEqual([
      '2026-03-02T10:05',
      '2026-02-28T10:00',
      '2026-01-31T10:00',
      '2025-12-31T10:00',
    ]);
    expect(left({ last: 2, monthly: 2 })).toEqual(['2026-03-02T09:50', '2026-03-02T10:05', '2026-02-28T10:00']);
    // Of nothing at all the newest is left.
    expect(left({ daily: 0 })).toEqual(['2026-03-02T10:05']);
  });

  test('does not count an invalid snapshot, whose data is lost, in place of one that is whole', () => {
    const full = snapshot('full', 950_000, { valid: false });
    expect(names(toPrune([...volumes, full], { keep: 1 }, 11 * dayMs))).toEqual(['full', 'middle', 'old', 'dateless']);
    expect(names(toPrune([...volumes, full], { keep: { daily: 1 } }, 11 * dayMs))).toEqual(['full', 'middle', 'old']);
  });

  test('leaves the newest that a replica can begin with, also where newer ones have no coordinates', () => {
    const proved = snapshot('proved', 400_000, { tags: ['reseed', 'reseed-proved'] });
    const unproved = [snapshot('new', 900_000, { tags: ['reseed'] }), snapshot('newer', 950_000, { tags: ['reseed'] })];
    expect(names(toPrune([proved, ...unproved], { keep: 1 }, 11 * dayMs))).toEqual(['new']);
    expect(names(toPrune([proved, ...unproved], { keep: 0 }, 11 * dayMs))).toEqual(['newer', 'new', 'proved']);
  });

  test('by age leaves the newest whole one, and the newest that a replica can begin with, however old they are', () => {
    const proved = snapshot('proved', 100_000, { tags: ['reseed', 'reseed-proved'] });
    const rest = [
      snapshot('old', 50_000, { tags: ['reseed', 'reseed-proved'] }),
      snapshot('bare', 150_000, { tags: ['reseed'] }),
      snapshot('full', 200_000, { valid: false }),
    ];
    expect(names(toPrune([proved, ...rest], { youngerThanMs: dayMs }, 365 * dayMs))).toEqual(['full', 'old']);
    const young = snapshot('young', 364 * 86_400 + 80_000, { tags: ['reseed'] });
    expect(names(toPrune([proved, young, ...rest], { youngerThanMs: dayMs }, 365 * dayMs))).toEqual([
      'full',
      'bare',
      'old',
    ]);
  });

  test('lets snapshots that are dated after the clock of their host push out no new one', () => {
    const ahead = ['a', 'b', 'c'].map((name) => snapshot(name, 14 * 86_400));
    const taken = ['new', 'older', 'oldest'].map((name, index) => snapshot(name, 900_000 - index * 7200));
    expect(names(toPrune([...ahead, ...taken], { keep: 2 }, 11 * dayMs))).toEqual(['oldest']);
    expect(names(toPrune([...ahead, ...taken], { keep: { hourly: 2 } }, 11 * dayMs))).toEqual(['oldest']);
  });

  test('by age is refused where the clocks are apart, and any where a pool has failed: a repair may bring all back', () => {
    const all = [snapshot('one', 900_000)];
    const why = (
      hostMs: number | undefined,
      one = all,
      rule: Parameters<typeof toPrune>[1] = { youngerThanMs: dayMs },
    ) => pruneRefusal('db1', one, rule, { nowMs: 11 * dayMs, ...(hostMs !== undefined && { hostMs }) })?.message;
    expect(why(11 * dayMs + 60_000)).toBeUndefined();
    expect(why(376 * dayMs)).toMatch(/^the clock of db1 is 365 d ahead of that of this machine/);
    expect(why(0)).toMatch(/^the clock of db1 is 11 d behind that of this machine/);
    expect(why(undefined)).toMatch(/^the clock of db1 is not known/);
    expect(why(undefined, all, { keep: 1 })).toBeUndefined();
    const failed = [snapshot('thin', 900_000, { attributes: 'Vwi---tzF-', pool: 'pool', valid: false })];
    expect(why(11 * dayMs, failed, { keep: 1 })).toMatch(/its thin pool \S+\/pool has failed/);
  });

  test('never takes what somebody else made, what is mounted, or what is no snapshot', () => {
    const others = [
      snapshot('by-hand', 1, { tags: [] }),
      snapshot('in-use', 1, { mountPoints: ['/mnt'] }),
      snapshot('mysql', 1, { kind: 'origin' }),
    ];
    expect(toPrune(others, { keep: 0 }, 11 * dayMs)).toEqual([]);
  });
});
