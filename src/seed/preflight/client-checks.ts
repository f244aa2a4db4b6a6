// Whether hosts replicate from a target, or clients write to it: no host may lose a source, or writes, by a seed unseen.

import type { AttachedReplica, ReplicationFacts } from '../../host/facts.ts';
import { loopWords } from '../../host/log/stop-reason.ts';
import { isServerDown, serverState } from '../../service/server-state.ts';
import { endingOf } from '../ending.ts';
import type { SeedRequest, Side } from '../request.ts';
import { awayChecks } from './away-checks.ts';
import { type Finding, judging } from './finding.ts';

/** For a server that did not answer: whether it can have clients. */
function silentCheck(target: Side): Finding {
  const { report } = target;
  const { pass, unknown } = judging(target);
  if (isServerDown(report)) return pass('its server is down: it has no clients');
  if (!isBetween(report)) return unknownUsers(target);
  // It may have been up between two looks.
  return unknown(
    `${loopWords(report) ?? 'its server starts or stops'}: it took no connection just now, and may be up for a moment`,
  );
}

/** No host may lose a source, or writes, by the seed. */
export function clientChecks(request: SeedRequest, target: Side): Finding[] {
  const { host, report, facts } = target;
  const { refuse } = judging({ host });
  const { replication, server } = report;
  // Another job stops and starts its server between two answers. That job's lock already refuses.
  if (facts.locked) return [];
  const away = awayChecks(request, target);
  if (!server?.ok) return [silentCheck(target), ...away];
  if (!replication?.ok)
    return [
      refuse(
        `its replicas: unknown (${replication?.why ?? 'not answered yet'})`,
        'let reseed log in (mysql.defaultsFile)',
      ),
    ];
  const left = leftBehind(request, replication.value.replicas);
  if (left.length > 0) {
    const names = left.map((replica) => replica.host).join(', ');
    return [refuse(`${host.name} is the source of ${names}`, leftAdviceFor(request))];
  }
  if (away.some(({ level }) => level === 'refuse')) return away;
  return [...away, ...userChecks(request, target, replication.value)];
}

/** Who uses a server that answers. */
function userChecks(request: SeedRequest, target: Side, { channels, replicasUnknown }: ReplicationFacts): Finding[] {
  const { host, report, facts } = target;
  const { server } = report;
  const { pass, warn, refuse, unknown } = judging({ host });
  if (!server?.ok) return [];
  const written = writtenFinding(request, target, channels.length === 0 && !server.value.readOnly);
  if (written?.level === 'refuse') return [written];
  if (replicasUnknown !== undefined) {
    const advice = `give the login of reseed REPLICATION SLAVE (MySQL) or REPLICATION MASTER ADMIN (MariaDB), or: reseed stop ${host.name}`;
    return [refuse(`its replicas: unknown (${replicasUnknown})`, advice)];
  }
  if (written) return [written];
  if (facts.writers.length > 0) return [warn(`sessions that will end: ${facts.writers.join(', ')}`)];
  const unseen = facts.unanswered.includes('writers')
    ? 'its server did not tell in time'
    : server.value.longestStatementSeconds === undefined && 'the login of reseed does not see all sessions';
  return unseen
    ? [pass('no replica is connected to it'), unknown(`who is logged in: unknown, ${unseen}`)]
    : [pass('no replica is connected to it, and no client is logged in')];
}

/** `takesWrites`: it replicates from no host, and is not read-only. */
function writtenFinding(request: SeedRequest, target: Side, takesWrites: boolean): Finding | undefined {
  if (!takesWrites) return undefined;
  const { warn, refuse } = judging(target);
  const { name } = target.host;
  const { writers } = target.facts;
  if (endingOf(request).replacesWritable && hasNoClient(target)) {
    const seen =
      request.asked && stoodAt(request, target) === undefined
        ? 'a client is logged in when its server is stopped, it is left as it is; rows that are written before go unseen: it has neither GTIDs nor a binary log'
        : 'rows are written, or a client logs in, before its server is stopped, it is left as it is';
    return warn(`${name} takes writes, and no client is logged in: what was written there goes. If ${seen}`);
  }
  const users = writers.length > 0 ? `: ${writers.join(', ')}` : '';
  return refuse(`${name} takes writes${users}`, `if it is to be rebuilt all the same: reseed stop ${name}`);
}

/** How far its own writes had come in the plan: GTIDs, or `log:FILE:POSITION`. undefined: it counts none, or did not say. */
export function stoodAt({ asked }: SeedRequest, { host }: Side): string | undefined {
  const state = asked?.targets?.[host.name];
  if (!state) return undefined;
  const own = state.server.gtid ? state.server.gtidExecuted : '';
  const gtids = state.server.vendor === 'mariadb' ? state.binlogGtid : own;
  if (gtids !== '') return gtids.replaceAll(/\s/g, '');
  return state.logged && `log:${state.logged.file}:${state.logged.position}`;
}

/** Those that the seed does not rebuild with it: they would lose their source. */
function leftBehind(request: SeedRequest, replicas: readonly AttachedReplica[]): readonly AttachedReplica[] {
  if (endingOf(request).minTargets < 2) return replicas;
  return replicas.filter((replica) => !request.targets.some((target) => isReplica(replica, target)));
}

const leftAdviceFor = (request: SeedRequest) =>
  endingOf(request).catchesUp
    ? 'point them to another source first'
    : 'point them to another source first, or name them in the same set (--as-set)';

/** As its server knows itself; a host may be called as another one reports itself. */
export const isReplica = (
  { uuid, serverId, host }: AttachedReplica,
  { host: own, report: { server }, facts }: Side,
): boolean =>
  uuid !== undefined || serverId !== undefined
    ? (server?.ok && uuid !== undefined && server.value.serverUuid === uuid) ||
      (serverId !== undefined && facts.variables.server_id === String(serverId))
    : host === own.ssh.host || host === own.name;

const hasNoClient = ({ facts, report: { server } }: Side): boolean =>
  facts.writers.length === 0 &&
  !facts.unanswered.includes('writers') &&
  server?.ok === true &&
  server.value.longestStatementSeconds !== undefined;

/** It is starting or stopping, or crash-looping: a server whose socket refuses every login, or that has no process now, serves no client. */
const isBetween = ({ service, server }: Side['report']): boolean =>
  service?.ok === true &&
  serverState(service.value) === 'between' &&
  server?.ok === false &&
  /ERROR 200[23]\b|\bis down\b/.test(server.why);

/** It runs, or that is unknown; it gave no answer by SQL. */
function unknownUsers({ host, report }: Side): Finding {
  const { server, service } = report;
  const runs = service?.ok ? 'its server runs' : 'whether its server runs is not known';
  const why = server && !server.ok ? server.why : 'it has not answered yet';
  // The service was checked a moment earlier or later, when it ran.
  if (/\bis down\b/.test(why))
    return judging({ host }).refuse(`its server starts or stops now: ${why}`, 'try again in a moment');
  const advice = `let reseed log in (mysql.defaultsFile), or: reseed stop ${host.name}`;
  return judging({ host }).refuse(`${runs}, and who uses it is not known: ${why}`, advice);
}
