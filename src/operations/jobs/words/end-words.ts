// What each host of a seed is now that the seed is over and did not come to its end: for the verbs and for the console. Pure.

import { type CommandRecord, isOver, type JobRecord, type StepState } from '../../../job/journal/record.ts';
import { isLost, lanesOf, lostLanes } from '../../../job/lanes.ts';
import { aboutLeft } from '../../../job/words/left-words.ts';
import { cleanLine } from '../../../text/clean.ts';
import { type Deletion, deletionBy, type Ran } from './deletion.ts';
import { isMoved } from './swap.ts';

/**
 * A sentence a host: `db5 keeps its old data; its server runs, and replicates as before`. Then what is left, with the command that ends
 * it. Of one that is done, what it did not prove. Empty where the job is not over. `commands`: what the job ran, in the order in which it ran.
 */
export function endSentences(job: JobRecord, commands: readonly CommandRecord[]): readonly string[] {
  if (job.state === 'done') return unprovedNow(job);
  if (!isOver(job.state)) return [];
  const lanes = new Set(lanesOf(job.plan));
  const hosts = job.plan.kind === 'seed' ? job.plan.hosts.filter((host) => lanes.has(host)) : [];
  return [
    ...hosts.map((host) => targetNow(job, host, commands)),
    ...hosts.flatMap((host) => rejectedReports(job, host, commands)),
    ...hosts.flatMap((host) => keptApart(host, commands)),
    ...leftNow(job, commands),
  ];
}

/** Files that no server makes, which undoing kept beside the old data: of what the script says, the lines behind the first. */
function keptApart(host: string, commands: Ran): readonly string[] {
  return toldBy(commands, 'prepare', 'back', host)
    .split('\n')
    .filter((line) => line.startsWith('LEFT: '))
    .map((line) => `LEFT: on ${host}: ${cleanLine(line.slice('LEFT: '.length))}`);
}

/** What prove-data.ts could not look at, as the plan had said. */
const unprovedNow = ({ steps }: JobRecord): readonly string[] =>
  steps.flatMap(({ result }) => {
    const unproved =
      typeof result === 'object' && result !== null && 'unproved' in result ? result.unproved : undefined;
    return typeof unproved === 'string' ? [`! ${unproved}`] : [];
  });

function leftNow(job: JobRecord, commands: Ran): readonly string[] {
  const left = job.resources.filter(({ state }) => state === 'left');
  if (left.length === 0) return [];
  return [
    ...left.toReversed().map(({ step, what }) => {
      const planned = job.plan.steps.find(({ name }) => name === step);
      return aboutLeft(
        leftOf(job, step, what),
        planned?.host ?? '',
        lastOf(commands, step, planned?.acquires?.release),
      );
    }),
    `reseed job abort ${job.id} undoes what is left`,
  ];
}

/** What is noted of a server for its restart is no restart where it was never stopped. */
function leftOf({ steps }: JobRecord, step: string, what: string): string {
  const [, host] = /^remember (.+)$/.exec(step) ?? [];
  const stop = steps.find(({ name }) => host !== undefined && name === `stop ${host}`);
  return stop?.state === 'waiting' ? `what was noted of the server of ${host}, which was not stopped` : what;
}

/** The names of its steps are target-steps.ts's and replica/steps.ts's; what its commands say is seed-stage.sh's and seed-before.sh's. */
function targetNow(job: JobRecord, host: string, commands: Ran): string {
  const stateOf = (what: string): StepState | undefined =>
    job.steps.find(({ name }) => name === `${what} ${host}`)?.state;
  const begun = (what: string) => ['running', 'done', 'failed'].includes(stateOf(what) ?? '');
  const resource = (what: string) => job.resources.find(({ step }) => step === `${what} ${host}`)?.state;
  const told = (what: string, key: string) => toldBy(commands, what, key, host);
  const own = job.steps.filter(({ name }) => job.plan.steps.find((step) => step.name === name)?.lane === host);
  if (!isLost(lostLanes(job), host) && own.every(({ state }) => state === 'done')) {
    return `${host} has the new data: its server runs, and replicates`;
  }
  const data = dataNow({
    switched: isMoved(job, commands, host),
    cleared: deletionBy(job, commands, 'clear', host),
    dropped: deletionBy(job, commands, 'drop', host),
    back: told('prepare', 'back'),
    prepared: resource('prepare'),
  });
  if (!job.plan.steps.some(({ name }) => name === `stop ${host}`)) {
    return `${host} ${data}; its server was down before the seed, and was not started`;
  }
  const restarted = resource('remember');
  if (restarted === 'left' && begun('stop')) return `${host} ${data}; whether its server runs: unknown, see below`;
  // Builds before this one asked systemd for its start, and did not look.
  const unseen = `whether its server runs was not looked at: reseed status ${host} tells`;
  const server = begun('stop') ? unseen : 'its server was not stopped';
  return `${host} ${data}; ${(restarted && cleanLine(told('remember', 'restart').replaceAll('\n', '; '))) || server}`;
}

/**
 * Its server was started on the new data, and does not have that any more: what the log says of it is no alert of the old data. It is left
 * to the operator to mark: the old data may have had reports of its own.
 */
function rejectedReports(job: JobRecord, host: string, commands: readonly CommandRecord[]): readonly string[] {
  const from = job.steps.find(({ name }) => name === `start ${host}`)?.startedMs;
  const back = lastOf(commands, `prepare ${host}`, 'back');
  if (from === undefined || back?.code !== 0 || !back.said.includes('is as it was')) return [];
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
  /** What undoing said; empty where it did not run, found no folder of the job, or an older build's said nothing. */
  readonly back: string;
  /** What became of the job's folder; undefined: it was never made. */
  readonly prepared: JobRecord['resources'][number]['state'] | undefined;
}

/** What undoing said comes first: a step that failed may have deleted the old data, or not. */
function dataNow({ switched, cleared, dropped, back, prepared }: Data): string {
  if (dropped === 'done' || back.includes('the new data of ')) return 'has the new data: the old data was deleted';
  if (cleared === 'done' || back.includes('deleted to make room')) return deletedBefore(back, switched);
  if (!back.includes('is as it was') && (cleared === 'begun' || dropped === 'begun')) {
    const kept = prepared === 'left' ? 'is not known yet' : 'is not known: look at its datadir before you use it';
    return `may have lost its old data: whether it was deleted ${kept}`;
  }
  if (prepared === 'left') return switched ? 'does not have its old data back yet' : 'keeps its old data';
  return switched ? 'has its old data back' : 'keeps its old data';
}

/** The old data went before the copy: what lies in the datadir now is what undoing found there, last of all. */
function deletedBefore(back: string, switched: boolean): string {
  if (back.includes('what is left of it')) {
    return 'may have a part of its old data, which was being deleted to make room: look at its datadir, and seed it again';
  }
  const now =
    afterDeletion.find(([said]) => back.includes(said))?.[1] ??
    (switched ? 'may have new data, or none' : 'has no data');
  return `${now}: the old data was deleted to make room. Seed it again`;
}
const afterDeletion: readonly (readonly [said: string, now: string])[] = [
  ['it is empty', 'has no data'],
  ['is new data', 'has new data that did not prove whole'],
  ['a part of the new data', 'has a part of the new data'],
  ['no data of a server', 'has no data, but files that came since'],
];

const toldBy = (commands: Ran, what: string, key: string, host: string): string => {
  const last = lastOf(commands, `${what} ${host}`, key);
  return last?.code === 0 ? last.said : '';
};
const lastOf = <One extends Ran[number]>(commands: readonly One[], step: string, key: string | undefined) =>
  commands.findLast((one) => one.step === step && one.key === key);
