// The method that copies the files of a server that is down.
import { hasGtid } from '../../preflight/identity/versions.ts';
import { unaskedApplierChecks } from '../../preflight/replication/applier-table-checks.ts';
import type { SeedMethod } from '../method.ts';
import { stoppedChecks } from './checks.ts';
import { filesOfStopped } from './files.ts';
import { holdDonor } from './hold-donor.ts';

export const coldCopy: SeedMethod = {
  name: 'stopped',
  isMeant: ({ stopped }) => stopped === true,
  gifts: ({ host, down }) => (down ? [{ id: `${host.name} stopped`, stopped: true }] : 'its server is not down'),
  checks: (request) => [...stoppedChecks(request.donor), ...unaskedApplierChecks(request)],
  source: filesOfStopped,
  // A server on a copy of stopped data reads its coordinates from that data.
  start: ({ donor }) => ({
    position: hasGtid(donor) ? 'here' : 'file',
    coordinatesOf: holdDonor,
    isByFile: donor.facts.variables.using_gtid === '0',
  }),
};
