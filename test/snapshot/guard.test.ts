// How full snapshots are, how that is judged, and what happens to the work that reads them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StepProgress } from '../../src/job/journal/record.ts';
import type { StepEnd, StepTools } from '../../src/job/plan/step-work.ts';
import type { RemoteFailure } from '../../src/remote/failure.ts';
import { wordOf } from '../../src/scripts/named-words.ts';
import { guardCommands, whileGuarded } from '../../src/snapshot/guard.ts';
import { judgeUse, msToFull, spaceLine, withSample } from '../../src/snapshot/judge-use.ts';
import { readUse, type SnapshotUse } from '../../src/snapshot/use.ts';
import { exited, lineLost, printed, stepTools } from '../job/step-tools.ts';

const told = (name: string) => readFileSync(join(import.meta.dirname, `../fixtures/${name}.txt`), 'utf8');
function asRead(text: string): SnapshotUse {
  const use = readUse(text);
  if (!use) throw new Error(`not read: ${text}`);
  return use;
}
const classic = asRead(told('mysql-9.7/snapshot-use'));
const overflowed = asRead(told('mysql-9.7/snapshot-use-invalid'));
const thin = asRead(told('mariadb-10.11/snapshot-use'));
const fullPool = asRead(told('mariadb-10.11/snapshot-use-full'));
const place = { name: 'vg0/one', host: 'db2' };

describe('how full a snapshot is', () => {
  test('is judged for a classic one by its own space', () => {
    expect(classic).toEqual({ valid: true, roomBytes: 67_108_864, usedPercent: 48.81, freeBytes: 2_076_180_480 });
    expect(overflowed).toMatchObject({ valid: false, usedPercent: 100 });
  });

  test('is judged for a thin one by its pool', () => {
    expect(thin).toEqual({
      valid: true,
      roomBytes: 3_858_759_680,
      usedPercent: 5.86,
      freeBytes: 423_624_704,
      pool: { name: 'pool', metadataPercent: 13.28 },
    });
  });

  test('is not known where LVM does not say, and never 0', () => {
    expect(readUse('snapshot|swi---s---|67108864|\ngroup|0\n')).toBeUndefined();
    expect(readUse('')).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => readUse(text) === undefined || Number.isFinite(readUse(text)?.roomBytes)),
    );
  });

  test('goes with the time to full, at the rate of the last minute', () => {
    const at = (atMs: number, usedPercent: number) => ({ atMs, use: { ...classic, usedPercent } });
    const looks = [at(0, 1), at(100_000, 40), at(130_000, 50), at(150_000, 60)];
    const samples = looks.reduce((past, { atMs, use }) => withSample(past, atMs, use), withSample([], 0, classic));
    expect(msToFull(samples, { ...classic, usedPercent: 60 })).toBeCloseTo(100_000);
    expect(msToFull(withSample([], 0, classic), classic)).toBeUndefined();
    expect(spaceLine(classic, 3 * 3_600_000)).toBe('snapshot space 48 % (full in 3 h)');
  });
});

describe('a snapshot that fills', () => {
  test.each([
    [69, undefined, 'fine'],
    [70, undefined, 'tight'],
    [20, 50_000, 'tight'],
    [90, undefined, 'over'],
  ])('at %d %%, full in %s ms, is %s', (usedPercent, fullInMs, verdict) => {
    expect(judgeUse(place, { ...classic, usedPercent }, fullInMs).verdict).toBe(verdict);
  });

  test('and is full says what is lost', () => {
    expect(judgeUse(place, overflowed, undefined)).toMatchObject({
      verdict: 'over',
      why: 'the snapshot vg0/one on db2 overflowed and is invalid: what it held is lost, and what was copied from it is worthless',
    });
  });

  test('in a thin pool ends before the pool stops the server, the sooner the faster it fills', () => {
    expect(judgeUse(place, thin, undefined).verdict).toBe('fine');
    expect(judgeUse(place, { ...thin, usedPercent: 75 }, undefined).verdict).toBe('tight');
    expect(judgeUse(place, { ...thin, usedPercent: 75 }, 30_000).verdict).toBe('over');
    expect(judgeUse(place, { ...thin, pool: { name: 'pool', metadataPercent: 91 } }, undefined)).toMatchObject({
      why: expect.stringContaining('is 91 % of its metadata full'),
    });
    expect(judgeUse(place, fullPool, undefined)).toMatchObject({
      why: "the thin pool vg0/pool of db2 is 95 % full: a full one stops its volumes, the server's own among them",
    });
  });
});

const mib = 2 ** 20;
const snapshot = { group: 'vg0', volume: 'one', uuid: 'abc', origin: 'mysql', job: '' };
const commands = guardCommands('db2', { ...snapshot, sizes: { bytes: 64 * mib, originBytes: 200 * mib } });

/** Work under guard, on a host that answers each poll with the next of `uses`; the last one is repeated. */
async function under(
  uses: readonly (string | RemoteFailure)[],
  work: (tools: StepTools, looks: () => number) => Promise<StepEnd>,
  extended: string | RemoteFailure = `${128 * mib}`,
) {
  const ran: string[] = [];
  let looks = 0;
  const { tools, notes } = stepTools({
    commands,
    answer: (key) => {
      if (key !== 'guard-use') ran.push(key);
      const answer = key === 'guard-use' ? uses[Math.min(looks++, uses.length - 1)] : extended;
      return typeof answer === 'string' ? printed(answer) : (answer ?? lineLost);
    },
  });
  const told: StepProgress[] = [];
  const telling: StepTools = { ...tools, progress: (one) => told.push(one) };
  const end = await whileGuarded(telling, (inner) => work(inner, () => looks), { nowMs: () => 0, everyMs: 1 });
  return { end, ran, notes, told };
}
const gone = exited(3, 'there is no vg0/one');
const room = (percent: number, bytes = 64 * mib) => `snapshot|swi-a-s---|${bytes}|${percent}\ngroup|${1024 * mib}\n`;
const done = async (): Promise<StepEnd> => ({ ok: true, lost: { db9: 'copied all the same' } });
/** Reads until it is cancelled. */
const reads = async ({ signal, pause }: StepTools): Promise<StepEnd> => {
  while (!signal.aborted) await pause(60_000);
  return { ok: false, message: 'it was cancelled', advice: '' };
};
/** Reads until the snapshot was polled that often. */
const readsUntil =
  (wanted: number) =>
  async ({ signal, pause }: StepTools, looks: () => number): Promise<StepEnd> => {
    while (looks() < wanted && !signal.aborted) await pause(1);
    return { ok: true };
  };

describe('work under guard', () => {
  test('of a snapshot with room ends as it ends', async () => {
    expect(await under([room(10)], done)).toEqual({
      end: { ok: true, lost: { db9: 'copied all the same' } },
      ran: [],
      notes: [],
      told: [],
    });
  });

  test('is called off when the snapshot is nearly full, and says why', async () => {
    const { end, ran } = await under([room(10), room(91)], reads);
    expect(end).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^the snapshot vg0\/one on db2 is 91 % full/),
    });
    expect(ran).toEqual([]);
  });

  test('ends where a look throws, its step with it, and not the whole process', async () => {
    const { tools } = stepTools({ commands, answer: () => printed(room(10)) });
    const broken: StepTools = { ...tools, run: () => Promise.reject(new Error('database or disk is full')) };
    const loose: unknown[] = [];
    const onLoose = (reason: unknown) => loose.push(reason);
    process.on('unhandledRejection', onLoose);
    const late = async (given: StepTools) => {
      const end = await reads(given);
      // Node reports a rejection without a handler before the next turn of its loop.
      await new Promise((resolve) => setImmediate(resolve));
      return end;
    };
    await expect(whileGuarded(broken, late, { nowMs: () => 0, everyMs: 1 })).rejects.toThrow('disk is full');
    process.off('unhandledRejection', onLoose);
    expect(loose).toEqual([]);
  });

  test('warns once, and lets the step go on in a snapshot that a command of the plan has extended', async () => {
    const { end, ran, notes } = await under([room(71), room(36, 128 * mib)], readsUntil(5));
    expect(end).toEqual({ ok: true });
    expect(ran).toEqual(['guard-extend-1']);
    expect(notes).toEqual(['! vg0/one on db2: snapshot space 71 %', 'vg0/one was extended to 128M']);
  });

  test('tells how full the snapshot is beside whatever the work tells', async () => {
    const tells = async (tools: StepTools, looks: () => number): Promise<StepEnd> => {
      const end = await readsUntil(2)(tools, looks);
      tools.progress({ text: '54G of 100G' });
      return end;
    };
    const { told } = await under([room(10)], tells);
    expect(told).toEqual([{ text: '54G of 100G', beside: 'snapshot space 10 %' }]);
  });

  test('of a donor that answers no more tells how old the figure is, and forecasts nothing from it', async () => {
    let nowMs = 0;
    let looks = 0;
    const percents = [6, 7];
    const { tools } = stepTools({
      commands,
      answer: () => {
        const percent = percents[looks++];
        nowMs += 10_000;
        return percent === undefined ? lineLost : printed(room(percent));
      },
    });
    const told: StepProgress[] = [];
    const work = async (inner: StepTools): Promise<StepEnd> => {
      while (looks < 2) await inner.pause(1);
      inner.progress({ text: 'a' });
      nowMs += 240_000;
      inner.progress({ text: 'b' });
      return { ok: false, message: 'away', advice: '' };
    };
    await whileGuarded({ ...tools, progress: (one) => told.push(one) }, work, { nowMs: () => nowMs, everyMs: 1 });
    expect(told.map(({ beside }) => beside)).toEqual([
      expect.stringMatching(/^snapshot space 7 % \(full in /),
      'snapshot space 7 % (4 min ago)',
    ]);
  });

  test('asks no second time for room that is not there', async () => {
    const { end, ran, notes } = await under([room(71)], readsUntil(5), gone);
    expect(end).toEqual({ ok: true });
    expect(ran).toEqual(['guard-extend-1']);
    expect(notes).toHaveLength(2);
  });

  test('that ended well is worth nothing where the snapshot was lost meanwhile', async () => {
    const lost = `snapshot|swi-I-s---|${64 * mib}|100.00\ngroup|0\n`;
    expect((await under([room(10), lost], done)).end).toMatchObject({ ok: false });
    expect((await under([room(10), gone], done)).end).toMatchObject({
      message: 'the snapshot is lost: there is no vg0/one',
    });
  });

  test('lets the step go on while its host cannot answer, and needs an answer at the end', async () => {
    expect((await under([lineLost, lineLost, room(10)], done)).end).toEqual({
      ok: true,
      lost: { db9: 'copied all the same' },
    });
    expect((await under([lineLost], done)).end).toMatchObject({
      message: 'whether vg0/one was whole to the end is not known',
      // The job is over then: there is nothing to resume.
      advice: 'seed again when its host answers',
    });
  });

  test('that failed by itself keeps its own reason, unless the snapshot is the reason', async () => {
    const fails = async (): Promise<StepEnd> => ({ ok: false, message: 'tar: read error', advice: '' });
    expect((await under([room(10)], fails)).end).toMatchObject({ message: 'tar: read error' });
    expect((await under([room(10), room(95)], fails)).end).toMatchObject({
      message: expect.stringContaining('95 % full'),
    });
  });
});

test('each extension doubles a snapshot, up to the size of its origin; a thin one has none', () => {
  expect(Object.entries(commands).map(([key, { args }]) => [key, wordOf(args, 'bytes')])).toEqual([
    ['guard-use', undefined],
    ['guard-extend-1', String(128 * mib)],
    ['guard-extend-2', String(200 * mib)],
  ]);
  expect(commands['guard-use']?.args).toEqual(['use', 'group=vg0', 'name=one', 'uuid=abc', 'origin=mysql', 'job=']);
  expect(Object.keys(guardCommands('db4', snapshot))).toEqual(['guard-use']);
});
