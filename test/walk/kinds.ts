// The jobs that are walked: the state that they start from, how they are planned, and what has to exist when they are
// done.
import { planCleaning } from '../../src/clean/plan.ts';
import { readLeftovers } from '../../src/host/leftovers/leftovers.ts';
import { refusal } from '../../src/job/plan/refusal.ts';
import type { Asked } from '../../src/operations/hosts/ask.ts';
import { author } from '../../src/operations/jobs/job-store.ts';
import { type Draft, draftOf } from '../../src/operations/plans/draft.ts';
import { findWords } from '../../src/scripts/leftovers-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import type { Facts } from './facts.ts';
import type { Scene } from './scene.ts';

export interface Kind {
  readonly name: string;
  readonly host: string;
  /** Brings the host to the state that the job starts from. */
  prepare(scene: Scene): Promise<void>;
  draft(scene: Scene, asked: Asked): Promise<Draft>;
  /** Whether the job's result exists. `key` is the job's. */
  isDone(facts: Facts, key: string): boolean;
  /** Its plan depends on facts that differ from one cell to the next. */
  readonly anew?: true;
  /** The step whose work lasts only until the host starts again. */
  readonly untilBoot?: string;
  /** It blocks the server's writers, in a session that can be killed. */
  readonly locks?: true;
}

const verb = (name: Parameters<typeof draftOf>[0]['verb']) => async (_: Scene, asked: Asked) => {
  const snapshot = asked.report.lvm?.ok
    ? asked.report.lvm.value.volumes.find(({ tags }) => tags.includes('reseed'))?.volume
    : undefined;
  return draftOf({ verb: name, snapshot: snapshot ?? '' } as Parameters<typeof draftOf>[0], asked, author());
};

const nothing = async ({ clear }: Scene) => clear();
const server =
  (state: 'up' | 'down') =>
  async ({ clear, serve }: Scene) => {
    await clear();
    await serve(state);
  };
const isServer = (state: 'up' | 'down') => (facts: Facts) => facts.includes(`server ${state}`);
const snapshots = (facts: Facts) => facts.filter((line) => /^volume .*\breseed\b/.test(line));
const one = (facts: Facts, key: string) => {
  const [snapshot = '', ...others] = snapshots(facts);
  return others.length === 0 && snapshot.includes(`reseed-job=${key}`) && snapshot.includes('reseed-proved');
};
const mounts = (facts: Facts) => facts.filter((line) => line.startsWith('mount ')).length;

const snapshot = (host: string, locks: boolean): Kind => ({
  name: `snapshot ${host}`,
  host,
  prepare: nothing,
  draft: verb('snapshot'),
  isDone: one,
  ...(locks && { locks: true }),
});

export const kinds: readonly Kind[] = [
  snapshot('db6', false),
  snapshot('db3', true),
  snapshot('db4', true),
  {
    name: 'mount db6',
    host: 'db6',
    prepare: async (scene) => scene.stand({ snapshot: true, mounted: false }),
    draft: verb('mount'),
    anew: true,
    isDone: (facts) => mounts(facts) === 1 && snapshots(facts).length === 1,
  },
  {
    name: 'unmount db6',
    host: 'db6',
    prepare: async (scene) => scene.stand({ snapshot: true, mounted: true }),
    draft: verb('unmount'),
    anew: true,
    isDone: (facts) => mounts(facts) === 0 && snapshots(facts).length === 1,
  },
  {
    name: 'remove db6',
    host: 'db6',
    prepare: async (scene) => scene.stand({ snapshot: true, mounted: false }),
    draft: verb('remove'),
    anew: true,
    isDone: (facts) => snapshots(facts).length === 0 && !facts.some((line) => line.startsWith('coordinates')),
  },
  {
    name: 'clean db6',
    host: 'db6',
    prepare: async (scene) => scene.litter(),
    draft: cleaning,
    isDone: (facts) =>
      snapshots(facts).length === 0 && !facts.some((line) => /^(coordinates|run|mount|lock)/.test(line)),
  },
  {
    name: 'stop db5',
    host: 'db5',
    prepare: server('up'),
    draft: verb('stop'),
    isDone: isServer('down'),
    untilBoot: 'stop db5',
  },
  { name: 'start db5', host: 'db5', prepare: server('down'), draft: verb('start'), isDone: isServer('up') },
  { name: 'restart db5', host: 'db5', prepare: server('up'), draft: verb('restart'), isDone: isServer('up') },
];

async function cleaning({ run }: Scene, { host, target }: Asked): Promise<Draft> {
  const found = readLeftovers(await run(await scriptText('leftovers'), findWords('/var/lib/mysql')));
  if (!found) throw new Error('leftovers.sh was not understood');
  const { key, who } = author();
  const request = {
    host,
    found,
    datadir: '/var/lib/mysql',
    open: new Map(),
    heldBy: (name: string, id: number) => refusal(`${name} is locked by job ${id}`, `reseed job show ${id}`),
    needed: new Map(),
    snapshots: false,
    job: key,
    who,
  };
  const { planned, impact } = planCleaning(request);
  if (!planned) throw new Error('there is nothing to clean');
  return { planned, impact, key, who, targets: [target], name: host.name };
}
