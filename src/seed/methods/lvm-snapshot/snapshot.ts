// A snapshot of the donor's volume as the source of a seed's data: a new one, or an existing one.
import type { LogicalVolume } from '../../../host/facts.ts';
import type { PlannedStep } from '../../../job/plan/plan.ts';
import { snapshotSteps } from '../../../snapshot/create.ts';
import type { GuardedSnapshot } from '../../../snapshot/guard.ts';
import { mountCommand, mountFolder, mountSnapshot } from '../../../snapshot/mount-snapshot.ts';
import type { SnapshotName } from '../../../snapshot/snapshot-commands.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { isTold } from '../../preflight/replication/log-checks.ts';
import { sessionTablesOf } from '../../preflight/replication/temp-table-checks.ts';
import type { Follow } from '../../replica/source/origin.ts';
import type { SeedRequest } from '../../request.ts';
import { besidePlaces } from '../../target/state-places.ts';
import type { DataSource, FolderMethod } from '../folder-copy.ts';
import { insideOf } from './inside.ts';
import { readsCoordinates } from './read-coordinates.ts';
import { startApplier } from './start-applier.ts';

type Source = ReturnType<FolderMethod['source']>;

export function ofSnapshot(request: SeedRequest, snapshot: LogicalVolume, follows: readonly Follow[]): Source {
  const { group, volume, uuid, origin = '', sizeBytes } = snapshot;
  const sizes = snapshot.kind === 'snapshot' && {
    sizes: { bytes: sizeBytes, originBytes: originBytes(request, origin) },
  };
  return mounted(
    request,
    { group, volume, uuid, origin },
    {
      before: proved(request, snapshot, follows),
      made: [],
      guarded: { group, volume, uuid, origin, job: '', ...sizes },
    },
  );
}

export function ofNewSnapshot(request: SeedRequest): Source {
  const { donor, job, who, nowMs, keepSnapshot } = request;
  const { host, report } = donor;
  const asked = { host, report, job, who, nowMs, sessionTables: sessionTablesOf(request) };
  const taking = snapshotSteps(asked, keepSnapshot ? 'keep' : 'release');
  if (!taking.ok) return taking;
  const { appliers, take, name, sizeBytes = 0 } = taking;
  const sizes = sizeBytes > 0 && { sizes: { bytes: sizeBytes, originBytes: originBytes(request, name.origin) } };
  return mounted(request, name, {
    before: [...appliers, take, ...appliers.map((applier) => startApplier.plan({ donor: host.name, applier }))],
    made: keepSnapshot ? [] : [take],
    guarded: { ...name, job, ...sizes },
  });
}

interface Named extends Pick<DataSource, 'before' | 'made'> {
  readonly guarded: GuardedSnapshot;
}

function mounted(request: SeedRequest, name: SnapshotName, { before, made, guarded }: Named): Source {
  const { host, facts } = request.donor;
  const inSnapshot = insideOf(request.donor, mountFolder(host, name));
  const root = inSnapshot(facts.datadir);
  if (typeof root !== 'string') return root;
  const beside: string[] = [];
  for (const { kind, path } of besidePlaces(facts)) {
    const there = inSnapshot(path);
    if (typeof there !== 'string') return there;
    beside.push(`${kind}=${there}`);
  }
  const step = mountSnapshot.plan({ host, snapshot: name, whenDone: 'release' });
  return {
    ok: true,
    root,
    reader: '',
    beside,
    before: [...before, step],
    after: [],
    made: [step, ...made],
    snapshot: { guarded, mount: mountCommand({ host, snapshot: name }) },
  };
}

function originBytes({ donor }: SeedRequest, origin: string): number {
  const { lvm } = donor.report;
  const volumes = lvm?.ok ? lvm.value.volumes : [];
  return volumes.find(({ volume }) => volume === origin)?.sizeBytes ?? 0;
}

/** A snapshot that reseed did not make, or of a server that was down, has no recorded coordinates. */
function proved(request: SeedRequest, snapshot: LogicalVolume, follows: readonly Follow[]): PlannedStep[] {
  const { donor } = request;
  if (!isTold(request)) return [];
  const needsSource = !hasGtid(donor) && follows.includes('source');
  return [readsCoordinates.plan({ host: donor.host, snapshot, needsSource })];
}
