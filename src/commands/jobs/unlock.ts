// reseed unlock HOST: takes a host's lock from a job that will not be resumed.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { datadirOf } from '../../host/storage/datadir.ts';
import { readOnlyRefusal } from '../../job/plan/refusal.ts';
import { targetOf } from '../../operations/hosts/target-of.ts';
import { author } from '../../operations/jobs/job-store.ts';
import { unlockSentence } from '../../operations/jobs/locks/lock-choice.ts';
import { breakLock, findLock } from '../../operations/jobs/locks/unlock.ts';
import { openRemotes } from '../../remote/open.ts';
import type { Remote } from '../../remote/remote.ts';
import { cleanLine } from '../../text/clean.ts';
import { exampleText, exitWith, printJson, printLine, printRefusal } from '../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { agreed, refusedYes } from './agree.ts';
import { askHosts } from './ask.ts';
import { jobsAtStake } from './job/open-store.ts';

interface UnlockOptions extends HostOptions {
  readonly yes?: string | boolean;
  readonly datadir?: string;
}

export function unlockCommand(): Command {
  return new Command('unlock')
    .description("take a host's lock from a job that will not come back, and have the host refuse its further commands")
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
  const readOnly = readOnlyRefusal(host);
  if (readOnly) return refuse(options, readOnly.message, readOnly.advice);
  // Two servers of one machine have a lock each.
  const [asked] = (await askHosts([name], options)) ?? [];
  if (!asked) return;
  const told = datadirOf(asked.report);
  if (options.datadir !== undefined && !options.datadir.startsWith('/'))
    return refuse(options, `${options.datadir} is no absolute path`, 'give --datadir as the server has it');
  if (told !== undefined && options.datadir !== undefined && resolve(options.datadir) !== resolve(told))
    return refuse(options, `the data of ${name} lies in ${told}, not in ${options.datadir}`, 'leave --datadir away');
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(targetOf(host, chosen.inventory));
  await unlockBy(remote, { name, datadir: told ?? options.datadir }, options);
  await remote.close();
  await remotes.close();
}

async function unlockBy(remote: Remote, server: Parameters<typeof findLock>[1], options: UnlockOptions): Promise<void> {
  const { name } = server;
  const jobs = jobsAtStake(options.json);
  if (!jobs) return;
  const found = await findLock(remote, server, jobs);
  if (!found.ok) return exitWith(printRefusal(options.json, found.refusal));
  const lock = found.value;
  if (!lock) return say(options, name, null, `no job has the lock of ${name}`);
  const sentences = [unlockSentence(name, lock, jobs)];
  const disagreed = await agreed({ sentences, name, yes: options.yes, json: options.json });
  if (disagreed) return refuse(options, disagreed.message, disagreed.advice);
  const broken = await breakLock(remote, lock, author().who, jobs);
  if (!broken.ok) return exitWith(printRefusal(options.json, broken.refusal));
  const [job, owner] = [cleanLine(lock.job), cleanLine(lock.who)];
  say(options, name, job, `the lock of ${name} was taken from job ${job} of ${owner}`);
  const { unrefused } = broken.value;
  if (unrefused !== undefined)
    process.stderr.write(`! further commands of job ${job} are not refused on ${name}: ${unrefused}\n`);
}

function say({ json }: UnlockOptions, host: string, job: string | null, line: string): void {
  if (json) printJson('unlock', { host, job });
  else printLine(line);
}

function refuse({ json }: UnlockOptions, message: string, advice: string): void {
  exitWith(printRefusal(json, { kind: 'refused', message, advice }));
}
