// What the panes of a host say of what was recorded on the practice fleet.
import { expect, test } from 'vitest';
import { fullLook, type Look } from '../../components/base/theme.ts';
import { displayWidth } from '../../components/base/width.ts';
import { diskPane } from '../../components/panes/disk-lines.ts';
import type { PaneLine, PaneScene, PaneText } from '../../components/panes/fields.ts';
import { mysqlPane } from '../../components/panes/mysql-lines.ts';
import { fittingLines } from '../../components/panes/pane-table.ts';
import { replicationPane } from '../../components/panes/replication-lines.ts';
import { snapshotPane } from '../../components/panes/snapshot-lines.ts';
import { headLines } from '../../components/screens/host/head.ts';
import { placedPanes } from '../../components/screens/host/panes.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { createFleetStore, folded } from '../../src/fleet/store.ts';
import type { HostReport } from '../../src/host/facts.ts';
import { reportOf } from '../host/recordings.ts';
import { inventoryOf, practiceInventory } from '../live/pictures.ts';

const atMs = 1_800_000_000_000;

/** A host whose probe answered as it did when it was recorded. */
function pictured(recording: string, change: Partial<HostReport> = {}): HostPicture {
  const report = { ...reportOf(recording), ...change };
  const store = createFleetStore(inventoryOf('db1'), atMs);
  const [host] = folded(store.getState(), [{ kind: 'report', host: 'db1', report, atMs }]).hosts;
  if (!host) throw new Error('the inventory has no host');
  return host;
}

const scene = (width: number, look: Partial<Look> = {}, nowMs = atMs): PaneScene => ({
  nowMs,
  look: { ...fullLook, ...look },
  width,
  unasked: 'not asked yet',
});
const textOf = (line: PaneLine) => line.map(({ text }) => text).join('');
const said = ({ lines }: PaneText) => lines.map(textOf).join('\n');
const makers = [mysqlPane, replicationPane, diskPane, snapshotPane];

const recordings = [
  'mysql-9.7/probe-primary',
  'mysql-9.7/probe-replica',
  'mysql-9.7/probe-broken',
  'mysql-9.7/probe-purged',
  'mysql-9.7/probe-down',
  'mysql-9.7/probe-refused',
  'mysql-9.7/probe-no-lvm',
  'mysql-9.7/probe-snapshot',
  'mysql-9.7/probe-snapshot-invalid',
  'mysql-9.7/probe-blank',
  'mariadb-10.11/probe-primary',
  'mariadb-10.11/probe-replica',
  'mariadb-10.11/probe-broken',
  'mariadb-10.11/probe-down',
  'mariadb-10.11/probe-thin-snapshot',
];

test.each(recordings)('%s: no line is wider than the pane, fresh or old, and ASCII stays ASCII', (recording) => {
  const picture = pictured(recording);
  for (const width of [40, 60, 80, 120]) {
    for (const nowMs of [atMs, atMs + 7_200_000]) {
      const lines = makers.flatMap((make) => make(picture, scene(width, {}, nowMs)).lines);
      for (const line of [...lines, ...headLines(picture, scene(width, {}, nowMs), 5)]) {
        expect(displayWidth(textOf(line)), textOf(line)).toBeLessThanOrEqual(width);
      }
    }
    for (const make of makers) expect(said(make(picture, scene(width, { unicode: false })))).not.toMatch(/[█▌░·…✖]/);
  }
});

test('a server that is up says what it is and how it is doing', () => {
  const pane = mysqlPane(pictured('mysql-9.7/probe-primary'), scene(120));
  expect(pane.summary).toMatch(/^● up · MySQL 9\.7\.4 · read-write$/);
  const text = said(pane);
  expect(text).toMatch(/unit +mysql active \(running\) · enabled · pid \d+/);
  expect(text).toMatch(/version +MySQL 9\.7\.4 \(9\.7\.4-2\)/);
  expect(text).toMatch(/uptime +\d+ (?:s|min|h)/);
  expect(text).toMatch(/threads +\d+ of 60 connections · \d+ running/);
  expect(text).toMatch(/server id +11 · uuid [0-9a-f-]{36}/);
  expect(text).toMatch(/gtid +[0-9a-f-]{36}:1-\d+/);
  expect(text).toMatch(/listens +port 3306 · \/var\/run\/mysqld\/mysqld\.sock/);
  expect(text).toMatch(/datadir +\/var\/lib\/mysql/);
  expect(text).toMatch(/error log +\/var\/log\/mysql\/error\.log/);
});

test('of a server that is down, what its option files say is shown as theirs', () => {
  const text = said(mysqlPane(pictured('mysql-9.7/probe-down'), scene(120)));
  expect(text).toMatch(/unit +mysql inactive \(dead\)/);
  expect(text).toMatch(/server +\? \(.+\)/);
  expect(text).toContain('as its option files say:');
  expect(text).toMatch(/datadir +\/\S+/);
  expect(text).not.toContain('uptime');
});

test('a server that refuses our login is not called down', () => {
  const pane = mysqlPane(pictured('mysql-9.7/probe-refused'), scene(120));
  expect(said(pane)).toMatch(/server +\? \(.*Access denied.*\)/);
  expect(pane.summary).toContain('no login');
});

test('a replica says from where, how far behind, and as whom', () => {
  const text = said(replicationPane(pictured('mysql-9.7/probe-replica'), scene(120)));
  expect(text).toMatch(/source +\S+:3306 · as \w+ · (?:no )?TLS/);
  expect(text).toMatch(/threads +io running · sql running · lag \d+ s/);
  expect(text).toMatch(/executed +[0-9a-f-]{36}:\d/);
});

test('replication that stopped says the reason in full, over as many lines as it takes', () => {
  const broken = pictured('mysql-9.7/probe-broken');
  const pane = replicationPane(broken, scene(60));
  expect(pane.summary).toMatch(/✖ io \w+ · sql stopped/);
  const words = said(pane).replaceAll(/\n\s+/g, ' ');
  const channel = broken.report.replication?.ok ? broken.report.replication.value.channels[0] : undefined;
  expect(words.replaceAll(/\s+/g, '')).toContain((channel?.error ?? 'nothing was recorded').replaceAll(/\s+/g, ''));
});

test('who hangs on a source is listed', () => {
  const pane = replicationPane(pictured('mysql-9.7/probe-primary'), scene(120));
  expect(said(pane)).toMatch(/replicas +\S+:3306 \(id \d+\)/);
  expect(pane.summary).toMatch(/\d replicas?$/);
});

test('the disk: the mount, how full it is, what the datadir takes, and the room of the group', () => {
  const text = said(diskPane(pictured('mysql-9.7/probe-primary'), scene(120)));
  expect(text).toMatch(/mount +\/var\/lib\/mysql \(ext4 on \/dev\/mapper\/vg0-mysql\)/);
  expect(text).toMatch(/used +█[█▌░]+ \d+ % · \S+ of \S+ · \S+ free/);
  expect(text).toMatch(/datadir +takes \d/);
  expect(text).toMatch(/^ VOLUME +KIND +SIZE +FREE +USED *$/m);
  expect(text).toMatch(/^ vg0 +group +4\.0G +2\.0G +████░░░░ 50 % *$/m);
  expect(text).toMatch(/^ vg0\/mysql +datadir +2\.0G +– *$/m);
});

test('a thin pool shows its data and its metadata', () => {
  const text = said(diskPane(pictured('mariadb-10.11/probe-primary'), scene(120)));
  expect(text).toMatch(/^ VOLUME +KIND +SIZE +FREE +USED +METADATA$/m);
  expect(text).toMatch(/^ vgcrm\/pool +thin pool +3\.6G +3\.4G +[█▌░]{8} 6\.0 % +12 %$/m);
});

test('a snapshot: name, kind, age, size, use, and mount point; what does not fit is on a line below', () => {
  const picture = pictured('mysql-9.7/probe-snapshot');
  const at = (width: number) => said(snapshotPane(picture, scene(width)));
  expect(at(80)).toMatch(
    /^ SNAPSHOT +KIND +AGE +SIZE +USED +OF +MOUNTED ON\n nightly +classic +\d+ s +64M +[█▌░]{8} 0\.7 % +vg0\/mysql +\/mnt\/a b é\n/,
  );
  expect(at(80)).toMatch(/\n {3}tags keep, reseed-17$/);
  expect(at(62)).toMatch(
    /^ SNAPSHOT +KIND +AGE +SIZE +USED +MOUNTED ON\n.*\n {3}of vg0\/mysql · tags keep, reseed-17$/,
  );
  expect(at(50)).toMatch(/^ SNAPSHOT +KIND +AGE +SIZE +USED *\n.*\n {3}of vg0\/mysql · mounted on \/mnt\/a b é · /);
  expect(at(34)).toMatch(/^ SNAPSHOT +AGE +USED *\n/);
  expect(at(120)).toMatch(/ TAGS *\n nightly .* keep, reseed-17$/);
  const thin = said(snapshotPane(pictured('mariadb-10.11/probe-thin-snapshot'), scene(80)));
  expect(thin).toMatch(/^ \S+ +thin +/m);
});

test('the last restore that was proved is beside the snapshots of a host, with how long it took', () => {
  const picture = pictured('mysql-9.7/probe-snapshot');
  const { lvm } = picture.report;
  if (!lvm?.ok) throw new Error('no volumes were recorded');
  const tags = [`reseed-restores=${Math.floor(atMs / 1000) - 3 * 3600}:250000`];
  const volumes = lvm.value.volumes.map((volume) => ({ ...volume, tags }));
  const marked = {
    ...picture,
    report: { ...picture.report, lvm: { ok: true, value: { ...lvm.value, volumes } } },
  } as const;
  const pane = snapshotPane(marked, scene(80));
  expect(said(pane)).toContain(' last restore proved 3 h ago, 4 min 10 s');
  expect(pane.summary).toContain('proved 3 h ago, 4 min 10 s');
});

test('for a screen reader each value of a volume follows its title', () => {
  const text = said(diskPane(pictured('mysql-9.7/probe-primary'), scene(80, { linear: true, unicode: false })));
  expect(text).toContain(' volume vg0, kind group, size 4.0G, free 2.0G, used 50 %');
});

test('an old table is dimmed, and its age is above it', () => {
  const pane = snapshotPane(pictured('mysql-9.7/probe-snapshot'), scene(80, {}, atMs + 600_000));
  expect(said(pane)).toMatch(/^ as of +10 min ago\n SNAPSHOT /);
  for (const { tone } of pane.table?.table.rows.flat() ?? []) expect(tone).toBe('dim');
});

test('where a pane has no room for all its lines, the heading of its table goes first', () => {
  const pane = diskPane(pictured('mysql-9.7/probe-primary'), scene(80));
  const { length } = pane.lines;
  expect(fittingLines(pane, length)).toBe(pane);
  const low = fittingLines(pane, length - 1);
  expect(said(low)).not.toContain('VOLUME');
  expect(said(low)).toContain('vg0/mysql');
  expect(low.table).toMatchObject({ heading: false });
});

test('a snapshot that overflowed is shown as lost', () => {
  const pane = snapshotPane(pictured('mysql-9.7/probe-snapshot-invalid'), scene(80));
  expect(said(pane)).toContain('✖ invalid');
  expect(pane.summary).toContain('✖ 1 invalid');
});

test('without LVM it is said why nothing is known', () => {
  const picture = pictured('mysql-9.7/probe-no-lvm');
  for (const make of [diskPane, snapshotPane]) expect(said(make(picture, scene(80)))).toMatch(/LVM +\? \(.+\)/);
});

test('what is old is dimmed and says its age; what never came is ?', () => {
  const picture = pictured('mysql-9.7/probe-primary');
  const old = mysqlPane(picture, scene(120, {}, atMs + 600_000));
  expect(said(old)).toContain('10 min old');
  for (const line of old.lines) for (const { tone } of line) expect(tone).toBe('dim');
  const never = { ...picture, report: {}, partAtMs: {} };
  for (const make of makers) expect(said(make(never, scene(80)))).toContain('? (not asked yet)');
});

test('where only the titles of the panes fit, they say how old their figures are', () => {
  const picture = pictured('mysql-9.7/probe-primary');
  const late = scene(120, {}, atMs + 600_000);
  for (const make of [mysqlPane, replicationPane, diskPane, snapshotPane]) {
    expect(make(picture, late).summary).toMatch(/^10 min old: \S/);
    expect(make(picture, scene(120)).summary).not.toContain('old');
  }
});

test('a host that was asked and has not answered is not told as one that was not asked', () => {
  const nowAt = Date.UTC(2026, 10, 27);
  const picture = createFleetStore(practiceInventory(), nowAt).getState().hosts[0];
  if (!picture) throw new Error('no host');
  const room = {
    width: 80,
    height: 40,
    focused: 'mysql',
    zoomed: false,
    nowMs: nowAt + 21_000,
    look: fullLook,
    jobs: [],
  } as const;
  const texts = (link: HostPicture['link']) =>
    placedPanes({ ...picture, link }, room)
      .columns.flatMap(({ panes }) => panes.map(({ pane }) => said(pane)))
      .join('\n');
  expect(texts({ state: 'connecting', sinceMs: nowAt })).toContain('? (asked 21 s ago, no answer yet)');
  expect(texts({ state: 'silent', sinceMs: nowAt })).toContain('? (no answer for 21 s)');
  expect(texts({ state: 'answering' })).toContain('? (not asked yet)');
});
