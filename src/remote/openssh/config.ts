// A configuration file for each hop, which the system's ssh reads before the account's own: our settings win, all
// others stay. Files rather than -o: options of the command line do not reach the hops of a ProxyJump (ssh(1), -J).
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '../call/quote.ts';
import { bad, good, type Outcome, refused } from '../failure.ts';
import type { Hop, Route } from '../route/route.ts';

/** The files to read after ours: those that ssh reads by itself without -F. */
const usual = ['~/.ssh/config', '/etc/ssh/ssh_config'];

// BatchMode: never ask on the terminal, which Ink owns. Forwardings and commands (local and remote) that the account
// has for its own logins must not happen at every poll. UpdateHostKeys would write known_hosts without the operator's
// knowledge.
const always = [
  'BatchMode yes',
  'StrictHostKeyChecking yes',
  'UpdateHostKeys no',
  'ConnectTimeout 15',
  'ServerAliveInterval 4',
  'ServerAliveCountMax 3',
  'ClearAllForwardings yes',
  'PermitLocalCommand no',
  'RemoteCommand none',
  'RequestTTY no',
];

export interface ConfigPlace {
  /** Our folder, mode 0700. */
  readonly folder: string;
  /** The files' names begin with it; one word a target. */
  readonly stem: string;
  /** Read instead of the usual files. */
  readonly configFile?: string;
}

/** Writes the files of all hops; returns the target's. */
export async function writeConfigs(route: Route, place: ConfigPlace): Promise<Outcome<string>> {
  const odd = oddPath(route);
  if (odd !== undefined)
    return bad(refused(`ssh_config cannot name the file ${JSON.stringify(odd)}`, 'give it another name'));
  for (const [index, hop] of route.entries()) {
    const previous = route[index - 1];
    const through = previous && {
      file: fileOf(place, index - 1),
      log: logOf(place, index - 1),
      host: previous.query.host,
    };
    await writeFile(fileOf(place, index), configText(hop, through, place.configFile), { mode: 0o600 });
    await writeFile(logOf(place, index), '', { mode: 0o600 });
  }
  return good(fileOf(place, route.length - 1));
}

/** What the hops' own ssh logged when it last connected, the first hop's first. */
export async function hopLogs(route: Route, place: ConfigPlace): Promise<string> {
  const logs = await Promise.all(route.map((_, index) => readFile(logOf(place, index), 'utf8').catch(() => '')));
  return logs.join('');
}

export async function removeConfigs(route: Route, place: ConfigPlace): Promise<void> {
  const files = route.flatMap((_, index) => [fileOf(place, index), logOf(place, index)]);
  await Promise.all(files.map((file) => rm(file, { force: true })));
}

const fileOf = ({ folder, stem }: ConfigPlace, index: number) => join(folder, `${stem}.${index}`);
const logOf = (place: ConfigPlace, index: number) => `${fileOf(place, index)}.log`;

interface Through {
  readonly file: string;
  readonly log: string;
  readonly host: string;
}

function configText(hop: Hop, through: Through | undefined, configFile: string | undefined): string {
  const { port, user, identity } = hop.query;
  const own = [
    ...(port === undefined ? [] : [`Port ${port}`]),
    ...(user === undefined ? [] : [`User ${user}`]),
    ...(identity === undefined ? [] : [`IdentityFile ${quoted(identity)}`]),
    ...(hop.knownHosts === undefined
      ? []
      : [`UserKnownHostsFile ${quoted(hop.knownHosts)}`, 'GlobalKnownHostsFile none']),
    ...(through ? [`ProxyCommand ${proxyCommand(through)}`] : []),
  ];
  // For ssh -F, both mean no configuration at all; Include takes neither.
  const isNone = configFile === 'none' || configFile === '/dev/null';
  const files = configFile === undefined ? usual : [configFile];
  const rest = isNone ? [] : files.map((file) => `Include ${quoted(file)}`);
  return ['Host *', ...always, ...own, ...rest, ''].join('\n');
}

/**
 * Percent signs are tokens to ssh; the line goes through the account's shell, with `exec` before it. ssh logs to a
 * file, because with ControlPersist it gives a proxy /dev/null as standard error (sshconnect.c).
 */
function proxyCommand({ file, log, host }: Through): string {
  const own = ['ssh', '-F', file, '-E', log, '-o', 'LogLevel=DEBUG1'].map((word) =>
    shellWord(word).replaceAll('%', '%%'),
  );
  return [...own, '-W', "'[%h]:%p'", '--', shellWord(host).replaceAll('%', '%%')].join(' ');
}

/** A path with a double quote or a control character: ssh_config(5) cannot express it. */
function oddPath(route: Route): string | undefined {
  const paths = route.flatMap(({ query, knownHosts }) => [query.identity ?? '', knownHosts ?? '']);
  return paths.find((path) => /["\p{Cc}]/u.test(path));
}

/** `path` as a value of ssh_config(5). */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}
