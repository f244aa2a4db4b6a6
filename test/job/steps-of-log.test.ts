// A job watched in a pipe, or from a terminal: its steps, and not the thousand characters of each SQL that they ran.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Journal } from '../../src/job/journal/journal.ts';
import { openJobLog, stepsOfLog } from '../../src/job/journal/log-file.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import type { PlannedCommand, PlannedStep } from '../../src/job/plan/plan.ts';
import { runCommand } from '../../src/job/runner/run-command.ts';
import type { Remote } from '../../src/remote/remote.ts';

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

test('a job that is watched tells nothing of what a command said, in however many lines: it began at the second one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reseed-steps-'));
  try {
    const path = join(folder, '17.log');
    const log = openJobLog(path, () => 0);
    const command: PlannedCommand = { host: 'db2', script: 'seed-stage', args: ['back'], deadlineMs: 1000 };
    const step: PlannedStep = { name: 'undo', title: '', host: 'db2', work: 'seed-command', input: {}, commands: {} };
    const stderr = 'the old data of /srv/a is as it was\n\nLEFT: /srv/a/.kept\nERROR 1045 (28000): Access denied';
    const remote = { exec: async () => ({ ok: true, stdout: 'two\nlines', stderr }) } as unknown as Remote;
    const journal = { addCommand: () => undefined } as unknown as Journal;
    const job = { id: 17, plan: { steps: [step] } } as unknown as JobRecord;
    log.write('db2', 'undo');
    await runCommand(job, step, 'undo', command, { journal, log, open: () => remote, nowMs: () => 0 }, { tells: true });
    log.write('db2', 'undone');
    const all = readFileSync(path, 'utf8');
    expect(all).toContain('Access denied\n');
    expect(stepsOfLog()(all)).toBe(
      '1970-01-01T00:00:00.000Z db2      undo\n1970-01-01T00:00:00.000Z db2      undone\n',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
