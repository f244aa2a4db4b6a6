// What seed-load.sh says: its progress, and where the rows that it loaded stand. Pure.
import { present } from '../../../host/known.ts';
import { readCoordinates, type Stands } from '../../../snapshot/coordinates.ts';
import { shortSize } from '../../../text/amounts.ts';
import { cleanLine } from '../../../text/clean.ts';
import { type LogPlace, readMetadata } from './metadata.ts';

/** A line of its progress, for the operator; of the dump, how much is loaded. */
export function loadProgress(line: string): {
  readonly text: string;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
} {
  const [, done, total] = /^load (\d{1,15}) (\d{1,15})$/.exec(line) ?? [];
  if (done === undefined) return { text: cleanLine(line) || 'begun' };
  const [doneBytes, totalBytes] = [Number(done), Number(total)];
  return { text: `${shortSize(doneBytes)} of ${shortSize(totalBytes)} of the dump`, doneBytes, totalBytes };
}

export interface Loaded {
  readonly stands: Stands;
  readonly tables: number;
  readonly rows: number;
  /** Where mydumper itself began, if it tells. */
  readonly began?: LogPlace;
  /** Of the dump, as it came over the network. */
  readonly bytes: number;
  /** Tables whose rows could not be summed. */
  readonly untold: number;
  /** Statements of accounts that the server refused. Clean. */
  readonly refused: readonly string[];
}

/** Of the lines of its log; undefined: they do not tell. */
export function readLoaded(lines: readonly string[]): Loaded | undefined {
  if (lines.at(-1) !== 'loaded') return undefined;
  const one = (name: string) => lines.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const [, rows, tables] = /^(\d{1,15}) (\d{1,9})$/.exec(one('rows') ?? '') ?? [];
  const decoded = (name: string) => Buffer.from(one(name) ?? '', 'base64').toString('utf8');
  const told = readCoordinates(`locked_ms 0\n${decoded('stands')}`);
  if (rows === undefined || !told) return undefined;
  const { gtid, logFile, logPosition, source } = told;
  const isFollower = source !== undefined && source !== null;
  return {
    stands: {
      ...(logFile !== '' && { logFile, logPosition }),
      ...(gtid !== '' && { gtid }),
      // Its applier ran: only GTIDs tell where rows stand in the log of the source.
      ...(isFollower && { source: { logFile: '', logPosition: 0, gtid: source.gtid } }),
    },
    ...present('began', readMetadata(decoded('metadata'))),
    rows: Number(rows),
    tables: Number(tables),
    bytes: Number(one('came') ?? 0),
    untold: Number(one('untold') ?? 0),
    refused: lines.flatMap((line) => (line.startsWith('refused ') ? [cleanLine(line.slice(8))] : [])),
  };
}

/** Where mydumper began, if that is elsewhere than where the donor was locked. */
export function otherPlace({ stands: { logFile, logPosition }, began }: Loaded): string | undefined {
  if (!began || logFile === undefined) return undefined;
  const isSame = began.logFile === logFile && began.logPosition === logPosition;
  return isSame ? undefined : `${began.logFile}:${began.logPosition}`;
}
