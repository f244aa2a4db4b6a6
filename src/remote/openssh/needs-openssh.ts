// Whether the route to a host needs the system's ssh. The configuration tells that before anything is dialled.
import { access, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { endedWithin } from '../deadline.ts';
import type { Hop, Route } from '../route/route.ts';
import type { SshSettings } from '../route/ssh-config.ts';
import { knownOnlyOtherwise, listedName } from '../trust/host-key.ts';
import type { KeyFile } from '../trust/key-ring.ts';
import { hasAuthority, knownKeyTypes } from '../trust/known-hosts.ts';
import { readKnownHosts } from '../trust/known-hosts-file.ts';

/** The types of the keys that an agent holds. */
export type AgentKeyTypes = (socket: string) => Promise<readonly string[]>;

/** Questions about the key files and agents that a route needs. */
export interface KeyFacts {
  readonly agentKeyTypes: AgentKeyTypes;
  /** Reads a key file as ssh2 does. */
  readonly readKey: (file: string) => Promise<KeyFile>;
  /** Whether the system's ssh can use a key file without asking for anything. */
  readonly opensshReads: (file: string) => Promise<boolean>;
}

/** The reason, for people; undefined: ssh2 can take this route. */
export async function needOfOpenssh(
  route: Route,
  environment: NodeJS.ProcessEnv,
  facts: KeyFacts,
): Promise<string | undefined> {
  for (const hop of route) {
    const reason =
      statedNeed(hop.settings) ??
      (await needOfHostKey(hop)) ??
      (await needOfIdentity(hop.settings)) ??
      (await needOfKeyFormat(hop.settings, facts)) ??
      (await needOfAgent(hop.settings, facts.agentKeyTypes)) ??
      (await needOfTickets(hop.settings, environment));
    if (reason !== undefined) return `${hop.query.host}: ${reason}`;
  }
  return undefined;
}

function statedNeed(settings: SshSettings): string | undefined {
  if (settings.proxyCommand !== undefined) return 'ProxyCommand';
  if (settings.certificateFiles.length > 0) return 'CertificateFile';
  // A key revocation list is binary; a command may say anything.
  if (settings.revokedHostKeys !== undefined) return 'RevokedHostKeys';
  if (settings.knownHostsCommand !== undefined) return 'KnownHostsCommand';
  return undefined;
}

async function needOfHostKey(hop: Hop): Promise<string | undefined> {
  const known = await readKnownHosts(hop.settings.knownHostsFiles);
  const name = listedName(hop);
  if (knownOnlyOtherwise(known, hop)) return 'a type of host key that ssh2 cannot verify';
  if (hasAuthority(known, name) && knownKeyTypes(known, name).length === 0) return '@cert-authority in known_hosts';
  return undefined;
}

/** OpenSSH uses `key-cert.pub` beside a key by itself. The public half of a hardware token's key names its type. */
async function needOfIdentity({ identityFiles }: SshSettings): Promise<string | undefined> {
  for (const file of identityFiles) {
    const [certificate, publicHalf] = await Promise.all([
      exists(`${file}-cert.pub`),
      readFile(`${file}.pub`, 'utf8').catch(() => ''),
    ]);
    if (certificate && (await exists(file))) return `the certificate ${file}-cert.pub`;
    if (publicHalf.startsWith('sk-') && (await exists(file))) return `the hardware key ${file}`;
  }
  return undefined;
}

/** A key that ssh can read and ssh2 can't: PKCS#8, or a hardware token's without its public half. */
async function needOfKeyFormat(
  { identityFiles }: SshSettings,
  { readKey, opensshReads }: KeyFacts,
): Promise<string | undefined> {
  for (const file of identityFiles) {
    const key = await readKey(file);
    const isForSsh2 = key.state === 'plain' ? !key.converted : key.state !== 'unreadable';
    if (!isForSsh2 && (await opensshReads(file))) return `the key ${file}, whose format ssh2 cannot read`;
  }
  return undefined;
}

async function needOfAgent(
  { agent, identitiesOnly }: SshSettings,
  agentKeyTypes: AgentKeyTypes,
): Promise<string | undefined> {
  if (agent === undefined || identitiesOnly) return undefined;
  const special = (await agentKeyTypes(agent)).find((type) => type.startsWith('sk-') || type.includes('-cert-'));
  return special && `an agent key of type ${special}`;
}

/** Debian switches GSSAPI on for all accounts, so it is meant only where there are tickets (FILE: is what klist finds first). */
async function needOfTickets({ gssapi }: SshSettings, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!gssapi) return undefined;
  const named = environment.KRB5CCNAME;
  const file = named ? named.replace(/^FILE:/, '') : `/tmp/krb5cc_${process.getuid?.()}`;
  return (named && !file.startsWith('/')) || (await exists(file)) ? 'GSSAPI with a Kerberos ticket' : undefined;
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** A small program is slow on a loaded machine, and no answer would be taken for a no. */
const toolMs = 60_000;

/** Asks each agent once: a fleet shares one. ssh2 cannot tell, because it leaves out key types that it does not know. */
export function agentKeyTypesBySshAdd(environment: NodeJS.ProcessEnv): AgentKeyTypes {
  const asked = new Map<string, Promise<readonly string[]>>();
  const ask = async (socket: string) => {
    const child = execa('ssh-add', ['-L'], {
      reject: false,
      env: { ...environment, SSH_AUTH_SOCK: socket },
      extendEnv: false,
      stdin: 'ignore',
    });
    const { stdout } = await endedWithin(child, toolMs);
    return (stdout ?? '').split('\n').map((line) => line.split(' ')[0] ?? '');
  };
  return (socket) => {
    const types = asked.get(socket) ?? ask(socket);
    asked.set(socket, types);
    return types;
  };
}

/** Asks once for each file: a fleet shares it. ssh can use a file if ssh-keygen can derive the public key from it. */
export function opensshReadsByKeygen(environment: NodeJS.ProcessEnv): KeyFacts['opensshReads'] {
  const asked = new Map<string, Promise<boolean>>();
  const ask = async (file: string) => {
    // -P '': ssh-keygen never asks for a passphrase, and an encrypted key fails. The passphrase given is empty, so no
    // secret is in the arguments.
    const child = execa('ssh-keygen', ['-y', '-P', '', '-f', file], {
      reject: false,
      env: environment,
      extendEnv: false,
      stdin: 'ignore',
    });
    const { failed } = await endedWithin(child, toolMs);
    return !failed;
  };
  return (file) => {
    const answer = asked.get(file) ?? ask(file);
    asked.set(file, answer);
    return answer;
  };
}
