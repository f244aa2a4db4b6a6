// The end of a recording on a disk that is slow or full: the console waits for it, and must end.
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobView } from '../../../src/job/journal/watch.ts';
import type { Line } from '../../../src/operations/recording/form.ts';
import { recordedJobs } from '../../components/jobs.ts';
import { calm, RecordedConsole } from './recording.ts';

const disk = vi.hoisted(() => ({ lines: [] as string[], atOnce: 0, mostAtOnce: 0, isFull: false, isClosed: false }));
vi.mock('../../../src/operations/recording/write.ts', () => ({
  createRecording: async () => ({
    writtenBytes: 0,
    isSegmentDue: false,
    append: async (line: string) => {
      disk.mostAtOnce = Math.max(disk.mostAtOnce, ++disk.atOnce);
      // Longer than the time between two looks.
      await new Promise((resolve) => setTimeout(resolve, 30));
      disk.atOnce--;
      if (disk.isFull) throw new Error('ENOSPC: no space left on device, write');
      disk.lines.push(line);
    },
    close: async () => {
      disk.isClosed = true;
    },
  }),
}));

beforeEach(() => {
  Object.assign(disk, { lines: [], atOnce: 0, mostAtOnce: 0, isFull: false, isClosed: false });
});

/** A console with its first picture on the disk, and a job that begins now. */
async function withNews(): Promise<RecordedConsole> {
  const console = await new RecordedConsole('/nowhere', calm()).begin();
  await expect.poll(() => disk.lines.length).toBe(1);
  const [view] = recordedJobs().views as JobView[];
  if (!view) throw new Error('no job');
  console.stores.jobs.setState({ jobs: [view] });
  return console;
}

test('what came last is written once where the disk is slow: two looks at once wrote it twice, and the last picture was another one', async () => {
  const console = await withNews();
  await console.stop();
  const lines = disk.lines.map((line) => JSON.parse(line) as Line);
  expect(lines.map((line) => Object.keys(line).filter((key) => ['whole', 'changed', 'ended'].includes(key)))).toEqual([
    ['whole'],
    ['changed'],
    ['ended'],
  ]);
  expect([disk.mostAtOnce, disk.isClosed, console.ends]).toEqual([1, true, []]);
});

test('a disk that is full at the end is told, and the console ends: it ended with a stack, and left its connections open', async () => {
  const console = await withNews();
  disk.isFull = true;
  await console.stop();
  expect(console.ends).toEqual(["it can't be written: ENOSPC: no space left on device, write"]);
});
