// What reseed clean removes from a host, and what it leaves.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printedOn, until } from './fleet.ts';
import { anna, folder, operator, ours, volumes } from './operators.ts';
import { held, inTheMiddle, letGo, tidied } from './slow-commands.ts';
import { usesHosts } from './uses.ts';

usesHosts('db6');

describe('reseed clean', () => {
  const foreign = ['hand', 'backup-0badcafe', 'reseed-lookalike'];
  beforeAll(async () => {
    await printedOn(
      'db6',
      `lvcreate -qq -y -s -n hand -L 16M vg0/mysql
       lvcreate -qq -y -s -n backup-0badcafe -L 16M --addtag backup --addtag job=0badcafe vg0/mysql
       lvcreate -qq -y -s -n reseed-lookalike -L 16M vg0/mysql
       mkdir -p /mnt/hand && mount -o ro,noload /dev/vg0/hand /mnt/hand
       systemd-run -q --unit=reseed-exporter sleep 1000000`,
    );
  });
  afterAll(async () => {
    const names = foreign.map((name) => `vg0/${name}`).join(' ');
    await printedOn('db6', `umount /mnt/hand; systemctl stop reseed-exporter; lvremove -qq -f ${names}`);
    await tidied('db6');
  });
  const untouched = async () => {
    expect((await volumes('db6')).filter((name) => foreign.includes(name)).toSorted()).toEqual(foreign.toSorted());
    expect(await printedOn('db6', 'findmnt -n -o TARGET /mnt/hand; systemctl is-active reseed-exporter')).toBe(
      '/mnt/hand\nactive',
    );
  };

  test('finds nothing of reseed where others made snapshots, and neither it nor prune nor remove touches them', async () => {
    expect(await anna().done('clean', 'db6', '--snapshots', '--yes=db6')).toContain('nothing of reseed is left on db6');
    expect((await anna().says('snapshot', 'prune', 'db6', '--keep', '0', '--yes=db6')).exitCode).toBe(0);
    const removed = await anna().says('snapshot', 'remove', 'db6', 'backup-0badcafe', '--yes=db6');
    expect(removed.exitCode).toBe(3);
    expect(removed.stderr).toContain('vg0/backup-0badcafe was not made by reseed');
    await untouched();
  });

  test('leaves a job alone that its own journal has open, and says how that ends', async () => {
    await held('db6');
    const id = await anna().begun('snapshot', 'create', 'db6', '--yes');
    await inTheMiddle('db6');
    await anna().killRunner(id);
    const refused = await anna().says('clean', 'db6', '--yes=db6');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(
      new RegExp(
        `db6 is locked by job ${id} \\(.*\\), whose runner died .*resume it: reseed job resume ${id}; or abort it: reseed job abort ${id}`,
      ),
    );
    await letGo('db6');
    await anna().done('job', 'abort', id, `--yes=${id}`);
    expect((await ours('db6')).filter((name) => name !== 'reseed-lookalike')).toEqual([]);
  });

  test('finds all that was lost with a journal, says it, takes it away when its name is typed, and nothing else', async () => {
    const lost = operator(join(folder, 'lost'));
    await lost.done('snapshot', 'create', 'db6', '--yes');
    const [whole = ''] = (await ours('db6')).filter((name) => !foreign.includes(name));
    await lost.done('snapshot', 'mount', 'db6', whole, '--yes');
    await held('db6');
    const id = await lost.begun('snapshot', 'create', 'db6', '--yes');
    await inTheMiddle('db6');
    await lost.killRunner(id);
    await letGo('db6');
    await rm(join(folder, 'lost'), { recursive: true });
    await printedOn(
      'db6',
      `systemd-run -q --unit=reseed-0badcafe-copy --setenv=RESEED_UNIT=0badcafe/copy sleep 1000000
       mkdir -m 700 /var/lib/mysql/.reseed-0badcafe; touch /var/lib/reseed/snapshots/reseed-0badcafe-gone`,
    );
    await until(
      () => ours('db6'),
      (names) => names.length === 3,
    );
    const plan = await anna().done('clean', 'db6', '--dry-run');
    expect(plan).toMatch(
      /! the snapshot vg0\/reseed-\S+ of mysql on db6 \(16M, without coordinates\) is lost for good/,
    );
    expect(plan).toMatch(/! what runs as unit reseed-0badcafe-copy is ended/);
    expect(plan).toMatch(
      /! db6 is locked by job [0-9a-f]{8} of root@\S+, since .*: a command of it that runs now goes on/,
    );
    expect(plan).toContain(
      `– stays: the snapshot vg0/${whole} of mysql, which is whole: reseed snapshot remove db6 ${whole}`,
    );
    expect(plan).toContain('– stays: /var/lib/mysql/.reseed-0badcafe: data of a seed');
    expect((await anna().says('clean', 'db6', '--yes')).exitCode).toBe(3);
    await anna().done('clean', 'db6', '--yes=db6');
    expect((await ours('db6')).toSorted()).toEqual([whole, 'reseed-lookalike'].toSorted());
    expect(
      await printedOn(
        'db6',
        'cd /run/reseed; ls; findmnt -rn | grep reseed/mount; systemctl is-active reseed-0badcafe-copy reseed-exporter; true',
      ),
    ).toBe('lvm\nmount\ninactive\nactive');
    expect(await printedOn('db6', 'ls /var/lib/reseed/snapshots')).toBe(whole);
    await anna().done('clean', 'db6', '--snapshots', '--yes=db6');
    expect(await ours('db6')).toEqual(['reseed-lookalike']);
    await printedOn('db6', 'rmdir /var/lib/mysql/.reseed-0badcafe');
    await untouched();
  });
});
