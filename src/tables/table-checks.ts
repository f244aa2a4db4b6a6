// Whether the named tables can be taken from the donor, and put where the target has such or not. Pure.
import { type Finding, judging } from '../seed/preflight/finding.ts';
import type { TablesRequest } from './checks.ts';
import { isPlain, sizeText, type TableFacts } from './facts.ts';
import { namesText } from './plan.ts';
import { isReplicaOf } from './replica-of.ts';

/** Each is a word of a statement. */
const maxTables = 500;

export const tableChecks = (tables: TablesRequest): Finding[] => [...givenChecks(tables), ...takenChecks(tables)];

function givenChecks({ request: { donor }, names, given, taken }: TablesRequest): Finding[] {
  const { pass, warn, refuse } = judging(donor);
  const named = new Set(names);
  const all = new Map(given.tables.map((table) => [table.name, table]));
  const some = names.flatMap((name) => all.get(name) ?? []);
  const refusing = (of: readonly string[], text: string, advice: string) =>
    of.length === 0 ? [] : [refuse(`${namesText(of)}: ${text}`, advice)];
  const away = given.foreignKeys.filter(({ from, to }) => named.has(from) && !named.has(to));
  // Of a server of its own the donor's other tables are no concern.
  const coming = isReplicaOf(taken.state)
    ? given.foreignKeys.filter(({ from, to }) => named.has(to) && !named.has(from))
    : [];
  const abroad = given.foreignKeys.filter(
    ({ from, to }) => named.has(from) && named.has(to) && from.split('.')[0] !== to.split('.')[0],
  );
  const triggers = given.triggers.filter(({ table }) => named.has(table));
  const isMaria = given.state.server.vendor === 'mariadb';
  const nameOf = ({ name }: TableFacts) => name;
  const whole = 'seed the whole server';
  const refusals = [
    ...refusing(
      names.filter((name) => !all.has(name)),
      `${donor.host.name} has no such table`,
      'see the spelling',
    ),
    ...refusing(
      names.filter((name) => !isPlain(name)),
      'a name with other characters than letters, digits, _, - and $ can not be named by itself',
      whole,
    ),
    ...(names.length > maxTables ? [refuse(`${names.length} tables, and a job takes ${maxTables}`, 'name fewer')] : []),
    ...refusing(
      some.filter(({ type }) => type !== 'BASE TABLE').map(nameOf),
      'no table of rows (a view, a sequence, system versioning)',
      `leave it out, or ${whole}`,
    ),
    ...refusing(
      some.filter(({ type, engine }) => type === 'BASE TABLE' && engine !== 'InnoDB').map(nameOf),
      'not of InnoDB: only its tables have a read view, and can be imported',
      'ALTER TABLE ... ENGINE = InnoDB there',
    ),
    ...refusing(
      some.filter(({ options }) => /ENCRYPT/i.test(options)).map(nameOf),
      'encrypted: a key of the donor would be needed',
      whole,
    ),
    ...refusing(
      names.filter((name) => donor.facts.inTablespace.includes(name)),
      'in a general tablespace, which a dump does not make',
      'ALTER TABLE ... TABLESPACE = innodb_file_per_table there',
    ),
    ...refusing(
      some.filter(({ options }) => isMaria && /partitioned/i.test(options)).map(nameOf),
      'partitioned: a MariaDB imports no such table',
      whole,
    ),
    ...refusing(
      names.filter((name) => given.fulltext.includes(name)),
      'an index of FULLTEXT or SPATIAL is not imported with its table',
      'drop the index there, and make it again',
    ),
    ...refusing(
      away.map(({ from, to }) => `${from} → ${to}`),
      'a foreign key to a table that is not named: it would be checked against other rows',
      'name that table as well',
    ),
    ...refusing(
      coming.map(({ from, to }) => `${from} → ${to}`),
      'a foreign key of a table that is not named: a replica has it, or gets it meanwhile, and it would lead to the old table',
      'name that table as well, or drop the key',
    ),
    ...refusing(
      abroad.map(({ from, to }) => `${from} → ${to}`),
      'a foreign key between two databases',
      whole,
    ),
  ];
  if (refusals.length > 0) return refusals;
  return [
    pass(
      `${names.length === 1 ? 'the table' : `${names.length} tables`} ${namesText(names)}: ${sizeText(given, names)}`,
    ),
    ...(triggers.length > 0
      ? [warn(`triggers are not brought: ${namesText(triggers.map(({ table, name }) => `${name} of ${table}`))}`)]
      : []),
    ...furtherChecks({ donor, names, given }),
  ];
}

/** Of whole databases one might expect more than tables. */
function furtherChecks({
  donor,
  names,
  given,
}: Pick<TablesRequest, 'names' | 'given'> & { donor: TablesRequest['target'] }): Finding[] {
  const databases = new Set(names.map((name) => name.split('.')[0] ?? ''));
  const views = given.tables.filter(({ database, type }) => databases.has(database) && type.includes('VIEW'));
  const told = [
    ...given.further
      .filter(({ database }) => databases.has(database))
      .map(({ database, what, count }) => `${count} ${what}${count === 1 ? '' : 's'} of ${database}`),
    ...(views.length > 0 ? [`views ${namesText(views.map(({ name }) => name))}`] : []),
  ];
  if (told.length === 0) return [];
  return [
    judging(donor).warn(
      `tables and their rows alone are brought, and not: ${told.join(', ')}`,
      'they are text: mysqldump --no-data --no-create-info --routines --events has it; read what their definers may do',
    ),
  ];
}

function takenChecks({ request: { donor }, target, names, given, taken, replace }: TablesRequest): Finding[] {
  const { pass, warn, refuse } = judging(target);
  const named = new Set(names);
  const there = taken.tables.filter(({ name }) => named.has(name));
  const odd = there.filter(({ type }) => type !== 'BASE TABLE');
  const triggers = taken.triggers.filter(({ table }) => named.has(table));
  const outside = taken.foreignKeys.filter(
    ({ from, to }) => named.has(from) !== named.has(to) && (named.has(to) || there.some(({ name }) => name === from)),
  );
  const databases = new Set(names.map((name) => name.split('.')[0]));
  const further = taken.tables.filter(
    ({ name, database, type }) =>
      databases.has(database) &&
      type === 'BASE TABLE' &&
      !named.has(name) &&
      !given.tables.some((one) => one.name === name),
  );
  const list = namesText(there.map(({ name }) => name));
  const size = sizeText(taken, names);
  return [
    ...(odd.length > 0
      ? [
          refuse(
            `${namesText(odd.map(({ name }) => name))} is there, and no table of rows`,
            'DROP VIEW, or name another table',
          ),
        ]
      : []),
    ...(triggers.length > 0
      ? [
          refuse(
            `${namesText(triggers.map(({ table, name }) => `${name} of ${table}`))}: a table with triggers can not be moved aside`,
            'note SHOW CREATE TRIGGER, DROP TRIGGER (with sql_log_bin = 0 on a replica; events of rows need none there), and create it again afterwards',
          ),
        ]
      : []),
    ...outside.map(({ from, to }) =>
      refuse(
        `a foreign key of ${from} to ${to} would be between a new table and an old one`,
        'name both tables, or drop the key',
      ),
    ),
    ...(there.length === 0
      ? [pass(`it has none of these tables: ${namesText(names)}`)]
      : replace
        ? [
            warn(
              `${there.length} of the tables are there, and are replaced (${size}): ${list}`,
              'they are kept beside until the new ones are in use',
            ),
          ]
        : [refuse(`it has tables of these names: ${list} (${size})`, '--replace puts the new ones in their place')]),
    ...(further.length > 0
      ? [
          warn(
            `tables that ${donor.host.name} does not have stay as they are: ${namesText(further.map(({ name }) => name))}`,
          ),
        ]
      : []),
  ];
}
