// Puts the hooks of the inventory into a finished plan, at the stages of its steps.
//
// This room has the hooks of a host (named.ts), the stages of a plan (points.ts), which hooks run where (runs.ts), what a hook reads (facts.ts), its
// steps (steps.ts: run-here.ts on this machine, run-on-host.ts, check-programs.ts) and what its end means (outcome.ts).
import { portOf } from '../custom/arguments.ts';
import { hookLooks } from '../host/file-looks.ts';
import { afterFailure, afterSuccess } from '../inventory/settings.ts';
import { lanesOf } from '../job/lanes.ts';
import type { Plan, PlannedStep } from '../job/plan/plan.ts';
import type { Planned } from '../job/plan/refusal.ts';
import type { RemoteTarget } from '../remote/remote.ts';
import type { Finding } from '../seed/preflight/finding.ts';
import { checkPrograms } from './check-programs.ts';
import { hooksOf } from './named.ts';
import { lockSpan, type StageSpan, spansOf } from './points.ts';
import { lookedAt } from './programs.ts';
import { jumpName } from './run-here.ts';
import { type HookedJob, type HookRun, type Occasion, runsAt } from './runs.ts';
import { type Digests, hookStep } from './steps.ts';

export type Hooked =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** How hosts are reached that only hooks need, and this machine. */
      readonly targets: readonly RemoteTarget[];
      readonly checks: readonly Finding[];
    }
  | Extract<Planned, { ok: false }>;

const thisMachine: RemoteTarget = { name: jumpName, host: 'localhost', transport: 'local', sudo: false };

/** A place between two steps: before the step `at`. */
interface Slot {
  readonly at: number;
  readonly occasion: Occasion;
}

export function withHooks(job: HookedJob): Hooked {
  const { plan } = job;
  const spans = spansOf(plan.steps);
  const own = job.sides.filter(({ host }) => plan.hosts.includes(host.name));
  if (spans.length === 0 || own.every(({ host }) => hooksOf(host).length === 0)) {
    return { ok: true, plan, targets: [], checks: [] };
  }
  const names = own.map(({ host }) => host.name);
  const locks = lockSpan(plan.steps);
  const slots = [...slotsOf({ ...locks, host: '' }, names), ...spans.flatMap((span) => slotsOf(span, names))];
  const asked = slots.map(({ at, occasion }) => ({ at, asked: runsAt(job, occasion) }));
  const success = runsAt(job, { point: afterSuccess, lane: undefined, hosts: names });
  const failure = runsAt(job, { point: afterFailure, lane: undefined, hosts: names });
  for (const one of [...asked.map(({ asked: each }) => each), success, failure]) if (!one.ok) return one;
  const placed = asked.flatMap(({ at, asked: one }) => (one.ok ? one.runs.map((run) => ({ at, run })) : []));
  const atFailure = (failure.ok ? failure.runs : []).map((run) => ({ ...run, lane: laneOf(plan, run) }));
  const atSuccess = success.ok ? success.runs : [];
  const runs = [...placed.map(({ run }) => run), ...atSuccess, ...atFailure];
  const programs = lookedAt(runs, job);
  if (!programs.ok) return programs;
  const step = (run: HookRun) => hookStep(job, run, runs.indexOf(run) + 1, programs.digests);
  const steps = plan.steps.toSpliced(locks.last + 1, 0, ...checksOnHosts(plan, runs, programs.digests));
  const added = steps.length - plan.steps.length;
  const shifted = placed.map(({ at, run }) => ({ at: at > locks.last ? at + added : at, step: step(run) }));
  return {
    ok: true,
    plan: {
      ...plan,
      steps: [...steps, undefined].flatMap((planned, at) => [
        ...shifted.filter((one) => one.at === at).map((one) => one.step),
        ...(planned ? [planned] : []),
      ]),
      ...(atSuccess.length > 0 && { onSuccess: atSuccess.map(step) }),
      ...(atFailure.length > 0 && { onFailure: atFailure.map(step) }),
    },
    targets: targetsOf(job, runs),
    checks: [...programs.checks, ...portless(job, runs)],
  };
}

function slotsOf({ stage, before, after, lane, host, first, last }: StageSpan, all: readonly string[]): Slot[] {
  // What is copied, and the job itself, concern all of its hosts; the rest is done to one.
  const isOfAll = stage === 'preflight' || (stage === 'copy' && lane === undefined);
  const hosts = isOfAll ? all : [lane ?? host];
  return [
    { at: first, occasion: { point: before, lane, hosts } },
    { at: last + 1, occasion: { point: after, lane, hosts } },
  ];
}

/** A failed target has its own hook, where no other host of the job has the same. */
function laneOf(plan: Plan, { for: [only, ...more] }: HookRun): string | undefined {
  return more.length === 0 && only !== undefined && lanesOf(plan).includes(only) ? only : undefined;
}

function checksOnHosts(plan: Plan, runs: readonly HookRun[], digests: Digests): PlannedStep[] {
  const onHosts = Map.groupBy(
    runs.filter(({ place }) => place !== jumpName),
    ({ place }) => place,
  );
  return [...onHosts].map(([host, there]) => {
    const hooks = new Map(
      there.map((one) => {
        const { name, refuses } = one.hook;
        const looks = hookLooks(one.words);
        return [JSON.stringify([name, looks]), { name, looks, refuses, sums: digests(one) }];
      }),
    );
    return checkPrograms.plan({
      host,
      lane: lanesOf(plan).includes(host) ? host : undefined,
      hooks: [...hooks.values()],
    });
  });
}

/** A hook that needs the port fails at its point, which may be after the copy. */
function portless({ sides }: HookedJob, runs: readonly HookRun[]): Finding[] {
  const having = new Set(runs.flatMap((run) => run.for));
  return sides
    .filter(({ host, report }) => having.has(host.name) && portOf(report) === undefined)
    .map(({ host }) => ({
      host: host.name,
      level: 'warn',
      text: `the port of its server is not known: hooks read null for mysqlPort of ${host.name}`,
      advice: 'write port under [mysqld] in an option file there, or give the port to the hook by its own settings',
    }));
}

function targetsOf({ reach }: HookedJob, runs: readonly HookRun[]): RemoteTarget[] {
  const places = [...new Set(runs.map(({ place }) => place))];
  return places.flatMap((place) => (place === jumpName ? [thisMachine] : (reach(place)?.target ?? [])));
}
