import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { drillHosts, sixHosts } from '../src/drill/hosts.ts';
import { identityFile, knownHostsFile, placesFrom } from '../src/drill/places.ts';
import { parseInventory } from '../src/inventory/inventory.ts';
import { hostSchema, keysAt } from '../src/inventory/schema.ts';

test.each([
  ['hosts.yaml', sixHosts],
  ['hosts-all.yaml', drillHosts],
] as const)('%s is the practice fleet’s: every host as the drill makes it', async (file, hosts) => {
  const text = await readFile(new URL(`../${file}`, import.meta.url), 'utf8');
  for (const environment of [{ HOME: '/home/ops' }, { HOME: '/home/ops', XDG_STATE_HOME: '/state' }]) {
    const read = parseInventory(text, { fileName: file, environment });
    if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 2));
    const places = placesFrom(environment);
    const written = read.inventory.hosts.map(({ name, cluster, datacenter, ssh, sudo, mysql }) => ({
      name,
      cluster,
      datacenter,
      ssh,
      sudo,
      mysql,
    }));
    expect(written).toEqual(
      hosts.map(({ server, ...host }) => ({
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
        mysql: server.defaultsFile ? { service: server.service, defaultsFile: server.defaultsFile } : {},
      })),
    );
  }
});

test('docs/inventory.md has every setting', async () => {
  const page = await readFile(new URL('../docs/inventory.md', import.meta.url), 'utf8');
  const schema = hostSchema({});
  const under = (path: string[]): string[] => {
    const keys = keysAt(schema, path);
    // Below commands, hooks and labels the names are the operator's.
    return keys === 'any' || keys.length === 0 ? [path.join('.')] : keys.flatMap((key) => under([...path, key]));
  };
  const settings = under([]);
  expect(settings).toContain('snapshot.mountRoot');
  expect(settings.filter((name) => !new RegExp(`^\\|.*\`${name}[\`:]`, 'm').test(page))).toEqual([]);
});

test('the inventory to start from is one, also with what is commented out', async () => {
  const text = await readFile(new URL('../examples/hosts.yaml', import.meta.url), 'utf8');
  const whole = text.replace(/^# (schedules:| {2}snapshots:)/gm, '$1');
  for (const one of [text, whole]) {
    expect(parseInventory(one, { fileName: 'hosts.yaml', environment: {} })).toMatchObject({ ok: true });
  }
  expect(whole).toMatch(/^schedules:\n {2}snapshots:/m);
});
