// The commands of steps that start and stop a server (service.sh).
import { posix } from 'node:path';
import type { HostReport } from '../host/facts.ts';
import { datadirOf } from '../host/storage/datadir.ts';
import type { Host } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import { lookWords, serviceWords, whichWords } from '../scripts/service-words.ts';

export interface ServerWish {
  readonly host: Host;
  readonly report: HostReport;
  /** The unit's name for systemctl. */
  readonly unit: string;
  readonly lane?: string;
}

const askDeadlineMs = 30_000;

export function serverCommands(verb: 'start' | 'stop', { host, report, unit }: ServerWish) {
  const datadir = datadirOf(report) ?? '';
  const log = errorLogOf({ host, report });
  const command = (args: string[]): PlannedCommand => ({
    host: host.name,
    script: 'service',
    args,
    deadlineMs: askDeadlineMs,
  });
  return {
    act: command(serviceWords(verb, unit)),
    which: command(whichWords(datadir)),
    look: command(lookWords({ ...host.mysql, unit, datadir, log, from: String(logBytes(report)) })),
  };
}

/** An absolute path. Empty: the server writes to its standard error, which the journal has, or its log is unknown. */
export function errorLogOf({ host, report }: Pick<ServerWish, 'host' | 'report'>): string {
  const { server, config, errorLog } = report;
  const told = server?.ok ? server.value.errorLog : config?.ok ? config.value.errorLog : undefined;
  const tail = errorLog?.ok && errorLog.value.sizeBytes !== undefined ? errorLog.value.path : '';
  const log = host.mysql.errorLog ?? told ?? tail;
  if (log === 'stderr' || log === '') return tail;
  return posix.resolve(datadirOf(report) ?? '/', log);
}

/** The log is shown from this byte on: only lines of this start or stop, not of earlier ones. */
const logBytes = ({ errorLog }: HostReport) => (errorLog?.ok ? (errorLog.value.sizeBytes ?? 0) : 0);
