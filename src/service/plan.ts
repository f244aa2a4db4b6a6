// Plans that start, stop and restart a server, from the probe's facts.
//
// This room has these plans, what the stop of a server would break (impact.ts), and their steps, one a file.
// wait-for.ts waits for both a start and a stop.

import type { HostReport } from '../host/facts.ts';
import { datadirOf } from '../host/storage/datadir.ts';
import type { Host } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import { lockHost } from '../job/lock-step.ts';
import { notDoneRefusal, type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { serverState } from './server-state.ts';
import { startServer } from './start-server.ts';
import { stopServer } from './stop-server.ts';

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
  // A restart stops and starts, so a command of the operator's own for any of the three is a reason to refuse it.
  const refused =
    readOnlyRefusal(host) ?? notDoneRefusal(host, verb === 'restart' ? ['start', 'stop', 'restart'] : [verb]);
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
  const steps = [
    lock,
    ...(verb === 'start' ? [] : [stopServer.plan({ host, report, unit })]),
    ...(verb === 'stop' ? [] : [startServer.plan({ host, report, unit })]),
  ];
  return { ok: true, plan: { kind: verb, title: `${verb} ${host.name}`, hosts: [host.name], destroys: [], steps } };
}
