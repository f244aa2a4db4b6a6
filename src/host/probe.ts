// The probe: the arguments of scripts/probe.sh, its requests, and its reports. It runs in one long-lived channel of a
// host (remote.stream); one line of standard input asks for one report.
import type { MysqlSettings } from '../inventory/settings.ts';
import type { HostReport, Known, ReportPart } from './facts.ts';
import { type Frame, frameReader, type Section } from './frame.ts';
import { unknown } from './known.ts';
import { damagePattern } from './log/corruption.ts';
import { readErrorLog } from './log/log-tail.ts';
import { printedBy } from './printed.ts';
import { readAnswers } from './server/batch.ts';
import { askingWords, readCommands } from './server/commands.ts';
import { readConfig } from './server/config.ts';
import { readReplication } from './server/replication.ts';
import { readServer } from './server/server.ts';
import { readService } from './server/service.ts';
import { readDatadirSize, readDisk } from './storage/disk.ts';
import { readLvm } from './storage/lvm.ts';
import { readSystem } from './system.ts';

/**
 * The arguments of probe.sh. `sentinel` is a random word of letters and digits, a new one for each channel: it opens the lines
 * of the frame, so that no text of the host can pass for one. `asking`: for commands of the inventory that are asked too.
 */
export function probeArguments(sentinel: string, mysql: MysqlSettings, asking = askingWords()): string[] {
  const { service = '', defaultsFile = '', socket = '', errorLog = '' } = mysql;
  return [sentinel, service, defaultsFile, socket, errorLog, damagePattern, ...asking];
}

/** The text to write() for one report. Requests are answered in turn, so a slow one delays those behind it. */
export function reportRequest(id: number, parts: readonly ReportPart[]): string {
  return `${id} ${parts.join(' ')}\n`;
}

/**
 * Reads the probe's output, in pieces of any size, and hands over each report that arrived whole. Bytes may be
 * anything: memory is bounded (8 MiB), and a part that can't be read is unknown.
 */
export function reportReader(
  sentinel: string,
  onReport: (id: number, report: HostReport) => void,
): (chunk: Buffer) => void {
  let before: HostReport = {};
  return frameReader(sentinel, (frame) => {
    const report = readReport(frame, before);
    before = { ...before, ...report };
    onReport(frame.id, report);
  });
}

type Sections = ReadonlyMap<string, Section>;
type Readers = {
  readonly [part in ReportPart]: (sections: Sections, before: HostReport) => Required<HostReport>[part];
};

const readers: Readers = {
  system: readSystem,
  service: readService,
  server: (sections) => throughSql(sections, readServer),
  config: readConfig,
  replication: (sections) => throughSql(sections, readReplication),
  disk: readDisk,
  datadirSize: readDatadirSize,
  lvm: readLvm,
  errorLog: (sections, before) => readErrorLog(sections, before.errorLog),
  commands: readCommands,
};

/** `before`: the newest value of each part so far. */
function readReport({ parts, sections }: Frame, before: HostReport): HostReport {
  return Object.fromEntries(parts.map((part) => [part, readers[part](sections, before)]));
}

function throughSql<T>(sections: Sections, read: (answers: ReturnType<typeof readAnswers>) => Known<T>): Known<T> {
  const section = sections.get('sql');
  if (section?.status === 'down') return unknown('the server is down');
  // mysql ends with 1 when one statement was refused; the other answers are there.
  const printed = printedBy('mysql', section, ['0', '1']);
  if (!printed.ok) return printed;
  const answers = readAnswers(printed.value);
  if (answers.size > 0 || section?.status === '0') return read(answers);
  return printedBy('mysql', section) as Known<never>;
}
