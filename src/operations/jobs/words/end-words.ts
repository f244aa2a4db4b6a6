// The state of each host of a seed that ended without being done: for the verbs and for the console. Pure.

import { isCorruption } from '../../../host/log/corruption.ts';
import { type CommandRecord, isOver, type JobRecord } from '../../../job/journal/record.ts';
import { isLost, lanesOf, lostLanes } from '../../../job/lanes.ts';
import { everyStep } from '../../../job/plan/plan.ts';
import { type JobStep, stepOf, stepsOf } from '../../../job/steps-of.ts';
import { type EndLine, leftText, whyLeft } from '../../../job/words/left-words.ts';
import { readUndone, type Undone } from '../../../scripts/seed-stage-answers.ts';
import { proveAlone } from '../../../seed/alone/prove-alone.ts';
import { isSeed } from '../../../seed/frame.ts';
import { attachReplica } from '../../../seed/replica/steps/attach-replica.ts';
import { proveData } from '../../../seed/replica/steps/prove-data.ts';
import { startOnData } from '../../../seed/replica/steps/start-on-data.ts';
import { clearOld } from '../../../seed/target/clear-old.ts';
import { dropOld } from '../../../seed/target/drop-old.ts';
import { prepareFolder } from '../../../seed/target/prepare-folder.ts';
import { rememberServer } from '../../../seed/target/remember-server.ts';
import { stopServer } from '../../../service/stop-server.ts';
import { cleanLine } from '../../../text/clean.ts';
import { type Deletion, deletionBy } from './deletion.ts';
import { hookWarnings } from './hook-warnings.ts';
import { lastRelease, type Ran } from './ran.ts';
import { isReattached, reattachEnded } from './reattach-words.ts';
import { notComparedWords } from './rows-words.ts';
import { leftBehind } from './set-words.ts';
import { isMoved } from './swap.ts';
import { getsTables, tablesEnded } from './tables-words.ts';

/**
 * A sentence a host: `db5 keeps its old data; its server runs, and replicates as before`. Then what is left, with the
 * command that removes it. For a job that is done: what it could not prove. Empty if the job is not over. `commands`:
 * what the job ran, in that order. `from`: the jump host that alone can end it; left out: this one.
 */
export function endLines(job: JobRecord, commands: readonly CommandRecord[], from?: string): readonly EndLine[] {
  if (job.state === 'done') return [...remainsNow(job), ...hookWarnings(job)].map((text) => ({ text }));
  if (!isOver(job.state)) return [];
  const lanes = new Set(lanesOf(job.plan));
  const hosts = isSeed(job.plan) ? job.plan.hosts.filter((host) => lanes.has(host)) : [];
  const reattached = job.plan.hosts.filter((host) => isReattached(job, host));
  const given = job.plan.hosts.filter((host) => getsTables(job, host));
  const now = [
    ...given.map((host) => tablesEnded(job, host, commands)),
    ...reattached.map((host) => reattachEnded(job, host, commands)),
    ...hosts.map((host) => targetNow(job, host, commands)),
    ...hosts.flatMap((host) => leftBehind(job, host) ?? []),
    ...hosts.flatMap((host) => rejectedReports(job, host, commands)),
  ];
  const left = [...hosts.flatMap((host) => keptApart(job, host, commands)), ...leftNow(job, commands)];
  return [
    ...[...now, ...hookWarnings(job)].map((text) => ({ text })),
    ...left.map((text) => ({ text, about: 'left' as const })),
    // What is left of a job that another jump host has taken up is that one's.
    ...(job.state === 'cleanup-needed' && job.resources.some(({ state }) => state === 'left')
      ? [{ text: undoesLeft(job, from), about: 'next' as const }]
      : []),
  ];
}

/** The same, as text alone. */
export const endSentences = (job: JobRecord, commands: readonly CommandRecord[], from?: string): readonly string[] =>
  endLines(job, commands, from).map(({ text }) => text);

/** Files that no server makes, which the undo kept beside the old data. */
function keptApart(job: JobRecord, host: string, commands: Ran): readonly string[] {
  const { keptApart: kept } = readUndone(toldBy(commands, stepOf(job, prepareFolder, host)));
  return kept.map((text) => `LEFT: on ${host}: ${cleanLine(text)}`);
}

/** What prove-data.ts could not check, as the plan had warned; what a proof of rows did not compare; what a server has only after its next start, and what it is without. */
const remainsNow = (job: JobRecord): readonly string[] => [
  ...stepsOf(job, proveData).flatMap(({ result }) => (result ? [`! ${result.unproved}`] : [])),
  ...stepsOf(job, attachReplica).flatMap(({ result }) =>
    [result?.later, result?.lacks, result?.closed].flatMap((one) => (one === undefined ? [] : [`! ${one}`])),
  ),
  ...stepsOf(job, proveAlone).flatMap(({ result }) =>
    [result?.later, result?.lacks].flatMap((one) => (one === undefined ? [] : [`! ${one}`])),
  ),
  ...notComparedWords(job),
];

function leftNow(job: JobRecord, commands: Ran): readonly string[] {
  const left = job.resources.filter(({ state }) => state === 'left');
  const things = left.toReversed().map(({ step, what }) => {
    const planned = everyStep(job.plan).find(({ name }) => name === step);
    const host = planned?.host ?? '';
    return { host, why: whyLeft(host, planned && lastRelease(commands, { planned })), what: leftOf(job, step, what) };
  });
  const lines = Map.groupBy(things, ({ host, why }) => `${host}\n${why}`);
  return [...lines.values()].map((some) =>
    leftText(
      some.map(({ what }) => what),
      some[0]?.why ?? '',
    ),
  );
}

/** The next step of a job that could not undo all. */
/** `from`: as above. Here a job of the same number is another one. */
export const undoesLeft = ({ id }: Pick<JobRecord, 'id'>, from?: string): string =>
  `${from === undefined ? '' : `on ${from}: `}reseed job abort ${id} undoes what is left`;

/** A recorded restart of a server is no restart if the server was never stopped. */
function leftOf(job: JobRecord, step: string, what: string): string {
  const noted = stepsOf(job, rememberServer).find(({ planned }) => planned.name === step)?.planned.host;
  const stop = noted === undefined ? undefined : stepOf(job, stopServer, noted);
  return stop?.record.state === 'waiting' ? `what was noted of the server of ${noted}, which was not stopped` : what;
}

function targetNow(job: JobRecord, host: string, commands: Ran): string {
  const [remember, stop] = [stepOf(job, rememberServer, host), stepOf(job, stopServer, host)];
  const prepare = stepOf(job, prepareFolder, host);
  const own = job.steps.filter(({ name }) => job.plan.steps.find((step) => step.name === name)?.lane === host);
  if (!isLost(lostLanes(job), host) && own.every(({ state }) => state === 'done')) {
    const alone = stepOf(job, proveAlone, host)?.result;
    const is = alone
      ? `replicates from no host, and ${alone.writable ? 'takes writes' : 'is read-only'}`
      : 'replicates';
    return `${host} has the new data: its server runs, and ${is}`;
  }
  const undone = readUndone(toldBy(commands, prepare));
  const cleared = deletionBy(job, commands, clearOld, host);
  if (cleared === 'done' && undone.old === 'given up') {
    return `${host} has the new data, which was proved, and its server is left as it is: the old data was deleted to make room. Whether it replicates: reseed status ${host}; reseed seed SOURCE ${host} --method binlog makes it a replica`;
  }
  const data = dataNow({
    switched: isMoved(job, commands, host),
    cleared,
    dropped: deletionBy(job, commands, dropOld, host),
    undone,
    prepared: prepare?.made,
  });
  if (!stop) return `${host} ${data}; its server was down before the seed, and was not started`;
  if (remember?.made === 'left' && stop.isBegun) return `${host} ${data}; whether its server runs: unknown, see below`;
  // Earlier builds asked systemd to start it, and did not check.
  const unseen = `whether its server runs was not looked at: reseed status ${host} tells`;
  const server = stop.isBegun ? unseen : 'its server was not stopped';
  const restarted = remember?.made === undefined ? '' : toldBy(commands, remember);
  return `${host} ${data}; ${cleanLine(restarted.replaceAll('\n', '; ')) || server}`;
}

/**
 * The server had started on the new data, which it no longer has: log lines from that time are no alerts about the old
 * data. The operator has to mark them, since the old data may have had reports of its own.
 */
function rejectedReports(job: JobRecord, host: string, commands: readonly CommandRecord[]): readonly string[] {
  const from = stepOf(job, startOnData, host)?.record.startedMs;
  const back = lastRelease(commands, stepOf(job, prepareFolder, host));
  if (from === undefined || back?.code !== 0 || !isAsItWas(readUndone(back.said))) return [];
  // Its log's own lines: the first start, or a proof of the new data, fails with them.
  const lost = lostLanes(job);
  const why = isLost(lost, host) ? lost[host] : job.error;
  if (!isCorruption({ severity: 'error', text: why ?? '' })) return [];
  const until = back.startedMs;
  return [
    `a report of corrupt data in the log of ${host} from ${timeText(from)} to ${timeText(until)} is of the new data, which is gone: reseed log ${host} --mark-seen ends its alert`,
  ];
}

const timeText = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

interface Data {
  /** The swap may have moved the old data. */
  readonly switched: boolean;
  readonly cleared: Deletion;
  readonly dropped: Deletion;
  readonly undone: Undone;
  /** The state of the job's folder; undefined: it was never made. */
  readonly prepared: JobRecord['resources'][number]['state'] | undefined;
}

/** The undo's output comes first: a failed step may have deleted the old data, or not. */
function dataNow({ switched, cleared, dropped, undone, prepared }: Data): string {
  const { old } = undone;
  if (dropped === 'done' || old === 'given up') return 'has the new data: the old data was deleted';
  if (cleared === 'done' || old === 'deleted' || old === 'half deleted') return deletedBefore(undone, switched);
  if (!isAsItWas(undone) && (cleared === 'begun' || dropped === 'begun')) {
    const kept = prepared === 'left' ? 'is not known yet' : 'is not known: look at its datadir before you use it';
    return `may have lost its old data: whether it was deleted ${kept}`;
  }
  if (prepared === 'left') return switched ? 'does not have its old data back yet' : 'keeps its old data';
  return switched ? 'has its old data back' : 'keeps its old data';
}

const isAsItWas = ({ old }: Undone): boolean => old === 'put back' || old === 'not moved';

/** The old data was deleted before the copy: the datadir now has what the undo found there last. */
function deletedBefore({ old, now }: Undone, switched: boolean): string {
  if (old === 'half deleted') {
    return 'may have a part of its old data, which was being deleted to make room: look at its datadir, and seed it again';
  }
  const untold = switched ? 'may have new data, or none' : 'has no data';
  return `${now === undefined ? untold : afterDeletion[now]}: the old data was deleted to make room. Seed it again`;
}
const afterDeletion = {
  nothing: 'has no data',
  'new data': 'has new data that did not prove whole',
  'a part of new data': 'has a part of the new data',
  'other files': 'has no data, but files that came since',
} as const satisfies Record<NonNullable<Undone['now']>, string>;

/** The output of the command that released the step's resource; empty: it did not run, or failed. */
function toldBy(commands: Ran, step: JobStep | undefined): string {
  const last = lastRelease(commands, step);
  return last?.code === 0 ? last.said : '';
}
