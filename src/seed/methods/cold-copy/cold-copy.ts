// The method that copies the files of a server that is down.
import { hasGtid } from '../../preflight/identity/versions.ts';
import { unaskedApplierChecks } from '../../preflight/replication/applier-table-checks.ts';
import { type FolderMethod, folderMethod } from '../folder-copy.ts';
import { stoppedChecks } from './checks.ts';
import { filesOfStopped } from './files.ts';
import { holdDonor } from './hold-donor.ts';
import { proveStill } from './prove-still.ts';

export const coldCopy: FolderMethod = folderMethod({
  name: 'stopped',
  about: 'the server of the donor is down, and its files are copied as they lie there',
  dataName: 'the stopped donor',
  kinds: [holdDonor, proveStill],
  donorRuns: false,
  readsSnapshot: false,
  unused: ['snapshot', 'keepSnapshot', 'maxLagSeconds', 'injectEmpty'],
  gifts: ({ host, down }) =>
    down
      ? [
          {
            id: `${host.name} stopped`,
            brief: 'its files, down',
            title: 'the files of its stopped server',
            words: 'its server is down, and stays so while its files are copied; how far behind they are is not known',
          },
        ]
      : 'its server is not down',
  checks: (request) => [...stoppedChecks(request), ...unaskedApplierChecks(request)],
  source: filesOfStopped,
  // A server on a copy of stopped data reads its coordinates from that data.
  start: ({ donor }) => ({
    position: hasGtid(donor) ? 'here' : 'file',
    coordinatesOf: holdDonor,
    isByFile: donor.facts.variables.using_gtid === '0',
  }),
});
