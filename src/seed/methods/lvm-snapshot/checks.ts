// Whether a snapshot of the donor's volume can be taken, or an existing one can be used.
import type { LogicalVolume } from '../../../host/facts.ts';
import { applierTempTables } from '../../../host/server/temp-tables.ts';
import { isServerDown } from '../../../service/server-state.ts';
import { snapshotMeans } from '../../../snapshot/create.ts';
import { endingOf } from '../../ending.ts';
import { statementChecks } from '../../preflight/data/statement-checks.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { unaskedApplierChecks } from '../../preflight/replication/applier-table-checks.ts';
import { lagChecks } from '../../preflight/replication/lag-checks.ts';
import { isTold, untoldText } from '../../preflight/replication/log-checks.ts';
import { sessionTableChecks } from '../../preflight/replication/temp-table-checks.ts';
import type { SeedRequest, Side } from '../../request.ts';

export const snapshotChecks = (request: SeedRequest): Finding[] =>
  request.snapshot
    ? [...thereChecks(request, request.snapshot), ...sessionTableChecks(request), ...unaskedApplierChecks(request)]
    : [...takingChecks(request), ...lagChecks(request)];

function thereChecks(request: SeedRequest, snapshot: LogicalVolume): Finding[] {
  const { donor } = request;
  const { pass, refuse } = judging(donor);
  const name = `${snapshot.group}/${snapshot.volume}`;
  if (!snapshot.valid) return [refuse(`${name} is invalid: what it held is lost`, 'take another')];
  if (endingOf(request).catchesUp && !hasGtid(donor) && !isTold(request)) {
    return [
      refuse(
        `${donor.host.name} has no GTID, and where the data of ${name}, ${untoldText(snapshot)}, stands can't be known`,
        'let reseed take one, or switch GTIDs on (gtid_mode)',
      ),
    ];
  }
  return [pass(`from the snapshot ${name}`)];
}

function takingChecks(request: SeedRequest): Finding[] {
  const { donor } = request;
  const { pass, refuse } = judging(donor);
  const { name } = donor.host;
  if (isServerDown(donor.report)) {
    return [refuse(`the server of ${name} is down`, `reseed start ${name}; or copy its files: --method stopped`)];
  }
  const means = snapshotMeans(donor);
  if (!means.ok) return [refuse(means.message, means.advice)];
  return [
    pass(`room for the snapshot: ${means.text}`),
    ...(means.words ? [...statementChecks(donor), ...tempTableChecks(donor), ...sessionTableChecks(request)] : []),
  ];
}

/** If there are some, snapshotMeans() refuses. */
const tempTableChecks = (donor: Side): Finding[] =>
  applierTempTables(donor.report) === 'unknown'
    ? [judging(donor).unknown('open temporary tables of its applier: unknown; asked again before the snapshot')]
    : [];
