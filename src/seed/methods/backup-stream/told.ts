// What a backup program tells of the data's coordinates, in its files: the log of seed-prepare.sh has them. Pure.
import { present } from '../../../host/known.ts';
import type { Stands } from '../../../snapshot/coordinates.ts';
import { latestPosition, readGtidPosition, readGtidSet } from '../../replica/gtid-set.ts';

/**
 * undefined: no coordinates are in it. `byCurrentPos`: the donor replicates by gtid_current_pos (Using_Gtid), which is what `binlog_info` has; `slave_info` has gtid_slave_pos
 * in any case, and a replica that began there would get anew what the donor wrote itself as a primary.
 */
export function readTold(
  lines: readonly string[],
  vendor: 'mysql' | 'mariadb',
  byCurrentPos = false,
): Stands | undefined {
  const files = filesIn(lines);
  const log = logPlace(files.get('binlog_info'));
  const source = sourcePlace(files.get('slave_info'));
  const gtid = vendor === 'mariadb' ? position(log?.gtid, source?.gtid) : set(log?.gtid ?? source?.gtid);
  if (gtid === undefined && !log && source?.file === undefined) return undefined;
  const [, lsn] = /^last_lsn = (\d+)$/m.exec(files.get('checkpoints') ?? '') ?? [];
  return {
    ...(log && { logFile: log.file, logPosition: log.position }),
    ...present('gtid', gtid),
    ...present('lsn', lsn),
    ...(source && ofSource(source, vendor, byCurrentPos ? gtid : undefined)),
  };
}

/** `current`: gtid_current_pos, of a donor that replicates by it. */
function ofSource({ gtid, file = '', at = 0 }: SourcePlace, vendor: 'mysql' | 'mariadb', current?: string) {
  const place = { logFile: file, logPosition: at };
  if (vendor === 'mysql') return { source: place };
  const slaveGtid = position(gtid);
  // null: it replicates by file and position.
  return {
    ...present('slaveGtid', slaveGtid),
    source: { ...place, gtid: (slaveGtid === undefined ? undefined : current) ?? slaveGtid ?? null },
  };
}

const filesIn = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, text] = /^info (\w+) ([A-Za-z0-9+/=]*)$/.exec(line) ?? [];
      if (name === undefined || text === undefined) return [];
      return [[nameOf(name), Buffer.from(text, 'base64').toString('utf8')]];
    }),
  );

/** `xtrabackup_binlog_info` has its name without the first word, `mariadb_backup_binlog_info` two. */
const nameOf = (name: string) => name.replace(/^backup_/, '');

const position = (...texts: readonly (string | undefined)[]): string | undefined => {
  const known = texts.flatMap((text) => (text === undefined ? [] : [text]));
  return known.length > 0 && known.every((text) => readGtidPosition(text)) ? latestPosition(...known) : undefined;
};
const set = (text: string | undefined) => (text !== undefined && readGtidSet(text) ? text : undefined);

/** `binlog.000001<tab>233738<tab>0-14-296`; a set of GTIDs may go on over several lines. */
function logPlace(text: string | undefined) {
  const [, file, at, gtid = ''] = /^([^\t\n]+)\t(\d+)(?:\t([\s\S]*))?$/.exec(text?.trimEnd() ?? '') ?? [];
  if (file === undefined || !/^[\w.@/-]+$/.test(file)) return undefined;
  const gtids = gtid.replaceAll(/\s/g, '');
  return { file: file.replace(/^.*\//, ''), position: Number(at), ...(gtids !== '' && { gtid: gtids }) };
}

interface SourcePlace {
  readonly gtid?: string;
  readonly file?: string;
  readonly at?: number;
}

/** Statements that would make a replica: SET GLOBAL gtid_slave_pos = '0-14-296'; CHANGE MASTER TO master_use_gtid = slave_pos; */
function sourcePlace(text: string | undefined): SourcePlace | undefined {
  if (text === undefined) return undefined;
  const [, gtid] = /gtid_(?:slave_pos|purged)\s*=\s*'([^']*)'/i.exec(text) ?? [];
  const [, file] = /(?:MASTER|SOURCE)_LOG_FILE\s*=\s*'([\w.@/-]+)'/i.exec(text) ?? [];
  const [, at] = /(?:MASTER|SOURCE)_LOG_POS\s*=\s*(\d+)/i.exec(text) ?? [];
  if (gtid === undefined && file === undefined) return undefined;
  return {
    ...(gtid !== undefined && { gtid: gtid.replaceAll(/\s/g, '') }),
    ...(file !== undefined && at !== undefined && { file, at: Number(at) }),
  };
}
