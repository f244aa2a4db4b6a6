// Faults that a seed survives: it continues afterwards, and comes to its end. Each is made while the runner stops at a
// place, or in the middle of its work. It returns the runner that continues.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { drill, reseedWords, runs, testEnvironment, testState } from '../fleet/fleet.ts';
import { pullPlug, switchOnAgain } from './power.ts';
import { type Runner, startRunner } from './runner.ts';
import { type Pair, verbOf } from './seed-pairs.ts';
import { comeTo, type Place, span } from './seed-place.ts';
import type { SeedStage } from './seed-stage.ts';

export interface ReplicationState {
  readonly stage: SeedStage;
  readonly job: JobRecord;
  readonly place: Place;
  readonly runner: Runner;
}

/** Of a job with many runners, or many faults. */
export const marchMs = 90 * 60_000;

export interface Survivable {
  /** Returns the runner that runs then. Throws if a state is not as required. */
  readonly fault: (standing: ReplicationState) => Promise<Runner>;
  /** The places where it makes sense. Absent: all. */
  readonly among?: (places: readonly Place[], pair: Pair) => readonly Place[];
}

export const survivable: Readonly<Record<string, Survivable>> = {
  kill: {
    fault: async (standing) => {
      await into(standing);
      await standing.runner.kill();
      return startRunner(standing.job.id, marchMs);
    },
  },
  'target power cut': { fault: (standing) => withoutPower(standing, standing.stage.pair.target) },
  'donor power cut': { fault: (standing) => withoutPower(standing, standing.stage.pair.donor) },
  'cut for 20 s': {
    fault: async (standing) => {
      const [host, ...words] = cutWords(standing.stage);
      return await beside(standing, async (goesOn) => {
        await drill('fault', 'cut', host, ...words);
        goesOn();
        await sleep(20_000);
        await drill('heal', host);
      });
    },
  },
  'server started': { fault: (standing) => beside(standing, () => standing.stage.scene('target').serve('up')) },
  strangers: {
    fault: (standing) => beside(standing, () => strangers(standing.stage)),
    // While the job listens.
    among: (places, { method, target }) =>
      method.usesChannel ? span(places, `channel ${target}: worked`, 'release donor: begun') : [],
  },
  'second seed': {
    fault: (standing) => beside(standing, () => secondSeed(standing)),
    // Before, the second runner would be the first; afterwards it can start.
    among: (places) => places.filter(({ step }) => !step.startsWith('lock ') && step !== 'the end'),
  },
};

const into = ({ place, runner, stage }: ReplicationState) => comeTo(place, runner, stage.random);

/** The runner survives it, and continues when the fault says so, or is over. */
async function beside(standing: ReplicationState, fault: (goesOn: () => void) => Promise<void>): Promise<Runner> {
  const { runner, place } = standing;
  await into(standing);
  let goes = place.midst;
  const goesOn = () => {
    if (!goes) runner.go();
    goes = true;
  };
  await fault(goesOn);
  goesOn();
  return runner;
}

/** Either the runner waits until the host answers again, or it died meanwhile and another continues. */
async function withoutPower(standing: ReplicationState, host: string): Promise<Runner> {
  const { stage, runner, place } = standing;
  await into(standing);
  const dies = place.midst || stage.random() < 0.5;
  if (dies) await runner.kill();
  await pullPlug(host);
  await switchOnAgain(host);
  await stage.scene('donor').serve('up');
  if (dies) return startRunner(standing.job.id, marchMs);
  runner.go();
  return runner;
}

/** Which connections are cut: a host from all others, or donor and target from each other. */
export function cutWords({ pair, random }: SeedStage): [string, ...string[]] {
  const ways: [string, ...string[]][] = [[pair.target], [pair.donor], [pair.target, pair.donor]];
  return ways[Math.floor(random() * ways.length)] ?? [pair.target];
}

/** That many connections to the port are open at once, and send nothing. */
const holders = 12;

/** From this machine, which is no donor: garbage, connections that stay open, and a caller with a key of its own. */
async function strangers({ pair, scene }: SeedStage): Promise<void> {
  // The last one may be of the operator's own receiver, who lets every host in.
  const told = await scene('target').run("ss -Hltn 'sport >= :21000 and sport < :21099'");
  const [, port] = /:(21\d{3}) /.exec(told) ?? [];
  if (port === undefined) throw new Error('no port of the job is open');
  const { address } = requireHostNamed(pair.target);
  for (let one = 0; one < holders; one++) stranger(address, Number(port));
  stranger(address, Number(port)).write(Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 251)));
  const options = ['-F', 'none', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'ConnectTimeout=5'];
  const known = ['-o', 'UserKnownHostsFile=/dev/null', '-i', join(testState, 'reseed/drill/id_ed25519')];
  const let_in = await runs('ssh', [...options, ...known, '-p', port, `root@${address}`, 'landed']);
  if (let_in.exitCode === 0) throw new Error(`a stranger was let in at port ${port}: ${let_in.stdout}`);
}

function stranger(host: string, port: number): Socket {
  const socket = createConnection({ host, port });
  // It is refused, or disconnected after a while: both are right.
  socket.on('error', () => socket.destroy());
  return socket;
}

/** By an operator at another jump host, who can know of the first job only from the hosts. */
async function secondSeed({ stage: { pair }, job }: ReplicationState): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'reseed-second-'));
  const inventory = join(home, 'hosts.yaml');
  await writeFile(
    inventory,
    (await readFile(pair.inventory ?? 'hosts.yaml', 'utf8')).replaceAll(
      `\${XDG_STATE_HOME:-~/.local/state}`,
      testState,
    ),
  );
  const [node, script] = reseedWords;
  const env = { ...testEnvironment, XDG_STATE_HOME: home };
  const second = await execa(node, [script, ...verbOf(pair), '--inventory', inventory], {
    env,
    reject: false,
    stdin: 'ignore',
  });
  await rm(home, { recursive: true });
  const said = `${second.stdout}${second.stderr}`;
  if (second.exitCode !== 0 && said.includes(job.key)) return;
  throw new Error(`a second seed ended with ${second.exitCode}, and did not name job ${job.key}: ${said.slice(-400)}`);
}
