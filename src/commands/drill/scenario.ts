// reseed drill scenario: nights on call for training. src/drill/scenarios has the scenarios; here are the words, and the other operator of one.
import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { insideNetwork } from '../../drill/machine/network.ts';
import {
  goalText,
  nextHint,
  onFleet,
  readResults,
  readRunning,
  type Stage,
  startScenario,
  stopScenario,
  type Verified,
  verifyScenario,
} from '../../drill/scenarios/course.ts';
import { scenarioNamed, scenarios } from '../../drill/scenarios/scenarios.ts';
import { pointsOf, type Result, scoreSheet } from '../../drill/scenarios/score.ts';
import { unicodeSigns } from '../../text/badge.ts';
import { clockDuration } from '../../text/times.ts';
import { exampleText, exitCodes, printJson, printLine, tableLines } from '../answer.ts';
import { otherOperator } from './other-operator.ts';
import { type DrillOptions, inScene, type Scene, verb } from './verb.ts';

export function scenarioVerb(): Command {
  const scenario = new Command('scenario').description('nights on call for training: something breaks, the clock runs');
  for (const one of [listVerb, startVerb, hintVerb, verifyVerb, stopVerb, scoreVerb]) scenario.addCommand(one());
  return scenario.addHelpText(
    'after',
    exampleText([
      'reseed drill scenario start full-disk',
      'reseed drill scenario verify',
      'reseed drill scenario score',
    ]),
  );
}

function listVerb(): Command {
  return verb('list', 'the scenarios, and the best points of each', ['reseed drill scenario list']).action(
    (options: DrillOptions) =>
      inScene(options, async ({ places, json }) => {
        const [running, results] = [await readRunning(places), await readResults(places)];
        const rows = scenarios.map((scenario) => {
          const tries = results.filter((result) => result.scenario === scenario.name);
          const points = tries.map((result) => pointsOf(result, scenario));
          const best = points.length === 0 ? undefined : Math.max(...points);
          return { scenario, best, isRunning: running?.scenario === scenario.name };
        });
        if (json) {
          const list = rows.map(({ scenario: { name, title, minutes, hosts }, best, isRunning }) => ({
            ...{ name, title, minutes, hosts },
            ...{ points: best ?? null, running: isRunning },
          }));
          printJson('drill-scenarios', { scenarios: list });
          return exitCodes.done;
        }
        const cells = rows.map(({ scenario: { name, title, minutes }, best, isRunning }) => [
          name,
          `${minutes} min`,
          isRunning ? 'running' : best === undefined ? unicodeSigns.none : String(best),
          title,
        ]);
        for (const line of tableLines(['SCENARIO', 'TIME', 'POINTS', 'WHAT'], cells)) printLine(line);
        return exitCodes.done;
      }),
  );
}

function startVerb(): Command {
  return verb('start <name>', 'break the fleet as the scenario has it, and start its clock', [
    'reseed drill scenario start corrupt-replica',
  ]).action((name: string, options: DrillOptions) =>
    inScene(options, async (scene) => {
      const scenario = await startScenario(scene.places, name, stageOf(scene));
      const { title, story, minutes, hints } = scenario;
      if (scene.json) {
        printJson('drill-scenario', { name, title, story, minutes, goal: goalText(scenario) });
        return exitCodes.done;
      }
      for (const line of [`${name}: ${title}`, '', ...story, '']) printLine(line);
      printLine(`goal: ${goalText(scenario)}`);
      printLine(`time: ${minutes} min without loss of points. The console: reseed drill exec -- reseed`);
      printLine(
        `when you are done: reseed drill scenario verify; one of ${hints.length} hints, for points: reseed drill scenario hint`,
      );
      return exitCodes.done;
    }),
  );
}

function hintVerb(): Command {
  return verb('hint', 'the next hint; it costs points', ['reseed drill scenario hint']).action(
    (options: DrillOptions) =>
      inScene(options, async ({ places, json }) => {
        const { hint, number, of } = await nextHint(places);
        if (json) printJson('drill-hint', { hint, number, of });
        else printLine(`hint ${number} of ${of}: ${hint}`);
        return exitCodes.done;
      }),
  );
}

function verifyVerb(): Command {
  return verb('verify', 'whether the fleet is as the scenario wants it; if it is, the clock stops', [
    'reseed drill scenario verify',
  ]).action((options: DrillOptions) =>
    inScene(options, async (scene) => {
      const verified = await verifyScenario(scene.places, stageOf(scene));
      if (scene.json) printVerified(verified);
      else for (const line of verifiedLines(verified)) printLine(line);
      return verified.result ? exitCodes.done : exitCodes.failed;
    }),
  );
}

function printVerified({ scenario, judged, result }: Verified): void {
  const goal = judged.map(({ words, reached, why }) => ({ goal: words, reached, why }));
  printJson('drill-verified', { scenario: scenario.name, reached: result !== undefined, goal, ...scored(result) });
}

const verifiedLines = ({ judged, result }: Verified): readonly string[] => [
  ...judged.map(({ words, reached, why }) =>
    reached ? `${unicodeSigns.good} ${words}` : `${unicodeSigns.bad} ${words}: ${why}`,
  ),
  result ? endLine(result) : 'the clock runs on',
];

const scored = (result: Result | undefined) =>
  result ? { points: pointsOf(result, scenarioNamed(result.scenario)), tookMs: result.endedMs - result.startedMs } : {};

function endLine(result: Result): string {
  const { scenario, startedMs, endedMs, hints } = result;
  const { hosts, ...limits } = scenarioNamed(scenario);
  const points = pointsOf(result, limits);
  return `${scenario}: ${points} points, after ${clockDuration(endedMs - startedMs)} and ${hints} hints; before the next one: reseed drill reset ${hosts.join(' ')}`;
}

function stopVerb(): Command {
  return verb('stop', 'give the scenario up, for no points; its faults stay until they are healed', [
    'reseed drill scenario stop',
  ]).action((options: DrillOptions) =>
    inScene(options, async ({ places, json }) => {
      const result = await stopScenario(places, Date.now());
      if (json) printJson('drill-stopped', { scenario: result.scenario });
      else printLine(endLine(result));
      return exitCodes.done;
    }),
  );
}

interface ScoreOptions extends DrillOptions {
  readonly team?: string;
}

function scoreVerb(): Command {
  return verb('score', 'what was practised, as a sheet in Markdown for a team', [
    "reseed drill scenario score --team 'DBAs of the shop' >drills.md",
  ])
    .option('--team <name>', "its name on the sheet; left out: this account's")
    .action((options: ScoreOptions) =>
      inScene(options, async ({ places, json }) => {
        const results = await readResults(places);
        if (json) {
          printJson('drill-scores', { results: results.map((result) => ({ ...result, ...scored(result) })) });
          return exitCodes.done;
        }
        const team = options.team ?? userInfo().username;
        for (const line of scoreSheet(team, results, scenarios)) printLine(line);
        const running = await readRunning(places);
        if (running) process.stderr.write(`reseed: ${running.scenario} is running, and is not on the sheet yet\n`);
        return exitCodes.done;
      }),
    );
}

function stageOf({ places, progress }: Scene): Stage {
  const program = realpathSync(process.argv[1] ?? '');
  const { operate, operated } = otherOperator(places.state, [
    ...insideNetwork(places.namespace),
    process.execPath,
    program,
  ]);
  return onFleet(places, progress, {
    operate: (words) => progress.during('another operator begins', () => operate(words)),
    operated,
  });
}
