import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { drillHosts } from '../src/drill/hosts.ts';
import { identityFile, knownHostsFile, placesFrom } from '../src/drill/places.ts';
import { parseInventory } from '../src/inventory/inventory.ts';

test('the sample inventory is the practice fleet’s: every host as the drill makes it', async () => {
  const text = await readFile(new URL('../hosts.yaml', import.meta.url), 'utf8');
  for (const environment of [{ HOME: '/home/ops' }, { HOME: '/home/ops', XDG_STATE_HOME: '/state' }]) {
    const read = parseInventory(text, { fileName: 'hosts.yaml', environment });
    if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 2));
    const places = placesFrom(environment);
    const written = read.inventory.hosts.map(({ name, cluster, datacenter, ssh, sudo }) => ({
      name,
      cluster,
      datacenter,
      ssh,
      sudo,
    }));
    expect(written).toEqual(
      drillHosts.map((host) => ({
        name: host.name,
        cluster: host.cluster,
        datacenter: host.datacenter,
        ssh: {
          host: host.address,
          user: host.ssh.user,
          identity: identityFile(places),
          knownHosts: knownHostsFile(places),
          transport: 'auto',
          ...(host.ssh.port === 22 ? {} : { port: host.ssh.port }),
          ...(host.ssh.jump ? { jump: { kind: 'inventory', host: host.ssh.jump } } : {}),
        },
        sudo: host.ssh.user !== 'root',
      })),
    );
  }
});
