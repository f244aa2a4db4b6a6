import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { batched } from '../../src/fleet/batched.ts';
import { createFleetStore, type FleetEvent, folded, markLooked } from '../../src/fleet/store.ts';
import { hostNamed, inventoryOf, pictureOf, practiceInventory, recorded } from './pictures.ts';
import { failed } from './scripted.ts';

const { atMs, reports } = recorded('up');
const reportOf = (host: string, ms = atMs): FleetEvent => ({
  kind: 'report',
  host,
  report: reports.get(host) ?? {},
  atMs: ms,
});
const lost = (host: string, sinceMs: number): FleetEvent => ({
  kind: 'link',
  host,
  link: { state: 'failed', sinceMs, failure: failed('unreachable', 'lost') },
});

describe('an event changes its own host, and nothing else', () => {
  test('the other hosts, and the parts that say the same again, stay the objects that they were', () => {
    const before = pictureOf('up');
    const after = folded(before, [reportOf('db2', atMs + 5000)]);
    for (const [at, { host }] of after.hosts.entries()) {
      if (host.name !== 'db2') expect(after.hosts[at], host.name).toBe(before.hosts[at]);
    }
    expect(hostNamed(after, 'db2')).not.toBe(hostNamed(before, 'db2'));
    expect(hostNamed(after, 'db2').report.disk).toBe(hostNamed(before, 'db2').report.disk);
    expect(hostNamed(after, 'db2').alerts).toBe(hostNamed(before, 'db2').alerts);
    expect(after.discovered).toBe(before.discovered);
  });

  test('an event for a host that is not there any more changes nothing', () => {
    const before = pictureOf('up');
    expect(folded(before, [reportOf('db9'), lost('db9', 1)])).toBe(before);
  });

  test('events in one batch come to the same as one by one', () => {
    const start = createFleetStore(practiceInventory(), atMs).getState();
    const event = fc.oneof(
      fc.constantFrom(...reports.keys()).map((host) => reportOf(host)),
      fc.tuple(fc.constantFrom('db1', 'db4', 'db9'), fc.nat()).map(([host, ms]) => lost(host, ms)),
      fc.constantFrom('db1', 'db5').map((host): FleetEvent => ({ kind: 'looked', host, atMs })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const singly = events.reduce((picture, one) => folded(picture, [one]), start);
        expect(folded(start, events)).toEqual(singly);
      }),
      { numRuns: 60 },
    );
  });
});

test('a host that is lost keeps its facts and its role, and is away since the first time', () => {
  const away = folded(pictureOf('up'), [lost('db2', atMs + 1000), lost('db2', atMs + 60_000)]);
  const db2 = hostNamed(away, 'db2');
  expect(db2.link).toMatchObject({ state: 'failed', sinceMs: atMs + 1000 });
  expect(db2.role).toBe('replica');
  expect(db2.report.server?.ok).toBe(true);
  expect(hostNamed(folded(away, [reportOf('db2', atMs + 90_000)]), 'db2').link).toEqual({ state: 'answering' });
});

test('a server that goes down stays known as who it was', () => {
  const why = { ok: false, why: 'the server is down' } as const;
  const report = { server: why, replication: why };
  const db2 = hostNamed(folded(pictureOf('up'), [{ kind: 'report', host: 'db2', report, atMs }]), 'db2');
  expect(db2.report.server).toBe(why);
  expect(db2.remembered.server?.version).toMatch(/^9\.7/);
  expect(db2.role).toBe('replica');
  expect(db2.sources).toEqual(['db1']);
});

test('what is logged is unread until it was looked at', () => {
  const store = createFleetStore(practiceInventory(), atMs);
  store.setState((picture) => folded(picture, [reportOf('db5')]), true);
  const alerts = () => hostNamed(store.getState(), 'db5').alerts.map(({ kind }) => kind);
  expect(alerts()).toEqual(['errorLog']);
  markLooked(store, 'db5', atMs);
  expect(alerts()).toEqual([]);

  const log = reports.get('db5')?.errorLog;
  if (!log?.ok) throw new Error('db5 has no error log');
  const line = log.value.lines.find(({ severity }) => severity === 'error');
  if (!line) throw new Error('db5 has logged no error');
  // The same words again, stamped by a clock that was set back.
  const grown = { ...log.value, sizeBytes: (log.value.sizeBytes ?? 0) + 100, lines: [...log.value.lines, line] };
  const report = { errorLog: { ok: true, value: grown } } as const;
  store.setState((picture) => folded(picture, [{ kind: 'report', host: 'db5', report, atMs }]), true);
  expect(alerts()).toEqual(['errorLog']);
});

test('errors of last night are history to somebody who opens reseed now', () => {
  const { atMs: then } = recorded('up');
  const picture = createFleetStore(practiceInventory(), then + 7_200_000).getState();
  const later = folded(picture, [reportOf('db5', then)]);
  expect(hostNamed(later, 'db5').alerts).toEqual([]);
});

describe('publishing in batches', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('the first event is seen at once, a storm four times a second, and its end as well', () => {
    const store = createFleetStore(inventoryOf('db1'), 0);
    let published = 0;
    store.subscribe(() => published++);
    const { publish } = batched(store);
    publish(lost('db1', 1));
    expect(published).toBe(1);
    for (let ms = 0; ms < 1000; ms += 5) {
      publish({ kind: 'report', host: 'db1', report: {}, atMs: ms });
      vi.advanceTimersByTime(5);
    }
    vi.advanceTimersByTime(500);
    expect(published).toBeLessThanOrEqual(6);
    expect(hostNamed(store.getState(), 'db1').answeredAtMs).toBe(995);
    expect(vi.getTimerCount()).toBe(0);
  });
});
