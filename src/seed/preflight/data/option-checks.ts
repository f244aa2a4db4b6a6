// Options with which the target's server would not start on the donor's files, or not read them. Pure.
import { posix } from 'node:path';
import { atLeast } from '../../../snapshot/lock-words.ts';
import { shortSize } from '../../../text/amounts.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

/** Variables that have to be equal on donor and target, with their defaults. */
const sameVariables = { innodb_page_size: '16384', lower_case_table_names: '0' };

export function optionChecks({ donor, method }: SeedRequest, target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  // Names of tables are the same in rows; pages are a file's.
  const all = Object.entries(sameVariables).filter(([name]) => !method.onlyRows || name !== 'innodb_page_size');
  const findings = [...all, ...(method.onlyRows ? [] : ariaOf(target))].flatMap(([name = '', byDefault = '']) => {
    const [ours, theirs] = [donor, target].map(({ facts }) => inBytes(facts.variables[name] ?? byDefault));
    return ours === theirs
      ? []
      : [refuse(`${name} is ${theirs} here and ${ours} on ${donor.host.name}`, 'they have to be equal')];
  });
  const ofFiles = method.onlyRows
    ? []
    : [...undoChecks(donor, target), ...sizeChecks(donor, target), ...checksumChecks(donor, target)];
  if (findings.length > 0) return [...findings, ...ofFiles];
  return [pass(`${all.map(([name]) => name).join(' and ')} as on ${donor.host.name}`), ...ofFiles];
}

/** A MariaDB whose aria_block_size is not that of aria_log_control does not start (ma_control_file.c). */
const ariaOf = (side: Side) => (versionOf(side)?.vendor === 'mariadb' ? [['aria_block_size', '8192']] : []);

/** Option files may write 16K. */
const inBytes = (value: string) => (/^\d+[kK]$/.test(value) ? String(Number(value.slice(0, -1)) * 1024) : value);

/**
 * MySQL 5.7, and MariaDB before 11.0, which makes them anew: a server that is told of more undo tablespaces than there are ends with
 * "Expected to open innodb_undo_tablespaces=3 but was able to find only 0" (srv0start.cc). MySQL 8.0 pays no heed to it.
 */
function undoChecks(donor: Side, target: Side): Finding[] {
  const taken = versionOf(target);
  if (!taken || atLeast(taken.version, taken.vendor === 'mariadb' ? [11, 0] : [8, 0])) return [];
  const [ours = 0, theirs = 0] = [donor, target].map(
    ({ facts }) => Number(facts.variables.innodb_undo_tablespaces) || 0,
  );
  if (theirs <= ours) return [];
  return [
    judging(target).refuse(
      `innodb_undo_tablespaces is ${theirs} here and ${ours} on ${donor.host.name}: its server does not start on data that has fewer`,
      `set it to ${ours} in the option files of ${target.host.name}`,
    ),
  ];
}

const megabyte = 1024 ** 2;

interface SystemFile {
  readonly name: string;
  readonly bytes: number;
  readonly extends: boolean;
  /** Of one that extends: its largest size. */
  readonly maxBytes: number;
}

/**
 * The server compares each file of its system tablespace with innodb_data_file_path, in whole megabytes: the last one, if it extends, has
 * at least the first size and at most `max`; each other one has exactly its size (SysTablespace::check_size()). Names: place-checks.ts.
 */
function sizeChecks(donor: Side, target: Side): Finding[] {
  const files = systemFiles(target);
  const names = (some: readonly SystemFile[]) => some.map(({ name }) => posix.basename(name)).join(';');
  if (!files || names(files) !== names(systemFiles(donor) ?? [])) return [];
  return files.flatMap(({ name, bytes, extends: grows, maxBytes }) => {
    const found = donor.facts.innodbFiles.find(({ path }) => posix.basename(path) === posix.basename(name));
    if (!found) return [];
    const has = Math.floor(found.bytes / megabyte) * megabyte;
    if (grows ? bytes <= has && has <= maxBytes : bytes === has) return [];
    const said = ({ facts }: Side) => facts.variables.innodb_data_file_path || byDefault;
    return [
      judging(target).refuse(
        `innodb_data_file_path is ${said(target)} here and ${said(donor)} on ${donor.host.name}: its server does not start on ${posix.basename(name)}, which has ${shortSize(found.bytes)} there`,
        `write that of ${donor.host.name} into the option files of ${target.host.name}`,
      ),
    ];
  });
}

const byDefault = 'ibdata1:12M:autoextend';

/** undefined: it has something else in it, such as a raw device. */
function systemFiles({ facts }: Side): readonly SystemFile[] | undefined {
  const parts = (facts.variables.innodb_data_file_path || byDefault).split(';').filter((part) => part !== '');
  const read = parts.flatMap((part): SystemFile[] => {
    const [, name = '', size = '', grows, max] =
      /^(.+?):(\d+[KMG]?)(:autoextend(?::max:(\d+[KMG]?))?)?$/i.exec(part.trim()) ?? [];
    if (name === '') return [];
    const maxBytes = max === undefined ? Number.POSITIVE_INFINITY : sizeOf(max);
    return [{ name, bytes: sizeOf(size), extends: grows !== undefined, maxBytes }];
  });
  return read.length === parts.length ? read : undefined;
}

/** As InnoDB reads it: in whole megabytes. */
function sizeOf(text: string): number {
  const units = { k: 1024, m: megabyte, g: 1024 * megabyte };
  const unit = units[text.slice(-1).toLowerCase() as keyof typeof units] ?? 1;
  return Math.floor((Number.parseInt(text, 10) * unit) / megabyte) * megabyte;
}

/** A strict server takes a page for damaged whose sum was made in another way (innodb_checksum_algorithm in the manuals of both vendors). */
function checksumChecks(donor: Side, target: Side): Finding[] {
  const [ours = '', theirs = ''] = [donor, target].map(
    ({ facts }) => facts.variables.innodb_checksum_algorithm?.toLowerCase() ?? 'crc32',
  );
  if (!theirs.startsWith('strict_')) return [];
  if (sumOf(ours) !== sumOf(theirs)) {
    return [
      judging(target).refuse(
        `innodb_checksum_algorithm is ${theirs} here and ${ours} on ${donor.host.name}: its server takes the pages of ${donor.host.name} for damaged`,
        `set it to ${ours} in the option files of ${target.host.name}`,
      ),
    ];
  }
  if (ours.startsWith('strict_')) return [];
  return [
    judging(target).warn(
      `innodb_checksum_algorithm is ${theirs} here and ${ours} on ${donor.host.name}: pages that an older release or setting wrote there are taken for damaged here`,
      `set it to ${ours} in the option files of ${target.host.name}, unless all data of ${donor.host.name} was written as ${ours}`,
    ),
  ];
}

/** crc32 and full_crc32 are read alike. */
const sumOf = (algorithm: string) => algorithm.replace(/^(strict_)?(full_)?/, '');
