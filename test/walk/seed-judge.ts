// The result of a seed, by the state of its hosts.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOver, type JobRecord } from '../../src/job/journal/record.ts';
import { reseedWords, runs } from '../fleet/fleet.ts';
import type { Outcome } from './cell.ts';
import { differenceOf, isOnItsOwn, isReplica, isSeeded } from './seed-facts.ts';
import { plainName } from './seed-place.ts';
import { brokenTables, changedRows, rowsOf, unequalRows } from './seed-rows.ts';
import type { Before, SeedFacts, SeedStage } from './seed-stage.ts';

/** A server that is started again, with what it has to recover, and its replication. */
const settleMs = 90_000;

export async function judgeSeed(stage: SeedStage, id: number, before: Before): Promise<Outcome> {
  const job = stage.store.journal.job(id);
  if (!job) throw new Error(`the journal lost job ${id}`);
  if (!isOver(job.state)) return neither(job, 'its runner ended without an end of the job');
  if (job.state === 'done') return await judgeDone(stage, job, before);
  if (job.resources.some(({ state }) => state === 'left')) return await judgeLeft(stage, job, before);
  const over = overText(stage, job);
  if (over !== undefined && !hasOldData(await stage.facts(), before)) {
    const seeded = await judgeDone(stage, job, before);
    return seeded.kind === 'done' ? { kind: 'left', text: `seeded, and says: ${over}` } : seeded;
  }
  return await judgeUndone(stage, job, before, { kind: 'undone', text: '' });
}

/** `right`: what it is if all is as before. */
async function judgeUndone(stage: SeedStage, job: JobRecord, before: Before, right: Outcome): Promise<Outcome> {
  const difference = await settled(stage, before);
  if (difference.length > 0) return neither(job, difference.join('; '));
  const changed = changedRows(before.rows, await rowsOf(stage, before.target));
  return changed.length === 0 ? right : neither(job, changed.join('; '));
}

/** What the job says where its end came after the step from which on nothing can be undone. */
function overText({ pair }: SeedStage, { plan, steps, error }: JobRecord): string | undefined {
  const titleOf = (step: string) => plan.steps.find(({ name }) => name === `${step} ${pair.target}`)?.title ?? '?';
  const drop = titleOf('drop');
  if (error?.includes(drop)) return `begun, and perhaps done: ${drop}`;
  const isOn = steps.some(({ name, state }) => name === `go on ${pair.target}` && state !== 'waiting');
  return pair.tables && isOn ? titleOf('go on') : undefined;
}

const hasOldData = (now: SeedFacts, before: SeedFacts) =>
  now.target.some((line) => line.startsWith('data ') && before.target.includes(line));

const neither = ({ id, state, error = '' }: JobRecord, text: string): Outcome => ({
  kind: 'neither',
  text: `job ${id} ${state}${error && ` (${error})`}: ${text}`,
});

async function judgeDone(stage: SeedStage, job: JobRecord, before: Before): Promise<Outcome> {
  const { tables } = stage.pair;
  const { copies } = stage.pair.method;
  const wrong = (now: SeedFacts) => [
    ...differenceOf(before.donor, now.donor).map((line) => `donor ${line}`),
    ...differenceOf(before.target, now.target).filter((line) => !isSeeded(line, tables !== undefined)),
    ...endsWrong(stage, now),
    ...(copies && hasOldData(now, before) ? ['it has the old data'] : []),
  ];
  const said = await until(async () => wrong(await stage.facts()));
  if (said.length > 0) return neither(job, said.join('; '));
  const unequal = stage.pair.isAlone ? await brokenTables(stage) : await unequalRows(stage);
  return unequal === undefined ? { kind: 'done', text: '' } : neither(job, unequal);
}

function endsWrong({ pair }: SeedStage, { target }: SeedFacts): string[] {
  if (pair.isAlone) return isOnItsOwn(target) ? [] : ['it is no server of its own'];
  return isReplica(target) ? [] : ['it is no replica'];
}

/** The log names what is left, with the command that removes it. It is gone after an operator has run that. */
async function judgeLeft(stage: SeedStage, job: JobRecord, before: Before): Promise<Outcome> {
  const log = readFileSync(stage.store.home.log(job.id), 'utf8');
  const left = job.resources.filter(({ state }) => state === 'left');
  const unsaid = left.filter(({ what }) => !log.includes(`LEFT: ${what}`));
  if (unsaid.length > 0) return neither(job, `the log does not name ${unsaid.map(({ what }) => what).join(', ')}`);
  const [node, script] = reseedWords;
  const again = await runs(node, [script, 'job', 'abort', String(job.id), `--yes=${job.id}`]);
  if (again.exitCode !== 0) return neither(job, `tried again, it leaves things still: ${again.stdout.slice(-400)}`);
  const named: Outcome = {
    kind: 'left',
    text: left.map(({ what }) => plainName(what.replaceAll(job.key, 'JOB'))).join('; '),
  };
  // What was left came after the seed had done its work.
  if (stage.store.journal.job(job.id)?.state === 'done') {
    const seeded = await judgeDone(stage, job, before);
    return seeded.kind === 'done' ? named : seeded;
  }
  return await judgeUndone(stage, job, before, named);
}

/** What differs from before, once the state no longer moves back to it. */
const settled = (stage: SeedStage, before: SeedFacts): Promise<string[]> =>
  until(async () => {
    const now = await stage.facts();
    return [
      ...differenceOf(before.donor, now.donor).map((line) => `donor ${line}`),
      ...differenceOf(before.target, now.target).map((line) => `target ${line}`),
    ];
  });

async function until(look: () => Promise<string[]>): Promise<string[]> {
  const endMs = Date.now() + settleMs;
  for (;;) {
    const difference = await look();
    if (difference.length === 0 || Date.now() > endMs) return difference;
    await sleep(1000);
  }
}
