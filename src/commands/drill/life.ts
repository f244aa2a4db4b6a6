// The verbs that make, show and end the fleet.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type TakenDown, takeDown } from '../../drill/down.ts';
import { type DrillHost, drillHosts, requireHostNamed } from '../../drill/hosts.ts';
import { meetNeeds, requireRoot } from '../../drill/needs.ts';
import { resetHosts } from '../../drill/reset.ts';
import { execInside } from '../../drill/ssh.ts';
import { fleetStatus } from '../../drill/status.ts';
import { bringUp } from '../../drill/up.ts';
import { exitCodes, printJson, printLine } from '../answer.ts';
import { readBytes } from '../bytes.ts';
import { statusLines } from './status-table.ts';
import { type DrillOptions, dataFlag, inScene, type Scene, verb } from './verb.ts';

export function consoleVerb(): Command {
  return verb('console', 'bring all six up, and open the console on them', [
    'npm run drill',
    'npm run drill -- --data 1G',
  ])
    .option(...dataFlag)
    .action((options: DrillOptions) => inScene(options, openOn));
}

/** In a pipe there is no console to open: then what the hosts are doing is printed once. */
async function openOn(scene: Scene): Promise<number> {
  const onTerminal = process.stdin.isTTY && process.stdout.isTTY && !scene.json;
  if (!onTerminal) return await start(scene, []);
  await raise(scene, []);
  // The inventory that came with this reseed is the practice fleet's.
  const program = realpathSync(process.argv[1] ?? '');
  const inventory = join(dirname(program), '../hosts.yaml');
  return await execInside(scene.places, [process.execPath, program, 'console', '--inventory', inventory], process.env);
}

export function upVerb(): Command {
  return verb('up [host...]', 'bring hosts up: all six, or those named', [
    'reseed drill up',
    'reseed drill up db1 db2 --data 1G',
  ])
    .option(...dataFlag)
    .action((names: string[], options: DrillOptions) => inScene(options, (scene) => start(scene, names)));
}

async function start(scene: Scene, names: readonly string[]): Promise<number> {
  await raise(scene, names);
  return show(scene, drillHosts);
}

async function raise(scene: Scene, names: readonly string[]): Promise<void> {
  const hosts = hostsFrom(names);
  const dataBytes = readBytes(scene.options.data ?? '');
  await meetNeeds(scene.places, dataBytes, scene.progress);
  await bringUp(scene.places, hosts, dataBytes, scene.progress);
}

export function statusVerb(): Command {
  return verb('status [host...]', 'what the hosts are doing: all six, or those named', [
    'reseed drill status',
    'reseed drill status --json | jq .hosts',
  ]).action((names: string[], options: DrillOptions) => inScene(options, (scene) => show(scene, hostsFrom(names))));
}

async function show({ places, json }: Scene, asked: readonly DrillHost[]): Promise<number> {
  const hosts = await fleetStatus(places, asked);
  if (json) printJson('drill-status', { up: hosts !== undefined, hosts: hosts ?? [] });
  else if (hosts) for (const line of statusLines(hosts, process.stdout.columns)) printLine(line);
  else printLine('the practice fleet is not up; bring it up with: reseed drill up');
  return exitCodes.done;
}

export function downVerb(): Command {
  return verb('down', 'end the fleet: processes, network, disks and keys', ['reseed drill down']).action(
    (options: DrillOptions) =>
      inScene(options, async ({ places, json, progress }) => {
        requireRoot(process.getuid?.());
        const down = await takeDown(places, progress);
        if (json) printJson('drill-down', down);
        else for (const line of downLines(down)) printLine(line);
        return down.leftOn.length > 0 ? exitCodes.failed : exitCodes.done;
      }),
  );
}

function downLines({ stood, machines, leftOn, leftInside }: TakenDown): string[] {
  if (!stood) return ['no fleet was up'];
  const ended = `${machines} ${machines === 1 ? 'machine' : 'machines'} ended`;
  if (leftOn.length > 0) {
    return [
      ended,
      ...leftOn.map(({ host, pid, why }) => `${host} is still on (process ${pid}): ${why}`),
      'its network, disks and keys stay until it is ended; then again: reseed drill down',
    ];
  }
  return [
    `${ended}; network, disks and keys are gone`,
    ...leftInside.map(
      ({ pid, command }) => `still running inside the network, and not started by drill up: ${pid} ${command}`,
    ),
  ];
}

export function resetVerb(): Command {
  return verb('reset <host...>', 'give hosts their first state again', ['reseed drill reset db3']).action(
    (names: string[], options: DrillOptions) =>
      inScene(options, async ({ places, json, progress }) => {
        const done = await resetHosts(places, names.map(requireHostNamed), progress);
        if (json) printJson('drill-reset', { hosts: done });
        else printLine(`${done.join(', ')}: as at the start`);
        return exitCodes.done;
      }),
  );
}

/** Each host once, however often it is named. */
const hostsFrom = (names: readonly string[]) =>
  names.length > 0 ? [...new Set(names.map(requireHostNamed))] : drillHosts;
