// Settings as OpenSSH reads them: `ssh -G host` prints the result of ~/.ssh/config (Match, Include, tokens and all).
// See ssh_config(5). Nothing here reads a configuration file.
import { type ExecFileException, execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import pLimit from 'p-limit';
import { deadlineIn } from '../deadline.ts';
import { bad, good, type Outcome, quoted, refused, type Trouble } from '../failure.ts';

export interface SshSettings {
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  /** Tilde and tokens are expanded; the files may not exist. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket. */
  readonly agent?: string;
  readonly certificateFiles: readonly string[];
  /** The account's files first, then the machine's. */
  readonly knownHostsFiles: readonly string[];
  readonly hostKeyAlias?: string;
  readonly proxyCommand?: string;
  readonly proxyJump?: string;
  readonly gssapi: boolean;
  readonly revokedHostKeys?: string;
  readonly knownHostsCommand?: string;
  /** 0: either family. */
  readonly addressFamily: 0 | 4 | 6;
}

/** Settings of the caller, which replace the configuration's. */
export interface SettingsQuery {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly identity?: string;
}

export interface SshClient {
  readonly environment: NodeJS.ProcessEnv;
  /** Read instead of ~/.ssh/config and /etc/ssh/ssh_config (ssh -F). */
  readonly configFile?: string;
}

export type ReadSettings = (query: SettingsQuery) => Promise<Outcome<SshSettings>>;

const deadlineMs = 30_000;
// A whole fleet is asked for at once. Five hundred clients at a time would each be slow enough to miss the deadline.
const clientsAtOnce = 8;

// The ssh client itself refuses these names (ssh.c, valid_hostname). A name with a leading dash or a newline would be
// read as an option, or as a line of a configuration file.
const hostNames = /^[\p{L}\p{N}_:[][\p{L}\p{N}._:%[\]-]*$/u;
const userNames = /^[\p{L}\p{N}_.][\p{L}\p{N}_.@\\+$-]*$/u;

/** Asks the system's ssh what it would use for `host`. */
export function settingsReader({ environment, configFile }: SshClient): ReadSettings {
  const atOnce = pLimit(clientsAtOnce);
  return async (query) => {
    const odd = oddName(query);
    if (odd) return bad(refused(odd, 'a host is an address, a DNS name or a Host alias of ~/.ssh/config'));
    const missing = await identityTrouble(query);
    if (missing) return bad(missing);
    const args = [
      '-G',
      ...flag('-F', configFile),
      ...flag('-p', query.port),
      ...flag('-l', query.user),
      ...flag('-i', query.identity),
    ];
    const asked = await atOnce(() => askSsh([...args, '--', query.host], environment));
    return asked.error ? bad(troubleOf(asked, query.host)) : good(settingsFrom(asked.stdout, environment));
  };
}

/** ssh drops an -i whose file does not exist, and silently tries the other keys. With a .pub beside it the agent has the key. */
async function identityTrouble({ identity }: SettingsQuery): Promise<Trouble | undefined> {
  if (identity === undefined) return undefined;
  try {
    await stat(identity).catch((error: Error) => stat(`${identity}.pub`).catch(() => Promise.reject(error)));
    return undefined;
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isGone ? 'does not exist' : `can't be read: ${error instanceof Error ? error.message : String(error)}`;
    return refused(
      `the identity ${identity} ${why}`,
      'correct ssh.identity in the inventory; a key that only the agent has is named by its .pub file, or not at all',
    );
  }
}

interface Asked {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** execa would take twice the time in this process: a second more for 500 hosts, while the screen has to answer keys. */
function askSsh(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Asked> {
  return new Promise((resolve) => {
    const child = execFile('ssh', args, { env: environment }, (error, stdout, stderr) => {
      deadline.cancel();
      resolve({ error, stdout, stderr });
    });
    const deadline = deadlineIn(deadlineMs, () => child.kill());
  });
}

function troubleOf({ error, stderr }: Asked, host: string): Trouble {
  if (error?.code === 'ENOENT') {
    return refused('there is no ssh on this machine', 'install the OpenSSH client here', stderr);
  }
  const advice = `see: ssh -G ${host}`;
  if (!error?.killed) return refused(`ssh cannot read its configuration for ${host}`, advice, stderr);
  const message = `ssh did not say within ${deadlineMs / 1000} s what its configuration has for ${host}`;
  return { kind: 'timeout', deadlineMs, message, advice, printed: quoted(stderr) };
}

const flag = (name: string, value: string | number | undefined) => (value === undefined ? [] : [name, String(value)]);

function oddName({ host, user }: SettingsQuery): string | undefined {
  if (!hostNames.test(host)) return `${JSON.stringify(host)} is not a host name`;
  if (user !== undefined && !userNames.test(user)) return `${JSON.stringify(user)} is not a user name`;
  return undefined;
}

/** Reads the output of `ssh -G`: a line each, keyword in lower case, one space, value. */
export function settingsFrom(output: string, environment: NodeJS.ProcessEnv): SshSettings {
  const all = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword && value) all.set(keyword, [...(all.get(keyword) ?? []), value]);
  }
  // For most of these, `none` means that there is no value.
  const values = (keyword: string) => (all.get(keyword) ?? []).filter((value) => value !== 'none');
  const one = (keyword: string) => values(keyword)[0];
  const paths = (keyword: string) => values(keyword).flatMap((value) => value.split(' '));

  const hostname = one('hostname') ?? '';
  const port = Number(one('port') ?? 22);
  const user = one('user') ?? '';
  const tokens: Tokens = {
    d: environment.HOME ?? '',
    h: hostname,
    n: one('host') ?? hostname,
    p: String(port),
    r: user,
    u: environment.USER ?? user,
  };
  const expanded = (path: string) => expand(path, tokens);
  return {
    hostname,
    port,
    user,
    identityFiles: values('identityfile').map(expanded),
    identitiesOnly: one('identitiesonly') === 'yes',
    ...present('agent', agentSocket(all.get('identityagent')?.[0], environment, expanded)),
    certificateFiles: values('certificatefile').map(expanded),
    knownHostsFiles: [...paths('userknownhostsfile'), ...paths('globalknownhostsfile')].map(expanded),
    ...present('hostKeyAlias', one('hostkeyalias')),
    ...present('proxyCommand', one('proxycommand')),
    ...present('proxyJump', one('proxyjump')),
    gssapi: one('gssapiauthentication') === 'yes',
    ...present('revokedHostKeys', one('revokedhostkeys')),
    ...present('knownHostsCommand', one('knownhostscommand')),
    addressFamily: addressFamilies[one('addressfamily') ?? 'any'] ?? 0,
  };
}

const addressFamilies: Readonly<Record<string, 0 | 4 | 6>> = { any: 0, inet: 4, inet6: 6 };

type Tokens = Readonly<Record<string, string>>;

/** Tilde and the tokens of ssh_config(5), TOKENS; an unknown one stays as it is. */
function expand(path: string, tokens: Tokens): string {
  const whole = path.replace(/^~(?=\/|$)/, () => tokens.d ?? '');
  return whole.replace(/%(.)/g, (token, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? token)));
}

/** IdentityAgent: absent or `SSH_AUTH_SOCK`: the environment's; `$NAME`: that variable's; `none`: no agent; else a path. */
function agentSocket(
  said: string | undefined,
  environment: NodeJS.ProcessEnv,
  expanded: (path: string) => string,
): string | undefined {
  if (said === 'none') return undefined;
  if (said === undefined || said === 'SSH_AUTH_SOCK') return environment.SSH_AUTH_SOCK || undefined;
  return said.startsWith('$') ? environment[said.slice(1)] : expanded(said);
}

function present<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}
