// Walks seeds through faults, at every step, and prints the result of each.
//   seed-walk.ts [--quick] [--seed N] [--only TEXT] [--faults TEXT] [--steps TEXT] [--places N]
//   --quick    what `npm test` has time for
//   --only     the seed of that name, or those whose names have the text; seed-pairs.ts has the names
//   --faults   these alone
//   --steps    only steps whose names begin with one of these texts, with commas between
//   --places   at that many steps, drawn by the seed
// Run inside the fleet's network, which is up. Faults that a seed survives are walked within one job; those that end it
// get a job for each place. Of every step one place is drawn by the seed; runners are killed at all of them (--quick:
// at one of each step, between two actions). Ends with 1 if a seed was not done, not undone, and did not say what is left.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openJobStore } from '../../src/commands/jobs/job/open-store.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { drill } from '../fleet/fleet.ts';
import type { Outcome } from './cell.ts';
import { printTable } from './print.ts';
import { drawn, randomFrom } from './random.ts';
import { seedBlank } from './seed-blank.ts';
import { playSeed } from './seed-cell.ts';
import { consoleKilled, withoutConsoles } from './seed-console.ts';
import { type Ending, endings, placesFor } from './seed-endings.ts';
import { isBlank } from './seed-facts.ts';
import { survivable } from './seed-faults.ts';
import { march, type Turn } from './seed-march.ts';
import { nameOf, type Pair, pairs } from './seed-pairs.ts';
import { oneOfEach, type Place, placesOf, whereOf } from './seed-place.ts';
import { seedStage } from './seed-stage.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    only: { type: 'string', default: '' },
    faults: { type: 'string', default: '' },
    steps: { type: 'string', default: '' },
    places: { type: 'string', default: 'all' },
  },
});
const random = randomFrom(Number(values.seed));
const store = openJobStore();
if (!store) throw new Error('no journal');
const remotes = openRemotes({ environment: process.env });
const names = [...Object.keys(survivable), consoleKilled, ...Object.keys(endings)];
const wanted = values.faults === '' ? names : values.faults.split(',');
for (const name of wanted) if (!names.includes(name)) throw new Error(`there is no fault ${name}: ${names.join(', ')}`);
/** How many other faults `npm test` has time for in the one seed that survives, and how many seeds that end. */
const quickFaults = 1;
const quickCells = 1;
process.stdout.write(`seed ${values.seed}\n`);

let worst = 0;
const named = pairs.filter((pair) => nameOf(pair) === values.only);
for (const pair of named.length > 0 ? named : pairs.filter((one) => nameOf(one).includes(values.only))) {
  const outcomes = await walk(pair);
  if ([...outcomes.values()].some(({ kind }) => kind === 'neither')) worst = 1;
  printTable(nameOf(pair), outcomes, wanted);
}
store.journal.close();
await remotes.close();
process.exit(worst);

async function walk(pair: Pair): Promise<Map<string, Outcome>> {
  if (!store) throw new Error('no journal');
  const stage = await seedStage(pair, store, remotes, random);
  const wasBlank = isBlank((await stage.facts()).target);
  // `npm test` has no time for a seed without faults.
  if (!values.quick) await seedBlank(stage);
  const places = placesOf(await stage.plan());
  const outcomes = new Map<string, Outcome>();
  const tell = async (place: Place, fault: string, outcome: Outcome) => {
    const where = whereOf(place);
    const text = outcome.text && ` (${outcome.text})`;
    process.stderr.write(`${nameOf(pair)} · ${place.step} · ${where} · ${fault}: ${outcome.kind}${text}\n`);
    const key = `${place.step}|${fault}`;
    outcomes.set(key, together(outcomes.get(key), { ...outcome, where }));
    if (outcome.kind !== 'neither') return;
    await stage.recover();
    if (!values.quick) await seedBlank(stage);
  };
  for (const turns of marchesOf(pair, places.filter(isAsked))) await march(stage, turns, tell);
  if (wanted.includes(consoleKilled) && !values.quick) {
    const { steps, outcome } = await withoutConsoles(stage);
    for (const step of steps) await tell({ step, at: `${step}: begun`, midst: true }, consoleKilled, outcome);
  }
  for (const { name, ending, place } of cellsOf(pair, places)) {
    await tell(place, name, await playSeed(stage, place, ending));
  }
  if (pair.extra.length > 0) await drill('down', ...pair.extra);
  else if (wasBlank || pair.isAlone || pair.diverges !== undefined) await drill('reset', pair.target);
  return outcomes;
}

/** The worse of both results; equal ones are counted. */
function together(before: Outcome | undefined, after: Outcome): Outcome {
  if (!before) return after;
  if (before.kind !== after.kind) return before.kind === 'neither' ? before : after;
  const count = Number(/^×(\d+)$/.exec(before.where ?? '')?.[1] ?? 1) + 1;
  return { ...before, where: `×${count}` };
}

/** The turns of each seed that is to survive. */
function marchesOf(pair: Pair, places: readonly Place[]): Turn[][] {
  const turns = (name: string, choose: (among: readonly Place[]) => readonly Place[]): Turn[] => {
    const { fault, among } = survivable[name] ?? {};
    if (!fault) return [];
    return choose(among?.(places, pair) ?? places).map((place) => ({ place, name, fault }));
  };
  const others = Object.keys(survivable).filter((name) => name !== 'kill' && wanted.includes(name));
  if (!values.quick) {
    const kills = wanted.includes('kill') ? turns('kill', (among) => among) : [];
    return [kills, ...others.map((name) => turns(name, chosen))];
  }
  const all = others.flatMap((name) => turns(name, (among) => oneOfEach(among, random)));
  const mixed = oneAtEach(drawn(all, all.length, random)).slice(0, quickFaults);
  // A runner that survives its fault does not come there again.
  const free = places.filter(({ midst, at }) => !midst && !mixed.some((other) => other.place.at === at));
  const kills = wanted.includes('kill') ? turns('kill', () => oneOfEach(free, random)) : [];
  return [[...mixed, ...kills]];
}

/** If several would come to one step, the first. */
function oneAtEach(turns: readonly Turn[]): Turn[] {
  return turns.filter((turn, at) => turns.findIndex(({ place }) => place.step === turn.place.step) === at);
}

function isAsked({ step }: Place): boolean {
  return values.steps.split(',').some((name) => step.startsWith(name));
}

/** One of each step, or of those that are drawn. */
function chosen(places: readonly Place[]): Place[] {
  const each = oneOfEach(places, random);
  if (values.places === 'all') return each;
  const steps = drawn(each, Number(values.places), random);
  return each.filter((place) => steps.includes(place));
}

/** Each a seed of its own. */
function cellsOf(pair: Pair, places: readonly Place[]): { name: string; ending: Ending; place: Place }[] {
  const all = Object.entries(endings)
    .filter(([name, { slow }]) => wanted.includes(name) && !(values.quick && slow))
    .flatMap(([name, ending]) =>
      chosen(placesFor(ending, pair, places).filter(isAsked)).map((place) => ({ name, ending, place })),
    );
  return values.quick ? drawn(all, quickCells, random) : all;
}
