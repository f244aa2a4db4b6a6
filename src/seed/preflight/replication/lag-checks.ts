// A donor's lag: its targets begin with it.

import type { ReplicationChannel } from '../../../host/facts.ts';
import type { Host } from '../../../inventory/settings.ts';
import { endingOf } from '../../ending.ts';
import type { SeedRequest } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

/** More than the first is a warning. More than the second refuses the donor: another one leaves the targets less to catch up. */
const worryingLagSeconds = 60;
const defaultMaxLagSeconds = 600;

/** The lag that is allowed unless the operator sets another. */
export const maxLagOf = ({ seed }: Host): { readonly seconds: number; readonly isDefault: boolean } =>
  seed.maxLagSeconds === undefined
    ? { seconds: defaultMaxLagSeconds, isDefault: true }
    : { seconds: seed.maxLagSeconds, isDefault: false };

export function lagChecks(request: Pick<SeedRequest, 'donor' | 'maxLagSeconds' | 'ends'>): Finding[] {
  const { donor, maxLagSeconds } = request;
  if (!endingOf(request).catchesUp) return [];
  const { replication } = donor.report;
  const { pass, warn } = judging(donor);
  if (!replication?.ok) return [warn('its lag is not known: its server does not answer')];
  const { channels } = replication.value;
  if (channels.length === 0) return [pass('it replicates from no host: its data is the newest')];
  const most = maxLagSeconds ?? maxLagOf(donor.host).seconds;
  return channels.map((channel) => lagOf(channel, most, judging(donor)));
}

function lagOf(
  { name, sqlThread, lagSeconds, error }: ReplicationChannel,
  most: number,
  { pass, warn, refuse }: ReturnType<typeof judging>,
): Finding {
  const of = name === '' ? '' : ` (channel ${name})`;
  const begins = 'the target begins from there';
  if (sqlThread !== 'running') {
    const still = `its replication stands still${of}: ${error ?? 'the applier is stopped'}`;
    if (most === Number.POSITIVE_INFINITY) return warn(still, begins);
    return refuse(
      `${still}; how far behind it is: unknown`,
      'let it go on, take another donor, or allow it: --max-lag any',
    );
  }
  if (lagSeconds === undefined) return warn(`its lag is not known${of}`, begins);
  if (lagSeconds > most) {
    return refuse(
      `it is ${lagSeconds} s behind${of}, and ${most} s is the most`,
      `wait, take another donor, or allow it: --max-lag ${lagSeconds} (seed.maxLagSeconds)`,
    );
  }
  return lagSeconds > worryingLagSeconds
    ? warn(`it is ${lagSeconds} s behind${of}`, begins)
    : pass(`lag ${lagSeconds} s${of}, ${most === Number.POSITIVE_INFINITY ? 'however much' : `${most} s at most`}`);
}
