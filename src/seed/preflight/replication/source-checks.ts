// Whether the source of a target still has what comes after the data that the target gets: a replica that finds it purged is refused
// after the whole copy.
import type { Host } from '../../../inventory/settings.ts';
import type { Stands } from '../../../snapshot/coordinates.ts';
import { attachmentOf } from '../../replica/attachment.ts';
import type { Kept } from '../../replica/kept/kept.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import { cannotFollow, type Origin, originOf, originText, type SourceLook } from '../../replica/source/origin.ts';
import type { ReplicationState } from '../../replica/source/replication-state.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import type { AccountLook } from './account-checks.ts';
import { endWords } from './kept-checks.ts';

/** What was asked before the plan is made, of hosts that are neither donor nor target as well. */
export interface AskedSources {
  /** Of a snapshot that is there: what its job wrote down of it. Absent: none, or it could not be read. */
  readonly coordinates?: Stands;
  /** The donor, as it is now; absent: it is down, or a snapshot is taken from it that is there already. */
  readonly donor?: ReplicationState;
  /** Sources by the names of their hosts; a text says why one is not known. */
  readonly sources: Readonly<Record<string, SourceLook | string>>;
  /** What the targets are as replicas, by their names; a text says why that is not known. Absent: it is no replica. */
  readonly replicas?: Readonly<Record<string, Kept | string>>;
  /** Whether each target can replicate with the account of its plan, one of each of its channels, by the names of targets. */
  readonly accounts?: Readonly<Record<string, readonly AccountLook[]>>;
}

export function sourceChecks(request: SeedRequest, target: Side): Finding[] {
  const { asked } = request;
  const attachment = attachmentOf(request, target);
  if (!asked || !attachment.ok || attachment.plan.position === 'here') return [];
  const { plan } = attachment;
  const origin = originNow(asked, plan);
  const instead = request.snapshot ? 'take a new snapshot, or --follow donor' : '--follow donor, or name another donor';
  return [
    lookCheck(asked, target, { plan, origin, ...plan.source, instead }),
    ...(plan.channels ?? []).map(({ channel, known }) => {
      const ended = `wait until the donor has them too, or end the channel (${endWords(channel.name)})`;
      const of = { plan, origin, host: channel.host, channel: channel.name, instead: ended, ...(known && { known }) };
      return lookCheck(asked, target, of);
    }),
  ];
}

interface AskedSource {
  readonly plan: AttachPlan;
  readonly origin: Origin | undefined;
  readonly host: string;
  readonly known?: Host;
  /** Absent: the default one. */
  readonly channel?: string;
  readonly instead: string;
}

function lookCheck({ sources }: AskedSources, target: Side, of: AskedSource): Finding {
  const { pass, warn, refuse } = judging(target);
  const { plan, origin, host, known, channel, instead } = of;
  const name = `${known?.name ?? host}${channel === undefined ? '' : ` (channel ${channel})`}`;
  const look = known ? sources[known.name] : 'it is not in the inventory';
  if (!origin) return warn(`whether ${name} still has what comes after the data is not known: its position is not`);
  if (look === undefined || typeof look === 'string') {
    return warn(`whether ${name} still has what comes after the data is not known: ${look ?? 'it was not asked'}`);
  }
  const why = cannotFollow(plan.vendor, { ...look, name }, origin);
  return why === undefined
    ? pass(`${name} still has what comes after ${shortened(originText(origin))}`)
    : refuse(why, instead);
}

/** Where the target would begin: as the snapshot has it, or one that were taken now. */
function originNow({ coordinates, donor }: AskedSources, { position, follow }: AttachPlan): Origin | undefined {
  if (coordinates !== undefined) return originOf(coordinates, position, follow);
  if (!donor) return undefined;
  if (position === 'gtid') return { by: 'gtid', gtid: donor.ownGtid };
  const [last] = donor.logs?.slice(-1) ?? [];
  if (follow === 'donor') return last === undefined ? undefined : { by: 'file', file: last, position: 4 };
  return donor.applied && { by: 'file', ...donor.applied };
}

const longest = 100;
const shortened = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);
