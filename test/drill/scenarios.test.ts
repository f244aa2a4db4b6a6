// Scenarios on a fleet that the test plays: what they begin with, what they count, and that only the fleet ends them.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { otherOperator, whyNotDone } from '../../src/commands/drill/other-operator.ts';
import { faultNamed, readArguments } from '../../src/drill/faults/faults.ts';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { placesFrom } from '../../src/drill/places.ts';
import { silentProgress } from '../../src/drill/progress.ts';
import {
  nextHint,
  readResults,
  readRunning,
  type Stage,
  startScenario,
  stopScenario,
  verifyScenario,
} from '../../src/drill/scenarios/course.ts';
import { factsFrom, judge } from '../../src/drill/scenarios/goal.ts';
import { type Goal, goalWords } from '../../src/drill/scenarios/scenario.ts';
import { scenarioNamed, scenarios } from '../../src/drill/scenarios/scenarios.ts';
import { pointsOf, type Result, scoreSheet } from '../../src/drill/scenarios/score.ts';
import { writeState } from '../../src/drill/state.ts';
import type { HostStatus } from '../../src/drill/status.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { addJob } from '../job/adding.ts';

const beganMs = Date.UTC(2026, 10, 29, 2, 0);
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-scenario-'));
});
afterEach(() => rm(folder, { recursive: true }));
const places = () => placesFrom({ XDG_STATE_HOME: folder, HOME: folder });

async function fleetUp(...names: readonly string[]): Promise<void> {
  const hosts = Object.fromEntries(names.map((name) => [name, { pid: 1, startTicks: 1, faults: [] }]));
  const images = { kernelTree: 'k', roots: {}, disks: {} };
  await mkdir(places().state, { recursive: true });
  await writeState(places(), { version: 1, dataBytes: 1, replicationPassword: 'x', images, hosts });
}

const well = (host: string): HostStatus => ({
  ...{
    host,
    cluster: 'shop',
    datacenter: 'ams',
    address: '10.77.0.11',
    machine: 'running',
    ssh: 'ok',
    mysql: 'active',
  },
  ...{ version: '9.7.4', replication: host === 'db1' ? 'primary' : 'replicating', lagSeconds: 0, ledger: 1 },
  ...{ volume: 'vg0', fileSystem: 'ext4', datadirUsedPercent: 10, memoryBytes: 1, faults: [] },
});
const replica = 'server=up\nread_only=1\nsource=10.77.0.11\nio=Yes\nsql=Yes\ngtid=aaaa:1-20\nused_percent=20';

/** A fleet in order, and what was done to it. */
function stage(change: Partial<Stage> = {}) {
  const did: string[] = [];
  const fake: Stage = {
    progress: silentProgress,
    nowMs: () => beganMs,
    status: async (names) => names.map(well),
    breakHost: async (fault, host, args) => void did.push([fault, host, ...args].join(' ')),
    operate: async (words) => void did.push(`reseed ${words.join(' ')}`),
    operated: async () => '',
    facts: async () => factsFrom(replica),
    compare: async (primary, host) => {
      did.push(`compared ${host} with ${primary}`);
      return { differing: [], notOk: [] };
    },
    ...change,
  };
  return { did, fake };
}

test('each scenario has faults that can be made there, a goal, at least three hints, and a file of its own', () => {
  expect(scenarios.length).toBeGreaterThanOrEqual(8);
  for (const { name, hosts, breaks, goal, hints, story, minutes } of scenarios) {
    expect([name, new Set([name, ...scenarios.map((one) => one.name)]).size]).toEqual([name, scenarios.length]);
    expect([hints.length >= 3, story.length > 0, goal.length > 0, minutes > 0]).toEqual([true, true, true, true]);
    for (const breakage of breaks) {
      if ('operator' in breakage) continue;
      const [fault, host] = [faultNamed(breakage.fault), requireHostNamed(breakage.on)];
      expect(readArguments(fault, host, breakage.args ?? [])).toHaveLength(fault.args.length);
      expect(fault.impossible?.(host)).toBeUndefined();
      expect(hosts).toContain(breakage.on);
    }
    for (const one of goal) {
      expect(goalWords(one)).not.toBe('');
      if ('host' in one) expect(hosts).toContain(one.host);
    }
  }
});

describe('start', () => {
  test('breaks what the scenario has, in its order, and only then starts its clock', async () => {
    await fleetUp('db1', 'db2', 'db3');
    const { did, fake } = stage();
    await startScenario(places(), 'two-operators', fake);
    expect(did).toEqual(['corrupt-datadir db3', 'reseed seed db1 db3 --limit 1M --yes=db3 --detach']);
    expect(await readRunning(places())).toEqual({ scenario: 'two-operators', startedMs: beganMs, hints: 0 });
  });

  test('is refused for a name that is none, without a fleet or one of its hosts, and while another one runs', async () => {
    const { did, fake } = stage();
    await expect(startScenario(places(), 'fire', fake)).rejects.toMatchObject({
      kind: 'usage',
      message: "there is no scenario 'fire'",
      advice: expect.stringContaining('full-disk, corrupt-replica'),
    });
    await expect(startScenario(places(), 'errant', fake)).rejects.toThrow('the practice fleet is not up');
    await fleetUp('db1', 'db2');
    await expect(startScenario(places(), 'errant', fake)).rejects.toThrow('db3 was not brought up');
    await fleetUp('db1', 'db2', 'db3');
    await startScenario(places(), 'full-disk', fake);
    await expect(startScenario(places(), 'errant', fake)).rejects.toMatchObject({
      kind: 'refused',
      message: 'the scenario full-disk is running',
      advice: expect.stringContaining('reseed drill scenario stop'),
    });
    expect(did).toEqual(['fill-disk db2']);
  });

  test('is refused on hosts that are not in order, which would be a part of it', async () => {
    await fleetUp('db1', 'db2', 'db3');
    const broken: Partial<Record<string, Partial<HostStatus>>> = {
      db1: { mysql: null },
      db2: { faults: [{ name: 'cut', args: [] }] },
      db3: { replication: 'broken: 1062' },
    };
    const { did, fake } = stage({ status: async (names) => names.map((name) => ({ ...well(name), ...broken[name] })) });
    await expect(startScenario(places(), 'errant', fake)).rejects.toMatchObject({
      message:
        'errant begins on hosts that are in order: db1: it did not tell of its server in time; db2: it has the fault cut; db3: replication is broken: 1062',
      advice: 'see reseed drill status; reseed drill reset db1 db2 db3 gives them their first state',
    });
    expect(did).toEqual([]);
  });

  test('of one whose fault fails starts no clock', async () => {
    await fleetUp('db1', 'db2', 'db3');
    const { fake } = stage({ breakHost: () => Promise.reject(new Error('no answer')) });
    await expect(startScenario(places(), 'errant', fake)).rejects.toThrow('no answer');
    expect(await readRunning(places())).toBeUndefined();
  });
});

test('hints come one after the other, are counted, and end', async () => {
  await fleetUp('db1', 'db2', 'db3');
  await expect(nextHint(places())).rejects.toThrow('no scenario is running');
  await startScenario(places(), 'errant', stage().fake);
  const { hints } = scenarioNamed('errant');
  for (const [at, hint] of hints.entries()) {
    expect(await nextHint(places())).toEqual({ hint, number: at + 1, of: hints.length });
  }
  await expect(nextHint(places())).rejects.toThrow(`errant has no more hints than these ${hints.length}`);
  expect(await readRunning(places())).toMatchObject({ hints: hints.length });
});

describe('verify', () => {
  test('tells what is missing, compares nothing until the rest is in order, and lets the clock run on', async () => {
    await fleetUp('db1', 'db2', 'db3');
    await startScenario(places(), 'corrupt-replica', stage().fake);
    const { did, fake } = stage({ facts: async () => factsFrom('server=down') });
    const { judged, result } = await verifyScenario(places(), fake);
    expect(result).toBeUndefined();
    expect(judged.map(({ words, why }) => `${words}: ${why}`)).toEqual([
      'the server of db3 runs: its server is down',
      'db3 replicates from db1: its server is down',
      'db3 has exactly the data of db1: its server is down',
    ]);
    expect(did).toEqual([]);
    expect(await readRunning(places())).toBeDefined();
  });

  test('ends the scenario once the fleet itself says that all is so, with the time of the question', async () => {
    await fleetUp('db1', 'db2', 'db3');
    await startScenario(places(), 'corrupt-replica', stage().fake);
    await nextHint(places());
    const { did, fake } = stage({ nowMs: () => beganMs + 17 * 60_000 });
    const { judged, result } = await verifyScenario(places(), fake);
    expect(judged.every(({ reached }) => reached)).toBe(true);
    expect(did).toEqual(['compared db3 with db1']);
    expect(result).toEqual({
      ...{ scenario: 'corrupt-replica', startedMs: beganMs, endedMs: beganMs + 17 * 60_000, hints: 1, reached: true },
    });
    expect(result && pointsOf(result, scenarioNamed('corrupt-replica'))).toBe(100 - 10 - 2 * 2);
    expect(await readRunning(places())).toBeUndefined();
    await expect(verifyScenario(places(), fake)).rejects.toThrow('no scenario is running');
  });

  test('does not end it where rows differ, or the other operator has lost a job', async () => {
    await fleetUp('db1', 'db2', 'db3');
    await startScenario(places(), 'two-operators', stage().fake);
    const differing = stage({ compare: async () => ({ differing: ['drill.ledger'], notOk: [] }) });
    const one = await verifyScenario(places(), differing.fake);
    expect(one.judged.at(-1)).toMatchObject({ reached: false, why: 'differs: drill.ledger' });
    const lost = stage({ operated: async () => whyNotDone('{"jobs": [{"id": 1, "state": "aborted"}]}') });
    const other = await verifyScenario(places(), lost.fake);
    expect(other.judged[0]).toMatchObject({ reached: false, why: 'job 1 is aborted' });
    expect(other.result).toBeUndefined();
  });
});

test.each<[Goal, string, string]>([
  [{ is: 'replicates', host: 'db3', from: 'db1' }, replica, ''],
  [{ is: 'replicates', host: 'db3', from: 'db2' }, replica, 'it replicates from db1'],
  [{ is: 'replicates', host: 'db3', from: 'db1' }, replica.replace('sql=Yes', 'sql=No'), 'replication does not run'],
  [{ is: 'replicates', host: 'db3', from: 'db1' }, 'server=up\nsource=', 'it replicates from no host'],
  [{ is: 'alone', host: 'db3' }, replica, 'it has db1 as its source'],
  [{ is: 'alone', host: 'db3' }, 'server=up\nsource=', ''],
  [{ is: 'writable', host: 'db3' }, replica, 'it is read-only'],
  [{ is: 'up', host: 'db3' }, 'server=down', 'its server is down'],
  [{ is: 'up', host: 'db3' }, 'server=silent', 'its server does not answer now: ask again'],
  [{ is: 'read-only', host: 'db3' }, replica, ''],
  [{ is: 'room', host: 'db3', atMostPercent: 90 }, 'used_percent=100', 'it is 100 % full'],
  [{ is: 'room', host: 'db3', atMostPercent: 90 }, 'server=down\nused_percent=90', ''],
  [{ is: 'room', host: 'db3', atMostPercent: 90 }, 'used_percent=', 'how full it is is unknown'],
  [{ is: 'snapshot', host: 'db3' }, 'invalid_snapshots=1\ngood_snapshots=1', 'it has an invalid one'],
  [{ is: 'snapshot', host: 'db3' }, 'invalid_snapshots=0\ngood_snapshots=0', 'it has none of reseed'],
  [{ is: 'snapshot', host: 'db3' }, 'invalid_snapshots=0\ngood_snapshots=2', ''],
  [{ is: 'snapshot', host: 'db3' }, 'server=up', 'its snapshots are unknown'],
  [{ is: 'no errant', host: 'db3', to: 'db1' }, 'server=up\ngtid=aaaa:1-20', ''],
  [{ is: 'no errant', host: 'db3', to: 'db1' }, 'server=up\ngtid=', 'its transactions are unknown'],
  [{ is: 'no errant', host: 'db3', to: 'db2' }, 'server=up\ngtid=', 'the transactions of db2 are unknown'],
  [{ is: 'no errant', host: 'db3', to: 'db1' }, 'server=up\ngtid=aaaa:1-20,bbbb:1-3', 'db1 lacks transactions of bbbb'],
])('%j of a host that tells %j', (goal, printed, why) => {
  const facts = (host: string) => factsFrom(host === 'db1' ? 'server=up\ngtid=aaaa:1-30' : printed);
  expect(judge(goal, facts)).toMatchObject({ reached: why === '', why });
});

test('a host that does not answer has reached nothing', () => {
  expect(judge({ is: 'up', host: 'db3' }, () => undefined).why).toBe('db3 does not answer on its serial line');
});

test('stop gives it up for no points, and the sheet of a team has each try, and what was not tried', async () => {
  await fleetUp('db1', 'db2', 'db3');
  await startScenario(places(), 'full-disk', stage().fake);
  expect(pointsOf(await stopScenario(places(), beganMs + 60_000), scenarioNamed('full-disk'))).toBe(0);
  const done: Result = {
    ...{ scenario: 'full-disk', startedMs: beganMs, endedMs: beganMs + 5 * 60_000, hints: 0, reached: true },
  };
  const sheet = scoreSheet('DBAs of | the shop', [...(await readResults(places())), done], scenarios);
  expect(sheet[0]).toBe('# Drills of DBAs of \\| the shop');
  expect(sheet[2]).toContain('**100 of 800 points**, 1 of 8 scenarios');
  const rows = sheet.filter((line) => line.startsWith('| full-disk'));
  expect(rows.map((row) => row.split(' | ').slice(1).join(' | '))).toEqual([
    '2026-11-29 02:00 UTC | given up | 01:00 (10:00) | 0 of 3 | 0 |',
    '2026-11-29 02:00 UTC | reached | 05:00 (10:00) | 0 of 3 | 100 |',
  ]);
  expect(sheet.filter((line) => line.includes('not tried'))).toHaveLength(scenarios.length - 1);
});

test('the sheet outlives the fleet, and a file that was changed by hand is told', async () => {
  await fleetUp('db1', 'db2', 'db3');
  await startScenario(places(), 'full-disk', stage().fake);
  await stopScenario(places(), beganMs);
  await rm(places().state, { recursive: true });
  expect(await readResults(places())).toHaveLength(1);
  const file = join(folder, 'reseed', 'drill-scores.json');
  expect(await readFile(file, 'utf8')).toContain('full-disk');
  await writeFile(file, '{');
  await expect(readResults(places())).rejects.toMatchObject({ kind: 'failed', advice: 'remove it' });
});

test('points: all in time without hints, less for hints and late minutes, some for every goal that is reached', () => {
  const at = (minutes: number, hints: number, reached = true) =>
    pointsOf(
      { scenario: 'x', startedMs: beganMs, endedMs: beganMs + minutes * 60_000, hints, reached },
      { minutes: 10 },
    );
  expect([at(10, 0), at(10.1, 0), at(12, 2), at(500, 3), at(1, 0, false)]).toEqual([100, 98, 76, 10, 0]);
});

test('of an answer that is none, nothing is known of the other operator', () => {
  for (const text of ['', 'no', '{}', '{"jobs": []}']) expect(whyNotDone(text)).toBe('it is not known');
  expect(whyNotDone('{"jobs": [{"id": 1, "state": "done"}]}')).toBe('');
});

test('the other operator is reseed with a journal of its own: how its jobs ended, and why it could not begin', async () => {
  const program = join(import.meta.dirname, '../../bin/reseed.js');
  const { operate, operated } = otherOperator(folder, [process.execPath, program]);
  const journal = openJournal(jobHome({ XDG_STATE_HOME: join(folder, 'other-operator') }).journal, Date.now);
  if (!journal) throw new Error('no journal');
  const plan = { kind: 'seed', title: 'seed db1 to db3', hosts: ['db1', 'db3'], steps: [], destroys: [] };
  const who = { account: 'ops', jumpHost: 'jump2' };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who });
  journal.setJob(id, 'failed');
  expect(await operated()).toBe(`job ${id} is failed`);
  journal.setJob(id, 'done');
  journal.close();
  expect(await operated()).toBe('');
  // Both log in with the fleet's keys, which its inventory has in the folder of its state.
  await writeFile(join(folder, 'id_ed25519'), 'a key');
  for (const _ of ['once', 'again']) {
    await expect(operate(['seed', 'db1', 'db77', '--detach'])).rejects.toThrow(/could not begin: .*db77/);
  }
  expect(await readFile(join(folder, 'other-operator', 'reseed', 'drill', 'id_ed25519'), 'utf8')).toBe('a key');
});
