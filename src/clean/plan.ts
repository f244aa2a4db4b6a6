// The plan that removes what reseed left on a host: of jobs whose journal is lost, of other jump hosts, of jobs that
// could not clean up after themselves. It goes by the marks on the host alone, so it needs no journal. Items of this
// account's unfinished jobs are left to `job abort` and `job resume`.
//
// This room has that plan, what it keeps and why (kept.ts), and its steps, one a file.

import { present } from '../host/known.ts';
import type { LeftMount, Leftovers, LeftUnit, LeftVolume } from '../host/leftovers/leftovers.ts';
import type { Host } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import { lockHost } from '../job/lock-step.ts';
import type { Commands, Plan, PlannedCommand, PlannedStep } from '../job/plan/plan.ts';
import { notDoneRefusal, type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { whoLine } from '../job/who.ts';
import { startApplierWords } from '../scripts/applier-words.ts';
import { forbidWords, isKey } from '../scripts/host-fence-words.ts';
import { endLockWords } from '../scripts/host-lock-words.ts';
import { findWords, removeWords, unholdWords, unmountWords } from '../scripts/leftovers-words.ts';
import { openWords, takenLogWords } from '../scripts/salvage-words.ts';
import { cloneDonorWords } from '../scripts/seed-clone-words.ts';
import { snapshotWords } from '../scripts/snapshot-words.ts';
import { unitWords } from '../scripts/unit-words.ts';
import { shortSize } from '../text/amounts.ts';
import { clearAway } from './clear-away.ts';
import { isAtWork, isKept, isNeeded, isOfAnother, keptLines, keysAtWork, unlockCommand } from './kept.ts';
import { lookAgain } from './look-again.ts';
import { accountName, applierName, holdName, mountName, nameOf, salvageName } from './things.ts';

export interface CleanRequest {
  readonly host: Host;
  readonly found: Leftovers;
  /** Where `find` looks for what seeds left. Empty: unknown. */
  readonly datadir: string;
  /** The volume whose snapshots are the host's; absent: unknown. */
  readonly datadirVolume?: Pick<LeftVolume, 'group' | 'volume'>;
  /** This account's unfinished jobs: their numbers by key. */
  readonly open: ReadonlyMap<string, number>;
  /** The refusal when such a job holds the host, with what to do about it. */
  readonly heldBy: (host: string, id: number) => Extract<Planned, { ok: false }>;
  /** This account's jobs that ended `cleanup-needed`: their numbers by key. */
  readonly needed: ReadonlyMap<string, number>;
  /** Whether snapshots that can be used are removed as well. */
  readonly snapshots: boolean;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
}

export interface Cleaning {
  /** undefined: there is nothing to remove. */
  readonly planned?: Planned;
  /** What is kept: a sentence each, with what would remove it. */
  readonly kept: readonly string[];
  /** What would break, a sentence each. */
  readonly impact: readonly string[];
}

const deadlineMs = 120_000;

export function planCleaning(request: CleanRequest): Cleaning {
  const { host, found, open } = request;
  const kept = keptLines(request);
  const { locks } = found;
  const readOnly = readOnlyRefusal(host);
  if (readOnly) return { kept, impact: [], planned: readOnly };
  const steps = [
    ...unitSteps(request),
    ...mountSteps(request),
    ...snapshotSteps(request),
    ...holdSteps(request),
    ...applierSteps(request),
    ...accountSteps(request),
    ...salvageSteps(request),
    ...fileSteps(request),
  ];
  if (steps.length === 0 && locks.length === 0) return { kept, impact: [] };
  const refused = notDoneRefusal(host, ['clean']);
  if (refused) return { kept, impact: [], planned: refused };
  const owner = locks.map(({ job }) => open.get(job)).find((id) => id !== undefined);
  if (owner !== undefined) return { kept, impact: [], planned: request.heldBy(host.name, owner) };
  // This job's own lock would be of the whole host, and no job gets that while another has a datadir of it.
  const [unclear] = request.datadir === '' ? found.elsewhere : [];
  if (unclear) {
    const { job, who, datadir } = unclear;
    const why = `where the data of ${host.name} lies is not known, and job ${job} of ${who} has ${datadir}, which may be it`;
    const id = open.get(job);
    const advice =
      id === undefined
        ? `start its server and try again; or, if that job will not come back: ${unlockCommand(host, datadir)}`
        : request.heldBy(host.name, id).advice;
    return { kept, impact: [], planned: refusal(why, advice) };
  }
  const plan: Plan = {
    kind: 'clean',
    title: `clean ${host.name}`,
    hosts: [host.name],
    destroys: [...goingVolumes(request).map((volume) => lost(request, volume)), ...goingUnits(request).flatMap(ended)],
    steps: [
      ...locks.filter(({ job }) => isForbidden(job, request)).map(({ job }) => forbidStep(request, job)),
      ...locks.map(({ job }) => breakStep(request, job)),
      lockHost.plan({ host: host.name, datadir: request.datadir, job: request.job, who: request.who }),
      ...steps,
      lookAgain.plan({
        host: host.name,
        things: steps.map(({ name }) => name),
        find: command(request, 'leftovers', findWords(request.datadir, host.mysql)),
      }),
    ],
  };
  const impact = locks.map(({ job, who }) => {
    const then = isForbidden(job, request)
      ? 'a command of it that runs now goes on, each further one is refused there, and so is its undo'
      : 'if it still works there, two jobs will';
    return `${host.name} is locked by job ${job} of ${who}: ${then}`;
  });
  return { kept, impact, planned: { ok: true, plan } };
}

const lost = ({ host }: CleanRequest, volume: LeftVolume) =>
  volume.isCopy
    ? `the writable copy ${nameOf(volume)} on ${host.name}, which a proof left, is removed`
    : `the snapshot ${nameOf(volume)} of ${volume.origin} on ${host.name} (${shortSize(volume.sizeBytes)}, ${worth(volume)}) is lost for good`;
function worth({ proved, restores, valid }: LeftVolume): string {
  if (!valid) return 'overflowed';
  if (restores) return 'proved to restore';
  return proved ? 'with coordinates' : 'without coordinates';
}
const ended = ({ job, role, running }: LeftUnit) =>
  running ? [`what runs as unit reseed-${job}-${role} is ended`] : [];

const goingUnits = (request: CleanRequest) => request.found.units.filter(({ job }) => !isAtWork(job, request));
/** Copies first: the snapshot below one can't be removed while it is there. */
const goingVolumes = (request: CleanRequest) =>
  request.found.volumes
    .filter((volume) => !isKept(volume, request))
    .toSorted((one, other) => Number(other.isCopy) - Number(one.isCopy));

function unitSteps(request: CleanRequest): PlannedStep[] {
  return goingUnits(request).map((unit) =>
    step(request, `unit reseed-${unit.job}-${unit.role}`, 'end and remove', {
      stop: command(request, 'unit', unitWords('stop', unit)),
      clear: command(request, 'unit', unitWords('clear', unit)),
    }),
  );
}

function mountSteps(request: CleanRequest): PlannedStep[] {
  return request.found.mounts
    .filter((mount) => !staysMounted(mount, request))
    .map((mount) => {
      return step(request, mountName(mount), 'unmount', {
        unmount: command(request, 'leftovers', unmountWords(mount)),
      });
    });
}

function staysMounted({ volumeUuid }: LeftMount, request: CleanRequest): boolean {
  const volume = request.found.volumes.find(({ uuid }) => uuid === volumeUuid);
  if (!volume) return false;
  return (volume.job !== undefined && isAtWork(volume.job, request)) || isOfAnother(volume, request);
}

function snapshotSteps(request: CleanRequest): PlannedStep[] {
  return goingVolumes(request).map((found) => {
    const { group, volume, uuid, origin = '', job = '' } = found;
    const words = snapshotWords('remove', { group, volume, uuid, origin }, { job });
    return step(request, `snapshot ${nameOf(found)}`, 'remove', { remove: command(request, 'snapshot', words) });
  });
}

function holdSteps(request: CleanRequest): PlannedStep[] {
  return request.found.holds
    .filter(({ job }) => !isAtWork(job, request))
    .map((hold) => {
      return step(request, holdName(hold), 'take away', { unhold: command(request, 'leftovers', unholdWords(hold)) });
    });
}

function applierSteps(request: CleanRequest): PlannedStep[] {
  return request.found.appliers
    .filter((job) => !isAtWork(job, request))
    .map((job) =>
      step(request, applierName(job), 'start again', { start: command(request, 'applier', startApplierWords(job)) }),
    );
}

/** What is applied stays. */
function salvageSteps(request: CleanRequest): PlannedStep[] {
  const { defaultsFile, socket } = request.host.mysql;
  const login = { ...present('defaultsFile', defaultsFile), ...present('socket', socket) };
  return request.found.salvages
    .filter(({ job }) => !isAtWork(job, request))
    .map(({ job, isOpen }) =>
      step(request, salvageName(job), isOpen ? 'close the server again, and remove' : 'remove', {
        ...(isOpen && { close: command(request, 'salvage-open', openWords('close', job, login)) }),
        remove: command(request, 'salvage-take', takenLogWords('remove', job)),
      }),
    );
}

function accountSteps(request: CleanRequest): PlannedStep[] {
  return request.found.accounts
    .filter((job) => !isAtWork(job, request))
    .map((job) =>
      step(request, accountName(job), 'remove', {
        remove: command(request, 'seed-clone-donor', cloneDonorWords('remove', request.host.mysql, job)),
      }),
    );
}

function fileSteps(request: CleanRequest): PlannedStep[] {
  const { orphans, scraps } = request.found;
  // The name contains the job's key: reseed-KEY-TIME, taking-KEY-RANDOM, lock.KEY.PID, KEY/at-t1.
  const isGoing = (name: string) =>
    !isNeeded(name, request) &&
    !keysAtWork(request).some((key) => `-${name}`.replaceAll(/[/.]/g, '-').includes(`-${key}-`));
  return [
    ...orphans.filter(isGoing).map((name) =>
      step(request, `coordinates ${name}`, 'remove', {
        forget: command(request, 'leftovers', removeWords('forget', name)),
      }),
    ),
    ...scraps
      .filter(isGoing)
      .map((name) =>
        step(request, `scrap ${name}`, 'remove', { scrap: command(request, 'leftovers', removeWords('scrap', name)) }),
      ),
  ];
}

/** One of this account that is over has no runner, and its abort is to undo what it left. */
const isForbidden = (job: string, { needed }: CleanRequest): boolean => isKey(job) && !needed.has(job);

/** Its runner may wake up, after what it made here is gone. Without this its lock is still taken away: no disk has to have room for that. */
function forbidStep(request: CleanRequest, job: string): PlannedStep {
  return step(request, `further commands of job ${job}`, 'refuse', {
    forbid: command(request, 'host-fence', forbidWords({ job, who: `${whoLine(request.who)} (reseed clean)` })),
  });
}

function breakStep(request: CleanRequest, job: string): PlannedStep {
  return step(request, `lock of job ${job}`, 'take away', {
    break: command(request, 'host-lock', endLockWords('break', { job, datadir: request.datadir })),
  });
}

function step({ host }: CleanRequest, name: string, verb: string, commands: Commands): PlannedStep {
  return clearAway.plan({ host: host.name, name, verb, commands });
}

function command({ host }: CleanRequest, script: PlannedCommand['script'], args: string[]): PlannedCommand {
  return { host: host.name, script, args, deadlineMs };
}
