// The plan of a proof of restore: the snapshot is there, or is taken for it; a writable copy of it is made; a server of the job's own recovers on the copy, and
// its tables are read.
import type { LogicalVolume } from '../host/facts.ts';
import { lockHost } from '../job/lock-step.ts';
import type { PlannedStep } from '../job/plan/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import type { StepDefinition } from '../job/plan/step-work.ts';
import { startApplier } from '../seed/methods/lvm-snapshot/start-applier.ts';
import { cellPackages, lackingOfCell, unseenInCell } from '../seed/preflight/cell-checks.ts';
import { versionOf } from '../seed/preflight/identity/versions.ts';
import { snapshotSteps } from '../snapshot/create.ts';
import type { GuardedSnapshot } from '../snapshot/guard.ts';
import { nameOf, type SnapshotName } from '../snapshot/snapshot-commands.ts';
import { makeCopy } from './make-copy.ts';
import { markRestores } from './mark-restores.ts';
import { planOnScratch } from './on-scratch.ts';
import { prepareScratch } from './prepare-scratch.ts';
import { proveRestore } from './prove.ts';
import { defaultLimitMs, type ProofRequest, usualCheck } from './request.ts';
import { type CopyRoom, copyRoom } from './room.ts';
import { serverOptions } from './server-options.ts';

export const proofKinds: readonly StepDefinition[] = [makeCopy, prepareScratch, proveRestore, markRestores];

type Room = Extract<CopyRoom, { ok: true }>;
interface Source {
  readonly ok: true;
  readonly steps: readonly PlannedStep[];
  readonly name: SnapshotName;
  readonly guarded: GuardedSnapshot;
  readonly room: Room;
}

export function planProof(request: ProofRequest): Planned {
  const { side, on, job, who } = request;
  const { host, facts } = side;
  const refused = readOnlyRefusal(host) ?? (on && readOnlyRefusal(on.host));
  if (refused) return refused;
  if (on) return planOnScratch(request, on);
  const lacking = lackingOfCell(facts.tools);
  if (lacking.length > 0) return refusal(`${host.name} has no ${lacking.join(', no ')}`, cellPackages);
  const version = versionOf(side);
  if (!version || facts.owner === undefined)
    return refusal(`which server ${host.name} has is not known`, 'is a server installed there?');
  const unseen = unseenInCell(side);
  if (unseen !== undefined) return refusal(unseen, 'install it there');
  const options = serverOptions(side);
  if (!options.ok) return options;
  const source = request.snapshot ? ofSnapshot(request, request.snapshot) : ofNew(request);
  if (!source.ok) return source;
  const { name, guarded, room, steps } = source;
  const { check = usualCheck(facts.dataBytes), limitMs = defaultLimitMs } = request;
  return {
    ok: true,
    plan: {
      kind: 'proof',
      title: `proof ${host.name}: ${request.snapshot ? nameOf(name) : 'a new snapshot'} restores`,
      hosts: [host.name],
      destroys: [],
      steps: [
        lockHost.plan({ host: host.name, datadir: facts.datadir, job, who }),
        ...steps,
        makeCopy.plan({ host, snapshot: name, job, bytes: room.bytes }),
        proveRestore.plan({
          host,
          job,
          vendor: version.vendor,
          program: facts.programPath,
          datadir: options.datadir,
          owner: facts.owner,
          options: options.options,
          check,
          limitMs,
          bytes: room.bytes,
          pool: room.origin.pool,
          guarded,
          taken: request.snapshot?.createdSeconds,
        }),
        // One that is taken for it is removed.
        ...(request.snapshot ? [markRestores.plan({ host, snapshot: name })] : []),
      ],
    },
  };
}

function ofSnapshot(
  { side: { host, report } }: ProofRequest,
  snapshot: LogicalVolume,
): Source | Extract<Planned, { ok: false }> {
  const { group, volume, uuid, origin = '', sizeBytes } = snapshot;
  const name = { group, volume, uuid, origin };
  const room = copyRoom(host, report);
  if (!room.ok) return room;
  const sizes = snapshot.kind === 'snapshot' && { sizes: { bytes: sizeBytes, originBytes: room.origin.sizeBytes } };
  return { ok: true, steps: [], name, room, guarded: { ...name, job: '', ...sizes } };
}

function ofNew({ side: { host, report }, job, who, nowMs }: ProofRequest): Source | Extract<Planned, { ok: false }> {
  const taking = snapshotSteps({ host, report, job, who, nowMs }, 'release');
  if (!taking.ok) return taking;
  const { appliers, take, name, sizeBytes = 0 } = taking;
  const room = copyRoom(host, report, sizeBytes);
  if (!room.ok) return room;
  const sizes = sizeBytes > 0 && { sizes: { bytes: sizeBytes, originBytes: room.origin.sizeBytes } };
  const started = appliers.map((applier) => startApplier.plan({ donor: host.name, applier }));
  return { ok: true, steps: [...appliers, take, ...started], name, room, guarded: { ...name, job, ...sizes } };
}
