// Snapshots that go for room: in the plan of a prune, and before a new one is taken.
import { describe, expect, test } from 'vitest';
import type { HostReport, LogicalVolume } from '../../src/host/facts.ts';
import type { SnapshotSettings } from '../../src/inventory/settings.ts';
import { draftOf, type JobRequest } from '../../src/operations/plans/draft.ts';
import { notAllowed } from '../../src/schedule/allow.ts';
import { makeRoom } from '../../src/snapshot/make-room.ts';
import { exited, printed, stepTools } from '../job/step-tools.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';

const GiB = 2 ** 30;
const author = { key: 'cafe', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };

function taken(
  name: string,
  origin: LogicalVolume,
  daysAgo: number,
  change: Partial<LogicalVolume> = {},
): LogicalVolume {
  const { group, volume, pool } = origin;
  return {
    group,
    volume: name,
    uuid: `uuid-${name}`,
    kind: pool === undefined ? 'snapshot' : 'thinSnapshot',
    sizeBytes: GiB,
    attributes: pool === undefined ? 'swi-a-s---' : 'Vwi---tz-k',
    tags: ['reseed'],
    origin: volume,
    createdSeconds: 1_795_000_000 - daysAgo * 86_400,
    valid: true,
    active: true,
    mountPoints: [],
    ...(pool !== undefined && { pool }),
    ...change,
  };
}

interface Seen {
  readonly snapshot?: SnapshotSettings;
  /** Of the volume group. */
  readonly freeBytes?: number;
  /** Of the thin pool. */
  readonly full?: { readonly data: number; readonly metadata: number };
  readonly snapshots: (origin: LogicalVolume) => readonly LogicalVolume[];
}

/** db1 is on a classic volume, db4 on a thin one. */
function draft(name: 'db1' | 'db4', request: JobRequest, { snapshot = {}, freeBytes = 0, full, snapshots }: Seen) {
  const { host, report } = hostNamed(pictureOf('up'), name);
  if (!report.lvm?.ok || !report.system?.ok) throw new Error('no volumes were recorded');
  const { datadirVolume, groups, volumes } = report.lvm.value;
  const origin = volumes.find(({ volume }) => volume === datadirVolume?.volume);
  if (!origin) throw new Error('no volume of the datadir');
  const value = {
    ...report.lvm.value,
    groups: groups.map((one) => ({ ...one, sizeBytes: 10 * GiB, freeBytes })),
    volumes: [
      ...volumes.map((one) =>
        one.kind === 'thinPool' && full ? { ...one, usedPercent: full.data, metadataPercent: full.metadata } : one,
      ),
      ...snapshots(origin),
    ],
  };
  const said: HostReport = {
    ...report,
    lvm: { ...report.lvm, value },
    system: { ...report.system, value: { ...report.system.value, clockMs: 1_795_000_000_000 } },
  };
  const target = { name, host: name, transport: 'auto', sudo: false } as const;
  return draftOf(
    request,
    { host: { ...host, snapshot: { ...host.snapshot, ...snapshot } }, report: said, target },
    author,
  );
}

const dateless = ({ createdSeconds: _, ...rest }: LogicalVolume): LogicalVolume => rest;

const stepsOf = ({ planned }: ReturnType<typeof draft>) =>
  planned.ok ? planned.plan.steps.map(({ title }) => title) : [planned.message];
const findings = ({ checks = [] }: ReturnType<typeof draft>) => checks.map(({ level, text }) => `${level} ${text}`);
const days = (origin: LogicalVolume, ...ages: number[]) => ages.map((age) => taken(`day${age}`, origin, age));

const keep3: JobRequest = { verb: 'prune', rule: { keep: 3 } };

describe('a prune, where the volume group has less free than snapshot.free', () => {
  test('removes as many more as that takes, the oldest first, and its plan says why', () => {
    const seen = {
      snapshot: { free: { percent: 20 } },
      freeBytes: GiB / 2,
      snapshots: (of: LogicalVolume) => days(of, 1, 2, 3, 4),
    };
    const made = draft('db1', keep3, seen);
    expect(stepsOf(made).slice(1)).toEqual([
      'remove vg0/day4 on db1',
      'by the rule alone vg0 has 1.5G free, 2.0G are wanted: until then remove, one after the other, vg0/day3',
    ]);
    expect(findings(made)).toEqual([
      'warn by the rule alone vg0 has 1.5G free, 2.0G are wanted: 1 more goes, the oldest first',
    ]);
    expect(made.planned).toMatchObject({
      plan: {
        destroys: [
          'the snapshot vg0/day4 of mysql on db1 (1.0G) is lost for good',
          expect.stringMatching(
            /^the snapshot vg0\/day3 of mysql on db1 \(1\.0G\) is lost for good, if there is too little room/,
          ),
        ],
      },
    });
  });

  test('removes none more where the rule is enough', () => {
    const made = draft('db1', keep3, {
      snapshot: { free: { percent: 20 } },
      freeBytes: GiB,
      snapshots: (of) => days(of, 1, 2, 3, 4),
    });
    expect(stepsOf(made).slice(1)).toEqual(['remove vg0/day4 on db1']);
    expect(findings(made)).toEqual(['pass by the rule alone vg0 has 2.0G free, 2.0G are wanted']);
  });

  test('leaves the last that is proved to restore, the last with coordinates, what is in use, and as many as snapshot.least', () => {
    const made = draft(
      'db1',
      { verb: 'prune', rule: { keep: 9 } },
      {
        snapshot: { free: { percent: 15 }, least: 2 },
        snapshots: (of) => [
          ...days(of, 1, 2, 3),
          taken('read', of, 5, { attributes: 'swi-aos---' }),
          taken('mounted', of, 6, { mountPoints: ['/mnt/six'] }),
          taken('restores', of, 7, { tags: ['reseed', 'reseed-restores=1795000000:7'] }),
          taken('begins', of, 8, { tags: ['reseed', 'reseed-proved'] }),
          dateless(taken('dateless', of, 9)),
          taken('foreign', of, 10, { tags: [] }),
          taken('invalid', of, 4, { valid: false, attributes: 'swi-I-s---' }),
        ],
      },
    );
    expect(stepsOf(made)[1]).toBe('remove vg0/invalid on db1');
    expect(stepsOf(made)[2]).toMatch(/remove, one after the other, vg0\/day3$/);
    expect(made.kept).toEqual([
      'vg0/read, which a program of db1 has open',
      'vg0/mounted, which is mounted on /mnt/six',
    ]);
  });

  test('leaves them all where as much can not be had: snapshots were lost each night, and there was no more room than before', () => {
    const seen = {
      snapshot: { free: { bytes: 5 * GiB }, least: 1 },
      snapshots: (of: LogicalVolume) => days(of, 1, 2, 3, 4),
    };
    const words = 'vg0 has 0B free, 5.0G are wanted: all snapshots that may go are too few, so none goes for that';
    const none = draft('db1', { verb: 'prune', rule: { keep: 9 } }, seen);
    expect(none.planned).toMatchObject({ ok: false, message: `db1: ${words}` });
    expect(none.planned).not.toHaveProperty('nothingToDo');
    // What the rule removes goes, and the job fails then, so that it is told.
    const byRule = draft('db1', keep3, seen);
    expect(stepsOf(byRule).slice(1)).toEqual([
      'remove vg0/day4 on db1',
      'look whether that is enough: by the rule alone vg0 has 1.0G free, 5.0G are wanted',
    ]);
    expect(findings(byRule)[0]).toMatch(/: all snapshots that may go are too few, so none goes for that$/);
  });

  test('is refused where none may go: a schedule tells that, and does not say that nothing was to be done', () => {
    const { planned } = draft('db1', keep3, { snapshot: { free: { bytes: 5 * GiB } }, snapshots: (of) => days(of, 1) });
    expect(planned).toEqual({
      ok: false,
      message: 'db1 has no snapshot to remove, and vg0 has 0B free, 5.0G are wanted',
      advice: 'extend it, free room in it by hand, or remove snapshots by name',
    });
  });

  test('--free asks for another share than the inventory', () => {
    const made = draft('db1', { ...keep3, free: { percent: 10 } }, { snapshots: (of) => days(of, 1, 2) });
    expect(stepsOf(made)[1]).toMatch(
      /^vg0 has 0B free, 1\.0G are wanted: until then remove, one after the other, vg0\/day2$/,
    );
  });
});

describe('a prune of a thin pool', () => {
  test('removes one after the other while the pool is too full: how much each frees is known when it is gone', () => {
    const made = draft('db4', keep3, {
      snapshot: { free: { percent: 20 } },
      full: { data: 84, metadata: 10 },
      snapshots: (of) => days(of, 1, 2, 3),
    });
    expect(stepsOf(made)[1]).toBe(
      'the thin pool vgcrm/pool is 84 % full, 80 % at most is wanted: until then remove, one after the other, vgcrm/day3, vgcrm/day2',
    );
    expect(findings(made)[0]).toMatch(/: up to 2 more go, the oldest first, one after the other, until it is so$/);
  });

  test('goes by its metadata too', () => {
    const made = draft('db4', keep3, {
      snapshot: { free: { percent: 20 } },
      full: { data: 10, metadata: 91 },
      snapshots: (of) => days(of, 1, 2),
    });
    expect(stepsOf(made)[1]).toMatch(/is 91 % full of its metadata, 80 % at most is wanted/);
  });

  test('leaves them all where the whole pool, or more, is wanted free', () => {
    const full = { data: 40, metadata: 1 };
    const made = draft(
      'db4',
      { verb: 'prune', rule: { keep: 9 } },
      { snapshot: { free: { bytes: 500 * GiB } }, full, snapshots: (of) => days(of, 1, 2) },
    );
    expect(made.planned).toMatchObject({ ok: false, message: expect.stringContaining('none goes for that') });
  });

  test('of which bytes are to be free removes none for metadata that is not dangerously full', () => {
    const made = (metadata: number) =>
      draft(
        'db4',
        { verb: 'prune', rule: { keep: 9 } },
        { snapshot: { free: { bytes: 1 } }, full: { data: 10, metadata }, snapshots: (of) => days(of, 1, 2) },
      ).planned;
    expect(made(79)).toMatchObject({ ok: false, nothingToDo: true });
    expect(made(81)).toMatchObject({ ok: true });
  });

  test('that nothing was asked for tells that the pool is dangerously full', () => {
    const seen = { full: { data: 86, metadata: 1 }, snapshots: (of: LogicalVolume) => days(of, 1, 2, 3, 4) };
    expect(findings(draft('db4', keep3, seen))[0]).toBe(
      'warn the thin pool vgcrm/pool is 86 % full, 80 % at most is wanted',
    );
    const none = draft('db4', { verb: 'prune', rule: { keep: 9 } }, seen).planned;
    expect(none).toMatchObject({ ok: false, advice: expect.stringContaining('snapshot.free: 20%') });
    expect(none).not.toHaveProperty('nothingToDo');
  });
});

test('a classic snapshot that is nearly full, and so lost before long, takes no place of one that is sound', () => {
  const made = draft(
    'db1',
    { verb: 'prune', rule: { keep: 1 } },
    {
      snapshots: (of) => [taken('nearly', of, 1, { usedPercent: 93.4 }), ...days(of, 2, 3)],
    },
  );
  expect(stepsOf(made).slice(1)).toEqual(['remove vg0/day3 on db1']);
  expect(findings(made)).toEqual([
    'warn vg0/nearly has used 93 % of its room, and is lost when that is full: it takes no place of another',
  ]);
});

describe('snapshot create, where it would leave less free than snapshot.free', () => {
  const create: JobRequest = { verb: 'snapshot' };

  test('removes the oldest first, and says so: an operator agrees by name, a schedule by allow', () => {
    const made = draft('db1', create, {
      snapshot: { free: { percent: 20 }, size: { bytes: GiB / 2 } },
      freeBytes: 1.6 * GiB,
      snapshots: (of) => days(of, 1, 2, 3),
    });
    expect(stepsOf(made).map((title) => title.replace(/ \(writes.*/, ''))).toEqual([
      'lock db1',
      'vg0 has 1.6G free, 2.5G are wanted: until then remove, one after the other, vg0/day3',
      'snapshot db1',
    ]);
    if (!made.planned.ok) throw new Error(made.planned.message);
    const { destroys } = made.planned.plan;
    expect(destroys).toEqual([expect.stringContaining('vg0/day3')]);
    const nightly = { name: 'nightly', act: { do: 'snapshot' } } as const;
    const grave = { destroys, impact: [], replicas: [] };
    expect(notAllowed({ ...nightly, allow: {} }, ['db1'], grave)?.advice).toBe(
      'if that is meant each time, write into schedule nightly: allow: { remove-snapshots: [db1] }',
    );
    expect(notAllowed({ ...nightly, allow: { 'remove-snapshots': ['db1'] } }, ['db1'], grave)).toBeUndefined();
    expect(findings(made)).toContain(
      'warn vg0 has 1.6G free, 2.5G are wanted: snapshots go first, until there is as much',
    );
  });

  test('is refused where all that may go are too few, and where the pool is too full and none may go', () => {
    const classic = draft('db1', create, {
      snapshot: { free: { percent: 50 }, size: { bytes: GiB / 2 } },
      snapshots: (of) => days(of, 1, 2),
    });
    expect(classic.planned).toMatchObject({
      ok: false,
      message:
        'vg0 has 0B free, 5.5G are wanted, 512M of it for the snapshot (snapshot.free of db1); all snapshots that may go are too few',
    });
    const thin = draft('db4', create, {
      snapshot: { free: { percent: 30 } },
      full: { data: 71, metadata: 1 },
      snapshots: (of) => days(of, 1),
    });
    expect(thin.planned).toMatchObject({
      ok: false,
      message:
        'the thin pool vgcrm/pool is 71 % full, 70 % at most is wanted (snapshot.free of db4); no snapshot of reseed may go',
    });
  });

  test('takes it where a full pool is emptied first', () => {
    const made = draft('db4', create, {
      snapshot: { free: { percent: 10 } },
      full: { data: 95, metadata: 1 },
      snapshots: (of) => days(of, 1, 2),
    });
    // No snapshot is taken in a pool that is fuller than 80 %, whatever is wanted.
    expect(stepsOf(made)[1]).toMatch(/is 95 % full, 80 % at most is wanted: .* vgcrm\/day2$/);
    expect(made.planned.ok && made.planned.plan.steps.at(-1)?.work).toBe('take-snapshot');
  });
});

describe('the step that makes room', () => {
  const host = hostNamed(pictureOf('up'), 'db4').host;
  const candidates = ['a', 'b'].map((volume) => ({ group: 'vgcrm', volume, uuid: volume, origin: 'data' }));
  const wanted = { freeBytes: 200, metadataPercent: 80 };
  const step = makeRoom.plan({ host, space: { group: 'vgcrm', pool: 'pool' }, wanted, why: 'full', candidates });
  const work = async (...fullness: number[]) => {
    const ran: string[] = [];
    const left = [...fullness];
    const { tools, notes } = stepTools({
      commands: step.commands,
      input: step.input,
      answer: (key) => {
        ran.push(key);
        return printed(key === 'look' ? `group|2000|0\npool|twi-aotz--|1000|${left.shift()}.00|1.20\n` : '');
      },
    });
    return { end: await makeRoom.run(tools), ran, notes };
  };

  test('leaves the others once there is enough', async () => {
    const { end, ran, notes } = await work(84, 79);
    expect([end, ran]).toEqual([{ ok: true }, ['look', 'remove-1', 'look']]);
    expect(notes).toEqual([
      'the thin pool vgcrm/pool is 84 % full, 80 % at most is wanted: removing vgcrm/a',
      'the thin pool vgcrm/pool is 79 % full, 80 % at most is wanted: kept vgcrm/b',
    ]);
  });

  test('fails where all were too few, so that it is told', async () => {
    const { end, ran } = await work(95, 92, 91);
    expect(ran).toEqual(['look', 'remove-1', 'look', 'remove-2', 'look']);
    expect(end).toMatchObject({
      ok: false,
      message: expect.stringMatching(/91 % full.* on db2, and no other snapshot may go/),
    });
  });

  test('ends where one is in use by now', async () => {
    const { tools } = stepTools({
      commands: step.commands,
      input: step.input,
      answer: (key) =>
        key === 'look' ? printed('group|2000|0\npool|twi-aotz--|1000|99|1\n') : exited(3, 'vgcrm/a is mounted on /mnt'),
    });
    expect(await makeRoom.run(tools)).toMatchObject({ ok: false, message: 'vgcrm/a is mounted on /mnt' });
  });
});
