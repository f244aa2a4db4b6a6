// The verbs that start, show and end the fleet.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type TakenDown, takeDown, takeHostsDown } from '../../drill/down.ts';
import type { DrillHost } from '../../drill/host.ts';
import { drillHosts, requireHostNamed, sixHosts } from '../../drill/hosts.ts';
import { execInside } from '../../drill/machine/ssh.ts';
import { meetNeeds, requireRoot } from '../../drill/needs.ts';
import { resetHosts } from '../../drill/reset.ts';
import { readState } from '../../drill/state.ts';
import { fleetStatus } from '../../drill/status.ts';
import { bringUp, dataBytesOf } from '../../drill/up.ts';
import { exitCodes, printJson, printLine } from '../answer.ts';
import { readBytes } from '../bytes.ts';
import { statusLines } from './status-table.ts';
import { allFlag, type DrillOptions, dataFlag, inScene, type Scene, verb } from './verb.ts';

const sixNames = `${sixHosts[0]?.name} to ${sixHosts.at(-1)?.name}`;

export function consoleVerb(): Command {
  return verb('console', 'bring six hosts up, and open the console on them', [
    'npm run drill',
    'npm run drill -- --data 1G',
  ])
    .option(...dataFlag)
    .option(...allFlag)
    .action((options: DrillOptions) => inScene(options, openOn));
}

/** In a pipe the console can't be opened, so the state of the hosts is printed once. */
async function openOn(scene: Scene): Promise<number> {
  const onTerminal = process.stdin.isTTY && process.stdout.isTTY && !scene.json;
  if (!onTerminal) return await start(scene, []);
  await raise(scene, []);
  // The inventories that come with reseed are the practice fleet's.
  const program = realpathSync(process.argv[1] ?? '');
  const inventory = join(dirname(program), '..', scene.options.all ? 'hosts-all.yaml' : 'hosts.yaml');
  return await execInside(scene.places, [process.execPath, program, 'console', '--inventory', inventory], process.env);
}

export function upVerb(): Command {
  return verb('up [host...]', `bring hosts up: ${sixNames}, or those named`, [
    'reseed drill up',
    'reseed drill up db1 db2 --data 1G',
    'reseed drill up --all',
  ])
    .option(...dataFlag)
    .option(...allFlag)
    .action((names: string[], options: DrillOptions) => inScene(options, (scene) => start(scene, names)));
}

async function start(scene: Scene, names: readonly string[]): Promise<number> {
  await raise(scene, names);
  return show(scene, []);
}

async function raise(scene: Scene, names: readonly string[]): Promise<void> {
  const unnamed = scene.options.all ? drillHosts : sixHosts;
  const hosts = names.length > 0 ? hostsFrom(names) : unnamed;
  const { data } = scene.options;
  const given = data === undefined ? undefined : readBytes(data);
  // Before the fleet's state is read: another account may not read it.
  requireRoot(process.getuid?.());
  await meetNeeds(scene.places, dataBytesOf(await readState(scene.places), given), scene.progress);
  await bringUp(scene.places, hosts, given, scene.progress);
}

export function statusVerb(): Command {
  return verb('status [host...]', `what the hosts are doing: ${sixNames} and what is up beside, or those named`, [
    'reseed drill status',
    'reseed drill status --json | jq .hosts',
  ]).action((names: string[], options: DrillOptions) => inScene(options, (scene) => show(scene, names)));
}

async function show({ places, json }: Scene, names: readonly string[]): Promise<number> {
  const hosts = await fleetStatus(places, names.length > 0 ? hostsFrom(names) : undefined);
  if (json) printJson('drill-status', { up: hosts !== undefined, hosts: hosts ?? [] });
  else if (hosts) for (const line of statusLines(hosts, process.stdout.columns)) printLine(line);
  else printLine('the practice fleet is not up; bring it up with: reseed drill up');
  return exitCodes.done;
}

export function downVerb(): Command {
  return verb(
    'down [host...]',
    'end the fleet: processes, network, disks and keys; or the hosts named, with their disks',
    ['reseed drill down', 'reseed drill down db7'],
  ).action((names: string[], options: DrillOptions) =>
    inScene(options, async ({ places, json, progress }) => {
      requireRoot(process.getuid?.());
      if (names.length > 0) {
        const hosts = hostsFrom(names);
        await takeHostsDown(places, hosts, progress);
        const ended = hosts.map(({ name }) => name);
        if (json) printJson('drill-down', { hosts: ended });
        else printLine(`${ended.join(', ')}: ended, with the disks`);
        return exitCodes.done;
      }
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

/** Each host once, even if it is named twice. */
const hostsFrom = (names: readonly string[]): DrillHost[] => [...new Set(names.map(requireHostNamed))];
