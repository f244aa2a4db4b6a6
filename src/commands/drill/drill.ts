// reseed drill: the practice fleet. src/drill does the work of the verbs; here are their words, help and answers.
import { Command } from 'commander';
import { exampleText } from '../answer.ts';
import { consoleVerb, downVerb, resetVerb, statusVerb, upVerb } from './life.ts';
import { execVerb, sshVerb } from './reach.ts';
import { scenarioVerb } from './scenario.ts';
import { faultVerb, healVerb, verifyVerb } from './trouble.ts';

export function drillCommand(): Command {
  const drill = new Command('drill')
    .description('a practice fleet: six real hosts, with real LVM, on this machine')
    .enablePositionalOptions();
  const verbs = [
    upVerb,
    downVerb,
    statusVerb,
    consoleVerb,
    sshVerb,
    execVerb,
    faultVerb,
    healVerb,
    resetVerb,
    verifyVerb,
    scenarioVerb,
  ];
  for (const verb of verbs) drill.addCommand(verb());
  return drill.addHelpText(
    'after',
    exampleText(['reseed drill up', 'reseed drill fault stop-mysql db3', 'reseed drill heal db3', 'reseed drill down']),
  );
}
