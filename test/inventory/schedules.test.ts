// Schedules of an inventory, and the mistakes in them.
import { describe, expect, test } from 'vitest';
import { formatProblem, parseInventory } from '../../src/inventory/inventory.ts';
import { complaints, inventoryOf } from './reading.ts';

const hosts = `hosts:
  db1: {}
  db2: { commands: { pin: [/opt/pin] } }
  stg1: {}
`;
const schedule = (text: string) => complaints(`${hosts}schedules:\n  nightly: ${text}\n`);

describe('schedules of the inventory', () => {
  test('are read in the order of the file, with what they may do unasked', () => {
    const { schedules, scheduleLimits } = inventoryOf(`${hosts}scheduleLimits: { jobs: 3, perDatacenter: 1 }
schedules:
  snapshots: { cron: "*/15 * * * *", do: snapshot, hosts: [db1, db2], startWithin: 10 min }
  weekly: { cron: 0 3 * * 0, timezone: Europe/Berlin, do: prune, hosts: db1, keep: 3, allow: { remove-snapshots: db1 } }
  proved: { cron: 0 6 * * 0, do: proof, hosts: db1, on: stg1, check: 20%, within: 3 h }
  rows: { cron: 0 22 * * 6, do: rows, hosts: db2 }
  pin: { cron: 0 4 * * *, do: command, command: pin, hosts: db2 }
  staging:
    cron: 0 5 * * 1-5
    do: seed
    donor: db2
    hosts: [stg1]
    ends: standalone
    writable: true
    allow: { replace-data: [stg1] }
`);
    expect(scheduleLimits).toEqual({ jobs: 3, perDatacenter: 1 });
    expect(schedules).toEqual([
      {
        name: 'snapshots',
        cron: '*/15 * * * *',
        hosts: ['db1', 'db2'],
        act: { do: 'snapshot' },
        startWithinMs: 600_000,
        allow: {},
      },
      {
        name: 'weekly',
        cron: '0 3 * * 0',
        timezone: 'Europe/Berlin',
        hosts: ['db1'],
        act: { do: 'prune', keep: { last: 3 } },
        allow: { 'remove-snapshots': ['db1'] },
      },
      {
        name: 'proved',
        cron: '0 6 * * 0',
        hosts: ['db1'],
        act: { do: 'proof', on: 'stg1', check: 20, withinMs: 10_800_000 },
        allow: {},
      },
      { name: 'rows', cron: '0 22 * * 6', hosts: ['db2'], act: { do: 'rows' }, allow: {} },
      { name: 'pin', cron: '0 4 * * *', hosts: ['db2'], act: { do: 'command', command: 'pin' }, allow: {} },
      {
        name: 'staging',
        cron: '0 5 * * 1-5',
        hosts: ['stg1'],
        act: { do: 'seed', donor: 'db2', ends: 'standalone', writable: true },
        allow: { 'replace-data': ['stg1'] },
      },
    ]);
  });

  test('an inventory without schedules has none', () => {
    expect(inventoryOf(hosts)).not.toHaveProperty('schedules');
  });

  test.each([
    [
      '{ cron: 0 0 30 2 *, do: snapshot, hosts: db1 }',
      '6:20 cron is "0 0 30 2 *", write a day that comes: no month of this line has it',
    ],
    [
      '{ cron: 0 0 30 2 * *, do: snapshot, hosts: db1 }',
      expect.stringMatching(
        /^hosts.yaml:6:20 cron is "0 0 30 2 \* \*", write minute, hour, day, month and weekday as in 30 2 \* \* \* \(/,
      ),
    ],
    [
      '{ cron: 0 0 * * *, timezone: Mars/X, do: snapshot, hosts: db1 }',
      '6:41 timezone is "Mars/X", write a time zone as in Europe/Berlin, or UTC',
    ],
    [
      '{ cron: 4:00, do: snapshot, hosts: db1 }',
      '6:20 cron is "4:00", write minute, hour, day, month and weekday as in 30 2 * * * (4:00 each day is 0 4 * * *)',
    ],
    ['{ do: snapshot, hosts: db1 }', '6:12 cron is missing, write cron: ...'],
    ['{ cron: 0 0 * * *, hosts: db1 }', '6:12 do is missing, write do: ...'],
    ['{ cron: 0 0 * * *, do: snapshot }', '6:12 hosts is missing, write hosts: ...'],
    [
      '{ cron: 0 0 * * *, do: prove, hosts: db1 }',
      '6:35 do is "prove", write one of snapshot, prune, proof, rows, command, seed',
    ],
    ['{ cron: 0 0 * * *, do: proof, hosts: db1, check: 0% }', '6:61 check is "0%", write all, or a part as in 20%'],
    ['{ cron: 0 0 * * *, do: proof, hosts: db1, on: stg2 }', '6:58 unknown host "stg2", did you mean stg1?'],
    ['{ cron: 0 0 * * *, do: proof, hosts: db1, on: db1 }', '6:49 db1 is proved on itself, leave out on'],
    [
      '{ cron: 0 0 * * *, do: snapshot, hosts: db1, check: all }',
      '6:57 check is for do: proof, and schedule "nightly" does snapshot, leave it out',
    ],
    [
      '{ cron: 0 0 * * *, do: snapshot, hosts: [] }',
      '6:52 hosts is an empty list, write at least one, or leave the key out',
    ],
    ['{ cron: 0 0 * * *, do: snapshot, hosts: [db1, stg2] }', '6:58 unknown host "stg2", did you mean stg1?'],
    [
      '{ cron: 0 0 * * *, do: snapshot, hosts: db1, evry: 1 }',
      expect.stringMatching(/^hosts.yaml:6:57 unknown key "evry", /),
    ],
    [
      '{ cron: 0 0 * * *, do: snapshot, hosts: db1, startWithin: 10 }',
      '6:70 startWithin is "10", write a time with its unit (s, min, h or d), from 1 s to 7 d, as in 5 min',
    ],
    [
      '{ cron: 0 0 * * *, do: proof, hosts: db1, within: 12:00 }',
      '6:62 within is "12:00", write a time with its unit (s, min, h or d), from 1 s to 7 d, as in 5 min: 12:00 may be hours or minutes',
    ],
    [
      '{ cron: 0 0 * * *, do: snapshot, hosts: db1, keep: 3 }',
      '6:57 keep is for do: prune, and schedule "nightly" does snapshot, leave it out',
    ],
    [
      '{ cron: 0 0 * * *, do: prune, hosts: db1, keep: 0 }',
      '6:60 schedule "nightly" keeps no snapshot, write keep: 1 or more: no schedule removes them all',
    ],
    [
      '{ cron: 0 0 * * *, do: prune, hosts: db1, keep: 3, youngerThan: 1 d }',
      '6:63 schedule "nightly" has keep and youngerThan, leave out one of the two',
    ],
    [
      '{ cron: 0 0 * * *, do: seed, hosts: stg1 }',
      '6:3 donor is missing: schedule "nightly" does seed, write donor: ...',
    ],
    ['{ cron: 0 0 * * *, do: seed, donor: db9, hosts: stg1 }', '6:48 unknown host "db9", did you mean db1?'],
    [
      '{ cron: 0 0 * * *, do: seed, donor: db1, hosts: [stg1, db1] }',
      '6:67 db1 is donor and target, name another donor, or other hosts',
    ],
    [
      '{ cron: 0 0 * * *, do: seed, donor: db1, hosts: stg1, writable: true }',
      '6:66 writable is for ends: standalone and ends: set, leave out one of the two',
    ],
    [
      '{ cron: 0 0 * * *, do: seed, donor: db1, hosts: stg1, ends: standalone, account: /x }',
      '6:84 account is for replicas, and ends is standalone, leave out one of the two',
    ],
    [
      '{ cron: 0 0 * * *, do: seed, donor: db1, hosts: stg1, ends: set }',
      '6:60 schedule "nightly" has one host, and ends: set makes the first the primary of the others, write ends: standalone, or more hosts',
    ],
    [
      '{ cron: 0 0 * * *, do: command, hosts: db2 }',
      '6:3 command is missing: schedule "nightly" does command, write command: ...',
    ],
    ['{ cron: 0 0 * * *, do: command, command: pim, hosts: db2 }', '6:53 db2 has no command "pim", did you mean pin?'],
    [
      '{ cron: 0 0 * * *, do: command, command: pin, hosts: db1 }',
      '6:53 db1 has no command "pin", write it under commands of db1',
    ],
    [
      '{ cron: 0 0 * * *, do: command, command: stop, hosts: db2 }',
      expect.stringMatching(/^hosts.yaml:6:53 stop is not a command to run by itself: /),
    ],
    [
      '{ cron: 0 0 * * *, do: seed, donor: db1, hosts: stg1, allow: { replace-data: stg2 } }',
      '6:89 allow replace-data names "stg2", which is no host of schedule "nightly", did you mean stg1?',
    ],
    [
      '{ cron: 0 0 * * *, do: seed, donor: db1, hosts: stg1, allow: { replace-data: [stg1, db1] } }',
      '6:96 allow replace-data names "db1", which is no host of schedule "nightly", write one of stg1',
    ],
    [
      '{ cron: 0 0 * * *, do: snapshot, hosts: db1, allow: { replace-data: db1 } }',
      '6:66 allow replace-data is of no use: schedule "nightly" does snapshot, write one of remove-snapshots',
    ],
    [
      '{ cron: 0 0 * * *, do: seed, donor: db1, hosts: stg1, allow: { replace: stg1 } }',
      expect.stringMatching(/^hosts.yaml:6:75 unknown key "replace" in allow, /),
    ],
    [
      'each night',
      '6:12 schedule "nightly" is "each night", write a map: { cron: 30 2 * * *, do: snapshot, hosts: db2 }',
    ],
  ])('%s is refused at its place', (written, complaint) => {
    const [first, ...more] = schedule(written);
    expect(first).toEqual(typeof complaint === 'string' ? `hosts.yaml:${complaint}` : complaint);
    // A mistake is told once.
    const at = /:\d+:\d+ /;
    expect(more.filter((one) => at.exec(one)?.[0] === at.exec(first ?? '')?.[0])).toEqual([]);
  });

  test.each([
    ['{}', '5:65 keep is a map, write how many, or a map as in { hourly: 24, daily: 7, weekly: 4 }'],
    ['{ hourly: x }', '5:75 keep.hourly is "x", write a whole number from 0 to 10000'],
    ['{ dayly: 7 }', '5:67 unknown key "dayly" in keep, did you mean daily?'],
    ['some', '5:65 keep is "some", write a whole number from 0 to 10000'],
  ])('keep: %s is refused at its place', (keep, complaint) => {
    const prune = `${hosts}schedules: { p: { cron: 0 0 * * *, do: prune, hosts: db1, keep: ${keep} } }`;
    expect(complaints(prune)).toContain(`hosts.yaml:${complaint}`);
  });

  test('a name that is no name, and a list in place of the map, are refused', () => {
    expect(complaints(`${hosts}schedules: { 2am: { cron: 0 2 * * *, do: snapshot, hosts: db1 } }`)).toEqual([
      'hosts.yaml:5:14 a schedule cannot be named "2am", write letters, digits, . _ and -, with a letter first',
    ]);
    expect(complaints(`${hosts}schedules: [a]`)).toEqual([
      'hosts.yaml:5:12 schedules is a list, write a map from name to settings: schedules: { nightly: { cron: 30 2 * * *, do: snapshot, hosts: db2 } }',
    ]);
    expect(complaints(`${hosts}scheduleLimits: { jobs: 0 }`)).toEqual([
      'hosts.yaml:5:25 scheduleLimits.jobs is "0", write a whole number from 1 to 1000',
    ]);
  });

  test.each([
    ['do: snapshot, hosts: [db1, ro]', ['is refused at ro: readOnly is true there']],
    ['do: rows, hosts: ro', []],
    [
      'do: prune, hosts: db1',
      ['is refused at db1 as soon as there is a snapshot to remove, write allow: { remove-snapshots: [db1] }'],
    ],
    ['do: prune, hosts: db1, allow: { remove-snapshots: db1 }', []],
    ['do: seed, donor: db1, hosts: [db2, db3], allow: { replace-data: db2 }', ['is refused at db3 where it has data']],
  ])(
    'what is refused at each of its times is noted where the file is read, and not first at night: %s',
    (text, told) => {
      const read = parseInventory(
        `hosts: { db1: {}, db2: {}, db3: {}, ro: { readOnly: true } }\nschedules: { n: { cron: 0 0 * * *, ${text} } }\n`,
        { fileName: 'hosts.yaml', environment: {} },
      );
      expect(read.ok && read.notes.map(formatProblem)).toEqual(
        told.map((one) => expect.stringContaining(`schedule "n" ${one}`)),
      );
    },
  );
});
