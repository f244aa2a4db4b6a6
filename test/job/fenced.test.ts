// The commands of a job, as its hosts get them.
import { expect, test } from 'vitest';
import { fenced, unlessTakenUp } from '../../src/job/runner/fenced.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { readScript } from '../../src/scripts/script.ts';
import { exited, printed } from './step-tools.ts';

const text = readScript('service');

test('each command tells whose it is, and for how long something of the job may run there: a longer one beside it counts', async () => {
  const told: string[][] = [];
  let end: () => void = () => undefined;
  const ends = new Promise<void>((done) => {
    end = done;
  });
  const remote = {
    host: 'db3',
    exec: async (_: string, args: string[]) => {
      told.push(args);
      if (args.includes('stop')) await ends;
      return printed('');
    },
  } as unknown as Remote;
  let nowMs = 1000;
  const { exec } = fenced(remote, 'cafe', () => nowMs);
  const long = exec(text, ['stop'], { deadlineMs: 1_200_000 });
  nowMs += 100_000;
  await exec(text, ['facts'], { deadlineMs: 30_000 });
  end();
  await long;
  await exec(text, ['facts'], { deadlineMs: 30_000 });
  expect(told).toEqual([
    ['fence=cafe/1215', 'stop'],
    ['fence=cafe/1115', 'facts'],
    ['fence=cafe/45', 'facts'],
  ]);
});

test('a job whose scripts are of an older build runs them as they were', async () => {
  const told: string[][] = [];
  const remote = { exec: async (_: string, args: string[]) => told.push(args) } as unknown as Remote;
  await fenced(remote, 'cafe').exec('verb=$1', ['stop'], { deadlineMs: 30_000 });
  expect(told).toEqual([['stop']]);
});

test('a job that another jump host has taken up says so, whatever command finds it out', () => {
  const words = 'its job was taken up by jump1 (anna@jump1), since noon, and does nothing more on this host';
  expect(() => unlessTakenUp(exited(91, words))).toThrow(`db2: ${words}`);
  expect(() => unlessTakenUp(exited(92, 'refused by anna'))).toThrow('db2: refused by anna');
  expect(unlessTakenUp(exited(3, words))).toMatchObject({ code: 3 });
});
