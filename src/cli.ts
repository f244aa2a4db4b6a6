// argv -> a command. Any error in the words of a command ends with exit code 2. Only the requested verb is loaded:
// reading yaml, zod and the drill takes longer than everything else that `reseed --help` does.
import { Command, CommanderError, InvalidArgumentError, type Option } from 'commander';
import { exitCodes, exitWith } from './commands/answer.ts';
import { eatenText } from './commands/eaten.ts';
import { showUtc } from './text/times.ts';
import { version } from './version.ts';

interface Verb {
  readonly name: string;
  /** Its line in the list of `reseed --help`. */
  readonly summary: string;
  /** Not in that list: no operator types it. */
  readonly isHidden?: true;
  readonly load: () => Promise<Command>;
}

const verbs: readonly Verb[] = [
  {
    name: 'console',
    summary: 'the fleet on the screen, alive: what opens when no verb is named',
    load: async () => (await import('./console/console.ts')).consoleCommand(),
  },
  {
    name: 'replay',
    summary: 'a recorded console again: reseed --record FILE records one',
    load: async () => (await import('./console/replay.ts')).replayCommand(),
  },
  {
    name: 'status',
    summary: 'what every host is doing, and what is wrong with it',
    load: async () => (await import('./commands/hosts/status/status.ts')).statusCommand(),
  },
  {
    name: 'init',
    summary: 'write a first inventory, from one server and all that it replicates with',
    load: async () => (await import('./commands/hosts/init.ts')).initCommand(),
  },
  {
    name: 'check',
    summary: 'whether reseed can do its work on every host, and where not, what to do',
    load: async () => (await import('./commands/hosts/check.ts')).checkCommand(),
  },
  {
    name: 'log',
    summary: 'the error log of a host: its last lines, or as it grows',
    load: async () => (await import('./commands/hosts/log.ts')).logCommand(),
  },
  {
    name: 'processes',
    summary: 'the sessions of a server: what runs, for how long, and its open transactions',
    load: async () => (await import('./commands/hosts/processes.ts')).processesCommand(),
  },
  {
    name: 'start',
    summary: 'start the server of a host, and wait until it takes connections',
    load: async () => (await import('./commands/jobs/service.ts')).serviceCommand('start'),
  },
  {
    name: 'stop',
    summary: 'stop the server of a host, and wait until no process of it is left',
    load: async () => (await import('./commands/jobs/service.ts')).serviceCommand('stop'),
  },
  {
    name: 'restart',
    summary: 'stop the server of a host and start it again',
    load: async () => (await import('./commands/jobs/service.ts')).serviceCommand('restart'),
  },
  {
    name: 'snapshot',
    summary: 'LVM snapshots of datadirs: take, list, mount, unmount, remove',
    load: async () => (await import('./commands/jobs/snapshot/snapshot.ts')).snapshotCommand(),
  },
  {
    name: 'seed',
    summary: "give hosts a donor's data, and make them replicas",
    load: async () => (await import('./commands/jobs/seed/seed.ts')).seedCommand(),
  },
  {
    name: 'run',
    summary: 'run a command of the inventory on a host; without its name: which there are',
    load: async () => (await import('./commands/jobs/run-custom.ts')).runCommand(),
  },
  {
    name: 'methods',
    summary: 'how a host can be seeded from another, and why not by the other methods',
    load: async () => (await import('./commands/jobs/seed/methods.ts')).methodsCommand(),
  },
  {
    name: 'salvage',
    summary: 'after a primary died: what the logs of a replica have that another lacks; apply it there',
    load: async () => (await import('./commands/jobs/salvage/salvage.ts')).salvageCommand(),
  },
  {
    name: 'proof',
    summary: 'prove that a snapshot restores: start a server on a copy of it, and read its tables',
    load: async () => (await import('./commands/jobs/proof.ts')).proofCommand(),
  },
  {
    name: 'report',
    summary: 'what happened in a job, for those who were not there; evidence of proofs, for auditors',
    load: async () => (await import('./commands/report/report.ts')).reportCommand(),
  },
  {
    name: 'unlock',
    summary: "take a host's lock from a job that will not come back",
    load: async () => (await import('./commands/jobs/unlock.ts')).unlockCommand(),
  },
  {
    name: 'clean',
    summary: 'take away what reseed left on a host, and only that',
    load: async () => (await import('./commands/jobs/clean.ts')).cleanCommand(),
  },
  {
    name: 'jobs',
    summary: 'what runs, what has run, who asked for it and how it ended',
    load: async () => (await import('./commands/jobs/job/jobs.ts')).jobsCommand(),
  },
  {
    name: 'job',
    summary: 'one job: show it, watch it, end it, resume it',
    load: async () => (await import('./commands/jobs/job/job.ts')).jobCommand(),
  },
  {
    name: 'schedule',
    summary: 'jobs at the times of the inventory: which, when next, how they ended',
    load: async () => (await import('./commands/schedule/schedule.ts')).scheduleCommand(),
  },
  {
    name: 'notify',
    summary: 'who is told of jobs, schedules and alerts, and whether it arrives: list, test',
    load: async () => (await import('./commands/notify/notify.ts')).notifyCommand(),
  },
  {
    name: 'rule',
    summary: 'replicas whose recovery a rule of the inventory has planned, or begins: list, enable, disable',
    load: async () => (await import('./commands/rule.ts')).ruleCommand(),
  },
  {
    name: 'metrics',
    summary: 'figures of jobs, schedules and hosts, as OpenMetrics text',
    load: async () => (await import('./commands/metrics.ts')).metricsCommand(),
  },
  {
    name: 'history',
    summary: 'jobs shared with other jump hosts in a MySQL or MariaDB: join, leave, what waits',
    load: async () => (await import('./commands/history/history.ts')).historyCommand(),
  },
  {
    name: 'trust',
    summary: 'show the ssh keys of a host, and add them to known_hosts',
    load: async () => (await import('./commands/hosts/trust.ts')).trustCommand(),
  },
  {
    name: 'sudoers',
    summary: 'print the sudo rule that hosts need where reseed does not log in as root',
    load: async () => (await import('./commands/hosts/sudoers.ts')).sudoersCommand(),
  },
  {
    name: 'import-agent',
    summary: 'inventory lines for a configuration of orchestrator-agent',
    load: async () => (await import('./commands/hosts/import-agent.ts')).importAgentCommand(),
  },
  {
    name: 'drill',
    summary: 'a practice fleet: six real hosts, with real LVM, on this machine',
    load: async () => (await import('./commands/drill/drill.ts')).drillCommand(),
  },
  {
    name: 'completion',
    summary: 'what bash, zsh or fish read to complete verbs, hosts, snapshots and job numbers',
    load: async () => (await import('./commands/completion/completion.ts')).completionCommand(),
  },
  {
    name: 'version',
    summary: 'which reseed this is, and on which Node it runs',
    load: async () => (await import('./commands/version.ts')).versionCommand(),
  },
  {
    name: 'complete',
    summary: 'for the completion of a shell',
    isHidden: true,
    load: async () => (await import('./commands/completion/complete.ts')).completeCommand(programOf),
  },
];

/** The verb that runs if none is named; the options are then its own. */
const defaultVerb = 'console';

function askedVerb([first, second]: readonly string[]): string | undefined {
  if (first === undefined || first.startsWith('-')) return defaultVerb;
  return first === 'help' ? second : first;
}

/** `reseed --inventory FILE seed db2 db3`: moved after the verb's own words, since each verb with hosts knows the option. */
function inventoryLast(words: readonly string[]): readonly string[] {
  const [first = '', second = ''] = words;
  const taken = first === '--inventory' ? 2 : first.startsWith('--inventory=') ? 1 : 0;
  const rest = words.slice(taken);
  const verb = rest[0] ?? '';
  // A drill has its own inventory, and the words after its exec and ssh are not ours. Without a verb they are the
  // console's.
  if (taken === 0 || verb === 'drill' || !verbs.some(({ name }) => name === verb)) return words;
  const end = rest.includes('--') ? rest.indexOf('--') : rest.length;
  return [...rest.slice(0, end), first, ...(taken === 2 ? [second] : []), ...rest.slice(end)];
}

/** `reseed job 4`, which is `reseed job show 4`; `job jump2:4`; `report 4`, `report --html 4`. */
function jobShown(words: readonly string[]): readonly string[] {
  const [verb = '', ...rest] = words;
  const job = rest.find((word) => !word.startsWith('-')) ?? '';
  if (!/^(?:[\w.-]+:)?\d+$/.test(job)) return words;
  if (verb === 'job') return [verb, 'show', ...rest];
  return verb === 'report' ? [verb, 'job', ...rest] : words;
}

/** Only verbs that are asked for are loaded. */
async function addVerbs(program: Command, isAsked: (verb: string) => boolean): Promise<void> {
  for (const { name, summary, isHidden = false, load } of verbs) {
    const command = isAsked(name) ? await load() : new Command(name);
    const isDefault = name === defaultVerb && isAsked(name);
    program.addCommand(command.summary(summary), { isDefault, hidden: isHidden });
  }
  takeUtc(program);
}

/** For completion. */
async function programOf(words: readonly string[]): Promise<Command> {
  const program = new Command('reseed').version(version);
  const asked = verbs.find(({ name }) => name === jobShown(inventoryLast(words))[0])?.name ?? defaultVerb;
  await addVerbs(program, (name) => name === asked);
  return program;
}

/** With all that every verb takes, for the page of `man`. */
export async function wholeProgram(): Promise<Command> {
  const program = emptyProgram();
  await addVerbs(program, () => true);
  return program;
}

const emptyProgram = (): Command =>
  new Command('reseed')
    .description('An operator console for MySQL and MariaDB fleets.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      '\nWithout a verb: the console (--read-only, --inventory FILE, --record FILE, --utc, --ascii, --screen-reader); its help: reseed console --help' +
        '\nExit codes: 0 done, 1 failed, 2 usage, 3 refused by a check, 4 unreachable, 130 interrupted',
    );

/** `reseed status | head -3`: the reader of the pipe ended early, which is no failure. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.done);
  });
}

export async function runCli(argv: readonly string[]): Promise<void> {
  const program = emptyProgram();
  const words = jobShown(inventoryLast(argv.slice(2)));
  const asked = askedVerb(words);
  // The console has a terminal, and ends in other ways.
  if (asked !== defaultVerb && asked !== 'replay') endWithReader();
  await addVerbs(program, (name) => name === asked);
  overrideExits(program);
  refuseOptionsAsValues(program);
  program.hook('preAction', (_, action) => {
    if (action.opts().utc === true) showUtc();
    return sayAbandoned(asked);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const eaten = error.code === 'commander.missingArgument' ? eatenText(words) : undefined;
    if (eaten !== undefined) process.stderr.write(`reseed: ${eaten}\n`);
    exitWith(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
  }
}

/** `seed db1 db2 --snapshot --standalone`, where a name was forgotten, or a variable is empty: commander takes the next option for it. */
function refuseOptionsAsValues(command: Command): void {
  for (const option of command.options) if (option.required) refuseOption(option);
  for (const sub of command.commands) refuseOptionsAsValues(sub);
}

function refuseOption(option: Option): void {
  const { parseArg, variadic, defaultValue } = option;
  option.argParser((value: string, previous: unknown) => {
    if (/^--[a-z]/.test(value)) throw new InvalidArgumentError('The value is missing: that is another option.');
    if (parseArg) return parseArg(value, previous);
    if (!variadic) return value;
    return Array.isArray(previous) && previous !== defaultValue ? [...previous, value] : [value];
  });
}

/** Every verb takes --utc, since any of them may print a time. A drill's output has no times. */
function takeUtc(command: Command): void {
  for (const sub of command.commands) {
    if (sub.name() === 'drill') continue;
    if (sub.commands.length === 0) sub.option('--utc', "times in UTC, in place of this machine's zone");
    takeUtc(sub);
  }
}

const quiet = [
  ...[defaultVerb, 'replay', 'job', 'jobs', 'schedule', 'notify', 'history', 'drill'],
  ...['completion', 'complete', 'version'],
];

/**
 * The console shows them on its screen; `job` and `jobs` list them; a drill does not need them. A tick of schedules would say them each minute.
 */
async function sayAbandoned(asked: string | undefined): Promise<void> {
  if (asked === 'jobs') return await sayFailing();
  if (asked === undefined || quiet.includes(asked)) return;
  const { abandonedLines } = await import('./operations/jobs/words/notice.ts');
  for (const line of abandonedLines()) process.stderr.write(`reseed: ${line}\n`);
}

/** What `jobs` does not list itself. */
async function sayFailing(): Promise<void> {
  const { failingLines } = await import('./operations/jobs/words/notice.ts');
  for (const line of failingLines()) process.stderr.write(`reseed: ${line}\n`);
}

/** commander ends the process with 1 for wrong words, in each subcommand for itself; ux.md's code for that is 2. */
function overrideExits(command: Command): void {
  command.exitOverride();
  command.showHelpAfterError('(--help shows what it takes)');
  for (const sub of command.commands) {
    overrideExits(sub);
  }
}
