// reseed status: the state of every host, once or continuously.
import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Alert, FleetPicture, HostPicture } from '../../../fleet/picture.ts';
import { askOnce } from '../../../fleet/polling/once.ts';
import type { Host, Inventory } from '../../../inventory/settings.ts';
import { jobHome } from '../../../job/journal/home.ts';
import { setBrokenAside } from '../../../operations/hosts/kept-file.ts';
import { readMarks } from '../../../operations/hosts/marks.ts';
import { keepReports, readReports } from '../../../operations/hosts/reports.ts';
import { targetOf } from '../../../operations/hosts/target-of.ts';
import { type JobsHalfUndone, jobsAtWork, jobsHalfUndone } from '../../../operations/jobs/locks/at-work.ts';
import { halfUndoneOn } from '../../../operations/jobs/words/half-undone.ts';
import { knownProofs } from '../../../operations/proofs/past-proofs.ts';
import { openRemotes } from '../../../remote/open.ts';
import { scriptText } from '../../../scripts/script.ts';
import { exampleText, exitCodes, exitWith, printJson, printLine } from '../../answer.ts';
import { untilSignalled } from '../signals.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../targets.ts';
import { waitingFor, waitingLine } from '../waiting-line.ts';
import { statusJson } from './json.ts';
import { type Paint, statusLines, summaryLine } from './table.ts';
import { watchStatus } from './watch.ts';

interface StatusOptions extends HostOptions {
  readonly watch?: boolean;
}

/** Long enough for a hop or two and a slow .bashrc; every host is asked at the same time. */
const deadlineMs = 30_000;

export function statusCommand(): Command {
  return new Command('status')
    .description('what every host is doing, and what is wrong with it')
    .argument('[host...]', 'hosts of the inventory; none: all')
    .option('--watch', 'go on: redrawn on a terminal, a line for each change in a pipe')
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON; with --watch, one object a line whenever a host, or a job on it, changes')
    .addHelpText('after', `\n${meaning}`)
    .addHelpText('after', exampleText(examples))
    .action(status);
}

const meaning = `In the table ? is unknown and – is nothing. Below it stands what works on a host,
▶, and what is wrong: ✖ cannot wait, ! can until the morning.

Exit codes, the first that is true:
  1    some ✖: a server is down, replication is broken, a disk is full, a job left
       a host half undone. A report of corrupt data that is not marked counts
       though its host is unreachable
  4    some host is unreachable, or did not answer all that it was asked, or the
       journal of jobs can't be read
  0    none of these
  130  interrupted

JSON: {kind, version, fleet, at, hosts: [{host, link, server, role, sources,
replicas, alerts, jobs, halfUndone, proof, facts, badge}], discovered}
  badge       {sign, word, tone} as the table has them
  jobs, halfUndone ([{id, key, title, left}]: jobs that are over and left
              something there)   null: the journal of jobs can't be read
  proof       {at, tookMs, snapshot, job}: the last proof of restore; null: none
  a fact      {at, ok: true, value} or {at, ok: false, why}`;

const examples = [
  'reseed status',
  'reseed status db3 --watch',
  `reseed status --json | jq -r '.hosts[] | select(.alerts != []) | .host'`,
  `reseed status --json | jq '.hosts[].facts.replication.value.channels[]?.lagSeconds'`,
];

async function status(names: string[], options: StatusOptions): Promise<void> {
  const chosen = await chooseHosts(names, options);
  if (!chosen) return;
  const { inventory, hosts } = chosen;
  const script = await scriptText('probe');
  const home = jobHome(process.env);
  const broken = setBrokenAside(home.reported);
  if (broken !== undefined)
    process.stderr.write(`reseed: reports of corrupt data seen before are unknown: ${broken}\n`);
  const remotes = openRemotes({ environment: process.env });
  const asking = {
    inventory,
    hosts,
    script,
    open: (host: Host) => remotes.open(targetOf(host, inventory)),
    earlier: { marks: readMarks(home.seen), reports: readReports(home.reported) },
  };
  const keep = (picture: FleetPicture) => {
    const why = keepReports(home.reported, picture);
    if (why !== undefined) process.stderr.write(`reseed: reports of corrupt data can't be kept: ${why}\n`);
  };
  const code = await untilSignalled(async (signal) => {
    if (options.watch) await watchStatus({ ...asking, signal, json: options.json === true, paint, keep });
    else {
      const waiting = waitingLine(`asking ${hosts.length} hosts`);
      const onHeard = (left: readonly string[]) => waiting.show(waitingFor(left));
      const picture = await askOnce({ ...asking, deadlineMs, signal, onHeard });
      waiting.clear();
      keep(picture);
      return answer(picture, inventory, options, signal);
    }
    return exitCodes.done;
  });
  await remotes.close();
  // Marks could not be read, so an alert that was marked may be shown again; the exit code says so.
  exitWith(code === exitCodes.done && broken !== undefined ? exitCodes.unreachable : code);
}

function answer(picture: FleetPicture, { file }: Inventory, { json }: StatusOptions, signal: AbortSignal): number {
  if (signal.aborted) return exitCodes.interrupted;
  const nowMs = Date.now();
  const jobs = jobsAtWork();
  const halfUndone = jobsHalfUndone();
  if (json) printJson('status', statusJson(picture, file, nowMs, { jobs, halfUndone, proofs: knownProofs(nowMs) }));
  else {
    const { isTTY, columns } = process.stdout;
    if (isTTY) printLine(`${summaryLine(picture, paint)}\n`);
    for (const line of statusLines(picture, {
      nowMs,
      paint,
      jobs,
      halfUndone,
      ...(isTTY && { width: columns }),
    }))
      printLine(line);
  }
  return statusCode(picture, halfUndone);
}

const styles = { good: 'green', bad: 'red', warning: 'yellow', dim: 'dim', bold: 'bold' } as const;

/** Plain text where standard output is no terminal, or NO_COLOR is set. */
const paint: Paint = (tone, text) => styleText(styles[tone], text, { stream: process.stdout });

/** A known fault decides first; then an unknown fact keeps the code from being 0. */
export function statusCode({ hosts }: Pick<FleetPicture, 'hosts'>, halfUndone: JobsHalfUndone = []): number {
  const isLeft = ({ host }: HostPicture) =>
    typeof halfUndone !== 'string' && halfUndoneOn(host.name, halfUndone).length > 0;
  const some = (is: (alert: Alert) => boolean) => hosts.some(({ alerts }) => alerts.some(is));
  const isWrong = some(({ level, kind }) => level === 'critical' && kind !== 'unreachable' && kind !== 'noSudo');
  if (isWrong || hosts.some(isLeft)) return exitCodes.failed;
  const untold =
    typeof halfUndone === 'string' ||
    hosts.some(({ link }) => link.state === 'failed') ||
    some(({ kind }) => kind === 'unanswered');
  return untold ? exitCodes.unreachable : exitCodes.done;
}
