// A proof of restore on another host: the snapshot is copied there by the channel of a seed, into a folder beside what its server has, and a server of the job's own
// recovers on that copy. Nothing of that host is stopped, moved or replaced. Pure.
import { lockHost } from '../job/lock-step.ts';
import type { PlannedStep } from '../job/plan/plan.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';
import { lastingOptions } from '../seed/methods/lasting-options.ts';
import { lvmSnapshot } from '../seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { readsCoordinates } from '../seed/methods/lvm-snapshot/read-coordinates.ts';
import { cellChecks, unseenInCell } from '../seed/preflight/cell-checks.ts';
import { datadirChecks, lockChecks, toolChecks } from '../seed/preflight/data/datadir-checks.ts';
import { type Finding, judging } from '../seed/preflight/finding.ts';
import { areOneServer, shareFileSystem } from '../seed/preflight/identity/identity.ts';
import { sameSeries, versionFinding, versionOf } from '../seed/preflight/identity/versions.ts';
import { spaceFor } from '../seed/preflight/room.ts';
import { halfChecks, transferChecks } from '../seed/preflight/target-checks.ts';
import type { SeedRequest, Side } from '../seed/request.ts';
import { besidePlaces } from '../seed/target/state-places.ts';
import { donorTools } from '../seed/transfer/channel/channel-checks.ts';
import { copyData } from '../seed/transfer/steps/copy-data.ts';
import { listData } from '../seed/transfer/steps/list-data.ts';
import { makeSums } from '../seed/transfer/steps/make-sums.ts';
import { openChannel } from '../seed/transfer/steps/open-channel.ts';
import { releaseDonor } from '../seed/transfer/steps/release-donor.ts';
import { verifyData } from '../seed/transfer/steps/verify-data.ts';
import { nameOf } from '../snapshot/snapshot-commands.ts';
import { shortSize } from '../text/amounts.ts';
import { markRestores } from './mark-restores.ts';
import { prepareScratch } from './prepare-scratch.ts';
import { proveRestore } from './prove.ts';
import { defaultLimitMs, type ProofRequest, usualCheck } from './request.ts';

/** The copy, as a seed of a server that replicates from no host: it is none, but its channel asks for the same. */
const copying = ({ side, snapshot, job, who, nowMs }: ProofRequest, on: Side): SeedRequest => ({
  donor: side,
  targets: [on],
  others: [],
  method: lvmSnapshot,
  ends: 'standalone',
  keepSnapshot: false,
  compression: 'auto',
  clear: false,
  job,
  who,
  nowMs,
  ...(snapshot && { snapshot }),
});

/** Of both hosts. Whether one snapshot has all of the data is checked for every proof. */
export function scratchChecks(request: ProofRequest, on: Side): Finding[] {
  const { side } = request;
  const seed = copying(request, on);
  return [
    ...datadirChecks(side),
    ...lockChecks(side),
    ...toolChecks(side, ['tar', 'cksum', ...donorTools(seed)]),
    ...placeChecks(side),
    ...apartChecks(side, on),
    ...datadirChecks(on),
    ...lockChecks(on),
    ...cellChecks(on),
    ...programChecks(on),
    ...versionChecks(seed, on),
    ...roomChecks(seed, on),
    ...transferChecks(seed, on),
    ...halfChecks(seed, on),
  ];
}

function programChecks(on: Side): Finding[] {
  const unseen = unseenInCell(on);
  return unseen === undefined ? [] : [judging(on).refuse(unseen, 'install it there, or name another host')];
}

function placeChecks(side: Side): Finding[] {
  const [first] = besidePlaces(side.facts);
  if (!first) return [];
  return [
    judging(side).refuse(
      `its server keeps data outside of its datadir, in ${first.path}: a proof on another host copies the datadir alone`,
      `prove it on the host itself: reseed proof ${side.host.name}`,
    ),
  ];
}

function apartChecks(side: Side, on: Side): Finding[] {
  const { refuse } = judging(on);
  const here = `prove it on the host itself: reseed proof ${side.host.name}`;
  if (areOneServer(side, on)) return [refuse(`it is ${side.host.name}: they have one datadir`, here)];
  if (!shareFileSystem(side, on)) return [];
  return [
    refuse(
      `its datadir lies on one file system with that of ${side.host.name}: the copy would fill that one too`,
      here,
    ),
  ];
}

/** One of another series would upgrade the data first, and an older one can't read it. */
function versionChecks(seed: SeedRequest, on: Side): Finding[] {
  const [given, taken] = [versionOf(seed.donor), versionOf(on)];
  if (!given || !taken || given.vendor !== taken.vendor || sameSeries(given, taken)) return versionFinding(seed, on);
  return [
    judging(on).refuse(
      `${taken.text} is of another series than ${given.text} of ${seed.donor.host.name}: whether that one starts on the snapshot would not be known`,
      'name a host with the same series',
    ),
  ];
}

/** Beside the old data: that stays. */
function roomChecks(seed: SeedRequest, on: Side): Finding[] {
  const { pass, refuse } = judging(on);
  const { disk } = on.report;
  if (disk?.ok && disk.value.readOnly) return [refuse(`${disk.value.mountPoint} is mounted read-only`, '')];
  const room = spaceFor(seed, on);
  if (!room.known) return [refuse(`the room on ${on.host.name} is not known: ${room.why}`, '')];
  const figures = `${shortSize(room.freeBytes)} free, ${shortSize(room.neededBytes)} needed`;
  if (room.kind === 'beside') return [pass(`room for the copy beside what it has: ${figures}`)];
  return [
    refuse(
      `no room for the copy beside what it has: ${figures}`,
      'a proof deletes nothing: name a host with more room',
    ),
  ];
}

/** Hooks of a seed are for a server that is stopped and gets other data: none does here. */
const withoutStage = ({ stage: _, ...step }: PlannedStep): PlannedStep => step;

export function planOnScratch(request: ProofRequest, on: Side): Planned {
  const { side, snapshot, job, who, check = usualCheck(side.facts.dataBytes), limitMs = defaultLimitMs } = request;
  const { host, facts } = side;
  const { service } = on.report;
  const unit = service?.ok ? service.value.unit : undefined;
  const version = versionOf(on);
  if (unit === undefined || !version || on.facts.owner === undefined)
    return refusal(`which server ${on.host.name} has is not known`, 'is a server installed there?');
  const seed = copying(request, on);
  const source = lvmSnapshot.source(seed, []);
  if (!source.ok) return source;
  const { snapshot: read } = source;
  if (!read) throw new Error('the source of a snapshot has none');
  const reading = { request: seed, read: source };
  const [list, sums, copy] = [
    listData.plan(reading),
    makeSums.plan(reading),
    copyData.plan({ request: seed, ...source }),
  ];
  const channel = openChannel.plan({ request: seed, target: on, index: 0 });
  const what = snapshot ? nameOf(snapshot) : 'a new snapshot';
  return {
    ok: true,
    plan: {
      kind: 'proof',
      title: `proof ${host.name}: ${what} restores on ${on.host.name}`,
      hosts: [host.name, on.host.name],
      destroys: [],
      steps: [
        lockHost.plan({ host: host.name, datadir: facts.datadir, job, who }),
        lockHost.plan({ host: on.host.name, datadir: on.facts.datadir, job, who }),
        // Where its data stands in replication matters to no server here.
        ...source.before.filter(({ work }) => work !== readsCoordinates.kind),
        list,
        sums,
        prepareScratch.plan({ request: seed, target: on, unit, index: 0 }),
        channel,
        withoutStage(copy),
        withoutStage(verifyData.plan({ request: seed, ...source })),
        ...source.after,
        releaseDonor.plan({ donor: host.name, made: [channel, copy, sums, list, ...source.made] }),
        proveRestore.plan({
          host,
          on: { host: on.host, datadir: on.facts.datadir },
          job,
          vendor: version.vendor,
          program: on.facts.programPath,
          datadir: 'new',
          owner: on.facts.owner,
          options: lastingOptions(facts),
          check,
          limitMs,
          bytes: undefined,
          pool: undefined,
          guarded: read.guarded,
          taken: snapshot?.createdSeconds,
        }),
        ...(snapshot ? [markRestores.plan({ host, snapshot: read.guarded })] : []),
      ],
    },
  };
}
