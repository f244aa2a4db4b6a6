// Two hosts of the fleet for a seed of a walk: asked, planned for, compared, and restored.

import { askHosts } from '../../src/commands/jobs/ask.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import { author, type JobStore } from '../../src/operations/jobs/job-store.ts';
import type { Draft } from '../../src/operations/plans/draft.ts';
import { requestOf, seedDraft } from '../../src/operations/seed/draft.ts';
import { askSides } from '../../src/operations/seed/sides.ts';
import { askSources } from '../../src/operations/seed/sources.ts';
import type { openRemotes } from '../../src/remote/open.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { drill } from '../fleet/fleet.ts';
import { addJob } from '../job/adding.ts';
import type { Facts } from './facts.ts';
import { type Scene, sceneOn } from './scene.ts';
import { seedFactsOf } from './seed-facts.ts';
import { nameOf, type Pair } from './seed-pairs.ts';

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

/** Slow enough that a fault can come in the middle of the copy. */
const bandwidthBytesPerSecond = 20e6;

export async function seedStage(
  pair: Pair,
  store: JobStore,
  remotes: Remotes,
  random: () => number,
): Promise<SeedStage> {
  const names = [...new Set([pair.donor, pair.target, pair.source])];
  const asked = await askedOf(names);
  const scenes = new Map(asked.map(({ target }) => [target.name, sceneOn(remotes.open(target))]));
  const scene = (side: Side) => {
    const found = scenes.get(pair[side]);
    if (!found) throw new Error(`${pair[side]} is not reached`);
    return found;
  };
  const sides = () => sidesOf(pair, names, remotes);
  // As in the verb: the target's replication settings are asked too.
  const draft = async () => {
    const wanted = await sides();
    const by = author();
    const asking = { known: wanted.known, open: remotes.open, signal: AbortSignal.timeout(90_000) };
    return seedDraft({ ...wanted, asked: await askSources(requestOf(wanted, by), asking) }, by);
  };
  const { donor, targets } = await sides();
  return {
    pair,
    store,
    random,
    scene,
    facts: async () => ({
      donor: await seedFactsOf(scene('donor').run, donor.facts.datadir),
      target: await seedFactsOf(scene('target').run, targets[0]?.facts.datadir ?? ''),
    }),
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
    },
  };
}

function planOf({ planned }: Draft): Plan {
  if (planned.ok) return planned.plan;
  throw new Error(planned.message);
}

const ended = `
systemctl stop 'reseed-*'
for process in $(grep -lsxzE 'RESEED_UNIT=.*' /proc/[0-9]*/environ | cut -d/ -f3); do kill -9 "$process"; done
exit 0`;

async function askedOf(names: readonly string[]) {
  const asked = (await askHosts(names, {})) ?? [];
  if (asked.length < names.length) throw new Error(`not all of ${names.join(', ')} are reached`);
  return asked;
}

async function sidesOf(pair: Pair, names: readonly string[], remotes: Remotes) {
  const known = await askedOf(names);
  const named = [pair.donor, pair.target].flatMap((name) => known.filter(({ host }) => host.name === name));
  const answers = await askSides(named, {
    open: (target) => remotes.open(target),
    signal: AbortSignal.timeout(90_000),
  });
  const [donor, target] = answers.map((answer) => {
    if (answer.ok) return answer.side;
    throw new Error(`${answer.host}: ${answer.why}`);
  });
  if (!donor || !target) throw new Error(`${nameOf(pair)} has no two sides`);
  const terms = { keepSnapshot: false, compression: 'none' as const, bandwidthBytesPerSecond, clear: false };
  return { donor, targets: [target], method: lvmSnapshot, terms, known };
}
