// One answer about a fleet, with hosts that were too slow to report everything.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { statusCode } from '../../src/commands/hosts/status/status.ts';
import { type Paint, statusLines, summaryLine } from '../../src/commands/hosts/status/table.ts';
import { alertsOf } from '../../src/fleet/alerts/alerts.ts';
import type { FleetPicture, HostPicture } from '../../src/fleet/picture.ts';
import { askOnce } from '../../src/fleet/polling/once.ts';
import { inventoryOf, pictureOf, practiceInventory } from './pictures.ts';
import { failed, ScriptedHost } from './scripted.ts';

const plain: Paint = (_, text) => text;
let host: ScriptedHost;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  host = new ScriptedHost();
});
afterEach(() => vi.useRealTimers());

async function asked(): Promise<FleetPicture> {
  const signal = new AbortController().signal;
  const answer = askOnce({
    inventory: inventoryOf('db1'),
    open: () => host.open(),
    script: '',
    deadlineMs: 30_000,
    signal,
  });
  await vi.advanceTimersByTimeAsync(200);
  // The rows' part is answered, and then the host is too slow.
  host.requests[0]?.answer();
  await vi.advanceTimersByTimeAsync(60_000);
  return await answer;
}

test('a host whose error log could not be read in time says so: corrupt data is unknown there, and status does not end with 0', async () => {
  host.answersAtOnce = false;
  const picture = await asked();
  expect(picture.hosts[0]?.alerts.map(({ kind, text }) => `${kind}: ${text}`)).toContain(
    'unanswered: lvm, error log: no answer within 30 s; errors and corrupt data that it reports are unknown',
  );
  expect(statusLines(picture, { nowMs: 1_060_000, paint: plain, jobs: [] }).join('\n')).toMatch(
    /! db1 {2}.*error log: no answer/,
  );
  expect(summaryLine(picture, plain)).toContain('? 1 answered in part');
  expect(statusCode(picture)).toBe(4);
});

test('a replica that is asked alone and tells a part too late: its source is the host of the inventory still, and no line advises to add that', async () => {
  host.answersAtOnce = false;
  const inventory = practiceInventory();
  const [db2] = inventory.hosts.filter(({ name }) => name === 'db2');
  if (!db2) throw new Error('no db2');
  const signal = new AbortController().signal;
  const answer = askOnce({ inventory, hosts: [db2], open: () => host.open(), script: '', deadlineMs: 30_000, signal });
  await vi.advanceTimersByTimeAsync(200);
  const path = join(import.meta.dirname, '../fixtures/mysql-9.7/probe-replica.txt');
  host.requests[0]?.answer(readFileSync(path, 'utf8'));
  await vi.advanceTimersByTimeAsync(60_000);
  const picture = await answer;
  expect(picture.hosts.map(({ host: { name }, sources }) => [name, sources])).toEqual([['db2', ['db1']]]);
  const lines = statusLines(picture, { nowMs: 1_060_000, paint: plain, jobs: [] }).join('\n');
  expect(lines).toMatch(/! db2 .*no answer within 30 s/);
  expect(lines).not.toContain('to add below hosts');
});

test('one host away and another with a server that is down: status ends with what is known to be wrong', () => {
  const { hosts } = pictureOf('trouble');
  const away = { state: 'failed', sinceMs: 0, failure: failed('unreachable', 'no route') } as const;
  const [first, ...rest] = hosts;
  if (!first) throw new Error('no host');
  const calm = pictureOf('up').hosts;
  expect(statusCode({ hosts: [lostHost(first, away), ...rest] })).toBe(1);
  expect(statusCode({ hosts: [lostHost(first, away), ...calm.slice(1)] })).toBe(4);
  expect(statusCode({ hosts: calm })).toBe(0);
});

test('the journal of jobs is broken: which jobs left a host half undone is unknown, and status does not end with 0', () => {
  const why = "the journal of jobs can't be used: database disk image is malformed";
  expect(statusCode({ hosts: pictureOf('up').hosts }, why)).toBe(4);
  expect(statusCode({ hosts: pictureOf('trouble').hosts }, why)).toBe(1);
});

test.each([
  ['/var/log/mysql/error.log: Permission denied', 4],
  ['no error log was found; hosts.yaml may name it', 0],
])('an error log of which is said "%s": status ends with %i', (why, code) => {
  const { hosts, ...picture } = pictureOf('up');
  const unread = hosts.map((host) => {
    const changed = { ...host, report: { ...host.report, errorLog: { ok: false, why } as const } };
    return { ...changed, alerts: alertsOf(changed) };
  });
  expect(statusCode({ ...picture, hosts: unread })).toBe(code);
});

test('a host of which neither systemd nor the server told anything: status does not end with 0', () => {
  const why = 'Failed to connect to bus: No such file or directory';
  const hosts = pictureOf('up').hosts.map((host) => {
    const report = { service: { ok: false, why }, server: { ok: false, why: 'no answer' } } as const;
    const changed = { ...host, report };
    return { ...changed, alerts: alertsOf(changed) };
  });
  expect(statusCode({ hosts })).toBe(4);
});

const lostHost = (host: HostPicture, link: HostPicture['link']): HostPicture => {
  const lost = { ...host, link, report: {}, partAtMs: {} };
  return { ...lost, alerts: alertsOf(lost) };
};
