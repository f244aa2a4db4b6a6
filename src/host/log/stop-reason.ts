// Why a server stopped, or does not stay up, by its error log. The sentences are the same wherever they are shown.
// Pure.
import { shortDuration } from '../../text/amounts.ts';
import { shownError } from '../../text/statement.ts';
import type { ErrorLogTail, HostReport, LogLine, ServiceFacts } from '../facts.ts';
import { isCrash, isFault } from './error-log.ts';

/** A line without its time and thread number, and without what a failed statement must not tell: `[ERROR] [MY-010119] [Server] Aborting`. */
export function messageOf({ text }: LogLine): string {
  const at = text.search(/\[(?:ERROR|Warning|Note|System)\]/i);
  return shownError(at > 0 && at < 60 ? text.slice(at) : text);
}

const started = /ready for connections|starting .*as process/i;

/** A line of a server's start: MySQL says `starting as process`, MariaDB `Starting MariaDB ... as process`. */
export const isStart = (text: string): boolean => started.test(text);

const ready = /ready for connections/i;

/** A line of a server that accepts connections from now on. */
export const isReady = (text: string): boolean => ready.test(text);
const ended = /Shutdown complete/i;

/**
 * The line that says why a server stopped. Undefined where it was shut down in order, or the log does not say. A failed
 * start logs the cause first, then its consequences, and `Aborting` last. A server that ran stopped by its crash, else
 * by its last error.
 */
export function reasonOfStop({ lines }: Pick<ErrorLogTail, 'lines'>): LogLine | undefined {
  const at = lines.findLastIndex(({ text }) => isStart(text));
  const since = lines.slice(at + 1);
  const errors = since.filter(isFault);
  const ran = at >= 0 && ready.test(lines[at]?.text ?? '');
  if (!ran) return errors[0];
  if (since.some(({ text }) => ended.test(text))) return undefined;
  return errors.find(({ text }) => isCrash(text)) ?? errors.at(-1);
}

const begun = /starting .*as process/i;

/** Why the last finished run of a crash-looping server ended: the newest run may have logged nothing yet. */
function reasonOfLastEnd({ lines }: Pick<ErrorLogTail, 'lines'>): LogLine | undefined {
  for (let end = lines.length; end > 0; ) {
    const reason = reasonOfStop({ lines: lines.slice(0, end) });
    if (reason) return reason;
    end = lines.slice(0, end).findLastIndex(({ text }) => begun.test(text));
  }
  return undefined;
}

/** `mysql is crash-looping (23 restarts in 6 min)`; undefined: it is not looping. */
export function loopWords(report: Pick<HostReport, 'service'>): string | undefined {
  const { service } = report;
  const count = loopCount(report);
  return service?.ok && count ? `${service.value.unit ?? 'mysql'} is crash-looping ${count}` : undefined;
}

function loopCount({ service }: Pick<HostReport, 'service'>): string | undefined {
  const looping = service?.ok ? service.value.looping : undefined;
  return looping && `(${looping.restarts} restarts in ${shortDuration(looping.overSeconds * 1000)})`;
}

/** The same without the state, and with the reason of its last end: `(23 restarts in 6 min): [ERROR] [MY-012222] ...`. */
export const loopReason = (report: Pick<HostReport, 'service' | 'errorLog'>): string | undefined =>
  withReason(loopCount(report), report);

/** The same with the reason of its last end, as a sentence: `...: [ERROR] [MY-012222] ...`. */
export function loopText(report: Pick<HostReport, 'service' | 'errorLog'>): string | undefined {
  return withReason(loopWords(report), report);
}

function withReason(words: string | undefined, report: Pick<HostReport, 'service' | 'errorLog'>): string | undefined {
  const line = report.errorLog?.ok ? reasonOfLastEnd(report.errorLog.value) : undefined;
  const result = resultOf(report);
  const reason = line ? messageOf(line) : result && `unit result: ${result}`;
  return words && reason ? `${words}: ${reason}` : words;
}

const resultOf = ({ service }: Pick<HostReport, 'service'>): ServiceFacts['result'] =>
  service?.ok ? service.value.result : undefined;

/** Why a server did not answer: the rest of `replicas of db3: unknown (...)`. */
export function whySilent(report: HostReport): string {
  const { server, replication } = report;
  const untold = server?.ok ? replication : server;
  return loopWords(report) ?? (untold && !untold.ok ? untold.why : 'it has not answered yet');
}
