// Two hosts of the fleet for a seed of a walk: asked, planned for, compared, and restored.

import { askHosts } from '../../src/commands/jobs/ask.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import { author, type JobStore } from '../../src/operations/jobs/job-store.ts';
import type { Draft } from '../../src/operations/plans/draft.ts';
import { askBoth, draftSeed } from '../../src/operations/seed/seed.ts';
import { tablesDraft } from '../../src/operations/tables/draft.ts';
import type { openRemotes } from '../../src/remote/open.ts';
import { drill, sampleBytes } from '../fleet/fleet.ts';
import { addJob } from '../job/adding.ts';
import type { Facts } from './facts.ts';
import { type Scene, sceneOn } from './scene.ts';
import { diverge } from './seed-diverge.ts';
import { seedFactsOf } from './seed-facts.ts';
import { installScripts, writeInventory } from './seed-inventory.ts';
import { hostsOf, nameOf, type Pair } from './seed-pairs.ts';
import { type Rows, rowsOf } from './seed-rows.ts';

type Remotes = ReturnType<typeof openRemotes>;
type Side = 'donor' | 'target' | 'source';

export interface SeedStage {
  readonly pair: Pair;
  readonly store: JobStore;
  /** From 0 up to 1, by the walk's seed. */
  readonly random: () => number;
  scene(side: Side): Scene;
  /** Of the donor, and of the target. */
  facts(): Promise<SeedFacts>;
  /** The target is brought to the state that the seed is for; and what has to be so again if it is undone. */
  before(): Promise<Before>;
  plan(): Promise<Plan>;
  /** A job without a runner yet, of the hosts as they are now. `change`: changes its plan. */
  begin(change?: (plan: Plan) => Plan): Promise<JobRecord>;
  /** Nothing of reseed is left, and the target has its first data: for a seed with a result that it must never have. */
  recover(): Promise<void>;
}

export interface SeedFacts {
  readonly donor: Facts;
  readonly target: Facts;
}

export interface Before extends SeedFacts {
  readonly rows: Rows | undefined;
}

export async function seedStage(
  pair: Pair,
  store: JobStore,
  remotes: Remotes,
  random: () => number,
): Promise<SeedStage> {
  if (pair.extra.length > 0) await drill('up', ...pair.extra, '--data', sampleBytes);
  await writeInventory(pair);
  const asked = await askedOf(pair);
  const scenes = new Map(asked.map(({ target }) => [target.name, sceneOn(remotes.open(target))]));
  const scene = (side: Side) => {
    const found = scenes.get(pair[side]);
    if (!found) throw new Error(`${pair[side]} is not reached`);
    return found;
  };
  const draft = () => draftOf(pair, remotes);
  const datadirs = await datadirsOf(pair, asked, remotes);
  const install = async () => {
    if (pair.ownCommands) await installScripts(scene('donor'), scene('target'));
  };
  await install();
  const facts = async () => ({
    donor: await seedFactsOf(scene('donor').run, datadirs.donor, replacedFile(pair)),
    target: await seedFactsOf(scene('target').run, datadirs.target, replacedFile(pair)),
  });
  return {
    pair,
    store,
    random,
    scene,
    facts,
    before: async () => {
      if (pair.diverges !== undefined) await diverge(scene('target'), pair.diverges);
      const told = await facts();
      return { ...told, rows: await rowsOf({ scene }, told.target) };
    },
    plan: async () => planOf(await draft()),
    begin: async (change = (plan) => plan) => {
      const drafted = await draft();
      const { key, targets: ways, who } = drafted;
      return addJob(store.journal, { key, plan: change(planOf(drafted)), targets: ways, who });
    },
    recover: async () => {
      for (const side of ['donor', 'target'] as const) {
        await drill('heal', pair[side]);
        await scene(side).run(ended);
        await scene(side).clear();
      }
      await drill('reset', pair.target);
      await install();
    },
  };
}

/** It is another file once the seed has done its work, and the same again after an undo. */
const replacedFile = ({ tables }: Pair): string =>
  tables === undefined ? 'ibdata1' : `${tables.tables[0]?.replace('.', '/')}.ibd`;

function planOf({ planned }: Draft): Plan {
  if (planned.ok) return planned.plan;
  throw new Error(planned.message);
}

const ended = `
systemctl stop 'reseed-*'
for process in $(grep -lsxzE 'RESEED_UNIT=.*' /proc/[0-9]*/environ | cut -d/ -f3); do kill -9 "$process"; done
exit 0`;

async function askedOf(pair: Pair) {
  const { inventory } = pair;
  const names = hostsOf(pair);
  const asked = (await askHosts(names, inventory === undefined ? {} : { inventory })) ?? [];
  if (asked.length < names.length) throw new Error(`not all of ${names.join(', ')} are reached`);
  return asked;
}

/** As in the verb: the target's replication settings, and its source, are asked too. */
async function draftOf(pair: Pair, remotes: Remotes): Promise<Draft> {
  const { donor, target, method, terms, tables } = pair;
  const asking = { ...askingBy(remotes), known: await askedOf(pair), past: [] };
  const drafted = tables
    ? await tablesDraft({ donor, target, terms, ...tables }, author(), asking)
    : await draftSeed({ donor, targets: [target], method: method.name, terms }, author(), asking);
  if (drafted.ok) return drafted.value;
  throw new Error(`${nameOf(pair)}: ${drafted.refusal.message}`);
}

async function datadirsOf(pair: Pair, known: Awaited<ReturnType<typeof askedOf>>, remotes: Remotes) {
  const { donor, target, terms } = pair;
  const sides = await askBoth({ donor, targets: [target] }, terms, { ...askingBy(remotes), known, past: [] });
  if (!sides.ok) throw new Error(`${nameOf(pair)}: ${sides.refusal.message}`);
  const [one] = sides.value.targets;
  return { donor: sides.value.donor.facts.datadir, target: one?.facts.datadir ?? '' };
}

const askingBy = (remotes: Remotes) => ({ open: remotes.open, signal: AbortSignal.timeout(90_000) });
