// What all verbs of reseed drill share.
import { Command } from 'commander';
import { drillHosts } from '../../drill/hosts.ts';
import { type Places, placesFrom } from '../../drill/places.ts';
import { type Progress, progressOn, silentProgress } from '../../drill/progress.ts';
import { answering, exampleText } from '../answer.ts';

export interface DrillOptions {
  readonly json?: boolean;
  readonly data?: string;
  readonly all?: boolean;
}

export const allFlag = ['--all', 'every host there is: also those that are brought up only by name'] as const;
export const dataFlag = [
  '--data <size>',
  'sample data of each cluster, such as 2G; 200M, or what the fleet that is up has',
] as const;

/** The inputs of a verb's work. */
export interface Scene {
  readonly places: Places;
  readonly options: DrillOptions;
  readonly json: boolean;
  readonly progress: Progress;
}

/** Runs a verb's work, which returns the exit code. `patient`: see answering. */
export function inScene(
  options: DrillOptions,
  work: (scene: Scene) => Promise<number>,
  patient = false,
): Promise<void> {
  const json = options.json === true;
  const progress = json ? silentProgress : progressOn(process.stderr);
  return answering(json, () => work({ places: placesFrom(process.env), options, json, progress }), patient);
}

/** A command with --json and examples. `words` is its name and its arguments, in commander's form. */
export function verb(words: string, description: string, examples: readonly string[]): Command {
  const [name = '', ...args] = words.split(' ');
  const command = new Command(name).description(description).option('--json', 'answer in JSON');
  const hosts = drillHosts.map((host) => host.name).join(', ');
  for (const arg of args) command.argument(arg, /host|replica/.test(arg) ? `of ${hosts}` : '');
  return command.addHelpText('after', exampleText(examples));
}
