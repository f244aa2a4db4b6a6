// reseed proof HOST: proves that a snapshot of its datadir restores.
import { Command, InvalidArgumentError } from 'commander';
import { present } from '../../host/known.ts';
import { partOfAll } from '../../inventory/values.ts';
import { author, pastJobs } from '../../operations/jobs/job-store.ts';
import type { Draft } from '../../operations/plans/draft.ts';
import { proofDraft } from '../../operations/proofs/draft.ts';
import type { Result } from '../../operations/result.ts';
import { openRemotes } from '../../remote/open.ts';
import { msIn } from '../../text/amounts.ts';
import { exampleText, exitCodes, exitWith, printRefusal } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { waitingLine } from '../hosts/waiting-line.ts';
import { refusedYes } from './agree.ts';
import { askHosts } from './ask.ts';
import { type BeginOptions, begin } from './begin.ts';
import { jobFlags } from './flags.ts';

interface Options extends HostOptions, BeginOptions {
  readonly snapshot?: string;
  readonly check?: number;
  readonly within?: number;
}

export function proofCommand(): Command {
  const command = new Command('proof')
    .description(
      'prove that a snapshot restores: a server is started on a writable copy of it, without a network, and its tables are checked and counted',
    )
    .argument('<host>', 'a host of the inventory')
    .option(
      '--snapshot <snapshot>',
      'its name, group/name, or uuid (default: the newest that can be used; without one, one is taken and removed again)',
    )
    .option(
      '--check <part>',
      'all tables, or as many as have so much of the bytes, drawn: all, 20% (default: all below 200G of data)',
      checkPart,
    )
    .option('--within <time>', 'give it up after this time: 90m, 12h (default: 12h)', timeOf)
    .option(...inventoryFlag)
    .addHelpText(
      'after',
      exampleText([
        'reseed proof db2',
        'reseed proof db2 --dry-run',
        'reseed proof db4 --snapshot vgcrm/nightly --check 20%',
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
  throw new InvalidArgumentError('write a time with its unit: 90m, 12h');
}

async function prove(name: string, options: Options): Promise<void> {
  if (refusedYes(options, name)) return;
  const [one] = (await askHosts([name], options)) ?? [];
  if (!one) return;
  const { snapshot, check, within } = options;
  const wanted = { ...present('snapshot', snapshot), ...present('check', check), ...present('limitMs', within) };
  const remotes = openRemotes({ environment: process.env });
  let drafted: Result<Draft> | undefined;
  const code = await untilSignalled(async (signal) => {
    const waiting = waitingLine(`asking ${name} for its data`, true);
    drafted = await proofDraft(wanted, one, author(), {
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
