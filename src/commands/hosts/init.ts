// reseed init: a first inventory, from one server that is named, and all that it replicates with.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { discoveryText } from '../../fleet/topology/discovery.ts';
import { type Entries, type Entry, type Login, namedEntry } from '../../inventory/first.ts';
import { inventoryCandidates } from '../../inventory/inventory.ts';
import { sshNames } from '../../inventory/ssh-names.ts';
import { type First, firstHosts } from '../../operations/hosts/first-inventory.ts';
import { shownWord } from '../../remote/call/quote.ts';
import { about } from '../../text/about.ts';
import { cleanLine } from '../../text/clean.ts';
import { exampleText, exitCodes, exitWith, printFailure, printLine, printRefusal } from '../answer.ts';
import { untilSignalled } from './signals.ts';
import { waitingFor, waitingLine } from './waiting-line.ts';

interface Options {
  readonly user?: string;
  readonly sudo?: boolean;
  readonly jump?: string;
  readonly identity?: string;
  readonly knownHosts?: string;
  readonly cluster: string;
  readonly sshConfig?: true | string;
  readonly output?: string;
}

/** What is to be asked. */
interface Wanted {
  readonly addresses: readonly string[];
  readonly login: Login;
  readonly cluster: string;
}

/** An operator can wait for it: a host that is left out has to be added by hand. */
const maxMs = 90_000;

export const initCommand = (): Command =>
  new Command('init')
    .description(
      'write a first inventory: log in at the named servers, and add all that they replicate with; on a terminal, without names, it asks. Nothing is changed on a host',
    )
    .argument('[address...]', 'names or addresses of database hosts')
    .option('--ssh-config [file]', 'the hosts that ~/.ssh/config names, without patterns, too')
    .option('--user <name>', 'the account that logs in; left out: as ssh does')
    .option('--sudo', 'that account works by sudo -n; left out: any but root does')
    .option('--no-sudo', 'it does not')
    .option('--identity <file>', 'as for ssh -i')
    .option('--known-hosts <file>', 'as UserKnownHostsFile of ssh')
    .option('--jump <host>', 'as for ssh -J: [user@]host[:port]')
    .option('--cluster <name>', 'the cluster of the named servers', 'main')
    .option('--output <file>', 'where it is written; left out: ~/.config/reseed/hosts.yaml')
    .addHelpText(
      'after',
      exampleText([
        'reseed init',
        'reseed init db1.example.com --user ops',
        'reseed init 10.0.0.11 --output hosts.yaml',
      ]),
    )
    .action(init);

async function init(addresses: string[], options: Options): Promise<void> {
  const file = outputOf(options);
  if (existsSync(file)) {
    const advice = `look at it, or write another one: --output FILE`;
    return refuse(`${file} is there already: nothing was written`, advice);
  }
  const wanted = await wantedFrom(addresses, options);
  if (wanted === undefined) return;
  exitWith(
    await untilSignalled(async (signal) => {
      const waiting = waitingLine('asking', true);
      const onHeard = (left: readonly string[]) => waiting.show(waitingFor(left));
      const asking = { deadlineMs: maxMs, signal, onHeard };
      const found = await firstHosts(entriesOf(wanted), wanted.login, file, asking);
      waiting.clear();
      if (!found.ok) return printRefusal(false, found.refusal);
      if (signal.aborted) return exitCodes.interrupted;
      return await written(file, wanted, found.value);
    }),
  );
}

const candidates = () =>
  inventoryCandidates({
    environment: { ...process.env, HOME: process.env.HOME || homedir() },
    workingDirectory: process.cwd(),
  });

/** The file that is read where none is named, but ./hosts.yaml: who is in any folder does not mean that. */
const outputOf = ({ output }: Options): string => resolve(output ?? candidates().at(-1)?.path ?? 'hosts.yaml');

/** undefined: the reason was printed. */
async function wantedFrom(addresses: readonly string[], options: Options): Promise<Wanted | undefined> {
  const { user, sudo, jump, identity, knownHosts, cluster, sshConfig } = options;
  const login = { sudo, ssh: { user, identity, knownHosts, jump } };
  const named = sshConfig === undefined ? [] : namesIn(sshConfig === true ? join(homedir(), '.ssh/config') : sshConfig);
  if (typeof named === 'string') return void refuse(named, '');
  const all = [...new Set([...addresses, ...named])];
  if (all.length > 0) return { addresses: all, login, cluster };
  if (sshConfig !== undefined) return void refuse('that file names no host without a pattern', '');
  if (process.stdin.isTTY && process.stdout.isTTY) return await asked(login, cluster);
  return void refuse('no server is named, and there is no terminal to ask on', 'name one: reseed init db1.example.com');
}

function namesIn(path: string): readonly string[] | string {
  try {
    return sshNames(readFileSync(path, 'utf8'));
  } catch (error) {
    return cleanLine(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function asked(login: Login, cluster: string): Promise<Wanted | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and Ctrl-D reject it.
  const ask = async (question: string) => (await lines.question(question).catch(() => undefined))?.trim();
  try {
    const address = await ask('A database server, by name or address; those that it replicates with are found: ');
    if (address === '') return void refuse('no server was named: nothing was written', '');
    const user = login.ssh.user ?? (await ask('The account that logs in there by ssh (enter: as ssh does): '));
    const of = await ask(`The name of its cluster (enter: ${cluster}): `);
    if (address === undefined || user === undefined || of === undefined) return void exitWith(exitCodes.interrupted);
    const ssh = { ...login.ssh, user: user || undefined };
    return { addresses: [address], login: { ...login, ssh }, cluster: of || cluster };
  } finally {
    lines.close();
  }
}

/** Where two addresses begin with the same label, the second has its whole address for a name. */
function entriesOf({ addresses, cluster }: Wanted): Entries {
  const entries = new Map<string, Entry>();
  for (const address of addresses) {
    const [name, entry] = namedEntry(address, cluster);
    if (entries.has(name)) entries.set(address, { cluster });
    else entries.set(name, entry);
  }
  return entries;
}

/** The exit code. */
async function written(file: string, wanted: Wanted, { text, picture }: First): Promise<number> {
  const away = picture.hosts.filter(({ link }) => link.state === 'failed');
  sayAway(away);
  const named = entriesOf(wanted);
  // Without an answer nothing is found, and the file would stand in the way of the next try.
  if (away.filter(({ host }) => named.has(host.name)).length === named.size) {
    const advice = 'log in there once by ssh, which asks about its key; then again';
    return printRefusal(false, {
      kind: 'unreachable',
      message: 'no named server answered: nothing was written',
      advice,
    });
  }
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // It may have been made meanwhile.
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const message = cleanLine(`${file} can't be written: ${error instanceof Error ? error.message : String(error)}`);
    printFailure(false, { error: 'failed', message, advice: 'the inventory is below' });
    process.stdout.write(text);
    return exitCodes.failed;
  }
  printLine(`${file} has ${picture.hosts.length} ${picture.hosts.length === 1 ? 'host' : 'hosts'}:`);
  process.stdout.write(`${text.replaceAll(/^/gm, '  ').trimEnd()}\n`);
  for (const one of picture.discovered) printLine(`! ${discoveryText(one)}: add it by hand`);
  const by = candidates().find(({ path }) => existsSync(path))?.path === file ? '' : ` --inventory ${shownWord(file)}`;
  printLine(
    `Next: reseed check${by} says what is missing on each; then take readOnly out of the file, and reseed${by} opens the console.`,
  );
  return away.length > 0 ? exitCodes.unreachable : exitCodes.done;
}

function sayAway(away: First['picture']['hosts']): void {
  for (const { host, link } of away) {
    if (link.state !== 'failed') continue;
    const { message, advice } = link.failure;
    process.stderr.write(`! ${about(host.name, message)}${advice && `; ${advice}`}\n`);
  }
}

const refuse = (message: string, advice: string): void =>
  exitWith(printRefusal(false, { kind: 'usage', message, advice }));
