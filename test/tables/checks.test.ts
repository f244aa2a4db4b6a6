// What is refused before named tables are put into a running server, each with what would make it possible.
import { describe, expect, test } from 'vitest';
import { tablesChecks } from '../../src/tables/checks.ts';
import { state, uuid } from '../salvage/salvaging.ts';
import { look, primary, replica, running, table, tablesRequest } from './tabling.ts';

const found = (level: string, more: Parameters<typeof tablesRequest>[0] = {}) =>
  tablesChecks(tablesRequest(more))
    .filter((one) => one.level === level)
    .map(({ host, text, advice }) => `${host}: ${text}; ${advice}`)
    .join('\n');
const refused = (more: Parameters<typeof tablesRequest>[0] = {}) => found('refuse', more);

describe('tables of a donor in a running server', () => {
  test('can be put into a replica of it', () => {
    expect(refused()).toBe('');
    expect(found('pass')).toContain('db3: it is held, brought to the place of the dump of db1, and goes on');
  });

  test('of the same name are refused by name, unless they may be replaced', () => {
    expect(refused({ replace: false })).toContain(
      'db3: it has tables of these names: shop.customers (15M); --replace puts the new ones in their place',
    );
    expect(found('warn')).toContain('1 of the tables are there, and are replaced (15M): shop.customers');
  });

  test('that the donor does not have, or that are none of InnoDB, are named', () => {
    expect(refused({ names: ['shop.custmers'] })).toContain('shop.custmers: db1 has no such table; see the spelling');
    const tables = [table('shop.customers', { engine: 'MyISAM' })];
    expect(refused({ given: primary({ tables }) })).toContain('shop.customers: not of InnoDB');
    expect(refused({ given: primary({ tables: [table('shop.customers', { type: 'VIEW' })] }) })).toContain(
      'shop.customers: no table of rows',
    );
  });

  test('with a foreign key of a table that is not named are refused for a replica, which gets that key while it is brought to the coordinates', () => {
    const given = primary({ foreignKeys: [{ from: 'shop.kid', to: 'shop.customers' }] });
    expect(refused({ given })).toContain('shop.kid → shop.customers: a foreign key of a table that is not named');
    expect(refused({ given, taken: primary() })).not.toContain('shop.kid');
  });

  test('with a foreign key to a table that is not named are refused, and not if that is named too', () => {
    const foreignKeys = [{ from: 'shop.customers', to: 'shop.orders' }];
    const asked = { given: primary({ foreignKeys }), taken: replica({ foreignKeys }) };
    expect(refused(asked)).toContain('shop.customers → shop.orders: a foreign key to a table that is not named');
    expect(refused({ ...asked, names: ['shop.customers', 'shop.orders'] })).toBe('');
    const other = { taken: replica({ foreignKeys: [{ from: 'shop.orders', to: 'shop.customers' }] }) };
    expect(refused(other)).toContain(
      'a foreign key of shop.orders to shop.customers would be between a new table and an old one',
    );
  });

  test('that have triggers on the target can not be moved aside', () => {
    const triggers = [{ table: 'shop.customers', name: 'audit' }];
    expect(refused({ taken: replica({ triggers }) })).toContain('audit of shop.customers: a table with triggers');
    expect(found('warn', { given: primary({ triggers }) })).toContain(
      'triggers are not brought: audit of shop.customers',
    );
  });

  test('with an index of FULLTEXT, with encryption, or with a name for a shell are refused', () => {
    expect(refused({ given: primary({ fulltext: ['shop.customers'] }) })).toContain('an index of FULLTEXT or SPATIAL');
    const tables = [table('shop.customers', { options: "ENCRYPTION='Y'" }), table('shop.a$(id)')];
    expect(refused({ given: primary({ tables }), names: ['shop.customers', 'shop.a$(id)'] })).toMatch(
      /a\$\(id\): a name with other characters[\s\S]*shop.customers: encrypted/,
    );
  });

  test('in a general tablespace are refused: their load failed, after the dump', () => {
    const { request, ...more } = tablesRequest();
    const inTablespace = ['shop.customers', 'crm.notes'];
    const donor = { ...request.donor, facts: { ...request.donor.facts, inTablespace } };
    const said = tablesChecks({ ...more, request: { ...request, donor } }).filter(({ level }) => level === 'refuse');
    expect(said.map(({ text }) => text)).toEqual([
      'shop.customers: in a general tablespace, which a dump does not make',
    ]);
  });

  test('need room beside the data', () => {
    const tables = [table('shop.customers', { bytes: 40e9 })];
    expect(refused({ given: primary({ tables }) })).toMatch(
      /too little room: .* free, .* needed for 37G of shop.customers/,
    );
    const { bytes: _, ...unsized } = table('shop.customers');
    expect(refused({ given: primary({ tables: [unsized] }) })).toContain(
      'the size of shop.customers is not known, nor whether there is room for it',
    );
  });
});

describe('a replica would lack rows', () => {
  const triggers = [{ table: 'shop.customers', name: 'audit' }];
  test('of other tables where its source logs statements and a trigger is not brought', () => {
    const asked = { given: primary({ triggers }) };
    expect(refused(asked)).toBe('');
    expect(refused({ ...asked, sourceFormat: 'MIXED' })).toContain(
      'audit of shop.customers: triggers are not brought, and its source logs statements (binlog_format MIXED)',
    );
  });

  test('that its donor leaves out', () => {
    const { channel } = replica().state;
    const given = (more: Parameters<typeof state>[2]) => ({ given: look(state('mysql', `${uuid}:1-60`, more)) });
    const text = 'take its source as the donor';
    if (!channel) throw new Error('no channel');
    expect(refused(given({ channel }))).toBe('');
    expect(refused(given({ channel: { ...channel, filters: ['replicate_ignore_table shop.notes'] } }))).toContain(text);
    expect(refused(given({ channel, passedOver: ['replica_skip_errors 1062'] }))).toContain(
      'db1 leaves out what its source sends (replica_skip_errors 1062)',
    );
  });

  test('with values of FLOAT and no primary key', () => {
    const floats = ['shop.customers'];
    expect(refused({ given: primary({ floats }) })).toContain('shop.customers: FLOAT columns, and no primary key');
    const constraints = [{ table: 'shop.customers', name: 'PRIMARY', type: 'PRIMARY KEY' }];
    expect(refused({ given: primary({ floats, constraints }) })).toBe('');
    expect(found('warn', { given: primary({ floats, constraints }) })).toContain('rounded to six digits');
    expect(found('warn', { given: primary({ constraints }) })).not.toContain('inside a JSON');
    expect(found('warn', { given: primary({ constraints, jsons: floats }) })).toContain(
      'inside a JSON value becomes text or a DOUBLE (1.10 becomes 1.1), and the sums do not see it: shop.customers',
    );
  });
});

test('two databases with a constraint of the same name are refused before the dump', () => {
  const names = ['crm.items', 'shop.items'];
  const constraints = (name: string) => names.map((table) => ({ table, name, type: 'FOREIGN KEY' }));
  const of = (name: string) => ({
    names,
    given: primary({ tables: names.map((one) => table(one)), constraints: constraints(name) }),
  });
  expect(refused(of('fk_items_order'))).toContain(
    'crm.items and shop.items have a constraint of the same name (fk_items_order)',
  );
  expect(refused(of('items_ibfk_1'))).toBe('');
});

describe('a target that', () => {
  test('has several channels, a filter, a delay or no GTIDs is refused', () => {
    const of = (more: Parameters<typeof state>[2]) => ({
      taken: look(state('mysql', `${uuid}:1-56`, { channel: running, ...more })),
    });
    expect(refused(of({ further: [{ channel: running, delaySeconds: 0 }] }))).toContain('it has several channels');
    expect(refused(of({ channel: { ...running, filters: ['replicate_do_db shop'] } }))).toContain(
      'it has a filter (replicate_do_db shop)',
    );
    expect(refused(of({ delaySeconds: 3600 }))).toContain('it is 3600 s late on purpose');
    const { server } = state('mysql', `${uuid}:1-56`);
    expect(refused(of({ server: { ...server, gtid: false } }))).toContain('it replicates without GTIDs');
  });

  test('has an applier with an error is brought there without the events of these tables', () => {
    const broken = { ...running, sqlThread: 'stopped', applierError: '1032 no such row in shop.customers' } as const;
    const asked = { taken: look(state('mysql', `${uuid}:1-56`, { channel: broken })) };
    expect(refused(asked)).toBe('');
    expect(refused({ ...asked, sourceFormat: 'MIXED' })).toContain(
      'its applier fails (1032 no such row in shop.customers), and its source logs statements (binlog_format MIXED)',
    );
    expect(found('warn', asked)).toContain('its applier fails: 1032 no such row in shop.customers');
  });

  test('has an applier with an error and a source with XA transactions is refused before the dump: its repair failed at its end', () => {
    const broken = { ...running, sqlThread: 'stopped', applierError: '1032 no such row in shop.customers' } as const;
    const taken = look(state('mysql', `${uuid}:1-56`, { channel: broken }));
    expect(refused({ taken, given: primary({ xaBegun: 3 }) })).toContain(
      'its applier fails, and db1 has XA transactions (Com_xa_start 3): a MySQL applies none while events of some tables are left out',
    );
    expect(refused({ taken, given: primary({ xaBegun: 0 }) })).toBe('');
    expect(refused({ given: primary({ xaBegun: 3 }) })).toBe('');
  });

  test('has lost its source for a moment has no applier that fails', () => {
    const error = 'error reconnecting to source';
    const away = { ...running, ioThread: 'connecting', error, ioError: error } as const;
    const asked = { taken: look(state('mysql', `${uuid}:1-56`, { channel: away })), sourceFormat: 'MIXED' };
    expect(refused(asked)).toBe('');
    expect(found('warn', asked)).not.toContain('its applier fails:');
    expect(found('warn', asked)).toContain('it is not connected to its source (error reconnecting to source)');
  });

  test('would run past what only its donor wrote in the domain of their source is refused', () => {
    const mariadb = (gtid: string, serverId: number) => {
      const of = state('mariadb', gtid, { channel: { ...running, gtidRetrieved: gtid } });
      return look({ ...of, server: { ...of.server, serverId } });
    };
    const asked = (gtid: string, has = '0-1-560') => ({ given: mariadb(gtid, 10), taken: mariadb(has, 5) });
    expect(refused(asked('0-10-561'))).toContain('db1 has written 0-10-561 itself, which its source does not have');
    for (const one of [asked('0-1-561'), asked('0-10-559', '0-10-559')])
      expect(refused(one)).not.toContain('has written');
  });

  test('would wait in vain for what only the donor has written is refused', () => {
    const other = '5fb41762-eaeb-11f1-b7cb-525400770011';
    const given = look(state('mysql', `${uuid}:1-60,${other}:1-3`));
    expect(refused({ given })).toContain(`db1 has transactions of ${other}, of which db3 has none`);
  });

  test('was a primary once is no other server: what it wrote then, its donor has too', () => {
    const own = 'daa5779a-e6ca-11f1-92dd-525400770013';
    const was = state('mysql', `${uuid}:1-56,${own}:1-9`, { channel: running });
    const taken = look({ ...was, server: { ...was.server, serverUuid: own } });
    const given = look({
      ...primary().state,
      server: { ...primary().state.server, gtidExecuted: `${uuid}:1-60,${own}:1-7` },
    });
    expect(refused({ given, taken })).toBe('');
    expect(found('warn', { given, taken })).toContain(`it has transactions of its own, which stay: ${own}:8-9`);
  });

  test('has a replica that is stopped now, as the donor may be, is refused', () => {
    const { channel } = replica().state;
    if (!channel) throw new Error('no channel');
    const asked = tablesRequest();
    const replication = {
      ok: true,
      value: { channels: [{ ...channel, sourceHost: '10.77.0.13', ioThread: 'stopped' }], replicas: [] },
    } as const;
    const donor = { ...asked.request.donor, report: { ...asked.request.donor.report, replication } };
    expect(refused({ request: { ...asked.request, donor }, taken: primary({ tables: [] }) })).toContain(
      'db1 replicates from it, or did when it was stopped',
    );
    const { sourceUuid: _, ...nameless } = channel;
    const at = (sourceHost: string) => {
      const value = { channels: [{ ...nameless, sourceHost, ioThread: 'stopped' }], replicas: [] } as const;
      const report = { ...asked.request.donor.report, replication: { ok: true, value } } as const;
      const target = { ...asked.target, facts: { ...asked.target.facts, routes: { '10.77.0.1': '10.99.0.13' } } };
      const request = { ...asked.request, donor: { ...asked.request.donor, report } };
      return refused({ request, target, taken: primary({ tables: [] }) });
    };
    for (const name of ['10.99.0.13', 'DB3.example.com'])
      expect(at(name)).toContain('db1 replicates from it, or did when it was stopped');
    expect(at('10.99.0.14')).toBe('');
  });

  test('does not tell its replicas is refused', () => {
    const asked = tablesRequest();
    const value = { channels: [], replicas: [], replicasUnknown: 'ERROR 1227: access denied' };
    const target = { ...asked.target, report: { ...asked.target.report, replication: { ok: true, value } } as const };
    expect(refused({ target })).toContain('its replicas: unknown (ERROR 1227: access denied)');
  });

  test('has a login that may not put tables in is refused, with what to grant', () => {
    const asked = tablesRequest();
    const target = { ...asked.target, facts: { ...asked.target.facts, privileges: ['SELECT', 'PROCESS'] } };
    expect(refused({ target })).toContain(
      'its login has no CREATE, DROP, ALTER, INSERT, REFERENCES, SYSTEM_VARIABLES_ADMIN',
    );
  });

  test.each([
    ['innodb_file_per_table', 'OFF', 'innodb_file_per_table is OFF: a table that is made there has no file'],
    ['innodb_default_row_format', 'compact', 'innodb_default_row_format is compact'],
    ['default_table_encryption', 'ON', 'default_table_encryption is ON: the tables that come are not encrypted'],
    ['innodb_encrypt_tables', 'FORCE', 'innodb_encrypt_tables is FORCE'],
    ['lower_case_table_names', '1', 'lower_case_table_names is 1 here and 0 on db1'],
  ])('has %s = %s is refused before the dump', (name, value, text) => {
    const { settings } = replica();
    expect(refused({ taken: replica({ settings: new Map([...settings, [name, value]]) }) })).toContain(`db3: ${text}`);
  });

  test('has replicas is refused: they would not get the tables', () => {
    const asked = tablesRequest();
    const { report } = asked.target;
    const replication = { ok: true, value: { channels: [], replicas: [{ host: 'db9', port: 3306 }] } } as const;
    const target = { ...asked.target, report: { ...report, replication } };
    expect(refused({ target })).toContain('it has replicas (db9:3306): imported tables are in no binary log');
  });

  test('replicates from no host gets them as they are, and its binary log does not have them', () => {
    const asked = { taken: primary({ tables: [] }) };
    expect(refused(asked)).toBe('');
    expect(found('warn', asked)).toContain('its own binary log will not have these tables');
  });
});
