// Whether a target's replication account can be read where it is kept, and its source accepts the target's login. This
// is checked before anything is done on any host: the step that needs it comes after the snapshot.

import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

/** `text` is clean, and has nothing of the account but its user. */
export interface AccountLook {
  /** `unknown`: a host did not answer. `read`: the login was not tried, since its source is down. */
  readonly is: 'good' | 'read' | 'unknown' | 'refused';
  readonly text: string;
  readonly advice: string;
}

export function accountChecks({ asked }: Pick<SeedRequest, 'asked'>, target: Pick<Side, 'host'>): Finding[] {
  const { pass, unknown, refuse } = judging(target);
  const judge = { good: pass, read: pass, unknown, refused: refuse };
  return (asked?.accounts?.[target.host.name] ?? []).map(({ is, text, advice }) => judge[is](text, advice));
}
