// The plan of a cleaning, from the report of a practice host that had leftovers of every kind.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clearAway } from '../../src/clean/clear-away.ts';
import { nothingGoesText } from '../../src/clean/kept.ts';
import { lookAgain } from '../../src/clean/look-again.ts';
import { type CleanRequest, planCleaning } from '../../src/clean/plan.ts';
import { type Leftovers, readLeftovers } from '../../src/host/leftovers/leftovers.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import type { StepTools } from '../../src/job/plan/step-work.ts';
import { practiceInventory } from '../live/pictures.ts';

const recorded = readFileSync(new URL('../fixtures/mysql-9.7/leftovers.txt', import.meta.url), 'utf8');
const none: Leftovers = {
  locks: [],
  elsewhere: [],
  holds: [],
  appliers: [],
  accounts: [],
  salvages: [],
  tables: [],
  units: [],
  volumes: [],
  mounts: [],
  orphans: [],
  scraps: [],
  ofSeeds: [],
  masks: [],
  strange: [],
  unread: [],
};

function request(change: Partial<CleanRequest> = {}): CleanRequest {
  const host = practiceInventory().hosts.find(({ name }) => name === 'db3');
  const found = readLeftovers(recorded);
  if (!host || !found) throw new Error('nothing recorded of db3');
  const who = { account: 'ops', jumpHost: 'jump1' };
  return {
    host,
    found,
    datadir: '/srv/mysql/data',
    open: new Map(),
    heldBy: (name, id) => ({
      ok: false,
      message: `${name} is locked by job ${id} (seed db2 → db3), which runs`,
      advice: `wait for it (reseed job attach ${id}), or abort it: reseed job abort ${id}`,
    }),
    needed: new Map(),
    snapshots: false,
    job: 'cafe0001',
    who,
    ...change,
  };
}
function planOf(change: Partial<CleanRequest> = {}): Plan {
  const { planned } = planCleaning(request(change));
  if (!planned?.ok) throw new Error(planned?.message ?? 'nothing to do');
  return planned.plan;
}
const names = ({ steps }: Plan) => steps.map(({ name }) => name);

describe('a cleaning', () => {
  test('ends units before it unmounts, unmounts before it removes, and looks again in the end', () => {
    expect(names(planOf())).toEqual([
      'further commands of job 5eed0001',
      'lock of job 5eed0001',
      'lock db3',
      'unit reseed-5eed0002-copy',
      'unit reseed-5eed0002-receive',
      'mount /run/reseed/mount/reseed-5eed0001-20261122T193047Z (254:3)',
      'mount /run/reseed/mount/by hand (254:7)',
      'snapshot data-vg/reseed-5eed0001-20261122T193047Z',
      'coordinates reseed-5eed0002-gone',
      'scrap taking-5eed0001-abcdef',
      'scrap mount/empty',
      'look again',
    ]);
  });

  test('says what named tables of a lost job are, and that an applier may leave out their events', () => {
    const left = { job: 'cafe0003', fresh: 0, old: 2, state: 'passed' } as const;
    const found = { ...none, tables: [left], ofSeeds: ['/srv/mysql/data/.reseed-cafe0003'] };
    const { planned, kept } = planCleaning(request({ found }));
    expect(planned).toBeUndefined();
    expect(kept.join('\n')).toContain(
      'named tables that job cafe0003 brought (reseed_new_cafe0003 has 0 tables and reseed_old_cafe0003 has 2 tables): its applier has left out events of these tables',
    );
    expect(kept.join('\n')).toContain('DROP DATABASE reseed_new_cafe0003; DROP DATABASE reseed_old_cafe0003;');
    expect(kept.join('\n')).toContain('/srv/mysql/data/.reseed-cafe0003: the notes of these named tables');
    const needed = new Map([['cafe0003', 7]]);
    expect(planCleaning(request({ found, needed })).kept.join()).toContain('reseed job abort 7 undoes it');
  });

  test('unblocks the start of a server that a lost job blocked, and not of one that an unfinished job blocks', () => {
    const found = { ...none, holds: [{ unit: 'mysql', job: 'cafe0002' }] };
    const plan = planOf({ found });
    expect(names(plan)).toEqual(['lock db3', 'hold of job cafe0002 on mysql', 'look again']);
    expect(plan.steps[1]?.commands.unhold?.args).toEqual(['unhold', 'unit=mysql', 'job=cafe0002']);
    expect(planCleaning(request({ found, open: new Map([['cafe0002', 7]]) }))).toMatchObject({
      kept: ['what job 7 has here: it is not over; wait for it (reseed job attach 7), or abort it: reseed job abort 7'],
    });
  });

  test('starts the applier again that a lost job stopped', () => {
    const plan = planOf({ found: { ...none, appliers: ['cafe0002'] } });
    expect(names(plan)).toEqual(['lock db3', 'applier that job cafe0002 stopped', 'look again']);
    expect(plan.steps[1]?.commands.start).toMatchObject({ script: 'applier', args: ['start', 'job=cafe0002'] });
  });

  test('removes the account of a lost seed by clone, and not that of a job that is not over', () => {
    const found = { ...none, accounts: ['cafe0002'] };
    const plan = planOf({ found });
    expect(names(plan)).toEqual(['lock db3', 'account reseed_cafe0002 of a seed by clone', 'look again']);
    expect(plan.steps[1]?.commands.remove).toMatchObject({
      script: 'seed-clone-donor',
      args: expect.arrayContaining(['remove', 'job=cafe0002']),
    });
    expect(planCleaning(request({ found, open: new Map([['cafe0002', 7]]) })).planned).toBeUndefined();
  });

  test('removes the logs that a lost salvage brought, and closes the server first that it left open', () => {
    const salvages = [
      { job: 'cafe0002', isOpen: true },
      { job: 'cafe0003', isOpen: false },
    ];
    const { steps } = planOf({ found: { ...none, salvages } });
    const ran = steps
      .slice(1, -1)
      .map(({ commands }) => Object.values(commands).map(({ script, args }) => [script, ...args].join(' ')));
    expect(ran).toEqual([
      ['salvage-open close job=cafe0002 defaults_file= socket=', 'salvage-take remove job=cafe0002'],
      ['salvage-take remove job=cafe0003'],
    ]);
    expect(
      planCleaning(
        request({
          found: { ...none, salvages },
          open: new Map([
            ['cafe0002', 7],
            ['cafe0003', 8],
          ]),
        }),
      ).planned,
    ).toBeUndefined();
  });

  test('says what is lost, what is ended, and whose lock is taken', () => {
    expect(planOf().destroys).toEqual([
      'the snapshot data-vg/reseed-5eed0001-20261122T193047Z of srv-mysql on db3 (16M, without coordinates) is lost for good',
      'what runs as unit reseed-5eed0002-copy is ended',
    ]);
    expect(planCleaning(request()).impact).toEqual([
      'db3 is locked by job 5eed0001 of anna@jump2 from 10.0.0.7:51234, since 2026-11-22 19:30:47 UTC: a command of it that runs now goes on, each further one is refused there, and so is its undo',
    ]);
  });

  test('lets the host refuse a lost job whose lock it takes, should its runner wake up; the undo of a job of this account stays', () => {
    const [forbid] = planOf().steps;
    expect(forbid?.commands.forbid).toMatchObject({
      script: 'host-fence',
      args: ['forbid', 'job=5eed0001', expect.stringMatching(/^who=.*\(reseed clean\)$/)],
    });
    const needed = new Map([['5eed0001', 3]]);
    expect(names(planOf({ needed }))[0]).toBe('lock of job 5eed0001');
    expect(planCleaning(request({ needed })).impact.join()).toContain('if it still works there, two jobs will');
  });

  test('takes what overflowed, proved or not', () => {
    const { found } = request();
    const volumes = found.volumes.map((volume) => ({ ...volume, valid: false }));
    expect(planOf({ found: { ...found, volumes } }).destroys).toContain(
      'the snapshot data-vg/reseed-5eed0003-20261122T203047Z of srv-mysql on db3 (16M, overflowed) is lost for good',
    );
  });

  test('takes the copy that a proof left, a classic one too, which LVM knows as no snapshot, and before the snapshot below it', () => {
    const { found } = request();
    const [first] = found.volumes;
    if (!first) throw new Error('no volume was recorded');
    const { origin: _, ...rest } = first;
    const copy = { ...rest, volume: 'reseed-5eed0009-copy', job: '5eed0009', proved: false, isCopy: true };
    const volumes = [...found.volumes, copy];
    const plan = planOf({ found: { ...found, volumes } });
    expect(plan.steps.filter(({ name }) => name.startsWith('snapshot')).map(({ name }) => name)).toEqual([
      'snapshot data-vg/reseed-5eed0009-copy',
      'snapshot data-vg/reseed-5eed0001-20261122T193047Z',
    ]);
    expect(plan.destroys[0]).toBe(
      'the writable copy data-vg/reseed-5eed0009-copy on db3, which a proof left, is removed',
    );
    const working = planCleaning(request({ found: { ...found, volumes }, open: new Map([['5eed0009', 12]]) }));
    expect(working.kept).toContain(
      'the writable copy data-vg/reseed-5eed0009-copy: the proof that made it is not over',
    );
  });

  test('keeps a snapshot that is proved to restore, although its coordinates are not known', () => {
    const { found } = request();
    const volumes = found.volumes.map((volume) => ({ ...volume, restores: true }));
    expect(names(planOf({ found: { ...found, volumes } })).filter((name) => name.startsWith('snapshot'))).toEqual([]);
    expect(planOf({ found: { ...found, volumes }, snapshots: true }).destroys[0]).toMatch(
      /proved to restore\) is lost/,
    );
  });

  test('names a snapshot by all that tells it from any other', () => {
    const step = planOf().steps.find(({ name }) => name.startsWith('snapshot'));
    expect(step?.commands.remove).toMatchObject({
      script: 'snapshot',
      args: [
        'remove',
        'group=data-vg',
        'name=reseed-5eed0001-20261122T193047Z',
        'uuid=m1UC4L-AkoK-Mzwv-ioNn-5uYb-LQWX-MelcsT',
        'origin=srv-mysql',
        'job=5eed0001',
      ],
    });
  });

  test('leaves what somebody may want, and says what would take it away', () => {
    expect(planCleaning(request()).kept).toEqual([
      'the snapshot data-vg/reseed-5eed0003-20261122T203047Z of srv-mysql, which is whole: reseed snapshot remove db3 reseed-5eed0003-20261122T203047Z',
      '/srv/mysql/data/.reseed-5eed0002: data of a seed: new data in new, old data in old; no job of this journal needs it. If no other journal has that job, its file phase tells where the old data is. new, placed, undone: in the datadir; cleared: deleted; out: in parts in old; in, switched: in old alone, where it was kept; over: deleted, the new data is in the datadir. If it is not needed here: rm -rf it',
      '/srv/mysql/data/RESEED_IN_PROGRESS: the datadir is not whole; a seed of db3 that ends well takes it away',
      'mysql.service is masked until the host starts again; reseed or another program did it: systemctl unmask --runtime mysql.service',
    ]);
    expect(names(planOf({ snapshots: true }))).toContain('snapshot data-vg/reseed-5eed0003-20261122T203047Z');
  });

  test('names the job that ended cleanup-needed, and never advises to delete the folder that its abort needs', () => {
    const unit = '/etc/systemd/system/mysql.service.d';
    const ofSeeds = [
      '/srv/mysql/data/.reseed-5eed0002',
      `${unit}/zzzz-reseed-5eed0002.conf`,
      `${unit}/zzzz-reseed-5eed0002-start.conf`,
      `${unit}/reseed-5eed0009-start.conf`,
      `${unit}/zzzz-reseed-5eed0009.conf`,
    ];
    const needed = new Map([['5eed0002', 3]]);
    const { planned, kept } = planCleaning(request({ found: { ...none, ofSeeds }, needed }));
    expect(planned).toBeUndefined();
    const whose = 'job 3, which ended cleanup-needed';
    expect(kept).toEqual([
      `${ofSeeds[0]}: data of ${whose}: new data in new, old data in old; reseed job abort 3 needs this folder to put the old data back`,
      `${ofSeeds[1]}: keeps the server from being started on data of ${whose} that is not whole; reseed job abort 3 takes it away`,
      `${ofSeeds[2]}: start options of ${whose}: read-only, and no replication at start; reseed job abort 3 takes it away`,
      `${ofSeeds[3]}: start options of a seed: read-only, and no replication at start. If no journal has that job, rm it, and systemctl daemon-reload`,
      `${ofSeeds[4]}: keeps the server from being started on data of a seed that is not whole. If no journal has that job, and the data in the datadir is whole (phase, in the folder of that seed): rm it, and systemctl daemon-reload`,
    ]);
    expect(nothingGoesText('db3', none, kept)).toBe('nothing on db3 is for clean to take away');
    expect(nothingGoesText('db3', none, [])).toBe('nothing of reseed is left on db3');
    const open = planCleaning(request({ found: { ...none, ofSeeds }, open: needed })).kept;
    expect(open[0]).toContain('data of job 3: new data in new, old data in old; reseed job abort 3 needs this folder');
  });

  test('says which job needs the note of how a host replicated before it was reattached', () => {
    const ofSeeds = ['/var/lib/reseed/before/5eed0002-mysql.service', '/var/lib/reseed/before/5eed0009-mysql.service'];
    const { planned, kept } = planCleaning(
      request({ found: { ...none, ofSeeds }, needed: new Map([['5eed0002', 3]]) }),
    );
    expect(planned).toBeUndefined();
    expect(kept).toEqual([
      `${ofSeeds[0]}: how db3 replicated before it got another source; reseed job abort 3 needs it`,
      `${ofSeeds[1]}: how db3 replicated before it got another source, by job 5eed0009, which needs it to be undone. If no journal has that job: rm it, and what is beside it`,
    ]);
  });

  test('keeps what a seed that could not be undone noted of a server: it was a scrap once its folder was gone', () => {
    const scraps = ['before/5eed0002-mysql.service'];
    const { planned, kept } = planCleaning(request({ found: { ...none, scraps }, needed: new Map([['5eed0002', 3]]) }));
    expect(planned).toBeUndefined();
    expect(kept).toEqual([
      '/var/lib/reseed/before/5eed0002-mysql.service: how a server replicated before a job that ended cleanup-needed; its abort needs it',
    ]);
  });

  test('leaves the things of a job that this journal has open', () => {
    const { found } = request();
    const written = { ...found, scraps: [...found.scraps, 'lock.5eed0002.4711'] };
    expect(names(planOf({ found: written }))).toContain('scrap lock.5eed0002.4711');
    const { planned, kept } = planCleaning(request({ found: written, open: new Map([['5eed0002', 17]]) }));
    if (!planned?.ok) throw new Error('no plan');
    expect(names(planned.plan).filter((name) => name.includes('5eed0002'))).toEqual([]);
    expect(kept).toContain(
      'what job 17 has here: it is not over; wait for it (reseed job attach 17), or abort it: reseed job abort 17',
    );
  });

  test('leaves what a running job has on the datadir of another server of the host', () => {
    const { found } = request();
    const elsewhere = [{ job: '5eed0002', who: 'anna@jump2, since noon', datadir: '/srv/b' }];
    const both = { ...found, elsewhere, holds: [{ unit: 'mysqld@b', job: '5eed0002' }], appliers: ['5eed0002'] };
    const { planned, kept } = planCleaning(request({ found: both }));
    if (!planned?.ok) throw new Error('no plan');
    expect(names(planned.plan).filter((name) => name.includes('5eed0002'))).toEqual([]);
    expect(kept).toContain(
      'what job 5eed0002 of anna@jump2, since noon has here: it works on /srv/b, the datadir of another server',
    );
    expect(names(planOf({ found: { ...both, elsewhere: [] } })).join()).toContain('hold of job 5eed0002 on mysqld@b');
  });

  test('of one server leaves the proved snapshots of another, with --snapshots too', () => {
    const ofDatadir = planOf({ snapshots: true, datadirVolume: { group: 'data-vg', volume: 'srv-mysql' } });
    expect(names(ofDatadir)).toContain('snapshot data-vg/reseed-5eed0003-20261122T203047Z');
    const ofOther = planOf({ snapshots: true, datadirVolume: { group: 'data-vg', volume: 'srv-b' } });
    expect(names(ofOther)).not.toContain('snapshot data-vg/reseed-5eed0003-20261122T203047Z');
  });

  test('says where names are as reseed would have given them, and what could not be read', () => {
    const found: Leftovers = { ...none, strange: ['datadir', 'run'], unread: ['LVM did not tell'] };
    expect(planCleaning(request({ found })).kept).toEqual([
      "the datadir /srv/mysql/data holds what is called like a seed's folder or mark, and root did not make it, and no job is known by it: look at it by ls -lab",
      '/run/reseed holds what no job of reseed calls so, and no job is known by it: look at it by ls -lab',
      'LVM did not tell',
    ]);
  });

  test('of a host that such a job has locked is refused', () => {
    expect(planCleaning(request({ open: new Map([['5eed0001', 17]]) })).planned).toEqual({
      ok: false,
      message: 'db3 is locked by job 17 (seed db2 → db3), which runs',
      advice: 'wait for it (reseed job attach 17), or abort it: reseed job abort 17',
    });
  });

  test('of a read-only host is refused, and one with nothing on it is none', () => {
    const { host } = request();
    expect(planCleaning(request({ host: { ...host, readOnly: true } })).planned).toMatchObject({ ok: false });
    expect(planCleaning(request({ found: none })).planned).toBeUndefined();
  });
});

describe('the look in the end', () => {
  const look = (stdout: string) => {
    const { steps } = planOf();
    const step = steps.at(-1);
    if (!step) throw new Error('no step');
    const mounts = steps.flatMap(({ name, work }) => (work === clearAway.kind && name.startsWith('mount') ? name : []));
    const tools = {
      step,
      run: async () => ({ ok: true, stdout, stderr: '' }),
      resultsOf: () => new Map(mounts.map((name) => [name, 'in use by 4711'])),
    };
    return lookAgain.run(tools as unknown as StepTools);
  };

  test('is content where nothing of it is left', async () => {
    expect(await look('mount|22 1 254:0 / /srv rw\nvolumes|all\n')).toEqual({ ok: true });
  });

  test('says nothing is gone where LVM did not tell', async () => {
    expect(await look('mount|22 1 254:0 / /srv rw\n')).toEqual({
      ok: false,
      message:
        'what is left is not wholly known: LVM did not tell all of its volumes: whether snapshots are left is not known',
      advice: 'see the log of the job',
    });
  });

  test('says what is left, and why', async () => {
    const only = recorded
      .split('\n')
      .filter((line) => /^(mount|volumes|unit.5eed0002.copy)/.test(line))
      .join('\n');
    expect(await look(only)).toEqual({
      ok: false,
      message:
        'left: unit reseed-5eed0002-copy; mount /run/reseed/mount/reseed-5eed0001-20261122T193047Z (254:3): in use by 4711; ' +
        'mount /run/reseed/mount/by hand (254:7): in use by 4711',
      advice: 'see the log of the job',
    });
  });
});

describe('a host whose datadir is not known', () => {
  const elsewhere = [{ job: 'cafe0009', who: 'anna@jump2', datadir: '/srv/a' }];
  const unknown = (change: Partial<CleanRequest> = {}) =>
    planCleaning(request({ datadir: '', found: { ...none, elsewhere, scraps: ['mount/empty'] }, ...change }));

  test("is not told that the lock of its own server is another one's, and learns how to go on", () => {
    const { kept, planned } = unknown();
    expect(kept.join('\n')).toContain('whether that is the datadir of db3 is not known');
    expect(kept.join('\n')).not.toContain('another server');
    expect(planned).toMatchObject({
      ok: false,
      message: expect.stringContaining('job cafe0009 of anna@jump2 has /srv/a, which may be it'),
      advice: expect.stringContaining('reseed unlock db3 --datadir=/srv/a'),
    });
  });

  test('names the own job that has it', () => {
    expect(unknown({ open: new Map([['cafe0009', 7]]) }).planned).toMatchObject({
      ok: false,
      advice: 'wait for it (reseed job attach 7), or abort it: reseed job abort 7',
    });
  });

  test('is cleaned where no job has a datadir of it', () => {
    expect(unknown({ found: { ...none, scraps: ['mount/empty'] } }).planned).toMatchObject({ ok: true });
  });
});
