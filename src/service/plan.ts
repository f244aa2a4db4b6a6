// Plans that start, stop and restart a server, as the probe found it.
//
// Lives in this room: those plans, what stopping a server would break (impact.ts), and the works of their steps (works.ts).
import { posix } from 'node:path';
import { datadirOf } from '../host/datadir.ts';
import type { HostReport } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import { lockStep } from '../job/lock-step.ts';
import type { PlannedCommand, PlannedStep } from '../job/plan.ts';
import type { Who } from '../job/record.ts';
import { notDoneRefusal, type Planned, readOnlyRefusal, refusal } from '../job/refusal.ts';
import { serverState } from './server-state.ts';

export type ServiceVerb = 'start' | 'stop' | 'restart';

export interface ServiceWish {
  readonly verb: ServiceVerb;
  readonly host: Host;
  readonly report: HostReport;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
}

const askDeadlineMs = 30_000;

/** A server that is already as it is wanted is a refusal that says so. */
export function planService(wish: ServiceWish): Planned {
  const { verb, host, report, job, who } = wish;
  const { service } = report;
  // A restart of the operator's own stops and starts in its own way.
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
  const lock = lockStep(host.name, datadirOf(report) ?? '', job, who);
  if (verb === 'start' && state === 'up') return { ...refusal(`the server of ${host.name} runs already`, ''), lock };
  if (verb !== 'start' && state === 'down') {
    return { ...refusal(`the server of ${host.name} is down already`, ''), lock };
  }
  const steps = [
    lock,
    ...(verb === 'start' ? [] : [serviceStep('stop', wish, unit)]),
    ...(verb === 'stop' ? [] : [serviceStep('start', wish, unit)]),
  ];
  return { ok: true, plan: { kind: verb, title: `${verb} ${host.name}`, hosts: [host.name], destroys: [], steps } };
}

export function serviceStep(
  verb: 'start' | 'stop',
  { host, report }: Pick<ServiceWish, 'host' | 'report'>,
  unit: string,
): PlannedStep {
  const datadir = datadirOf(report) ?? '';
  const log = errorLogOf({ host, report });
  const command = (...args: string[]): PlannedCommand => ({
    host: host.name,
    script: 'service',
    args,
    deadlineMs: askDeadlineMs,
  });
  return {
    name: `${verb} ${host.name}`,
    title: verb === 'start' ? `start ${unit} on ${host.name}` : `stop ${unit} on ${host.name}`,
    host: host.name,
    work: `${verb}-server`,
    input: {},
    commands: {
      act: command(verb, unit),
      look: command('look', ...lookWords({ unit, datadir, mysql: host.mysql, log, from: String(logBytes(report)) })),
    },
  };
}

/** `from`: the byte of the log that is the first to be shown, or the path of a file that has it. */
export function lookWords(of: {
  readonly unit: string;
  readonly datadir: string;
  readonly mysql: Host['mysql'];
  readonly log: string;
  readonly from: string;
}): string[] {
  const { unit, datadir, mysql, log, from } = of;
  return [unit, datadir, mysql.defaultsFile ?? '', mysql.socket ?? '', log, from];
}

/** An absolute path. Empty: the server writes to its standard error, which the journal has, or its log is unknown. */
export function errorLogOf({ host, report }: Pick<ServiceWish, 'host' | 'report'>): string {
  const { server, config, errorLog } = report;
  const told = server?.ok ? server.value.errorLog : config?.ok ? config.value.errorLog : undefined;
  const tail = errorLog?.ok && errorLog.value.sizeBytes !== undefined ? errorLog.value.path : '';
  const log = host.mysql.errorLog ?? told ?? tail;
  if (log === 'stderr' || log === '') return tail;
  return posix.resolve(datadirOf(report) ?? '/', log);
}

/** From where on the log is shown: what the server says of this start or stop, and not of those before. */
const logBytes = ({ errorLog }: HostReport) => (errorLog?.ok ? (errorLog.value.sizeBytes ?? 0) : 0);
