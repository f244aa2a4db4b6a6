// reseed schedule install: shows what it writes, and asks.
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatProblem, loadInventory } from '../../inventory/inventory.ts';
import {
  type Installing,
  install,
  isInstalled,
  planInstall,
  type TickerKind,
} from '../../operations/schedules/install.ts';
import { exitCodes, exitWith, printFailure, printJson, printLine, printRefusal } from '../answer.ts';
import type { HostOptions } from '../hosts/targets.ts';
import { agreed, type PlanLine } from '../jobs/agree.ts';
import { readSchedules } from './read-schedules.ts';

export interface InstallOptions extends HostOptions {
  readonly by?: TickerKind;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function installTimer(options: InstallOptions): Promise<void> {
  const read = await readSchedules(options);
  if (!read) return;
  const [program = ''] = process.argv.slice(1);
  const planned = await planInstall({
    fleet: read.inventory.fleet,
    inventory: read.path,
    program: realpathSync(program),
    told: read.inventory,
    ...(options.by && { kind: options.by }),
  });
  if (!planned.ok) return exitWith(printRefusal(options.json, planned.refusal));
  const installing = planned.value;
  const unread = await unreadThere(installing, read.path);
  if (unread !== undefined) {
    const message = `a tick could not read the inventory, since it has only ${Object.keys(installing.environment).join(', ')}: ${unread}`;
    return exitWith(
      printRefusal(options.json, { kind: 'refused', message, advice: 'write the values into the inventory' }),
    );
  }
  if (options.dryRun) {
    const { environment: _, line: __, ...shown } = installing;
    if (options.json) printJson('schedule-install', shown);
    else for (const { text } of linesOf(installing)) printLine(text);
    return;
  }
  if (isInstalled(installing)) return say(options, installing, 'it is installed as it is to be: nothing was done');
  const why = await agreed({
    sentences: [],
    name: '',
    yes: options.yes,
    lines: linesOf(installing),
    json: options.json,
  });
  if (why) {
    exitWith(exitCodes.refused);
    return printFailure(options.json, { error: 'refused', ...why });
  }
  const done = await install(installing);
  if (!done.ok) return exitWith(printRefusal(options.json, done.refusal));
  say(options, installing, 'installed; to take it away: reseed schedule uninstall');
}

/** Why the inventory can't be read with the variables of a tick alone. */
async function unreadThere({ environment }: Installing, flag: string): Promise<string | undefined> {
  const again = await loadInventory({ environment, workingDirectory: dirname(flag), flag });
  return again.ok ? undefined : again.problems.map(formatProblem).join('; ');
}

function say({ json }: InstallOptions, { kind, files, removal }: Installing, text: string): void {
  if (json) printJson('schedule-install', { kind, files: files.map(({ path }) => path), removal });
  else printLine(text);
}

/** Exactly what is written, and run. */
function linesOf({ kind, files, commands, notes }: Installing): PlanLine[] {
  const line = (text: string): PlanLine => ({ text, isToRead: false });
  return [
    ...files.flatMap(({ path, text, before }) => [
      line(
        kind === 'cron'
          ? 'the crontab of this account becomes:'
          : `${path}${before === undefined ? '' : before === text ? ' (is so already)' : ' (another text is there now)'}`,
      ),
      ...text
        .trimEnd()
        .split('\n')
        .map((one) => line(`    ${one}`)),
    ]),
    ...commands.map((words) => line(`$ ${words.join(' ')}`)),
    ...notes.map((note) => ({ text: `! ${note}`, isToRead: true })),
  ];
}
