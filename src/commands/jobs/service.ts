// reseed start, stop, restart HOST.
import { Command } from 'commander';
import { author, pastJobs } from '../../operations/jobs/job-store.ts';
import { draftOf } from '../../operations/plans/draft.ts';
import type { ServiceVerb } from '../../service/plan.ts';
import { exampleText } from '../answer.ts';
import { type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { refusedYes } from './agree.ts';
import { askHosts } from './ask.ts';
import { type BeginOptions, begin } from './begin.ts';
import { jobFlags } from './flags.ts';

const descriptions: Readonly<Record<ServiceVerb, string>> = {
  start: 'start the server of a host, and wait until it takes connections',
  stop: 'stop the server of a host, and wait until no process of it is left',
  restart: 'stop the server of a host and start it again',
};

export function serviceCommand(verb: ServiceVerb): Command {
  const command = new Command(verb)
    .description(descriptions[verb])
    .argument('<host>', 'a host of the inventory')
    .option(...inventoryFlag)
    .addHelpText(
      'after',
      exampleText([`reseed ${verb} db3`, `reseed ${verb} db3 --dry-run`, `reseed ${verb} db3 --yes=db3 --json`]),
    )
    .action((host: string, options: HostOptions & BeginOptions) => serve(verb, host, options));
  return jobFlags(command);
}

async function serve(verb: ServiceVerb, name: string, options: HostOptions & BeginOptions): Promise<void> {
  if (refusedYes(options, name)) return;
  const asked = await askHosts([name], options);
  const [one] = asked ?? [];
  if (!one) return;
  await begin(draftOf({ verb }, one, author(), pastJobs()), options);
}
