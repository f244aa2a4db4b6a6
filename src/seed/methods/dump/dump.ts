// The methods by which the rows of a donor are dumped, and loaded into a new server beside that of the target, which keeps
// its old data meanwhile. Any version upward: nothing of the donor's files is used.
import { loopWords } from '../../../host/log/stop-reason.ts';
import { replicatesByFile } from '../../../host/server/replication.ts';
import { planRebuild, type Transfer } from '../../frame.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { copyPreflight } from '../../preflight/preflight.ts';
import type { SeedRequest } from '../../request.ts';
import { copyData } from '../../transfer/steps/copy-data.ts';
import { listData } from '../../transfer/steps/list-data.ts';
import { seriesOf } from '../backup-stream/tools.ts';
import type { Gift, Seen } from '../candidate.ts';
import type { SeedMethod } from '../method.ts';
import { dumpChecks } from './checks.ts';
import { loadDump } from './load-dump.ts';
import { dumpedData, dumpSender } from './sender.ts';
import { type DumpTool, mydumperTool, mysqldumpTool } from './tools.ts';

const dumpMethod = (tool: DumpTool, kinds: SeedMethod['kinds']): SeedMethod => ({
  name: tool.name,
  about: tool.about,
  dataName: 'the dump',
  kinds,
  donorRuns: true,
  copies: true,
  readsSnapshot: false,
  usesChannel: true,
  onlyInnodb: false,
  unpacks: 'dump',
  onlyRows: true,
  makesServer: 'target',
  blocksWrites: { what: 'the dump begins', told: loadDump },
  reserve: tool.reserve,
  unused: ['snapshot', 'keepSnapshot', 'streams'],
  gifts: (one, target) => giftsOf(one, target, tool),
  oneTarget: 'a dump goes to one target',
  preflight: (request) => copyPreflight(request, dumpChecks(request, tool)),
  plan: (request) => planRebuild(request, transferOf(request, tool)),
  start: ({ donor }) => ({
    position: hasGtid(donor) ? 'gtid' : 'file',
    coordinatesOf: loadDump,
    comesWithData: true,
    isByFile: replicatesByFile(donor.report),
  }),
});

export const byMysqldump = dumpMethod(mysqldumpTool, [loadDump]);
/** The step is the same. */
export const byMydumper = dumpMethod(mydumperTool, []);

/** Offered where files can't be copied, or by a further program only; `--method` dumps any. */
function giftsOf(
  { host, report, server, down }: Seen,
  target: Seen,
  { name, brief, title, words }: DumpTool,
): readonly Gift[] | string {
  if (down) return 'its server is down';
  if (!report.server?.ok || !server) return loopWords(report) ?? 'its server does not answer';
  const taken = target.report.server?.ok ? target.report.server.value.version : server.version;
  const isOnVolume = report.lvm?.ok ? report.lvm.value.datadirVolume !== undefined : !report.lvm?.missing;
  if (isOnVolume && seriesOf(taken) === seriesOf(server.version)) return 'a copy of its files is faster than a dump';
  return [{ id: `${host.name} ${name}`, brief, title, words }];
}

function transferOf(request: SeedRequest, tool: DumpTool): Transfer {
  const { donor, targets } = request;
  const { host, report } = donor;
  const read = dumpedData(donor);
  const list = listData.plan({ request, read });
  return {
    before: [list],
    bring(attached) {
      if (!report.server?.ok) throw new Error(`${host.name} was planned to be dumped, and does not answer`);
      const sender = dumpSender(request, { tool, speaker: report.server.value });
      const copy = copyData.plan({ request, ...read, attached, sender });
      const loads = targets.map((target, index) => loadDump.plan({ request, target, index, tool }));
      return { steps: [copy, ...loads], made: [...loads, copy, list] };
    },
  };
}
