// reseed sudoers: the rule to install on hosts where reseed logs in as an ordinary user.
import { Command } from 'commander';
import { oddUser, sudoersFile, sudoersText } from '../../remote/sudoers.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson } from '../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from './targets.ts';

interface SudoersOptions extends HostOptions {
  readonly user?: string;
}

export function sudoersCommand(): Command {
  return new Command('sudoers')
    .description(`the rule that lets sudo run what reseed runs, for ${sudoersFile} of each host`)
    .option('--user <name>', 'the account that reseed logs in as; left out: those that the inventory names with sudo')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .addHelpText('after', exampleText(['reseed sudoers --user ops >reseed.sudoers', 'visudo -cf reseed.sudoers']))
    .action(sudoers);
}

async function sudoers(options: SudoersOptions): Promise<void> {
  const users = options.user === undefined ? await usersOfInventory(options) : [options.user];
  if (!users) return;
  const odd = users.length === 0 ? 'the inventory names no account that uses sudo' : users.map(oddUser).find(Boolean);
  if (odd) return refuse(odd, options);
  const text = sudoersText(users);
  if (options.json) printJson('sudoers', { users, file: sudoersFile, text });
  else process.stdout.write(text);
  exitWith(exitCodes.done);
}

async function usersOfInventory(options: SudoersOptions): Promise<string[] | undefined> {
  const chosen = await chooseHosts([], options);
  const named = chosen?.hosts.flatMap(({ sudo, ssh }) => (sudo && ssh.user && ssh.user !== 'root' ? [ssh.user] : []));
  return named && [...new Set(named)];
}

function refuse(message: string, { json }: SudoersOptions): void {
  const advice = 'name it: reseed sudoers --user NAME';
  exitWith(exitCodes.usage);
  printFailure(json, { error: 'usage', message, advice });
}
