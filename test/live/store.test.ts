import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { batched } from '../../src/fleet/polling/batched.ts';
import { createFleetStore, type FleetEvent, folded, markSeen, showed } from '../../src/fleet/store.ts';
import type { ErrorLogTail, LogLine } from '../../src/host/facts.ts';
import { hostNamed, inventoryOf, pictureOf, practiceInventory, recorded } from './pictures.ts';
import { failed } from './scripted.ts';

const { atMs, reports } = recorded('up');
const reportOf = (host: string, ms = atMs): FleetEvent => ({
  kind: 'report',
  host,
  report: reports.get(host) ?? {},
  atMs: ms,
});
const logged = (host: string, value: ErrorLogTail): FleetEvent => ({
  kind: 'report',
  host,
  report: { errorLog: { ok: true, value } },
  atMs,
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
      fc.constantFrom('db1', 'db5').map((host): FleetEvent => ({ kind: 'marked', host })),
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

test('an error of the log is unread until it was on the screen', () => {
  const store = createFleetStore(practiceInventory(), atMs);
  store.setState((picture) => folded(picture, [reportOf('db1')]), true);
  const log = reports.get('db1')?.errorLog;
  if (!log?.ok) throw new Error('db1 has no error log');
  const said = (text: string): LogLine => ({ text, severity: 'error', time: '2019-11-22T20:00:00Z' });
  const [one, other] = [said('2019-11-22T20:00:00Z 7 [ERROR] one'), said('2019-11-22T20:00:00Z 7 [ERROR] other')];
  // Stamped by a clock that was set back.
  const grown = { ...log.value, sizeBytes: (log.value.sizeBytes ?? 0) + 100, lines: [...log.value.lines, one, other] };
  store.setState((picture) => folded(picture, [logged('db1', grown)]), true);
  const texts = () => hostNamed(store.getState(), 'db1').alerts.map(({ text }) => text);
  expect(texts()).toEqual(['error log: [ERROR] other (and 1 more)']);
  showed(store, 'db1', [other]);
  expect(texts()).toEqual(['error log: [ERROR] one']);
  showed(store, 'db1', [one]);
  expect(texts()).toEqual([]);
});

test('corrupt data in the log stays an alert, on the screen or scrolled away, until the operator marks it as seen', () => {
  const damaged: LogLine = {
    text: '2019-11-22T20:00:00Z 7 [ERROR] [MY-012224] [InnoDB] Database page corruption on disk',
    severity: 'error',
    time: '2019-11-22T20:00:00Z',
  };
  const store = createFleetStore(practiceInventory(), atMs);
  const log = reports.get('db1')?.errorLog;
  if (!log?.ok) throw new Error('db1 has no error log');
  const tail = (sizeBytes: number, lines: LogLine[]) => logged('db1', { ...log.value, sizeBytes, lines });
  const alerts = () => hostNamed(store.getState(), 'db1').alerts.map(({ kind, level }) => `${level} ${kind}`);
  const note = (text: string): LogLine => ({ text, severity: 'note' });
  // Years old in the first lines that are read: no history.
  store.setState((picture) => folded(picture, [tail(1, [damaged])]), true);
  expect(alerts()).toEqual(['critical corruption']);
  showed(store, 'db1', [damaged]);
  store.setState((picture) => folded(picture, [tail(2, [note('the log goes on')])]), true);
  expect(alerts()).toEqual(['critical corruption']);
  // Another server, or other data.
  store.setState((picture) => folded(picture, [tail(3, [note('mysqld: ready for connections.')])]), true);
  expect(alerts()).toEqual(['warning corruption']);
  markSeen(store, 'db1');
  expect(alerts()).toEqual([]);
  const marks = new Map([['db1', [...hostNamed(store.getState(), 'db1').look.marked]]]);
  const next = createFleetStore(practiceInventory(), atMs, { marks });
  next.setState((picture) => folded(picture, [tail(1, [damaged])]), true);
  expect(hostNamed(next.getState(), 'db1').alerts).toEqual([]);
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
