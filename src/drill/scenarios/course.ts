// A scenario as it is practised: begun on the fleet, its hints, its goal, its end. One at a time; what has ended is kept beside the fleet, so that
// the sheet of a team outlives it.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { DrillFailure } from '../failure.ts';
import { faultNamed } from '../faults/faults.ts';
import { makeFault } from '../faults/make.ts';
import { requireHostNamed } from '../hosts.ts';
import { tellSerial } from '../machine/serial.ts';
import type { Places } from '../places.ts';
import type { Progress } from '../progress.ts';
import { requireHost, requireState } from '../state.ts';
import { fleetStatus, type HostStatus } from '../status.ts';
import { type Verdict, verifyAgainst } from '../verify.ts';
import { factsFrom, type GoalFacts, hostsAsked, type Judged, judge } from './goal.ts';
import { type Goal, goalWords, type Scenario } from './scenario.ts';
import { scenarioNamed } from './scenarios.ts';
import type { Result } from './score.ts';

const runningForm = z.object({ scenario: z.string(), startedMs: z.number(), hints: z.number() });
export type Running = z.infer<typeof runningForm>;

const resultsForm = z.array(
  z.object({
    scenario: z.string(),
    startedMs: z.number(),
    endedMs: z.number(),
    hints: z.number(),
    reached: z.boolean(),
  }),
);

/** What a scenario does to hosts, and asks them; src/commands knows how another operator starts reseed. */
export interface Stage {
  readonly progress: Progress;
  readonly nowMs: () => number;
  status(hosts: readonly string[]): Promise<readonly HostStatus[]>;
  breakHost(fault: string, host: string, args: readonly string[]): Promise<void>;
  /** Another operator gives reseed these words. */
  operate(words: readonly string[]): Promise<void>;
  /** Why the jobs of that operator have not all ended well; empty: they have. */
  operated(): Promise<string>;
  facts(host: string): Promise<GoalFacts | undefined>;
  compare(primary: string, replica: string): Promise<Pick<Verdict, 'differing' | 'notOk'> | undefined>;
}

/** The fleet itself. */
export const onFleet = (places: Places, progress: Progress, operator: Pick<Stage, 'operate' | 'operated'>): Stage => ({
  ...operator,
  progress,
  nowMs: Date.now,
  status: async (names) => (await fleetStatus(places, names.map(requireHostNamed))) ?? [],
  breakHost: (fault, host, args) => makeFault(places, faultNamed(fault), requireHostNamed(host), args, progress),
  facts: async (host) => {
    const printed = await tellSerial(places, requireHostNamed(host), '/usr/local/lib/drill/goal.sh').catch(unanswered);
    return printed === undefined ? undefined : factsFrom(printed);
  },
  compare: (primary, replica) => verifyAgainst(places, requireHostNamed(primary), requireHostNamed(replica), progress),
});

function unanswered(error: unknown): undefined {
  if (error instanceof DrillFailure && error.kind === 'unreachable') return undefined;
  throw error;
}

/** Begins a scenario: its hosts are in order before, and its time begins once everything is broken. */
export async function startScenario(places: Places, name: string, stage: Stage): Promise<Scenario> {
  const scenario = scenarioNamed(name);
  const state = await requireState(places);
  const running = await readRunning(places);
  if (running) {
    throw new DrillFailure(
      'refused',
      `the scenario ${running.scenario} is running`,
      'reach its goal (reseed drill scenario verify), or give it up: reseed drill scenario stop',
    );
  }
  for (const host of scenario.hosts) requireHost(state, host);
  await requireOrder(scenario, stage);
  for (const breakage of scenario.breaks) {
    if ('operator' in breakage) await stage.operate(breakage.operator);
    else await stage.breakHost(breakage.fault, breakage.on, breakage.args ?? []);
  }
  await writeRunning(places, { scenario: name, startedMs: stage.nowMs(), hints: 0 });
  return scenario;
}

/** What was broken before would be a part of it. */
async function requireOrder({ name, hosts }: Scenario, stage: Stage): Promise<void> {
  const wrong = (await stage.status(hosts)).flatMap((host) => {
    const why = disorder(host);
    return why === undefined ? [] : [`${host.host}: ${why}`];
  });
  if (wrong.length === 0) return;
  throw new DrillFailure(
    'refused',
    `${name} begins on hosts that are in order: ${wrong.join('; ')}`,
    `see reseed drill status; reseed drill reset ${hosts.join(' ')} gives them their first state`,
  );
}

function disorder({ machine, mysql, replication, faults }: HostStatus): string | undefined {
  if (faults.length > 0) return `it has the fault ${faults.map(({ name }) => name).join(', ')}`;
  if (machine !== 'running') return `its machine is ${machine}`;
  if (mysql === null) return 'it did not tell of its server in time';
  if (mysql !== 'active') return `its server is ${mysql}`;
  return replication === 'primary' || replication === 'replicating'
    ? undefined
    : `replication is ${replication ?? '?'}`;
}

/** The next hint, and its number from 1. Each costs points. */
export async function nextHint(
  places: Places,
): Promise<{ readonly hint: string; readonly number: number; readonly of: number }> {
  const running = await requireRunning(places);
  const { hints } = scenarioNamed(running.scenario);
  const hint = hints[running.hints];
  if (hint === undefined) {
    throw new DrillFailure('refused', `${running.scenario} has no more hints than these ${hints.length}`, '');
  }
  await writeRunning(places, { ...running, hints: running.hints + 1 });
  return { hint, number: running.hints + 1, of: hints.length };
}

export interface Verified {
  readonly scenario: Scenario;
  readonly judged: readonly Judged[];
  /** The goal was reached, and the scenario has ended with this. */
  readonly result?: Result;
}

/** Asks the fleet whether the goal is reached. If it is, the scenario has ended at the time of the question. */
export async function verifyScenario(places: Places, stage: Stage): Promise<Verified> {
  const running = await requireRunning(places);
  const scenario = scenarioNamed(running.scenario);
  const endedMs = stage.nowMs();
  const judged = await judgeAll(scenario.goal, stage);
  if (!judged.every(({ reached }) => reached)) return { scenario, judged };
  const result = await end(places, running, endedMs, true);
  return { scenario, judged, result };
}

async function judgeAll(goals: readonly Goal[], stage: Stage): Promise<readonly Judged[]> {
  const facts = new Map<string, GoalFacts | undefined>();
  // One after the other: what a replica has is compared with what its source has after that.
  for (const host of hostsAsked(goals)) facts.set(host, await stage.facts(host));
  const judged = goals.map((goal) => judge(goal, (host) => facts.get(host)));
  const asked: Judged[] = [];
  for (const one of judged) asked.push(one.reached ? await judgeFurther(one, judged, stage) : one);
  return asked;
}

/** What takes the fleet longer: only where the rest is in order. */
async function judgeFurther(one: Judged, judged: readonly Judged[], stage: Stage): Promise<Judged> {
  const { goal } = one;
  const because = (why: string): Judged => ({ ...one, reached: why === '', why });
  if (goal.is === 'operator done') return because(await stage.operated());
  if (goal.is !== 'equal') return one;
  if (!judged.every(({ reached }) => reached)) return because('is compared once the rest is in order');
  const verdict = await stage.compare(goal.to, goal.host);
  const wrong = verdict ? [...verdict.differing, ...verdict.notOk] : ['it was not compared'];
  return because(wrong.length === 0 ? '' : `differs: ${wrong.join(', ')}`);
}

/** Gives it up. Its faults stay: heal or reset takes them back. */
export async function stopScenario(places: Places, nowMs: number): Promise<Result> {
  return await end(places, await requireRunning(places), nowMs, false);
}

async function end(places: Places, running: Running, endedMs: number, reached: boolean): Promise<Result> {
  const result = { ...running, endedMs, reached };
  await writeWhole(resultsFile(places), [...(await readResults(places)), result]);
  await rm(runningFile(places), { force: true });
  return result;
}

const runningFile = (places: Places) => join(places.state, 'scenario.json');
/** Not in the fleet's own folder, which `down` removes. */
const resultsFile = (places: Places) => join(dirname(places.state), 'drill-scores.json');

async function requireRunning(places: Places): Promise<Running> {
  await requireState(places);
  const running = await readRunning(places);
  if (running) return running;
  throw new DrillFailure(
    'refused',
    'no scenario is running',
    'reseed drill scenario list; reseed drill scenario start NAME',
  );
}

export const readRunning = (places: Places): Promise<Running | undefined> => readForm(runningFile(places), runningForm);

/** The oldest first. */
export const readResults = async (places: Places): Promise<readonly Result[]> =>
  (await readForm(resultsFile(places), resultsForm)) ?? [];

const writeRunning = (places: Places, running: Running) => writeWhole(runningFile(places), running);

async function readForm<T>(path: string, form: z.ZodType<T>): Promise<T | undefined> {
  try {
    return form.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new DrillFailure('failed', `${path} is not what reseed wrote: ${why}`, 'remove it', { cause: error });
  }
}

async function writeWhole(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** `the server of db3 runs; db3 replicates from db1` */
export const goalText = ({ goal }: Scenario): string => goal.map(goalWords).join('; ');
