// Whether a replica gets what its source has, by its new tables and by what it applies afterwards: events that are left out, triggers, a donor that lacks rows. Pure.
import { roundedFloats, untypedJson } from '../seed/methods/dump/checks.ts';
import { type Finding, judging } from '../seed/preflight/finding.ts';
import { channelsOf } from '../seed/replica/source/replication-state.ts';
import type { TablesRequest } from './checks.ts';
import { namesText } from './plan.ts';
import { isReplicaOf } from './replica-of.ts';

/** Of events of rows alone those of one table can be left out, and no trigger is run. */
export const getsRows = ({ sourceFormat }: Pick<TablesRequest, 'sourceFormat'>): boolean => sourceFormat === 'ROW';
const whyNot = ({ sourceFormat }: Pick<TablesRequest, 'sourceFormat'>): string =>
  sourceFormat === undefined
    ? 'whether its source logs rows alone is not known'
    : `its source logs statements (binlog_format ${sourceFormat})`;

export function rowChecks(tables: TablesRequest): Finding[] {
  const { request, names, given, taken } = tables;
  const floats = names.filter((name) => given.floats.includes(name));
  const jsons = names.filter((name) => given.jsons.includes(name));
  const { warn } = judging(request.donor);
  return [
    warn('ALTER, DROP and TRUNCATE of the tables end the dump'),
    ...(floats.length > 0 ? [warn(`${roundedFloats}: ${namesText(floats)}`)] : []),
    ...(jsons.length > 0 ? [untypedJson(request.donor, namesText(jsons))] : []),
    ...(isReplicaOf(taken.state)
      ? [...lackingChecks(tables), ...floatChecks(tables), ...statementChecks(tables), ...receivedChecks(tables)]
      : []),
  ];
}

/** START SLAVE UNTIL needs both threads stopped, and a start of both deletes relay logs. */
const receivedChecks = ({ target, taken: { state } }: TablesRequest): Finding[] =>
  state.server.vendor === 'mariadb'
    ? [
        judging(target).warn(
          'what it has received and not applied is fetched again from its source, which has to be connected then',
        ),
      ]
    : [];

/** It has every GTID, and not every row. */
function lackingChecks({ request: { donor }, given: { state } }: TablesRequest): Finding[] {
  if (!isReplicaOf(state)) return [];
  const lacks = [...channelsOf(state).flatMap(({ filters = [] }) => filters), ...(state.passedOver ?? [])];
  if (lacks.length === 0) return [];
  return [
    judging(donor).refuse(
      `${donor.host.name} leaves out what its source sends (${lacks.join(', ')}): its tables may lack rows that its GTIDs say it has`,
      'take its source as the donor',
    ),
  ];
}

/** An event of rows finds its row by all of its values. */
function floatChecks({ request: { donor }, names, given }: TablesRequest): Finding[] {
  const keyed = new Set(given.constraints.flatMap(({ table, type }) => (type === 'PRIMARY KEY' ? [table] : [])));
  const lost = names.filter((name) => given.floats.includes(name) && !keyed.has(name));
  if (lost.length === 0) return [];
  return [
    judging(donor).refuse(
      `${namesText(lost)}: FLOAT columns, and no primary key: replication would not find its rows by rounded values`,
      'a primary key or DOUBLE there, or seed the whole server',
    ),
  ];
}

function statementChecks(tables: TablesRequest): Finding[] {
  if (getsRows(tables)) return [];
  const { target, names, given, taken } = tables;
  const { refuse, warn } = judging(target);
  const error = taken.state.channel?.applierError;
  const triggers = [...given.triggers, ...taken.triggers].filter(({ table }) => names.includes(table));
  const list = [...new Set(triggers.map(({ table, name }) => `${name} of ${table}`))];
  return [
    ...(error === undefined
      ? [warn(`where its applier fails on the way, the job ends: ${whyNot(tables)}`, 'then seed it as a whole')]
      : [
          refuse(
            `its applier fails (${error}), and ${whyNot(tables)}: without those of these tables, changes of others would be lost`,
            'mend the row there and START REPLICA, or seed it as a whole',
          ),
        ]),
    ...(list.length > 0
      ? [
          refuse(
            `${namesText(list)}: triggers are not brought, and ${whyNot(tables)}: without them, what they write into other tables would be lost`,
            'seed it as a whole',
          ),
        ]
      : []),
  ];
}
