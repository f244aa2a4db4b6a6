import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/seed/preflight/finding.ts';
import {
  donorPassedOver,
  leftOutChecks,
  leftOutSentences,
  passedOverChecks,
  passedOverSentences,
} from '../../src/seed/preflight/replication/passed-over.ts';
import { type ReplicationState, readReplicationState } from '../../src/seed/replica/source/replication-state.ts';
import { factsOf, request, side } from './sides.ts';

const told = (findings: readonly Finding[]) => findings.map(({ level, text }) => `${level} ${text}`);
const having = (name: string, variables: Readonly<Record<string, string>>) =>
  side(name, { variables: { ...factsOf(name).variables, ...variables } });

describe('a donor whose replication passes over errors', () => {
  test('may lack rows: the plan says so, and the name of a target has to be typed', () => {
    const donor = having('db2', { replica_skip_errors: '1032,1062', slave_skip_errors: '1032,1062' });
    expect(told(donorPassedOver(donor))).toEqual([
      'warn its replication passes over errors (replica_skip_errors 1032,1062): its data may lack rows, and its GTIDs claim them',
    ]);
    expect(passedOverSentences({ donor, targets: [side('db3')] })).toEqual([
      'db3 may lack rows that the replication of db2 passed over (replica_skip_errors 1032,1062)',
    ]);
  });

  test('by an applier that takes a missing row for applied may lack them too', () => {
    const donor = having('db2', { slave_exec_mode: 'IDEMPOTENT', slave_skip_errors: 'OFF' });
    expect(passedOverSentences({ donor, targets: [side('db3')] })).toEqual([
      'db3 may lack rows that the replication of db2 passed over (slave_exec_mode IDEMPOTENT)',
    ]);
  });

  test.each([['OFF'], [''], ['(No default value)']])('is none with replica_skip_errors=%s', (value) => {
    const donor = having('db2', { replica_skip_errors: value, replica_exec_mode: 'STRICT' });
    expect(donorPassedOver(donor)).toEqual([]);
    expect(passedOverSentences({ donor, targets: [side('db3')] })).toEqual([]);
  });

  test('is none on a primary, which has no source; unknown replication is reported', () => {
    const primary = having('db1', { replica_skip_errors: '1062' });
    expect(told(donorPassedOver(primary))).toEqual([]);
    expect(passedOverSentences({ donor: primary, targets: [side('db3')] })).toEqual([]);
    const { replication: _, ...report } = primary.report;
    expect(donorPassedOver({ ...primary, report })).toHaveLength(1);
    expect(told(passedOverChecks(request(side('db2'), [primary]), primary))).toEqual([
      'warn replication there would pass over errors (replica_skip_errors 1062): after the seed rows can go missing there with no error',
    ]);
  });

  test('is reported of a target as well, which would go on skipping errors', () => {
    const target = having('db3', { slave_skip_errors: 'ALL' });
    expect(told(passedOverChecks(request(side('db2'), [target]), target))).toEqual([
      'warn its replication passes over errors (slave_skip_errors ALL): after the seed rows can go missing there with no error',
    ]);
  });
});

describe('a source that leaves databases out of its binary log', () => {
  const replicationState = (status: string): ReplicationState => {
    const text = readFileSync(new URL('../fixtures/mysql-9.7/standing-source.txt', import.meta.url), 'utf8');
    const read = readReplicationState(`${text}${status}`);
    if (!read) throw new Error('not read');
    return read;
  };
  // As db1 (9.7.4) answered, but for the databases.
  const status = (ignored: string) =>
    `answer\nlogstatus\nFile\tPosition\tBinlog_Do_DB\tBinlog_Ignore_DB\tExecuted_Gtid_Set\nbinlog.000004\t158\t\t${ignored}\t\n`;
  const seed = (text: string) =>
    request(side('db2'), [side('db3')], {
      asked: { sources: { db1: { name: 'db1', replicationState: replicationState(text) } } },
    });

  test('is reported, and what the target will not get is above the prompt', () => {
    const leaving = seed(status('audit,tmp'));
    expect(told(leftOutChecks(leaving, side('db3')))).toEqual([
      'warn db1 leaves databases out of its binary log (binlog_ignore_db audit,tmp): what changes there after the copied data does not come here',
    ]);
    expect(leftOutSentences(leaving)).toEqual([
      'db3 will not get what db1 leaves out of its binary log (binlog_ignore_db audit,tmp) after the copied data',
    ]);
  });

  test('costs nothing where it leaves out none, and is ? where it did not tell', () => {
    expect(leftOutChecks(seed(status('')), side('db3'))).toEqual([]);
    expect(leftOutSentences(seed(status('')))).toEqual([]);
    expect(told(leftOutChecks(seed(''), side('db3')))).toEqual([
      'unknown whether db1 leaves databases out of its binary log (binlog_ignore_db): unknown',
    ]);
  });
});
