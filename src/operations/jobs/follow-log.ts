// A followed job log, in the form of a host's error log.
import { createStore } from 'zustand/vanilla';
import { type LogFollow, type LogView, nothingYet, withUpdate } from '../../fleet/log/follow.ts';
import type { LogEntry } from '../../fleet/log/view.ts';
import { parseLogLine } from '../../host/log/error-log.ts';
import { msOfIso, timeOfDay } from '../../text/times.ts';
import { tail } from './tail.ts';

const lookEveryMs = 250;
/** More bytes than the kept lines have. */
const lastBytes = 1_000_000;

/** The caller closes it. Waits for a log that does not exist yet. */
export function followJobLog(path: string): LogFollow {
  const view = createStore<LogView>(() => ({ ...nothingYet, state: 'following', path }));
  const read = tail(path, lastBytes);
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    try {
      const lines = (rest + read()).split('\n');
      rest = lines.pop() ?? '';
      const entries = lines.map(jobLogEntry);
      if (entries.length > 0 || view.getState().state === 'failed') publish(entries);
    } catch (error) {
      const message = `${path} can't be read: ${error instanceof Error ? error.message : error}`;
      const failure = { kind: 'refused', message, advice: '', printed: '' } as const;
      view.setState((before) => ({ ...before, state: 'failed', failure }), true);
    }
    timer = setTimeout(look, lookEveryMs);
  };
  const publish = (entries: readonly LogEntry[]) =>
    view.setState(
      (before) => withUpdate(before, { link: { state: 'following' }, entries, droppedLines: 0, skippedBytes: 0 }),
      true,
    );
  look();
  return { view, close: async () => clearTimeout(timer) };
}

const written = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/;

/**
 * `2026-11-22T06:30:58.123Z db1      $ lvcreate ... → 5 (0.41 s)`, shown with the time of the operator's own clock.
 * Failed commands and remains are errors; a line of a server's own log has the server's severity.
 */
export function jobLogEntry(line: string): LogEntry {
  const [, iso = '', said = ''] = written.exec(line) ?? [];
  const ms = msOfIso(iso);
  if (ms === undefined) return { text: line };
  const time = timeOfDay(new Date(ms));
  const severity = severityOf(said);
  return { text: `${time} ${said}`, time, ...(severity && { severity }) };
}

/** After the name of its host, as src/job/journal/log-file.ts writes it. */
function severityOf(said: string): LogEntry['severity'] {
  if (/^\S* +(?:LEFT|failed|cleanup-needed): /.test(said) || / → (?!0 \()\S+ \([\d.]+ s\)$/.test(said)) return 'error';
  const server = /^\S* +\| (.*)$/.exec(said)?.[1];
  return server === undefined ? undefined : parseLogLine(server).severity;
}
