// Whether a target's source still has the logs that follow the target's new data. If they were purged, the replica
// would be refused only after the whole copy.
import type { ReplicationChannel } from '../../../host/facts.ts';
import type { Host } from '../../../inventory/settings.ts';
import type { Stands } from '../../../snapshot/coordinates.ts';
import { askedPlan } from '../../replica/attachment.ts';
import { positionText, readGtidPosition } from '../../replica/gtid-set.ts';
import type { Kept } from '../../replica/kept/kept.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import {
  appliedTwice,
  cannotFollow,
  type Origin,
  originOf,
  originText,
  type SourceLook,
} from '../../replica/source/origin.ts';
import type { ReplicationState } from '../../replica/source/replication-state.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import type { AccountLook } from './account-checks.ts';
import { endWords } from './kept-checks.ts';

/** Answers from before the plan, also of hosts that are neither donor nor target. */
export interface AskedSources {
  /** For an existing snapshot: the coordinates that its job recorded. Absent: none, or they could not be read. */
  readonly coordinates?: Stands;
  /** The donor's present state; absent: it is down, or an existing snapshot is used. */
  readonly donor?: ReplicationState;
  /** Sources by the names of their hosts; a text says why one is unknown. */
  readonly sources: Readonly<Record<string, SourceLook | string>>;
  /** The targets' replication settings, by name; a text says why they are unknown. Absent: the target is no replica. */
  readonly replicas?: Readonly<Record<string, Kept | string>>;
  /** What the targets have executed, asked before their sources were; by their names. Absent: it did not tell. */
  readonly targets?: Readonly<Record<string, ReplicationState>>;
  /**
   * Whether each target can replicate with the account of its plan, one entry for each of its channels, by the names of
   * targets.
   */
  readonly accounts?: Readonly<Record<string, readonly AccountLook[]>>;
}

export function sourceChecks(request: SeedRequest, target: Side): Finding[] {
  const { asked } = request;
  const plan = askedPlan(request, target);
  if (!asked || !plan || plan.position === 'here') return [];
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
  /** Absent: the default channel. */
  readonly channel?: string;
  readonly instead: string;
}

function lookCheck(asked: AskedSources, target: Side, of: AskedSource): Finding {
  const { pass, warn, refuse } = judging(target);
  const { plan, origin, host, known, channel, instead } = of;
  const name = `${known?.name ?? host}${channel === undefined ? '' : ` (channel ${channel})`}`;
  const look = known ? asked.sources[known.name] : 'it is not in the inventory';
  if (!origin) return warn(`whether ${name} still has what comes after the data is not known: its position is not`);
  if (look === undefined || typeof look === 'string') {
    return warn(`whether ${name} still has what comes after the data is not known: ${look ?? 'it was not asked'}`);
  }
  const again = appliedTwice(plan.vendor, broughtNow(asked, plan), origin, { ...look, name });
  if (again !== undefined) return refuse(again, againAdvice(asked));
  const why = cannotFollow(plan.vendor, { ...look, name }, origin);
  return why === undefined
    ? pass(`${name} still has what comes after ${shortened(originText(origin))}`)
    : refuse(why, instead);
}

/** Where the target would begin: at the snapshot's coordinates, or at those of a snapshot taken now. */
function originNow({ coordinates, donor }: AskedSources, { position, follow }: AttachPlan): Origin | undefined {
  if (coordinates !== undefined) return originOf(coordinates, position, follow);
  if (!donor) return undefined;
  if (position === 'gtid') return { by: 'gtid', gtid: follow === 'source' ? inSource(donor) : donor.ownGtid };
  const [last] = donor.logs?.slice(-1) ?? [];
  if (follow === 'donor') return last === undefined ? undefined : { by: 'file', file: last, position: 4 };
  return donor.applied && { by: 'file', ...donor.applied };
}

/** As the coordinates of its data will have it (coordinates.ts): where a replica of its source begins. */
function inSource(donor: ReplicationState): string {
  const channel = usedChannel(donor);
  return channel && donor.server.vendor === 'mariadb' && !channel.byCurrentPos ? donor.slaveGtid : donor.ownGtid;
}

/** The default one; without it, the only one. */
function usedChannel({ channel, further }: ReplicationState): ReplicationChannel | undefined {
  return channel ?? (further.length === 1 ? further[0]?.channel : undefined);
}

/**
 * The GTIDs that come with the data, as far as they can be compared with the position of its replication. A donor that runs logs a transaction a moment before its
 * gtid_slave_pos has it: of these count what it wrote itself, and domains that it replicates nothing of.
 */
function broughtNow({ coordinates, donor }: AskedSources, { follow }: AttachPlan): string {
  if (coordinates !== undefined || !donor || follow === 'donor') return coordinates?.gtid ?? '';
  const replicated = readGtidPosition(donor.slaveGtid);
  const own = [...(readGtidPosition(donor.ownGtid) ?? [])].filter(
    ([domain, { server }]) => server === String(donor.server.serverId) || !replicated?.has(domain),
  );
  return positionText(new Map(own));
}

function againAdvice({ coordinates, donor }: AskedSources): string {
  const all = coordinates ? coordinates.gtid : donor?.ownGtid;
  const then = coordinates ? ', and take a new snapshot' : '';
  return `on the donor, if its data has all up to there: STOP SLAVE; SET GLOBAL gtid_slave_pos = '${all}'; START SLAVE${then}; or --follow donor`;
}

const longest = 100;
const shortened = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);
