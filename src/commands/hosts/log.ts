// reseed log: the error log of a host, its last lines or followed. Lines go to stdout. Messages about the log and the
// connection go to stderr, so that a pipe gets only the log.
import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { lineKey } from '../../fleet/alerts/error-log.ts';
import { ringLines } from '../../fleet/log/follow.ts';
import { type LogSource, readLog } from '../../fleet/log/reader.ts';
import { type MinimumSeverity, minimumSeverities } from '../../fleet/log/severity.ts';
import type { LogEntry } from '../../fleet/log/view.ts';
import type { LogLine } from '../../host/facts.ts';
import { isCorruption } from '../../host/log/corruption.ts';
import { jobHome } from '../../job/journal/home.ts';
import { keepMarks, readMarks } from '../../operations/hosts/marks.ts';
import { readReports } from '../../operations/hosts/reports.ts';
import { targetOf } from '../../operations/hosts/target-of.ts';
import { refused, type Trouble } from '../../remote/failure.ts';
import { openRemotes } from '../../remote/open.ts';
import { scriptText } from '../../scripts/script.ts';
import { exampleText, exitCodes, exitWith, printFailure } from '../answer.ts';
import { logPrinter } from './log-print.ts';
import { untilSignalled } from './signals.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from './targets.ts';

interface LogOptions extends HostOptions {
  readonly follow?: boolean;
  readonly lines: number;
  readonly severity?: MinimumSeverity;
  readonly markSeen?: boolean;
}

export function logCommand(): Command {
  return new Command('log')
    .description('the error log of a host: its last lines, or as it grows')
    .argument('<host>', 'a host of the inventory')
    .option('-f, --follow', 'go on with what is added, through rotation, truncation and lost connections')
    .option('-n, --lines <count>', `how many last lines to begin with, ${ringLines} at most`, lineCount, 50)
    .addOption(
      new Option('--severity <least>', 'of these, only lines at least so grave, and lines that name none').choices(
        minimumSeverities,
      ),
    )
    .option(
      '--mark-seen',
      'mark as seen the reports of corrupt data that are an alert of this host, and those among these lines',
    )
    .option(...inventoryFlag)
    .option('--json', 'a JSON object a line')
    .addHelpText(
      'after',
      exampleText([
        'reseed log db1',
        'reseed log db1 -f --severity warning',
        'reseed log db1 -n 500 --mark-seen',
        'reseed log db1 -n 1000 --json | jq -r \'select(.severity == "error") | .text\'',
      ]),
    )
    .action(log);
}

function lineCount(words: string): number {
  const count = Number(words);
  if (/^\d{1,6}$/.test(words) && count <= ringLines) return count;
  throw new InvalidArgumentError(`Write a number, ${ringLines} at most.`);
}

async function log(name: string, options: LogOptions): Promise<void> {
  const chosen = await chooseHosts([name], options);
  const host = chosen?.hosts[0];
  if (!chosen || !host) return;
  const script = await scriptText('follow-log');
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(targetOf(host, chosen.inventory));
  const source = {
    remote,
    script,
    mark: () => randomBytes(16).toString('hex'),
    mysql: host.mysql,
    lines: options.lines,
    follow: options.follow ?? false,
    limit: ringLines,
    whenFull: 'wait',
  } as const;
  exitWith(await untilSignalled((signal) => read(source, options, signal)));
  await remote.close();
  await remotes.close();
}

/** Prints until everything has come, `signal` aborts, or the host can't be reached. Returns the exit code. */
async function read(source: LogSource, options: LogOptions, signal: AbortSignal): Promise<number> {
  const host = source.remote.host;
  const printer = logPrinter(host, options);
  const enough = Promise.withResolvers<void>();
  let trouble: Trouble | undefined;
  let followed = false;
  const marked: string[] = [];
  signal.addEventListener('abort', () => enough.resolve(), { once: true });

  const reading = readLog(source, (update) => {
    if (signal.aborted) return;
    const missing = source.follow ? undefined : update.entries.find(isNoFile);
    if (missing) trouble = noFile(update.path ?? '', missing);
    else {
      printer.print(update);
      marked.push(...update.entries.filter(isCorruption).map(lineKey));
    }
    const { link } = update;
    followed ||= link.state === 'following';
    // If the host was never reached, the failure is the answer. After a lost connection the log is retried.
    if (link.state === 'failed' && (!followed || link.retryAtMs === undefined)) {
      trouble = link.failure;
      enough.resolve();
    }
  });
  await Promise.race([enough.promise, reading.ended]);
  await reading.close();
  if (options.markSeen) {
    const home = jobHome(process.env);
    const before = new Set(readMarks(home.seen).get(host));
    const unmarked = (readReports(home.reported).get(host) ?? []).filter((line) => !before.has(lineKey(line)));
    marked.push(...alsoReported(host, unmarked, marked));
    const why = keepMarks(home.seen, new Map([[host, marked]]));
    if (why !== undefined) trouble ??= refused(`what was seen can't be kept: ${why}`, '');
  }
  if (!trouble) return exitCodes.done;
  tell(host, trouble, options);
  return exitCodeOf(trouble);
}

/** Alerts of this host that are not among the printed lines: they are printed before they are marked. */
function alsoReported(host: string, reports: readonly LogLine[], shown: readonly string[]): readonly string[] {
  const keys = reports.map(lineKey).filter((key) => !shown.includes(key));
  for (const key of keys) process.stderr.write(`reseed: ${host}: reported before these lines, and marked: ${key}\n`);
  return keys;
}

const isNoFile = ({ event }: LogEntry) => event === 'absent' || event === 'unreadable';

function noFile(path: string, { event }: LogEntry): Trouble {
  const message = event === 'absent' ? `${path} does not exist` : `${path} cannot be read as a file`;
  return refused(message, 'set mysql.errorLog in the inventory to where the log is');
}

function tell(host: string, { kind, message, advice }: Trouble, { json }: LogOptions): void {
  printFailure(json, { error: kind, message, advice, host });
}

/** As in reseed check: a failure before or during login means that the host was not reached. */
function exitCodeOf({ kind }: Trouble): number {
  const reached = kind === 'sudo' || kind === 'exit' || kind === 'parse' || kind === 'refused';
  return reached ? exitCodes.failed : exitCodes.unreachable;
}
