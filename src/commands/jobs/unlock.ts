// reseed unlock HOST: takes a host's lock from a job that will not come back.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { datadirOf } from '../../host/datadir.ts';
import { readLocks } from '../../job/lock-step.ts';
import { readOnlyRefusal } from '../../job/refusal.ts';
import { openRemotes } from '../../remote/open.ts';
import type { Remote } from '../../remote/remote.ts';
import { scriptText } from '../../scripts/script.ts';
import { cleanLine } from '../../text/clean.ts';
import { exampleText, exitCodes, printFailure, printJson, printLine } from '../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag, targetOf } from '../hosts/targets.ts';
import { agreed, refusedYes } from './agree.ts';
import { askHosts } from './ask.ts';
import { openDesk } from './desk.ts';
import { lockOf, unlockSentence } from './lock-choice.ts';

interface UnlockOptions extends HostOptions {
  readonly yes?: string | boolean;
  readonly datadir?: string;
}

const deadlineMs = 30_000;

export function unlockCommand(): Command {
  return new Command('unlock')
    .description("take a host's lock from a job that will not come back")
    .argument('<host>', 'a host of the inventory')
    .option(...inventoryFlag)
    .option('--yes <host>', 'agree in advance, by the name of the host')
    .option('--datadir <path>', 'where its data lies, if that cannot be found out')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      exampleText(['reseed unlock db3', 'reseed unlock db3 --yes=db3', 'reseed unlock db3 --datadir=/var/lib/mysql']),
    )
    .action(unlock);
}

async function unlock(name: string, options: UnlockOptions): Promise<void> {
  if (refusedYes(options, name)) return;
  const chosen = await chooseHosts([name], options);
  const [host] = chosen?.hosts ?? [];
  if (!chosen || !host) return;
  const refused = readOnlyRefusal(host);
  if (refused) return refuse(options, refused.message, refused.advice);
  // Two servers of one host have a lock each.
  const [asked] = (await askHosts([name], options)) ?? [];
  if (!asked) return;
  const told = datadirOf(asked.report);
  if (options.datadir !== undefined && !options.datadir.startsWith('/'))
    return refuse(options, `${options.datadir} is no absolute path`, 'give --datadir as the server has it');
  if (told !== undefined && options.datadir !== undefined && resolve(options.datadir) !== resolve(told))
    return refuse(options, `the data of ${name} lies in ${told}, not in ${options.datadir}`, 'leave --datadir away');
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(targetOf(host, chosen.inventory));
  await unlockBy(remote, name, told ?? options.datadir, options);
  await remote.close();
  await remotes.close();
}

async function unlockBy(
  remote: Remote,
  name: string,
  datadir: string | undefined,
  options: UnlockOptions,
): Promise<void> {
  const script = await scriptText('host-lock');
  const shown = await remote.exec(script, ['show', datadir ?? ''], { deadlineMs, label: 'host-lock show' });
  if (!shown.ok) return fail(options, shown.message, shown.advice);
  const choice = lockOf({ name, datadir }, readLocks(shown.stdout));
  if (!choice.ok) return refuse(options, choice.message, choice.advice);
  const { lock } = choice;
  if (!lock) return say(options, name, null, `no job has the lock of ${name}`);
  const [job, owner] = [cleanLine(lock.job), cleanLine(lock.who)];
  const own = runsHere(job);
  if (own !== undefined) {
    return refuse(options, `the lock of ${name} is job ${own}'s, which is not over`, `reseed job abort ${own} ends it`);
  }
  const disagreed = await agreed({
    sentences: [unlockSentence(name, lock)],
    name,
    yes: options.yes,
    json: options.json,
  });
  if (disagreed) return refuse(options, disagreed.message, disagreed.advice);
  // By the job's key: a lock that another job has taken meanwhile stays.
  const broken = await remote.exec(script, ['break', job, lock.datadir], { deadlineMs, label: 'host-lock break' });
  if (!broken.ok) return fail(options, broken.message, broken.advice);
  say(options, name, job, `the lock of ${name} was taken from job ${job} of ${owner}`);
}

/** The number of this account's job of that key, where it is not over. */
function runsHere(key: string): number | undefined {
  const desk = openDesk();
  const job = desk?.journal.openJobs().find((one) => one.key === key);
  desk?.journal.close();
  return job?.id;
}

function say({ json }: UnlockOptions, host: string, job: string | null, line: string): void {
  if (json) printJson('unlock', { host, job });
  else printLine(line);
}

const refuse = (options: UnlockOptions, message: string, advice: string) =>
  complain(options, 'refused', exitCodes.refused, message, advice);
const fail = (options: UnlockOptions, message: string, advice: string) =>
  complain(options, 'unreachable', exitCodes.unreachable, message, advice);

function complain({ json }: UnlockOptions, error: string, code: number, message: string, advice: string): void {
  process.exitCode = code;
  printFailure(json, { error, message, advice });
}
