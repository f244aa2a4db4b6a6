// While the data is copied, a source purges what the snapshot needs: the copy ends at once, with the reason.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { StepEnd } from '../../src/job/plan/step-work.ts';
import { replicaPlan } from '../../src/seed/replica/attachment.ts';
import { attachSchema } from '../../src/seed/replica/input.ts';
import { sourceCommandsOf, sourceInputs } from '../../src/seed/replica/source/lane-sources.ts';
import { whileSourced } from '../../src/seed/transfer/source-watch.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { request, side } from './sides.ts';

const told = (name: string) => readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8');
const purged = told('mysql-9.7/standing-purged');
const whole = told('mysql-9.7/standing-source');
const uuid = /[\da-f-]{36}/.exec(whole.slice(whole.indexOf('gtid_executed')))?.[0] ?? '';

const targets = [side('db3'), side('db6')];
const plans = targets.map((target) => {
  const plan = replicaPlan(request(side('db2'), targets), target);
  if (!plan) throw new Error(`${target.host.name} can't be attached`);
  return plan;
});

type Copying = Parameters<typeof whileSourced>[0];

/** `answers`: the answer to each poll of a source, by its target; the last one is repeated. */
function copying(names: readonly string[], answers: Readonly<Record<string, readonly string[]>>) {
  const asked = plans.filter(({ target }) => names.includes(target.name));
  const sources = Object.fromEntries(
    Object.entries(sourceInputs(asked)).map(([name, input]) => [name, attachSchema.parse(input)]),
  );
  const looks: Record<string, number> = {};
  const { tools, notes } = stepTools({
    commands: {},
    targetCommands: Object.fromEntries(asked.map((one) => [one.target.name, sourceCommandsOf(one)])),
    results: {
      'take-snapshot': { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: `${uuid}:1-3`, source: null },
    },
    answer: (_, { target: name = '' } = {}) => {
      const all = answers[name] ?? [];
      const at = looks[name] ?? 0;
      looks[name] = at + 1;
      return printed(all[Math.min(at, all.length - 1)] ?? '');
    },
  });
  return { tools: { ...tools, input: { targets: names, sources } } as Copying, notes, looks };
}

/** A copy that moves for ever: only its signal ends it. */
const forEver = (tools: Copying) =>
  new Promise<StepEnd>((resolve) => {
    tools.signal.addEventListener('abort', () => resolve({ ok: false, message: 'called off', advice: '' }));
  });

test('the copy ends at once, before the swap, and says what was purged', async () => {
  const { tools, looks } = copying(['db3'], { db3: [whole, whole, purged] });
  const end = await whileSourced(tools, forEver, 1);
  expect(end).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^db3: db1 \(.*\) has purged \d+ transactions that come after gtid /),
    lost: { db3: expect.stringContaining('its old data is untouched: seed from a newer snapshot') },
  });
  expect(looks.db3).toBe(3);
});

test('a target whose source has purged it is lost, and the others are copied to their end', async () => {
  const { tools, notes } = copying(['db3', 'db6'], { db3: [purged], db6: [whole] });
  const end = await whileSourced(
    tools,
    async ({ lostLanes, signal }) => {
      while (!('db3' in lostLanes())) await new Promise((resolve) => setTimeout(resolve, 5));
      return signal.aborted ? { ok: false, message: 'called off', advice: '' } : { ok: true };
    },
    1,
  );
  expect(end).toMatchObject({ ok: true, lost: { db3: expect.stringContaining('has purged') } });
  expect(notes).toEqual([expect.stringMatching(/^! db3: db1 .*has purged/)]);
});

test('a source that does not answer ends nothing', async () => {
  const { tools, looks } = copying(['db3'], { db3: [''] });
  const end = await whileSourced(
    tools,
    async () => {
      while ((looks.db3 ?? 0) < 3) await new Promise((resolve) => setTimeout(resolve, 5));
      return { ok: true };
    },
    1,
  );
  expect(end).toEqual({ ok: true });
});

test('a look that throws while the data is copied ends the copy and the step, and not the whole process', async () => {
  const { tools } = copying(['db3'], { db3: [whole] });
  const broken: Copying = { ...tools, run: () => Promise.reject(new Error('database or disk is full')) };
  const loose: unknown[] = [];
  const onLoose = (reason: unknown) => loose.push(reason);
  process.on('unhandledRejection', onLoose);
  const late = async (given: Copying) => {
    const end = await forEver(given);
    // Node reports a rejection without a handler before the next turn of its loop.
    await new Promise((resolve) => setImmediate(resolve));
    return end;
  };
  await expect(whileSourced(broken, late, 1)).rejects.toThrow('disk is full');
  process.off('unhandledRejection', onLoose);
  expect(loose).toEqual([]);
});

test('a copy that throws ends the looks as well', async () => {
  const { tools, looks } = copying(['db3'], { db3: [whole] });
  const work = async () => {
    while ((looks.db3 ?? 0) < 1) await new Promise((resolve) => setTimeout(resolve, 1));
    throw new Error('the copy threw');
  };
  await expect(whileSourced(tools, work, 1)).rejects.toThrow('the copy threw');
  const before = looks.db3;
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(looks.db3).toBe(before);
});
