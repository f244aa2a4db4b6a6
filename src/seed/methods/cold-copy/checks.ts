// Whether the files of a server that is down can be copied directly.
import { serverState } from '../../../service/server-state.ts';
import { shortDuration } from '../../../text/amounts.ts';
import { endingOf } from '../../ending.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { hasGtid } from '../../preflight/identity/versions.ts';
import type { SeedRequest } from '../../request.ts';

const worryingAgeSeconds = 86_400;

/** A stopped server can't be asked for its lag. */
export function stoppedChecks(request: Pick<SeedRequest, 'donor' | 'ends'>): Finding[] {
  const { donor } = request;
  const { catchesUp } = endingOf(request);
  const { pass, refuse, warn } = judging(donor);
  const { name } = donor.host;
  const { service } = donor.report;
  const state = service?.ok ? serverState(service.value) : undefined;
  if (state === undefined) return [refuse(`whether the server of ${name} runs is not known`, '')];
  if (state !== 'down') return [refuse(`the server of ${name} runs`, `reseed stop ${name}, or copy a snapshot of it`)];
  if (catchesUp && !hasGtid(donor)) {
    return [
      refuse(
        `${name} is down and without GTID: where its data stands can't be known`,
        'start it, and copy a snapshot of it; or switch GTIDs on (gtid_mode)',
      ),
    ];
  }
  const { changedSeconds, unseen } = donor.facts;
  if (unseen.includes('changed_seconds')) {
    return [judging(donor).unknown('its server is down, and since when its files are as they are: unknown')];
  }
  if (changedSeconds === undefined) return [refuse(`there is no data in ${donor.facts.datadir}`, 'name another donor')];
  if (changedSeconds < 0) {
    return [
      warn(
        'its server is down, and when its files were left is not known: their times lie ahead of its clock',
        'set its clock right; the target begins from there',
      ),
    ];
  }
  const since = `its server is down, and its files are as they were left ${shortDuration(changedSeconds * 1000)} ago`;
  const late = catchesUp && changedSeconds > worryingAgeSeconds;
  return [late ? warn(since, 'the target begins from there') : pass(since)];
}
