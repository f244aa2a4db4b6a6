// Whether a target is a server of its own.

import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { areOneMachine, areOneServer } from './identity.ts';

/** If the machine has another server, a client may reach that one by mistake and change it. */
export function reachChecks(side: Side): Finding[] {
  const { host, facts } = side;
  const [neighbour] = facts.neighbours;
  if (neighbour === undefined || host.mysql.defaultsFile !== undefined || host.mysql.socket !== undefined) return [];
  return [
    judging(side).refuse(
      `another server runs on its machine, on ${neighbour}: SQL for ${host.name} may reach that one`,
      'set mysql.defaultsFile or mysql.socket in the inventory',
    ),
  ];
}

export function identityChecks(request: SeedRequest, target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const { donor, targets } = request;
  const twin = [donor, ...targets.slice(0, targets.indexOf(target))].find((one) => areOneServer(one, target));
  if (twin) {
    return [
      refuse(
        `${target.host.name} is ${twin.host.name}: they have one datadir, ${target.facts.datadir}`,
        'name another target; of two servers on one machine, mysql.service and mysql.defaultsFile say which is meant',
      ),
    ];
  }
  const uuid = uuidOf(target);
  if (uuid !== undefined && uuid === uuidOf(donor)) {
    return [
      refuse(
        `its server_uuid is that of ${donor.host.name}, ${uuid}: they may be one server`,
        'where its datadir is a copy of the donor: delete auto.cnf in it',
      ),
    ];
  }
  const found = idChecks(request, target);
  if (found.length > 0) return found;
  const whose = areOneMachine(donor, target)
    ? `another server on the donor's machine`
    : 'another machine than the donor';
  const unheard = target === targets[0] ? unheardIds(request, target) : [];
  return [pass(`${whose}, server_id ${idOf(target)}`), ...unheard];
}

/** The host reported nothing of its server, or not in time. */
export const isUnheard = (server: Side['report']['server']): boolean =>
  server === undefined || (!server.ok && server.late === true);

/** Other hosts of the cluster that reported nothing of their servers: one finding, not one for each target. */
function unheardIds({ donor, targets, others }: SeedRequest, target: Side): Finding[] {
  const parts = [donor, ...targets].map(({ host }) => host);
  const silent = others.filter(
    ({ host, report: { server } }) =>
      !parts.some(({ name }) => name === host.name) &&
      parts.some(({ cluster }) => cluster === host.cluster) &&
      isUnheard(server),
  );
  const alike = Map.groupBy(silent, ({ away }) => away ?? 'no answer in time');
  return [...alike].map(([why, some]) => {
    const names = some.map(({ host }) => host.name).join(', ');
    return judging(some.length === 1 ? (some[0] ?? target) : target).unknown(
      `the server_id of ${names} is not known: ${why}; nor whether it replicates from a target`,
      'see that no target has the same, or is its source',
    );
  });
}

/** For a server that is down, the uuid in its auto.cnf. */
const uuidOf = ({ facts }: Side): string | undefined => facts.variables.server_uuid;
const idOf = ({ facts }: Side): string | undefined => facts.variables.server_id;

/** No two servers of a replication topology may have the same id: checks running servers and the targets. */
function idChecks({ donor, targets, others }: SeedRequest, target: Side): Finding[] {
  const { refuse, warn } = judging(target);
  const { name } = target.host;
  const id = idOf(target);
  if (id === undefined) return [warn('its server_id is not known', 'see that no other server has it')];
  const running = others.find(
    ({ host, report: { server } }) => host.name !== name && server?.ok && String(server.value.serverId) === id,
  );
  const planned = [donor, ...targets].find((side) => side.host.name !== name && idOf(side) === id);
  const twin = running ?? planned;
  if (!twin) return [];
  return [refuse(`server_id ${id} is ${twin.host.name}'s too`, `give ${name} another in its configuration`)];
}
