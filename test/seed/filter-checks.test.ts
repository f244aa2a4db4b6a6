import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readAnswers } from '../../src/host/server/batch.ts';
import { readReplication } from '../../src/host/server/replication.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { filterChecks, filtersOf, lackingSentences } from '../../src/seed/preflight/replication/filter-checks.ts';
import { request, side } from './sides.ts';

const filtered = ['replicate_ignore_db tmp1,tmp2', 'replicate_wild_ignore_table scratch.%'];

/** As it was recorded, but for what its replication leaves out. */
function leavingOut(name: string, filters: readonly string[]) {
  const { replication } = side(name).report;
  const [channel] = replication?.ok ? replication.value.channels : [];
  if (!replication?.ok || !channel) throw new Error('no channel recorded');
  const value = { ...replication.value, channels: [{ ...channel, filters }] };
  return side(name, {}, { replication: { ok: true, value } });
}

test('the filters of a replica are read as its status tells them', () => {
  const text = readFileSync(new URL('../fixtures/mysql-9.7/kept-replica.txt', import.meta.url), 'utf8');
  expect(filtersOf({ replication: readReplication(readAnswers(text)) })).toEqual(filtered);
});

describe('a donor whose replication leaves rows out', () => {
  const told = (donor: ReturnType<typeof side>, target = side('db3'), more = {}) => {
    const seed = request(donor, [target], more);
    return { findings: filterChecks(seed).map(({ level, text }) => `${level} ${text}`), lost: lackingSentences(seed) };
  };

  test('is reported, and the name of a target that would lack rows has to be typed', () => {
    const { findings, lost } = told(leavingOut('db2', filtered));
    expect(findings).toEqual([
      `warn its replication leaves rows out: ${filtered.join(', ')}; its data lacks them, and its GTIDs claim them`,
    ]);
    expect(lost).toEqual([
      `db3 will lack the rows that db2 leaves out (${filtered.join(', ')}), and nothing brings them later`,
    ]);
  });

  test('gives a target what that had before, where it leaves out the same', () => {
    const { findings, lost } = told(leavingOut('db2', filtered), leavingOut('db3', filtered));
    expect(findings).toEqual([`pass its replication leaves rows out: ${filtered.join(', ')}, as on each target`]);
    expect(lost).toEqual([]);
    expect(told(leavingOut('db2', filtered), leavingOut('db3', filtered.slice(1))).lost).toHaveLength(1);
  });

  test('is not known of a server that is down', () => {
    const down = side('db2', {}, { replication: { ok: false, why: 'its server does not answer' } });
    expect(told(down, side('db3'), { method: coldCopy }).findings).toEqual([
      'unknown whether replication filters have kept rows out of its data: unknown, its server is down',
    ]);
  });

  test('without any there is nothing to say', () => {
    expect(told(side('db2'))).toEqual({ findings: [], lost: [] });
  });
});
