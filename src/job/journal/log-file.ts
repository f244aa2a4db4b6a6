// A job's log: one plain text file, for the person who has to explain the incident tomorrow. Every line has its time.

import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { cleanText } from '../../text/clean.ts';
import { isoTime } from '../../text/times.ts';

export interface JobLog {
  /** Several lines become several entries. Throws if the disk fails. */
  write(host: string, text: string): void;
}

/** Appends: a resumed job continues the same file. Written at once, so that a kill -9 loses no line. */
export function openJobLog(path: string, nowMs: () => number): JobLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return {
    write: (host, text) => {
      const time = isoTime(nowMs());
      const lines = cleanText(text).split('\n');
      appendFileSync(path, lines.map((line) => `${time} ${host.padEnd(8)} ${line}\n`).join(''), { mode: 0o600 });
    },
  };
}
