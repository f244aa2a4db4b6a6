// Rows that a target would lack without an error and without lag: those that a donor's replication skipped before
// (replica_skip_errors, replica_exec_mode=IDEMPOTENT), and those that a source leaves out of its binary log
// (binlog_do_db, binlog_ignore_db). Pure.
import { isAlone } from '../../ending.ts';
import { askedPlan } from '../../replica/attachment.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import type { AskedSources } from './source-checks.ts';

/** `replica_skip_errors 1032,1062`; empty: each error stops its replication. If an option has two names, only one is listed. */
function passedOver({ facts: { variables } }: Side): string[] {
  const of = (option: string, isOn: (value: string) => boolean) =>
    ['replica', 'slave']
      .map((word) => ({ name: `${word}_${option}`, value: variables[`${word}_${option}`] ?? '' }))
      .filter(({ value }) => value !== '' && isOn(value))
      .map(({ name, value }) => `${name} ${value}`)
      .slice(0, 1);
  return [
    ...of('skip_errors', (value) => !/^(OFF|0|NULL|\(No default value\))$/i.test(value)),
    ...of('exec_mode', (value) => /^IDEMPOTENT$/i.test(value)),
  ];
}

/** True if it has no replication, which then has skipped nothing. Unknown replication may have. */
const replicatesFromNone = ({ report: { replication } }: Side) =>
  replication?.ok === true && replication.value.channels.length === 0;

/** `replica_skip_errors 1032`, or empty. */
export const passedOverByDonor = (donor: Side) => (replicatesFromNone(donor) ? [] : passedOver(donor)).join(', ');

/** What a donor has skipped. */
export function donorPassedOver(side: Side): Finding[] {
  const words = passedOverByDonor(side);
  if (words === '') return [];
  return [
    judging(side).warn(
      `its replication passes over errors (${words}): its data may lack rows, and its GTIDs claim them`,
      'take another donor, or compare its rows with its source first',
    ),
  ];
}

/** What a target would skip after the seed, if it replicates then. */
export function passedOverChecks(request: SeedRequest, side: Side): Finding[] {
  const { warn } = judging(side);
  if (isAlone(request, side)) return [];
  const words = passedOver(side).join(', ');
  if (words === '') return [];
  const passes = replicatesFromNone(side) ? 'replication there would pass' : 'its replication passes';
  return [
    warn(
      `${passes} over errors (${words}): after the seed rows can go missing there with no error`,
      'take that out of its options',
    ),
  ];
}

/** For above the prompt. */
export function passedOverSentences({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>): string[] {
  const words = passedOverByDonor(donor);
  if (words === '') return [];
  return targets.map(
    ({ host }) => `${host.name} may lack rows that the replication of ${donor.host.name} passed over (${words})`,
  );
}

interface SourceLog {
  readonly name: string;
  /** Absent: unknown. */
  readonly leftOut?: readonly string[];
}

/** The log of the source that a target will replicate from; absent: no such plan, or it was not asked. */
function logOfSource(request: SeedRequest, target: Side): SourceLog | undefined {
  const { asked } = request;
  const plan = askedPlan(request, target);
  if (!asked || !plan) return undefined;
  const { source } = plan;
  const name = source.known?.name ?? source.host;
  const leftOut = standingOf(asked, source.known?.name)?.leftOut;
  return { name, ...(leftOut && { leftOut }) };
}

function standingOf({ sources }: AskedSources, name: string | undefined) {
  const look = name === undefined ? undefined : sources[name];
  return typeof look === 'object' ? look.replicationState : undefined;
}

export function leftOutChecks(request: SeedRequest, target: Side): Finding[] {
  const { warn, unknown } = judging(target);
  const log = logOfSource(request, target);
  if (!log) return [];
  const { name, leftOut } = log;
  if (!leftOut) return [unknown(`whether ${name} leaves databases out of its binary log (binlog_ignore_db): unknown`)];
  if (leftOut.length === 0) return [];
  return [
    warn(
      `${name} leaves databases out of its binary log (${leftOut.join(', ')}): what changes there after the copied data does not come here`,
      'take that out of its options first, or choose another source (--follow)',
    ),
  ];
}

/** For above the prompt. */
export function leftOutSentences(request: SeedRequest): string[] {
  return request.targets.flatMap((target) => {
    const { name, leftOut = [] } = logOfSource(request, target) ?? { name: '' };
    if (leftOut.length === 0) return [];
    return [
      `${target.host.name} will not get what ${name} leaves out of its binary log (${leftOut.join(', ')}) after the copied data`,
    ];
  });
}
