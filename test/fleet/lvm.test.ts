import { expect, test } from 'vitest';
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
