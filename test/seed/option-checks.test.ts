// Options of a target with which its server would not start on the donor's data: refused in the plan, not found at its first start.
import { describe, expect, test } from 'vitest';
import type { SeedFacts } from '../../src/seed/facts.ts';
import { byMysqldump } from '../../src/seed/methods/dump/dump.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { request, side } from './sides.ts';

const megabyte = 1024 ** 2;

function withVariables(name: string, variables: Record<string, string>, more: Partial<SeedFacts> = {}): Side {
  const { facts, ...rest } = side(name);
  return { ...rest, facts: { ...facts, ...more, variables: { ...facts.variables, ...variables } } };
}

const told = (donor: Side, target: Side, more: Partial<SeedRequest> = {}) =>
  preflight(request(donor, [target], more))
    .filter(({ host, level }) => host === target.host.name && level !== 'pass')
    .map(({ level, text, advice }) => `${level} ${text}; ${advice}`)
    .join('\n');

describe('a target whose options want more than the data of the donor has', () => {
  const undo = (donor: string, target: string, program: Partial<SeedFacts> = {}) =>
    told(
      withVariables('db4', { innodb_undo_tablespaces: donor }, program),
      withVariables('db5', { innodb_undo_tablespaces: target }, program),
    );

  test('is refused where it wants more undo tablespaces, before the server finds "only 0" after the swap', () => {
    expect(undo('0', '3')).toContain(
      'refuse innodb_undo_tablespaces is 3 here and 0 on db4: its server does not start on data that has fewer; set it to 0 in the option files of db5',
    );
    expect(undo('3', '0')).not.toContain('innodb_undo_tablespaces');
    const newer = { program: 'mariadbd  Ver 11.4.2-MariaDB for debian-linux-gnu on x86_64 (Debian n/a)' };
    expect(undo('0', '3', newer)).not.toContain('innodb_undo_tablespaces');
    const mysql = [
      withVariables('db2', { innodb_undo_tablespaces: '2' }),
      withVariables('db3', { innodb_undo_tablespaces: '3' }),
    ] as const;
    expect(told(...mysql)).not.toContain('innodb_undo_tablespaces');
  });

  const ibdata = (bytes: number) => ({ innodbFiles: [{ path: '/var/lib/mysql/ibdata1', bytes }] });
  const sized = (bytes: number, target: string, donor = 'ibdata1:12M:autoextend') =>
    told(
      withVariables('db2', { innodb_data_file_path: donor }, ibdata(bytes)),
      withVariables('db3', { innodb_data_file_path: target }),
    );

  test('is refused where its system tablespace begins larger, or may not be as large', () => {
    expect(sized(76 * megabyte, 'ibdata1:1G:autoextend')).toContain(
      'refuse innodb_data_file_path is ibdata1:1G:autoextend here and ibdata1:12M:autoextend on db2: its server does not start on ibdata1, which has 76M there; write that of db2 into the option files of db3',
    );
    expect(sized(76 * megabyte, 'ibdata1:12M:autoextend:max:64M')).toContain('refuse innodb_data_file_path');
    expect(sized(76 * megabyte, 'ibdata1:12M')).toContain('refuse innodb_data_file_path');
    for (const fine of ['ibdata1:76M:autoextend', 'ibdata1:10M:autoextend', 'ibdata1:12M:autoextend:max:1G']) {
      expect(sized(76 * megabyte + 5, fine), fine).not.toContain('innodb_data_file_path');
    }
  });

  test('is refused where its checksums are strict, and those of the donor are others', () => {
    const sums = (donor: string, target: string) =>
      told(
        withVariables('db2', { innodb_checksum_algorithm: donor }),
        withVariables('db3', { innodb_checksum_algorithm: target }),
      );
    expect(sums('innodb', 'strict_crc32')).toContain(
      'refuse innodb_checksum_algorithm is strict_crc32 here and innodb on db2: its server takes the pages of db2 for damaged; set it to innodb in the option files of db3',
    );
    expect(sums('crc32', 'strict_crc32')).toContain('warn innodb_checksum_algorithm is strict_crc32 here and crc32');
    expect(sums('strict_crc32', 'strict_crc32')).not.toContain('innodb_checksum_algorithm');
    expect(sums('innodb', 'crc32')).not.toContain('innodb_checksum_algorithm');
  });

  test('is refused where the blocks of its Aria log are others', () => {
    expect(told(side('db4'), withVariables('db5', { aria_block_size: '4096' }))).toContain(
      'refuse aria_block_size is 4096 here and 8192 on db4; they have to be equal',
    );
  });

  test('takes the rows of a dump: they come to files of its own', () => {
    const [donor, target] = [
      withVariables('db2', {}, ibdata(76 * megabyte)),
      withVariables('db3', {
        innodb_data_file_path: 'ibdata1:1G:autoextend',
        innodb_checksum_algorithm: 'strict_crc32',
      }),
    ];
    expect(told(donor, target, { method: byMysqldump })).not.toMatch(/innodb_data_file_path|innodb_checksum/);
  });
});
