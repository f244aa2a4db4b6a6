import { expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { snapshotWords } from '../../src/scripts/snapshot-words.ts';
import { printedOn } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db4');

const kinds = [
  { kind: 'classic', host: 'db1', origin: 'vg0/mysql', size: '-L 64M', activate: 'true', attributes: /^swi/ },
  { kind: 'thin', host: 'db4', origin: 'vgcrm/data', size: '-kn', activate: 'lvchange -qq -ay', attributes: /^Vwi/ },
];

test.each(kinds)(
  'a $kind snapshot can be taken, mounted, read and removed',
  async ({ host, origin, size, activate, attributes }) => {
    const [group] = origin.split('/');
    const printed = await printedOn(
      host,
      `set -e; export LVM_SUPPRESS_FD_WARNINGS=1
     sync -f /var/lib/mysql
     lvcreate -qq -y -s ${size} -n probe ${origin}; ${activate} ${group}/probe
     mkdir -p /mnt/probe; mount -o ro,noload /dev/${group}/probe /mnt/probe
     lvs --noheadings -o lv_attr,origin ${group}/probe | xargs
     ls /mnt/probe | grep -cx -e ibdata1 -e drill
     umount /mnt/probe; lvremove -qq -f ${group}/probe; lvs --noheadings -o lv_name ${group} | xargs`,
    );
    const [made, files, left] = printed.split('\n');
    expect(made).toMatch(attributes);
    expect(made).toContain(origin.split('/')[1]);
    expect(files).toBe('2');
    expect(left).not.toContain('probe');
  },
);

test('a snapshot whose name is given to another volume while it is removed: the other one was removed in its place', async () => {
  const words = snapshotWords('remove', { group: 'vg0', volume: 'probe', uuid: '', origin: 'mysql' }, { job: '' });
  const script = Buffer.from(await scriptText('snapshot')).toString('base64');
  const left = await printedOn(
    'db1',
    `set -e; export LVM_SUPPRESS_FD_WARNINGS=1
     rm -rf /root/renaming; mkdir /root/renaming; cd /root/renaming
     lvcreate -qq -y -s -L 16M -n probe --addtag reseed vg0/mysql; lvcreate -qq -y -an -Zn -L 16M -n mine vg0
     printf '#!/bin/sh\\nlvrename -qq vg0 probe gone; lvrename -qq vg0 mine probe; exec /usr/sbin/lvremove "$@"\\n' >lvremove
     chmod 755 lvremove; echo ${script} | base64 -d >snapshot
     PATH=$PWD:$PATH sh snapshot ${words.join(' ')}
     lvs --noheadings -o lv_name,origin vg0 | xargs
     lvremove -qq -f vg0/probe; rm -rf /root/renaming`,
  );
  expect(left).toBe('mysql probe');
});
