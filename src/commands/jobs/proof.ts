// reseed proof HOST: proves that a snapshot of its datadir restores; with --rows, that a replica has the rows of its source.
import { Command, InvalidArgumentError } from 'commander';
import { present } from '../../host/known.ts';
import { partOfAll } from '../../inventory/values.ts';
import type { Asked } from '../../operations/hosts/ask.ts';
import { author, pastJobs } from '../../operations/jobs/job-store.ts';
import type { Draft } from '../../operations/plans/draft.ts';
import { proofDraft } from '../../operations/proofs/draft.ts';
import { rowsDraft } from '../../operations/proofs/rows-draft.ts';
import { askSource } from '../../operations/proofs/source-of.ts';
import type { Result } from '../../operations/result.ts';
import { openRemotes } from '../../remote/open.ts';
import { msIn } from '../../text/amounts.ts';
import { exampleText, exitCodes, exitWith, printFailure, printRefusal } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { waitingLine } from '../hosts/waiting-line.ts';
import { refusedYes } from './agree.ts';
import { askHosts } from './ask.ts';
import { type BeginOptions, begin } from './begin.ts';
import { jobFlags } from './flags.ts';

interface Options extends HostOptions, BeginOptions {
  readonly snapshot?: string;
  readonly on?: string;
  readonly check?: number;
  readonly within?: number;
  readonly rows?: true;
  readonly source?: string;
  readonly maxLag?: number;
  readonly maxLoad?: number;
}

/** Options of one of the two proofs alone. */
const ofRestore = ['snapshot', 'on', 'check', 'within'] as const;
const ofRows = ['source', 'maxLag', 'maxLoad'] as const;
const flagOf = {
  snapshot: '--snapshot',
  on: '--on',
  check: '--check',
  within: '--within',
  source: '--source',
  maxLag: '--max-lag',
  maxLoad: '--max-load',
};

export function proofCommand(): Command {
  const command = new Command('proof')
    .description(
      'prove that a snapshot restores: a server is started on a writable copy of it, without a network, and its tables are checked and counted; or, with --rows, that a replica has the rows of its source',
    )
    .argument('<host>', 'a host of the inventory')
    .option(
      '--snapshot <snapshot>',
      'its name, group/name, or uuid (default: the newest that can be used; without one, one is taken and removed again)',
    )
    .option(
      '--on <host>',
      'copy it to that host, beside what its server has, and start the server there; nothing of it is replaced, and the copy is removed',
    )
    .option(
      '--check <part>',
      'all tables, or as many as have so much of the bytes, drawn: all, 20% (default: all below 200G of data)',
      checkPart,
    )
    .option('--within <time>', 'give it up after this time: 90min, 12h (default: 12h)', timeOf)
    .option('--rows', 'compare the rows of this replica with those of its source, range by range, while both work')
    .option('--source <host>', 'with --rows: its source, where it is not known by its address or uuid')
    .option('--max-lag <time>', 'with --rows: wait while the replica lags by more (default: 10s)', timeOf)
    .option(
      '--max-load <threads>',
      'with --rows: wait while more threads run on one of the two (default: 25)',
      threadsOf,
    )
    .option(...inventoryFlag)
    .addHelpText(
      'after',
      exampleText([
        'reseed proof db2',
        'reseed proof db2 --dry-run',
        'reseed proof db4 --snapshot vgcrm/nightly --check 20%',
        'reseed proof --rows db3 --max-lag 5s',
        'reseed proof db2 --on db6 --dry-run',
      ]),
    )
    .action(prove);
  return jobFlags(command);
}

function checkPart(text: string): number {
  const read = partOfAll(text);
  if ('value' in read) return read.value;
  throw new InvalidArgumentError(read.instead);
}

function timeOf(text: string): number {
  const ms = msIn(text);
  if (ms !== undefined && ms >= 1000) return ms;
  throw new InvalidArgumentError('write a time with its unit (s, min, h or d): 10s, 90min, 12h');
}

function threadsOf(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('write a number of threads: 25');
}

async function prove(name: string, options: Options): Promise<void> {
  if (refusedYes(options, name) || refusedMix(options)) return;
  if (options.rows) {
    const [one] = (await askHosts([name], options)) ?? [];
    if (one) await proveRows(one, options);
  } else await proveRestores(name, options);
}

/** Sets the exit code. Returns true if refused. */
function refusedMix(options: Options): boolean {
  const [wrong] = (options.rows ? ofRestore : ofRows).filter((name) => options[name] !== undefined);
  if (wrong === undefined) return false;
  exitWith(exitCodes.usage);
  printFailure(options.json, {
    error: 'usage',
    message: `${flagOf[wrong]} is of the proof ${options.rows ? 'of restore, and not of rows' : 'of rows'}`,
    advice: options.rows ? 'leave one of the two out' : 'add --rows',
  });
  return true;
}

async function proveRows(replica: Asked, options: Options): Promise<void> {
  const { source: named, maxLag, maxLoad } = options;
  if (named !== undefined && !replica.inventory.hosts.some(({ name }) => name === named)) {
    exitWith(exitCodes.refused);
    printFailure(options.json, {
      error: 'refused',
      message: `no host of the inventory is called ${named}`,
      advice: '',
    });
    return;
  }
  let source: Asked | undefined;
  const code = await untilSignalled(async (signal) => {
    const waiting = waitingLine(`asking for the source of ${replica.host.name}`, true);
    source = await askSource(replica, named, { deadlineMs: sourceMs, signal });
    waiting.clear();
    return exitCodes.done;
  });
  if (code !== exitCodes.done) return exitWith(code);
  const wanted = {
    ...(maxLag !== undefined && { maxLagSeconds: Math.ceil(maxLag / 1000) }),
    ...(maxLoad !== undefined && { maxLoad }),
  };
  await begin(rowsDraft({ replica, ...(source && { source }) }, wanted, author(), pastJobs()), options);
}

const sourceMs = 30_000;

async function proveRestores(name: string, options: Options): Promise<void> {
  const { snapshot, on, check, within } = options;
  if (on === name) {
    const message = `${name} is the host of the snapshot: without --on it is proved there`;
    return exitWith(printRefusal(options.json, { kind: 'usage', message, advice: `reseed proof ${name}` }));
  }
  const asked = (await askHosts(on === undefined ? [name] : [name, on], options)) ?? [];
  const subjectOf = (wantedName: string | undefined) => asked.find(({ host }) => host.name === wantedName);
  const [host, scratch] = [subjectOf(name), subjectOf(on)];
  if (!host || (on !== undefined && !scratch)) return;
  const wanted = { ...present('snapshot', snapshot), ...present('check', check), ...present('limitMs', within) };
  const remotes = openRemotes({ environment: process.env });
  let drafted: Result<Draft> | undefined;
  const code = await untilSignalled(async (signal) => {
    const waiting = waitingLine(
      on === undefined ? `asking ${name} for its data` : `asking ${name} and ${on} for their data`,
      true,
    );
    drafted = await proofDraft(wanted, { host, ...present('on', scratch) }, author(), {
      open: (target) => remotes.open(target),
      signal,
      past: pastJobs(),
    });
    waiting.clear();
    return exitCodes.done;
  });
  await remotes.close();
  if (code !== exitCodes.done) return exitWith(code);
  if (drafted?.ok) await begin(drafted.value, options);
  else if (drafted) exitWith(printRefusal(options.json, drafted.refusal));
}
