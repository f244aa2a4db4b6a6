// argv -> a command. Whatever goes wrong with the words of a command ends with exit code 2.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { exitCodes } from './commands/answer.ts';
import { drillCommand } from './commands/drill/drill.ts';
import { checkCommand } from './commands/hosts/check.ts';
import { trustCommand } from './commands/hosts/trust.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export async function runCli(argv: readonly string[]): Promise<void> {
  const program = new Command('reseed')
    .description('An operator console for MySQL and MariaDB fleets.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 usage, 3 refused by a check, 4 unreachable, 130 interrupted',
    );
  for (const command of [checkCommand(), trustCommand(), drillCommand()]) program.addCommand(command);
  overrideExits(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
}

/** commander ends the process with 1 for wrong words, in each subcommand for itself; ux.md's code for that is 2. */
function overrideExits(command: Command): void {
  command.exitOverride();
  command.showHelpAfterError('(--help shows what it takes)');
  for (const sub of command.commands) {
    overrideExits(sub);
  }
}
