// Plays the recorded answers of a practice host (test/fixtures) as the answers of many hosts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sections of a report that belong to each part, in the order of the recording. */
const sectionsOf: Readonly<Record<string, readonly string[]>> = {
  system: ['clock', 'system', 'cpus'],
  service: ['process', 'unit'],
  server: ['sql'],
  replication: ['sql'],
  config: ['config'],
  disk: ['datadir', 'disk'],
  lvm: ['datadir', 'disk', 'vgs', 'lvs', 'mounts'],
  errorLog: ['logPath', 'logSize', 'logTail'],
  datadirSize: ['size'],
};

const recording = readFileSync(join(import.meta.dirname, '../test/fixtures/mysql-9.7/probe-replica.txt'), 'utf8');
const sections = recording.slice(0, recording.lastIndexOf('\nrecorded end ')).split('\nrecorded section ').slice(1);
const nameOf = (section: string) => section.slice(0, section.search(/\s/));

/** One report. `changing`: disk and load differ in each, so that the screen has changes to draw. */
export function replayed(sentinel: string, id: string, parts: readonly string[], changing: boolean): string {
  const asked = new Set(parts.flatMap((part) => sectionsOf[part] ?? []));
  // After the first report the probe only says that the error log is the same.
  const sameLog =
    id !== '1' && asked.delete('logTail') ? `\n${sentinel} section logTail\n\n${sentinel} status same\n` : '';
  const told = sections
    .filter((section) => asked.has(nameOf(section)))
    .map((section) => `\n${sentinel} section ${section.replace(/\nrecorded (status \S+)\s*$/, `\n${sentinel} $1\n`)}`)
    .join('');
  const now = changing ? changed(told) : told;
  return `\n${sentinel} begin ${id} ${parts.join(' ')}\n${now}${sameLog}\n${sentinel} end ${id}\n`;
}

const changed = (told: string) =>
  told
    .replace(/ USED="(\d+)" /, () => ` USED="${Math.round(Math.random() * 180e6)}" `)
    .replace(/(?<=loadavg:)\S+/, () => (Math.random() * 9).toFixed(2));

/** The beginning of a followed log, as scripts/follow-log.sh tells it. */
export const openedLog = (mark: string) =>
  `${mark}path server /var/log/mysql/error.log${mark}${mark}opened start 12:34 0 whole${mark}`;

/** A line as MySQL writes it. */
export function logLine(number: number): string {
  const time = new Date().toISOString().replace('Z', '000Z');
  const words = number % 50 === 0 ? '[ERROR] [MY-010584] [Repl]' : '[Warning] [MY-010055] [Server]';
  return `${time} ${number} ${words} IP address '10.77.${number % 250}.9' could not be resolved: Name or service not known\n`;
}
