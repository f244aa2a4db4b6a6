// Whether a host can be rebuilt with the donor's data, and what would be lost.

import { snapshotMeans } from '../../snapshot/create.ts';
import { shortSize } from '../../text/amounts.ts';
import { aloneChecks } from '../alone/checks.ts';
import { portsOf } from '../place.ts';
import { attachmentOf } from '../replica/attachment.ts';
import type { SeedRequest, Side } from '../request.ts';
import { channelChecks, targetTools } from '../transfer/channel/channel-checks.ts';
import { bootChecks } from './boot-checks.ts';
import { clientChecks } from './client-checks.ts';
import { datadirChecks, lockChecks, toolChecks } from './data/datadir-checks.ts';
import { targetEngineChecks } from './data/engine-checks.ts';
import { fixedChecks } from './data/fixed-checks.ts';
import { innodbChecks } from './data/innodb-checks.ts';
import { keyringChecks } from './data/keyring-checks.ts';
import { nextStartChecks } from './data/next-start-checks.ts';
import { optionChecks } from './data/option-checks.ts';
import { targetPlaceChecks } from './data/place-checks.ts';
import { pluginChecks } from './data/plugin-checks.ts';
import { strangerChecks } from './data/stranger-checks.ts';
import { deleterChecks } from './deleter-checks.ts';
import { type Finding, judging } from './finding.ts';
import { clusterChecks } from './identity/cluster-checks.ts';
import { shareFileSystem } from './identity/identity.ts';
import { identityChecks, reachChecks } from './identity/identity-checks.ts';
import { kinChecks } from './identity/kin-checks.ts';
import { versionFinding } from './identity/versions.ts';
import { leftAdvice } from './left-advice.ts';
import { accountChecks } from './replication/account-checks.ts';
import { applierTableChecks } from './replication/applier-table-checks.ts';
import { byHandChecks } from './replication/by-hand-checks.ts';
import { keptChecks } from './replication/kept-checks.ts';
import { logChecks } from './replication/log-checks.ts';
import { leftOutChecks, passedOverChecks } from './replication/passed-over.ts';
import { persistedChecks } from './replication/persisted-checks.ts';
import { readOnlyChecks } from './replication/read-only-checks.ts';
import { sourceChecks } from './replication/source-checks.ts';
import { sourceVersionFinding } from './replication/source-version.ts';
import { spaceFor } from './room.ts';

export function targetChecks(request: SeedRequest, target: Side): Finding[] {
  return [
    ...identityChecks(request, target),
    ...kinChecks(request, target),
    ...reachChecks(target),
    ...datadirChecks(target),
    ...targetPlaceChecks(request, target),
    ...nextStartChecks(target, 'target'),
    ...innodbChecks(target, 'target'),
    ...fixedChecks(target),
    ...lockChecks(target, request.openJobs),
    ...clusterChecks(target),
    ...startChecks(target),
    ...bootChecks(target),
    ...clientChecks(request, target),
    ...applierTableChecks(target),
    ...spaceChecks(request, target),
    ...versionFinding(request, target),
    ...optionChecks(request, target),
    // A dump has rows, in clear: the method's own checks are of these.
    ...(request.method.onlyRows ? [] : keyringChecks(request.donor, target)),
    ...targetEngineChecks(request.donor, target),
    ...pluginChecks(request, target),
    ...logChecks(request, target),
    ...sourceVersionFinding(request, target),
    ...transferChecks(request, target),
    ...halfChecks(request, target),
    ...attachChecks(request, target),
    ...aloneChecks(request, target),
    ...accountChecks(request, target),
    ...sourceChecks(request, target),
    ...strangerChecks(request, target),
    ...leftOutChecks(request, target),
    ...passedOverChecks(request, target),
    ...keptChecks(request, target),
    ...byHandChecks(request, target),
    ...persistedChecks(request, target),
    ...readOnlyChecks(request, target),
  ];
}

/**
 * The first start on the new data must replicate nothing and take no writes: options after the unit's command do that
 * (start-options.sh).
 */
function startChecks(target: Side): Finding[] {
  const { unheld, unasked, places } = target.facts;
  const withoutFile = places
    // An earlier seed set this value instead of the server's own file (change-words.ts).
    .filter(({ kind, path }) => kind === 'init-file' && path !== '/dev/null')
    .map(({ path }) =>
      judging(target).warn(
        `its init_file ${path} is left out until the next ordinary restart of its server: a server that takes no writes does not start where that file writes`,
        'run by hand what it needs of that file before then',
      ),
    );
  const notAsked =
    unasked === undefined
      ? []
      : [judging(target).refuse(`whether its server takes connections can not be asked: ${unasked}`, '')];
  if (unheld === undefined) return [...withoutFile, ...notAsked];
  return [
    ...withoutFile,
    ...notAsked,
    judging(target).refuse(
      `its unit starts the server by a command that hands on no further options, or that reseed does not understand: ${unheld}`,
      'let its ExecStart= name mysqld, mariadbd or mysqld_safe itself',
    ),
  ];
}

function spaceChecks(request: SeedRequest, target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const { disk } = target.report;
  if (disk?.ok && disk.value.readOnly) {
    return [refuse(`${disk.value.mountPoint} is mounted read-only`, 'as the kernel does after an error of the disk')];
  }
  const filled = snapshotFilled(request, target);
  if (filled) return [filled];
  const room = spaceFor(request, target);
  if (!room.known) return [refuse(`the room on ${target.host.name} is not known: ${room.why}`, '')];
  const together = room.beside.length === 0 ? '' : `, together with ${room.beside.join(', ')} on one file system`;
  const ofPlaces = room.places.map(
    ({ what, freeBytes, neededBytes }) =>
      `; for ${what}: ${shortSize(freeBytes)} free, ${shortSize(neededBytes)} needed`,
  );
  const figures = `${shortSize(room.freeBytes)} free, ${shortSize(room.neededBytes)} needed${together}${ofPlaces.join('')}`;
  if (room.kind === 'beside') {
    return [pass(`room for new data beside the old: ${figures}`), ...deleterChecks(target, false)];
  }
  if (room.kind === 'clear') return clearChecks(request, target, room.oldBytes, figures);
  return [refuse(`too little room: ${figures}, with the old data gone`, 'a larger volume')];
}

/** Where the new data fits once the old is gone. */
function clearChecks(request: SeedRequest, target: Side, oldBytes: number, figures: string): Finding[] {
  const { warn, refuse } = judging(target);
  const gone = `${shortSize(oldBytes)} of old data`;
  const why = whyNotCleared(request);
  if (why !== undefined) {
    return [
      refuse(
        `no room for new data beside the old: ${figures}; the old can't be deleted ${why}`,
        'a larger volume, or another method',
      ),
    ];
  }
  const { comparesOld } = request.method;
  if (!request.clear) {
    const way = comparesOld ? `gives the ${gone} up, and takes its files` : `deletes the ${gone} first`;
    return [refuse(`no room for new data beside the old: ${figures}`, `--clear ${way}, for good`)];
  }
  const becomes = comparesOld
    ? 'is given up before the copy, which takes its files: if the copy fails, neither is whole'
    : 'is deleted before the copy';
  return [warn(`no room beside the old data: ${figures}; ${gone} ${becomes}`), ...deleterChecks(target, !comparesOld)];
}

/** Why old data has to stay during the copy: the rest of "the old can't be deleted ..."; undefined: it need not. */
function whyNotCleared(request: SeedRequest): string | undefined {
  const { name, notResumed, start } = request.method;
  if (notResumed) return `before the copy: ${name} is not resumed after a break`;
  if (!start(request).comesWithData) return undefined;
  return `before it is known where the new data begins: ${name} tells that at its end`;
}

/** Every write to a volume also goes to its classic snapshot: the copy would fill the snapshot that it is read from. */
function snapshotFilled({ donor, snapshot, method }: SeedRequest, target: Side): Finding | undefined {
  if (!method.readsSnapshot || !shareFileSystem(donor, target)) return undefined;
  const means = snapshot ? undefined : snapshotMeans(donor);
  const isClassic = snapshot ? snapshot.kind === 'snapshot' : means?.ok && means.sizeBytes !== undefined;
  if (!isClassic) return undefined;
  return judging(target).refuse(
    `its datadir lies on one volume with that of ${donor.host.name}: the copy would fill the snapshot that it is read from`,
    `give it a volume of its own; or stop ${donor.host.name} and copy its files (--stopped)`,
  );
}

export function transferChecks(request: SeedRequest, target: Side): Finding[] {
  // The swap of the data packs some files.
  if (!request.method.usesChannel) return toolChecks(target, ['tar']);
  return [
    ...toolChecks(target, ['tar', 'cksum', ...targetTools(request, target)]),
    ...portChecks(target),
    ...channelChecks(request, target),
  ];
}

/** A port for the job's own sshd. Whether the donor reaches it is tested before anything is changed. */
function portChecks(target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const { freePort } = target.facts;
  const { first, last } = portsOf(target.host);
  if (freePort === undefined) {
    return [refuse(`no port from ${first} to ${last} is free`, 'end what listens there, or set seed.ports')];
  }
  return [pass(`port ${freePort} is free, of ${first} to ${last}`)];
}

function attachChecks(request: SeedRequest, target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const attachment = attachmentOf(request, target);
  return [attachment.ok ? pass(attachment.text) : refuse(attachment.text, attachment.advice)];
}

export function halfChecks(request: SeedRequest, target: Side): Finding[] {
  const { refuse, warn } = judging(target);
  // While a job works there its marks are not another seed's remains: then its lock is the reason to refuse.
  if (target.facts.locked) return [];
  const left = target.facts.half.map((one) =>
    refuse(`another seed left its data here: ${one}`, leftAdvice(request, one, target.host.name)),
  );
  const gone = target.facts.gone.map((one) =>
    warn(
      `its data is not whole: a seed gave up the old here, and ended (${one}); what is left stays until this one ends well`,
    ),
  );
  return [...left, ...gone];
}
