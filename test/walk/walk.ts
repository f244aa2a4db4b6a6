// Walks jobs through faults, at every place between two actions of a runner, and prints the result of each.
//   walk.ts [--quick] [--seed N] [--only TEXT] [--at TEXT] [--fault TEXT] [--places N] [--power N]
//   --quick    what `npm test` has time for
//   --only     kinds whose names have the text
//   --at, --fault   the places and faults whose names have it, to walk one cell again
//   --places   at that many places, drawn by the seed, instead of all
//   --power    how many places of a kind lose their power, drawn by the seed (a host needs half a minute to start)
// Run inside the fleet's network, which is up. Ends with 1 if a job was not done, not undone, and did not say what is
// left.

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { askHosts } from '../../src/commands/jobs/ask.ts';
import { openJobStore } from '../../src/commands/jobs/job/open-store.ts';
import type { Asked } from '../../src/operations/hosts/ask.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { addJob } from '../job/adding.ts';
import { type Fault, faults, type Outcome, play, type Stage } from './cell.ts';
import { type Kind, kinds } from './kinds.ts';
import { printTable } from './print.ts';
import { drawn, randomFrom } from './random.ts';
import { startRunner } from './runner.ts';
import { sceneOn } from './scene.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    only: { type: 'string', default: '' },
    at: { type: 'string', default: '' },
    fault: { type: 'string', default: '' },
    places: { type: 'string', default: 'all' },
    power: { type: 'string', default: '3' },
  },
});
const quick = values.quick;
const random = randomFrom(Number(values.seed));
const store = openJobStore();
if (!store) throw new Error('no journal');
const remotes = openRemotes({ environment: process.env });
const quickKinds = ['snapshot db6', 'restart db5'];
process.stdout.write(`seed ${values.seed}\n`);

let worst = 0;
const resumedMs: number[] = [];
const walked = kinds.filter(({ name }) => name.includes(values.only) && (!quick || quickKinds.includes(name)));
// The jobs of the quick walk are on two hosts, and draw nothing: they run side by side.
const underWay = quick ? walked.map(walk) : [];
for (const [at, kind] of walked.entries()) {
  const outcomes = await (underWay[at] ?? walk(kind));
  for (const { resumedMs: ms } of outcomes.values()) if (ms !== undefined) resumedMs.push(ms);
  if ([...outcomes.values()].some((outcome) => outcome.kind === 'neither')) worst = 1;
  printTable(kind.name, outcomes, faults);
}
const sorted = resumedMs.toSorted((a, b) => a - b);
const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
process.stdout.write(
  `\nfrom kill -9 of the runner to the end of the one after it: median ${(middle / 1000).toFixed(2)} s of ${sorted.length}, ` +
    `${((sorted[0] ?? Number.NaN) / 1000).toFixed(2)} to ${((sorted.at(-1) ?? Number.NaN) / 1000).toFixed(2)} s\n`,
);
store.journal.close();
await remotes.close();
process.exit(worst);

async function walk(kind: Kind): Promise<Map<string, Outcome>> {
  const stage = await stageOf(kind);
  const places = await placesOf(stage);
  const outcomes = new Map<string, Outcome>();
  for (const { place, fault } of chosen(kind, places)) {
    const outcome = await played(stage, place, fault);
    outcomes.set(`${place}|${fault}`, outcome);
    const text = outcome.text ? ` (${outcome.text})` : '';
    process.stderr.write(`${kind.name} · ${place} · ${fault}: ${outcome.kind}${text}\n`);
  }
  await stage.scene.clear();
  if (kind.host !== 'db6') await stage.scene.serve('up');
  return outcomes;
}

/** If the walk itself fails in a cell, that is its result: the cells after it are walked. */
async function played(stage: Stage, place: string, fault: Fault): Promise<Outcome> {
  try {
    return await play(await prepared(stage), place, fault);
  } catch (error) {
    return { kind: 'neither', text: `the cell was not played: ${error instanceof Error ? error.message : error}` };
  }
}

async function stageOf(kind: Kind): Promise<Stage> {
  const asked = await askedOf(kind);
  if (!store) throw new Error('no journal');
  const scene = sceneOn(remotes.open(asked.target));
  await kind.prepare(scene);
  return { kind, store, scene, random, asked: await askedOf(kind) };
}

async function askedOf({ host }: Kind): Promise<Asked> {
  const [asked] = (await askHosts([host], {})) ?? [];
  if (asked) return asked;
  throw new Error(`${host} is not reached`);
}

async function prepared(stage: Stage): Promise<Stage> {
  await stage.kind.prepare(stage.scene);
  return stage.kind.anew ? { ...stage, asked: await askedOf(stage.kind) } : stage;
}

/** The places of a job that comes to its end without a fault. */
async function placesOf(stage: Stage): Promise<string[]> {
  const { kind, scene, asked } = stage;
  const { planned, key, targets, who } = await kind.draft(scene, asked);
  if (!planned.ok || !store) throw new Error(`${kind.name} is not to be planned`);
  const { id } = addJob(store.journal, { key, plan: planned.plan, targets, who });
  const runner = startRunner(id);
  const places: string[] = [];
  for (let place = await runner.next(); place !== undefined; place = await runner.next()) {
    places.push(place);
    runner.go();
  }
  if (store.journal.job(id)?.state !== 'done') throw new Error(`${kind.name} does not come to its end undisturbed`);
  return places;
}

function chosen({ locks }: Kind, places: readonly string[]): { place: string; fault: Fault }[] {
  if (quick) {
    const aborted = places.filter((_, at) => at % 3 === 1);
    return [
      ...places.map((place) => ({ place, fault: 'kill, resume' as const })),
      ...(locks === undefined ? aborted.map((place) => ({ place, fault: 'kill, abort' as const })) : []),
    ];
  }
  const named = places.filter((place) => place.includes(values.at));
  const powerCut = new Set(drawn(named, Number(values.power), random));
  const walked = values.places === 'all' ? named : drawn(named, Number(values.places), random);
  const wanted = faults.filter((fault) => fault.includes(values.fault));
  return wanted.flatMap((fault) =>
    named
      .filter((place) => walked.includes(place) || fault === 'session killed' || fault === 'power cut')
      .filter((place) => fault !== 'power cut' || powerCut.has(place))
      .filter(
        (place) => fault !== 'session killed' || (locks && place.startsWith('snapshot') && place.endsWith(': begun')),
      )
      .map((place) => ({ place, fault })),
  );
}
