// A job watched in a pipe, or from a terminal: its steps, and not the thousand characters of each SQL that they ran.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJobLog, stepsOfLog } from '../../src/job/journal/log-file.ts';

test('a job that is watched tells its steps and their ends, without commands and what these said; in whatever pieces it comes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reseed-steps-'));
  try {
    const path = join(folder, '17.log');
    const log = openJobLog(path, () => 0);
    log.write('', 'asked for by ops@jump1');
    log.write('db2', 'lock db2');
    log.write('db2', "$ seed-sql.sh 'sql=SELECT 1' → 0 (0.4 s)\n  1\n  2");
    log.write('database-of-ams-17', '$ lvs → 5 (0.1 s)\n  no such volume');
    log.write('database-of-ams-17', 'its snapshot is gone\n  seed it again');
    const all = readFileSync(path, 'utf8');
    const told = `1970-01-01T00:00:00.000Z          asked for by ops@jump1
1970-01-01T00:00:00.000Z db2      lock db2
1970-01-01T00:00:00.000Z database-of-ams-17 its snapshot is gone
1970-01-01T00:00:00.000Z database-of-ams-17   seed it again
`;
    expect(stepsOfLog()(all)).toBe(told);
    for (const size of [1, 7, 100]) {
      const steps = stepsOfLog();
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
        all.slice(at * size, (at + 1) * size),
      );
      expect(pieces.map(steps).join('')).toBe(told);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
