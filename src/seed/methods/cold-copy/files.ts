// The datadir of a stopped server, as the source of a seed's data: its start is blocked meanwhile, and the seed proves
// that it did not start.
import { refusal } from '../../../job/plan/refusal.ts';
import { findsLog } from '../../preflight/replication/log-checks.ts';
import type { SeedRequest } from '../../request.ts';
import { besideWords } from '../../target/state-places.ts';
import type { FolderMethod } from '../folder-copy.ts';
import { holdDonor } from './hold-donor.ts';
import { proveStill } from './prove-still.ts';

export function filesOfStopped(request: SeedRequest): ReturnType<FolderMethod['source']> {
  const { donor, targets } = request;
  const { service } = donor.report;
  const unit = service?.ok ? service.value.unit : undefined;
  if (unit === undefined) {
    return refusal(
      `${donor.host.name} has no unit of a MySQL or MariaDB`,
      'where it has another name, set mysql.service',
    );
  }
  const log = targets.every((target) => findsLog(donor, target))
    ? undefined
    : donor.facts.places.find(({ kind }) => kind === 'binlog')?.path;
  const hold = holdDonor.plan({ request, unit, log });
  return {
    ok: true,
    root: donor.facts.datadir,
    reader: donor.facts.owner ?? 'mysql:mysql',
    beside: besideWords(donor.facts),
    before: [hold],
    after: [proveStill.plan({ request, unit })],
    made: [hold],
  };
}
