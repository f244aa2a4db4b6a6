import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { changesIn, hostState } from '../../src/commands/hosts/status/changes.ts';
import { statusJson } from '../../src/commands/hosts/status/json.ts';
import { statusCode } from '../../src/commands/hosts/status/status.ts';
import { type Paint, statusLines, summaryLine } from '../../src/commands/hosts/status/table.ts';
import { stateOf } from '../../src/fleet/badges.ts';
import type { FleetPicture } from '../../src/fleet/picture.ts';
import { createFleetStore, folded } from '../../src/fleet/store.ts';
import type { JobAtWork } from '../../src/operations/jobs/locks/at-work.ts';
import { hostsLeft } from '../../src/operations/jobs/words/half-undone.ts';
import { jobNumbered, recordedJobs } from '../components/jobs.ts';
import { hostNamed, pictureOf, practiceInventory, recorded } from '../live/pictures.ts';
import { failed } from '../live/scripted.ts';

const plain: Paint = (_, text) => text;
const { atMs } = recorded('up');
const table = (picture: FleetPicture, width?: number, jobs: readonly JobAtWork[] = []) =>
  statusLines(picture, { nowMs: atMs, paint: plain, jobs, ...(width !== undefined && { width }) });

const away = folded(pictureOf('up'), [
  {
    kind: 'link',
    host: 'db2',
    link: { state: 'failed', sinceMs: atMs - 12_000, failure: failed('unreachable', 'no route to the host') },
  },
]);

const seed = jobNumbered(recordedJobs().views, 11).job;
const copying: JobAtWork = {
  abandoned: false,
  job: {
    ...seed,
    id: 41,
    state: 'running',
    plan: {
      ...seed.plan,
      title: 'seed db2 → db3',
      hosts: ['db2', 'db3'],
      steps: [{ name: 'copy', title: 'copy db2 → db3', host: 'db2', work: 'copy', input: {}, commands: {} }],
    },
    steps: [{ name: 'copy', state: 'running', progress: { text: '', doneBytes: 45, totalBytes: 100 } }],
  },
};

describe('reseed status', () => {
  test('says which job of this account works on a host, and how far it is', () => {
    expect(table(pictureOf('up'), undefined, [copying])).toContain(
      '▶ db2, db3  job 41: seed db2 → db3, copy db2 → db3 45 %',
    );
    const none = table({ ...pictureOf('up'), hosts: [hostNamed(pictureOf('up'), 'db1')] }, undefined, [copying]);
    expect(none.join('\n')).not.toContain('job 41');
    expect(table(pictureOf('up'), undefined, [{ ...copying, abandoned: true }]).join('\n')).not.toContain('job 41');
  });

  test('says which host a job that is over has left half undone, though its lock went with a restart', () => {
    const halfUndone = [{ job: copying.job, hosts: ['db3'] }];
    const lines = statusLines(pictureOf('up'), { nowMs: atMs, paint: plain, jobs: [], halfUndone });
    expect(lines).toContain(
      '✖ db3  job 41 (seed db2 → db3) is half undone here: reseed job show 41; reseed job abort 41 undoes the rest',
    );
  });

  test.each([80, 120, 200])('fits %i columns, whatever is wrong', (width) => {
    for (const picture of [pictureOf('up'), pictureOf('trouble'), away]) {
      for (const line of table(picture, width)) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
    }
  });

  test('has what an operator looks for first on 80 columns, and more where there is room', () => {
    expect(table(pictureOf('up'), 80)[0]).toMatch(/^HOST .*ROLE .*MYSQL .*LAG .*DISK .*FREE/);
    expect(table(pictureOf('up'), 120)[0]).toMatch(/^HOST .*CLUSTER .*SOURCE .*DATADIR/);
    expect(table(pictureOf('up'))[0]).toContain('ADDRESS');
  });

  test('a host that nobody heard of yet is unknown, and never 0', () => {
    const [, row = ''] = table(createFleetStore(practiceInventory(), atMs).getState(), 80);
    expect(row.split(/ {2,}/)).toEqual(['db1', 'shop', 'ams', '?', '?', '?', '◌ asking', '?', '?', '?', '?']);
  });

  test('a server that does not know since when it runs is up all the same', () => {
    const { server } = hostNamed(pictureOf('up'), 'db2').report;
    if (!server?.ok) throw new Error('nothing recorded');
    const { uptimeSeconds: _, ...value } = server.value;
    const hosts = pictureOf('up').hosts.map((host) =>
      host.host.name === 'db2' ? { ...host, report: { ...host.report, server: { ok: true as const, value } } } : host,
    );
    const [head = '', ...rows] = table({ ...pictureOf('up'), hosts });
    const row = rows.find((line) => line.startsWith('db2')) ?? '';
    expect(row).toMatch(/MySQL 9\.7\.\d+ .*● up/);
    expect(row.slice(0, head.indexOf(' UP ') + 3)).toMatch(/ \?$/);
  });

  test('an unreachable host is called so in the table too, says since when, and keeps what it said', () => {
    const lines = table(away);
    expect(lines.find((line) => line.startsWith('db2'))).toMatch(/replica .*MySQL 9\.7\.\d+ .*✖ unreachable/);
    expect(lines).toContain('✖ db2  unreachable: no route to the host (12 s)');
    expect(summaryLine(away, plain)).toBe('practice · 6 hosts  ● 4 up  ✖ 1 unreachable  – 1 empty datadir');
  });
});

describe('reseed status --watch in a pipe', () => {
  const up = hostNamed(pictureOf('up'), 'db2');

  test('prints the state of a host at its first answer, and then what changes', () => {
    expect(changesIn(undefined, up)).toEqual(['● up, replica of db1']);
    expect(changesIn(up, hostNamed(away, 'db2'))).toEqual(['✖ unreachable: no route to the host']);
    expect(changesIn(hostNamed(away, 'db2'), up)).toEqual(['● up, replica of db1']);
  });

  test('is quiet while nothing changes but the figures, and about a host that is only being connected to', () => {
    const later = folded(pictureOf('up'), [
      { kind: 'report', host: 'db2', report: recorded('up').reports.get('db2') ?? {}, atMs: atMs + 60_000 },
    ]);
    expect(hostState(hostNamed(later, 'db2'), [])).toBe(hostState(up, []));
    const fresh = createFleetStore(practiceInventory(), atMs).getState();
    expect(fresh.hosts.map((host) => hostState(host, []))).toEqual(Array(6).fill(undefined));
  });
});

test('reseed status --json and its exit code tell of a host that a job left half undone: only the table did', () => {
  const resources = [
    { step: 'copy', what: 'the copy on db2', state: 'left' },
    { step: 'lock', what: 'the lock of db3', state: 'released' },
  ] as const;
  const job = { ...copying.job, state: 'cleanup-needed' as const, resources };
  const halfUndone = [{ job, hosts: hostsLeft(job) }];
  const told = JSON.parse(JSON.stringify(statusJson(pictureOf('up'), 'hosts.yaml', atMs, { jobs: [], halfUndone })));
  const left = { id: 41, key: job.key, title: 'seed db2 → db3', left: ['the copy on db2'] };
  expect(told.hosts.map((one: { halfUndone: object[] }) => one.halfUndone)).toEqual([[], [left], [], [], [], []]);
  expect(statusCode(pictureOf('up'), halfUndone)).toBe(1);
  expect(statusCode({ hosts: pictureOf('up').hosts.slice(0, 1) }, halfUndone)).toBe(0);
});

test('reseed status --json has the shape that its help tells of', () => {
  const json = JSON.parse(JSON.stringify(statusJson(away, 'hosts.yaml', atMs, { jobs: [copying], halfUndone: [] })));
  expect(Object.keys(json)).toEqual(['fleet', 'inventory', 'at', 'hosts', 'discovered']);
  expect(json.hosts[0].jobs).toEqual([]);
  expect(json.hosts[1]).toMatchObject({
    host: 'db2',
    cluster: 'shop',
    datacenter: 'ams',
    address: '10.77.0.12',
    link: { state: 'failed', since: new Date(atMs - 12_000).toISOString(), failure: { kind: 'unreachable' } },
    server: 'up',
    role: 'replica',
    sources: ['db1'],
    replicas: [],
    alerts: [{ kind: 'unreachable', level: 'critical', text: 'unreachable: no route to the host' }],
    jobs: [{ id: 41, title: 'seed db2 → db3', state: 'running', abandoned: false, percent: 45 }],
    facts: { service: { at: new Date(atMs).toISOString(), ok: true, value: { unit: 'mysql', state: 'active' } } },
  });
});

test('a host where sudo refuses is `no sudo` in the table, its summary and JSON, with what sudo said, and not unreachable', () => {
  const message = 'sudo on db2 refused to run a shell as root: sudo: a password is required';
  const refused = folded(pictureOf('up'), [
    { kind: 'link', host: 'db2', link: { state: 'failed', sinceMs: atMs, failure: failed('sudo', message) } },
  ]);
  const lines = table(refused).join('\n');
  expect(lines).toMatch(/^db2 .*✖ no sudo/m);
  expect(lines).toContain(message);
  expect(`${lines}${summaryLine(refused, plain)}`).not.toContain('unreachable');
  expect(summaryLine(refused, plain)).toContain('✖ 1 no sudo');
  expect(stateOf(hostNamed(refused, 'db2'))).toBe('no sudo');
  expect(JSON.stringify(statusJson(refused, 'hosts.yaml', atMs, { jobs: [], halfUndone: [] }))).toContain(
    '"kind":"noSudo"',
  );
  expect(statusCode(refused)).toBe(4);
});
