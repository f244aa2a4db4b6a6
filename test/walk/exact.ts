// Ends a seed at one step after the other, by a failure right after the step's work and by an abort in the middle of it.
// Each time it compares the target with its state before, byte for byte.
//   exact.ts DONOR TARGET [--steps a,b] [--how failed,aborted] [--runs]
// Run inside the fleet's network. Before, the target's replication is stopped, with a delay, a filter and
// super_read_only off, all set by hand: its data does not change, and only the seed can restore these settings.
// --runs: it replicates, and what changes by itself is not compared. Ends with 1 if an undone seed has left a
// difference.
import { parseArgs } from 'node:util';
import { openJobStore } from '../../src/commands/jobs/job/open-store.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { seedStageWords } from '../../src/scripts/seed-stage-words.ts';
import { freeStart } from '../../src/seed/target/free-start.ts';
import type { Outcome } from './cell.ts';
import { type ExactHost, exactDifference, exactRecord } from './exact-record.ts';
import { printTable } from './print.ts';
import { startRunner } from './runner.ts';
import { endingMs } from './seed-endings.ts';
import { placeOf } from './seed-march.ts';
import { pairOf } from './seed-pairs.ts';
import { plainName } from './seed-place.ts';
import { type SeedStage, seedStage } from './seed-stage.ts';

const setBy = (delaySeconds: number, ignored: string, rest: string) => `
client=$1
ask() { $client -e "$1"; }
ask "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = ${delaySeconds} FOR CHANNEL ''"
ask "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (${ignored}) FOR CHANNEL ''"
ask '${rest}'`;
const stopped = setBy(7, 'tmp1, tmp2', 'SET GLOBAL super_read_only = OFF');
const running = setBy(0, '', 'SET GLOBAL super_read_only = ON; START REPLICA');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '' },
    how: { type: 'string', default: 'failed,aborted' },
    runs: { type: 'boolean', default: false },
  },
});
const [donor = '', target = ''] = positionals;
const known: Readonly<Record<string, ExactHost>> = {
  db3: { client: 'mysql', datadir: '/srv/mysql/data' },
  db7: { client: 'mysql --defaults-file=/etc/mysql-prod/my.cnf', datadir: '/data/mysql-prod/data' },
  db8: { client: 'mysql --no-defaults', datadir: '/srv/db8/data' },
};
const host = known[target];
const store = openJobStore();
if (!store || !host) throw new Error(`no journal, or nothing known of ${target}`);
const remotes = openRemotes({ environment: process.env });
const stage = await seedStage(pairOf(`${donor} ${target} --method lvm`), store, remotes, Math.random);
const scene = stage.scene('target');
if (!values.runs) await scene.run(stopped, [host.client]);
const outcomes = new Map<string, Outcome>();
const asked = values.steps.split(',');
const steps = (await stage.plan()).steps.filter(({ name }) => asked.some((word) => name.startsWith(word)));
const hows = values.how.split(',');
for (const { name } of steps) {
  for (const how of hows) {
    const outcome = await played(stage, plainName(name), how === 'failed');
    const text = outcome.text && ` (${outcome.text})`;
    process.stderr.write(`${new Date().toISOString()} ${name} · ${how}: ${outcome.kind}${text}\n`);
    outcomes.set(`${plainName(name)}|${how}`, outcome);
  }
}
if (!values.runs) await scene.run(running, [host.client]);
printTable(`seed ${donor} ${target}`, outcomes, hows);
await remotes.close();
store.journal.close();
process.exit([...outcomes.values()].some(({ kind }) => kind === 'neither') ? 1 : 0);

async function played({ begin }: SeedStage, name: string, fails: boolean): Promise<Outcome> {
  if (!host) throw new Error('no host');
  const before = await exactRecord(scene.run, host);
  const job = await begin(fails ? (plan) => failing(plan, name) : undefined);
  const runner = startRunner(job.id, endingMs);
  if (!fails) {
    for (let at = await placeOf(runner); at !== `${name}: begun`; at = await placeOf(runner)) {
      if (at === undefined) throw new Error(`the runner ended before it came to ${name}`);
      runner.go();
    }
    store?.journal.requestAbort(job.id);
  }
  await runner.finish();
  const state = store?.journal.job(job.id)?.state;
  const after = await exactRecord(scene.run, host, before);
  const { wrong, added } = exactDifference(before, after, values.runs);
  if (state === 'done') return { kind: 'done', text: '' };
  if (state !== 'failed' && state !== 'aborted') return { kind: 'neither', text: `job ${job.id} is ${state}` };
  if (wrong.length > 0) return { kind: 'neither', text: `job ${job.id}: ${wrong.join('; ')}` };
  return {
    kind: 'undone',
    text: added === 0 ? 'exactly as before' : `exactly as before, and ${added} logs that the restart opened`,
  };
}

/** The same plan, with a failing step after the named one. */
function failing(plan: Plan, name: string): Plan {
  const at = plan.steps.findIndex((step) => plainName(step.name) === name);
  const step = plan.steps[at];
  if (!step) throw new Error(`no step ${name}`);
  const args = seedStageWords('look', { datadir: '/', job: 'cafe' }, {});
  const command = { host: target, script: 'seed-stage' as const, args, deadlineMs: 60_000 };
  const { acquires: _, ...rest } = step;
  const fails = {
    ...rest,
    name: 'fails',
    title: 'a step that fails',
    work: freeStart.kind,
    input: {},
    commands: { run: command },
  };
  return { ...plan, steps: plan.steps.toSpliced(at + 1, 0, fails) };
}
