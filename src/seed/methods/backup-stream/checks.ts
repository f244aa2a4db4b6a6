// Whether a backup program can be run on the donor, and its stream made a server's data on the target.

import { cellChecks } from '../../preflight/cell-checks.ts';
import { mayBeEncrypted } from '../../preflight/data/keyring-checks.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { versionOf } from '../../preflight/identity/versions.ts';
import { privilegeChecks } from '../../preflight/privilege-checks.ts';
import { lagChecks } from '../../preflight/replication/lag-checks.ts';
import { openTableChecks } from '../../preflight/replication/open-table-checks.ts';
import { placeChecks } from '../../preflight/replication/place-checks.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { fits, fitting, lacksUnpacker, type Tool, versionOfTool } from './tools.ts';

export function streamChecks(request: SeedRequest, tool: Tool): Finding[] {
  const { donor, targets } = request;
  const basic = vendorChecks(donor, tool);
  if (basic.length > 0) return basic;
  return [
    ...[donor, ...targets].flatMap((one) => programChecks(one, donor, tool)),
    ...accountChecks(donor, tool),
    ...loginChecks(donor, tool),
    ...encryptionChecks(donor, tool),
    ...busyChecks(donor, tool),
    ...ddlChecks(donor, tool),
    ...placeChecks(request, 'a backup'),
    ...openTableChecks(request),
    ...lagChecks(request),
    judging(donor).warn(
      `${tool.name} makes one stream: a break of the channel, or a restart of a host, begins it again from its start`,
      'where a copy takes hours over a bad line, a snapshot is the better method',
    ),
  ];
}

function vendorChecks(donor: Side, tool: Tool): Finding[] {
  const given = versionOf(donor);
  const { refuse } = judging(donor);
  if (given && given.vendor !== tool.vendor) {
    const other = tool.vendor === 'mariadb' ? 'xtrabackup' : 'mariadb-backup';
    return [refuse(`${tool.name} is of ${tool.vendorName}, and its server is ${given.text}`, `--method ${other}`)];
  }
  if (donor.report.server?.ok) return [];
  return [
    refuse(
      `its server does not answer: ${tool.name} asks a server that runs`,
      `reseed start ${donor.host.name}, or copy the files of a stopped server (--stopped)`,
    ),
  ];
}

/** The program on one of the two hosts. The target applies the redo log of the donor's server with its own. */
function programChecks(side: Side, donor: Side, tool: Tool): Finding[] {
  const { pass, refuse, warn } = judging(side);
  const server = versionOf(donor);
  if (!server) return [];
  const install = `install it there: ${tool.packageFor(server.version)}`;
  const version = versionOfTool(tool, side.facts);
  if (version === undefined) return [refuse(`${side.host.name} has no ${tool.name}, or it does not run`, install)];
  if (side !== donor && lacksUnpacker(tool, side))
    return [refuse(`${side.host.name} has no ${tool.unpacker}`, install)];
  const cell = side === donor ? [] : cellChecks(side);
  if (cell.length > 0) return cell;
  const words = `${tool.name} ${version}`;
  if (!fits(tool, version, server.version)) {
    return [refuse(`${words} does not fit ${server.text} of ${donor.host.name}`, fitting(tool, server.version))];
  }
  if (side !== donor && !side.facts.tools.includes('innochecksum')) {
    return [
      pass(`${words}, for ${server.text}`),
      warn(
        'it has no innochecksum: pages are checked as far as the server reads them',
        'it is in the package of the server',
      ),
    ];
  }
  return version === server.version
    ? [pass(`${words}, as the server of ${donor.host.name}`)]
    : [pass(`${words}, of the series of ${server.text} of ${donor.host.name}`)];
}

/** The program does what the server tells it, and a server may be hostile: it has the rights of the account of the datadir, and root's login by perl. */
function accountChecks(donor: Side, { name }: Tool): Finding[] {
  const { refuse } = judging(donor);
  const account = donor.facts.owner?.split(':')[0];
  return [
    ...(account === 'root'
      ? [
          refuse(
            `its datadir belongs to root, and ${name} would run what its server names with root's rights`,
            'chown the datadir to the account of the server, or copy a snapshot of it (--method lvm)',
          ),
        ]
      : []),
    ...(donor.facts.tools.includes('perl')
      ? []
      : [
          refuse(
            `${donor.host.name} has no perl, by which ${name} logs in as root without root's rights`,
            'install it: perl-base (Debian, Ubuntu), perl-interpreter (RHEL)',
          ),
        ]),
  ];
}

function loginChecks(donor: Side, { name, privileges, ofReplica }: Tool): Finding[] {
  const isReplica = donor.report.replication?.ok === true && donor.report.replication.value.channels.length > 0;
  const needed = [...privileges, ...(isReplica ? ofReplica : [])];
  return privilegeChecks(donor, needed, { may: `run ${name}`, needs: name });
}

/** Both programs read encrypted tables by the server's key plugin; --prepare would need the keys on the target as well. */
function encryptionChecks(donor: Side, tool: Tool): Finding[] {
  if (!mayBeEncrypted(donor)) return [];
  return [
    judging(donor).refuse(
      `its data is, or may be, encrypted: reseed gives ${tool.name} no keys`,
      'copy a snapshot of it (--method lvm), or its files while it is down (--stopped)',
    ),
  ];
}

/** "XtraBackup uses this lock for the duration of the backup" (Percona, lock options of 8.0): LOCK INSTANCE FOR BACKUP, or LOCK TABLES FOR BACKUP. */
function ddlChecks(donor: Side, { name }: Tool): Finding[] {
  if (name !== 'xtrabackup') return [];
  const isReplica = donor.report.replication?.ok === true && donor.report.replication.value.channels.length > 0;
  return [
    judging(donor).warn(
      `${name} blocks DDL (ALTER, CREATE, TRUNCATE, CREATE USER, GRANT) there until the end of its stream${isReplica ? ': its applier waits at the first one in the log of its source' : ''}`,
      isReplica
        ? 'seed at a time without changes of tables, or copy a snapshot of it (--method lvm)'
        : 'seed at a time without changes of tables',
    ),
  ];
}

function busyChecks(donor: Side, tool: Tool): Finding[] {
  const { refuse, warn } = judging(donor);
  const { backupRuns, ddl } = donor.facts;
  const runs = backupRuns.map((name) =>
    refuse(`${name} runs there now: two backups wait for each other's locks`, `wait for its end, then seed`),
  );
  if (!ddl) return runs;
  const { seconds, who, words } = ddl;
  return [
    ...runs,
    warn(
      `${who} has changed a table for ${seconds} s (${words}): the lock of ${tool.name} waits for it, and ends the stream if that takes too long`,
      'wait for its end',
    ),
  ];
}
