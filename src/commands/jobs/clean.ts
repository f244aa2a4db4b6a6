// reseed clean HOST: removes what reseed left on a host.
import { Command } from 'commander';
import { nothingGoesText } from '../../clean/kept.ts';
import { planCleaning } from '../../clean/plan.ts';
import { present } from '../../host/known.ts';
import type { Leftovers } from '../../host/leftovers/leftovers.ts';
import { datadirOf } from '../../host/storage/datadir.ts';
import type { Host } from '../../inventory/settings.ts';
import { findLeftovers } from '../../operations/hosts/leftovers.ts';
import { author } from '../../operations/jobs/job-store.ts';
import { receiversOf } from '../../operations/notify/receivers.ts';
import { confirmOf } from '../../operations/plans/confirm.ts';
import { roleFinding } from '../../operations/plans/draft.ts';
import { openRemotes } from '../../remote/open.ts';
import type { RemoteTarget } from '../../remote/remote.ts';
import { volumeOf } from '../../snapshot/create.ts';
import { exampleText, exitCodes, exitWith, printJson, printLine, printRefusal } from '../answer.ts';
import { type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { refusedYes } from './agree.ts';
import { askHosts } from './ask.ts';
import { type BeginOptions, begin, keptLine } from './begin.ts';
import { jobFlags } from './flags.ts';
import { jobsAtStake } from './job/open-store.ts';

interface CleanOptions extends HostOptions, BeginOptions {
  readonly snapshots?: boolean;
}

export function cleanCommand(): Command {
  const command = new Command('clean')
    .description(
      'take away what reseed left on a host, and only that: lock, units, mounts, snapshots without coordinates, files',
    )
    .argument('<host>', 'a host of the inventory')
    .option(...inventoryFlag)
    .option('--snapshots', 'its snapshots with coordinates as well, and those that are proved to restore')
    .addHelpText(
      'after',
      exampleText(['reseed clean db3 --dry-run', 'reseed clean db3', 'reseed clean db3 --snapshots --yes=db3']),
    )
    .action(clean);
  return jobFlags(command);
}

async function clean(name: string, options: CleanOptions): Promise<void> {
  if (refusedYes(options, name)) return;
  const jobs = jobsAtStake(options.json);
  const [one] = (jobs && (await askHosts([name], options))) ?? [];
  if (!jobs || !one) return;
  const { host, report, target } = one;
  const datadir = datadirOf(report) ?? '';
  const found = await find(target, host, datadir, options);
  if (!found) return;
  const { key, who } = author();
  const datadirVolume = report.lvm?.ok ? volumeOf(host, report.lvm.value) : undefined;
  const cleaning = planCleaning({
    host,
    found,
    datadir,
    ...present('datadirVolume', datadirVolume),
    ...jobs,
    snapshots: options.snapshots ?? false,
    job: key,
    who,
  });
  const { planned, kept, impact } = cleaning;
  if (planned) {
    const receivers = receiversOf([host]);
    const draft = {
      planned,
      key,
      targets: [target],
      who,
      impact,
      name,
      kept,
      checks: [roleFinding(one)],
      receivers,
      ...confirmOf([host]),
    };
    await begin(draft, options);
    return;
  }
  sayNothingGoes(name, found, kept, options);
}

function sayNothingGoes(name: string, found: Leftovers, kept: readonly string[], { json }: CleanOptions): void {
  if (found.unread.length > 0) exitWith(exitCodes.failed);
  if (json) {
    printJson('clean', { host: name, plan: null, kept });
    return;
  }
  printLine(nothingGoesText(name, found, kept));
  for (const sentence of kept) printLine(keptLine(sentence));
}

async function find(
  target: RemoteTarget,
  host: Host,
  datadir: string,
  { json }: CleanOptions,
): Promise<Leftovers | undefined> {
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(target);
  const found = await findLeftovers(remote, host, datadir);
  await remote.close();
  await remotes.close();
  if (found.ok) return found.value;
  exitWith(printRefusal(json, found.refusal));
  return undefined;
}
