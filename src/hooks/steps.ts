// The steps of hooks: one for each run of one.
import { portOf } from '../custom/arguments.ts';
import { afterFailure, afterSuccess, type HookPoint } from '../inventory/settings.ts';
import type { PlannedStep } from '../job/plan/plan.ts';
import { shownWord } from '../remote/call/quote.ts';
import type { Sum } from '../scripts/file-sums.ts';
import { cleanLine } from '../text/clean.ts';
import type { PlannedFacts } from './facts.ts';
import { jumpName, runHookHere } from './run-here.ts';
import { runHookOnHost } from './run-on-host.ts';
import type { HookedJob, HookRun, HookSide } from './runs.ts';

/** What is known of the files that a hook is made of, where it runs; those that are not known are left out. */
export type Digests = (run: Pick<HookRun, 'words' | 'place'>) => readonly Sum[];

/** `number`: of this run in its plan. */
export function hookStep(job: HookedJob, run: HookRun, number: number, digests: Digests): PlannedStep {
  const { hook, place, words, lane } = run;
  const { refuses, again, deadlineMs } = hook;
  const planned = {
    name: nameOf(run),
    title: titleOf(job, run),
    lane,
    input: { facts: factsOf(job, run), refuses, again, seconds: Math.ceil(deadlineMs / 1000) },
    words,
  };
  return place === jumpName
    ? runHookHere.plan({ ...planned, mark: job.mark(number), sums: digests(run) })
    : runHookOnHost.plan({ ...planned, host: place, job: job.key, role: `hook-${number}`, sums: digests(run) });
}

const nameOf = ({ hook, point, place, for: hosts, lane }: HookRun): string =>
  [`hook ${hook.name} ${point} on ${place} for ${hosts.join(', ')}`, ...(lane === undefined ? [] : [lane])].join(
    ' of ',
  );

const whens: Partial<Record<HookPoint, string>> = {
  [afterSuccess]: 'if the job succeeds',
  [afterFailure]: 'if the job fails',
};

/** `hook drain, before-stop of db3: /opt/drain db3 on jump1 (may refuse)` */
function titleOf({ who }: HookedJob, { hook, point, place, for: hosts, words }: HookRun): string {
  const when = whens[point] ?? point;
  const where = place === jumpName ? who.jumpHost : place;
  const refuses = hook.refuses ? ' (may refuse)' : '';
  return cleanLine(
    `hook ${hook.name}, ${when}, of ${hosts.join(', ')}: ${words.map(shownWord).join(' ')} on ${where}${refuses}`,
  );
}

function factsOf(job: HookedJob, run: HookRun): PlannedFacts {
  const { sides, who, method, snapshot, dataBytes } = job;
  const named = (role: 'donor' | 'target') => sides.filter((side) => side.role === role).map(({ host }) => host.name);
  return {
    hook: { name: run.hook.name, at: run.point, for: [...run.for], on: run.place === jumpName ? 'jump' : run.place },
    operator: {
      account: who.account,
      sudoUser: who.sudoUser ?? null,
      jumpHost: who.jumpHost,
      from: who.from ?? null,
    },
    hosts: sides.map(({ host, report, role }) => ({
      name: host.name,
      role,
      address: host.ssh.host,
      mysqlPort: portOf(report) ?? null,
      cluster: host.cluster ?? null,
      datacenter: host.datacenter ?? null,
    })),
    donor: named('donor')[0] ?? null,
    targets: named('target'),
    ends: Object.fromEntries(job.sides.map((side) => [side.host.name, endOf(job, side)])),
    method: method ?? null,
    snapshot: snapshot ?? null,
    dataBytes: dataBytes ?? null,
  };
}

/** A target is waited for until it has caught up where it is a replica afterwards; another host stays what it is. */
function endOf({ plan }: HookedJob, { host: { name }, report, role }: HookSide): 'replica' | 'alone' | null {
  if (role === 'target') {
    const catchesUp = plan.steps.some(({ stage, lane, host }) => stage === 'caught-up' && (lane ?? host) === name);
    return catchesUp ? 'replica' : 'alone';
  }
  const { replication } = report;
  if (!replication?.ok) return null;
  return replication.value.channels.length > 0 ? 'replica' : 'alone';
}
