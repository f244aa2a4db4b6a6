import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Polling, startPolling } from '../../src/fleet/polling/poller.ts';
import { createFleetStore } from '../../src/fleet/store.ts';
import { inventoryOf } from './pictures.ts';
import { cheap, failed, ScriptedHost } from './scripted.ts';

const second = 1000;
let host: ScriptedHost;
let polling: Polling;
let store: ReturnType<typeof createFleetStore>;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  host = new ScriptedHost();
});
afterEach(async () => {
  await polling.stop();
  vi.useRealTimers();
});

function start(): void {
  const inventory = inventoryOf('db1');
  store = createFleetStore(inventory, Date.now());
  polling = startPolling({ inventory, open: () => host.open(), script: '', store, random: () => 0.5 });
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const link = () => store.getState().hosts[0]?.link;

describe('what a host is asked', () => {
  test('first what the rows show, then at once the rest, and never the size of the datadir in its first half minute', async () => {
    start();
    await pass(200);
    expect(host.partsAsked()).toEqual([cheap.join(' '), 'config lvm errorLog commands']);
    await pass(29 * second);
    expect(host.partsAsked().join(' ')).not.toContain('datadirSize');
    await pass(60 * second);
    expect(host.partsAsked().filter((parts) => parts.includes('datadirSize'))).toHaveLength(1);
  });

  test('every five seconds what moves, every thirty what is dear', async () => {
    start();
    await pass(200);
    host.requests.length = 0;
    await pass(60 * second);
    expect(host.requests).toHaveLength(12);
    expect(host.requests.every(({ parts }) => parts.includes('server') && parts.includes('errorLog'))).toBe(true);
    expect(host.requests.filter(({ parts }) => parts.includes('lvm'))).toHaveLength(2);
  });

  test('a forced poll asks at once for what is wanted', async () => {
    start();
    await pass(200);
    host.requests.length = 0;
    polling.pollNow('db1', ['datadirSize']);
    await pass(1);
    expect(host.partsAsked()).toEqual(['datadirSize']);
    polling.pollNow('db1');
    await pass(1);
    expect(host.partsAsked()[1]).toBe('system service server config replication disk lvm errorLog commands');
    polling.pollNow('no such host');
  });
});

test('an answer to a request from before a job changed the host is not shown: it told of a server that was down', async () => {
  start();
  await pass(200);
  host.answersAtOnce = false;
  await pass(5 * second);
  const before = store.getState().hosts[0]?.answeredAtMs;
  polling.changed('db1');
  const pending = host.requests.at(-1);
  pending?.answer();
  await pass(300);
  expect(store.getState().hosts[0]?.answeredAtMs).toBe(before);
  // It is asked again at once.
  expect(host.requests.at(-1)).not.toBe(pending);
  host.requests.at(-1)?.answer();
  await pass(300);
  expect(store.getState().hosts[0]?.answeredAtMs).toBeGreaterThan(before ?? 0);
  polling.changed('no such host');
});

describe('a host that does not answer', () => {
  test('is silent after 15 s, is not asked again, and keeps what it said', async () => {
    start();
    await pass(200);
    host.answersAtOnce = false;
    await pass(5 * second);
    const asked = host.requests.length;
    const before = store.getState().hosts[0];
    await pass(10 * second);
    expect(link()).toEqual({ state: 'answering' });
    await pass(6 * second);
    expect(link()).toMatchObject({ state: 'silent' });
    expect(store.getState().hosts[0]?.report).toBe(before?.report);
    expect(store.getState().hosts[0]?.alerts.map(({ kind }) => kind)).toContain('silent');
    polling.pollNow('db1');
    await pass(20 * second);
    expect(host.requests).toHaveLength(asked);

    host.requests.at(-1)?.answer();
    await pass(200);
    expect(link()).toEqual({ state: 'answering' });
    // The forced poll waited until there was a connection to ask by.
    expect(host.requests).toHaveLength(asked + 1);
  });

  test('has its probe replaced when that hangs', async () => {
    start();
    await pass(200);
    host.answersAtOnce = false;
    await pass(100 * second);
    expect(host.opened).toBe(2);
    expect(link()).toMatchObject({ state: 'failed', failure: { kind: 'timeout' } });
    host.answersAtOnce = true;
    host.requests.at(-1)?.answer();
    await pass(200);
    expect(link()).toEqual({ state: 'answering' });
  });
});

describe('a host that goes away', () => {
  test('is back within half a minute after it is up, however long it was gone, and was away since the first moment', async () => {
    start();
    await pass(10 * second);
    const goneMs = Date.now();
    host.refusal = failed('unreachable', 'no route');
    host.lose(failed('unreachable', 'the connection was lost'));
    await pass(3600 * second);
    expect(link()).toMatchObject({ state: 'failed', sinceMs: goneMs, failure: { message: 'no route' } });
    expect(host.opened).toBeLessThan(400);
    host.refusal = undefined;
    await pass(30 * second);
    expect(link()).toEqual({ state: 'answering' });
    expect(host.closed).toBe(host.opened - 1);
  });

  test('a refused sudo waits for a person: tried rarely, and at once when asked to', async () => {
    host.refusal = failed('sudo', 'sudo refused');
    start();
    await pass(29 * second);
    expect(host.opened).toBe(1);
    await pass(3600 * second);
    expect(host.opened).toBeLessThan(20);
    host.refusal = undefined;
    polling.pollNow('db1');
    await pass(200);
    expect(link()).toEqual({ state: 'answering' });
  });
});

test('stopped, nothing is left: no connection, no timer', async () => {
  start();
  await pass(12 * second);
  await polling.stop();
  expect(host.closed).toBe(host.opened);
  expect(vi.getTimerCount()).toBe(0);
});

test('500 hosts are not asked at one moment', async () => {
  const names = Array.from({ length: 500 }, (_, at) => `db${at}`);
  const fleet = inventoryOf(...names);
  store = createFleetStore(fleet, Date.now());
  const hosts = names.map(() => new ScriptedHost());
  let next = 0;
  polling = startPolling({
    inventory: fleet,
    open: () => (hosts[next++] as ScriptedHost).open(),
    script: '',
    store,
    random: () => 0.5,
  });
  await pass(10 * second);
  let published = 0;
  store.subscribe(() => published++);
  const asked = () => hosts.reduce((sum, { requests }) => sum + requests.length, 0);
  const perTenth: number[] = [];
  for (let tenth = 0; tenth < 50; tenth++) {
    const before = asked();
    await pass(100);
    perTenth.push(asked() - before);
  }
  expect(Math.max(...perTenth)).toBeLessThanOrEqual(12);
  expect(Math.min(...perTenth)).toBeGreaterThanOrEqual(8);
  expect(published).toBeLessThanOrEqual(51);
});
