// reseed schedule: what the inventory has begun at which times.
import { Command, InvalidArgumentError, Option } from 'commander';
import { whoLine } from '../../job/who.ts';
import { author } from '../../operations/jobs/job-store.ts';
import { exampleText, printJson, printLine } from '../answer.ts';
import { type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { type InstallOptions, installTimer } from './install-timer.ts';
import { list } from './list.ts';
import { type NextOptions, next } from './next.ts';
import { inJournal, readSchedule, refusedPath } from './read-schedules.ts';
import { daemon, runNow, tickOnce } from './tick.ts';
import { type UninstallOptions, uninstallTimer } from './uninstall-timer.ts';

const about =
  'jobs at the times of the inventory (schedules): snapshots, prunes, seeds, proofs of restore and of rows, commands';

export function scheduleCommand(): Command {
  const group = new Command('schedule').description(about);
  const verb = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option(...inventoryFlag)
      .option('--json', 'answer in JSON')
      .addHelpText('after', exampleText(examples[name] ?? []));
  const ofOne = (name: string, description: string) =>
    verb(name, description).argument('<schedule>', 'its name in the inventory');
  verb('list', 'every schedule: when it comes next, how it ended last, what waits and for what').action(list);
  verb('next', 'the times to come')
    .argument('[schedule]', 'its name; left out: of all')
    .option('--count <n>', 'how many', countFrom, 10)
    .action((name: string | undefined, options: NextOptions) => next(name, options));
  ofOne('run', 'do now what a schedule does, with the same checks and limits as at its time')
    .option('--yes [hosts]', 'agree in advance to what the schedule may do (allow), with the names of its hosts')
    .action(runNow);
  ofOne('enable', 'switch a schedule on again; times that passed meanwhile are not made up for').action(
    (name: string, options: HostOptions) => switched(name, options, true),
  );
  ofOne('disable', 'switch a schedule off, on this machine and for this account').action(
    (name: string, options: HostOptions) => switched(name, options, false),
  );
  verb('tick', 'begin what is due, and end; for a timer: it prints only what is new').action(tickOnce);
  verb('daemon', 'the same each minute, in the foreground, for a container').action(daemon);
  verb(
    'install',
    'have this machine tick each minute: a timer of systemd, or a line of the crontab; shows both and asks',
  )
    .addOption(new Option('--by <kind>', 'left out: systemd where it runs').choices(['systemd', 'cron']))
    .option('--dry-run', 'show what would be written, and do nothing')
    .option('--yes', 'agree in advance')
    .action((options: InstallOptions) => installTimer(options));
  verb('uninstall', 'take away what install wrote for this inventory, and nothing else; shows it and asks')
    .addOption(new Option('--by <kind>', 'left out: both are looked at').choices(['systemd', 'cron']))
    .option('--dry-run', 'show what would be removed, and do nothing')
    .option('--yes', 'agree in advance')
    .action((options: UninstallOptions) => uninstallTimer(options));
  return group.addHelpText(
    'after',
    exampleText([
      'reseed schedule list',
      'reseed schedule next nightly --count 5',
      'reseed schedule run nightly',
      'reseed schedule install --dry-run',
    ]),
  );
}

const examples: Readonly<Record<string, readonly string[]>> = {
  list: ['reseed schedule list', 'reseed schedule list --json'],
  next: ['reseed schedule next', 'reseed schedule next nightly --count 5'],
  run: ['reseed schedule run nightly', 'reseed schedule run staging --yes=stg1'],
  enable: ['reseed schedule enable nightly'],
  disable: ['reseed schedule disable nightly'],
  tick: ['reseed schedule tick --inventory /etc/reseed/hosts.yaml'],
  daemon: ['reseed schedule daemon --inventory /etc/reseed/hosts.yaml'],
  install: ['reseed schedule install --dry-run', 'reseed schedule install --by cron'],
  uninstall: ['reseed schedule uninstall --dry-run', 'reseed schedule uninstall --inventory /etc/reseed/hosts.yaml'],
};

function countFrom(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number, from 1 to 999');
}

async function switched(name: string, options: HostOptions, on: boolean): Promise<void> {
  const read = await readSchedule(name, options);
  if (!read) return;
  const off = on ? undefined : whoLine(author().who);
  const done = inJournal(options, (store) => {
    if (refusedPath(options, store, read.path)) return false;
    store.journal.schedules.switch(read.path, name, off, Date.now());
    return true;
  });
  if (!done) return;
  if (options.json) printJson('schedule', { name, isOn: on });
  else
    printLine(
      on
        ? `${name} is on`
        : `${name} is off for ${off}, until reseed schedule enable ${name}; timers of other accounts, and jobs that it began, go on`,
    );
}
