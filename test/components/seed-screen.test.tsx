// A seed from the console, by its keys: chosen, checked, and agreed to by name; or left without any action.
import { expect, test } from 'vitest';
import { displayWidth } from '../../components/base/width.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { openConsole, recorded } from './console.tsx';

const calm = recorded('calm');
const at = { picture: calm.picture, nowMs: calm.recordedAtMs };

async function onSeed(options: Partial<Parameters<typeof openConsole>[0]> = {}) {
  const console = openConsole({ ...at, ...options });
  await console.shows('db6');
  console.press('Ge');
  await console.shows('nothing is done yet');
  return console;
}

/** Presses enter, and the hosts answer. */
async function planned(console: ReturnType<typeof openConsole>) {
  const before = console.jobs.seeds.length;
  console.press('\r');
  await expect.poll(() => console.jobs.seeds.length).toBe(before + 1);
  console.jobs.seeds.at(-1)?.answer();
}

const titles = ({ jobs }: ReturnType<typeof openConsole>) =>
  jobs.launched.map(({ planned: one }) => (one.ok ? one.plan.title : one.message));

test('e opens it for the host under the cursor, with the best donor proposed, and why', async () => {
  const console = await onSeed();
  const screen = console.screen();
  expect(screen).toContain('seed db3 → db6');
  expect(screen).toMatch(/▸ \(\*\) {2}db3 +fra +new snapshot +0 s behind +proposed: in fra, as db6/);
  expect(screen).toMatch(/\[ \] {2}db1 .*others replicate from it/);
  expect(screen).toMatch(/\[ \] {2}db3 .*it is the donor/);
  expect(screen).toContain('nothing is done yet');
});

test('the hosts are asked; the plan has checks, what is destroyed in red, steps, and wants the name typed', async () => {
  const console = await onSeed({ rows: 60 });
  console.press('\r');
  await console.shows('▶ asks db3, db6 what a seed has to know: 0 s');
  console.press('\r ');
  await console.shows('the hosts are being asked: esc ends that');
  console.jobs.seeds[0]?.answer();
  const plan = await console.shows('y asks for the name db6');
  expect(plan).not.toContain('the hosts are being asked');
  expect(plan).toMatch(/✖ .* in \/var\/lib\/mysql on db6 is deleted once db6 has caught up/);
  expect(plan).toMatch(/✔ db6: room for new data beside the old: \S+ free, \S+ needed/);
  expect(plan).toMatch(/○ db6: open and test the channel db3 → db6/);
  console.press('v');
  await console.shows('host-lock.sh take');
  console.press('\r\r');
  await console.shows('enter does nothing here');
  console.press('ydb3\r');
  await console.shows('that is not the name');
  expect(titles(console)).toEqual([]);
  console.press('db6\r');
  await expect.poll(() => titles(console)).toEqual(['seed db3 → db6']);
  // After a launch the operator does not return to the choice.
  expect(console.screens.getState().stack.map(({ name }) => name)).toEqual(['fleet', 'job']);
});

test('the donor under the cursor is the one that enter plans', async () => {
  const console = await onSeed();
  console.press('j');
  await console.shows('enter chooses it, and plans');
  await planned(console);
  expect(console.jobs.seeds[0]?.choice).toMatchObject({ donor: 'db2', targets: ['db6'] });
});

test('enter on an option plans the donor that was read: not the one that is proposed since, without a word', async () => {
  const console = await onSeed();
  console.press('G');
  await console.shows(/▸ errant transactions/);
  const hosts = calm.picture.hosts.map((one) => {
    const link = {
      state: 'failed',
      sinceMs: calm.recordedAtMs,
      failure: { kind: 'unreachable', message: 'no route' },
    } as const;
    return one.host.name === 'db3' ? ({ ...one, link } as HostPicture) : one;
  });
  // The key comes before the next draw.
  console.fleet.setState({ hosts });
  console.press('\r');
  await console.shows('another donor is proposed since');
  expect(console.jobs.seeds).toEqual([]);
  await console.shows('seed db2 → db6');
  console.press('\r');
  await expect.poll(() => console.jobs.seeds.map(({ choice }) => choice.donor)).toEqual(['db2']);
});

test('the cursor stays on the donor that was read, and on none where that can give no more', async () => {
  const console = await onSeed();
  console.press('j');
  await console.shows(/▸ \( \) {2}db2/);
  const without = (name: string) => calm.picture.hosts.filter(({ host }) => host.name !== name);
  console.fleet.setState({ hosts: without('db3') });
  await console.shows('seed db2 → db6');
  expect(console.screen()).toMatch(/▸ \(\*\) {2}db2/);
  console.fleet.setState({ hosts: without('db2') });
  await console.shows('seed db3 → db6');
  for (const key of ['\r', ' ']) {
    console.press(key);
    await console.shows('the row under the cursor is no longer in the list');
  }
  expect(console.jobs.seeds).toEqual([]);
  console.press('k');
  await console.shows(/▸ \(\*\) {2}db3/);
});

test('hosts with long names that differ in their middle look different at 80 columns', async () => {
  const long = (name: string) => `mysql-shop-${name}-replica-01`;
  const hosts = calm.picture.hosts.map((one) => ({ ...one, host: { ...one.host, name: long(one.host.name) } }));
  const console = openConsole({ ...at, picture: { ...calm.picture, hosts }, columns: 80 });
  await console.shows('db6');
  console.press('Ge');
  const screen = await console.shows('nothing is done yet');
  for (const name of ['db1', 'db2', 'db3']) expect(screen).toMatch(new RegExp(`\\[.\\] {2}\\S*${name}`));
});

test('another donor and another target are chosen by the blank; both names are typed then', async () => {
  const console = await onSeed();
  console.press('j ');
  await console.shows('seed db2 → db6');
  console.press('jjjjjjjj ');
  await console.shows('seed db2 → db6, db3');
  await planned(console);
  expect(console.jobs.seeds[0]?.choice).toMatchObject({ donor: 'db2', targets: ['db6', 'db3'] });
  await console.shows('y asks for the name db6,db3');
});

test("what can't be a target says why and is not marked; the one that it was opened for stays", async () => {
  const console = await onSeed();
  console.press('jjjjjj ');
  await console.shows('db6 is the host that is rebuilt');
  console.press('j ');
  await console.shows('db1: others replicate from it');
  expect(console.screen()).toContain('seed db3 → db6');
});

test('how it is done is turned by the blank, or typed; what is no size is refused', async () => {
  const console = await onSeed();
  console.press('Gk ');
  await console.shows(/snapshot afterwards +stays/);
  console.press('k ');
  await console.shows(/if space is short +delete the old data before the copy/);
  console.press('k ');
  await console.shows('bytes a second, as 20M');
  console.press('fast\r');
  await console.shows('fast is not a size');
  console.press(' 20M\r');
  await console.shows(/bandwidth +20M\/s on the wire/);
  console.press('k ');
  await console.shows(/streams +1/);
  console.press('k ');
  await console.shows(/compression +none/);
  console.press('k ');
  await console.shows(/channel +ssh/);
  console.press(' ');
  await console.shows(/channel +relay/);
  console.press('k ');
  await console.shows('file with the account');
  console.press('~/acc\r');
  await console.shows('~/acc is no absolute path');
  console.press('k ');
  await console.shows(/follow +db3/);
  await planned(console);
  expect(console.jobs.seeds[0]?.choice.terms).toEqual({
    follow: 'donor',
    channel: 'relay',
    compression: 'none',
    streams: 1,
    bandwidthBytesPerSecond: 20 * 2 ** 20,
    clear: true,
    keepSnapshot: true,
  });
});

test('tables are named by typing; a name for a shell is refused, and one that is there is replaced only if that is said', async () => {
  const console = await onSeed();
  console.press(`G${'k'.repeat(14)}`);
  await console.shows(/▸ data +all \(default\)/);
  console.press(' shop.$(id)\r');
  await console.shows('is no name that can be taken by itself');
  console.press(' shop.customers,crm\r');
  await console.shows(/data +shop\.customers, crm alone, by a dump/);
  console.press('j ');
  await console.shows(/tables of that name +are replaced/);
  await planned(console);
  expect(console.jobs.seeds[0]?.choice.terms).toMatchObject({ only: ['shop.customers', 'crm'], replace: true });
});

test('what the operator leaves as it is is shown as the value that holds, and where it is from', async () => {
  const settings: Partial<Record<string, HostPicture['host']['seed']>> = {
    db3: { maxLagSeconds: 120, bandwidthBytesPerSecond: 50 * 2 ** 20 },
    db6: { channel: 'tls' },
  };
  const hosts = at.picture.hosts.map((one) => ({
    ...one,
    host: { ...one.host, seed: settings[one.host.name] ?? one.host.seed },
  }));
  const told = (await onSeed({ picture: { ...at.picture, hosts } })).screen();
  expect(told).toMatch(/donor lag +at most 120 s \(inventory: seed\.maxLagSeconds of db3\)/);
  expect(told).toMatch(/follow +db1 \(default: the donor's source\)/);
  expect(told).toMatch(/replication account +that of db3 \(default\)/);
  expect(told).toMatch(/channel +tls \(inventory: seed\.channel of db6\)/);
  expect(told).toMatch(/streams +\d \(auto, by the CPUs of both sides\)/);
  expect(told).toMatch(/bandwidth +50M\/s on the wire \(inventory: seed\.bandwidth of db3\)/);
  const plain = (await onSeed()).screen();
  expect(plain).toMatch(/donor lag +at most 600 s \(default\)/);
  expect(plain).toMatch(/channel +ssh \(inventory: seed\.channel of db6\)/);
  expect(plain).toMatch(/bandwidth +unlimited \(default\)/);
  expect(plain).not.toMatch(/seed\.\w+ of the inventory/);
});

test('esc while the hosts are asked ends that: what they say later shows nothing', async () => {
  const console = await onSeed();
  console.press('\r');
  await console.shows('asks db3, db6');
  console.press('\x1b');
  await console.shows('the hosts are not asked: nothing was done');
  expect(console.jobs.seeds[0]?.signal.aborted).toBe(true);
  console.jobs.seeds[0]?.answer();
  console.press('\x1b');
  await console.shows('ALERT');
  expect(console.screens.getState().overlay).toBeUndefined();
});

test('a refused seed shows every check with what to do, and there is nothing to agree to', async () => {
  const hosts = at.picture.hosts.map((picture) => {
    const { server } = picture.report;
    if (picture.host.name !== 'db2' || !server?.ok) return picture;
    return {
      ...picture,
      report: { ...picture.report, server: { ...server, value: { ...server.value, serverId: 16 } } },
    };
  });
  const console = await onSeed({ picture: { ...at.picture, hosts } });
  await planned(console);
  const refused = await console.shows('seed db3 → db6: refused');
  expect(refused).toContain("✖ db6: server_id 16 is db2's too; give db6 another in its configuration");
  expect(refused).toContain('nothing was done');
  console.press('yyy\r');
  await console.shows('targets (their data will be replaced)');
  expect(titles(console)).toEqual([]);
});

test('read-only, or away: e says so, and no screen opens', async () => {
  const readOnly = openConsole({ ...at, readOnly: true });
  await readOnly.shows('▸ db1');
  readOnly.press('e');
  await readOnly.shows('e: this console is read-only');
  const [first, ...others] = at.picture.hosts;
  if (!first) throw new Error('nothing was recorded');
  const link = { state: 'silent', sinceMs: at.nowMs } as const;
  const away = openConsole({ ...at, picture: { ...at.picture, hosts: [{ ...first, link }, ...others] } });
  await away.shows('▸ db1');
  away.press('e');
  await away.shows('e: db1 does not answer now');
  expect(away.screens.getState().stack).toHaveLength(1);
});

test('a console that was just opened does not say of a host that is asked for the first time that it does not answer', async () => {
  const link = { state: 'connecting', sinceMs: at.nowMs } as const;
  const hosts = at.picture.hosts.map((picture) => ({ ...picture, link }));
  const console = openConsole({ ...at, picture: { ...at.picture, hosts } });
  await console.shows('▸ db1');
  console.press('e');
  await console.shows('e: db1 has not answered yet');
});

test.each([80, 120])('what a donor gives, and how far behind it is, is never cut, at %i columns', async (columns) => {
  const hosts = at.picture.hosts.map((picture) => {
    const { lvm, system, replication } = picture.report;
    if (picture.host.name !== 'db2' || !lvm?.ok || !system?.ok || !replication?.ok) return picture;
    const volume = lvm.value.volumes.find((one) => one.volume === lvm.value.datadirVolume?.volume);
    if (!volume) return picture;
    const snapshot = {
      ...volume,
      kind: 'snapshot' as const,
      volume: 'reseed-1',
      uuid: 'u1',
      origin: volume.volume,
      valid: true,
      tags: ['reseed', 'reseed-proved'],
      createdSeconds: system.value.clockMs / 1000 - 59 * 60,
    };
    const channels = replication.value.channels.map((one) => ({ ...one, sqlThread: 'stopped' as const }));
    const report = {
      ...picture.report,
      lvm: { ...lvm, value: { ...lvm.value, volumes: [...lvm.value.volumes, snapshot] } },
      replication: { ...replication, value: { ...replication.value, channels } },
    };
    return { ...picture, report };
  });
  const console = await onSeed({ picture: { ...at.picture, hosts }, columns });
  expect(console.screen()).toMatch(/db2 +ams +snapshot, 59 min old {2}/);
  expect(console.screen()).toMatch(/db2 +ams +new snapshot +replication stopped /);
});

test('a host with an empty datadir can give nothing, and says that, not that it gives no answer', async () => {
  const console = openConsole(at);
  await console.shows('db6');
  console.press('je');
  const screen = await console.shows('targets (their data will be replaced)');
  expect(screen).toContain('db6: empty datadir: it has no data to give');
  expect(screen).not.toContain('does not answer');
});

test('a cluster in which nobody can give says so, and enter asks nobody', async () => {
  const hosts = at.picture.hosts.map((picture) =>
    picture.host.name === 'db6' ? picture : { ...picture, link: { state: 'silent', sinceMs: at.nowMs } as const },
  );
  const console = await onSeed({ picture: { ...at.picture, hosts } });
  expect(console.screen()).toContain('no host can give its data now');
  expect(console.screen()).toContain('db2: does not answer now');
  console.press('\r');
  await console.shows('no donor is chosen: space');
  expect(console.jobs.seeds).toEqual([]);
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 12 },
])('it fits $columns x $rows, and the cursor reaches its last line', async ({ columns, rows }) => {
  const console = await onSeed({ columns, rows });
  for (const key of ['g', 'G']) {
    console.press(key);
    await console.shows(key === 'g' ? /▸ \(\*\)/ : /▸ errant transactions/);
    expect(console.lines()).toHaveLength(rows);
    for (const line of console.lines()) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
  }
});

test('at 80x24 rows that the window cuts off are counted, below it and above it', async () => {
  const console = await onSeed({ columns: 80, rows: 24 });
  expect(console.screen()).toMatch(/seed db3 → db6 +\+\d+ below/);
  console.press('G');
  await console.shows(/seed db3 → db6 +\+\d+ above *$/m);
});

test('for a screen reader each row is read with what it is', async () => {
  const console = await onSeed({ look: { linear: true } });
  expect(console.screen()).toContain('selected: (*), db3, fra, new snapshot, 0 s behind, proposed: in fra');
});

test('a set of staging hosts is chosen with a donor of another cluster: what each becomes is said, and clones are not offered', async () => {
  const hosts = at.picture.hosts.map((one) =>
    ['db3', 'db6'].includes(one.host.name) ? { ...one, host: { ...one.host, cluster: 'staging' } } : one,
  );
  const console = await onSeed({ picture: { ...at.picture, hosts }, rows: 50 });
  expect(console.screen()).not.toMatch(/\( \) +db2/);
  expect(console.screen()).toMatch(/takes writes +not used by a replica/);
  const under = () => /▸[^\n]*/.exec(console.screen())?.[0] ?? '';
  const moveTo = async (row: RegExp) => {
    while (!row.test(under())) {
      const before = under();
      console.press('j');
      await expect.poll(under).not.toBe(before);
    }
  };
  await moveTo(/afterwards/);
  console.press(' ');
  await console.shows(/donor lag +not used by a standalone server/);
  expect(console.screen()).toContain('MySQL CLONE');
  console.press(' ');
  await console.shows(/afterwards +as a set/);
  expect(console.screen()).not.toContain('MySQL CLONE');
  console.press('g');
  await moveTo(/db2 .*of cluster shop/);
  console.press(' ');
  await moveTo(/\[ \] +db3/);
  console.press(' ');
  await console.shows(/\[x\] +db3 .*replica of db6, now replica/);
  expect(console.screen()).toMatch(/\[x\] +db6 .*primary of the set, now unknown, you came from here/);
  expect(console.screen()).toContain('seed db2 → db6, db3 (as a set)');
  await planned(console);
  expect(console.jobs.seeds[0]?.choice).toMatchObject({
    donor: 'db2',
    targets: ['db6', 'db3'],
    terms: { ends: 'set' },
  });
  await console.shows('y asks for the name db6,db3');
});
