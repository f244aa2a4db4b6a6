// reseed schedule uninstall: shows what it removes, and asks.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { inventoryCandidates } from '../../inventory/inventory.ts';
import type { TickerKind } from '../../operations/schedules/install.ts';
import { inventoryPath } from '../../operations/schedules/inventory-path.ts';
import { isUninstalled, planUninstall, type Uninstalling, uninstall } from '../../operations/schedules/uninstall.ts';
import { exitCodes, exitWith, printFailure, printJson, printLine, printRefusal } from '../answer.ts';
import type { HostOptions } from '../hosts/targets.ts';
import { agreed, type PlanLine } from '../jobs/agree.ts';
import { readSchedules } from './read-schedules.ts';

export interface UninstallOptions extends HostOptions {
  readonly by?: TickerKind;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function uninstallTimer(options: UninstallOptions): Promise<void> {
  const inventory = await installedPath(options);
  if (inventory === undefined) return;
  const planned = await planUninstall({ inventory, ...(options.by && { kind: options.by }) });
  if (!planned.ok) return exitWith(printRefusal(options.json, planned.refusal));
  const lines = linesOf(planned.value);
  if (options.dryRun && options.json) return say(options, planned.value, '');
  if (isUninstalled(planned.value)) {
    if (!options.json) for (const { text } of lines) printLine(text);
    return say(options, planned.value, 'nothing of this inventory is installed: nothing was done');
  }
  if (options.dryRun) for (const { text } of lines) printLine(text);
  else await removeAgreed(planned.value, lines, options);
}

/** It may be broken, or gone: only where it is not clear which one is meant it is read, and what is printed then says so. */
async function installedPath(options: HostOptions): Promise<string | undefined> {
  const files = inventoryCandidates({
    flag: options.inventory,
    environment: { ...process.env, HOME: process.env.HOME || homedir() },
    workingDirectory: process.cwd(),
  });
  const there = files.filter(({ path, namedBy }) => namedBy !== undefined || existsSync(path));
  const [only, another] = there;
  if (only && another === undefined && only.shown !== '') return inventoryPath({ file: only.shown });
  return (await readSchedules(options))?.path;
}

async function removeAgreed(uninstalling: Uninstalling, lines: PlanLine[], options: UninstallOptions): Promise<void> {
  const why = await agreed({ sentences: [], name: '', yes: options.yes, lines, json: options.json });
  if (why) {
    exitWith(exitCodes.refused);
    return printFailure(options.json, { error: 'refused', ...why });
  }
  const done = await uninstall(uninstalling);
  if (!done.ok) return exitWith(printRefusal(options.json, done.refusal));
  say(options, uninstalling, 'removed: nothing looks at these schedules any more; jobs that they began go on');
}

const line = (text: string): PlanLine => ({ text, isToRead: false });

function say({ json }: UninstallOptions, { files, lines, before, after, kept }: Uninstalling, text: string): void {
  if (json) printJson('schedule-uninstall', { files, lines, commands: [...before, ...after], kept });
  else printLine(text);
}

/** Exactly what is removed, and run, in its order. */
const linesOf = ({ files, lines, before, after, kept }: Uninstalling): PlanLine[] => [
  ...before.map((words) => line(`$ ${words.join(' ')}`)),
  ...files.map((path) => line(`removed: ${path}`)),
  ...after.map((words) => line(`$ ${words.join(' ')}`)),
  ...(lines.length > 0 ? [line('out of the crontab of this account:'), ...lines.map((one) => line(`    ${one}`))] : []),
  ...kept.map((sentence) => ({ text: `! stays: ${sentence}`, isToRead: true })),
];
