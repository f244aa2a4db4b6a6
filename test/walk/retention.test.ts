// Retention where a volume group has little room, and where a classic snapshot becomes full, on a real host.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { on, onHost, until } from '../fleet/fleet.ts';
import { folder, operator, ours } from '../fleet/operators.ts';
import { receiverForAll, scheduler, snapshotsOn } from '../fleet/scheduling.ts';
import { nothingLeftOn } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db3');

const receiver = receiverForAll();
const account = scheduler('retention', ['db1', 'db3']);
const ops = operator(account.home, account.inventory);
const url = join(folder, 'url');
const group = 'data-vg';
const mib = 1024 * 1024;

/** Snapshots of db3 get 32 MiB. */
const writes = (free: string, schedules = '') =>
  account.writes(
    `notify: { events: { to: webhook, urlFile: ${url}, on: [failed, needs-person, done] } }
${schedules}`,
    { db3: `snapshot: { size: 32M, keep: 9, ${free} }` },
  );
const freeBytes = async () => Number(await on('db3', `vgs --noheadings --nosuffix --units b -o vg_free ${group}`));
/** Leaves so much of the volume group free. */
const leaves = async (bytes: number) => {
  const fill = (await freeBytes()) - bytes;
  await on('db3', `lvcreate -qq -y -an -Zn -L ${Math.floor(fill / mib)}M -n filler ${group}`);
};
const create = async () => {
  const before = await snapshotsOn('db3');
  await ops.done('snapshot', 'create', 'db3', '--yes');
  const made = (await snapshotsOn('db3')).find((one) => !before.includes(one));
  if (made === undefined) throw new Error('no snapshot was made');
  return made;
};

beforeAll(async () => {
  await writeFile(url, receiver.url(), { mode: 0o600 });
  await writes('least: 1');
});
afterEach(async () => {
  await on('db3', `rm -f /srv/mysql/ballast; lvremove -qq -f ${group}/filler 2>/dev/null || true`);
  await ops.says('clean', 'db3', '--snapshots', '--yes=db3');
});
afterAll(() => nothingLeftOn('db3'));

test('a prune with --free removes the oldest until so much is free, none where all would be too few, and none that is read', async () => {
  const [first, , third] = [await create(), await create(), await create()];
  await leaves(12 * mib);
  const wanting = await ops.says('snapshot', 'prune', 'db3', '--free', '40M', '--dry-run');
  expect(wanting.stdout).toMatch(/data-vg has (8|12)\.?0?M free, 40M are wanted: 1 more goes, the oldest first/);
  const much = await ops.says('snapshot', 'prune', 'db3', '--free', '90%', '--yes=db3');
  expect([much.exitCode, much.stderr]).toEqual([
    3,
    expect.stringContaining('all snapshots that may go are too few, so none goes for that'),
  ]);
  expect(await snapshotsOn('db3')).toHaveLength(3);
  // Of an operator who looks at it by hand.
  await on(
    'db3',
    `mkdir -p /root/look; mount -o ro,nouuid,norecovery /dev/${group}/${first} /root/look; cd /root/look; nohup sleep 1000000 >/dev/null 2>&1 & echo $! >/root/reader`,
  );
  try {
    const shown = await ops.done('snapshot', 'prune', 'db3', '--free', '40M', '--dry-run');
    expect(shown).toContain(`${group}/${first}, which is mounted on /root/look`);
    await ops.done('snapshot', 'prune', 'db3', '--free', '40M', '--yes=db3');
    expect((await snapshotsOn('db3')).toSorted()).toEqual([first, third].toSorted());
    expect(await freeBytes()).toBeGreaterThanOrEqual(40 * mib);
    await ops.done('snapshot', 'prune', 'db3', '--keep', '0', '--yes=db3');
    expect(await snapshotsOn('db3')).toEqual([first]);
  } finally {
    await on(
      'db3',
      'kill "$(cat /root/reader)"; rm /root/reader; until umount /root/look; do sleep 1; done; rmdir /root/look',
    );
  }
});

test('a schedule takes no snapshot that would leave less free than is wanted; where it is allowed, the oldest goes for it', async () => {
  const oldest = await create();
  const newer = await create();
  await leaves(60 * mib);
  const schedule = (allow: string) =>
    writes(
      'free: 40M',
      `schedules: { nightly: { cron: "${account.cronOf(1, 2)}", timezone: UTC, do: snapshot, hosts: db3${allow} } }\n`,
    );
  await schedule('');
  expect(await account.tick(0)).toEqual([]);
  expect(await account.tick(1)).toEqual([
    expect.stringMatching(/^nightly: db3 refused: .*data-vg has .* free, .* are wanted.*remove-snapshots/),
  ]);
  expect((await snapshotsOn('db3')).toSorted()).toEqual([oldest, newer].toSorted());
  await schedule(', allow: { remove-snapshots: db3 }');
  expect(await account.tick(2)).toEqual([expect.stringMatching(/^nightly: job \d+ on db3$/)]);
  expect((await account.idle()).at(-1)).toMatchObject({ state: 'done' });
  const kept = await snapshotsOn('db3');
  expect([kept.length, kept.includes(oldest), kept.includes(newer)]).toEqual([2, false, true]);
  expect(await freeBytes()).toBeGreaterThanOrEqual(40 * mib);
  await until(
    async () => receiver.told.map(({ events }) => events.join()),
    (told) => told.includes('failed,needs-person') && told.includes('done'),
  );
});

test('a classic snapshot that has used 90 % of its room takes no place of a sound one; one that is lost is removed', async () => {
  const sound = await create();
  const full = await create();
  const used = async (name: string) =>
    Number(await on('db3', `lvs --noheadings -o data_percent ${group}/${name} | tr -d ' '`));
  // Of the newer one alone, which would take all of its room at once otherwise.
  await on('db3', `lvextend -qq -L 512M ${group}/${sound}`);
  for (let written = 0; (await used(full)) < 92; written++) {
    if (written > 60) throw new Error('it does not become full');
    await on(
      'db3',
      `dd if=/dev/urandom of=/srv/mysql/ballast bs=1M count=1 seek=${written} conv=fsync status=none; sync`,
    );
  }
  const prune = await ops.says('snapshot', 'prune', 'db3', '--keep', '1', '--dry-run');
  expect(`${prune.stdout}${prune.stderr}`).toContain('db3 has no snapshot to remove');
  expect(await ops.done('snapshot', 'list', 'db3')).toMatch(new RegExp(`${full}.* 9\\d %`));
  const { stdout: metrics } = await ops.says('metrics');
  expect(metrics).toMatch(new RegExp(`reseed_snapshot_used_ratio\\{.*${full}.*\\} 0\\.9`));
  await on('db3', 'dd if=/dev/urandom of=/srv/mysql/ballast bs=1M count=64 conv=fsync status=none; sync');
  await until(
    () => onHost('db3', `lvs --noheadings -o lv_attr ${group}/${full}`),
    ({ stdout }) => stdout.trim()[4] === 'I',
  );
  await ops.done('snapshot', 'prune', 'db3', '--keep', '1', '--yes=db3');
  expect(await ours('db3')).toEqual([sound]);
});
