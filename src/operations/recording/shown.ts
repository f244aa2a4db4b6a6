// What a recording has of the console's pictures: what its screens show, and nothing else. An inventory's commands, keys and receivers, the
// commands of a plan and what its steps know besides, and the rows that a proof found, are left out. Pure.
import type { FleetPicture, HostPicture, Link } from '../../fleet/picture.ts';
import type { CommandFacts, HostReport, Known } from '../../host/facts.ts';
import type { Host, Schedule } from '../../inventory/settings.ts';
import type { JobRecord, StepRecord } from '../../job/journal/record.ts';
import type { JobsPicture, JobView, OthersPicture } from '../../job/journal/watch.ts';
import type { Json, Plan, PlannedStep } from '../../job/plan/plan.ts';
import { listTables } from '../../proofs/rows/list-tables.ts';
import { comparedBy, comparedSchema } from '../../proofs/rows/result.ts';
import { tablesSchema } from '../../proofs/rows/tables.ts';
import { provedBy } from '../../proofs/told.ts';
import type { RunView, SchedulesPicture, ScheduleView } from '../../schedule/picture.ts';
import { proveAlone } from '../../seed/alone/prove-alone.ts';
import { methods } from '../../seed/methods/methods.ts';
import { attachReplica } from '../../seed/replica/steps/attach-replica.ts';
import { catchUp } from '../../seed/replica/steps/catch-up.ts';

/** The pictures in the console's stores. */
export interface Pictures {
  readonly fleet: FleetPicture;
  readonly jobs: JobsPicture;
  readonly others: OthersPicture;
  readonly schedules: SchedulesPicture;
}

/** A picture without what JSON does not have. `look` is how its own operator has read the log: that is in the alerts. */
export type ShownHost = Omit<HostPicture, 'look'>;

export interface ShownPictures extends Omit<Pictures, 'fleet'> {
  readonly fleet: Omit<FleetPicture, 'hosts'> & { readonly hosts: readonly ShownHost[] };
}

/** Of what did not change since the last call, it gives the same objects again. */
export function showing(): (pictures: Pictures) => ShownPictures {
  const [host, view, schedule] = [kept(shownHost), kept(shownView), kept(shownSchedule)];
  const fleetOf = kept((fleet: FleetPicture) => ({ ...fleet, hosts: fleet.hosts.map(host) }));
  const jobsOf = kept((jobs: JobsPicture): JobsPicture => ({ ...jobs, jobs: jobs.jobs.map(view) }));
  const othersOf = kept((others: OthersPicture): OthersPicture => ({ ...others, jobs: others.jobs.map(view) }));
  const schedulesOf = kept(
    (some: SchedulesPicture): SchedulesPicture => ({ ...some, views: some.views.map(schedule) }),
  );
  return ({ fleet, jobs, others, schedules }) => ({
    fleet: fleetOf(fleet),
    jobs: jobsOf(jobs),
    others: othersOf(others),
    schedules: schedulesOf(schedules),
  });
}

function kept<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>();
  return (from) => {
    const known = made.get(from);
    if (known !== undefined) return known;
    const now = make(from);
    made.set(from, now);
    return now;
  };
}

function shownHost({ look: _, host, link, report, remembered, ...rest }: HostPicture): ShownHost {
  const { server, replication } = report;
  return {
    ...rest,
    host: settingsShown(host),
    link: linkShown(link),
    report: reportShown(report),
    // What its report has is not recorded twice: withLook() puts it back.
    remembered: {
      ...(remembered.server && !(server?.ok && server.value === remembered.server) && { server: remembered.server }),
      ...(remembered.replication &&
        !(replication?.ok && replication.value === remembered.replication) && { replication: remembered.replication }),
    },
  };
}

/** As a screen takes it. */
export const withLook = (shown: ShownHost): HostPicture => {
  const { server, replication } = shown.report;
  return {
    ...shown,
    remembered: {
      ...(server?.ok && { server: server.value }),
      ...(replication?.ok && { replication: replication.value }),
      ...shown.remembered,
    },
    look: { sinceMs: 0, seen: new Set(), marked: new Set(), corruption: [] },
  };
};

/** `snapshot.filter` says which snapshots are listed. */
function settingsShown({ name, cluster, datacenter, ssh, snapshot, readOnly, environment }: Host): Host {
  return {
    name,
    ...(cluster !== undefined && { cluster }),
    ...(datacenter !== undefined && { datacenter }),
    ssh: { host: ssh.host, transport: 'auto' },
    sudo: false,
    mysql: {},
    snapshot: snapshot.filter === undefined ? {} : { filter: snapshot.filter },
    seed: {},
    commands: {},
    hooks: {},
    labels: {},
    readOnly,
    ...(environment && { environment }),
    notDone: [],
  };
}

function linkShown(link: Link): Link {
  if (link.state !== 'failed') return link;
  const { kind, host, message, advice } = link.failure;
  // A screen asks whether sudo refused, and shows the rest in words.
  const shown = kind === 'sudo' ? kind : 'refused';
  return { ...link, failure: { ok: false, kind: shown, host, command: '', message, advice, printed: '' } };
}

function reportShown(report: HostReport): HostReport {
  const { commands, ...rest } = report;
  return commands ? { ...rest, commands: commandsShown(commands) } : report;
}

const commandsShown = kept((told: Known<CommandFacts>): Known<CommandFacts> => {
  if (!told.ok) return told;
  const { programs: _, ...value } = told.value;
  return { ok: true, value };
});

function shownView({ job, samples, ends, abandoned, lapsed, other }: JobView): JobView {
  return {
    job: shownJob(job),
    samples,
    abandoned,
    ...(lapsed && { lapsed }),
    ...(ends && { ends }),
    ...(other && { other }),
  };
}

const shownJob = kept((job: JobRecord): JobRecord => {
  const { frozen: _, runner: __, lease, ...rest } = job;
  const works = new Map(job.plan.steps.map(({ name, work }) => [name, work]));
  return {
    ...rest,
    ...(lease && { lease }),
    plan: shownPlan(job.plan),
    targets: [],
    steps: job.steps.map((step) => shownStep(step, works.get(step.name) ?? '')),
  };
});

const shownPlan = kept(
  ({ kind, title, hosts, steps, destroys, onFailure, onSuccess }: Plan): Plan => ({
    kind,
    title,
    hosts,
    destroys,
    steps: steps.map(shownPlanned),
    ...(onFailure && { onFailure: onFailure.map(shownPlanned) }),
    ...(onSuccess && { onSuccess: onSuccess.map(shownPlanned) }),
  }),
);

const shownPlanned = ({ name, title, host, lane, work, stage }: PlannedStep): PlannedStep => ({
  name,
  title,
  host,
  ...(lane !== undefined && { lane }),
  work,
  ...(stage !== undefined && { stage }),
  input: {},
  commands: {},
});

/** The kinds of steps whose results a screen reads. */
const toldKinds: ReadonlySet<string> = new Set([
  ...[provedBy, attachReplica, catchUp, proveAlone].map(({ kind }) => kind),
  ...methods.flatMap(({ blocksWrites }) => (blocksWrites ? [blocksWrites.told.kind] : [])),
]);

function shownStep({ result, progress, ...rest }: StepRecord, work: string): StepRecord {
  const shown = result === undefined ? undefined : resultShown(result, work);
  if (!progress) return shown === undefined ? rest : { ...rest, result: shown };
  const { place: _, ...figures } = progress;
  return { ...rest, progress: figures, ...(shown !== undefined && { result: shown }) };
}

/** Of a proof of rows a screen counts what it found, and shows none of it. */
function resultShown(result: Json, work: string): Json | undefined {
  if (work === listTables.kind) {
    const told = tablesSchema.safeParse(result).data;
    return (
      told && { compare: [], missing: told.missing.map(blank), notCompared: told.notCompared.map(blank), leftOut: [] }
    );
  }
  if (work === comparedBy.kind) {
    const told = comparedSchema.safeParse(result).data;
    return told && { ...told, differences: told.differences.map(blank), notCompared: told.notCompared.map(blank) };
  }
  return toldKinds.has(work) ? result : undefined;
}

const blank = () => ({ table: '', why: '' });

function shownSchedule({ schedule, runs, ...rest }: ScheduleView): ScheduleView {
  return { ...rest, schedule: wantedShown(schedule), runs: runs.map(runShown) };
}

function wantedShown(schedule: Schedule): Schedule {
  const { act } = schedule;
  if (act.do !== 'seed') return schedule;
  const { account: _, ...rest } = act;
  return { ...schedule, act: rest };
}

const runShown = ({ request: _, key: __, ...rest }: RunView): RunView => ({ ...rest, request: '' });
