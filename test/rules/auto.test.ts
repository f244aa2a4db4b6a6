// A rule with `auto: true`: what it begins without a person, and everything that keeps it from that.
import { describe, expect, test } from 'vitest';
import type { FleetPicture } from '../../src/fleet/picture.ts';
import { createFleetStore, type FleetEvent, folded } from '../../src/fleet/store.ts';
import { formatProblem, parseInventory } from '../../src/inventory/inventory.ts';
import type { Inventory, Rule } from '../../src/inventory/settings.ts';
import { asJson } from '../../src/job/plan/step-work.ts';
import { author, type PlannedJob } from '../../src/operations/jobs/job-store.ts';
import { settleJobs } from '../../src/operations/notify/settle.ts';
import { settleAlerts } from '../../src/operations/notify/settle-alerts.ts';
import type { Draft } from '../../src/operations/plans/draft.ts';
import { carryOut } from '../../src/operations/rules/carry-out.ts';
import type { Proposal } from '../../src/operations/rules/propose.ts';
import { settleRules } from '../../src/operations/rules/settle-rules.ts';
import { plannedRecoveries } from '../../src/operations/rules/told.ts';
import type { Turn } from '../../src/operations/rules/turn.ts';
import { hoursText, isWithin } from '../../src/rules/hours.ts';
import { complaints, inventoryOf } from '../inventory/reading.ts';
import { addJob } from '../job/adding.ts';
import { practiceInventory, recorded } from '../live/pictures.ts';
import { path, sceneForEach } from '../schedule/ticking.ts';

const scene = sceneForEach();
const practice = practiceInventory();

const hours = { from: 22 * 60, to: 6 * 60 };
const auto = {
  between: hours,
  timezone: 'UTC',
  allow: { 'replace-data': ['db3'] },
  maxBroken: 1,
  minGood: 1,
  againMs: 24 * 3_600_000,
} as const;
const rule: Rule = { name: 'broken', when: [1062], forMs: 300_000, hosts: ['db1', 'db2', 'db3', 'db6'], auto };
const team = {
  name: 'team',
  on: ['needs-person'],
  againMs: 3_600_000,
  way: { to: 'slack', url: { file: '/none' } },
} as const;

interface Case {
  readonly rule?: Partial<Rule['auto'] & object>;
  readonly notify?: Inventory['notify'];
  readonly picture?: FleetPicture;
  readonly draft?: Partial<Draft>;
  readonly proposal?: Partial<Proposal>;
  readonly turn?: Turn;
  /** While its hosts are asked. */
  readonly meanwhile?: () => void;
  readonly signal?: AbortSignal;
  /** No receiver takes a message. */
  readonly isUnsent?: true;
}

let keys = 0;
const lost = 'db3 loses its data';

function draftOf(more: Partial<Draft> = {}): Draft {
  keys += 1;
  const plan = { kind: 'seed', title: 'seed db2 → db3', hosts: ['db2', 'db3'], steps: [], destroys: [lost] };
  const who = { account: 'ops', jumpHost: 'jump1', rule: 'broken' };
  const key = keys.toString(16).padStart(8, '0');
  return { planned: { ok: true, plan }, key, who, targets: [], impact: [], name: 'db3', receivers: [team], ...more };
}

/** A recorded fleet whose shop has db1, and its replicas db2 and db3; `change` changes the report of a host, as it was told. */
type Change = (part: Record<string, unknown>) => unknown;
const replication =
  (more: object): Change =>
  (part) => {
    const value = part.value as { channels: object[] };
    return { ...part, value: { ...value, channels: value.channels.map((one) => ({ ...one, ...more })) } };
  };
const is1062 = replication({ sqlThread: 'stopped', errorNumber: 1062, error: "Duplicate entry '12'" });
const server =
  (more: object): Change =>
  (part) => ({ ...part, value: { ...(part.value as object), ...more } });
const unknown: Change = () => ({ ok: false, why: 'the server refuses the login' });

function fleet(changes: Readonly<Record<string, Readonly<Record<string, Change>>>> = {}, away: readonly string[] = []) {
  const { atMs, reports } = recorded('up');
  const all = { db3: { replication: is1062 }, ...changes };
  const events = [...reports].flatMap(([host, report]): FleetEvent[] => {
    const changed = Object.entries(all[host as 'db3'] ?? {}).map(([part, change]) => [
      part,
      change(report[part as keyof typeof report] as never),
    ]);
    const failure = { kind: 'timeout', message: 'no route' } as never;
    const link = { kind: 'link', host, link: { state: 'failed', sinceMs: atMs, failure } } as const;
    return [
      { kind: 'report', host, report: { ...report, ...Object.fromEntries(changed) }, atMs },
      ...(away.includes(host) ? [link] : []),
    ];
  });
  return folded(createFleetStore(practice, atMs).getState(), events);
}

const start = Date.parse('2026-05-01T22:00:00Z');
const minute = (of: number) => new Date(start + of * 60_000).toISOString();

/** What waits is taken by its receivers. */
function deliver(): void {
  const { telling } = scene().store.journal;
  for (const { id } of telling.claim(scene().nowMs(), scene().nowMs(), 99, [])) telling.end(id, {}, scene().nowMs());
}

/** A look at that minute. */
async function look(at: number, one: Case = {}): Promise<void> {
  const { store, nowMs } = scene();
  scene().at(minute(at));
  const { picture = fleet(), notify = [team] } = one;
  const rules = [{ ...rule, auto: { ...auto, ...one.rule } }];
  const inventory: Inventory = { ...practice, rules, notify };
  const looking = { inventory, path, picture, signal: one.signal ?? new AbortController().signal, nowMs: nowMs() };
  const proposal = (): Proposal => {
    const recovery = { donor: 'db2', method: 'lvm' };
    const title = 'recovery is planned: seed db2 → db3';
    return { host: 'db3', rule: 'broken', title, lines: [], recovery, draft: draftOf(one.draft), ...one.proposal };
  };
  if (!one.isUnsent) deliver();
  settleAlerts(store, path, picture, inventory, nowMs());
  await settleRules(store, looking, async () => ({ ...proposal(), title: 'recovery is planned: seed db2 → db3' }));
  await carryOut(store, looking, {
    plan: async () => {
      one.meanwhile?.();
      return proposal();
    },
    begin,
    stillOf: () => undefined,
    turn: async () => one.turn ?? { earlier: [] },
    nowMs,
  });
}

function begin(job: PlannedJob) {
  const { journal } = scene().store;
  const { id } = addJob(journal, { ...job, receivers: (job.receivers ?? []).map(asJson) });
  journal.setJob(id, 'running');
  return { id };
}

const jobs = () => scene().store.journal.jobs(9);
/** What the Fleet shows at db3. */
const shown = () =>
  plannedRecoveries(scene().store, { rules: [rule] }, path).find(({ host }) => host === 'db3')?.text ?? '';
const told = () =>
  scene()
    .store.journal.telling.newest(99)
    .map(({ message }) => message as { title: string; lines: string[]; events: string[] })
    .toReversed();
/** The looks until the one in which it would begin. */
async function looks(one: Case = {}): Promise<void> {
  for (const at of [0, 5, 10]) await look(at, one);
}

describe('a recovery that a rule carries out by itself', () => {
  test('begins at the look after the one that told its plan, by that rule, and its end is told to those who were told of the plan', async () => {
    await look(0);
    await look(5);
    expect(jobs()).toEqual([]);
    expect(told().map(({ title }) => title)).toEqual(['! db3: recovery is planned: seed db2 → db3']);
    const { account, jumpHost } = author().who;
    expect(told()[0]?.lines.join('\n')).toContain(
      `it may begin by itself from the next look on, 22:00-06:00 UTC; stop that as ${account} on ${jumpHost}: reseed rule disable broken --inventory ${path}`,
    );
    await look(10);
    expect(jobs()).toMatchObject([{ id: 1, who: { rule: 'broken' }, plan: { title: 'seed db2 → db3' } }]);
    expect(shown()).toBe('recovery is planned: seed db2 → db3; begun by itself: job 1');
    scene().end();
    settleJobs(scene().store, scene().nowMs());
    expect(
      told()
        .slice(1)
        .map(({ title, events }) => [title, events]),
    ).toEqual([
      ['▶ running: job 1, seed db2 → db3', ['begun', 'needs-person']],
      ['✔ done: job 1, seed db2 → db3', ['done', 'needs-person']],
    ]);
    expect(told()[1]?.lines.join('\n')).toContain('asked for by ops@jump1, rule broken');
  });

  test('waits until a receiver has taken the message of its plan', async () => {
    await looks({ isUnsent: true });
    expect(shown()).toContain('no receiver has taken the message of its plan: reseed notify list');
    expect(jobs()).toEqual([]);
    await look(15);
    expect(jobs()).toHaveLength(1);
  });

  test('waits for its hours, which wakes no one', async () => {
    for (const at of [-60, -55, -50, -5]) await look(at);
    expect(jobs()).toEqual([]);
    expect(shown()).toContain('not begun by itself: its hours are 22:00-06:00 UTC');
    expect(told()).toHaveLength(1);
    await look(0);
    expect(jobs()).toHaveLength(1);
  });

  test('does not begin on the word of two looks, whatever the clock says of the time between them', async () => {
    await look(0);
    await look(120);
    expect(jobs()).toEqual([]);
    await look(121);
    expect(jobs()).toHaveLength(1);
  });

  test('does not begin while it is switched off, and begins when it is on again', async () => {
    const { schedules } = scene().store.journal;
    schedules.switch(path, 'rule broken', 'ops@jump1', 0);
    await looks();
    expect(jobs()).toEqual([]);
    expect(shown()).toContain('switched off by ops@jump1: reseed rule enable broken');
    schedules.switch(path, 'rule broken', undefined, 0);
    await look(15);
    expect(jobs()).toHaveLength(1);
  });

  const down = { service: server({ state: 'failed', pid: undefined }), server: unknown, replication: unknown };
  const late = replication({ lagSeconds: 4000 });
  test.each<[string, Case, string]>([
    [
      'where all replicas have the same error',
      { picture: fleet({ db2: { replication: is1062 }, db3: { replication: is1062 } }) },
      '2 replicas of shop are not well (db3, db2), and maxBroken is 1: their source may be to blame',
    ],
    [
      'where the other replica can not be reached: the network of this machine may be broken',
      { picture: fleet({}, ['db2']) },
      '2 replicas of shop are not well (db3, db2)',
    ],
    [
      'where the other replica is late',
      { picture: fleet({ db3: { replication: is1062 }, db2: { replication: late } }) },
      'are not well (db3, db2)',
    ],
    ['where the primary can not be reached', { picture: fleet({}, ['db1']) }, 'the primary of shop, db1, is not well'],
    ['where the primary is down', { picture: fleet({ db3: { replication: is1062 }, db1: down }) }, 'primary'],
    [
      'where the clock of this machine is 12 hours wrong',
      {
        picture: fleet({
          db3: { replication: is1062 },
          db1: { system: server({ clockMs: recorded('up').atMs - 12 * 3_600_000 }) },
        }),
      },
      'the clocks of this machine and of db1 are 12 h apart: whether these are its hours is not known',
    ],
    ['where too few would be left', { rule: { minGood: 2 } }, '1 replica of shop is well, and minGood is 2'],
    [
      'onto a replica that takes writes',
      { picture: fleet({ db3: { replication: is1062, server: server({ readOnly: false }) } }) },
      'db3 takes writes (read_only is OFF): they would be lost',
    ],
    [
      'whose donor takes writes',
      { proposal: { recovery: { donor: 'db1', method: 'lvm' } } },
      'its donor db1 is no replica that is well',
    ],
    [
      'that would replace data which no one allowed',
      { rule: { allow: {} } },
      'an operator would be asked: db3 loses its data; if that is meant each time, write into rule broken: allow: { replace-data: [db3] }',
    ],
    [
      'that would lose more than was allowed',
      { draft: { impact: ['db3 has 3 transactions that db2 lacks'] } },
      'write into rule broken: allow: { losses: [db3] }',
    ],
    [
      'onto a replica that works again',
      { draft: { impact: ['db3 is a replica in sync'], replicas: ['db3 is a replica in sync'] } },
      'no rule can do that: begin it by hand',
    ],
    ['of which no one is told', { notify: [] }, 'no receiver is told of it (notify, on: needs-person)'],
    [
      'whose plan a check refuses',
      {
        proposal: { title: 'no recovery is planned from db2', lines: ['no room on db3'], recovery: undefined as never },
      },
      'not begun by itself: no recovery is planned from db2; no room on db3',
    ],
    [
      'that another jump host may have begun',
      { turn: { why: { text: 'jump host jump2 carries out what rules have planned now', isPassing: true } } },
      'jump host jump2 carries out',
    ],
    [
      'while one of another jump host is not over',
      { turn: { earlier: [{ name: 'job jump2:7', job: { state: 'running', createdMs: 1, plan: { hosts: ['x'] } } }] } },
      'job jump2:7, of a rule too, is not over: one recovery at a time',
    ],
  ])('does not begin one %s, and says why', async (_, one, why) => {
    await look(0);
    await look(5);
    await look(10, one);
    await look(15, one);
    expect(shown()).toContain(why);
    expect(jobs()).toEqual([]);
    // What may end by itself wakes no one; the rest is told once.
    expect(told().filter(({ lines }) => lines[0]?.startsWith('not begun by itself')).length).toBeLessThan(2);
  });

  test('is told to a person once for each reason, however often the reasons take turns', async () => {
    await look(0);
    await look(5);
    const few = { rule: { minGood: 2 } };
    const off = { picture: fleet({}, ['db1']) };
    for (const [at, one] of [few, off, few, off].entries()) await look(10 + 5 * at, one);
    expect(told().map(({ title }) => title)).toEqual([
      '! db3: recovery is planned: seed db2 → db3',
      '! db3: rule broken',
      '! db3: rule broken',
    ]);
    expect(shown()).toContain('the primary of shop, db1, is not well');
  });

  test('does not begin when a person has begun a job there while its hosts were asked', async () => {
    const plan = { kind: 'seed', title: 'seed db1 → db3', hosts: ['db1', 'db3'], steps: [], destroys: [] };
    const meanwhile = () => void begin({ key: 'cafe', plan, targets: [], who: { account: 'eve', jumpHost: 'jump1' } });
    await look(0);
    await look(5);
    await look(10, { meanwhile });
    expect(jobs().map(({ who }) => who.account)).toEqual(['eve']);
    expect(shown()).toContain('job 1 (seed db1 → db3) works in its cluster');
  });

  test('does not begin when it is ended while its hosts are asked', async () => {
    const by = new AbortController();
    await look(0);
    await look(5);
    await look(10, { signal: by.signal, meanwhile: () => by.abort() });
    expect(jobs()).toEqual([]);
    expect(shown()).not.toContain('by itself');
  });

  test('begins once where two ticks look at once', async () => {
    await look(0);
    await look(5);
    await Promise.all([look(10), look(10)]);
    expect(jobs()).toHaveLength(1);
  });

  test('does not begin while another one by a rule is not over, of any cluster', async () => {
    const plan = { kind: 'seed', title: 'seed db4 → db5', hosts: ['db4', 'db5'], steps: [], destroys: [] };
    begin({ key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1', rule: 'other' } });
    await looks();
    expect(jobs()).toHaveLength(1);
    expect(shown()).toContain('job 1, of a rule too, is not over: one recovery at a time');
  });

  test.each([
    ['done', 'job 1 ended done at', 'for db3, and that did not last: a person has to look why'],
    ['failed', 'job 1 ended failed at', 'for db3'],
  ] as const)('is not begun again for a host within the time when the one before ended %s', async (state, ...why) => {
    await looks();
    scene().end(state);
    for (const at of [15, 20, 25]) await look(at);
    for (const text of why) expect(shown()).toContain(text);
    expect(jobs()).toHaveLength(1);
    // A day later, at night again.
    await look(24 * 60 + 20);
    expect(jobs()).toHaveLength(2);
  });

  test('is not begun for another host of a cluster in which one failed', async () => {
    const plan = { kind: 'seed', title: 'seed db1 → db2', hosts: ['db1', 'db2'], steps: [], destroys: [] };
    scene().at(minute(-600));
    begin({ key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1', rule: 'broken' } });
    scene().end('failed');
    await looks();
    expect(jobs()).toHaveLength(1);
    expect(shown()).toContain('in the same cluster: a person has to look why');
  });

  test('stays forbidden by one that ended before the clock was set back', async () => {
    await looks();
    scene().end('failed');
    const dayBefore = -24 * 60;
    await look(dayBefore, { picture: fleet({ db3: {} }) });
    for (const at of [5, 10, 15]) await look(dayBefore + at);
    expect(jobs()).toHaveLength(1);
    expect(shown()).toContain('job 1 ended failed at');
  });
});

test('a clock that was a day ahead does not put the plan of a rule off for a day', async () => {
  for (const at of [24 * 60, 0, 5]) await look(at);
  expect(shown()).toBe('recovery is planned: seed db2 → db3');
});

test('the hours of a rule pass midnight, and go by the clock on the wall there', () => {
  const at = (time: string, zone = 'Europe/Berlin') => isWithin(hours, zone, Date.parse(time));
  // Summer: two hours ahead of UTC.
  expect([at('2026-07-01T19:59:00Z'), at('2026-07-01T20:00:00Z')]).toEqual([false, true]);
  expect([at('2026-07-02T03:59:00Z'), at('2026-07-02T04:00:00Z')]).toEqual([true, false]);
  // Winter: one.
  expect([at('2026-12-01T20:59:00Z'), at('2026-12-01T21:00:00Z')]).toEqual([false, true]);
  expect(isWithin({ from: 60, to: 120 }, 'UTC', Date.parse('2026-12-01T02:00:00Z'))).toBe(false);
  expect(isWithin({ from: 0, to: 1440 }, 'UTC', Date.parse('2026-12-01T23:59:59Z'))).toBe(true);
  expect(hoursText(hours, 'Europe/Berlin')).toBe('22:00-06:00 Europe/Berlin');
});

describe('auto in the inventory', () => {
  const head =
    'clusters: { shop: {}, crm: {} }\nhosts: { db1: { cluster: shop }, db2: { cluster: shop }, db4: { cluster: crm } }\n';

  test('is read with its hours, what it may do, and careful defaults', () => {
    const { rules } = inventoryOf(`${head}rules:
  broken:
    when: 1062
    clusters: shop
    auto: true
    between: 22:00-6:30
    timezone: Europe/Berlin
    allow: { replace-data: [db1, db2], losses: db2 }
`);
    expect(rules?.[0]?.auto).toEqual({
      between: { from: 1320, to: 390 },
      timezone: 'Europe/Berlin',
      allow: { 'replace-data': ['db1', 'db2'], losses: ['db2'] },
      maxBroken: 1,
      minGood: 2,
      againMs: 86_400_000,
    });
    expect(inventoryOf(`${head}rules: { r: { when: 1062, auto: false } }`).rules?.[0]).not.toHaveProperty('auto');
  });

  const on = 'when: 1062, clusters: shop, auto: true';
  test.each([
    [`{ ${on} }`, 'between is missing: rule "r" has auto: true'],
    ['{ when: 1062, auto: true, between: 22:00-06:00 }', 'clusters is missing: rule "r" has auto: true'],
    [`{ ${on}, between: 22:00-22:00 }`, 'write two times of day as in 22:00-06:00'],
    [`{ ${on}, between: 22-6 }`, 'write two times of day as in 22:00-06:00'],
    [`{ ${on}, between: 24:00-06:00 }`, 'write two times of day'],
    [`{ ${on}, between: 22:00-06:00, timezone: Mars }`, 'write a time zone'],
    [`{ ${on}, between: 22:00-06:00, allow: { replace-data: db4 } }`, 'names "db4", which is no host of rule "r"'],
    [`{ ${on}, between: 22:00-06:00, allow: { replicas: db1 } }`, 'unknown key "replicas"'],
    [`{ ${on}, between: 22:00-06:00, again: 5 min }`, 'from 1 h to 90 d'],
    [`{ ${on}, between: 22:00-06:00, minGood: 0 }`, 'minGood'],
    ['{ when: 1062, between: 22:00-06:00 }', 'between is for auto: true, which rule "r" does not have'],
  ])('%s is refused', (text, told) => {
    expect(complaints(`${head}rules:\n  r: ${text}\n`).join('\n')).toContain(told);
  });

  test.each([
    [
      'when: crash-looping',
      'notify: { t: { to: command, run: [/p] } }',
      ': such a server does not tell whether it is a replica',
    ],
    [
      'when: [1062, crash-looping]',
      'notify: { t: { to: command, run: [/p] } }',
      ' where a server is crash-looping: such a server',
    ],
    [
      'when: 1062, method: delta-stopped',
      'notify: { t: { to: command, run: [/p] } }',
      ': method delta-stopped needs a donor that is down',
    ],
    ['when: 1062', '', ' at db1, db2, db3, db4: no receiver is told of needs-person there'],
    ['when: 1062', 'notify: { t: { to: command, run: [/p], hosts: [db1, db2, db4] } }', ' at db3: no receiver is told'],
    [
      'when: 1062',
      'notify: { t: { to: command, run: [/p], on: failed } }',
      ' at db1, db2, db3, db4: no receiver is told',
    ],
    [
      'when: 1062, minGood: 3',
      'notify: { t: { to: command, run: [/p] } }',
      ' in shop: with a primary and a broken replica 2 can be well, and minGood is 3, write minGood: 2, or',
    ],
    [
      'when: 1062, hosts: db4',
      'readOnly: true\nnotify: { t: { to: command, run: [/p] } }',
      ' at db4: readOnly is true there',
    ],
    ['when: 1062', 'notify: { t: { to: command, run: [/p] } }', undefined],
  ])(
    'what can never begin by itself is noted where the file is read, and not first on the night: %s, %s',
    (rule, above, told) => {
      const text = `clusters: { shop: {} }
hosts: { db1: { cluster: shop }, db2: { cluster: shop }, db3: { cluster: shop }, db4: { cluster: shop } }
${above}
rules: { r: { ${rule}, clusters: shop, auto: true, between: 22:00-06:00 } }
`;
      const read = parseInventory(text, { fileName: 'hosts.yaml', environment: {} });
      const notes = read.ok ? read.notes.map(formatProblem) : [];
      if (told === undefined) expect([read.ok, notes]).toEqual([true, []]);
      else expect(notes).toEqual([expect.stringContaining(`rule "r" begins nothing by itself${told}`)]);
    },
  );
});
