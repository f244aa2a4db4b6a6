// A snapshot of the donor's volume as what a seed reads: one that is taken for it, or one that is there.
import { posix } from 'node:path';
import type { LogicalVolume } from '../../../host/facts.ts';
import { marksOf } from '../../../host/snapshots.ts';
import type { PlannedStep } from '../../../job/plan.ts';
import { type Planned, refusal } from '../../../job/refusal.ts';
import { planSnapshot } from '../../../snapshot/create.ts';
import type { GuardedSnapshot } from '../../../snapshot/guard.ts';
import { mountFolder, mountStep, type SnapshotName } from '../../../snapshot/manage.ts';
import { command } from '../../place.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { sessionTablesOf } from '../../preflight/replication/temp-table-checks.ts';
import type { Follow } from '../../replica/source/origin.ts';
import type { SeedWish } from '../../request.ts';
import { besidePlaces } from '../../target/state-places.ts';
import type { DataSource, SeedMethod } from '../method.ts';

type Source = ReturnType<SeedMethod['source']>;

/** The step whose result has the coordinates of a snapshot that was there before. */
export const coordinatesStep = 'coordinates';

/** Where a path of the donor's is in a snapshot of its volume that is mounted in `folder`; a refusal: not known, or not in it. */
function insideOf({ donor }: SeedWish, folder: string) {
  const { disk } = donor.report;
  return (path: string): string | Extract<Planned, { ok: false }> => {
    if (!disk?.ok) return refusal(`the disks of ${donor.host.name} are not known`, '');
    // A snapshot is of the whole file system, of which a bind mount shows a folder.
    const { point, root } = donor.facts.mounted ?? { point: disk.value.mountPoint, root: '/' };
    const inside = posix.relative(point, path);
    if (inside.startsWith('..')) return refusal(`${path} is not below ${point}`, '');
    // Without a slash at its end: the scripts compare it with where they come to.
    return posix.join(folder, posix.relative('/', posix.join(root, inside)));
  };
}

export function ofSnapshot(wish: SeedWish, snapshot: LogicalVolume, follows: readonly Follow[]): Source {
  const { group, volume, uuid, origin = '', sizeBytes } = snapshot;
  const sizes = snapshot.kind === 'snapshot' && { sizes: { bytes: sizeBytes, originBytes: originBytes(wish, origin) } };
  return mounted(
    wish,
    { group, volume, uuid, origin },
    {
      before: proved(wish, snapshot, follows),
      made: [],
      guarded: { group, volume, uuid, origin, job: '', ...sizes },
    },
  );
}

export function ofNewSnapshot(wish: SeedWish): Source {
  const { donor, job, who, nowMs, keepSnapshot } = wish;
  const { host, report } = donor;
  const planned = planSnapshot({ host, report, job, who, nowMs, sessionTables: sessionTablesOf(wish) });
  if (!planned.ok) return planned;
  const take = planned.plan.steps.at(-1);
  if (!take?.acquires) throw new Error('the plan of a snapshot does not end with the snapshot');
  const appliers = planned.plan.steps.filter(({ name: step }) => step === `applier ${donor.host.name}`);
  const { group, volume, origin } = take.input;
  const name = { group: String(group), volume: String(volume), uuid: '', origin: String(origin) };
  const bytes = Number(take.commands.take?.args[4]);
  return mounted(wish, name, {
    before: [
      ...appliers,
      { ...take, acquires: { ...take.acquires, whenDone: keepSnapshot ? 'keep' : 'release' } },
      ...appliers.map((applier) => goOnStep(wish, applier.name)),
    ],
    made: keepSnapshot ? [] : [take.name],
    guarded: { ...name, job, ...(bytes > 0 && { sizes: { bytes, originBytes: originBytes(wish, name.origin) } }) },
  });
}

/** The copy may take hours. */
const goOnStep = ({ donor: { host } }: SeedWish, applier: string): PlannedStep => ({
  name: `go on ${host.name}`,
  title: `start the applier of ${host.name} again`,
  host: host.name,
  work: 'seed-go-on',
  input: { made: [applier] },
  commands: {},
});

interface Named extends Pick<DataSource, 'before' | 'made'> {
  readonly guarded: GuardedSnapshot;
}

function mounted(wish: SeedWish, name: SnapshotName, { before, made, guarded }: Named): Source {
  const { host, facts } = wish.donor;
  const inSnapshot = insideOf(wish, mountFolder(host, name));
  const root = inSnapshot(facts.datadir);
  if (typeof root !== 'string') return root;
  const beside: string[] = [];
  for (const { kind, path } of besidePlaces(facts)) {
    const there = inSnapshot(path);
    if (typeof there !== 'string') return there;
    beside.push(`${kind}=${there}`);
  }
  const step = mountStep(host, name, 'release');
  const mount = step.commands.run;
  if (!mount) throw new Error(`${step.name} has no command run`);
  return {
    ok: true,
    root,
    reader: '',
    beside,
    before: [...before, step],
    after: [],
    made: [step.name, ...made],
    snapshot: { guarded, mount },
  };
}

function originBytes({ donor }: SeedWish, origin: string): number {
  const { lvm } = donor.report;
  const volumes = lvm?.ok ? lvm.value.volumes : [];
  return volumes.find(({ volume }) => volume === origin)?.sizeBytes ?? 0;
}

/** What the snapshot's own job wrote down of it; one that reseed did not make has nothing to read. */
function proved({ donor }: SeedWish, snapshot: LogicalVolume, follows: readonly Follow[]): PlannedStep[] {
  const host = donor.host.name;
  const { group, volume, uuid, origin = '' } = snapshot;
  if (!marksOf(snapshot).proved) return [];
  return [
    {
      name: coordinatesStep,
      title: `read the coordinates of ${group}/${volume} on ${host}`,
      host,
      work: 'seed-coordinates',
      input: { needsSource: !hasGtid(donor) && follows.includes('source') },
      commands: { run: command(host, 'snapshot', ['coordinates', group, volume, uuid, origin, '']) },
    },
  ];
}
