// The method that reads a snapshot of the donor's volume; writes are blocked for a moment while it is taken.

import { loopWords } from '../../../host/log/stop-reason.ts';
import { replicatesByFile } from '../../../host/server/replication.ts';
import { datadirSnapshots, marksOf } from '../../../host/storage/snapshots.ts';
import { takeSnapshot } from '../../../snapshot/take-snapshot.ts';
import { shortDuration } from '../../../text/amounts.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { isTold } from '../../preflight/replication/log-checks.ts';
import type { SeedRequest } from '../../request.ts';
import { type Gift, type Seen, volumesUnknown } from '../candidate.ts';
import { type FolderMethod, folderMethod } from '../folder-copy.ts';
import { snapshotChecks } from './checks.ts';
import { readsCoordinates } from './read-coordinates.ts';
import { ofNewSnapshot, ofSnapshot } from './snapshot.ts';
import { startApplier } from './start-applier.ts';

export const lvmSnapshot: FolderMethod = folderMethod({
  name: 'lvm',
  about: 'a snapshot is copied',
  dataName: 'the snapshot',
  kinds: [readsCoordinates, startApplier],
  donorRuns: true,
  readsSnapshot: true,
  blocksWrites: { what: 'the snapshot is taken', told: takeSnapshot },
  unused: ['injectEmpty'],
  gifts,
  checks: snapshotChecks,
  source: (request, follows) =>
    request.snapshot ? ofSnapshot(request, request.snapshot, follows) : ofNewSnapshot(request),
  start: (request) => ({
    position: positionOf(request),
    coordinatesOf: request.snapshot ? readsCoordinates : takeSnapshot,
    isByFile: isByFile(request),
  }),
});

function gifts({ host, report, down, isEmpty, isUsed = () => false }: Seen): readonly Gift[] | string {
  const { server, lvm, system } = report;
  const untold = volumesUnknown(lvm);
  const clockMs = system?.ok ? system.value.clockMs : undefined;
  const there = lvm?.ok
    ? datadirSnapshots(lvm.value).filter((volume) => volume.valid && marksOf(volume).proved && !isUsed(volume))
    : [];
  const old = there.map((snapshot): Gift => {
    const { createdSeconds, uuid } = snapshot;
    const ageMs = clockMs === undefined || createdSeconds === undefined ? undefined : clockMs - createdSeconds * 1000;
    const [old, ago] = ageMs === undefined ? ['age ?', 'at an unknown time'] : agesOf(ageMs);
    return {
      id: `${host.name} ${uuid}`,
      brief: `snapshot, ${old}`,
      title: `${snapshot.group}/${snapshot.volume}`,
      words: `taken ${ago}`,
      snapshot,
      ...(ageMs !== undefined && { ageMs }),
    };
  });
  // A snapshot from before its server went down can still be read.
  if (down) return old.length > 0 ? old : `its server is down${untold === undefined ? '' : `, and ${untold}`}`;
  if (isEmpty) return 'empty datadir: it has no data to give';
  if (!server?.ok) return loopWords(report) ?? 'its server does not answer';
  return lvm?.ok && lvm.value.datadirVolume
    ? [{ id: host.name, brief: 'new snapshot', title: 'a new snapshot' }, ...old]
    : (untold ?? 'its datadir is on no LVM volume');
}

function agesOf(ageMs: number): readonly [old: string, ago: string] {
  const age = shortDuration(ageMs);
  return [`${age} old`, `${age} ago`];
}

/** If the snapshot tells nothing, the server reads its coordinates from the copy once it is started. */
function positionOf(request: SeedRequest): ReturnType<FolderMethod['start']>['position'] {
  const { donor, snapshot } = request;
  if (!hasGtid(donor)) return 'file';
  const told = snapshot ? isTold(request) : donor.report.server?.ok === true;
  return told ? 'gtid' : 'here';
}

const isByFile = ({ donor, snapshot, asked }: SeedRequest): boolean =>
  snapshot ? asked?.coordinates?.source?.gtid === null : replicatesByFile(donor.report);
