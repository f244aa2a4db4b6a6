// The result of an abort, host by host: for the verb and for the console. Pure.

import { awaitCommand } from '../../../custom/await-command.ts';
import { startCommand } from '../../../custom/start-command.ts';
import { isOver, isToRelease, type JobRecord } from '../../../job/journal/record.ts';
import { inVain } from '../../../job/lanes.ts';
import { everyStep, lastSteps } from '../../../job/plan/plan.ts';
import { commandText } from '../../../job/runner/run-command.ts';
import { type JobStep, plannedOf, stepOf, stepsOf } from '../../../job/steps-of.ts';
import { holdDonor } from '../../../seed/methods/cold-copy/hold-donor.ts';
import { proveData } from '../../../seed/replica/steps/prove-data.ts';
import { clearOld } from '../../../seed/target/clear-old.ts';
import { dropOld } from '../../../seed/target/drop-old.ts';
import { swapData } from '../../../seed/target/swap-data.ts';
import { startServer } from '../../../service/start-server.ts';
import { stopServer } from '../../../service/stop-server.ts';
import { makeRoom } from '../../../snapshot/make-room.ts';
import { removeSnapshot } from '../../../snapshot/remove-snapshot.ts';
import { stopApplier } from '../../../snapshot/stop-applier.ts';
import { takeSnapshot } from '../../../snapshot/take-snapshot.ts';
import { unmountSnapshot } from '../../../snapshot/unmount-snapshot.ts';
import { deletionBy } from './deletion.ts';
import type { Ran } from './ran.ts';
import { isReattached, reattachAborted } from './reattach-words.ts';
import { leftBehind } from './set-words.ts';
import { isMoved } from './swap.ts';
import { getsTables, tablesAborted } from './tables-words.ts';

/** A sentence a host, in the order of the plan; then what a person has to look at. `commands`: what the job ran. */
export function abortSentences(job: JobRecord, commands: Ran): string[] {
  if (job.state === 'cleanup-needed') {
    const left = job.resources.filter(({ state }) => state === 'left').map(({ what }) => what);
    return ['what is left is tried again:', ...left.map((what) => `  ${what}`), ...swapsBack(job)];
  }
  const lanes = new Set(job.plan.steps.flatMap(({ lane }) => lane ?? []));
  const afterwards = lastSteps(job.plan)
    .filter(({ name }) => job.steps.some((step) => step.name === name && step.state === 'running'))
    .map(({ title }) => `this runs since the steps of the job ended, and is ended: ${title}`);
  if (afterwards.length > 0) return afterwards;
  const behind = job.plan.hosts.flatMap((host) => leftBehind(job, host) ?? []);
  const each = job.plan.hosts.flatMap((host) =>
    isOwnCommand(job, host)
      ? commandAborted(job, host)
      : isReattached(job, host)
        ? reattachAborted(job, host)
        : getsTables(job, host)
          ? tablesAborted(job, host, commands)
          : lanes.has(host)
            ? targetSentence(job, host, commands)
            : otherSentences(job, host),
  );
  return [...each, ...behind];
}

/**
 * For a job that ended and could not undo everything: the targets whose old data an abort puts back, a sentence each.
 * Such a host may have started since, and work on the new data, so the job's number has to be typed.
 */
export function swapsBack(job: JobRecord): string[] {
  const { state, plan, resources } = job;
  if (state !== 'cleanup-needed') return [];
  const left = new Set(resources.filter((one) => one.state === 'left').map(({ step }) => step));
  return plan.steps
    .filter(({ name, lane, acquires }) => lane !== undefined && acquires?.whenDone === 'keep' && left.has(name))
    .map(({ host }) =>
      stepOf(job, clearOld, host)?.isBegun
        ? `${host} gets no data back: the old was deleted before the copy. Its server is stopped, and its start blocked, unless the job had proved its new data`
        : `${host} gets back the OLD data that it had before the seed; its new data is deleted, also where ${host} has started on it since and replicates: reseed status ${host} tells`,
    );
}

/** The sentence for a target of a seed. */
function targetSentence(job: JobRecord, host: string, commands: Ran): string {
  const stop = stepOf(job, stopServer, host);
  const server = stop ? 'its server is started again' : 'its server was down, and stays down';
  const [dropped, cleared] = [deletionBy(job, commands, dropOld, host), deletionBy(job, commands, clearOld, host)];
  const unknown = 'whether its old data was deleted is not known yet. If it was not,';
  if (dropped === 'done') return `${host} keeps its new data: its old data was deleted`;
  if (cleared === 'done' && stepOf(job, proveData, host)?.record.state === 'done') {
    return `${host} keeps its new data, which was proved, and its server is left as it is: the old data was deleted before the copy. Whether it replicates: reseed status ${host}`;
  }
  if (cleared === 'done' && stepOf(job, swapData, host)?.isBegun) {
    return `${host} keeps what is in place of its new data, not proved, and its server stays down: its old data was deleted before the copy`;
  }
  if (cleared === 'done') return `${host} is left without data: its old data was deleted before the copy`;
  if (dropped === 'begun') {
    return `${host}: ${unknown} the abort puts it back, and ${server}; if it was, ${host} keeps its new data`;
  }
  if (cleared === 'begun')
    return `${host}: ${unknown} it stays, and ${server}; if it was, ${host} is left without data`;
  if (isMoved(job, commands, host)) return `${host} gets its old data back; ${server}`;
  if (!stop) return `${host} keeps its data; ${server}`;
  if (stop.isBegun) return `${host} keeps its data; its server is started again`;
  // The job continues while the operator reads this.
  const later = job.state === 'running' ? ' so far; should the job stop it before the abort, it is started again' : '';
  return `${host} keeps its data; its server was not stopped${later}`;
}

/** The job is for that command alone: not for a seed, or a server that is stopped by it. */
const isOwnCommand = ({ plan }: JobRecord, host: string): boolean =>
  ['run', 'snapshot'].includes(plan.kind) && plannedOf(plan, startCommand, host).length > 0;

/** Only the inventory knows what such a command does. */
function commandAborted(job: JobRecord, host: string): string {
  const { isBegun, made } = stepOf(job, startCommand, host) ?? {};
  if (!isBegun) return `${host}: the command was not started`;
  return made === 'released'
    ? `${host}: the command has ended; what it did is not undone`
    : `${host}: the command is ended, with all that it started; what it did is not undone`;
}

const stands = ({ made }: JobStep): boolean => made === 'held' || made === 'wanted';

function otherSentences(job: JobRecord, host: string): string[] {
  const own = job.plan.steps.filter((step) => step.host === host);
  const made = own.some(({ name, acquires }) => {
    const state = job.resources.find((one) => one.step === name)?.state;
    return acquires && acquires.whenDone !== 'over' && (state === 'held' || state === 'wanted');
  });
  const begunSteps = changing.flatMap((kind) => stepsOf(job, kind, host)).filter(({ isBegun }) => isBegun);
  const begun = own.filter((step) => step.acquires === undefined && begunSteps.some(({ planned }) => planned === step));
  // The operator wants to know about data and server; of the removed resources, only snapshots are named.
  const snapshots = stepsOf(job, takeSnapshot, host)
    .filter(stands)
    .flatMap(({ planned: { acquires } }) => acquires?.what ?? []);
  const removed = snapshots.length > 0 ? `; removed: ${snapshots.join('; ')}` : '';
  const rest = made ? 'what the job made on it is removed' : 'nothing of the job is left on it';
  const touched = serverSentences(job, host);
  const server = touched.length > 0 ? touched.join('; ') : 'its server was not touched';
  return [
    ...begun.map(({ title }) => `${host}: begun, and not undone: ${title}`),
    begun.length > 0
      ? [`${host}: ${rest}`, ...touched].join('; ')
      : `${host} keeps its data${touched.length > 0 ? ';' : ','} ${server}; ${rest}${removed}`,
  ];
}

/** What the job did to a server and an abort does not change. */
function serverSentences(job: JobRecord, host: string): string[] {
  const told = (step: JobStep | undefined, undone: string, over: string) => {
    if (step?.made === undefined) return [];
    return [stands(step) || step.made === 'left' ? undone : over];
  };
  return [
    ...told(
      stepOf(job, stopApplier, host),
      'its applier, which the job stopped, is started again',
      'its applier was stopped and started again',
    ),
    ...told(
      stepOf(job, holdDonor, host),
      'its server, whose start the job blocks, stays down and can be started again',
      'its server, whose start the job blocked, can be started again',
    ),
  ];
}

/** Kinds of steps without an undo. */
const changing = [awaitCommand, startServer, stopServer, unmountSnapshot, removeSnapshot, makeRoom];

/** The commands that would release what the job has made so far, in the order in which they would run. */
export function abortCommands(job: JobRecord): readonly { readonly host: string; readonly text: string }[] {
  return job.resources.toReversed().flatMap(({ step: name, state }) => {
    const step = everyStep(job.plan).find((one) => one.name === name);
    const { acquires, commands } = step ?? {};
    const command = acquires && commands?.[acquires.release];
    if (!step || !command || !isToRelease(state)) return [];
    // The target is done already, so its resource stays.
    if (acquires.whenDone !== 'release' && !inVain(job, step)) return [];
    return { host: command.host, text: commandText(command) };
  });
}

/** Whether an abort has anything to end or to release. */
export const isAbortable = ({ state }: JobRecord): boolean => !isOver(state) || state === 'cleanup-needed';
