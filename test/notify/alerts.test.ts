// Alerts that ticks find on hosts: told once while they last, and again when they are over.
import { expect, test } from 'vitest';
import type { FleetPicture } from '../../src/fleet/picture.ts';
import type { Inventory } from '../../src/inventory/settings.ts';
import { settleAlerts } from '../../src/operations/notify/settle-alerts.ts';
import { pictureOf, practiceInventory } from '../live/pictures.ts';
import { path, sceneForEach } from '../schedule/ticking.ts';

const scene = sceneForEach();
const receivers = [
  { name: 'team', on: ['alert' as const], againMs: 3_600_000, way: { to: 'slack' as const, url: { file: '/none' } } },
];

const look = (picture: Pick<FleetPicture, 'hosts'>, minute: number, rules: Pick<Inventory, 'rules'> = {}) => {
  const { store, at, nowMs } = scene();
  at(new Date(Date.parse('2026-05-01T00:00:00Z') + minute * 60_000).toISOString());
  settleAlerts(store, path, picture, { notify: receivers, ...rules }, nowMs());
};
const titles = () =>
  scene()
    .store.journal.telling.newest(100)
    .map(({ message }) => (message as { title: string }).title)
    .toReversed();

test('an alert is told once while it lasts, and once when it is over', () => {
  look(pictureOf('up'), 0);
  expect(titles()).toEqual([]);
  for (const minute of [5, 10, 15]) look(pictureOf('trouble'), minute);
  const told = titles();
  expect(told.length).toBeGreaterThan(1);
  expect(new Set(told).size).toBe(told.length);
  for (const title of told) expect(title).toMatch(/^✖ db\d: /);
  look(pictureOf('up'), 20);
  const ends = titles().slice(told.length);
  expect(ends.length).toBeGreaterThan(1);
  for (const title of ends) expect(title).toMatch(/^✔ db\d: over after 1[05] min: /);
});

test('an alert is not over because what it is about is not known any more', () => {
  const trouble = pictureOf('trouble');
  look(trouble, 0);
  look(trouble, 5);
  const before = titles();
  const away = { ok: false, why: 'the server refuses the login' } as const;
  const silent = trouble.hosts.map((host) => ({
    ...host,
    report: {
      system: host.report.system ?? away,
      replication: away,
      lvm: away,
      disk: away,
      server: away,
      service: away,
    },
    alerts: [],
  }));
  look({ hosts: silent }, 10);
  expect(titles()).toEqual(before);
  look(pictureOf('up'), 15);
  expect(titles().length).toBeGreaterThan(before.length);
});

test('a broken applier is not over because its source went away', () => {
  const broken = (ioThread: string, kind: 'replicationBroken' | 'noSource', minute: number) => {
    const [first] = pictureOf('up').hosts;
    if (!first) throw new Error('no host');
    const channel = { name: '', ioThread, sqlThread: 'stopped', error: 'Duplicate entry' };
    const report = { ...first.report, replication: { ok: true, value: { channels: [channel], replicas: [] } } };
    const alerts = [{ kind, level: 'critical', text: kind }];
    look({ hosts: [{ ...first, report, alerts } as unknown as typeof first] }, minute);
  };
  broken('running', 'replicationBroken', 0);
  broken('connecting', 'noSource', 5);
  broken('connecting', 'noSource', 10);
  expect(titles()).toEqual(['✖ db1: replicationBroken', '✖ db1: noSource']);
});

test('alerts of a host that left the inventory end without a word', () => {
  const trouble = pictureOf('trouble');
  look(trouble, 0);
  const before = titles();
  look({ hosts: [] }, 5);
  expect(titles()).toEqual(before);
  expect(scene().store.journal.looks.conditions(path)).toEqual([]);
});

test('a host that did not answer is told at the second look, and its other alerts are not over meanwhile', () => {
  const trouble = pictureOf('trouble');
  look(trouble, 0);
  look(trouble, 5);
  const before = titles();
  const failure = {
    ok: false,
    kind: 'timeout',
    deadlineMs: 1,
    host: 'db1',
    command: '',
    message: 'no answer',
    advice: '',
    printed: '',
  } as const;
  const away = {
    hosts: trouble.hosts.map((host) => ({
      ...host,
      link: { state: 'failed', sinceMs: 0, failure } as const,
      alerts: [{ kind: 'unreachable', level: 'critical', text: 'unreachable: no answer' } as const],
    })),
  };
  look(away, 10);
  expect(titles()).toEqual(before);
  look(away, 15);
  expect(titles().slice(before.length)).toEqual(
    practiceInventory().hosts.map(({ name }) => `✖ ${name}: unreachable: no answer`),
  );
});
