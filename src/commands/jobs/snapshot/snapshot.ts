// reseed snapshot create|list|mount|unmount|remove|prune.

import { Command, InvalidArgumentError } from 'commander';
import { present } from '../../../host/known.ts';
import type { SnapshotSize } from '../../../inventory/settings.ts';
import { freeSpace } from '../../../inventory/values.ts';
import { author, pastJobs } from '../../../operations/jobs/job-store.ts';
import { draftOf, type JobRequest } from '../../../operations/plans/draft.ts';
import { defaultKeep } from '../../../operations/plans/prune.ts';
import type { PruneRule } from '../../../snapshot/prune.ts';
import { msIn } from '../../../text/amounts.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, tableLines } from '../../answer.ts';
import { type HostOptions, inventoryFlag } from '../../hosts/targets.ts';
import { refusedYes } from '../agree.ts';
import { askHosts, hearHosts, sayAway } from '../ask.ts';
import { type BeginOptions, begin } from '../begin.ts';
import { jobFlags } from '../flags.ts';
import { snapshotHosts } from './hosts.ts';
import { snapshotHeader, snapshotRows } from './snapshot-rows.ts';
import { unreadJson, volumesUntold } from './unread.ts';

type Options = HostOptions & BeginOptions;
interface PruneOptions extends Options {
  readonly keep?: string;
  readonly youngerThan?: string;
  readonly free?: SnapshotSize;
}

function freeOf(text: string): SnapshotSize {
  const read = freeSpace(text);
  if ('value' in read) return read.value;
  throw new InvalidArgumentError(read.instead);
}

/** Ten thousand days. */
const maxAgeMs = 10_000 * 86_400_000;

export function snapshotCommand(): Command {
  const group = new Command('snapshot').description('LVM snapshots of datadirs: take, list, mount, unmount, remove');
  const onHost = (name: string, description: string) =>
    jobFlags(
      group
        .command(name)
        .description(description)
        .argument('<host>', 'a host of the inventory')
        .option(...inventoryFlag),
    );
  const onSnapshot = (verb: 'mount' | 'unmount' | 'remove', description: string) =>
    onHost(verb, description)
      .argument('<snapshot...>', 'of each its name, group/name, or uuid')
      .addHelpText('after', exampleText([`reseed snapshot ${verb} db2 reseed-98b2537d-20261128T125504Z`]))
      .action((host: string, snapshots: string[], options: Options) => requested(host, { verb, snapshots }, options));
  onHost('create', "a consistent snapshot of the datadir's volume")
    .addHelpText('after', exampleText(['reseed snapshot create db2 --dry-run', 'reseed snapshot create db2']))
    .action((host: string, options: Options) => requested(host, { verb: 'snapshot' }, options));
  group
    .command('list')
    .description('the snapshots of every host, made by reseed or not')
    .argument('[host...]', 'hosts of the inventory; none: all')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .addHelpText('after', exampleText(['reseed snapshot list', 'reseed snapshot list db2 db3 --json']))
    .action(list);
  group
    .command('hosts')
    .description('the hosts that have snapshots to seed from, a name on a line, for scripts')
    .option('--datacenter <name>', 'of this datacenter alone')
    .option('--cluster <name>', 'of this cluster alone')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON: with the snapshots, and what commands of the inventory say')
    .addHelpText(
      'after',
      exampleText(['reseed snapshot hosts --cluster shop', "reseed snapshot hosts --json | jq -r '.hosts[].host'"]),
    )
    .action(snapshotHosts);
  onSnapshot('mount', 'mount snapshots read-only, each in a folder of its own');
  onSnapshot('unmount', 'unmount snapshots');
  onSnapshot('remove', 'remove snapshots by name');
  onHost('prune', "remove reseed's own snapshots, but for the newest")
    .option(
      '--keep <rule>',
      `how many stay: 3; or of how many periods the newest each: hourly=24,daily=7,weekly=4,monthly=6, and last=3 (default: snapshot.keep of the inventory, or ${defaultKeep})`,
    )
    .option(
      '--free <size>',
      'more go, the oldest first, until so much of the volume group or thin pool is free: 20%, 50G (default: snapshot.free of the inventory)',
      freeOf,
    )
    .option('--younger-than <time>', 'those younger than so many days stay, or than a time with its unit: 12h')
    .addHelpText(
      'after',
      exampleText([
        'reseed snapshot prune db2 --keep 2 --dry-run',
        'reseed snapshot prune db2 --keep hourly=24,daily=7 --yes=db2',
        'reseed snapshot prune db2 --younger-than 12h',
        'reseed snapshot prune db4 --free 20%',
      ]),
    )
    .action(prune);
  return group.addHelpText(
    'after',
    exampleText(['reseed snapshot create db2', 'reseed snapshot list', 'reseed snapshot prune db2 --keep 2 --dry-run']),
  );
}

async function requested(name: string, request: JobRequest, options: Options): Promise<void> {
  if (refusedYes(options, name)) return;
  const [one] = (await askHosts([name], options)) ?? [];
  if (one) await begin(draftOf(request, one, author(), pastJobs()), options);
}

async function prune(name: string, options: PruneOptions): Promise<void> {
  const rule = pruneRule(options);
  if (!rule) {
    exitWith(exitCodes.usage);
    const message =
      '--keep takes a whole number, or periods with numbers: hourly=24,daily=7; and --younger-than a number of days, or a time with its unit: 12h';
    printFailure(options.json, { error: 'usage', message, advice: '' });
    return;
  }
  const { free } = options;
  await requested(name, { verb: 'prune', ...(rule !== 'inventory' && { rule }), ...present('free', free) }, options);
}

function pruneRule({ keep, youngerThan }: PruneOptions): PruneRule | 'inventory' | undefined {
  if (keep === undefined && youngerThan === undefined) return 'inventory';
  if (keep !== undefined) return keepRule(keep);
  const youngerThanMs = msIn(youngerThan ?? '', 'd');
  return youngerThanMs !== undefined && youngerThanMs < maxAgeMs ? { youngerThanMs } : undefined;
}

function keepRule(text: string): PruneRule | undefined {
  if (/^\d{1,4}$/.test(text)) return { keep: Number(text) };
  const parts = text.split(',').map((part) => /^(last|hourly|daily|weekly|monthly)=(\d{1,4})$/.exec(part));
  if (parts.some((part) => part === null)) return undefined;
  return { keep: Object.fromEntries(parts.map((part) => [part?.[1], Number(part?.[2])])) };
}

/** A host that did not tell may have some. */
const noneText = (hosts: number, unread: number): string =>
  unread === 0 ? 'no snapshots' : `no snapshots on the hosts that told theirs (${hosts - unread} of ${hosts})`;

async function list(names: string[], options: HostOptions): Promise<void> {
  const heard = await hearHosts(names, options);
  if (!heard) return;
  const { asked, away } = heard;
  const unread = [...away, ...volumesUntold(asked)];
  sayAway(unread);
  if (unread.length > 0) exitWith(exitCodes.unreachable);
  const rows = snapshotRows(asked, new Map(pastJobs().map(({ key, id }) => [key, id])));
  if (options.json) {
    printJson('snapshots', { snapshots: rows.map(({ json }) => json), unread: unread.map(unreadJson) });
  } else if (rows.length === 0) printLine(noneText(asked.length + away.length, unread.length));
  else
    for (const line of tableLines(
      snapshotHeader,
      rows.map(({ cells }) => cells),
    ))
      printLine(line);
}
