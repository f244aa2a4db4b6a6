// An inventory of hosts that answer, however many: see stand-ins.ts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';

export interface StandIns {
  readonly inventory: string;
  /** What an ssh client needs to reach one. */
  readonly ssh: readonly string[];
  readonly addresses: readonly string[];
  readonly end: () => void;
}

/** `folder` is for keys and the inventory. `changing`: their disks fill and empty from one poll to the next. */
export async function standIns(folder: string, hosts: number, changing = true): Promise<StandIns> {
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const [identity, knownHosts, inventory] = ['key', 'known_hosts', 'hosts.yaml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(identity, key.private, { mode: 0o600 });
  await writeFile(`${identity}.pub`, key.public);
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, 'stand-ins.ts'), identity, changing ? 'changing' : 'still'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const [port] = await once(server.stdout, 'data');
  const addresses = Array.from({ length: hosts }, (_, n) => `127.1.${Math.floor(n / 250)}.${(n % 250) + 1}`);
  await writeFile(knownHosts, `*,[*]:${Number(port)} ${key.public}\n`);
  const lines = addresses.map((address, n) => `  db${n + 1}: { cluster: shop, ssh: { host: ${address} } }\n`);
  await writeFile(
    inventory,
    `fleet: bench
defaults:
  ssh: { user: root, port: ${Number(port)}, identity: ${identity}, knownHosts: ${knownHosts} }
clusters: { shop: {} }
hosts:
${lines.join('')}`,
  );
  const options = { IdentitiesOnly: 'yes', UserKnownHostsFile: knownHosts, BatchMode: 'yes', User: 'root' };
  const ssh = ['-F', 'none', '-i', identity, '-p', String(Number(port))].concat(
    Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  );
  return { inventory, ssh, addresses, end: () => server.stdin.end() };
}
