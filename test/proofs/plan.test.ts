// The plan of a proof of restore, and what is refused, from what hosts of the practice fleet said.
import { describe, expect, test } from 'vitest';
import type { LogicalVolume } from '../../src/host/facts.ts';
import { everyStep } from '../../src/job/plan/plan.ts';
import { draftFrom } from '../../src/operations/proofs/draft.ts';
import { planProof } from '../../src/proofs/plan.ts';
import { type ProofRequest, usualCheck } from '../../src/proofs/request.ts';
import { wordOf } from '../../src/scripts/named-words.ts';
import { classic, proofOf, ableSide as side } from './proving.ts';

function planned(request: ProofRequest) {
  const answer = planProof(request);
  if (!answer.ok) throw new Error(answer.message);
  return answer.plan;
}
const target = { name: 'db2', host: 'db2', transport: 'auto', sudo: false } as const;
const author = { key: '9f3a4c21', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };

function withVolumes(name: string, ...more: readonly LogicalVolume[]) {
  const plain = side(name);
  const { lvm } = plain.report;
  if (!lvm?.ok) throw new Error('no volumes were recorded');
  return side(name, {}, { lvm: { ok: true, value: { ...lvm.value, volumes: [...lvm.value.volumes, ...more] } } });
}
const drafted = (wanted: Parameters<typeof draftFrom>[0], ...volumes: readonly LogicalVolume[]) =>
  draftFrom(wanted, withVolumes('db2', ...volumes), { target }, author, []);
const kinds = ({ planned: one }: ReturnType<typeof drafted>) =>
  one.ok ? one.plan.steps.map(({ work }) => work) : [one.message];

describe('a proof of restore', () => {
  test('of a host without a snapshot takes one, and removes copy and snapshot again', () => {
    const plan = planned(proofOf('db2'));
    expect(plan.title).toBe('proof db2: a new snapshot restores');
    expect(plan.destroys).toEqual([]);
    expect(plan.steps.map(({ work, acquires }) => `${work} ${acquires?.whenDone ?? '-'}`)).toEqual([
      'lock release',
      'take-snapshot release',
      'proof-copy release',
      'proof-server release',
    ]);
  });

  test('of a thin snapshot has a copy that is thin, of a classic one a device with room of its own', () => {
    const device = (name: string) => {
      const step = planned(proofOf(name)).steps.find(({ work }) => work === 'proof-server');
      return wordOf(step?.commands.start?.program?.args ?? [], 'device');
    };
    expect(device('db4')).toBe('/dev/vgcrm/reseed-9f3a4c21-copy');
    expect(device('db2')).toBe('/dev/mapper/reseed_9f3a4c21_copy');
    const pool = (name: string) => {
      const step = planned(proofOf(name)).steps.find(({ work }) => work === 'proof-server');
      return wordOf(step?.commands.start?.program?.args ?? [], 'pool');
    };
    expect(pool('db4')).toMatch(/^vgcrm\/./);
    expect(pool('db2')).toBe('');
    const copy = (name: string) => planned(proofOf(name)).steps.find(({ work }) => work === 'proof-copy');
    expect(wordOf(copy('db4')?.commands.run?.args ?? [], 'bytes')).toBe('');
    expect(Number(wordOf(copy('db2')?.commands.run?.args ?? [], 'bytes'))).toBe(512 * 1024 ** 2);
  });

  test('gives the server no option of the host but what its data needs', () => {
    const step = planned(proofOf('db2')).steps.find(({ work }) => work === 'proof-server');
    const options = (step?.commands.start?.program?.args ?? []).filter((word) => word.startsWith('option='));
    expect(options).toEqual([
      'option=--innodb-page-size=16384',
      'option=--lower-case-table-names=0',
      ...options.filter((word) => word.includes('data-file-path')),
    ]);
  });

  test('starts the program that the host’s service starts, and is refused where the cell would not show it', () => {
    const of = (programPath: string) => planProof({ ...proofOf('db2'), side: side('db2', { programPath }) });
    const answer = of('/opt/mysql-8.4/bin/mysqld');
    const step = answer.ok ? answer.plan.steps.find(({ work }) => work === 'proof-server') : undefined;
    expect(wordOf(step?.commands.start?.program?.args ?? [], 'program')).toBe('/opt/mysql-8.4/bin/mysqld');
    expect(of('/srv/mysql/bin/mysqld')).toMatchObject({
      ok: false,
      message:
        'the server of db2 is started from /srv/mysql/bin/mysqld: a server of a job sees programs below /usr and /opt alone',
    });
  });

  test('is refused in the plan for a tarball on a volume of its own, or behind a link out of /usr: the load failed after the whole dump', () => {
    const programPath = '/usr/local/mysql/bin/mysqld';
    const of = (programFile: string, programMount: string) =>
      planProof({ ...proofOf('db2'), side: side('db2', { programPath, programFile, programMount }) });
    expect(of(programPath, '/usr/local')).toMatchObject({ ok: true });
    expect(of('/opt/mysql-8.4/bin/mysqld', '/')).toMatchObject({ ok: true });
    expect(of(programPath, '/usr/local/mysql')).toMatchObject({
      ok: false,
      message:
        'the server of db2 is started from /usr/local/mysql/bin/mysqld, on the volume of /usr/local/mysql: a server of a job sees those of /, /usr, /usr/local, /opt alone',
    });
    expect(of('/data/mysql-8.4/bin/mysqld', '/')).toMatchObject({
      ok: false,
      message: expect.stringContaining('is started from /data/mysql-8.4/bin/mysqld: a server of a job sees programs'),
    });
  });

  test('of a redo log beside the datadir tells the server where it is on the copy', () => {
    const facts = side('db2').facts;
    const places = [...facts.places, { kind: 'redo', path: `${facts.datadir}/redo` }];
    const step = planned(proofOf('db2', { side: side('db2', { places }) })).steps.find(
      ({ work }) => work === 'proof-server',
    );
    expect(step?.commands.start?.program?.args).toContain('option=--innodb-log-group-home-dir=/mnt/redo');
  });

  test('takes the newest snapshot whose coordinates are known, and marks it', () => {
    const older = classic('reseed-a', { createdSeconds: 1000 });
    const unproved = classic('nightly', { tags: [], createdSeconds: 9_000_000_000 });
    const draft = drafted({}, older, classic('reseed-b'), unproved);
    expect(draft.planned).toMatchObject({ ok: true, plan: { title: 'proof db2: vg0/reseed-b restores' } });
    expect(kinds(draft)).toEqual(['lock', 'proof-copy', 'proof-server', 'proof-mark']);
    expect(draft.impact).toEqual([]);
  });

  test('of a snapshot that is named may be of one that another program made', () => {
    const draft = drafted({ snapshot: 'nightly' }, classic('nightly', { tags: [] }));
    expect(draft.planned).toMatchObject({ ok: true, plan: { title: 'proof db2: vg0/nightly restores' } });
  });

  test.each([
    ['there is none of that name', { snapshot: 'gone' }, [], 'db2 has no such snapshot of its datadir: gone'],
    [
      'its data is lost',
      { snapshot: 'full' },
      [classic('full', { valid: false })],
      'vg0/full is invalid: what it held is lost',
    ],
  ])('is refused where %s', (_, wanted, volumes, message) => {
    expect(drafted(wanted, ...volumes).planned).toMatchObject({ ok: false, message });
  });

  test('is refused where the server on the copy would lack keys or files', () => {
    const message = (facts: Parameters<typeof side>[1]) => {
      const { planned: one } = draftFrom({}, side('db2', facts), { target }, author, []);
      return one.ok ? 'planned' : one.message;
    };
    expect(message({ encrypted: 3 })).toBe(
      'db2: what is encrypted: 3 tablespaces; and the server on the copy has no keys',
    );
    const variables = { ...side('db2').facts.variables, innodb_redo_log_encrypt: 'ON', binlog_encryption: 'ON' };
    expect(message({ variables })).toBe('db2: what is encrypted: the redo log; and the server on the copy has no keys');
    expect(message({ elsewhere: ['/srv/a.ibd'] })).toBe('db2: the tablespace /srv/a.ibd lies outside the datadir');
  });

  test('is refused where the volume group has no room for what the server writes', () => {
    const plain = side('db2');
    const { lvm } = plain.report;
    if (!lvm?.ok) throw new Error('no volumes were recorded');
    const groups = lvm.value.groups.map((group) => ({ ...group, freeBytes: 300 * 1024 ** 2 }));
    const full = side('db2', {}, { lvm: { ok: true, value: { ...lvm.value, groups } } });
    const { planned: one } = draftFrom({}, full, { target }, author, []);
    expect(one).toMatchObject({
      ok: false,
      message: expect.stringMatching(/free beside the snapshot, and the copy needs 512M/),
    });
  });

  test('reads all tables of small data, and a drawn part of large data', () => {
    expect([undefined, 10, 200 * 1024 ** 3, 1024 ** 4, 1024 ** 5].map(usualCheck)).toEqual([100, 100, 100, 19, 1]);
    const { checks = [] } = draftFrom({}, side('db2', { dataBytes: 1024 ** 4 }), { target }, author, []);
    expect(checks.find(({ text }) => text.includes('drawn'))).toMatchObject({
      level: 'warn',
      text: 'tables with 19 % of 1.0T of data are drawn and checked; the others are not read',
    });
  });
});

describe('a proof on another host', () => {
  /** Room for a copy of all data. */
  const roomy = { freeBytes: 2 ** 40 };
  const made = (name: string, facts: Parameters<typeof side>[1] = roomy, ...volumes: readonly LogicalVolume[]) =>
    draftFrom(
      {},
      withVolumes('db2', ...volumes),
      { target, on: { side: side(name, facts), target: { ...target, name, host: name } } },
      author,
      [],
    );
  const why = (one: ReturnType<typeof made>) => (one.planned.ok ? 'planned' : one.planned.message);

  test('copies the snapshot beside what that host has, proves it there, and leaves nothing', () => {
    const { datadir } = side('db3').facts;
    const one = made('db3', roomy, classic('reseed-b'));
    if (!one.planned.ok) throw new Error(one.planned.message);
    const { plan } = one.planned;
    expect(plan.title).toBe('proof db2: vg0/reseed-b restores on db3');
    expect([plan.hosts, plan.destroys, one.impact]).toEqual([['db2', 'db3'], [], []]);
    expect(plan.steps.map(({ work, host, acquires }) => `${host} ${work} ${acquires?.whenDone ?? '-'}`)).toEqual([
      'db2 lock release',
      'db3 lock release',
      'db2 mount-snapshot release',
      'db2 seed-list release',
      'db2 seed-sums release',
      'db3 proof-prepare release',
      'db3 seed-channel release',
      'db2 seed-copy release',
      'db2 seed-verify -',
      'db2 seed-release -',
      'db3 proof-server release',
      'db2 proof-mark -',
    ]);
    expect(one.kept).toContain(
      `what db3 has, in ${datadir} and elsewhere, and its server; the copy beside it is removed`,
    );
    const prove = plan.steps.find(({ work }) => work === 'proof-server');
    const words = prove?.commands.start?.program?.args ?? [];
    expect(['device', 'stage', 'datadir', 'pool'].map((name) => wordOf(words, name))).toEqual(['', datadir, 'new', '']);
    // An earlier mark is on the host of the snapshot.
    expect(prove?.commands.unmark?.host).toBe('db2');
    expect(one.targets.map(({ name }) => name)).toEqual(['db2', 'db3']);
  });

  test('takes a snapshot where there is none, and removes it once it is copied', () => {
    const one = made('db3');
    if (!one.planned.ok) throw new Error(one.planned.message);
    expect(one.planned.plan.steps.map(({ work }) => work)).toEqual(
      expect.arrayContaining(['take-snapshot', 'proof-server']),
    );
    const release = one.planned.plan.steps.find(({ work }) => work === 'seed-release');
    expect(release?.input.made).toContain('snapshot db2');
    expect(one.planned.plan.steps.some(({ work }) => work === 'proof-mark')).toBe(false);
  });

  test('runs no hook of a seed: none is silenced, taken out of traffic or checked for that; a snapshot that it takes has its own', () => {
    const at = [
      'before-preflight',
      'after-preflight',
      'before-snapshot',
      'before-copy',
      'after-copy',
      'after-failure',
    ] as const;
    const hooks = { silence: { run: ['/bin/true'] as const, at: [...at] } };
    const hooked = (...volumes: readonly LogicalVolume[]) => {
      const [from, to] = [withVolumes('db2', ...volumes), side('db3', roomy)].map((one) => ({
        ...one,
        host: { ...one.host, hooks },
      }));
      if (!from || !to) throw new Error('no sides');
      const { planned: one } = draftFrom(
        {},
        from,
        { target, on: { side: to, target: { ...target, name: 'db3', host: 'db3' } } },
        author,
        [],
      );
      if (!one.ok) throw new Error(one.message);
      const hookSteps = everyStep(one.plan).filter(({ work }) => work.startsWith('hook'));
      return hookSteps.map(({ input }) => {
        const { hook } = input.facts as { hook: { at: string; for: readonly string[] } };
        return `${hook.at} ${hook.for.join(' ')}`;
      });
    };
    expect(hooked(classic('reseed-b'))).toEqual([]);
    expect(hooked()).toEqual([
      'before-preflight db2',
      'after-preflight db2',
      'before-snapshot db2',
      'after-failure db2',
    ]);
  });

  test('is refused without room beside what that host has: a proof deletes nothing', () => {
    expect(why(made('db3', { freeBytes: 1000 }))).toMatch(/^db3: no room for the copy beside what it has/);
  });

  test('is refused on a host with another server, and where data lies outside of the datadir', () => {
    expect(why(made('db4'))).toMatch(/can't start on the data of|is of another series/);
    const { facts } = side('db2');
    const places = [...facts.places, { kind: 'redo', path: '/srv/redo' }];
    const one = draftFrom(
      {},
      side('db2', { places }),
      { target, on: { side: side('db3', roomy), target } },
      author,
      [],
    );
    expect(why(one)).toMatch(/outside of its datadir|\/srv\/redo/);
  });

  test('is refused on the host itself, under another name', () => {
    expect(why(made('db2'))).toMatch(/^db2: it is db2: they have one datadir|^it is db2/);
  });
});
