// The methods by which a backup program of the donor makes a stream of its data, while its server runs: mariadb-backup and
// XtraBackup. The data may lie on any volume.
import { loopWords } from '../../../host/log/stop-reason.ts';
import { replicatesByFile } from '../../../host/server/replication.ts';
import { backupWords } from '../../../scripts/seed-data-words.ts';
import { patienceSeconds as lockPatience } from '../../../snapshot/take-snapshot.ts';
import { endingOf } from '../../ending.ts';
import { planRebuild, type Transfer } from '../../frame.ts';
import { donorFolder, targetWord } from '../../place.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { copyPreflight } from '../../preflight/preflight.ts';
import type { SeedRequest } from '../../request.ts';
import { besideWords } from '../../target/state-places.ts';
import { patienceSeconds } from '../../transfer/moving-plan.ts';
import { copyData } from '../../transfer/steps/copy-data.ts';
import { listData } from '../../transfer/steps/list-data.ts';
import type { Gift, Seen } from '../candidate.ts';
import type { SeedMethod } from '../method.ts';
import { streamChecks } from './checks.ts';
import { prepareBackup } from './prepare-backup.ts';
import { locksByStages, mariadbBackupTool, type Tool, xtrabackupTool } from './tools.ts';
import { unstreamedPatterns } from './unstreamed.ts';

const backupStream = (tool: Tool, kinds: SeedMethod['kinds']): SeedMethod => ({
  name: tool.name,
  about: `a backup program of ${tool.vendorName} streams the data, on any volume, while its server runs`,
  dataName: 'the backup',
  kinds,
  donorRuns: true,
  copies: true,
  readsSnapshot: false,
  usesChannel: true,
  onlyInnodb: false,
  blocksWrites: { what: 'the backup ends', told: prepareBackup },
  unpacks: tool.unpacker,
  unused: ['snapshot', 'keepSnapshot', 'streams', 'injectEmpty'],
  gifts: (one) => giftsOf(one, tool),
  oneTarget: `${tool.name} streams to one target`,
  preflight: (request) => copyPreflight(request, streamChecks(request, tool)),
  plan: (request) => planRebuild(request, streamOf(request, tool)),
  start: ({ donor }) => ({
    position: hasGtid(donor) ? 'gtid' : 'file',
    coordinatesOf: prepareBackup,
    comesWithData: true,
    isByFile: replicatesByFile(donor.report),
  }),
});

export const mariadbBackup = backupStream(mariadbBackupTool, [prepareBackup]);
/** The step is the same. */
export const xtrabackup = backupStream(xtrabackupTool, []);

function giftsOf(
  { host, report, server, down }: Seen,
  { name, vendor, vendorName, isCommon }: Tool,
): readonly Gift[] | string {
  if (down) return 'its server is down';
  if (!report.server?.ok || !server) return loopWords(report) ?? 'its server does not answer';
  const own = server.vendor === 'mariadb' ? 'mariadb' : 'mysql';
  if (own !== vendor) return `it is no ${vendorName}`;
  if (!isCommon && report.lvm?.ok && report.lvm.value.datadirVolume) return 'a snapshot of it needs no further program';
  return [
    {
      id: `${host.name} ${name}`,
      brief: 'backup stream',
      title: `a backup stream (${name})`,
      words: `needs ${name} on both`,
    },
  ];
}

/** The steps of the stream: what it brings, and how it is made a server's data. */
export function streamOf(request: SeedRequest, tool: Tool): Transfer {
  const { donor, targets, job, compression } = request;
  const { host, facts, report } = donor;
  const reader = facts.owner ?? 'mysql:mysql';
  const read = { root: facts.datadir, reader, beside: besideWords(facts), leftOut: unstreamedPatterns(donor) };
  const isReplica = report.replication?.ok === true && report.replication.value.channels.length > 0;
  // While it waits for its lock, a quiet donor gives it nothing to send.
  const senderPatienceSeconds = Math.max(patienceSeconds, lockPatience(host) + 60);
  const sender = {
    script: 'seed-backup',
    args: backupWords({
      ...host.mysql,
      tool: tool.name,
      format: tool.unpacker,
      datadir: facts.datadir,
      reader,
      isReplica,
      asksApplier: isReplica && endingOf(request).catchesUp,
      waitSeconds: lockPatience(host),
      locksByStages: locksByStages(tool, donor),
      folder: donorFolder(job),
      compression,
      patienceSeconds: senderPatienceSeconds,
      target: targetWord(0),
    }),
  } as const;
  const list = listData.plan({ request, read });
  return {
    before: [list],
    bring(attached) {
      const copy = copyData.plan({ request, ...read, attached, sender, senderPatienceSeconds });
      const ready = targets.map((target, index) => prepareBackup.plan({ request, target, index, tool }));
      return { steps: [copy, ...ready], made: [...ready, copy, list] };
    },
  };
}
