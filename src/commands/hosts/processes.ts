// reseed processes: the sessions of a server with their statements and open transactions, once. Reads only.
import { Command } from 'commander';
import { askProcesses } from '../../fleet/processes/ask.ts';
import { maxLetters, secondsText, transactionsText } from '../../fleet/processes/words.ts';
import type { OpenTransaction, ProcessList, ServerSession } from '../../host/server/processes.ts';
import { targetOf } from '../../operations/hosts/target-of.ts';
import type { Trouble } from '../../remote/failure.ts';
import { openRemotes } from '../../remote/open.ts';
import { scriptText } from '../../scripts/script.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, tableLines } from '../answer.ts';
import { untilSignalled } from './signals.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from './targets.ts';

interface ProcessesOptions extends HostOptions {
  readonly all?: boolean;
  readonly full?: boolean;
}

export function processesCommand(): Command {
  return new Command('processes')
    .description('the sessions of a server: what runs, for how long, and its open transactions; nothing is changed')
    .argument('<host>', 'a host of the inventory')
    .option('-a, --all', 'also idle ones: sessions that sleep, and threads of the server that wait for work')
    .option('--full', 'statements up to 1024 letters, and not to 100')
    .option(...inventoryFlag)
    .option('--json', 'all sessions as JSON')
    .addHelpText(
      'after',
      exampleText([
        'reseed processes db1',
        'reseed processes db1 --all --full',
        "reseed processes db1 --json | jq '.sessions[] | select(.transaction.seconds > 60)'",
      ]),
    )
    .action(processes);
}

async function processes(name: string, options: ProcessesOptions): Promise<void> {
  const chosen = await chooseHosts([name], options);
  const host = chosen?.hosts[0];
  if (!chosen || !host) return;
  const script = await scriptText('processes');
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(targetOf(host, chosen.inventory));
  const code = await untilSignalled(async (signal) => {
    const answer = await askProcesses(remote, host, script, signal);
    if (answer.ok) return print(host.name, answer.list, options);
    const { kind, message, advice } = answer.trouble;
    printFailure(options.json, { error: kind, message, advice, host: host.name });
    return codeOf(answer.trouble);
  });
  await remote.close();
  await remotes.close();
  exitWith(code);
}

/** As in reseed log: a failure before or during login means that the host was not reached. */
function codeOf({ kind }: Trouble): number {
  const reached = kind === 'sudo' || kind === 'exit' || kind === 'parse' || kind === 'refused';
  return reached ? exitCodes.failed : exitCodes.unreachable;
}

function print(host: string, list: ProcessList, { all = false, full = false, json }: ProcessesOptions): number {
  if (json) printJson('processes', processesJson(host, list));
  else for (const line of processLines(host, list, { all, full })) printLine(line);
  return exitCodes.done;
}

/** `sessions` in the order of ProcessList. What is unknown is null; `transactions` too, with the reason in `transactionsUnknown`. */
export function processesJson(host: string, { sessions, count, asleep, transactions }: ProcessList): object {
  return {
    host,
    count,
    asleep,
    transactions: transactions.ok ? transactions.value.length : null,
    ...(!transactions.ok && { transactionsUnknown: transactions.why }),
    sessions: sessions.map(sessionJson),
  };
}

const sessionJson = (one: ServerSession) => ({
  id: one.id ?? null,
  user: one.user,
  host: one.host,
  db: one.db ?? null,
  command: one.command,
  seconds: one.seconds ?? null,
  state: one.state,
  statement: one.statement ?? null,
  letters: one.letters ?? null,
  idle: one.idle,
  transaction: one.transaction ? transactionJson(one.transaction) : null,
});

const transactionJson = (one: OpenTransaction) => ({
  id: one.id ?? null,
  state: one.state,
  seconds: one.seconds ?? null,
  waitsSeconds: one.waitsSeconds ?? null,
  rowsLocked: one.rowsLocked ?? null,
  rowsModified: one.rowsModified ?? null,
});

const shortLetters = 100;

export function processLines(
  host: string,
  { sessions, count, asleep, transactions }: ProcessList,
  { all, full }: { readonly all: boolean; readonly full: boolean },
): string[] {
  const shown = sessions.filter(({ idle }) => all || !idle);
  const hidden = sessions.length - shown.length;
  const rows = shown.map((one) => [
    one.id === undefined ? '–' : String(one.id),
    one.user || '–',
    one.host || '–',
    one.db ?? '–',
    one.command || '–',
    secondsText(one.seconds),
    one.transaction ? transactionText(one.transaction) : '–',
    one.state || '–',
    statementText(one, full ? Number.POSITIVE_INFINITY : shortLetters),
  ]);
  return [
    `${host}: ${count} sessions, ${asleep} asleep; ${transactionsText(transactions)}`,
    ...(rows.length > 0 ? tableLines(titles, rows) : []),
    ...(hidden > 0 ? [`${hidden} idle not shown (--all)`] : []),
    ...(count > sessions.length ? [`the first ${sessions.length} of ${count} came`] : []),
  ];
}

const titles = ['ID', 'USER', 'HOST', 'DB', 'COMMAND', 'TIME', 'TRANSACTION', 'STATE', 'STATEMENT'];

/** `19 s, 3 rows locked, 0 changed`. */
function transactionText({ seconds, waitsSeconds, rowsLocked, rowsModified, state }: OpenTransaction): string {
  const waits = waitsSeconds === undefined ? [] : [`waits for a lock ${secondsText(waitsSeconds)}`];
  const odd = state === 'RUNNING' || state === 'LOCK WAIT' ? [] : [state.toLowerCase()];
  return [
    secondsText(seconds),
    `${rowsLocked ?? '?'} rows locked`,
    `${rowsModified ?? '?'} changed`,
    ...waits,
    ...odd,
  ].join(', ');
}

function statementText({ statement, letters }: ServerSession, most: number): string {
  if (statement === undefined) return '–';
  const isCut = statement.length > most || (letters !== undefined && letters > maxLetters);
  return isCut ? `${statement.slice(0, most).toWellFormed()}…` : statement;
}
