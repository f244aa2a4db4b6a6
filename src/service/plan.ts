// Plans that start, stop and restart a server, from the probe's facts.
//
// This room has these plans, what the stop of a server would break (impact.ts), and their steps, one a file.
// wait-for.ts waits for both a start and a stop.

import { endCommand } from '../custom/end-command.ts';
import { stepCommandAt } from '../custom/named.ts';
import { commandSteps } from '../custom/plan.ts';
import type { HostReport } from '../host/facts.ts';
import { datadirOf } from '../host/storage/datadir.ts';
import type { Host } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import { lockHost } from '../job/lock-step.ts';
import type { PlannedStep } from '../job/plan/plan.ts';
import { notDoneRefusal, type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { awaitRestart } from './await-restart.ts';
import { awaitServer } from './await-server.ts';
import { noteProcess } from './note-process.ts';
import { serverState } from './server-state.ts';
import { startServer } from './start-server.ts';
import { stopServer } from './stop-server.ts';
import { heldRefusal } from './unwhole.ts';

export type ServiceVerb = 'start' | 'stop' | 'restart';

export interface ServiceRequest {
  readonly verb: ServiceVerb;
  readonly host: Host;
  readonly report: HostReport;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
}

/** If the server already is in the requested state, the plan is refused and says so. */
export function planService(request: ServiceRequest): Planned {
  const { verb, host, report, job, who } = request;
  const { service } = report;
  const refused = readOnlyRefusal(host);
  if (refused) return refused;
  if (!service?.ok)
    return refusal(`the service of ${host.name} is not known: ${service?.why ?? 'it has not answered that yet'}`, '');
  const { unit } = service.value;
  if (unit === undefined) {
    return refusal(`${host.name} has no unit of a MySQL or MariaDB`, 'where it has another name, set mysql.service');
  }
  const state = serverState(service.value);
  const lock = lockHost.plan({ host: host.name, datadir: datadirOf(report) ?? '', job, who });
  if (verb === 'start' && state === 'up') return { ...refusal(`the server of ${host.name} runs already`, ''), lock };
  if (verb !== 'start' && state === 'down') {
    return { ...refusal(`the server of ${host.name} is down already`, ''), lock };
  }
  const unwhole = verb === 'start' ? heldRefusal(host, report) : undefined;
  if (unwhole) return { ...unwhole, lock };
  const acts = actsOf(request, unit);
  if (!acts.ok) return acts;
  const steps = [lock, ...acts.steps];
  return { ok: true, plan: { kind: verb, title: `${verb} ${host.name}`, hosts: [host.name], destroys: [], steps } };
}

type Acts = { readonly ok: true; readonly steps: readonly PlannedStep[] } | Extract<Planned, { ok: false }>;

/** A restart is a command of its own, or a stop and a start, each with its own command. */
function actsOf(request: ServiceRequest, unit: string): Acts {
  const { verb, host } = request;
  const refused = notDoneRefusal(host, [verb]);
  if (refused) return refused;
  if (verb === 'restart' && stepCommandAt(host, verb)) return restartOf(request, unit);
  const acts = halvesOf(verb).map((half) => actOf(request, unit, half));
  return acts.find((one) => !one.ok) ?? { ok: true, steps: acts.flatMap((one) => (one.ok ? one.steps : [])) };
}

/** A command for the whole of it could do nothing: that another process answers is its proof. */
function restartOf(request: ServiceRequest, unit: string): Acts {
  const { host, report } = request;
  const wish = { host, report, unit };
  const run = runOf(request, 'restart');
  return run.ok
    ? {
        ok: true,
        steps: staged('restart', [
          noteProcess.plan(wish),
          ...run.steps,
          endCommand.plan(run.unit),
          awaitRestart.plan(wish),
        ]),
      }
    : run;
}

type Half = Exclude<ServiceVerb, 'restart'>;
const halvesOf = (verb: ServiceVerb): readonly Half[] => (verb === 'restart' ? ['stop', 'start'] : [verb]);

function actOf(request: ServiceRequest, unit: string, verb: Half): Acts {
  const { host, report } = request;
  const wish = { host, report, unit };
  if (!stepCommandAt(host, verb)) {
    const refused = verb === 'stop' ? byHandRefusal(request, unit) : undefined;
    if (refused) return refused;
    return { ok: true, steps: [verb === 'stop' ? stopServer.plan(wish) : startServer.plan(wish)] };
  }
  const run = runOf(request, verb);
  return run.ok
    ? { ok: true, steps: staged(verb, [...run.steps, endCommand.plan(run.unit), awaitServer.plan({ ...wish, verb })]) }
    : run;
}

/** systemd would stop nothing, and its end would be waited for in vain. */
function byHandRefusal(
  { host, report: { service } }: ServiceRequest,
  unit: string,
): ReturnType<typeof refusal> | undefined {
  if (!service?.ok || service.value.pid === undefined) return undefined;
  const { pid, state } = service.value;
  if (state !== 'inactive' && state !== 'failed') return undefined;
  return refusal(
    `the server of ${host.name} (process ${pid}) is not run by ${unit}.service, which is ${state}: systemd would not stop it`,
    'stop it as it was started (supervisorctl stop NAME, mysqladmin shutdown); or set commands.stop, or mysql.service where another unit runs it',
  );
}

/** A command of the inventory is of any stage: here it is of this one. */
const staged = (stage: ServiceVerb, steps: readonly PlannedStep[]) => steps.map((step) => ({ ...step, stage }));

/** The steps that run the command, where it can be told afterwards whether it did its work. */
function runOf(request: ServiceRequest, verb: ServiceVerb): ReturnType<typeof commandSteps> {
  const { host, report } = request;
  const command = stepCommandAt(host, verb);
  if (!command) return refusal(`${host.name} has no commands.${verb}`, '');
  if (datadirOf(report) === undefined) {
    return refusal(
      `where the datadir of ${host.name} is, is not known: whether ${command.name} did its work could not be told`,
      `reseed status ${host.name} tells why`,
    );
  }
  return commandSteps({ ...request, command, role: `custom-${verb}` });
}
