// reseed metrics: the figures of this moment, for a monitoring system.
import { Command } from 'commander';
import { measured } from '../operations/metrics/measure.ts';
import { lookAtFleet } from '../operations/watch/look.ts';
import { exampleText, exitCodes, exitWith } from './answer.ts';
import { untilSignalled } from './hosts/signals.ts';
import { type HostOptions, inventoryFlag } from './hosts/targets.ts';
import { inJournal, readSchedules } from './schedule/read-schedules.ts';

interface MetricsOptions extends HostOptions {
  readonly hosts: boolean;
}

export function metricsCommand(): Command {
  return new Command('metrics')
    .description('figures of jobs, schedules and hosts, as OpenMetrics text')
    .option(...inventoryFlag)
    .option('--no-hosts', 'of the journal alone: no host is asked')
    .addHelpText('after', exampleText(['reseed metrics', 'reseed metrics --no-hosts']))
    .action(metrics);
}

async function metrics(options: MetricsOptions): Promise<void> {
  const read = await readSchedules(options);
  if (!read) return;
  exitWith(
    await untilSignalled(async (signal) => {
      const picture = options.hosts ? await lookAtFleet(read.inventory, signal) : undefined;
      if (signal.aborted) return exitCodes.interrupted;
      const text = inJournal(options, (store) =>
        measured(store, { ...read, ...(picture && { picture }), nowMs: Date.now() }),
      );
      if (text === undefined) return exitCodes.failed;
      process.stdout.write(text);
      return exitCodes.done;
    }),
  );
}
