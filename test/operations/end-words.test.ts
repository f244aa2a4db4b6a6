// What a seed that failed or was aborted says at its end: what each host is now, and what is left.
import { expect, test } from 'vitest';
import type { CommandRecord, JobRecord, ResourceState, StepState } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { endSentences } from '../../src/operations/jobs/words/end-words.ts';
import { olderPlan } from '../../src/seed/older-plans.ts';
import { misnamed, misnamedIn } from './misnamed.ts';

interface Given {
  readonly states?: Readonly<Record<string, StepState>>;
  readonly resources?: Readonly<Record<string, ResourceState>>;
  readonly runs?: boolean;
}

/** As format 1 has them: olderPlan() reads them. */
const kinds: Readonly<Record<string, string>> = {
  lock: 'lock',
  stop: 'stop-server',
  start: 'start-server',
  prove: 'prove-data',
  attach: 'attach-replica',
};

function ended({ states = {}, resources = {}, runs = true }: Given): JobRecord {
  const step = (name: string, what?: string): PlannedStep => ({
    name,
    title: name,
    host: name.endsWith('db4') ? 'db4' : 'db5',
    work: kinds[name.split(' ')[0] ?? ''] ?? 'seed-command',
    input: {},
    commands: {},
    ...(!name.endsWith('db4') && { lane: 'db5' }),
    ...(what !== undefined && { acquires: { what, release: releases[name] ?? 'r', whenDone: 'release' as const } }),
  });
  const steps = [
    step('lock db4', 'the lock of db4'),
    ...(runs ? [step('remember db5', 'the restart of mysql on db5'), step('stop db5')] : []),
    step('prepare db5', 'the folder /var/lib/mysql/.reseed-1 on db5, with new or old data'),
    step('clear db5'),
    step('switch db5', 'the new data in place of the old on db5'),
    step('start db5'),
    step('prove data db5'),
    step('attach db5'),
    step('drop db5'),
  ];
  return {
    id: 17,
    key: 'cafe',
    plan: olderPlan({ kind: 'seed', title: 'seed db4 → db5', hosts: ['db4', 'db5'], steps, destroys: [] }),
    targets: [],
    state: Object.values(resources).includes('left') ? 'cleanup-needed' : 'failed',
    who: { account: 'ops', jumpHost: 'jump1' },
    createdMs: 0,
    abortRequested: false,
    steps: steps.map(({ name }) => ({ name, state: states[name] ?? 'waiting' })),
    resources: steps.flatMap(({ name, acquires }) =>
      acquires ? [{ step: name, what: acquires.what, state: resources[name] ?? 'released' }] : [],
    ),
  };
}
const releases: Readonly<Record<string, string>> = {
  'remember db5': 'restart',
  'prepare db5': 'back',
  'switch db5': 'down',
};

const ran = (step: string, said: string, code?: number, key = releases[step] ?? 'run'): CommandRecord => ({
  step,
  key,
  host: 'db5',
  script: 's',
  scriptSha256: '',
  args: [],
  startedMs: 0,
  tookMs: 1,
  ...(code !== undefined && { code }),
  said,
});
const runsAgain = 'its server runs; its replication is started as before';
const swapped: Given['states'] = { 'stop db5': 'done', 'switch db5': 'done', 'start db5': 'failed' };

test.each<[string, Given, CommandRecord[], string[]]>([
  [
    'during the copy: "db5 keeps its old data"',
    {},
    [ran('remember db5', 'its server was not stopped', 0)],
    ['db5 keeps its old data; its server was not stopped'],
  ],
  [
    'after the swap: "db5 has its old data back; its server runs"',
    { states: swapped },
    [ran('prepare db5', 'the old data of /var/lib/mysql is as it was', 0), ran('remember db5', runsAgain, 0)],
    [`db5 has its old data back; ${runsAgain}`],
  ],
  [
    'of an older build, whose scripts say nothing',
    { states: swapped },
    [],
    ['db5 has its old data back; whether its server runs was not looked at: reseed status db5 tells'],
  ],
  [
    'of a target that was down',
    { states: { 'switch db5': 'done' }, runs: false },
    [],
    ['db5 has its old data back; its server was down before the seed, and was not started'],
  ],
  [
    'where there was no room for both',
    { states: { 'stop db5': 'done' } },
    [
      ran('prepare db5', 'the old data of /d was deleted to make room: it is empty, and can not be started', 0),
      ran('remember db5', 'its server stays down: /d is not complete', 0),
    ],
    [
      'db5 has no data: the old data was deleted to make room. Seed it again; its server stays down: /d is not complete',
    ],
  ],
  [
    'where db5 is away: what is left, on which host, and the command that ends it',
    {
      states: swapped,
      resources: { 'remember db5': 'left', 'prepare db5': 'left', 'switch db5': 'left' },
    },
    [ran('switch db5', 'connection timed out')],
    [
      'db5 does not have its old data back yet; whether its server runs: unknown, see below',
      'LEFT: the new data in place of the old on db5 (db5 did not answer: connection timed out)',
      'LEFT: the folder /var/lib/mysql/.reseed-1 on db5, with new or old data; the restart of mysql on db5',
      'reseed job abort 17 undoes what is left',
    ],
  ],
  [
    'where db5 is away and was never stopped: what is left is no restart',
    { resources: { 'remember db5': 'left' } },
    [ran('remember db5', 'no route to the host')],
    [
      'db5 keeps its old data; its server was not stopped',
      'LEFT: what was noted of the server of db5, which was not stopped (db5 did not answer: no route to the host)',
      'reseed job abort 17 undoes what is left',
    ],
  ],
])('a seed that ended %s', (_, given, commands, wanted) => {
  const job = ended(given);
  expect(endSentences(job, commands)).toEqual(wanted);
  // The kind of a step decides what it is, and not its name.
  expect(endSentences(misnamed(job), misnamedIn(job, commands))).toEqual(wanted);
});

const gone = (now: string) =>
  ran('prepare db5', `the old data of /d was deleted to make room: ${now}, and can't be started`, 0);
test.each<[string, CommandRecord[], string]>([
  [
    'new data lies there',
    [gone('what lies there is new data that did not prove whole')],
    'has new data that did not prove whole',
  ],
  ['a part of it lies there', [gone('what lies there is a part of the new data')], 'has a part of the new data'],
  [
    'files came there',
    [gone('no data of a server lies there, but what came since')],
    'has no data, but files that came since',
  ],
  ['nothing lies there', [gone('it is empty')], 'has no data'],
  ['its host is away', [], 'may have new data, or none'],
])('a target whose old data made room is not said to have no data where it has some: %s', (_, commands, now) => {
  const given: Given = {
    states: { 'stop db5': 'done', 'clear db5': 'done', 'switch db5': 'done', 'start db5': 'failed' },
  };
  expect(endSentences(ended(given), commands)[0]).toContain(
    `db5 ${now}: the old data was deleted to make room. Seed it again; `,
  );
});

test('a target without old data, whose new data was proved, keeps it and its server', () => {
  const states = { 'stop db5': 'done', 'clear db5': 'done', 'switch db5': 'done', 'attach db5': 'failed' } as const;
  const back = ran('prepare db5', 'the new data of /d stays: the old is deleted', 0);
  expect(endSentences(ended({ states }), [back])[0]).toBe(
    'db5 has the new data, which was proved, and its server is left as it is: the old data was deleted to make room. Whether it replicates: reseed status db5; reseed seed SOURCE db5 --method binlog makes it a replica',
  );
});

test('a deletion of old data that was cut off is not said to be done', () => {
  const back =
    "the old data of /d was being deleted to make room: what is left of it lies there and in .reseed-1/old, and can't be started";
  const given: Given = { states: { 'stop db5': 'done', 'clear db5': 'failed' } };
  expect(endSentences(ended(given), [ran('prepare db5', back, 0)])[0]).toContain(
    'db5 may have a part of its old data, which was being deleted to make room: look at its datadir, and seed it again; ',
  );
});

test('files that a DBA put into the new data are reported, with the host and the folder that has them', () => {
  const back = 'the old data of /d is as it was\nLEFT: /d/.kept-by-reseed-1, with files (1): dump.sql';
  expect(
    endSentences(ended({ states: swapped }), [ran('prepare db5', back, 0), ran('remember db5', runsAgain, 0)]),
  ).toEqual([
    `db5 has its old data back; ${runsAgain}`,
    'LEFT: on db5: /d/.kept-by-reseed-1, with files (1): dump.sql',
  ]);
});

test('a file named like a sentence of an undo does not change what the end says of the old data', () => {
  const names = 'the new data of x, the old data of y was deleted to make room: it is empty';
  const back = `the old data of /d is as it was\nLEFT: /d/.kept-by-reseed-1, with files (2): ${names}`;
  const undone = [ran('prepare db5', back, 0), ran('remember db5', runsAgain, 0)];
  expect(endSentences(ended({ states: swapped }), undone)[0]).toBe(`db5 has its old data back; ${runsAgain}`);
});

test('a file named like a refusal does not hide that a swap may have moved the old data', () => {
  const said =
    '/d has files by now that no server makes (1): a. Nothing was moved: b. None of this was moved: move them';
  const states = { 'stop db5': 'done', 'switch db5': 'failed' } as const;
  const job = ended({ states, resources: { 'prepare db5': 'left' } });
  expect(endSentences(job, [ran('switch db5', said, 3, 'run')])[0]).toContain(
    'db5 does not have its old data back yet',
  );
});

test('a running job, or one that is done, has no such end; a target that got its data is listed beside a lost one', () => {
  expect(endSentences({ ...ended({}), state: 'running' }, [])).toEqual([]);
  expect(endSentences({ ...ended({}), state: 'done' }, [])).toEqual([]);
  const job = ended({});
  const done = { ...job, steps: job.steps.map((step) => ({ ...step, state: 'done' as const })) };
  expect(endSentences(done, [])).toEqual(['db5 has the new data: its server runs, and replicates']);
});

const refused = ran(
  'switch db5',
  '/d has files by now that no server makes (1): a. Nothing was moved: move them',
  3,
  'run',
);
const notMoved = ran('prepare db5', 'the old data of /var/lib/mysql is as it was: it was not moved', 0);

test.each<[string, readonly CommandRecord[], ResourceState, string]>([
  ['was refused, and its host is away', [refused], 'left', 'keeps its old data'],
  [
    'was refused by an older build',
    [refused, ran('prepare db5', 'the old data is as it was', 0)],
    'released',
    'keeps its old data',
  ],
  [
    'failed before it moved anything',
    [ran('switch db5', 'no space left', 1, 'run'), notMoved],
    'released',
    'keeps its old data',
  ],
  [
    'failed in the midst',
    [ran('switch db5', 'no space left', 1, 'run')],
    'left',
    'does not have its old data back yet',
  ],
])('a seed whose swap %s', (_, commands, prepared, words) => {
  const given: Given = {
    states: { 'stop db5': 'done', 'switch db5': 'failed' },
    resources: { 'prepare db5': prepared },
  };
  expect(endSentences(ended(given), commands)[0]).toContain(`db5 ${words};`);
});

const asItWas = ran('prepare db5', 'the old data of /var/lib/mysql is as it was', 0);
const restarted = ran('remember db5', runsAgain, 0);
const deleted = ran('prepare db5', 'the new data of /var/lib/mysql stays: the old is deleted', 0);
const left = { 'prepare db5': 'left', 'switch db5': 'left' } as const;
const lookFirst =
  'may have lost its old data: whether it was deleted is not known: look at its datadir before you use it';

test('the alert of a rejected new data stayed on the healthy old server: it is named as such, with what ends its alert', () => {
  const job = ended({ states: swapped });
  const startedMs = Date.UTC(2026, 10, 27, 16, 1, 2);
  const failedWith = (why: string) =>
    job.steps.map((step) => (step.name === 'start db5' ? { ...step, startedMs, lost: { db5: why } } : step));
  const steps = failedWith('given up: start mysql on db5: [ERROR] [MY-012224] [InnoDB] Page is corrupted.');
  const back = { ...asItWas, startedMs: startedMs + 60_000 };
  expect(endSentences({ ...job, steps }, [back, restarted])).toEqual([
    `db5 has its old data back; ${runsAgain}`,
    'a report of corrupt data in the log of db5 from 2026-11-27T16:01:02Z to 2026-11-27T16:02:02Z is of the new data, which is gone: reseed log db5 --mark-seen ends its alert',
  ]);
  // Neither a server that was never started on new data, nor one that has new data, has such reports.
  expect(endSentences(job, [back, restarted])).toHaveLength(1);
  // A start that failed for another reason was said to have reported corrupt data.
  const variable = "given up: start mysql on db5: [ERROR] unknown variable 'rpl_semi_sync_replica_enabled=1'.";
  expect(endSentences({ ...job, steps: failedWith(variable) }, [back, restarted])).toHaveLength(1);
  expect(endSentences({ ...job, steps }, [deleted, restarted])).toHaveLength(1);
});

test.each<[string, Given, CommandRecord[], string]>([
  [
    'clear was refused, and the old data is as it was',
    { states: { 'stop db5': 'done', 'clear db5': 'failed' } },
    [ran('clear db5', 'process 140 works in /var/lib/mysql: the server is not down', 65), asItWas, restarted],
    `db5 keeps its old data; ${runsAgain}`,
  ],
  [
    'drop failed before it deleted, and was undone',
    { states: { ...swapped, 'start db5': 'done', 'drop db5': 'failed' } },
    [ran('drop db5', 'no space left on device', 1), asItWas, restarted],
    `db5 has its old data back; ${runsAgain}`,
  ],
  [
    'drop failed after it began to delete',
    { states: { ...swapped, 'start db5': 'done', 'drop db5': 'failed' } },
    [ran('drop db5', 'connection lost'), deleted, restarted],
    `db5 has the new data: the old data was deleted; ${runsAgain}`,
  ],
  [
    'drop has run, and its runner died',
    { states: { ...swapped, 'start db5': 'done', 'drop db5': 'running' } },
    [ran('drop db5', '', 0), restarted],
    `db5 has the new data: the old data was deleted; ${runsAgain}`,
  ],
  [
    'drop was cut off, and undoing found nothing of the job',
    { states: { ...swapped, 'start db5': 'done', 'drop db5': 'failed' } },
    [ran('drop db5', 'connection lost'), ran('prepare db5', '', 0), restarted],
    `db5 ${lookFirst}; ${runsAgain}`,
  ],
  [
    'drop failed, and db5 is away',
    { states: { ...swapped, 'start db5': 'done', 'drop db5': 'failed' }, resources: left },
    [ran('drop db5', 'connection lost'), ran('switch db5', 'connection timed out'), restarted],
    `db5 may have lost its old data: whether it was deleted is not known yet; ${runsAgain}`,
  ],
  [
    'clear failed, and db5 is away',
    { states: { 'stop db5': 'done', 'clear db5': 'failed' }, resources: left },
    [ran('clear db5', 'connection lost'), restarted],
    `db5 may have lost its old data: whether it was deleted is not known yet; ${runsAgain}`,
  ],
])('old data is said to be deleted only where that is known: %s', (_, given, commands, wanted) => {
  expect(endSentences(ended(given), commands)[0]).toBe(wanted);
});

test('a job that is done says what a target has from its next restart on: it ran without, and nothing said so', () => {
  const later = 'db5 has what SET PERSIST has set of mysqlx_port from its next restart on';
  const job = { ...ended({}), state: 'done' as const };
  const steps = job.steps.map((step) =>
    step.name === 'attach db5' ? { ...step, result: { source: 'db2', gtid: '', later } } : step,
  );
  expect(endSentences({ ...job, steps }, [])).toEqual([`! ${later}`]);
});

test('a job that is done says which plugins a target is without', () => {
  const lacks =
    "db5 is without plugin SERVER_AUDIT (server_audit.so), which its old data loaded: INSTALL SONAME 'server_audit'";
  const job = { ...ended({}), state: 'done' as const };
  const steps = job.steps.map((step) =>
    step.name === 'attach db5' ? { ...step, result: { source: 'db2', gtid: '', lacks } } : step,
  );
  expect(endSentences({ ...job, steps }, [])).toEqual([`! ${lacks}`]);
});

test('a job that is done says what it did not prove of a target', () => {
  const unproved = 'whether db5 can read all of its tables is not proved: no SELECT on *.*';
  const job = { ...ended({}), state: 'done' as const };
  const steps = job.steps.map((step) => (step.name === 'prove data db5' ? { ...step, result: { unproved } } : step));
  expect([endSentences({ ...job, steps }, []), endSentences(job, [])]).toEqual([[`! ${unproved}`], []]);
});
