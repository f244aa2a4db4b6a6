// How a copy with a limit reads: the bytes that are read at once, those that its progress counts, and those that wait
// for the limit.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { StepWorks } from '../../src/job/plan/step-work.ts';
import { copying } from './copying.ts';
import { instead, running, workOf } from './looking.ts';

const part = (name: string) => readFile(new URL(`../../src/scripts/${name}.sh`, import.meta.url), 'utf8');

/** What the reader of a range has read when its first byte comes out. */
async function readAtFirst(limit: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-pace-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await mkdir(join(folder, 'tasks'));
  await writeFile(join(folder, 'data'), '');
  await truncate(join(folder, 'data'), 17 * 2 ** 20);
  await writeFile(join(folder, 'tasks', '1'), ['1', 'r', '0', String(16 * 2 ** 20), 'data\n'].join('\t'));
  if (limit !== '') await writeFile(join(folder, 'limit'), `${limit}\n`);
  const script = `${await part('send-bytes')}
enter_root_of() { cd "$folder"; }
folder=$1 work=$1 streams=1 copies=1 kind=r tab=$(printf '\\t')
produce 1 1 | { dd bs=1 count=1 status=none >/dev/null; read -r pid _ <"$work/reads-1"; awk '/^rchar/ { print $2 }' "/proc/$pid/io"; }`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script, 'rate', folder]);
  return Number(stdout);
}

test('a copy limited to 150k a second does not say again and again that nothing has moved: it reads no megabyte at once', async () => {
  const read = await readAtFirst('153600');
  expect(read).toBeGreaterThan(0);
  // The room of a pipe, one block, and the libraries that the program reads.
  expect(read).toBeLessThan(300_000);
  expect(await readAtFirst('')).toBeGreaterThan(1_000_000);
});

/** Tasks of 200 kB in place of 16 MiB. */
const inSmallTasks = (real: StepWorks): StepWorks =>
  instead(real, 'seed-list', (tools) => {
    const { list } = tools.step.commands;
    if (list)
      Object.assign(list, { args: list.args.map((word) => word.replace(/^task_bytes=.*/, 'task_bytes=200000')) });
    return workOf(real, 'seed-list')(tools);
  });

test('the figure of a copy under a limit never goes backward: what was read and has not landed yet stays counted', async () => {
  const copy = await copying(['t1'], { bandwidthBytesPerSecond: 64 * 1024, streams: 1 });
  onTestFinished(() => copy.end());
  // Ranges and files: each is read seconds before it has landed.
  await writeFile(join(copy.donor, 'ibdata1'), randomBytes(300_000));
  await writeFile(join(copy.donor, 't1.ibd'), randomBytes(190_000));
  const figures: number[] = [];
  const looking = running('seed-copy', async (tools, key, options) => {
    const answer = await tools.run(key, options);
    const line = answer.ok && key === 'send poll' ? (answer.stdout.split('\n')[1] ?? '') : '';
    const [, landed, way] = / t1=(\d+)\+(\d+)/.exec(line) ?? [];
    if (landed !== undefined) figures.push(Math.min(490_000, Number(landed) + Number(way)));
    return answer;
  });
  expect(await copy.run((real) => inSmallTasks(looking(real)))).toMatchObject({ state: 'done' });
  expect(figures.length).toBeGreaterThan(3);
  expect(figures).toEqual(figures.toSorted((one, other) => one - other));
  expect(copy.log()).not.toContain('nothing has moved');
});
