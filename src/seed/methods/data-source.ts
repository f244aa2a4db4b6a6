// What the data of a seed is read from: a snapshot that is taken for it, one that is there, or the datadir of a server that is down.
import { posix } from 'node:path';
import type { LogicalVolume } from '../../host/facts.ts';
import { marksOf } from '../../host/snapshots.ts';
import type { PlannedCommand, PlannedStep } from '../../job/plan.ts';
import { type Planned, refusal } from '../../job/refusal.ts';
import { whoLine } from '../../job/who.ts';
import { planSnapshot } from '../../snapshot/create.ts';
import type { GuardedSnapshot } from '../../snapshot/guard.ts';
import { mountFolder, mountStep, type SnapshotName } from '../../snapshot/manage.ts';
import { command } from '../place.ts';
import { versionOf } from '../preflight/identity/versions.ts';
import { findsLog } from '../preflight/replication/log-checks.ts';
import { attachmentOf, coordinatesStep, hasGtid, holdStep } from '../replica/attachment.ts';
import type { SeedWish } from '../request.ts';
import { besidePlaces, besideWords } from '../target/state-places.ts';

export interface DataSource {
  readonly ok: true;
  /** The folder that is read. */
  readonly root: string;
  /** The account, `mysql:mysql`, that it is read as where that account can still write there; '': root reads what can't change. */
  readonly reader: string;
  /** `redo=/srv/redo`: what is read outside of `root`, as seed-list.sh has it. */
  readonly beside: readonly string[];
  /** Before anything is read, and after everything was compared. */
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
  /** Names of those of the steps whose things go when the donor is released. */
  readonly made: readonly string[];
  /** What may overflow while it is read, and what mounts it again after the donor's restart: of a snapshot. */
  readonly snapshot?: { readonly guarded: GuardedSnapshot; readonly mount: PlannedCommand };
}

type Sourced = DataSource | Extract<Planned, { ok: false }>;

export function dataSource(wish: SeedWish): Sourced {
  if (wish.stopped) return stoppedSource(wish);
  return wish.snapshot ? existing(wish, wish.snapshot) : taken(wish);
}

/** Its files have to be read for long: comparing their times is not. */
const proofDeadlineMs = 10 * 60_000;

function stoppedSource({ donor, targets, job, who }: SeedWish): Sourced {
  const { name } = donor.host;
  const { datadir } = donor.facts;
  const { service } = donor.report;
  const unit = service?.ok ? service.value.unit : undefined;
  if (unit === undefined) {
    return refusal(`${name} has no unit of a MySQL or MariaDB`, 'where it has another name, set mysql.service');
  }
  const still = (verb: string, words: readonly string[], limitMs?: number) =>
    command(name, 'seed-still', [verb, datadir, job, ...words], limitMs);
  const hold = holdStep(name);
  const log = targets.every((target) => findsLog(donor, target))
    ? []
    : donor.facts.places.filter(({ kind }) => kind === 'binlog').map(({ path }) => path);
  return {
    ok: true,
    root: datadir,
    reader: donor.facts.owner ?? 'mysql:mysql',
    beside: besideWords(donor.facts),
    before: [
      {
        name: hold,
        title: `block ${unit} start on ${name} while its files are read`,
        host: name,
        work: 'seed-hold',
        input: { needsGtid: log.length > 0 && versionOf(donor)?.vendor === 'mariadb' },
        commands: {
          run: still('hold', [unit, whoLine(who), ...log, ...besideWords(donor.facts)]),
          free: still('free', [unit]),
        },
        acquires: {
          what: `the hold on ${unit} of ${name} (/run/systemd/system/${unit}.service.d/zzzz-reseed-${job}-still.conf)`,
          release: 'free',
          whenDone: 'release',
        },
      },
    ],
    after: [
      {
        name: `proof ${name}`,
        title: `check that ${unit} on ${name} was not started, and no file changed, during the copy`,
        host: name,
        work: 'seed-command',
        input: {},
        commands: { run: still('proof', [], proofDeadlineMs) },
      },
    ],
    made: [hold],
  };
}

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

function existing(wish: SeedWish, snapshot: LogicalVolume): Sourced {
  const { group, volume, uuid, origin = '', sizeBytes } = snapshot;
  const sizes = snapshot.kind === 'snapshot' && { sizes: { bytes: sizeBytes, originBytes: originBytes(wish, origin) } };
  return mounted(
    wish,
    { group, volume, uuid, origin },
    {
      before: proved(wish, snapshot),
      made: [],
      guarded: { group, volume, uuid, origin, job: '', ...sizes },
    },
  );
}

function taken(wish: SeedWish): Sourced {
  const { donor, job, who, nowMs, keepSnapshot } = wish;
  const planned = planSnapshot({ host: donor.host, report: donor.report, job, who, nowMs });
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

function mounted(wish: SeedWish, name: SnapshotName, { before, made, guarded }: Named): Sourced {
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

/** What the snapshot's own job wrote down of it; one that somebody else made has nothing to read. */
function proved(wish: SeedWish, snapshot: LogicalVolume): PlannedStep[] {
  const host = wish.donor.host.name;
  const follows = wish.targets
    .map((target) => attachmentOf(wish, target))
    .map((one) => (one.ok ? one.plan.follow : ''));
  const { group, volume, uuid, origin = '' } = snapshot;
  if (!marksOf(snapshot).proved) return [];
  return [
    {
      name: coordinatesStep,
      title: `read the coordinates of ${group}/${volume} on ${host}`,
      host,
      work: 'seed-coordinates',
      input: { needsSource: !hasGtid(wish.donor) && follows.includes('source') },
      commands: { run: command(host, 'snapshot', ['coordinates', group, volume, uuid, origin, '']) },
    },
  ];
}
