// Whether the target's server comes back when its host starts again.
import type { Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';

/** systemd's UnitFileState. Of others another unit, or a script of init, may start it: that is not known. */
const notStarted = ['disabled', 'masked', 'enabled-runtime', 'masked-runtime', 'linked', 'linked-runtime'];

export function bootChecks(target: Side): Finding[] {
  const { service } = target.report;
  if (!service?.ok || service.value.unit === undefined || !notStarted.includes(service.value.enabled)) return [];
  const { unit, enabled } = service.value;
  return [
    judging(target).warn(
      `its unit ${unit} is not started with its host (${enabled}): after a power cut its server does not come back by itself`,
      `systemctl enable ${unit} there, unless a cluster manager starts it`,
    ),
  ];
}
