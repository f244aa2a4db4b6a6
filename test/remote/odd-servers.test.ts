// Any program may answer at a host's port. `status` reports in time that each gave no answer, does not end with 0, and
// its process ends with its answer.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HostileSshd, hostileSshd, ways } from './hostile-sshd.ts';

const transports = ['ssh2', 'openssh'] as const;
let folder: string;
const servers: HostileSshd[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-odd-servers-'));
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const [identity, knownHosts] = [join(folder, 'key'), join(folder, 'known_hosts')];
  await writeFile(identity, key.private, { mode: 0o600 });
  await writeFile(`${identity}.pub`, key.public);
  await writeFile(knownHosts, `* ${key.public}\n`);
  const hosts: string[] = [];
  for (const transport of transports) {
    for (const way of ways) {
      const server = await hostileSshd(way, key.private);
      servers.push(server);
      const name = `${transport}-${way.replace(' ', '-')}`;
      hosts.push(`  ${name}: { ssh: { host: 127.0.0.1, port: ${server.port}, transport: ${transport} } }\n`);
    }
  }
  const login = `{ user: root, identity: ${identity}, knownHosts: ${knownHosts} }`;
  await writeFile(
    join(folder, 'hosts.yaml'),
    `fleet: odd\ndefaults:\n  ssh: ${login}\nclusters: { shop: {} }\nhosts:\n${hosts.join('')}`,
  );
});
afterAll(async () => {
  for (const server of servers) server.end();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly hosts: { host: string; link: { state: string; failure?: { message: string } } }[];
}

test('status says of servers that never answer that they did not, does not end with 0, and ends with its answer', async () => {
  const words = ['bin/reseed.js', 'status', '--json', '--inventory', join(folder, 'hosts.yaml')];
  const status = execa(process.execPath, words, {
    reject: false,
    env: { XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder, HOME: folder, SSH_AUTH_SOCK: '' },
    timeout: 110_000,
  });
  let answeredMs = 0;
  status.stdout.once('data', () => {
    answeredMs = Date.now();
  });
  const { stdout, stderr, exitCode, timedOut } = await status;
  const overMs = Date.now();
  expect({ exitCode, timedOut, stderr }).toMatchObject({ exitCode: 4, timedOut: false });
  const { hosts } = JSON.parse(stdout) as Answer;
  expect(hosts.map(({ host, link }) => [host, link.state])).toEqual(
    transports.flatMap((transport) => ways.map((way) => [`${transport}-${way.replace(' ', '-')}`, 'failed'])),
  );
  // The reason is in reseed's own words.
  for (const { link } of hosts) expect(link.failure?.message).toMatch(/127\.0\.0\.1|gave no answer within/);
  expect(stdout).not.toMatch(/\\u001b|welcome welcome/);
  expect(overMs - answeredMs).toBeLessThan(60_000);
}, 120_000);

test('no ssh of ours is left behind', async () => {
  const { stdout } = await execa('ps', ['-eo', 'args']);
  expect(stdout.split('\n').filter((line) => /(^|\/)ssh /.test(line) && line.includes(folder))).toEqual([]);
});
