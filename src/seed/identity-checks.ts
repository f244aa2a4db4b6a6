// Whether a target is a machine and a server of its own.
import { type Finding, judging } from './finding.ts';
import type { SeedWish, Side } from './wish.ts';

export function identityChecks(wish: SeedWish, target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const twin = [wish.donor, ...wish.targets.slice(0, wish.targets.indexOf(target))].find((one) => isOne(one, target));
  if (twin) {
    return [refuse(`${target.host.name} is ${twin.host.name}: they are one machine`, 'name another target')];
  }
  const uuid = uuidOf(target);
  if (uuid !== undefined && uuid === uuidOf(wish.donor)) {
    return [
      refuse(
        `its server_uuid is that of ${wish.donor.host.name}, ${uuid}: they may be one server`,
        'where its datadir is a copy of the donor: delete auto.cnf in it',
      ),
    ];
  }
  const found = idChecks(wish, target);
  return found.length > 0 ? found : [pass(`another machine than the donor, server_id ${idOf(target)}`)];
}

function isOne(one: Side, other: Side): boolean {
  return (
    one.host.name === other.host.name || one.facts.machine === other.facts.machine || placeOf(one) === placeOf(other)
  );
}

/** Behind two jump hosts there may be two machines with one address. */
const placeOf = ({ host: { ssh } }: Side): string => JSON.stringify([ssh.host, ssh.port, ssh.jump]);

/** Of a server that is down, what its auto.cnf says. */
const uuidOf = ({ facts }: Side): string | undefined => facts.variables.server_uuid;
const idOf = ({ facts }: Side): string | undefined => facts.variables.server_id;

/** No two servers of a replication may have one id: of those that run, and of the targets. */
function idChecks({ donor, targets, others }: SeedWish, target: Side): Finding[] {
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
