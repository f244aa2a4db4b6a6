import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compared, figuresOf, readRun } from '../../bench/compare.ts';
import { figure, takeTold, tell } from '../../bench/figures.ts';
import { runs } from '../fleet/fleet.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-compare-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bench = (...words: string[]) => runs(process.execPath, ['bench/bench.ts', ...words]);

test('a run tells what changed since an earlier one, figure by figure, and what only one of them has', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  tell('reseed, 6 hosts', figure(150, 'ms (140 to 170)'), figure(1.2, 'x hello', 2), 'goal 160 ms');
  tell('  memory', figure(101.5, 'MB'));
  tell('  key to frame', figure(Number.POSITIVE_INFINITY, 'ms, p95'));
  const printed = write.mock.calls.map(([line]) => line);
  write.mockRestore();
  expect(printed[0]).toMatch(/^ {2}reseed, 6 hosts +150 ms \(140 to 170\) {3}1\.20 x hello {3}goal 160 ms\n$/);
  const benches = { 'first-frame': figuresOf(takeTold()) };
  const before = {
    machine: 'another',
    benches: {
      'first-frame': [
        { name: 'reseed, 6 hosts', value: 300, unit: 'ms' },
        { name: 'reseed, 6 hosts', value: 1.5, unit: 'x' },
        { name: 'reseed, 6 hosts, key to frame', value: 31, unit: 'ms' },
        { name: 'reseed, 500 hosts', value: 400, unit: 'ms' },
      ],
    },
  };
  expect(compared(before, { machine: 'this', benches }).map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
    'compared with another',
    '',
    'first-frame',
    ' | reseed, 6 hosts | 300 → | 150 ms | 0.50 x',
    ' | reseed, 6 hosts | 1.50 → | 1.20 x | 0.80 x',
    ' | reseed, 6 hosts, memory | new: 102 MB',
    ' | reseed, 6 hosts, key to frame | 31.0 → | ? ms | ?',
    ' | reseed, 500 hosts | gone: 400 ms',
  ]);
});

test('a file that is no run is told with its place, and nothing is measured', async () => {
  const file = join(folder, 'run.json');
  await writeFile(
    file,
    '{"machine": "this", "benches": {"journal": [{"name": "job", "value": "fast", "unit": "ms"}]}}',
  );
  await expect(readRun(file)).rejects.toThrow(
    `${file}: benches.journal.0.value: Invalid input: expected number, received string; it has to be what --json has written`,
  );
  await writeFile(file, '{"machine": ');
  const cut = await bench('journal', '--compare', file);
  expect(cut.stderr).toContain(`${file} is no JSON: `);
  expect({ ...cut, stderr: '' }).toEqual({ exitCode: 2, stdout: '', stderr: '' });
});

test('a name that is no bench, a file that can not be written, or none named: what there is, and exit code 2', async () => {
  for (const [words, said] of [
    [['fast'], 'there is no bench fast'],
    [[], 'which one?'],
    [['journal', '--json', join(folder, 'none/run.json')], 'ENOENT'],
    [['journal', '--jsn', 'x'], "Unknown option '--jsn'"],
  ] as const) {
    const done = await bench(...words);
    expect(done.stderr).toContain(said);
    expect(done.stderr).toContain('npm run bench -- NAME... [--json FILE] [--compare FILE]; there are: first-frame');
    expect(done.exitCode).toBe(2);
  }
});
