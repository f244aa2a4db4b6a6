// A request becomes the same job whether it is typed or chosen on the screen.
import { expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { draftOf, type JobRequest } from '../../src/operations/plans/draft.ts';
import { hostNamed, pictureOf, practiceInventory } from '../live/pictures.ts';

const author = { key: 'cafe', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };
const target = { name: 'db1', host: 'db1', transport: 'auto', sudo: false } as const;
const { host, report: recorded } = hostNamed(pictureOf('trouble'), 'db1');
/** As if reseed had made the one that was recorded. */
const report = ours(recorded);
const draft = (request: JobRequest, about = { host, report, target }) => draftOf(request, about, author);

function ours(said: HostReport): HostReport {
  if (!said.lvm?.ok) throw new Error('no volumes were recorded');
  const volumes = said.lvm.value.volumes.map((volume) => ({ ...volume, tags: ['reseed'] }));
  return { ...said, lvm: { ...said.lvm, value: { ...said.lvm.value, volumes } } };
}

function twice() {
  if (!report.lvm?.ok) throw new Error('no volumes were recorded');
  const { volumes } = report.lvm.value;
  const again = volumes.map((volume) => ({ ...volume, group: 'vg1', uuid: `${volume.uuid}-again` }));
  const lvm = { ...report.lvm, value: { ...report.lvm.value, volumes: [...volumes, ...again] } };
  return { host, report: { ...report, lvm }, target };
}

test('a snapshot is found by name, by group and name, and by uuid', () => {
  const uuid = report.lvm?.ok ? report.lvm.value.volumes.find(({ volume }) => volume === 'drill-full')?.uuid : '';
  for (const snapshot of ['drill-full', 'vg0/drill-full', uuid ?? '']) {
    expect(draft({ verb: 'remove', snapshots: [snapshot] }).planned).toMatchObject({
      ok: true,
      plan: { kind: 'remove' },
    });
  }
});

test('a name that two snapshots have removes neither', () => {
  const ambiguous = draft({ verb: 'remove', snapshots: ['drill-full'] }, twice()).planned;
  expect(ambiguous).toEqual({
    ok: false,
    message: 'several snapshots are called drill-full: vg0/drill-full, vg1/drill-full',
    advice: 'name the one with its group',
  });
  const one = draft({ verb: 'remove', snapshots: ['vg1/drill-full'] }, twice()).planned;
  expect(one).toMatchObject({ ok: true, plan: { title: 'remove vg1/drill-full on db1' } });
});

test('several snapshots of a host are removed by one job; if one of them is not there, none is', () => {
  const both = draft({ verb: 'remove', snapshots: ['vg0/drill-full', 'vg1/drill-full'] }, twice()).planned;
  expect(both).toMatchObject({ ok: true, plan: { title: 'remove vg0/drill-full, vg1/drill-full on db1' } });
  expect(both.ok && both.plan.destroys).toHaveLength(2);
  expect(draft({ verb: 'remove', snapshots: ['vg0/drill-full', 'gone'] }, twice()).planned).toMatchObject({
    ok: false,
    message: 'db1 has no snapshot gone',
  });
});

test.each(['mount', 'unmount', 'remove'] as const)('a snapshot that is not there is named by %s', (verb) => {
  expect(draft({ verb, snapshots: ['gone'] }).planned).toEqual({
    ok: false,
    message: 'db1 has no snapshot gone',
    advice: 'reseed snapshot list db1',
  });
});

test('prune of one server leaves the snapshots of another on its host', () => {
  const rule = { keep: 0 };
  const removed = draft({ verb: 'prune', rule }, twice()).planned;
  expect(removed.ok && removed.plan.destroys.join()).toMatch(/vg0\/drill-full of mysql/);
  expect(removed.ok && removed.plan.destroys.join()).not.toContain('vg1/');
});

test('what a stop would break is said; a start breaks nothing', () => {
  expect(draft({ verb: 'stop' }).impact.length).toBeGreaterThan(0);
  expect(draft({ verb: 'restart' }).impact).toEqual(draft({ verb: 'stop' }).impact);
  expect(draft({ verb: 'start' }).impact).toEqual([]);
});

test('the role of a replica names its source as the inventory has it, beside the address', () => {
  const inventory = practiceInventory();
  const { host: replica, report: told } = hostNamed(pictureOf('up'), 'db2');
  const known = pictureOf('up').hosts;
  const about = { host: replica, report: told, inventory, known, target: { ...target, name: 'db2', host: 'db2' } };
  const [role] = draftOf({ verb: 'stop' }, about, author).checks ?? [];
  expect(role?.text).toContain('replica of db1 (10.77.0.11:3306)');
});

test('a command of the inventory is agreed to with the words that it gets, and not with its placeholders', () => {
  const { host, report } = hostNamed(pictureOf('up'), 'db2');
  const commands = { own: { run: ['chown', '-R', 'mysql:', '{datadir}'] as const } };
  const about = { host: { ...host, commands }, report, target: { ...target, name: 'db2', host: 'db2' } };
  const texts = draftOf({ verb: 'run', command: 'own' }, about, author).checks?.map(({ text }) => text) ?? [];
  expect(texts.join()).toMatch(/chown -R mysql: \/\S+, as root/);
});

test('the plan of a prune says which snapshots are dated after the clock of their host, and leaves them', () => {
  if (!report.system?.ok) throw new Error('no clock was recorded');
  const early = { ...report, system: { ...report.system, value: { ...report.system.value, clockMs: 0 } } };
  const { planned, checks } = draft({ verb: 'prune', rule: { keep: 0 } }, { host, report: early, target });
  expect(planned).toMatchObject({ ok: false, message: 'db1 has no snapshot to remove' });
  expect(checks?.map(({ text }) => text)).toEqual([
    '1 snapshot is dated after the clock of db1: not removed, and not counted',
  ]);
});

test('a prune by age is refused where the host has another time than this machine', () => {
  expect(draft({ verb: 'prune', rule: { youngerThanMs: 1000 } }).planned).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^the clock of db1 is \d+ d ahead of that of this machine/),
  });
});
