// reseed status --watch in a pipe: what it prints about jobs, and what it prints if their journal can't be read.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { statusJson } from '../../src/commands/hosts/status/json.ts';
import { linesOfChanges } from '../../src/commands/hosts/status/lines.ts';
import { statusLines } from '../../src/commands/hosts/status/table.ts';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import {
  type JobAtWork,
  type JobsAtWork,
  jobsAtWork,
  jobsHalfUndone,
} from '../../src/operations/jobs/locks/at-work.ts';
import { abandonedLines } from '../../src/operations/jobs/words/notice.ts';
import { jobNumbered, recordedJobs } from '../components/jobs.ts';
import { addJob } from '../job/adding.ts';
import { pictureOf } from '../live/pictures.ts';

const recorded = jobNumbered(recordedJobs().views, 11).job;
const step = (name: string) => ({ name, title: `${name} db2 → db3`, host: 'db2', work: name, input: {}, commands: {} });
const plan = {
  ...recorded.plan,
  title: 'seed db2 → db3',
  hosts: ['db2', 'db3'],
  steps: [step('copy'), step('verify')],
};
function at(name: string, doneBytes: number, change: Partial<JobRecord> = {}): JobAtWork {
  const steps = [{ name, state: 'running' as const, progress: { text: '', doneBytes, totalBytes: 100 } }];
  return { abandoned: false, job: { ...recorded, id: 41, state: 'running', plan, steps, ...change } };
}

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.useFakeTimers();
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What is printed of db2 after each of these readings of the journal. */
function watched(json: boolean, ...readings: readonly JobsAtWork[]): string[][] {
  const left = [...readings];
  let reads = 0;
  const show = linesOfChanges(json, () => {
    reads += 1;
    return left.shift() ?? [];
  });
  show.changed(pictureOf('up'));
  const said = readings.map(() => {
    const ofDb2 = printed
      .splice(0)
      .filter((line) => (json ? JSON.parse(line).host === 'db2' : line.includes('  db2  ')));
    vi.advanceTimersByTime(1000);
    return ofDb2;
  });
  show.end();
  expect(reads).toBe(readings.length + 1);
  return said;
}

const story: readonly JobsAtWork[] = [
  [],
  [at('copy', 10)],
  [at('copy', 60)],
  [at('verify', 0)],
  [at('verify', 0, { state: 'releasing' })],
  [],
];

test('--json --watch tells that a job began on a host, moved, and ended; not each percent', () => {
  const jobs = watched(true, ...story).map((lines) => lines.map((line) => JSON.parse(line).jobs));
  expect(jobs).toMatchObject([
    [[]],
    [[{ id: 41, percent: 10 }]],
    [],
    [[{ id: 41, state: 'running' }]],
    [[{ id: 41, state: 'releasing' }]],
    [[]],
  ]);
});

test('--json --watch tells each time as ISO 8601 in UTC, as the other answers do', () => {
  const show = linesOfChanges(true, () => story[1] ?? []);
  show.changed(pictureOf('up'));
  show.end();
  const text = printed.join('');
  expect(text).toMatch(/"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/);
  const numbers = [...text.matchAll(/"(clock|created)(?:Ms|Seconds)":/g)].map(([, name]) => name);
  expect(numbers).toContain('clock');
  for (const name of new Set(numbers)) {
    const told = text.match(new RegExp(`"${name}At":"[\\d:.TZ-]+Z"`, 'g')) ?? [];
    expect(told, name).toHaveLength(numbers.filter((one) => one === name).length);
  }
});

test('a pipe without --json names them too', () => {
  const said = watched(false, ...story).map((lines) =>
    lines.map((line) => line.trim().split('  ').slice(2).join('  ')),
  );
  expect(said.slice(1)).toEqual([
    ['▶ job 41: seed db2 → db3, copy db2 → db3'],
    [],
    ['▶ job 41: seed db2 → db3, verify db2 → db3'],
    ['▶ job 41: seed db2 → db3, undoes its changes'],
    ['■ job 41 is over: seed db2 → db3'],
  ]);
});

test.each(['no database', 'a job that is no JSON'])(
  'a journal that is %s takes no picture of the hosts away',
  async (kind) => {
    const isDatabase = kind !== 'no database';
    vi.useRealTimers();
    const folder = await mkdtemp(join(tmpdir(), 'reseed-broken-'));
    try {
      vi.stubEnv('XDG_STATE_HOME', folder);
      expect(jobsAtWork()).toEqual([]);
      const { journal: path } = jobHome(process.env);
      const journal = openJournal(path, Date.now);
      if (journal) addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
      journal?.close();
      if (!isDatabase) {
        await rm(dirname(path), { recursive: true });
        openJournal(path, Date.now)?.close();
        await writeFile(path, 'not a database, but long enough to be looked at as one '.repeat(100));
      } else {
        const database = new DatabaseSync(path);
        database.exec("UPDATE job SET plan = '{'");
        database.close();
      }
      const jobs = jobsAtWork();
      if (isDatabase) expect(jobs).toEqual([]);
      else expect(jobs).toMatch(/^the journal of jobs can't be /);
      const told = isDatabase
        ? expect.stringMatching(/^the record of job 1 in the journal is damaged: column plan /)
        : jobs;
      expect(abandonedLines()).toEqual([told]);
      const picture = pictureOf('up');
      const lines = statusLines(picture, { nowMs: 0, paint: (_, text) => text, jobs });
      expect(lines[1]).toMatch(/^db1 /);
      const unknown = `? jobs  which of them work on these hosts is unknown: ${jobs}`;
      expect(lines.includes(unknown)).toBe(!isDatabase);
      const halfUndone = jobsHalfUndone();
      const json = JSON.parse(JSON.stringify(statusJson(picture, 'hosts.yaml', 0, { jobs, halfUndone })));
      expect(json.hosts[0]).toMatchObject({ jobs: isDatabase ? [] : null, halfUndone: isDatabase ? [] : null });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test('a line tells that a job left a host half undone, and that it is no more', () => {
  const left = { job: at('copy', 1, { state: 'cleanup-needed' }).job, hosts: ['db2'] };
  const readings = [[], [left], []];
  const show = linesOfChanges(
    false,
    () => [],
    () => readings.shift() ?? [],
  );
  show.changed(pictureOf('up'));
  printed.splice(0);
  vi.advanceTimersByTime(1000);
  expect(printed.splice(0)).toEqual([
    expect.stringMatching(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ {2}db2 {2}✖ job 41 \(seed db2 → db3\) is half undone here: reseed job show 41; .*\n$/,
    ),
  ]);
  vi.advanceTimersByTime(1000);
  expect(printed.splice(0)).toEqual([expect.stringMatching(/ \S+ {2}db2 {2}✔ no more: job 41 half undone here\n$/)]);
  show.end();
});
