// The text that a monitoring system reads, by the grammar of OpenMetrics, and the dashboard that asks for it.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allFamilies, families } from '../../src/metrics/families.ts';
import { forTextfile, openMetrics } from '../../src/metrics/openmetrics.ts';
import { measured } from '../../src/operations/metrics/measure.ts';
import { writeMetrics } from '../../src/operations/metrics/write-file.ts';
import { inventoryOf } from '../inventory/reading.ts';
import { addJob } from '../job/adding.ts';
import { pictureOf, practiceInventory } from '../live/pictures.ts';
import { path, sceneForEach } from '../schedule/ticking.ts';

const scene = sceneForEach();

const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"`;
const sample = new RegExp(String.raw`^([a-zA-Z_]\w*)(\{${label}(?:,${label})*\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$`);
const head =
  /^# TYPE (?<name>[a-z]\w*) (?<type>gauge|info)\n(?:# UNIT \k<name> (?<unit>\w+)\n)?# HELP \k<name> (?<help>(?:[^"\\\n]|\\[\\"n])+)\n/;

/** By the grammar of https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
function faultsOf(text: string): string[] {
  const [families = '', rest] = text.split(/^# EOF\n/m);
  const blocks = families.split(/^(?=# TYPE )/m);
  const names = blocks.map((block) => head.exec(block)?.groups?.name ?? block);
  return [
    ...(rest === '' ? [] : ['no # EOF at the end']),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is there twice`),
    ...blocks.flatMap(faultsOfFamily),
  ];
}

function faultsOfFamily(block: string): string[] {
  const found = head.exec(block);
  if (!found?.groups) return [`no head: ${block}`];
  const { name = '', type, unit } = found.groups;
  const lines = block.slice(found[0].length).split('\n').slice(0, -1);
  const sets = lines.map((line) => line.replace(/ \S+$/, ''));
  const full = type === 'info' ? `${name}_info` : name;
  return [
    ...(unit === undefined || name.endsWith(`_${unit}`) ? [] : [`${name} does not end with its unit`]),
    ...lines.filter((line) => sample.exec(line)?.[1] !== full).map((line) => `no sample of ${name}: ${line}`),
    ...sets.filter((set, at) => sets.indexOf(set) !== at).map((set) => `twice: ${set}`),
  ];
}

const at = (name: 'up' | 'trouble') => {
  const inventory = practiceInventory();
  return { inventory, path, picture: pictureOf(name, inventory), nowMs: scene().nowMs() };
};

describe('the text of metrics', () => {
  test.each(['up', 'trouble'] as const)('of a fleet (%s) has the form of OpenMetrics', (name) => {
    const text = measured(scene().store, at(name));
    expect(faultsOf(text)).toEqual([]);
    expect(text).toMatch(/^reseed_host_up\{.*host="db2".*\} [01]$/m);
  });

  test('escapes what stands in labels', () => {
    const hostile = 'a"b\\c\nd\u001b[31m\u202e';
    const text = openMetrics(allFamilies, [{ family: families.hostUp, labels: { host: hostile }, value: 1 }]);
    expect(faultsOf(text)).toEqual([]);
    expect(text).toContain(String.raw`{host="a\"b\\c d"} 1`);
  });

  test('has no sample where a value is unknown, and none of a host that does not answer but that', () => {
    const { picture, ...rest } = at('up');
    const [first, ...others] = picture.hosts;
    if (!first) throw new Error('no host');
    const failure = {
      ok: false,
      kind: 'timeout',
      deadlineMs: 1,
      host: 'db1',
      command: '',
      message: '',
      advice: '',
      printed: '',
    } as const;
    const away = { ...first, link: { state: 'failed', sinceMs: 0, failure } as const };
    const text = measured(scene().store, { ...rest, picture: { ...picture, hosts: [away, ...others] } });
    const own = text.split('\n').filter((line) => line.includes(`host="${first.host.name}"`));
    expect(own.map((line) => line.split('{')[0])).toEqual([
      'reseed_host_up',
      'reseed_alerts',
      'reseed_alerts',
      ...own.slice(3).map(() => 'reseed_alert'),
    ]);
    expect(own[0]).toMatch(/ 0$/);
    expect(text).not.toMatch(/last_seed|last_proof/);
  });

  test('tells the last seed and proof of a host, by jobs that are done', () => {
    const { store, at: setTime, nowMs } = scene();
    const who = { account: 'ops', jumpHost: 'jump1' };
    const step = (lane: string) => ({
      name: `copy ${lane}`,
      title: '',
      host: lane,
      lane,
      work: 'x',
      input: {},
      commands: {},
    });
    const seed = (targets: readonly string[]) => ({
      kind: 'seed',
      title: 'seed',
      hosts: ['db1', ...targets],
      steps: targets.map(step),
      destroys: [],
    });
    const done = (key: string, plan: Parameters<typeof addJob>[1]['plan'], state: 'done' | 'failed') => {
      const {
        id,
        plan: { steps },
      } = addJob(store.journal, { key, plan, targets: [], who });
      for (const { name } of steps) store.journal.setStep(id, name, 'done');
      store.journal.setJob(id, state);
    };
    setTime('2026-05-01T00:00:00Z');
    done('a', seed(['db2', 'db3']), 'done');
    setTime('2026-05-02T00:00:00Z');
    done('b', seed(['db3']), 'failed');
    done('c', { kind: 'proof', title: 'proof db2', hosts: ['db2'], steps: [], destroys: [] }, 'done');
    const inventory = inventoryOf('hosts: { db1: {}, db2: {}, db3: {} }');
    const text = measured(store, { inventory, path, nowMs: nowMs() });
    expect(faultsOf(text)).toEqual([]);
    const first = Date.parse('2026-05-01T00:00:00Z') / 1000;
    expect(text).toContain(
      `reseed_last_seed_timestamp_seconds{host="db2"} ${first}\nreseed_last_seed_timestamp_seconds{host="db3"} ${first}\n`,
    );
    expect(text).toContain(`reseed_last_proof_timestamp_seconds{host="db2"} ${first + 86_400}\n`);
    expect(text).toContain('reseed_jobs{state="failed"} 1');
    expect(text).not.toContain('reseed_last_seed_timestamp_seconds{host="db1"}');
  });

  test('knows a proof of another jump host by the mark of a snapshot', () => {
    const { picture, ...rest } = at('up');
    const hosts = picture.hosts.map((host) => {
      const { lvm } = host.report;
      const [first] = lvm?.ok ? lvm.value.volumes : [];
      if (host.host.name !== 'db1' || !lvm?.ok || !first || !lvm.value.datadirVolume) return host;
      const { group, volume } = lvm.value.datadirVolume;
      const proved = { ...first, group, volume: 's1', origin: volume, kind: 'snapshot', valid: true } as const;
      const tags = ['reseed', 'reseed-restores=1777000000:250000'];
      const value = { ...lvm.value, volumes: [...lvm.value.volumes, { ...proved, tags }] };
      return { ...host, report: { ...host.report, lvm: { ok: true, value } as const } };
    });
    const text = measured(scene().store, { ...rest, picture: { ...picture, hosts } });
    expect(faultsOf(text)).toEqual([]);
    expect(text).toMatch(
      /^reseed_last_proof_timestamp_seconds\{cluster="shop",datacenter="ams",host="db1"\} 1777000000$/m,
    );
  });

  test('has figures of jobs, of schedules and of receivers that fail', async () => {
    const { store, at: setTime, tick, nowMs } = scene();
    const text =
      'hosts: { db1: {} }\nschedules: { each: { cron: "* * * * *", timezone: UTC, do: snapshot, hosts: db1 } }';
    setTime('2026-05-01T02:29:50Z');
    await tick(text);
    setTime('2026-05-01T02:30:01Z');
    await tick(text);
    const { telling } = store.journal;
    telling.tell(
      { key: 'k', line: 'k', what: 'k', message: {} },
      [{ name: 'team', receiver: {}, againMs: 1 }],
      nowMs(),
    );
    telling.end(1, { error: 'it answered 500' }, nowMs());
    const said = measured(store, { inventory: inventoryOf(text), path, nowMs: nowMs() });
    expect(faultsOf(said)).toEqual([]);
    // No runner works on it.
    expect(said).toContain('reseed_jobs{state="running"} 0\nreseed_jobs{state="died"} 1\n');
    expect(said).toContain('reseed_schedule_last_ok{schedule="each"} 0');
    expect(said).toContain('reseed_schedule_on{schedule="each"} 1');
    expect(said).toContain('reseed_notify_failing{receiver="team"} 1');
  });
});

describe('the file for node_exporter', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reseed-metrics-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is replaced as a whole, and nothing else is left there', async () => {
    const file = join(folder, 'reseed.prom');
    await writeFile(file, 'old');
    expect(writeMetrics(file, measured(scene().store, at('up')))).toBeUndefined();
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^# TYPE reseed_build_info gauge\n# HELP reseed_build_info /);
    expect(text).not.toMatch(/^# UNIT|^# TYPE \S+ info$/m);
    expect(await readdir(folder)).toEqual(['reseed.prom']);
    expect(forTextfile(text)).toBe(text);
  });

  test('that can not be written is told, with the reason', () => {
    expect(writeMetrics(join(folder, 'none', 'reseed.prom'), '# EOF\n')).toMatch(/can't be written to .*ENOENT/);
  });
});

test('the dashboard asks for metrics and labels that there are', async () => {
  const text = await readFile('examples/grafana/reseed.json', 'utf8');
  const names = new Set(text.match(/reseed_\w+/g));
  const known = allFamilies.map(({ name }) => name);
  expect([...names].filter((name) => !known.includes(name))).toEqual([]);
  expect(names.size).toBeGreaterThan(15);
  const { panels } = JSON.parse(text) as { panels: { id: number; targets: { expr: string }[] }[] };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { targets } of panels) for (const { expr } of targets) expect(expr).toMatch(/reseed_/);
  // Where nothing is known a 0 would be no figure of anything.
  expect(text).not.toContain('vector(');
});
