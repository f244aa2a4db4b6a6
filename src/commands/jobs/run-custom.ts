// reseed run HOST [COMMAND]: the operator's own commands, as the inventory has them.
import { Command } from 'commander';
import { customText, namedCommands, stepCommandsAt } from '../../custom/named.ts';
import { commandOf } from '../../custom/plan.ts';
import { author, pastJobs } from '../../operations/jobs/job-store.ts';
import { draftOf } from '../../operations/plans/draft.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, tableLines } from '../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { refusedYes } from './agree.ts';
import { askChosen } from './ask.ts';
import { type BeginOptions, begin } from './begin.ts';
import { jobFlags } from './flags.ts';

type Options = HostOptions & BeginOptions;

export function runCommand(): Command {
  const command = new Command('run')
    .description('run a command of the inventory on a host, as a job: with a plan, a deadline, a log, and an abort')
    .argument('<host>', 'a host of the inventory')
    .argument('[command]', 'its name under commands; left out: which there are')
    .option(...inventoryFlag)
    .addHelpText(
      'after',
      exampleText([
        'reseed run db3',
        'reseed run db3 pin --dry-run',
        'reseed run db3 pin',
        'reseed run db3 wipe --yes=db3',
      ]),
    )
    .action((host: string, name: string | undefined, options: Options) =>
      name === undefined ? list(host, options) : run(host, name, options),
    );
  return jobFlags(command);
}

async function run(host: string, name: string, options: Options): Promise<void> {
  if (refusedYes(options, host)) return;
  const chosen = await chooseHosts([host], options);
  const [known] = chosen?.hosts ?? [];
  if (!chosen || !known) return;
  const command = commandOf(known, name);
  if ('ok' in command) {
    // A name that there is not is a mistake of the call, as that of a host.
    const error = known.readOnly ? 'refused' : 'usage';
    exitWith(exitCodes[error]);
    printFailure(options.json, { error, message: command.message, advice: command.advice });
    return;
  }
  const [one] = (await askChosen(chosen, options)) ?? [];
  if (one) await begin(draftOf({ verb: 'run', command: name }, one, author(), pastJobs()), options);
}

async function list(name: string, options: Options): Promise<void> {
  const chosen = await chooseHosts([name], options);
  const [host] = chosen?.hosts ?? [];
  if (!host) return;
  const [commands, steps] = [namedCommands(host), stepCommandsAt(host)];
  if (options.json) {
    printJson('commands', { host: name, readOnly: host.readOnly, commands, steps });
    return;
  }
  const rows = commands.map((one) => [one.name, one.dangerous ? 'yes' : '', one.help ?? '', customText(one, host)]);
  const lines = rows.length === 0 ? [] : tableLines(['command', 'dangerous', 'help', 'runs'], rows);
  const ofSteps = steps.map(({ insteadOf, ...one }) => [one.name, insteadOf, customText(one, host)]);
  if (rows.length === 0) printLine(`the inventory has no commands for ${name} that are run by their name`);
  for (const line of lines) printLine(line);
  if (ofSteps.length === 0) return;
  printLine('');
  for (const line of tableLines(['in a step', 'what for', 'runs'], ofSteps)) printLine(line);
}
