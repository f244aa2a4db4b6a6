// Whether a source may hold a target's own transactions as empty ones, and the statements for it. Pure.
import type { ServerFacts } from '../../../host/facts.ts';
import type { Host } from '../../../inventory/settings.ts';
import { bothOf, readGtidSet, without } from '../../replica/gtid-set.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import type { SourceLook } from '../../replica/source/origin.ts';
import { statements } from '../../replica/words.ts';
import type { SeedRequest } from '../../request.ts';
import { countText, singleGtids } from './history.ts';

export interface Injection {
  readonly source: Host;
  /** The target's name. */
  readonly target: string;
  readonly gtids: string;
}

/** So many statements fit into one command; and of more of them hardly anyone knows what they did. */
const mostInjected = 500;

export const isTooMany = (gtids: string): boolean => singleGtids(gtids, mostInjected + 1).length > mostInjected;

export const injectionText = ({ source, target, gtids }: Injection): string =>
  `write ${countText('mysql', gtids)} on ${source.name} as empty, under the GTIDs that only ${target} has: ${gtids}`;

/** With its own GTID each: the server skips the ones that it has executed already. */
export const injectWords = (gtids: string): string =>
  statements(
    ...singleGtids(gtids, mostInjected).flatMap((gtid) => [`SET gtid_next = '${gtid}'`, 'BEGIN', 'COMMIT']),
    "SET gtid_next = 'AUTOMATIC'",
  );

/** The source as it is once it holds them. */
export function withInjected(look: SourceLook, gtids: string): SourceLook {
  const { replicationState } = look;
  const { server } = replicationState;
  const gtidExecuted = bothOf(server.gtidExecuted, gtids);
  return { ...look, replicationState: { ...replicationState, server: { ...server, gtidExecuted } } };
}

/**
 * GTIDs of a server that runs now: it does not have them any more (a crash with sync_binlog <> 1, a restore), and gives their numbers to
 * other transactions, of which some may count as the target's already. undefined: none is of such a server.
 */
export function lostBy(
  { others }: Pick<SeedRequest, 'others'>,
  target: string,
  { name, replicationState }: SourceLook,
  gtids: string,
): string | undefined {
  const servers = [
    { name, server: replicationState.server },
    ...others.flatMap(({ host, report }) =>
      host.name === target || !report.server?.ok ? [] : [{ name: host.name, server: report.server.value }],
    ),
  ];
  const of = servers.find(({ server }) => lacksOwn(server, gtids));
  return (
    of &&
    `some were written by ${of.name}, which has lost them and may have given their numbers to others: rows of ${target} may differ from what their GTIDs say`
  );
}

/** Whether some of them were written by that server, and are not there. */
function lacksOwn({ serverUuid, gtidExecuted }: ServerFacts, gtids: string): boolean {
  const [set, has] = [readGtidSet(gtids), readGtidSet(gtidExecuted)];
  if (!set || !has) return false;
  const own = [...set].filter(([writer]) => writer.split(':')[0] === serverUuid?.toLowerCase());
  return without(new Map(own), has).size > 0;
}

/** Why it can't be done, and what else can; undefined: it can. */
export function notInjectable(
  request: Pick<SeedRequest, 'donor' | 'others'>,
  { vendor, source, target }: Pick<AttachPlan, 'vendor' | 'source' | 'target'>,
  look: SourceLook,
  gtids: string,
): { readonly why: string; readonly advice: string } | undefined {
  const { donor } = request;
  const { server, channel } = look.replicationState;
  const name = source.known?.name ?? source.host;
  const seeded = `seed it by a copy, which loses them: reseed seed ${donor.host.name} ${target.name}`;
  if (vendor === 'mariadb') {
    return { why: 'a MariaDB has no empty transactions under the GTIDs of another server', advice: seeded };
  }
  if (source.known?.name !== donor.host.name) {
    return {
      why: `empty transactions are written on its source, which is ${name} and not ${donor.host.name}`,
      advice: `name it as the donor: reseed seed ${name} ${target.name} --method binlog --inject-empty`,
    };
  }
  const lost = lostBy(request, target.name, look, gtids);
  if (lost !== undefined) return { why: lost, advice: seeded };
  if (donor.host.readOnly) {
    return { why: `${name} is read-only in the inventory`, advice: 'set readOnly: false to allow it' };
  }
  if (channel || server.readOnly) {
    return {
      why: `${name} ${channel ? 'is a replica itself' : 'is read_only'}: what is written there, its own source would not have`,
      advice: `name the primary as the donor, or ${seeded}`,
    };
  }
  return isTooMany(gtids)
    ? { why: `they are more than ${mostInjected}: nothing says what they did`, advice: seeded }
    : undefined;
}
