// How `reseed log` writes lines: on a terminal with a letter and a colour for the severity, in a pipe as the server
// wrote them, or as JSON.

import { isShownAt, type MinimumSeverity, severityLetters } from '../../fleet/log/severity.ts';
import type { LogEntry, LogUpdate } from '../../fleet/log/view.ts';
import type { Severity } from '../../host/facts.ts';
import { stampMs } from '../../host/log/stamp.ts';
import { jsonText } from '../../text/json.ts';
import { isoTime } from '../../text/times.ts';

export interface PrintOptions {
  readonly json?: boolean;
  readonly severity?: MinimumSeverity;
}

export interface LogPrinter {
  print(update: LogUpdate): void;
}

/** The outputs for the log's lines, and for messages about the log. */
export interface Outputs {
  readonly out: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly err: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const finders = {
  inventory: 'as the inventory says',
  server: 'as the server says',
  config: 'as its option files say',
  journal: 'the server writes to its standard error',
  place: 'found there: neither the server nor its option files name one',
} as const;

export function logPrinter(
  host: string,
  { json = false, severity = 'note' }: PrintOptions,
  { out, err, environment }: Outputs = { out: process.stdout, err: process.stderr, environment: process.env },
): LogPrinter {
  // no-color.org: any value except an empty one.
  const colour = out.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
  let shownPath: string | undefined;

  const sayPath = ({ path, foundBy }: LogUpdate) => {
    if (path === undefined || path === shownPath) return;
    shownPath = path;
    if (json) out.write(jsonLine('log', { host, path, foundBy }));
    else if (out.isTTY) err.write(`==> ${host}:${path} (${finders[foundBy ?? 'place']}) <==\n`);
  };
  const lineOf = (entry: LogEntry) => (out.isTTY ? terminalLine(entry, colour) : `${entry.text}\n`);

  return {
    print: (update) => {
      sayPath(update);
      const shown = update.entries.filter((entry) => isShownAt(severity, entry));
      if (json) return void out.write(shown.map((entry) => jsonEntry(host, entry, update)).join(''));
      // One write for many lines, with messages about the log in their place.
      let lines = '';
      for (const entry of shown) {
        if (entry.event === undefined) lines += lineOf(entry);
        else {
          if (lines) out.write(lines);
          lines = '';
          err.write(`reseed: ${host}: ${entry.text}\n`);
        }
      }
      if (lines) out.write(lines);
    },
  };
}

const jsonLine = (kind: string, body: object) => `${jsonText({ kind, version: 1, ...body })}\n`;

/** `at`: the line's own `time` as ISO 8601 in UTC; null: it has none. What happened to the log has the time at which that was seen. */
function jsonEntry(host: string, { event, ...line }: LogEntry, { utcOffsetSeconds }: LogUpdate): string {
  if (event !== undefined) return jsonLine('logEvent', { host, at: isoTime(Date.now()), event, text: line.text });
  const ms = line.time === undefined ? Number.NaN : stampMs(line.time, utcOffsetSeconds);
  return jsonLine('logLine', { host, at: isoTime(Number.isNaN(ms) ? undefined : ms), ...line });
}

/** The terminal's own colours. */
const colours: Readonly<Record<Severity, string>> = { error: '1;31', warning: '33', note: '0', system: '36' };

function terminalLine({ severity, text }: LogEntry, colour: boolean): string {
  if (severity === undefined) return `  ${text}\n`;
  const line = `${severityLetters[severity]} ${text}`;
  return colour ? `\x1b[${colours[severity]}m${line}\x1b[0m\n` : `${line}\n`;
}
