// The files that make a practice host: names, keys, the server's options. They reach the machine as a tar.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DrillHost } from '../host.ts';
import { drillHosts, hostNamed } from '../hosts.ts';
import { diskWords } from '../image/disk.ts';
import { hostFolder, type Places } from '../places.ts';
import { firstStartSql, serverOptions, showReplica } from '../replication.ts';
import { run } from '../run.ts';
import type { HostKeys } from './keys.ts';

interface GuestFile {
  readonly path: string;
  readonly text: string;
  readonly mode?: number;
}

/** Writes `<host folder>/files.tar`. `authorizedKey` is the fleet's own client key, in its public half. */
export async function writeOverlay(
  places: Places,
  host: DrillHost,
  keys: HostKeys,
  authorizedKey: string,
  replicationPassword: string,
): Promise<void> {
  const staging = join(hostFolder(places, host.name), 'files');
  await rm(staging, { recursive: true, force: true });
  for (const file of await guestFiles(host, keys, authorizedKey, replicationPassword)) {
    const path = join(staging, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.text);
    await chmod(path, file.mode ?? 0o644);
  }
  // sshd reads keys only from folders that no other account can write to.
  await chmod(join(staging, homeOf(host)), 0o755);
  await chmod(join(staging, homeOf(host), '.ssh'), 0o700);
  const tar = ['-cf', `${staging}.tar`, '-C', staging, '--owner=0', '--group=0', '--numeric-owner', '.'];
  await run('tar', tar);
  await rm(staging, { recursive: true, force: true });
}

async function guestFiles(
  host: DrillHost,
  keys: HostKeys,
  authorizedKey: string,
  password: string,
): Promise<GuestFile[]> {
  const neighbours = drillHosts.map(({ name, address }) => `${address} ${name}`).join('\n');
  const files: GuestFile[] = [
    { path: 'etc/drill/host.env', text: hostEnvironment(host) },
    { path: 'etc/hostname', text: `${host.name}\n` },
    { path: 'etc/hosts', text: `127.0.0.1 localhost\n${neighbours}\n` },
    { path: optionFile(host), text: serverOptions(host) },
    ...Object.entries(host.server.files ?? {}).map(([path, text]) => ({ path, text })),
    { path: 'etc/ssh/ssh_host_ed25519_key', text: keys.privateKey, mode: 0o600 },
    { path: 'etc/ssh/ssh_host_ed25519_key.pub', text: keys.publicKey },
    { path: `${homeOf(host)}/.ssh/authorized_keys`, text: authorizedKey, mode: 0o600 },
  ];
  if (host.ssh.port !== 22) files.push({ path: 'etc/ssh/sshd_config.d/port.conf', text: `Port ${host.ssh.port}\n` });
  if (host.ssh.user !== 'root') {
    files.push({ path: `etc/sudoers.d/${host.ssh.user}`, text: await sudoRule(host), mode: 0o440 });
  }
  if (host.ssh.sudo === 'reseed') {
    // sshd takes the first value that it reads of a setting.
    files.push({ path: 'etc/ssh/sshd_config.d/a-no-root.conf', text: 'PermitRootLogin no\n' });
  }
  if (host.blank) return files;
  files.push({ path: 'etc/drill/first-start.sql', text: firstStartSql(host, password), mode: 0o600 });
  if (!host.source) files.push({ path: 'etc/drill/primary', text: '' });
  return files;
}

function hostEnvironment(host: DrillHost): string {
  const { server, source } = host;
  const jump = host.ssh.jump ? hostNamed(host.ssh.jump) : undefined;
  const words: Record<string, string> = {
    ...diskWords(host),
    DRILL_HOST: host.name,
    DRILL_ADDRESS: host.address,
    DRILL_PEER: jump?.address ?? '',
    DRILL_CLUSTER: host.cluster,
    DRILL_VENDOR: server.vendor,
    DRILL_SERVICE: server.service,
    DRILL_CLIENT: server.client,
    DRILL_SOCKET: server.socket,
    DRILL_SOURCE: source?.host ?? '',
    DRILL_DELAY: String(source?.delaySeconds ?? 0),
    DRILL_SHOW_REPLICA: showReplica(host),
    DRILL_ERROR_LOG: server.errorLog,
    DRILL_USER: host.ssh.user,
    DRILL_BLANK: host.blank ? 'yes' : 'no',
  };
  return Object.entries(words)
    .map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

/** Everything, or the rule that this reseed prints for the account. */
async function sudoRule({ ssh }: DrillHost): Promise<string> {
  if (ssh.sudo !== 'reseed') return `${ssh.user} ALL=(ALL) NOPASSWD: ALL\n`;
  return run(process.execPath, [process.argv[1] ?? '', 'sudoers', '--user', ssh.user]).then((rule) => `${rule}\n`);
}

function optionFile({ server }: DrillHost): string {
  if (server.defaultsFile) return server.defaultsFile.slice(1);
  return server.vendor === 'mysql' ? 'etc/mysql/mysql.conf.d/zz-drill.cnf' : 'etc/mysql/mariadb.conf.d/99-drill.cnf';
}

const homeOf = (host: DrillHost) => (host.ssh.user === 'root' ? 'root' : `home/${host.ssh.user}`);
