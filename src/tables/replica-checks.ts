// Whether a target can be brought to exactly the coordinates of the dump; of one that replicates from no host, who else would need its new tables. Pure.
import { type Finding, judging } from '../seed/preflight/finding.ts';
import { replicatesFrom } from '../seed/preflight/replicates-from.ts';
import { replicaWord } from '../seed/replica/change-words.ts';
import { readGtidPosition, readGtidState } from '../seed/replica/gtid-set.ts';
import type { TablesRequest } from './checks.ts';
import { namesText } from './plan.ts';
import { appliedOf, givenOf, ownOf, passedBy } from './positions.ts';
import { isReplicaOf } from './replica-of.ts';

export function replicaChecks(tables: TablesRequest): Finding[] {
  const { target, taken } = tables;
  return [...ownReplicas(tables), ...(isReplicaOf(taken.state) ? heldChecks(tables) : aloneChecks(target))];
}

/** What is imported is in no statement, so that no binary log can carry it. */
function ownReplicas({ request: { donor, others }, target, taken }: TablesRequest): Finding[] {
  const { refuse, unknown } = judging(target);
  const { replication } = target.report;
  const silent = others
    .filter(
      ({ host, report }) => host.name !== target.host.name && host.name !== donor.host.name && !report.replication?.ok,
    )
    .map(({ host }) => host.name);
  const away = [donor, ...others].filter(
    (one) => one.host.name !== target.host.name && replicatesFrom(one, target, taken.state.server),
  );
  if (away.length > 0) {
    const list = [...new Set(away.map(({ host }) => host.name))].join(', ');
    return [
      refuse(
        `${list} replicates from it, or did when it was stopped: imported tables are in no binary log, and it would not get them`,
        'RESET REPLICA ALL there if it never will again; else load these tables by hand, through the binary log',
      ),
    ];
  }
  if (!replication?.ok || replication.value.replicasUnknown !== undefined) {
    const why = replication?.ok ? replication.value.replicasUnknown : (replication?.why ?? 'not answered yet');
    return [
      refuse(
        `its replicas: unknown (${why}), and they would not get these tables`,
        'give the login of reseed REPLICATION SLAVE (MySQL) or REPLICATION MASTER ADMIN (MariaDB)',
      ),
    ];
  }
  const names = replication.value.replicas.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`));
  if (names.length === 0) {
    if (silent.length === 0) return [];
    return [
      unknown(`whether ${namesText(silent)} did replicate from it is unknown: imported tables are in no binary log`),
    ];
  }
  return [
    refuse(
      `it has replicas (${names.join(', ')}): imported tables are in no binary log, and they would not get them`,
      'stop these replicas, and put the tables into each of them as well',
    ),
  ];
}

const aloneChecks = (target: TablesRequest['target']): Finding[] => [
  judging(target).pass('it replicates from no host: the tables are put in place as they were on the donor'),
  judging(target).warn(
    'its own binary log will not have these tables: what is restored from an older backup and its logs lacks them',
    'take a backup, or a snapshot, afterwards',
  ),
];

function heldChecks(tables: TablesRequest): Finding[] {
  const { target, taken, given } = tables;
  const { donor } = tables.request;
  const { pass, warn, refuse } = judging(target);
  const { state } = taken;
  const { channel, further, server } = state;
  const { vendor } = server;
  const word = replicaWord(server);
  if (further.length > 0 || !channel) {
    return [refuse('it has several channels: to what place it would be brought is not one set', 'seed it as a whole')];
  }
  const isBroken = channel.applierError !== undefined;
  const own = ownOf(state, givenOf(given.state));
  const ahead = passedBy(state, givenOf(given.state));
  return [
    ...(server.gtid && (vendor !== 'mariadb' || channel.autoPosition)
      ? []
      : [refuse('it replicates without GTIDs: it can not be brought to the place of a dump', 'seed it as a whole')]),
    ...(channel.filters ?? []).map((filter) =>
      refuse(`it has a filter (${filter}): what it applies, and what it has, differ`, 'seed it as a whole'),
    ),
    ...(channel.sqlThread === 'running' || isBroken
      ? []
      : [warn(`its applier is stopped (STOP ${word}, or an earlier job): it is started once the tables are in place`)]),
    ...(channel.ioThread !== 'stopped'
      ? []
      : [refuse('it receives nothing: its receiver is stopped', `START ${word} IO_THREAD there`)]),
    ...(isBroken
      ? [
          warn(
            `its applier fails: ${channel.applierError}`,
            'it is brought to the coordinates of the dump without events of these tables, and goes on from there',
          ),
        ]
      : []),
    ...(isBroken ? xaChecks(tables) : []),
    ...awayChecks(tables),
    ...(server.readOnly
      ? []
      : [warn('it takes writes (read_only is off): what clients write into these tables meanwhile is lost')]),
    ...(own === '' ? [] : [warn(`it has transactions of its own, which stay: ${own}`)]),
    ...(state.delaySeconds > 0
      ? [
          refuse(
            `it is ${state.delaySeconds} s late on purpose, and would have to wait for the dump`,
            'CHANGE REPLICATION ... DELAY = 0 for the job',
          ),
        ]
      : []),
    ...(ahead === ''
      ? [
          pass(
            `it is held, brought to the place of the dump of ${donor.host.name}, and goes on: it is behind meanwhile`,
          ),
        ]
      : [warn(`${donor.host.name} did not have ${ahead} when it was asked: the job waits until it does`)]),
    ...strangeChecks({ donor, target, given: givenOf(given.state), state }),
    ...ownLastChecks(tables),
    warn(
      'DDL of these tables together with others, applied meanwhile, is applied to none of them where its applier fails on the way',
    ),
  ];
}

/** ER_XA_REPLICATION_FILTERS, whatever tables the transaction has: it would be met after the dump and the load. */
function xaChecks({ request: { donor }, target, given }: TablesRequest): Finding[] {
  const { xaBegun = 0, state } = given;
  if (state.server.vendor !== 'mysql' || xaBegun === 0) return [];
  return [
    judging(target).refuse(
      `its applier fails, and ${donor.host.name} has XA transactions (Com_xa_start ${xaBegun}): a MySQL applies none while events of some tables are left out`,
      'seed it as a whole (--method delta, or lvm)',
    ),
  ];
}

/** Its connection has an error, and its applier none. */
function awayChecks({ target, taken: { state } }: TablesRequest): Finding[] {
  const { ioThread, ioError } = state.channel ?? {};
  if (ioThread !== 'connecting') return [];
  const why = ioError ? ` (${ioError})` : '';
  return [judging(target).warn(`it is not connected to its source${why}: the job waits for what it has not received`)];
}

/** What the donor has and no source of the target ever sends would be waited for in vain. */
function strangeChecks({
  donor,
  target,
  given,
  state,
}: {
  donor: TablesRequest['target'];
  target: TablesRequest['target'];
  given: string;
  state: TablesRequest['taken']['state'];
}): Finding[] {
  const writers = (text: string) =>
    new Set(
      text
        .split(',')
        .flatMap((part) => (state.server.vendor === 'mariadb' ? part.split('-')[0] : part.split(':')[0]) ?? [])
        .filter((one) => one !== ''),
    );
  const known = writers([appliedOf(state), state.channel?.gtidRetrieved ?? ''].join(','));
  const strange = [...writers(given)].filter((one) => !known.has(one));
  if (strange.length === 0) return [];
  return [
    judging(target).refuse(
      `${donor.host.name} has transactions of ${strange.join(', ')}, of which ${target.host.name} has none: it can not be brought to the same place`,
      'take its source, or a replica of the same source, as the donor',
    ),
  ];
}

/** A MariaDB that replicates stops at the server_id of the coordinates alone: what the donor wrote last in a domain of its source is nowhere else. */
function ownLastChecks({ request: { donor }, target, given, taken }: TablesRequest): Finding[] {
  const { server, ownGtid } = given.state;
  if (server.vendor !== 'mariadb' || !isReplicaOf(given.state)) return [];
  const { binlogState, slaveGtid, channel } = taken.state;
  const has = readGtidState([binlogState, slaveGtid, channel?.gtidRetrieved ?? ''].join(','));
  const own = [...(readGtidPosition(ownGtid) ?? new Map())].flatMap(([domain, at]) =>
    at.server === `${server.serverId}` && at.sequence > (has.get(`${domain}-${at.server}`) ?? -1n)
      ? [`${domain}-${at.server}-${at.sequence}`]
      : [],
  );
  if (own.length === 0) return [];
  return [
    judging(target).refuse(
      `${donor.host.name} has written ${own.join(', ')} itself, which its source does not have: ${target.host.name} can not be brought to the same place`,
      'take its source, or a replica of the same source, as the donor',
    ),
  ];
}
