// What a tick begins, and what it does not, by a given clock, with hosts that answer as told.
import { describe, expect, test, vi } from 'vitest';
import { given, refused } from '../../src/operations/result.ts';
import { requestOf } from '../../src/operations/schedules/settle.ts';
import { stillText } from '../../src/operations/schedules/tick-here.ts';
import { missedText } from '../../src/schedule/words.ts';
import { addJob } from '../job/adding.ts';
import { draftFor, path, sceneForEach } from './ticking.ts';

const scene = sceneForEach();

const hosts = `hosts:
  db1: { datacenter: ams }
  db2: { datacenter: ams }
  db3: { datacenter: fra }
  db4: { datacenter: fra }
  stg1: {}
`;
const nightly = (more = '', on = 'db1') => `${hosts}${more}
schedules: { nightly: { cron: 30 2 * * *, timezone: UTC, do: snapshot, hosts: [${on}] } }
`;
const minutely = `${hosts}schedules: { each: { cron: "* * * * *", timezone: UTC, do: snapshot, hosts: db1 } }`;

describe('the hour of a schedule', () => {
  test('begins one job a host, once', async () => {
    const { at, tick } = scene();
    at('2026-05-01T02:29:00Z');
    expect(await tick(nightly('', 'db1, db3'))).toEqual([]);
    at('2026-05-01T02:30:01Z');
    expect(await tick(nightly('', 'db1, db3'))).toEqual(['nightly db1: begun 1', 'nightly db3: begun 2']);
    at('2026-05-01T02:31:01Z');
    expect(await tick(nightly('', 'db1, db3'))).toEqual([]);
    const [job] = scene().store.journal.jobs(1);
    expect(job?.who).toMatchObject({ schedule: 'nightly' });
  });

  test('is not taken from other jump hosts by one whose inventory may change nothing', async () => {
    const { at, tick, claims, answers } = scene();
    const asked: string[] = [];
    claims(async (runs) => {
      asked.push(...runs.flatMap((run) => run.hosts));
      return runs.map(({ id }) => ({ run: id, is: 'mine' }));
    });
    answers(async () => refused({ kind: 'refused', message: 'db1 is read-only in the inventory', advice: '' }));
    const text = nightly('', 'db1, db3').replace(
      'db1: { datacenter: ams }',
      'db1: { datacenter: ams, readOnly: true }',
    );
    at('2026-05-01T02:29:00Z');
    await tick(text);
    at('2026-05-01T02:30:01Z');
    expect(await tick(text)).toContainEqual(expect.stringContaining('db1: refused db1 is read-only'));
    expect(asked).toEqual(['db3']);
  });

  test('that came before the schedule was written is not made up for', async () => {
    const { at, tick } = scene();
    at('2026-05-01T02:30:30Z');
    expect(await tick(nightly())).toEqual([]);
    at('2026-05-01T02:31:30Z');
    expect(await tick(nightly())).toEqual([]);
  });

  test('is by the zone of the schedule, through summer time', async () => {
    const { at, tick, end } = scene();
    const berlin = nightly().replace('UTC', 'Europe/Berlin');
    at('2026-03-28T12:00:00Z');
    await tick(berlin);
    // 02:30 does not come on the 29th: it is taken at 03:00.
    at('2026-03-29T00:59:00Z');
    expect(await tick(berlin)).toEqual([]);
    at('2026-03-29T01:00:00Z');
    expect(await tick(berlin)).toEqual(['nightly db1: begun 1']);
    end();
    at('2026-10-24T12:00:00Z');
    await tick(berlin);
    end();
    // 02:30 comes twice on the 25th.
    for (const time of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z']) {
      at(time);
      await tick(berlin);
      end();
    }
    expect(scene().store.journal.schedules.history(path, 'nightly', 9)).toHaveLength(3);
  });
});

describe('times that were missed', () => {
  test('are made up for once, and counted', async () => {
    const { at, tick, store } = scene();
    at('2026-05-01T12:00:00Z');
    await tick(nightly());
    at('2026-05-04T09:00:00Z');
    expect(await tick(nightly())).toEqual(['nightly db1: begun 1']);
    expect(store.journal.schedules.history(path, 'nightly', 9)).toMatchObject([
      { dueMs: Date.parse('2026-05-04T02:30:00Z'), missed: 2, state: 'begun' },
    ]);
  });

  test('of which not all are counted are told so', () => {
    expect([0, 1, 999, 1000].map(missedText)).toEqual([
      '',
      ', one time before was missed',
      ', 999 times before were missed',
      ', 1000 or more times before were missed',
    ]);
  });

  test('are only said where the schedule has a limit', async () => {
    const { at, tick } = scene();
    const limited = nightly().replace('hosts: [db1]', 'hosts: db1, startWithin: 2 h');
    at('2026-05-01T12:00:00Z');
    await tick(limited);
    at('2026-05-02T09:00:00Z');
    expect(await tick(limited)).toEqual([
      'nightly db1: missed it was due 6 h ago, and may begin 2 h after its time at most (startWithin)',
    ]);
    at('2026-05-03T04:00:00Z');
    expect(await tick(limited)).toEqual(['nightly db1: begun 1']);
  });

  test('of a schedule that was switched off were not missed', async () => {
    const { at, tick, store, nowMs } = scene();
    at('2026-05-01T12:00:00Z');
    await tick(nightly());
    store.journal.schedules.switch(path, 'nightly', 'ops@jump1', nowMs());
    at('2026-05-02T02:30:00Z');
    expect(await tick(nightly())).toEqual([]);
    at('2026-05-02T12:00:00Z');
    store.journal.schedules.switch(path, 'nightly', undefined, nowMs());
    expect(await tick(nightly())).toEqual([]);
    at('2026-05-03T02:30:00Z');
    expect(await tick(nightly())).toEqual(['nightly db1: begun 1']);
  });
});

describe('a clock that is set', () => {
  test('back by an hour repeats no nightly job', async () => {
    const { at, tick, end } = scene();
    at('2026-05-01T02:00:00Z');
    await tick(nightly());
    at('2026-05-01T02:45:00Z');
    expect(await tick(nightly())).toHaveLength(1);
    end();
    at('2026-05-01T01:45:00Z');
    await tick(nightly());
    at('2026-05-01T02:30:00Z');
    expect(await tick(nightly())).toEqual([]);
    at('2026-05-02T02:30:00Z');
    expect(await tick(nightly())).toHaveLength(1);
  });

  test('years back at a boot, and then right, repeats no nightly job', async () => {
    const { at, tick, end } = scene();
    at('2026-05-01T02:00:00Z');
    await tick(nightly());
    at('2026-05-01T02:30:00Z');
    expect(await tick(nightly())).toHaveLength(1);
    end();
    at('2024-01-01T00:00:00Z');
    await tick(nightly());
    at('2026-05-01T14:03:00Z');
    expect(await tick(nightly())).toEqual([]);
    at('2026-05-02T02:30:00Z');
    expect(await tick(nightly())).toHaveLength(1);
  });

  test('back by an hour does not stop a job of each minute for an hour', async () => {
    const { at, tick, end } = scene();
    at('2026-05-01T02:00:00Z');
    await tick(minutely);
    at('2026-05-01T01:00:00Z');
    await tick(minutely);
    end();
    at('2026-05-01T01:01:00Z');
    expect(await tick(minutely)).toHaveLength(1);
  });

  test('a year ahead and back again does not stop a schedule for a year', async () => {
    const { at, tick, end } = scene();
    at('2026-05-01T12:00:00Z');
    await tick(nightly());
    at('2027-05-01T12:00:00Z');
    expect(await tick(nightly())).toEqual(['nightly db1: begun 1']);
    end();
    at('2026-05-01T12:02:00Z');
    await tick(nightly());
    at('2026-05-02T02:30:00Z');
    expect(await tick(nightly())).toEqual(['nightly db1: begun 2']);
  });
});

describe('a job that has to wait', () => {
  test('waits for another on its host, says for which, and passes its own next times', async () => {
    const { at, tick, end, store } = scene();
    at('2026-05-01T02:00:00Z');
    await tick(minutely);
    at('2026-05-01T02:01:00Z');
    expect(await tick(minutely)).toEqual(['each db1: begun 1']);
    at('2026-05-01T02:02:00Z');
    expect(await tick(minutely)).toEqual(['each db1: waiting db1: job 1 (snapshot of db1) works there']);
    at('2026-05-01T02:05:00Z');
    // Nothing new, and no second run.
    expect(await tick(minutely)).toEqual([]);
    expect(store.journal.schedules.waiting(path)).toMatchObject([
      { missed: 3, queuedMs: Date.parse('2026-05-01T02:02:00Z') },
    ]);
    end('failed');
    at('2026-05-01T02:05:30Z');
    expect(await tick(minutely)).toEqual(['each db1: begun 2']);
  });

  test('waits for the donor of a seed too', async () => {
    const { at, tick } = scene();
    const both = `${hosts}schedules:
  a: { cron: 0 3 * * *, timezone: UTC, do: snapshot, hosts: db2 }
  b: { cron: 0 3 * * *, timezone: UTC, do: seed, donor: db2, hosts: stg1 }
`;
    at('2026-05-01T02:59:00Z');
    await tick(both);
    at('2026-05-01T03:00:00Z');
    expect(await tick(both)).toEqual(['b stg1: waiting db2: schedule a works there', 'a db2: begun 1']);
  });

  test('waits for the host that a proof copies its snapshot to', async () => {
    const { at, tick } = scene();
    const both = `${hosts}schedules:
  a: { cron: 0 3 * * *, timezone: UTC, do: snapshot, hosts: stg1 }
  b: { cron: 0 3 * * *, timezone: UTC, do: proof, hosts: db2, on: stg1 }
`;
    at('2026-05-01T02:59:00Z');
    await tick(both);
    at('2026-05-01T03:00:00Z');
    expect(await tick(both)).toEqual(['b db2: waiting stg1: schedule a works there', 'a stg1: begun 1']);
  });

  test('waits where as many jobs are at work as the inventory allows, in all or in a datacenter', async () => {
    const { at, tick, end } = scene();
    const all = nightly('scheduleLimits: { jobs: 3, perDatacenter: 1 }', 'db1, db2, db3, db4, stg1');
    at('2026-05-01T02:29:00Z');
    await tick(all);
    at('2026-05-01T02:30:00Z');
    expect(await tick(all)).toEqual([
      'nightly db2: waiting 1 job is at work in ams (scheduleLimits.perDatacenter is 1)',
      'nightly db4: waiting 1 job is at work in fra (scheduleLimits.perDatacenter is 1)',
      'nightly db1: begun 1',
      'nightly db3: begun 2',
      'nightly stg1: begun 3',
    ]);
    end();
    expect(await tick(all)).toEqual(['nightly db2: begun 4', 'nightly db4: begun 5']);
  });

  test('of a snapshot is not held up by proofs of rows, which go on for hours; of these one runs at a time in a cluster', async () => {
    const { at, tick, end, answers, store } = scene();
    const rows = `clusters: { shop: {}, crm: {} }
hosts:
  db2: { cluster: shop, datacenter: ams }
  db3: { cluster: shop, datacenter: ams }
  db5: { cluster: crm, datacenter: ams }
scheduleLimits: { jobs: 1, perDatacenter: 1 }
schedules:
  rows: { cron: 0 22 * * *, timezone: UTC, do: rows, hosts: [db2, db3, db5] }
  snapshots: { cron: "*/30 * * * *", timezone: UTC, do: snapshot, hosts: db2, startWithin: 10 min }
`;
    answers(async (run, by) => {
      const draft = draftFor(run, by);
      const isRows = run.schedule.act.do === 'rows' && draft.planned.ok;
      return given(
        isRows ? { ...draft, planned: { ok: true, plan: { ...draft.planned.plan, kind: 'row-proof' } } } : draft,
      );
    });
    at('2026-05-01T21:59:00Z');
    await tick(rows);
    at('2026-05-01T22:00:00Z');
    expect(await tick(rows)).toEqual([
      'rows db3: waiting schedule rows is at work: one proof of rows at a time in shop',
      'rows db2: begun 1',
      'rows db5: begun 2',
      'snapshots db2: begun 3',
    ]);
    store.journal.setJob(3, 'done');
    at('2026-05-01T22:30:00Z');
    expect(await tick(rows)).toEqual([
      'rows db3: waiting job 1 (rows of db2) is at work: one proof of rows at a time in shop',
      'snapshots db2: begun 4',
    ]);
    end();
    expect(await tick(rows)).toEqual(['rows db3: begun 5']);
  });

  test('waits for a job on its own machine, by whatever name, and for none on another machine of the same name', async () => {
    const { at, tick, store } = scene();
    const addressed = nightly('', 'db1, db3')
      .replace('db1: { datacenter: ams }', 'db1: { ssh: { host: 10.0.0.1 } }')
      .replace('db3: { datacenter: fra }', 'db3: { ssh: { host: 10.0.0.3 } }');
    const other = (name: string, host: string) => ({ name, host, transport: 'auto', sudo: false }) as const;
    // Of another inventory of this account.
    const plan = { kind: 'seed', title: 'seed db1 to crm', hosts: ['db1', 'crm'], steps: [], destroys: [] };
    const targets = [other('db1', '10.9.9.9'), other('crm', '10.0.0.3')];
    addJob(store.journal, { key: 'cafe', plan, targets, who: { account: 'ops', jumpHost: 'jump1' } });
    at('2026-05-01T02:29:00Z');
    await tick(addressed);
    at('2026-05-01T02:30:00Z');
    expect(await tick(addressed)).toEqual([
      'nightly db3: waiting db3: job 1 (seed db1 to crm) works there',
      'nightly db1: begun 2',
    ]);
  });

  test('does not wait for the places of jobs whose runners are not heard of, and says so of their hosts', async () => {
    const { at, tick, stand } = scene();
    const all = nightly('scheduleLimits: { jobs: 1 }', 'db1, db3');
    at('2026-05-01T02:29:00Z');
    await tick(all);
    at('2026-05-01T02:30:00Z');
    await tick(all);
    stand('its runner on pod-7 has not renewed its lease');
    expect(await tick(all)).toEqual(['nightly db3: begun 2']);
    at('2026-05-02T02:30:00Z');
    expect(await tick(all)).toContain(
      'nightly db1: waiting db1: job 1 (snapshot of db1) holds it, and its runner on pod-7 has not renewed its lease',
    );
  });

  test('waits while its host is away, is asked less and less often, and is given up at its limit', async () => {
    const { at, tick, answers } = scene();
    const limited = nightly().replace('hosts: [db1]', 'hosts: db1, startWithin: 1 h');
    let asked = 0;
    answers(async () => {
      asked++;
      return refused({ kind: 'unreachable', message: 'connection timed out', advice: '', host: 'db1' });
    });
    at('2026-05-01T02:29:00Z');
    await tick(limited);
    at('2026-05-01T02:30:00Z');
    expect(await tick(limited)).toEqual(['nightly db1: waiting db1: connection timed out']);
    for (let minute = 31; minute < 60; minute++) {
      at(`2026-05-01T02:${minute}:00Z`);
      expect(await tick(limited)).toEqual([]);
    }
    expect(asked).toBe(5);
    at('2026-05-01T03:31:00Z');
    expect(await tick(limited)).toEqual([
      'nightly db1: missed it was due 1 h ago, and may begin 1 h after its time at most (startWithin); it waited: db1: connection timed out',
    ]);
  });
});

describe('what an operator would be asked about', () => {
  const staging = (allow = '') => `${hosts}schedules:
  staging: { cron: 0 5 * * *, timezone: UTC, do: seed, donor: db2, hosts: stg1, ends: standalone${allow} }
`;
  const grave = (impact: readonly string[], destroys: readonly string[]) =>
    scene().answers(async (run, by) => {
      const draft = draftFor(run, by, { impact });
      const plan = draft.planned.ok ? { ...draft.planned.plan, destroys } : undefined;
      return given(plan ? { ...draft, planned: { ok: true, plan } } : draft);
    });
  const hour = async (inventory: string) => {
    const { at, tick } = scene();
    at('2026-05-01T04:59:00Z');
    await tick(inventory);
    at('2026-05-01T05:00:00Z');
    return await tick(inventory);
  };

  test('is refused, with what to write', async () => {
    grave([], ['the data of stg1 (4.1G) is deleted']);
    expect(await hour(staging())).toEqual([
      'staging stg1: refused an operator would be asked: the data of stg1 (4.1G) is deleted; if that is meant each time, write into schedule staging: allow: { replace-data: [stg1] }',
    ]);
  });

  test('is done where the inventory allows it for that host', async () => {
    grave([], ['the data of stg1 (4.1G) is deleted']);
    expect(await hour(staging(', allow: { replace-data: stg1 }'))).toEqual(['staging stg1: begun 1']);
  });

  test('is refused where only a part of it is allowed', async () => {
    grave(['db9 replicates from stg1'], ['the data of stg1 (4.1G) is deleted']);
    expect(await hour(staging(', allow: { replace-data: stg1 }'))).toEqual([
      'staging stg1: refused an operator would be asked: db9 replicates from stg1; if that is meant each time, write into schedule staging: allow: { losses: [stg1] }',
    ]);
  });

  test('is refused of a target that was made a replica since, also where losses are allowed', async () => {
    const leaves = 'stg1 will not replicate from db1 any more';
    const writes = 'stg1 takes writes: what was written there goes';
    scene().answers(async (run, by) => given(draftFor(run, by, { impact: [leaves, writes], replicas: [leaves] })));
    expect(await hour(staging(', allow: { replace-data: stg1, losses: stg1 }'))).toEqual([
      `staging stg1: refused an operator would be asked: ${leaves}; if that is meant each time, write into schedule staging: allow: { replicas: [stg1] }`,
    ]);
  });

  test('is done of a replica where that is allowed', async () => {
    const leaves = 'stg1 will not replicate from db1 any more';
    scene().answers(async (run, by) => given(draftFor(run, by, { impact: [leaves], replicas: [leaves] })));
    expect(await hour(staging(', allow: { replicas: stg1 }'))).toEqual(['staging stg1: begun 1']);
  });

  test('has no word for a snapshot', async () => {
    grave(['something breaks'], []);
    const { at, tick } = scene();
    at('2026-05-01T02:29:00Z');
    await tick(nightly());
    at('2026-05-01T02:30:00Z');
    expect(await tick(nightly())).toEqual([
      'nightly db1: refused an operator would be asked: something breaks; no schedule can do that: begin it by hand',
    ]);
  });
});

test('a plan that is refused at its hour is told, and not tried again until the next', async () => {
  const { at, tick, answers } = scene();
  answers(async (run, by) =>
    given(
      draftFor(run, by, {
        planned: { ok: false, message: 'db1 is read-only in the inventory', advice: 'set readOnly: false to allow it' },
      }),
    ),
  );
  at('2026-05-01T02:29:00Z');
  await tick(nightly());
  at('2026-05-01T02:30:00Z');
  expect(await tick(nightly())).toEqual([
    'nightly db1: refused db1 is read-only in the inventory; set readOnly: false to allow it',
  ]);
  at('2026-05-01T02:31:00Z');
  expect(await tick(nightly())).toEqual([]);
});

test('a tick that was killed after it recorded its job does not begin a second one', async () => {
  const { at, tick, store, nowMs } = scene();
  at('2026-05-01T02:00:00Z');
  await tick(nightly());
  const id = store.journal.schedules.add(
    path,
    { schedule: 'nightly', hosts: ['db1'], request: requestOf({ act: { do: 'snapshot' } }), dueMs: nowMs(), missed: 0 },
    nowMs(),
  );
  store.journal.schedules.setKey(id, 'cafe');
  const plan = { kind: 'snapshot', title: 'snapshot of db1', hosts: ['db1'], steps: [], destroys: [] };
  const { id: job } = addJob(store.journal, {
    key: 'cafe',
    plan,
    targets: [],
    who: { account: 'ops', jumpHost: 'jump1' },
  });
  // Its runner has begun.
  store.journal.setJob(job, 'running');
  expect(await tick(nightly())).toEqual(['nightly db1: begun 1']);
  expect(store.journal.jobs(9)).toHaveLength(1);
});

test('of two schedules of a host at the same time the second begins where the first has nothing to do, and asks no host that is away', async () => {
  const { at, tick, answers, store } = scene();
  const all = `${hosts}schedules:
  prune: { cron: "* * * * *", timezone: UTC, do: prune, hosts: [db1, db2] }
  each: { cron: "* * * * *", timezone: UTC, do: snapshot, hosts: [db1, db2] }
`;
  const asked: string[] = [];
  answers(async (run, by) => {
    asked.push(`${run.schedule.name} ${run.hosts}`);
    if (run.hosts.includes('db2'))
      return refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db2' });
    if (run.schedule.name === 'each') return given(draftFor(run, by));
    return given(draftFor(run, by, { planned: { ok: false, message: 'none', advice: '', nothingToDo: true } }));
  });
  at('2026-05-01T02:00:00Z');
  await tick(all);
  at('2026-05-01T02:01:00Z');
  expect(await tick(all)).toEqual([
    'each db2: waiting db2: schedule prune works there',
    'prune db1: nothing none',
    'prune db2: waiting db2: no route',
    'each db1: begun 1',
  ]);
  expect(asked).toEqual(['prune db1', 'prune db2', 'each db1']);
  expect(store.journal.schedules.waiting(path)).toHaveLength(2);
});

test('a snapshot does not wait for another run that is planned for minutes', async () => {
  const { at, tick, answers, store } = scene();
  at('2026-05-01T02:29:00Z');
  await tick(nightly('', 'db1, db3'));
  answers(async (run, by) => {
    if (run.hosts.includes('db1')) await vi.waitFor(() => expect(store.journal.openJobs()).toHaveLength(1));
    return given(draftFor(run, by));
  });
  at('2026-05-01T02:30:00Z');
  expect(await tick(nightly('', 'db1, db3'))).toEqual(['nightly db1: begun 2', 'nightly db3: begun 1']);
});

test('a schedule whose planning fails does not stop the others', async () => {
  const { at, tick, answers } = scene();
  answers(async (run, by) => {
    if (run.hosts.includes('db1')) throw new Error('a script is missing');
    return given(draftFor(run, by));
  });
  at('2026-05-01T02:29:00Z');
  await tick(nightly('', 'db1, db3'));
  at('2026-05-01T02:30:00Z');
  expect(await tick(nightly('', 'db1, db3'))).toEqual([
    'nightly db1: failed a script is missing',
    'nightly db3: begun 1',
  ]);
});

test('a seed that waits is not begun for other targets than those of its hour', async () => {
  const { at, tick, answers } = scene();
  const seed = (targets: string) =>
    `${hosts}schedules: { s: { cron: 0 5 * * *, timezone: UTC, do: seed, donor: db2, hosts: [${targets}] } }`;
  answers(async () => refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db3' }));
  at('2026-05-01T04:59:00Z');
  await tick(seed('db3, stg1'));
  at('2026-05-01T05:00:00Z');
  await tick(seed('db3, stg1'));
  answers();
  at('2026-05-01T05:10:00Z');
  expect(await tick(seed('stg1'))).toEqual(['s db3,stg1: dropped the inventory does not have it any more']);
});

describe('a run that waits while its host is away', () => {
  const away = async () => refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'stg1' });
  const snapshots = `${hosts}schedules: { n: { cron: 0 5 * * *, timezone: UTC, do: snapshot, hosts: stg1 } }`;

  test('does not begin another act that the inventory has by its name since', async () => {
    const { at, tick, answers } = scene();
    const seeds = `${hosts}schedules: { n: { cron: 0 5 * * 1, timezone: UTC, do: seed, donor: db1, hosts: stg1, allow: { replace-data: stg1 } } }`;
    answers(away);
    at('2026-05-01T04:59:00Z');
    await tick(snapshots);
    at('2026-05-01T05:00:00Z');
    await tick(snapshots);
    answers();
    at('2026-05-01T14:00:00Z');
    expect(await tick(seeds)).toEqual(['n stg1: dropped the inventory has another request under this name since']);
    at('2026-05-01T14:01:00Z');
    expect(await tick(seeds)).toEqual([]);
  });

  test('goes on where the inventory has the same request in another order', async () => {
    const { at, tick, answers } = scene();
    const prunes = (keep: string) =>
      `${hosts}schedules: { n: { cron: 0 5 * * *, timezone: UTC, do: prune, keep: ${keep}, hosts: stg1 } }`;
    answers(away);
    at('2026-05-01T04:59:00Z');
    await tick(prunes('{ hourly: 2, daily: 3 }'));
    at('2026-05-01T05:00:00Z');
    await tick(prunes('{ hourly: 2, daily: 3 }'));
    answers();
    at('2026-05-01T14:00:00Z');
    expect(await tick(prunes('{ daily: 3, hourly: 2 }'))).toEqual(['n stg1: begun 1']);
  });

  test('is tried at once for an operator, who is told in any case', async () => {
    const { at, tick, answers } = scene();
    answers(away);
    at('2026-05-01T04:59:00Z');
    await tick(snapshots);
    for (const minute of ['00', '01', '03', '07']) {
      at(`2026-05-01T05:${minute}:00Z`);
      await tick(snapshots);
    }
    at('2026-05-01T05:08:00Z');
    expect(await tick(snapshots, 'n')).toEqual(['n stg1: waiting stg1: no route']);
    answers();
    expect(await tick(snapshots, 'n')).toEqual(['n stg1: begun 1']);
  });

  test('takes no place of another host of its datacenter', async () => {
    const { at, tick, answers } = scene();
    const nights = `${hosts}scheduleLimits: { jobs: 1, perDatacenter: 1 }
schedules:
  nightly: { cron: 30 2 * * *, timezone: UTC, do: snapshot, hosts: db1 }
  daily: { cron: 30 4 * * *, timezone: UTC, do: snapshot, hosts: db2 }
`;
    answers(async (run, by) =>
      run.hosts.includes('db1')
        ? refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db1' })
        : given(draftFor(run, by)),
    );
    at('2026-05-01T02:29:00Z');
    await tick(nights);
    at('2026-05-01T02:30:00Z');
    await tick(nights);
    // In a minute in which it is tried again, and in one in which it is not.
    at('2026-05-01T04:30:00Z');
    expect(await tick(nights)).toContain('daily db2: begun 1');
  });

  test('leaves the other hosts their places between its tries', async () => {
    const { at, tick, answers, store } = scene();
    const one = nightly('scheduleLimits: { jobs: 1 }', 'db1, db3');
    answers(async (run, by) =>
      run.hosts.includes('db1')
        ? refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db1' })
        : given(draftFor(run, by)),
    );
    at('2026-05-01T02:29:00Z');
    await tick(one);
    at('2026-05-01T02:30:00Z');
    await tick(one);
    at('2026-05-01T02:30:30Z');
    expect(await tick(one)).toEqual(['nightly db3: begun 1']);
    expect(store.journal.schedules.waiting(path)).toMatchObject([{ reason: 'db1: no route' }]);
  });
});

describe('a schedule that an operator runs', () => {
  const snapshots = `${hosts}schedules: { n: { cron: 0 5 * * *, timezone: UTC, do: snapshot, hosts: stg1 } }`;
  const away = async () => refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'stg1' });

  test('begins nothing later, if it was ended with Ctrl-C while its hosts were asked', async () => {
    const { at, tick, answers, store } = scene();
    const over = new AbortController();
    answers(async (run, by) => {
      over.abort();
      return given(draftFor(run, by));
    });
    at('2026-05-01T14:00:00Z');
    expect(await tick(snapshots, 'n', over.signal)).toEqual(['n stg1: dropped it was ended before its job began']);
    answers();
    at('2026-05-01T14:01:00Z');
    expect(await tick(snapshots)).toEqual([]);
    expect(store.journal.jobs(9)).toEqual([]);
  });

  test('whose time had come before waits on, if that operator ends it with Ctrl-C', async () => {
    const { at, tick, answers } = scene();
    const over = new AbortController();
    at('2026-05-01T04:59:00Z');
    await tick(snapshots);
    answers(away);
    at('2026-05-01T05:00:00Z');
    await tick(snapshots);
    answers(async (run, by) => {
      over.abort();
      return given(draftFor(run, by));
    });
    expect(await tick(snapshots, 'n', over.signal)).toEqual([]);
    answers();
    at('2026-05-01T05:01:00Z');
    expect(await tick(snapshots)).toEqual(['n stg1: begun 1']);
  });

  test('and that waits is dropped when it is switched off; one that is run after that begins', async () => {
    const { at, tick, answers, store, nowMs } = scene();
    answers(away);
    at('2026-05-01T14:00:00Z');
    await tick(snapshots, 'n');
    at('2026-05-01T14:01:00Z');
    store.journal.schedules.switch(path, 'n', 'ops@jump1', nowMs());
    answers();
    expect(await tick(snapshots)).toEqual(['n stg1: dropped switched off by ops@jump1']);
    at('2026-05-01T14:02:00Z');
    expect(await tick(snapshots, 'n')).toEqual(['n stg1: begun 1']);
  });

  test('and that waits is not begun days later', async () => {
    const { at, tick, answers } = scene();
    answers(away);
    at('2026-05-01T14:00:00Z');
    await tick(snapshots, 'n');
    answers();
    at('2026-05-03T14:00:00Z');
    expect(await tick(snapshots)).toEqual([
      'n stg1: missed it was begun by hand 2 d ago, and such a run waits for a day at most; it waited: stg1: no route',
    ]);
  });
});

describe('a time that comes while an earlier run waits', () => {
  const limited = nightly().replace('hosts: [db1]', 'hosts: db1, startWithin: 2 h');

  test('is not lost with that run', async () => {
    const { at, tick, answers } = scene();
    answers(async () => refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db1' }));
    at('2026-05-01T02:29:00Z');
    await tick(limited);
    at('2026-05-01T02:30:00Z');
    await tick(limited);
    answers();
    // The machine was off.
    at('2026-05-02T02:30:30Z');
    expect(await tick(limited)).toEqual([
      expect.stringMatching(/^nightly db1: missed .*due 1 d ago/),
      'nightly db1: begun 1',
    ]);
  });

  test('is its own from then on: it is given up by that', async () => {
    const { at, tick, end } = scene();
    const often = `${hosts}schedules: { o: { cron: "*/10 * * * *", timezone: UTC, do: snapshot, hosts: db1, startWithin: 10 min } }`;
    at('2026-05-01T01:59:00Z');
    await tick(often);
    at('2026-05-01T02:00:00Z');
    expect(await tick(often)).toEqual(['o db1: begun 1']);
    at('2026-05-01T02:10:00Z');
    await tick(often);
    at('2026-05-01T02:20:00Z');
    await tick(often);
    end();
    at('2026-05-01T02:21:00Z');
    expect(await tick(often)).toEqual(['o db1: begun 2']);
  });
});

test('a schedule that is taken out of the inventory and put back has missed nothing', async () => {
  const { at, tick } = scene();
  at('2026-05-01T12:00:00Z');
  await tick(nightly());
  at('2026-05-01T12:01:00Z');
  await tick(hosts);
  at('2026-05-04T14:00:00Z');
  await tick(hosts);
  at('2026-05-04T14:01:00Z');
  expect(await tick(nightly())).toEqual([]);
  at('2026-05-05T02:30:00Z');
  expect(await tick(nightly())).toEqual(['nightly db1: begun 1']);
});

test('a schedule that the inventory does not have any more begins nothing', async () => {
  const { at, tick, answers } = scene();
  answers(async () => refused({ kind: 'unreachable', message: 'no route', advice: '', host: 'db1' }));
  at('2026-05-01T02:29:00Z');
  await tick(nightly());
  at('2026-05-01T02:30:00Z');
  await tick(nightly());
  expect(await tick(hosts)).toEqual(['nightly db1: dropped the inventory does not have it any more']);
});

test('the schedules of two inventories of one account do not mix', async () => {
  const { at, tick, store } = scene();
  at('2026-05-01T02:00:00Z');
  await tick(nightly());
  expect(store.journal.schedules.states('/srv/other.yaml').size).toBe(0);
});

test('the runs of a year do not stay in the journal', () => {
  const { store, nowMs } = scene();
  const { schedules } = store.journal;
  for (let count = 0; count < 250; count++) {
    const id = schedules.add(path, { schedule: 'each', hosts: ['db1'], request: '', dueMs: count, missed: 0 }, nowMs());
    if (count > 0) schedules.decide(id, { state: 'nothing' }, nowMs());
  }
  // The first still waits.
  expect(schedules.history(path, 'each', 9999)).toHaveLength(201);
});

test.each([
  [{ abandoned: true }, 'its runner has ended'],
  [{ abandoned: false, lapsed: true }, 'its runner on pod-7 has not renewed its lease since'],
  [{ abandoned: false }, ''],
] as const)('of a job it is said whether its runner is at work: %j', (carried, words) => {
  const { store, nowMs } = scene();
  const plan = { kind: 'snapshot', title: 'snapshot of db1', hosts: ['db1'], steps: [], destroys: [] };
  const job = addJob(store.journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  const holder = { machine: { name: 'pod-7' } };
  const lease = { ...job.lease, holder, renewedMs: nowMs() } as NonNullable<typeof job.lease>;
  const told = stillText({ ...job, lease }, carried) ?? '';
  expect(told.startsWith(words) && (words !== '' || told === '')).toBe(true);
});
