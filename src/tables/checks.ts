// What has to be so for named tables of a donor to be put into a server that runs. Pure.
import { ableChecks, preparedChecks, serverChecks } from '../seed/methods/dump/checks.ts';
import { mysqldumpTool } from '../seed/methods/dump/tools.ts';
import { lockChecks, toolChecks } from '../seed/preflight/data/datadir-checks.ts';
import { statementChecks } from '../seed/preflight/data/statement-checks.ts';
import { type Finding, judging } from '../seed/preflight/finding.ts';
import { clusterChecks } from '../seed/preflight/identity/cluster-checks.ts';
import { identityChecks, reachChecks } from '../seed/preflight/identity/identity-checks.ts';
import { versionFinding } from '../seed/preflight/identity/versions.ts';
import { lagChecks } from '../seed/preflight/replication/lag-checks.ts';
import { keptFreeBytes } from '../seed/preflight/room.ts';
import { halfChecks, transferChecks } from '../seed/preflight/target-checks.ts';
import type { SeedRequest, Side } from '../seed/request.ts';
import { donorTools } from '../seed/transfer/channel/channel-checks.ts';
import { shortSize } from '../text/amounts.ts';
import { bytesOf, type TablesLook } from './facts.ts';
import { importChecks } from './import-checks.ts';
import { namesText } from './plan.ts';
import { replicaChecks } from './replica-checks.ts';
import { rowChecks } from './row-checks.ts';
import { tableChecks } from './table-checks.ts';

export interface TablesRequest {
  /** With one target. */
  readonly request: SeedRequest;
  readonly target: Side;
  readonly names: readonly string[];
  readonly replace: boolean;
  readonly given: TablesLook;
  readonly taken: TablesLook;
  /** binlog_format of what the target replicates from; absent: not known, or it replicates from no host. */
  readonly sourceFormat?: string;
}

export function tablesChecks(tables: TablesRequest): Finding[] {
  const { request, target } = tables;
  const { donor } = request;
  return [
    ...reachChecks(donor),
    ...lockChecks(donor, request.openJobs),
    ...clusterChecks(donor),
    ...serverChecks(donor),
    ...toolChecks(donor, ['tar', 'cksum', ...donorTools(request)]),
    ...ableChecks(request, mysqldumpTool),
    ...statementChecks(donor),
    ...preparedChecks(donor),
    ...lagChecks(request),
    ...identityChecks(request, target),
    ...reachChecks(target),
    ...lockChecks(target, request.openJobs),
    ...clusterChecks(target),
    ...versionFinding(request, target),
    ...transferChecks(request, target),
    ...halfChecks(request, target),
    ...importChecks(tables),
    ...tableChecks(tables),
    ...rowChecks(tables),
    ...roomChecks(tables),
    ...replicaChecks(tables),
  ];
}

/** For a server without data, with its logs. */
const emptyServerBytes = 512 * 1024 ** 2;
/** The dump, the tables in the server of the job, and in that of the target. */
const shares = { none: 3.1, zstd: 2.6, auto: 2.6 } as const;

function roomChecks({ request, target, given, names }: TablesRequest): Finding[] {
  const { pass, refuse } = judging(target);
  const { disk } = target.report;
  if (disk?.ok && disk.value.readOnly) return [refuse(`${disk.value.mountPoint} is mounted read-only`, '')];
  const bytes = bytesOf(given, names);
  if (bytes === undefined)
    return [
      judging(request.donor).refuse(
        `the size of ${namesText(names)} is not known, nor whether there is room for it`,
        'the account needs PROCESS, to read the sizes of files in information_schema',
      ),
    ];
  const needed = Math.ceil(bytes * shares[request.compression]) + emptyServerBytes + keptFreeBytes(target);
  const { freeBytes } = target.facts;
  if (freeBytes === undefined) return [refuse(`the room on ${target.host.name} is not known`, '')];
  const figures = `${shortSize(freeBytes)} free, ${shortSize(needed)} needed for ${shortSize(bytes)} of ${namesText(names)}, and to keep some free`;
  return [
    needed <= freeBytes
      ? pass(`room beside its data: ${figures}`)
      : refuse(`too little room: ${figures}`, 'a larger volume'),
  ];
}
