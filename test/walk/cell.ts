// One cell of a walk: one job, one place, one fault; and its result.

import { execa } from 'execa';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { holdAlive } from '../../src/job/lease/alive.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import type { Asked } from '../../src/operations/hosts/ask.ts';
import { carryOut } from '../../src/operations/jobs/carry-out.ts';
import type { JobStore } from '../../src/operations/jobs/job-store.ts';
import { reseedWords } from '../fleet/fleet.ts';
import { addJob } from '../job/adding.ts';
import type { Facts } from './facts.ts';
import type { Kind } from './kinds.ts';
import { type Runner, startRunner } from './runner.ts';
import type { Scene } from './scene.ts';

export const faults = ['kill, resume', 'kill, abort', 'abort', 'ssh cut', 'power cut', 'session killed'] as const;
export type Fault = (typeof faults)[number];

export interface Stage {
  readonly kind: Kind;
  readonly store: JobStore;
  readonly scene: Scene;
  readonly asked: Asked;
  /** From 0 up to 1, by the walk's seed. */
  readonly random: () => number;
}

export interface Outcome {
  /** `neither`: it is not done, not undone, and no message says what is left. */
  readonly kind: 'done' | 'undone' | 'left' | 'neither';
  /** What is left, or what is wrong. */
  readonly text: string;
  /** At which place of a step, or at how many, where a table has steps. */
  readonly where?: string;
  /** From the `kill -9` of the runner to the end of the next one. */
  readonly resumedMs?: number;
}

/** On a prepared host: runs the job up to the place, makes the fault, and lets reseed end the job. */
export async function play(stage: Stage, place: string, fault: Fault): Promise<Outcome> {
  const { kind, store, scene, asked } = stage;
  const before = await scene.facts();
  const { planned, key, targets, who } = await kind.draft(scene, asked);
  if (!planned.ok) throw new Error(`${kind.name}: ${planned.message}`);
  const { id } = addJob(store.journal, { key, plan: planned.plan, targets, who });
  const runner = startRunner(id);
  await walkTo(runner, place);
  const resumedMs = await make[fault](stage, id, runner);
  const stood = fault === 'power cut' && isOver(kind.untilBoot, place);
  const outcome = await judge(stage, id, key, { before, stood });
  return resumedMs === undefined ? outcome : { ...outcome, resumedMs };
}

/**
 * Whether the step has done its work there. A host that starts again then starts its server, which had been stopped.
 */
const isOver = (step: string | undefined, place: string) =>
  step !== undefined && [`${step}: worked`, `${step}: written`, 'steps over', 'releasing', 'released'].includes(place);

async function walkTo(runner: Runner, place: string): Promise<void> {
  for (let at = await runner.next(); at !== place; at = await runner.next()) {
    if (at === undefined) throw new Error(`the runner ended before it came to ${place}`);
    runner.go();
  }
}

type Make = (stage: Stage, id: number, runner: Runner) => Promise<number | undefined>;

const make: Record<Fault, Make> = {
  'kill, resume': async (stage, id, runner) => {
    const killedMs = performance.now();
    await runner.kill();
    await carryOn(stage, id);
    return performance.now() - killedMs;
  },
  'kill, abort': async (stage, id, runner) => {
    await runner.kill();
    stage.store.journal.requestAbort(id);
    await carryOn(stage, id);
    return undefined;
  },
  abort: async ({ store }, id, runner) => {
    store.journal.requestAbort(id);
    await runner.finish();
    return undefined;
  },
  'ssh cut': async ({ kind, random }, _, runner) => {
    // At the place, or in the work after it.
    const waitMs = Math.floor(random() * 600);
    const cut = execa(...serial(kind.host, `sleep ${waitMs / 1000}; pkill -KILL -f "^sshd[^ ]*: [a-z]*@"`));
    const finished = runner.finish();
    await cut;
    await finished;
    return undefined;
  },
  'power cut': async (stage, id, runner) => {
    const { kind, random } = stage;
    const runnerDies = random() < 0.5;
    if (runnerDies) await runner.kill();
    await execa(...reseedDrill('fault', 'power-cut', kind.host));
    if (!runnerDies) await runner.finish();
    await execa(...reseedDrill('heal', kind.host));
    if (runnerDies) await carryOn(stage, id);
    return undefined;
  },
  'session killed': async ({ scene }, _, runner) => {
    await scene.run(slowLvcreate);
    const killer = scene.run(killSession);
    await runner.finish();
    await killer;
    return undefined;
  },
};

const reseedDrill = (...words: string[]): [string, string[]] => [reseedWords[0], [reseedWords[1], 'drill', ...words]];
const serial = (host: string, script: string): [string, string[]] => [
  process.execPath,
  [new URL('serial.ts', import.meta.url).pathname, host, script],
];

const slowLvcreate = `
printf '#!/bin/sh\\nsleep 4\\nexec /usr/sbin/lvcreate "$@"\\n' >/usr/local/bin/lvcreate
chmod 755 /usr/local/bin/lvcreate`;

// The newest session that waits for its client is the one that holds the lock.
const killSession = `
tries=0
until pgrep -f '/usr/local/bin/lvcreat[e]' >/dev/null; do
  tries=$((tries + 1)); [ $tries -lt 600 ] || exit 1
  sleep 0.1
done
id=$(mysql -Nse "SELECT MAX(id) FROM information_schema.processlist WHERE command = 'Sleep'")
mysql -e "KILL $id"`;

async function carryOn({ store }: Stage, id: number): Promise<void> {
  const job = store.journal.job(id);
  const alive = holdAlive(store.home.alive(id));
  if (!job || !alive) throw new Error(`job ${id} has a runner still`);
  const holder = holderHere(store.home.alive(job.id));
  store.journal.takeLease(job.id, job.lease?.holder.key, holder);
  await carryOut(store, job, holder);
  alive.release();
}

async function judge(
  { kind, store, scene }: Stage,
  id: number,
  key: string,
  { before, stood }: { before: Facts; stood: boolean },
): Promise<Outcome> {
  const job = store.journal.job(id);
  if (!job) throw new Error(`the journal lost job ${id}`);
  const facts = (await scene.facts()).filter((line) => !line.endsWith('/usr/local/bin/lvcreate'));
  const held = facts.filter((line) => /^(run|session|lvcreate)|^lock/.test(line) && !before.includes(line));
  const difference = differenceOf(before, facts);
  const wrong = (text: string): Outcome => ({
    kind: 'neither',
    text: `${job.state}, ${text}: ${difference.join('; ')}`,
  });
  if (facts.some((line) => line.includes('suspended'))) return wrong('a volume is suspended');
  if (job.state === 'done') {
    if (stood && difference.length === 0) {
      return { kind: 'done', text: 'done, until the host started again' };
    }
    return kind.isDone(facts, key) && held.length === 0 ? { kind: 'done', text: '' } : wrong('and it is not so');
  }
  if (difference.length === 0) return { kind: 'undone', text: '' };
  const said = saidOf(job);
  const unsaid = difference.filter((line) => !said.some((words) => words.explains(line)));
  return unsaid.length === 0
    ? { kind: 'left', text: said.map(({ text }) => text).join('; ') }
    : wrong(`unsaid ${unsaid.join(', ')}`);
}

const differenceOf = (before: Facts, after: Facts) => [
  ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
];

interface Said {
  readonly text: string;
  readonly explains: (difference: string) => boolean;
}

/** What differs from before, by the journal: steps that are done, or that the error names; and what is left. */
function saidOf({ steps, plan, error = '', resources }: JobRecord): Said[] {
  const stepsSaid = plan.steps.flatMap(({ name, title, work, acquires }): Said[] => {
    const state = steps.find((step) => step.name === name)?.state;
    if (acquires || !(state === 'done' || error.includes(title))) return [];
    return [
      { text: `${name} ${state === 'done' ? 'is done' : 'was begun'}`, explains: (line) => explains(work, line) },
    ];
  });
  const left = resources
    .filter(({ state }) => state === 'left')
    .map(({ what }) => ({
      text: `left: ${what}`,
      explains: (line: string) => /^\+ (lock|volume|coordinates|mount|run)/.test(line),
    }));
  return [...stepsSaid, ...left];
}

function explains(work: string, line: string): boolean {
  if (work === 'start-server' || work === 'stop-server' || work === 'seed-start') return /^[+-] server/.test(line);
  return line.startsWith('- ');
}
