// Whether a member of a set reaches the port of its primary. The login can be tried only once that runs on the new data, which has
// the account; the way there can be tried before anything is changed. Pure.

import { mayPass, notDone } from '../../job/runner/step-end.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { ExecResult } from '../../remote/remote.ts';

export interface Reaching {
  /** The name of the host that connects. */
  readonly from: string;
  /** `db5 (10.77.0.15:3306)` */
  readonly to: string;
  /** A server runs there: a closed port is not that of a server that is down. */
  readonly isUp: boolean;
}

export type Reach =
  | { readonly is: 'reached' | 'closed'; readonly text: string }
  | { readonly is: 'unknown' | 'not'; readonly text: string };

/** From the answer of `seed-account.sh reach`. undefined: it was not asked. */
export function reachOf({ from, to, isUp }: Reaching, answer: ExecResult | RemoteFailure | undefined): Reach {
  const question = `whether ${from} reaches ${to} is not known`;
  if (!answer) return { is: 'unknown', text: `${question}: it was not asked` };
  if (!answer.ok) {
    const { message } = notDone(answer);
    return mayPass(answer)
      ? { is: 'unknown', text: `${question}: ${message}` }
      : { is: 'not', text: `${from} can't reach ${to}, which would be its source: ${message}` };
  }
  if (answer.stdout.trim() === 'reached') return { is: 'reached', text: `${from} reaches ${to}` };
  return isUp
    ? { is: 'not', text: `${from} can't reach ${to}, which would be its source: the connection is refused` }
    : {
        is: 'closed',
        text: `${question}: no server runs there, and a firewall may refuse connections as the host itself does`,
      };
}

export const reachAdvice = (from: string, primary: string): string =>
  `let ${from} through to that port (firewall, route, bind_address of ${primary}); or name another host first; or seed ${from} alone (--standalone)`;
