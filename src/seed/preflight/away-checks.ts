// Hosts that replicate from a target and are not connected to it now: they are stopped, behind on purpose, or away for a moment. Their source
// begins its logs anew. Pure.

import type { ReplicationChannel } from '../../host/facts.ts';
import { endingOf } from '../ending.ts';
import type { OtherHost, SeedRequest, Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';
import { isUnheard } from './identity/identity-checks.ts';
import { channelsFrom } from './replicates-from.ts';

export function awayChecks(request: SeedRequest, target: Side): Finding[] {
  const { refuse, warn } = judging(target);
  const { name } = target.host;
  const away = awayFrom(request, target);
  const list = (some: readonly Away[]) => some.map(({ host }) => host.name).join(', ');
  if (!endingOf(request).catchesUp) {
    if (away.length === 0) return [];
    return [
      refuse(
        `${list(away)} replicates from ${name}, or did when it was stopped: what ${name} is made is not its source any more, and it would go on there all the same`,
        'RESET REPLICA ALL there if it never will again; else point them to another source first, or name them in the same set (--as-set)',
      ),
    ];
  }
  const [byPlace, byGtid] = [away.filter(goesByPlace), away.filter((one) => !goesByPlace(one))];
  return [
    ...(byPlace.length === 0
      ? []
      : [
          refuse(
            `${list(byPlace)} replicates from ${name} by file and position, or did when it was stopped: ${name} begins its logs anew, and ${list(byPlace)} would go on there at an old place`,
            'RESET REPLICA ALL there if it never will again; else give it another source first',
          ),
        ]),
    ...(byGtid.length === 0
      ? []
      : [
          warn(
            `${list(byGtid)} replicates from ${name}, or did when it was stopped: ${name} begins its logs anew, and what ${list(byGtid)} lacks by then is in none of them`,
            'RESET REPLICA ALL there if it never will again; else give it another source, or seed it afterwards',
          ),
        ]),
    ...unheardReplicas(request, target),
  ];
}

/** For above the prompt. */
export const awaySentences = (request: SeedRequest): string[] =>
  endingOf(request).catchesUp
    ? request.targets.flatMap((target) =>
        awayFrom(request, target).map(
          ({ host }) => `${host.name} replicates from ${target.host.name}, and may not be able to go on there`,
        ),
      )
    : [];

interface Away extends Pick<OtherHost, 'host'> {
  readonly channels: readonly ReplicationChannel[];
}

const goesByPlace = ({ channels }: Away): boolean => channels.some(({ autoPosition }) => !autoPosition);

/** Hosts that are no targets, and whose channels name the target. */
function awayFrom({ donor, others, targets }: SeedRequest, target: Side): readonly Away[] {
  const rebuilt = new Set(targets.map(({ host }) => host.name));
  const found = new Map<string, Away>();
  for (const one of [donor, ...others]) {
    const channels = channelsFrom(one, target, serverOf(target));
    if (!rebuilt.has(one.host.name) && channels.length > 0) found.set(one.host.name, { host: one.host, channels });
  }
  return [...found.values()];
}

/** Of a server that is down, what its files say. */
function serverOf({ report: { server }, facts: { variables } }: Side) {
  if (server?.ok) return server.value;
  const { server_uuid: serverUuid, port } = variables;
  return { hostname: '', port: Number(port) || 3306, ...(serverUuid ? { serverUuid } : {}) };
}

/** Hosts of its cluster whose servers are down, and tell nothing of their channels: one finding for all targets. Of hosts that are not heard at all: identity-checks.ts. */
function unheardReplicas({ donor, targets, others }: SeedRequest, target: Side): Finding[] {
  if (target !== targets[0]) return [];
  const parts = [donor, ...targets].map(({ host }) => host);
  const silent = others.filter(
    ({ host, report: { server, replication } }) =>
      !parts.some(({ name }) => name === host.name) &&
      host.cluster !== undefined &&
      parts.some(({ cluster }) => cluster === host.cluster) &&
      !isUnheard(server) &&
      !replication?.ok,
  );
  if (silent.length === 0) return [];
  const names = silent.map(({ host }) => host.name).join(', ');
  const whose = targets.length === 1 ? target.host.name : 'a target';
  return [
    judging(target).unknown(
      `whether ${names} replicates from ${whose} is unknown: its server does not answer`,
      'see that it has another source, if it does',
    ),
  ];
}
