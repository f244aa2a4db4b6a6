// An operator's request, made into a job that can be shown, agreed to and launched. The verbs and the console make it
// here, from a host's facts; nothing has happened on any host yet.

import { shownRun } from '../../custom/arguments.ts';
import { customText, type NamedCommand, namedCommands, stepCommandAt } from '../../custom/named.ts';
import { planCustom } from '../../custom/plan.ts';
import { roleWords } from '../../fleet/topology/role-words.ts';
import type { HostReport, LogicalVolume } from '../../host/facts.ts';
import { datadirOf } from '../../host/storage/datadir.ts';
import { isSnapshot } from '../../host/storage/snapshots.ts';
import type { Host, Receiver } from '../../inventory/settings.ts';
import type { Who } from '../../job/journal/record.ts';
import type { Plan } from '../../job/plan/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../../job/plan/refusal.ts';
import type { RemoteTarget } from '../../remote/remote.ts';
import { type Finding, judging } from '../../seed/preflight/finding.ts';
import { impactOfStop } from '../../service/impact.ts';
import { planService, type ServiceVerb } from '../../service/plan.ts';
import { planSnapshot, snapshotMeans, volumeOf } from '../../snapshot/create.ts';
import { locksByStages, stagesText } from '../../snapshot/lock-words.ts';
import { type ManageRequest, planMount, planRemove, planUnmount } from '../../snapshot/manage.ts';
import { reportWith } from '../../snapshot/room.ts';
import { type RoomFor, roomForSnapshot } from '../../snapshot/room-for.ts';
import { patienceSeconds } from '../../snapshot/take-snapshot.ts';

import { targetOf } from '../hosts/target-of.ts';
import { hooked } from './hooked.ts';
import { blockedWords, type Past, statementWords, userOf } from './past.ts';
import { keptInUse, type PruneRequest, pruneFindings, prunePlan, spareOf } from './prune.ts';
import { type Known, nameAmong } from './server-names.ts';

export type JobRequest =
  | { readonly verb: ServiceVerb | 'snapshot' }
  /** A command of the inventory, by name. */
  | { readonly verb: 'run'; readonly command: string }
  /** One or several, each by its name, its `group/name`, or its uuid. */
  | { readonly verb: 'mount' | 'unmount' | 'remove'; readonly snapshots: readonly string[] }
  | PruneRequest;

/** The host of the request. */
export interface Subject {
  readonly host: Host;
  readonly report: HostReport;
  readonly target: RemoteTarget;
  /** Why it did not answer, in clean words; absent: it did, or there was no time for it. */
  readonly away?: string;
  /** The inventory, for the names of its sources and replicas. */
  readonly inventory?: { readonly hosts: readonly Host[] };
  /** Hosts of the inventory with their known facts; absent: no other host was asked. */
  readonly known?: readonly Known[];
}

export interface Author {
  /** The job's key: marks what it makes on hosts. */
  readonly key: string;
  readonly who: Who;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** A job that is not agreed to yet. */
export interface Draft {
  readonly planned: Planned;
  readonly key: string;
  readonly targets: readonly RemoteTarget[];
  readonly who: Who;
  /** What would break, a sentence each. If there is one, or if the plan destroys something, the name has to be typed. */
  readonly impact: readonly string[];
  /** What the environment of a host asks a person to agree to, a sentence each; no schedule waits for it. */
  readonly confirm?: readonly string[];
  /** Those of `impact` that say that a target of a seed is a replica that works, of the wrong servers or of none afterwards. */
  readonly replicas?: readonly string[];
  /** The name that has to be typed: the host's. */
  readonly name: string;
  /** The checks before the plan, each with its figure. */
  readonly checks?: readonly Finding[];
  /** What is kept, a sentence each, with what would change that. */
  readonly kept?: readonly string[];
  /** Who is told of the job. */
  readonly receivers?: readonly Receiver[];
}

/** The sentences that require the typed name. Losses come last, right above the prompt. */
export const graveSentences = (
  { destroys }: Pick<Plan, 'destroys'>,
  { confirm = [], impact }: Pick<Draft, 'confirm' | 'impact'>,
) => [...confirm, ...impact, ...destroys];

/** `past`: jobs of the journal. */
export function draftOf(request: JobRequest, subject: Subject, author: Author, past: Past = []): Draft {
  const { host, report, target } = subject;
  const breaks = request.verb === 'stop' || request.verb === 'restart';
  const draft: Draft = {
    planned: planned(request, subject, author, past),
    key: author.key,
    who: author.who,
    targets: [target],
    impact: breaks ? impactOfStop(host.name, report, nameAmong(knownHosts(subject))) : dangerOf(request, host),
    name: host.name,
    checks: checksOf(request, subject, author, past),
    ...(request.verb === 'prune' && { kept: keptInUse({ host, report, past, nowMs: author.nowMs }) }),
  };
  return hooked(draft, { sides: [{ host, report, role: 'host' }], reach: (name) => reached(name, subject) });
}

function reached(name: string, { host, target, inventory }: Subject) {
  if (name === host.name) return { host, target };
  const found = inventory?.hosts.find((one) => one.name === name);
  return found && inventory && { host: found, target: targetOf(found, inventory) };
}

/**
 * `replica of db1 (10.77.0.11:3306)`. A host whose replicas are unknown may have more roles than it reports. `known`:
 * hosts of the inventory, with their known facts.
 */
export function roleFinding(
  subject: Pick<Subject, 'host' | 'report' | 'inventory' | 'known'>,
  known: readonly Known[] = knownHosts(subject),
): Finding {
  const { host, report } = subject;
  const { replication } = report;
  const isKnown = replication?.ok && replication.value.replicasUnknown === undefined;
  return judging({ host })[isKnown ? 'pass' : 'unknown'](roleWords(report, nameAmong(known)));
}

const knownHosts = ({ inventory, known }: Pick<Subject, 'inventory' | 'known'>): readonly Known[] =>
  known ?? (inventory?.hosts ?? []).map((host) => ({ host }));

/** The lock waits for the statement, and all writes wait for the lock: but for BACKUP STAGE. */
function statementFinding({ host, report }: Pick<Subject, 'host' | 'report'>): Finding {
  const { pass, warn, unknown } = judging({ host });
  if (report.server?.ok && locksByStages(report.server.value)) return pass(stagesText);
  const seconds = report.server?.ok ? report.server.value.longestStatementSeconds : undefined;
  const most = patienceSeconds(host);
  const words = statementWords(report);
  if (seconds !== undefined && seconds <= most) return pass(`${words}, ${most} s at most`);
  const waits = `${words}, and the lock waits for ${most} s at most`;
  return seconds === undefined
    ? unknown(waits, 'grant PROCESS to the login on a MariaDB, set performance_schema on a MySQL')
    : warn(waits, 'wait for it, or end it');
}

/** The facts that matter for the decision: the host's role, and for a snapshot its needs, and for how long it blocks writes. */
function checksOf(request: JobRequest, subject: Subject, { nowMs }: Author, past: Past): Finding[] {
  const { verb } = request;
  const { host, report } = subject;
  const { pass, warn } = judging({ host });
  const role = roleFinding(subject);
  const shown = (command: NamedCommand) => customText({ ...command, run: shownRun(command, host, report) }, host);
  if (verb === 'start' || verb === 'stop' || verb === 'restart') {
    return [role, ...serviceCommands(host, verb).map((command) => pass(shown(command)))];
  }
  if (verb === 'run') return [role, ...namedIn(host, request.command).map((named) => pass(shown(named)))];
  if (verb === 'prune') return pruneFindings(request, { host, report, past, nowMs });
  if (verb !== 'snapshot') return [];
  const isPrimary = report.replication?.ok && report.replication.value.channels.length === 0;
  const before = roomBefore(subject, past, nowMs);
  const room = before.ok ? before.room : undefined;
  const means = snapshotMeans({ host, report: room ? reportWith(report, room) : report });
  if (!means.ok) return [];
  return [
    isPrimary ? warn(role.text) : role,
    ...(room ? [warn(`${room.text}: snapshots go first, until there is as much`)] : []),
    pass(means.text),
    ...(means.words
      ? [statementFinding({ host, report }), { host: host.name, advice: '', ...blockedWords(past, host.name, nowMs) }]
      : [pass('the server is down: nothing is blocked')]),
  ];
}

/** The commands of the inventory that do it; empty: systemd does. */
function serviceCommands(host: Host, verb: ServiceVerb): NamedCommand[] {
  const whole = stepCommandAt(host, verb);
  if (whole || verb !== 'restart') return whole ? [whole] : [];
  return ['stop', 'start'].flatMap((half) => stepCommandAt(host, half) ?? []);
}

const namedIn = (host: Host, command: string): NamedCommand[] =>
  namedCommands(host).filter(({ name }) => name === command);

/** The inventory knows what the command does; reseed does not. */
function dangerOf(request: JobRequest, host: Host): string[] {
  if (request.verb !== 'run') return [];
  return namedIn(host, request.command)
    .filter(({ dangerous }) => dangerous)
    .map(({ name, help }) => `${name} is dangerous, the inventory says${help === undefined ? '' : `: ${help}`}`);
}

const managing = { mount: planMount, unmount: planUnmount, remove: planRemove } as const;

function planned(request: JobRequest, { host, report }: Subject, { key, who, nowMs }: Author, past: Past): Planned {
  // Before looking for the snapshot: "no such snapshot" would suggest that the host can be changed.
  const refused = readOnlyRefusal(host);
  if (refused) return refused;
  const by = { host, job: key, who };
  const datadirVolume = report.lvm?.ok ? volumeOf(host, report.lvm.value) : undefined;
  const managed = { ...by, datadir: datadirOf(report) ?? '', ...(datadirVolume && { datadirVolume }) };
  switch (request.verb) {
    case 'snapshot': {
      const before = roomBefore({ host, report }, past, nowMs);
      return before.ok ? planSnapshot({ ...by, report, nowMs }, before.room) : before;
    }
    case 'mount':
    case 'unmount':
    case 'remove':
      return onSnapshots(report, by, (volumes) => {
        const found = request.snapshots.map((name) => calledBy(name, host, volumes));
        const missing = found.find((one) => 'ok' in one);
        if (missing) return missing;
        const snapshots = [...new Set(found.flatMap((one) => ('ok' in one ? [] : one)))];
        const used =
          request.verb === 'mount' ? [] : snapshots.map((one) => ({ one, by: userOf(past, host.name, one) }));
        const user = used.find((one) => one.by);
        return user?.by ? inUse(user.one, user.by.id) : managing[request.verb]({ ...managed, snapshots });
      });
    case 'run':
      return planCustom({ ...by, report, command: request.command });
    case 'prune':
      return prunePlan(request, { host, report, past, nowMs }, managed);
    default:
      return planService({ ...by, verb: request.verb, report });
  }
}

const roomBefore = ({ host, report }: Pick<Subject, 'host' | 'report'>, past: Past, nowMs: number): RoomFor =>
  roomForSnapshot(host, report, (volume) => spareOf({ host, report, past, nowMs }, volume));

function onSnapshots(
  { lvm }: HostReport,
  { host }: Pick<ManageRequest, 'host'>,
  plan: (snapshots: readonly LogicalVolume[]) => Planned,
): Planned {
  if (lvm?.ok) return plan(lvm.value.volumes.filter(isSnapshot));
  return refusal(`the volumes of ${host.name} are not known: ${lvm?.why ?? 'it has not answered that yet'}`, '');
}

type Refused = Extract<Planned, { ok: false }>;

/** The one snapshot of that name; or why there is none. */
function calledBy(name: string, host: Host, volumes: readonly LogicalVolume[]): LogicalVolume | Refused {
  const [snapshot, ...more] = volumes.filter((volume) => isCalled(volume, name));
  if (!snapshot) return refusal(`${host.name} has no snapshot ${name}`, `reseed snapshot list ${host.name}`);
  return more.length > 0 ? ambiguous(name, [snapshot, ...more]) : snapshot;
}

/** By its name, its `group/name`, or its uuid. */
export const isCalled = ({ group, volume, uuid }: LogicalVolume, name: string) =>
  name === volume || name === `${group}/${volume}` || name === uuid;

export const inUse = ({ group, volume }: LogicalVolume, job: number): Refused =>
  refusal(`${group}/${volume} is in use by job ${job}`, `wait for it, or: reseed job abort ${job}`);

function ambiguous(name: string, found: readonly LogicalVolume[]): Refused {
  const names = found.map(({ group, volume }) => `${group}/${volume}`).join(', ');
  return refusal(`several snapshots are called ${name}: ${names}`, 'name the one with its group');
}
