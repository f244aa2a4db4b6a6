// What a donor gets again when a job is resumed.
import { expect, test } from 'vitest';
import type { Journal } from '../../src/job/journal/journal.ts';
import type { CommandRecord, JobRecord } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { toolsFor } from '../../src/job/runner/tools.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { wayWords } from '../../src/scripts/seed-way-words.ts';
import { recoverDonor } from '../../src/seed/transfer/donor-recovery.ts';
import { listData } from '../../src/seed/transfer/steps/list-data.ts';
import { printed, stepTools } from '../job/step-tools.ts';

const command = { host: 'db2', script: 'seed-way', args: [], deadlineMs: 1 } as const;

async function recovered(knows: string, lost: Readonly<Record<string, string>> = {}) {
  const ran: string[] = [];
  const { tools } = stepTools({
    commands: Object.fromEntries(
      ['mount', 'knows', 'lock', 'list', 'limit', 'sums start'].map((key) => [key, command]),
    ),
    answer: (key) => {
      ran.push(key);
      return printed(key === 'knows' ? `${knows}\n` : '');
    },
  });
  const end = await recoverDonor({ ...tools, lostLanes: () => lost }, ['db3', 'db4']);
  return { end, ran };
}

test('a runner that died between the ways of two targets costs the second no try: its way is opened', async () => {
  expect(await recovered('yes t1')).toEqual({ end: { ok: true, forgot: true }, ran: ['mount', 'knows'] });
  expect(await recovered('yes t1 t2')).toMatchObject({ end: { ok: true, forgot: false } });
});

test('a target that was given up needs no way', async () => {
  expect(await recovered('yes t1', { db4: 'no key' })).toMatchObject({ end: { ok: true, forgot: false } });
  expect(await recovered('no', { db4: 'no key' })).toMatchObject({ end: { ok: true, forgot: true } });
});

/**
 * A job whose plan limits it to 20M/s. `ran`: what it has run, and the operator's job limit. Returns what its step
 * sends to the donor, and its notes.
 */
async function toldNow(ran: readonly Partial<CommandRecord>[], work: 'recover' | 'list') {
  const limit = { ...command, args: wayWords('limit', '/run/x', { bytes: 20_000_000 }) };
  const commands = {
    ...Object.fromEntries(['mount', 'knows', 'lock', 'list', 'sums start'].map((key) => [key, command])),
    limit,
  };
  const step: PlannedStep = { name: 'copy', title: '', host: 'db2', work: 'seed-copy', input: {}, commands };
  const job = { id: 1, plan: { steps: [step] }, steps: [], resources: [] } as unknown as JobRecord;
  const records: unknown[] = [...ran];
  const journal = {
    job: () => job,
    commands: () => records,
    lostLanes: () => ({}),
    addCommand: (_: number, one: unknown) => records.push(one),
  };
  const told: string[][] = [];
  const exec = async (_: string, args: string[]) => {
    told.push(args);
    return printed(work === 'list' ? '1 2 3' : 'no');
  };
  const notes: string[] = [];
  const parts = {
    journal: journal as unknown as Journal,
    log: { write: (_: string, text: string) => notes.push(text) },
    open: () => ({ exec }) as unknown as Remote,
    nowMs: () => 0,
  };
  const tools = toolsFor(job, step, parts, new AbortController().signal);
  await (work === 'list' ? listData.run(tools) : recoverDonor(tools, ['db3']));
  return { limits: told.filter(([verb]) => verb === 'limit'), notes };
}
const limitedTo = (bytes: number) => wayWords('limit', '/run/x', { bytes });
const limitRan = { key: 'limit', host: 'db2', script: 'seed-way' } as const;

test('a donor that lost its power copies on with the limit that job limit gave, not with that of the plan', async () => {
  const ran = [
    { ...limitRan, code: 0, args: limitedTo(20_000_000) },
    { ...limitRan, code: 0, args: limitedTo(0) },
    { ...limitRan, code: 1, args: limitedTo(7) },
  ];
  expect((await toldNow(ran, 'recover')).limits).toEqual([limitedTo(0)]);
  expect((await toldNow([], 'recover')).limits).toEqual([limitedTo(20_000_000)]);
});

test('a limit that was changed while the donor listed its data is the one that the copy begins with, and that the log tells', async () => {
  const { limits, notes } = await toldNow([{ ...limitRan, code: 0, args: limitedTo(5_000_000) }], 'list');
  expect(limits).toEqual([limitedTo(5_000_000)]);
  expect(notes.join('\n')).toMatch(/at most 5(\.0)?M\/s|at most 4\.8M\/s/);
});
