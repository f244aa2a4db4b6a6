// reseed history: the jobs of this account, shared with other jump hosts in a MySQL or MariaDB.
import { Command, InvalidArgumentError } from 'commander';
import { type JumpHost, jumpHosts } from '../../history/read.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import { holdFile } from '../../job/lease/alive.ts';
import { askHistory } from '../../operations/history/ask.ts';
import { joinHistory } from '../../operations/history/join.ts';
import { awayLine, settingsOf, storeText, waitText } from '../../operations/history/joined.ts';
import { sendHistory } from '../../operations/history/sender.ts';
import { startSender } from '../../operations/history/start-sender.ts';
import type { JobStore } from '../../operations/jobs/job-store.ts';
import { diskTrouble } from '../../operations/jobs/job-trouble.ts';
import { inventoryPath } from '../../operations/schedules/inventory-path.ts';
import { shortDuration } from '../../text/amounts.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, printRefusal } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { openJobStore } from '../jobs/job/open-store.ts';

interface JoinOptions extends HostOptions {
  readonly as?: string;
}

export function historyCommand(): Command {
  const group = new Command('history').description(
    'jobs shared with other jump hosts, in a MySQL or MariaDB (history)',
  );
  group
    .command('status', { isDefault: true })
    .description('where the jobs of this account are shared, who else does, what waits to be sent')
    .option('--json', 'answer in JSON')
    .action((options: HostOptions) => inStore(options, (store) => status(store, options)));
  group
    .command('join')
    .description(
      "share this account's jobs in the database of the inventory (history); makes its tables, or changes them",
    )
    .option('--as <name>', 'the name of this jump host there; left out: that of this machine', nameFrom)
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .action((options: JoinOptions) => inStore(options, (store) => join(store, options)));
  group
    .command('leave')
    .description('share no more; what was sent stays there')
    .option('--json', 'answer in JSON')
    .action((options: HostOptions) => inStore(options, (store) => leave(store, options)));
  group.command('send', { hidden: true }).action(() => inStore({}, send));
  return group.addHelpText(
    'after',
    exampleText(['reseed history join', 'reseed history', 'reseed jobs', 'reseed job show jump2:4']),
  );
}

function nameFrom(text: string): string {
  if (/^[\w.-]{1,60}$/.test(text) && /[^\d]/.test(text)) return text;
  throw new InvalidArgumentError('Letters, digits, . _ and -, not digits alone.');
}

async function inStore(options: HostOptions, work: (store: JobStore) => void | Promise<void>): Promise<void> {
  const store = openJobStore(options.json);
  if (!store) return;
  try {
    await work(store);
  } catch (error) {
    const message = `the journal of jobs can't be used: ${diskTrouble(error)}`;
    exitWith(exitCodes.failed);
    printFailure(options.json, { error: 'failed', message, advice: '' });
  } finally {
    store.journal.close();
  }
}

async function join(store: JobStore, options: JoinOptions): Promise<void> {
  const chosen = await chooseHosts([], options);
  if (!chosen) return;
  const { inventory } = chosen;
  const path = inventoryPath(inventory);
  if (!inventory.history) {
    const advice = 'write history: mysql://HOST:PORT/DATABASE there';
    exitWith(exitCodes.usage);
    return printFailure(options.json, { error: 'usage', message: `${path} names no history`, advice });
  }
  const joined = await joinHistory(store, {
    settings: inventory.history,
    path,
    ...(options.as !== undefined && { name: options.as }),
  });
  if (!joined.ok) return exitWith(printRefusal(options.json, joined.refusal));
  startSender(store);
  const { name, store: where, tablesBefore } = joined.value;
  const waiting = store.journal.sharing.waiting();
  if (options.json) return printJson('history', { name, store: where, waiting });
  if (tablesBefore === 0) printLine(`made the tables of reseed in ${where}`);
  printLine(`jobs of this account are shared in ${where}; this jump host is ${name} there, and its job N is ${name}:N`);
}

function leave({ journal }: JobStore, options: HostOptions): void {
  const joined = journal.sharing.joined();
  const waiting = journal.sharing.waiting();
  if (joined) journal.sharing.leave();
  if (options.json) printJson('history', { name: null, unsent: waiting });
  else if (!joined) printLine("this account's jobs are shared with no other jump host");
  else {
    const where = storeText(settingsOf(joined));
    const unsent = waiting === 0 ? '' : `; not sent: ${waiting} changes`;
    printLine(`the jobs of ${joined.name} are shared no more; what was sent stays in ${where}${unsent}`);
  }
}

async function status(store: JobStore, { json }: HostOptions): Promise<void> {
  const joined = store.journal.sharing.joined();
  if (!joined) {
    const unshared = { name: null, store: null, waiting: store.journal.sharing.waiting(), away: null, jumpHosts: [] };
    if (json) printJson('history', unshared);
    else {
      printLine("this account's jobs are shared with no other jump host");
      printLine('history: in the inventory and reseed history join begin that');
    }
    return;
  }
  startSender(store);
  const asked = await askHistory(store, async (database) => await jumpHosts(database));
  const hosts = asked.ok ? asked.value : [];
  (json ? printStatusJson : printStatus)(store, joined, hosts);
  if (!asked.ok) exitWith(exitCodes.unreachable);
}

function printStatusJson({ journal: { sharing } }: JobStore, joined: Joined, jumpHosts: readonly JumpHost[]): void {
  const { name } = joined;
  const store = storeText(settingsOf(joined));
  printJson('history', { name, store, waiting: sharing.waiting(), away: sharing.away() ?? null, jumpHosts });
}

function printStatus({ journal }: JobStore, joined: Joined, hosts: readonly JumpHost[]): void {
  printLine(`${joined.name} shares its jobs in ${storeText(settingsOf(joined))}`);
  printLine(awayLine(journal) ?? waitText(journal.sharing.waiting()));
  for (const { name, build, heardAgoMs } of hosts)
    printLine(`  ${name}  heard of ${shortDuration(heardAgoMs)} ago  reseed ${build}`);
}

/** The sender's own process; startSender starts it. */
async function send(store: JobStore): Promise<void> {
  const lock = holdFile(store.home.sender, 1000);
  // Another one was faster.
  if (!lock) return;
  try {
    exitWith(
      await untilSignalled(async (signal) => {
        await sendHistory(store, signal);
        return exitCodes.done;
      }),
    );
  } finally {
    lock.release();
  }
}
