// Whether the target's server can import the tables, and its login may have it do so: found here, and not after the dump and the load. Pure.
import { type Finding, judging } from '../seed/preflight/finding.ts';
import { privilegeChecks } from '../seed/preflight/privilege-checks.ts';
import type { TablesRequest } from './checks.ts';
import { isReplicaOf } from './replica-of.ts';

export const importChecks = (tables: TablesRequest): Finding[] => [
  ...optionChecks(tables),
  ...constraintChecks(tables),
  ...loginChecks(tables),
];

function optionChecks({ request: { donor }, target, given, taken }: TablesRequest): Finding[] {
  const { refuse } = judging(target);
  const of = (name: string) => taken.settings.get(name) ?? '';
  const isSet = (name: string) => !/^(|0|OFF)$/i.test(of(name));
  const named = (name: string) => `${name} is ${of(name)}`;
  const [ours, theirs] = [given, taken].map(({ settings }) => settings.get('lower_case_table_names') ?? '0');
  return [
    ...(of('innodb_file_per_table') !== '' && !isSet('innodb_file_per_table')
      ? [
          refuse(
            `${named('innodb_file_per_table')}: a table that is made there has no file to be exchanged`,
            'SET GLOBAL innodb_file_per_table = ON for the job',
          ),
        ]
      : []),
    ...(/^(|dynamic)$/i.test(of('innodb_default_row_format'))
      ? []
      : [
          refuse(
            `${named('innodb_default_row_format')}: the tables that come are made as DYNAMIC, and would not fit`,
            'SET GLOBAL innodb_default_row_format = DYNAMIC for the job',
          ),
        ]),
    ...['default_table_encryption', 'innodb_encrypt_tables']
      .filter(isSet)
      .map((name) =>
        refuse(`${named(name)}: the tables that come are not encrypted, and would not fit`, 'seed the whole server'),
      ),
    ...(ours === theirs
      ? []
      : [
          refuse(
            `lower_case_table_names is ${theirs} here and ${ours} on ${donor.host.name}`,
            'they have to be equal: names would be taken for others',
          ),
        ]),
  ];
}

/** All tables are in one database for a while, where such a name can be once. A name that the server makes of that of the table goes along with that. */
function constraintChecks({ request: { donor }, names, given }: TablesRequest): Finding[] {
  const isMaria = given.state.server.vendor === 'mariadb';
  const first = new Map<string, string>();
  return given.constraints.flatMap(({ table, name, type }) => {
    const own = table.slice(table.indexOf('.') + 1);
    const isMade = name.startsWith(`${own}_`) && /^(ibfk|chk)_\d+$/.test(name.slice(own.length + 1));
    // CHECKs of a MariaDB are of their table.
    const isUnique = type === 'FOREIGN KEY' || (type === 'CHECK' && !isMaria);
    if (!names.includes(table) || isMade || !isUnique) return [];
    const sign = `${type} ${name.toLowerCase()}`;
    const other = first.get(sign);
    if (other === undefined) first.set(sign, table);
    if (other === undefined || other.split('.')[0] === table.split('.')[0]) return [];
    return [
      judging(donor).refuse(
        `${other} and ${table} have a constraint of the same name (${name}), and come into one database first`,
        'put the databases in one after the other',
      ),
    ];
  });
}

/** SUPER has them in older servers. */
function loginChecks({ target, taken: { state } }: TablesRequest): Finding[] {
  const { vendor, readOnly } = state.server;
  const common = ['SELECT', 'CREATE', 'DROP', 'ALTER', 'INSERT', 'REFERENCES', 'PROCESS'];
  const [unlogged, writes, replicates] =
    vendor === 'mariadb'
      ? ['BINLOG ADMIN|SUPER', 'READ_ONLY ADMIN|READ ONLY ADMIN|SUPER', 'REPLICATION SLAVE ADMIN|SUPER']
      : ['SYSTEM_VARIABLES_ADMIN|SUPER', 'CONNECTION_ADMIN|SUPER', 'REPLICATION_SLAVE_ADMIN|SUPER'];
  const needed = [...common, unlogged, ...(readOnly ? [writes] : []), ...(isReplicaOf(state) ? [replicates] : [])];
  return privilegeChecks(target, needed, { may: 'put tables in', needs: 'that' });
}
