// Which host's server has the account that a target will replicate with, if the operator gives none. Pure.
import type { HostReport } from '../../../host/facts.ts';
import type { Host } from '../../../inventory/settings.ts';
import { follows, isUp, type Source } from './followed.ts';

interface Known {
  readonly host: Host;
  readonly report: HostReport;
}

interface Parties {
  readonly donor: Known;
  readonly targets: readonly Known[];
  readonly others: readonly Known[];
}

type Holder =
  | { readonly is: 'donor' }
  | { readonly is: 'target' }
  | { readonly is: 'other'; readonly one: Known; readonly datadir: string };

/** The donor, another replica of that source, or the target itself: the first that already logs in there. */
export function accountHolder({ donor, others, targets }: Parties, target: Known, source: Source): Holder | undefined {
  if (follows(donor, source)) return { is: 'donor' };
  const one = others.find(
    (other) => follows(other, source) && !targets.some(({ host }) => host.name === other.host.name) && isUp(other),
  );
  if (one?.report.server?.ok) return { is: 'other', one, datadir: one.report.server.value.datadir };
  return follows(target, source) && isUp(target) ? { is: 'target' } : undefined;
}
