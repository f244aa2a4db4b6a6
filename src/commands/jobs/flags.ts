// The options of every verb that makes a job.
import type { Command } from 'commander';

export function jobFlags(command: Command): Command {
  return command
    .option('--dry-run', 'show the plan with its commands (long ones are cut, and whole with -v), and do nothing')
    .option('-v, --verbose', 'show the exact commands too: of the plan, and of the job as it runs')
    .option('--yes [host]', 'agree in advance; where something would break, the name of the host')
    .option('--detach', 'return as soon as the job runs')
    .option('--json', 'answer in JSON, as soon as the job runs; plan and questions go to standard error');
}
