// What seed-clone.sh says. Recorded from MySQL 9.7.4 (test/fixtures/mysql-9.7/clone-*.txt).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { certificatesIn, copyText, readCloned, readTold } from '../../../src/seed/methods/clone/told.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/mysql-9.7/clone-${name}.txt`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

describe('the progress of a clone', () => {
  const told = fixture('progress').map(readTold);

  test('has the stage and the bytes of clone_progress', () => {
    const texts = told.flatMap((one) => (one.kind === 'copy' ? [copyText(one)] : []));
    expect(texts).toEqual([
      'files: 0B of 93M',
      'files: 24M of 93M',
      'files: 47M of 93M',
      'files: 67M of 93M',
      'writing to the disk: 94M of 94M',
    ]);
  });

  test('never goes back, and ends with all that was copied', () => {
    const done = told.flatMap((one) => (one.kind === 'copy' ? [one.doneBytes] : []));
    expect(done).toEqual(done.toSorted((one, other) => one - other));
    const last = told.findLast((one) => one.kind === 'copy');
    expect(last?.kind === 'copy' && last.doneBytes === last.totalBytes).toBe(true);
  });

  test('has the hash that the donor is told, and nothing else as one', () => {
    expect(told.filter(({ kind }) => kind === 'hash')).toHaveLength(1);
    for (const line of ['hash', 'hash ', 'hash 2441; DROP', 'hash 24zz', `hash ${'A'.repeat(1001)}`]) {
      expect(readTold(line).kind).toBe('words');
    }
  });

  test('says that the data is proved before the target is stopped', () => {
    expect(told.at(-1)).toEqual({
      kind: 'words',
      text: 'starting a server on the cloned data, to recover and prove it',
    });
  });
});

describe('where a clone stands', () => {
  const lines = fixture('stands');

  test('is told by clone_status of a server that was started on it', () => {
    const uuid = 'e66cf603-eac4-11f1-8a28-f4d65423b00c';
    expect(readCloned(lines, true)).toEqual({
      stands: { logFile: 'binlog.000001', logPosition: 13_630_553, gtid: `${uuid}:1-22`, lsn: '37407166' },
      bytes: 98_547_275,
      ownGtid: `${uuid}:1-22`,
    });
  });

  test('is a position in the log of a donor without GTIDs', () => {
    expect(readCloned(lines, false)?.stands).toEqual({
      logFile: 'binlog.000001',
      logPosition: 13_630_553,
      lsn: '37407166',
    });
  });

  test('is not known where a line is missing', () => {
    for (const name of ['log', 'bytes'])
      expect(
        readCloned(
          lines.filter((line) => !line.startsWith(`${name} `)),
          true,
        ),
      ).toBeUndefined();
  });
});

test('of a file of certificates only certificates go to the target', () => {
  const one = '-----BEGIN CERTIFICATE-----\nMIID+/=\n-----END CERTIFICATE-----\n';
  expect(
    certificatesIn(`# our authority\n${one}text\n${one}-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n`),
  ).toBe(one + one);
  expect(certificatesIn('root:x:0:0')).toBe('');
});
