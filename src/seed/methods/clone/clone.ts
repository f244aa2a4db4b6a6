// The method by which MySQL copies itself (CLONE INSTANCE). On the target a server of the job's own takes the data, beside the target's,
// which keeps its old data meanwhile.
import type { HostReport } from '../../../host/facts.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import { copyPreflight } from '../../preflight/preflight.ts';
import type { Gift, Seen } from '../candidate.ts';
import type { SeedMethod } from '../method.ts';
import { cloneChecks } from './checks.ts';
import { cloneData } from './clone-data.ts';
import { loadPlugin } from './load-plugin.ts';
import { makeAccount } from './make-account.ts';
import { planClone } from './plan.ts';
import { whyNoClone } from './versions.ts';

export const byClone: SeedMethod = {
  name: 'clone',
  about: 'the server of the donor clones itself (MySQL 8.0.18 and later; InnoDB only)',
  dataName: 'the clone',
  kinds: [loadPlugin, makeAccount, cloneData],
  donorRuns: true,
  copies: true,
  readsSnapshot: false,
  usesChannel: false,
  oneByOne: true,
  onlyInnodb: true,
  makesServer: 'donor',
  unused: ['snapshot', 'keepSnapshot', 'channel', 'injectEmpty'],
  gifts,
  preflight: (request) => copyPreflight(request, cloneChecks(request)),
  plan: planClone,
  start: ({ donor }) => ({
    position: hasGtid(donor) ? 'gtid' : 'file',
    coordinatesOf: cloneData,
    comesWithData: true,
    isByFile: false,
  }),
};

function gifts({ host, report }: Seen, target: Seen): readonly Gift[] | string {
  const [given, taken] = [versionIn(report), versionIn(target.report)];
  if (given === undefined) return 'its server is no MySQL that answers';
  const why = whyNoClone(given, taken ?? given);
  if (why !== undefined) return why;
  return [
    {
      id: `${host.name} clone`,
      brief: 'MySQL CLONE',
      title: 'its data by CLONE',
      words: 'MySQL copies itself, only InnoDB',
    },
  ];
}

const versionIn = ({ server }: HostReport): string | undefined =>
  server?.ok && server.value.vendor !== 'mariadb' ? server.value.version : undefined;
