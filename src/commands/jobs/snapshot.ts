// reseed snapshot create|list|mount|unmount|remove|prune.
import { Command } from 'commander';
import type { LogicalVolume } from '../../host/facts.ts';
import { isSnapshot } from '../../host/snapshots.ts';
import type { Planned } from '../../job/refusal.ts';
import { planSnapshot } from '../../snapshot/create.ts';
import { type ManageWish, planMount, planRemove, planUnmount, toPrune } from '../../snapshot/manage.ts';
import { exampleText, exitCodes, printJson, printLine, tableLines } from '../answer.ts';
import { type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { type Asked, askHosts, newJobKey } from './ask.ts';
import { type BeginOptions, begin } from './begin.ts';
import { whoIsHere } from './desk.ts';
import { jobFlags } from './flags.ts';
import { snapshotHeader, snapshotRows } from './snapshot-rows.ts';

type Options = HostOptions & BeginOptions;
interface PruneOptions extends Options {
  readonly keep?: string;
  readonly youngerThan?: string;
}

const defaultKeep = 3;
const dayMs = 86_400_000;

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
  const onSnapshot = (name: string, description: string, plan: (wish: ManageWish) => Planned) =>
    onHost(name, description)
      .argument('<snapshot>', 'its name, or group/name')
      .action((host: string, snapshot: string, options: Options) =>
        manage(host, plan, (volumes) => volumes.filter((volume) => isCalled(volume, snapshot)), options),
      );
  onHost('create', "a consistent snapshot of the datadir's volume").action(create);
  group
    .command('list')
    .description('the snapshots of every host, whoever made them')
    .argument('[host...]', 'hosts of the inventory; none: all')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .action(list);
  onSnapshot('mount', 'mount a snapshot read-only, in a folder of its own', planMount);
  onSnapshot('unmount', 'unmount a snapshot', planUnmount);
  onSnapshot('remove', 'remove one snapshot', planRemove);
  onHost('prune', "remove reseed's own snapshots, but for the newest")
    .option('--keep <n>', `how many stay (default: snapshot.keep of the inventory, or ${defaultKeep})`)
    .option('--younger-than <days>', 'those younger than so many days stay')
    .action(prune);
  return group.addHelpText(
    'after',
    exampleText(['reseed snapshot create db2', 'reseed snapshot list', 'reseed snapshot prune db2 --keep 2 --dry-run']),
  );
}

async function create(name: string, options: Options): Promise<void> {
  const [one] = (await askHosts([name], options)) ?? [];
  if (!one) return;
  const key = newJobKey();
  const who = whoIsHere();
  const planned = planSnapshot({ host: one.host, report: one.report, job: key, who, nowMs: Date.now() });
  await begin({ planned, key, who, targets: [one.target], impact: [], name }, options);
}

async function prune(name: string, options: PruneOptions): Promise<void> {
  const rule = pruneRule(options);
  if (!rule) {
    process.stderr.write('reseed: --keep takes a whole number, and --younger-than a number of days\n');
    process.exitCode = exitCodes.usage;
    return;
  }
  await manage(
    name,
    planRemove,
    (volumes, { host, report }) => {
      const kept = rule === 'inventory' ? { keep: host.snapshot.keep ?? defaultKeep } : rule;
      const nowMs = report.system?.ok ? report.system.value.clockMs : Date.now();
      return toPrune(volumes, kept, nowMs);
    },
    options,
  );
}

function pruneRule({
  keep,
  youngerThan,
}: PruneOptions): { keep: number } | { youngerThanMs: number } | 'inventory' | undefined {
  if (keep === undefined && youngerThan === undefined) return 'inventory';
  if (keep !== undefined) return /^\d{1,4}$/.test(keep) ? { keep: Number(keep) } : undefined;
  return /^\d{1,4}(\.\d+)?$/.test(youngerThan ?? '') ? { youngerThanMs: Number(youngerThan) * dayMs } : undefined;
}

async function manage(
  name: string,
  plan: (wish: ManageWish) => Planned,
  pick: (volumes: readonly LogicalVolume[], asked: Asked) => readonly LogicalVolume[],
  options: Options,
): Promise<void> {
  const [one] = (await askHosts([name], options)) ?? [];
  if (!one) return;
  const key = newJobKey();
  const who = whoIsHere();
  const { lvm } = one.report;
  const planned: Planned = lvm?.ok
    ? plan({ host: one.host, snapshots: pick(lvm.value.volumes.filter(isSnapshot), one), job: key, who })
    : { ok: false, message: `the volumes of ${name} are not known: ${lvm?.why ?? 'it was not asked'}`, advice: '' };
  await begin({ planned, key, who, targets: [one.target], impact: [], name }, options);
}

const isCalled = ({ group, volume }: LogicalVolume, name: string) => name === volume || name === `${group}/${volume}`;

async function list(names: string[], options: HostOptions): Promise<void> {
  const asked = await askHosts(names, options);
  if (!asked) return;
  const rows = snapshotRows(asked);
  if (options.json) printJson('snapshots', { snapshots: rows.map(({ json }) => json) });
  else if (rows.length === 0) printLine('no snapshots');
  else
    for (const line of tableLines(
      snapshotHeader,
      rows.map(({ cells }) => cells),
    ))
      printLine(line);
}
