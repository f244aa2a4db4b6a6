import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { strangerChecks } from '../../src/seed/preflight/data/stranger-checks.ts';
import type { AskedSources } from '../../src/seed/preflight/replication/source-checks.ts';
import { type ReplicationState, readReplicationState } from '../../src/seed/replica/source/replication-state.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { request, side } from './sides.ts';

function told(name: string): ReplicationState {
  const replicationState = readReplicationState(
    readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8'),
  );
  if (!replicationState) throw new Error(`${name} tells nothing`);
  return replicationState;
}

describe('a donor with transactions of its own', () => {
  const primary = told('mysql-9.7/standing-source');
  const replica = told('mysql-9.7/standing-replica');
  const check = (asked: Partial<AskedSources>, more: Partial<SeedRequest> = {}) => {
    const sources = { db1: { name: 'db1', replicationState: primary } };
    const findings = strangerChecks(
      request(side('db2'), [side('db3')], { asked: { sources, ...asked }, ...more }),
      side('db3'),
    );
    return findings.map(({ level, text }) => `${level} ${text}`);
  };
  const having = (gtidExecuted: string): ReplicationState => ({
    ...replica,
    server: { ...replica.server, gtidExecuted },
  });
  const own = 'b1b1b1b1-e6c4-11f1-b17e-525400770012:1-2';

  test('is reported before the copy: the target gets rows that its source will never have', () => {
    expect(check({ donor: having(`${primary.server.gtidExecuted},${own}`) })).toEqual([
      `warn db2 has transactions that db1 does not (${own}): this host gets their rows, and db1 will never have them`,
    ]);
    expect(check({ donor: having(primary.server.gtidExecuted) })).toEqual([]);
  });

  test('is ? where it or its source did not tell, or is down', () => {
    const [unknown] = check({ donor: having(own), sources: { db1: 'it timed out' } });
    expect(unknown).toBe(
      'unknown whether db2 has transactions that db1 does not: unknown, db1 was not asked or did not tell',
    );
    expect(check({})).toHaveLength(1);
    expect(check({}, { method: coldCopy })[0]).toMatch(/^unknown .* the server of db2 is down$/);
  });

  test('does not matter to a target that follows the donor itself', () => {
    expect(check({ donor: having(own) }, { follow: 'donor' })).toEqual([]);
  });

  const program = 'mariadbd  Ver 10.11.19-MariaDB for debian-linux-gnu on x86_64';
  const mariadb = (name: string) => side(name, { program });

  test('of a MariaDB is known from its log, and is ? without one', () => {
    const source = { ...told('mariadb-10.11/standing-source'), binlogState: '0-14-6400' };
    const donor = { ...told('mariadb-10.11/standing-replica'), binlogState: '0-14-6300,0-15-6301' };
    const of = (replicationState: ReplicationState) => {
      const seed = request(mariadb('db2'), [mariadb('db3')], {
        asked: { donor: replicationState, sources: { db1: { name: 'db1', replicationState: source } } },
      });
      return strangerChecks(seed, mariadb('db3')).map(({ level, text }) => `${level} ${text}`);
    };
    expect(of({ ...donor, server: { ...donor.server, logBin: true } })).toEqual([
      expect.stringMatching(/^warn db2 has transactions that db1 does not \(0-15-6301\)/),
    ]);
    expect(of({ ...donor, server: { ...donor.server, logBin: false } })).toEqual([
      expect.stringMatching(/^unknown .*does not write down what it wrote itself$/),
    ]);
  });
});
