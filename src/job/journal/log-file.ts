// A job's log: one plain text file, for the person who has to explain the incident tomorrow. Every line has its time.

import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { cleanText } from '../../text/clean.ts';
import { isoTime } from '../../text/times.ts';

export interface JobLog {
  /** Several lines become several entries. Throws if the disk fails. */
  write(host: string, text: string): void;
}

const hostCells = 8;

/** Appends: a resumed job continues the same file. Written at once, so that a kill -9 loses no line. */
export function openJobLog(path: string, nowMs: () => number): JobLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return {
    write: (host, text) => {
      const time = isoTime(nowMs());
      const lines = cleanText(text).split('\n');
      appendFileSync(path, lines.map((line) => `${time} ${host.padEnd(hostCells)} ${line}\n`).join(''), {
        mode: 0o600,
      });
    },
  };
}

/**
 * What a log tells without the commands that ran, and what these said: its steps, their ends, what a person has to
 * know. To be given the log piece by piece; a line that is not whole yet is kept for the next call.
 */
export function stepsOfLog(): (piece: string) => string {
  let rest = '';
  let isCommand = false;
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    const told = lines.filter((line) => {
      const [, time = '', host = ''] = /^(\S+) (\S*)/.exec(line) ?? [];
      const text = line.slice(time.length + 1 + Math.max(hostCells, host.length) + 1);
      isCommand = text.startsWith('$ ') || (isCommand && text.startsWith('  '));
      return !isCommand;
    });
    return told.map((line) => `${line}\n`).join('');
  };
}
