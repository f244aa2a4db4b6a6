// What a job will change on each host, before and after it: read from its plan and the hosts' last answers. Only what the plan does is told; what a
// host did not tell is `?`. Pure.
import type { HostReport } from '../../host/facts.ts';
import { datadirOf } from '../../host/storage/datadir.ts';
import { isSnapshot } from '../../host/storage/snapshots.ts';
import { lanesOf } from '../../job/lanes.ts';
import type { Plan, PlannedStep } from '../../job/plan/plan.ts';
import type { StepDefinition } from '../../job/plan/step-work.ts';
import { plannedOf } from '../../job/steps-of.ts';
import { restartAlone } from '../../seed/alone/restart.ts';
import { reattach } from '../../seed/methods/binlog/reattach.ts';
import { type AttachInput, attachSchema } from '../../seed/replica/input.ts';
import { attachReplica } from '../../seed/replica/steps/attach-replica.ts';
import { startOnData } from '../../seed/replica/steps/start-on-data.ts';
import { clearOld } from '../../seed/target/clear-old.ts';
import { dropOld } from '../../seed/target/drop-old.ts';
import { swapData } from '../../seed/target/swap-data.ts';
import { awaitRestart } from '../../service/await-restart.ts';
import { awaitServer } from '../../service/await-server.ts';
import { serverState } from '../../service/server-state.ts';
import { startServer } from '../../service/start-server.ts';
import { stopServer } from '../../service/stop-server.ts';
import { makeRoom } from '../../snapshot/make-room.ts';
import { mountSnapshot } from '../../snapshot/mount-snapshot.ts';
import { removeSnapshot } from '../../snapshot/remove-snapshot.ts';
import { takeSnapshot } from '../../snapshot/take-snapshot.ts';
import { unmountSnapshot } from '../../snapshot/unmount-snapshot.ts';
import { withPort } from '../../text/address.ts';
import { shortSize } from '../../text/amounts.ts';

interface Change {
  readonly host: string;
  /** `data`, `source`, `server`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** What a step makes that is gone at the end of the job. */
interface Passing {
  readonly host: string;
  readonly what: readonly string[];
}

export interface PlannedChanges {
  /** By host, in the order of the plan. */
  readonly changes: readonly Change[];
  readonly passing: readonly Passing[];
}

/** `reports`: the last answers of the hosts, by name. */
export function changesOf(plan: Plan, reports: ReadonlyMap<string, HostReport>): PlannedChanges {
  const parts = plan.hosts.map((host): HostPart => ({ plan, host, report: reports.get(host) ?? {} }));
  const readers = [serverChange, dataChange, sourceChange, readOnlyChange, eventsChange, snapshotChange, mountChange];
  const changes = parts.flatMap((part) => readers.flatMap((read) => withHost(part, read(part))));
  const passing = parts.flatMap(({ host }) => {
    const what = plan.steps.flatMap(({ host: of, acquires }) =>
      of === host && acquires?.whenDone === 'release' ? [acquires.what] : [],
    );
    return what.length === 0 ? [] : [{ host, what }];
  });
  return { changes, passing };
}

interface HostPart {
  readonly plan: Plan;
  readonly host: string;
  readonly report: HostReport;
}

type Told = Omit<Change, 'host'> | undefined;

const withHost = ({ host }: HostPart, told: Told): readonly Change[] => (told ? [{ host, ...told }] : []);

const stepsOfHost = ({ plan, host }: HostPart, kind: Pick<StepDefinition, 'kind'>): readonly PlannedStep[] =>
  plannedOf(plan, kind).filter((step) => step.host === host);

const does = (part: HostPart, ...kinds: readonly Pick<StepDefinition, 'kind'>[]): boolean =>
  kinds.some((kind) => stepsOfHost(part, kind).length > 0);

function serverChange(part: HostPart): Told {
  // A command of the inventory that stops or starts is followed by a wait.
  const waits = stepsOfHost(part, awaitServer).map(({ stage }) => stage);
  const stops = does(part, stopServer) || waits.includes('stop');
  const restarts = does(part, awaitRestart, restartAlone);
  const starts = restarts || does(part, startServer, startOnData) || waits.includes('start');
  if (!stops && !starts) return undefined;
  const { service } = part.report;
  const state = service?.ok ? serverState(service.value) : undefined;
  const before = state === 'between' ? 'starting or stopping' : (state ?? '?');
  const after = !starts ? 'down' : (stops || restarts) && state === 'up' ? 'up, restarted' : 'up';
  return { what: 'server', before, after };
}

function dataChange(part: HostPart): Told {
  if (!does(part, swapData)) return undefined;
  const { plan, host, report } = part;
  const lanes = lanesOf(plan);
  const donor = plan.hosts.find((name) => !lanes.includes(name) && name !== host);
  const old = does(part, clearOld)
    ? 'the old is deleted before'
    : does(part, dropOld)
      ? 'the old is kept aside, and deleted at the end'
      : 'the old is kept aside';
  const { datadirSize } = report;
  const size = datadirSize?.ok ? shortSize(datadirSize.value.usedBytes) : '?';
  return {
    what: 'data',
    before: `${size} in ${datadirOf(report) ?? '?'}`,
    after: `that of ${donor ?? 'the donor'}; ${old}`,
  };
}

/** What the step that makes it a replica was given. undefined: there is none, or it is of another build. */
function attachOf(part: HostPart): AttachInput | undefined {
  const [step] = [attachReplica, reattach].flatMap((kind) => stepsOfHost(part, kind));
  return step && attachSchema.safeParse(step.input).data;
}

function sourceChange(part: HostPart): Told {
  const isAttached = does(part, attachReplica, reattach);
  if (!isAttached && !does(part, restartAlone)) return undefined;
  const { replication } = part.report;
  const sources = replication?.ok
    ? replication.value.channels.map(({ sourceHost, sourcePort }) => withPort(sourceHost, sourcePort))
    : undefined;
  const attached = attachOf(part);
  const further = attached?.channels.map(({ source }) => source) ?? [];
  const of = attached ? [attached.source.name, ...further].join(', ') : '?';
  // Its name has its address too: one that stays must not look like another one.
  const stays =
    attached && further.length === 0 && sources?.join() === withPort(attached.source.host, attached.source.port);
  const before = sources ? sources.join(', ') || 'none' : '?';
  return { what: 'source', before: stays ? of : before, after: isAttached ? of : 'none: a server of its own' };
}

function readOnlyChange(part: HostPart): Told {
  if (!attachOf(part)?.closed) return undefined;
  const server = part.report.server?.ok ? part.report.server.value : undefined;
  const before = server ? (server.superReadOnly ? 'super read-only' : server.readOnly ? 'on' : 'off') : '?';
  return { what: 'read_only', before, after: 'on' };
}

function eventsChange(part: HostPart): Told {
  const attached = attachOf(part);
  if (!attached?.eventsOff) return undefined;
  const after = attached.keepsEventsOff ? 'off, at its next starts too' : 'off until its next start';
  return { what: 'event scheduler', before: 'as its options say', after };
}

function snapshotChange(part: HostPart): Told {
  const taken = stepsOfHost(part, takeSnapshot).filter(({ acquires }) => acquires?.whenDone === 'keep');
  const removed = stepsOfHost(part, removeSnapshot);
  const roomMade = stepsOfHost(part, makeRoom);
  if (taken.length + removed.length + roomMade.length === 0) return undefined;
  const { lvm } = part.report;
  const before = lvm?.ok ? lvm.value.volumes.filter(isSnapshot).length : undefined;
  // Which of them have to go for room is seen while the job runs.
  const after = before === undefined || roomMade.length > 0 ? undefined : before + taken.length - removed.length;
  const told = [
    ...taken.flatMap(({ acquires }) => acquires?.what ?? []),
    ...[...removed, ...roomMade].map(({ title }) => title),
  ];
  return { what: 'snapshots', before: String(before ?? '?'), after: `${after ?? '?'}: ${told.join(', ')}` };
}

function mountChange(part: HostPart): Told {
  const mounted = stepsOfHost(part, mountSnapshot).filter(({ acquires }) => acquires?.whenDone === 'keep');
  if (mounted.length > 0)
    return {
      what: 'mounts',
      before: 'not mounted',
      after: mounted.flatMap(({ acquires }) => acquires?.what ?? []).join(', '),
    };
  return does(part, unmountSnapshot) ? { what: 'mounts', before: 'mounted', after: 'not mounted' } : undefined;
}
