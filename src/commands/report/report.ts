// reseed report: what happened in a job; and report proof, the evidence of proofs of restore and of rows, for auditors.
import { Command, InvalidArgumentError, Option } from 'commander';
import { whoLine } from '../../job/who.ts';
import { author } from '../../operations/jobs/job-store.ts';
import { pastProofs, pastRowProofs } from '../../operations/proofs/past-proofs.ts';
import { evidenceOf, reportLines } from '../../proofs/report.ts';
import { rowEvidenceOf, rowReportLines } from '../../proofs/rows/report.ts';
import { msIn } from '../../text/amounts.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine } from '../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { jobReportCommand } from './job-report.ts';

interface Options extends HostOptions {
  readonly since: number;
}

const day = 86_400_000;

export function reportCommand(): Command {
  const group = new Command('report').description('what the journal tells of a job, and of proofs');
  group.addCommand(jobReportCommand());
  group
    .command('proof')
    .description(
      'which restores were proved, of which snapshots, when, by whom, and how long each part took; and which replicas were compared with their sources: as Markdown',
    )
    .argument('[host...]', 'hosts of the inventory; none: all')
    .addOption(
      new Option('--since <time>', 'of so many days, or of a time with its unit: 12h')
        .argParser(sinceOf)
        .default(90 * day, '90d'),
    )
    .option(...inventoryFlag)
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      exampleText(['reseed report proof --since 90d >proofs.md', "reseed report proof db2 --json | jq '.proofs[0]'"]),
    )
    .action(proof);
  return group;
}

function sinceOf(text: string): number {
  const ms = msIn(text, 'd');
  if (ms !== undefined && ms > 0 && ms < 10_000 * day) return ms;
  throw new InvalidArgumentError('write a number of days, or a time with its unit: 90d');
}

async function proof(names: string[], options: Options): Promise<void> {
  const chosen = await chooseHosts(names, options);
  if (!chosen) return;
  const { json, since } = options;
  const by = author();
  const sinceMs = by.nowMs - since;
  const [jobs, rowJobs] = [pastProofs(sinceMs), pastRowProofs(sinceMs)];
  if (typeof jobs === 'string' || typeof rowJobs === 'string') {
    exitWith(exitCodes.failed);
    printFailure(json, { error: 'failed', message: `${typeof jobs === 'string' ? jobs : rowJobs}`, advice: '' });
    return;
  }
  const hosts = chosen.hosts.map(({ name }) => name);
  // Without names, also hosts that the inventory no longer has.
  const isAsked = ({ host }: { readonly host: string }) => names.length === 0 || hosts.includes(host);
  const [proofs, rowProofs] = [jobs.map(evidenceOf).filter(isAsked), rowJobs.map(rowEvidenceOf).filter(isAsked)];
  if (json) {
    const unproved = hosts.filter((name) => !proofs.some(({ host, proved }) => host === name && proved));
    printJson('proofs', { sinceMs, unproved, proofs, rowProofs });
    return;
  }
  for (const line of reportLines({ sinceMs, nowMs: by.nowMs, journal: whoLine(by.who), hosts, proofs }))
    printLine(line);
  for (const line of rowReportLines(rowProofs)) printLine(line);
}
