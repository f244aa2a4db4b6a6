// What a seed looks at before it begins, from what hosts of the practice fleet said.
import { describe, expect, test } from 'vitest';
import type { SeedFacts } from '../../src/seed/facts.ts';
import { isRefused, preflight } from '../../src/seed/preflight.ts';
import { side, wish } from './sides.ts';

const findings = (level: string, ...args: Parameters<typeof wish>) =>
  preflight(wish(...args))
    .filter((finding) => finding.level === level)
    .map(({ host, text }) => `${host}: ${text}`);

describe('a seed from a healthy replica', () => {
  test('passes every check, each with its figure', () => {
    const all = preflight(wish(side('db2'), [side('db3'), side('db6')]));
    expect(isRefused(all)).toBe(false);
    const texts = all.map(({ host, text }) => `${host}: ${text}`);
    expect(texts).toContain('db2: lag 0 s');
    expect(texts.join('\n')).toMatch(/db3: room for new data beside the old: [\d.]+G free, \d+M needed/);
    expect(texts).toContain('db6: MySQL 9.7.4, as the donor');
    expect(texts).toContain('db6: its server is down: nobody uses it');
    expect(texts).toContain('db3: will replicate from db1, by GTID, as the account of db2');
  });
});

describe('a seed is refused', () => {
  test('where donor and target are one machine, whatever they are called', () => {
    const twin = side('db3', { machine: side('db2').facts.machine });
    expect(findings('refuse', side('db2'), [twin])).toContain('db3: db3 is db2: they are one machine');
  });

  test('where others replicate from the target, or it takes writes', () => {
    expect(findings('refuse', side('db2'), [side('db1')]).join()).toMatch(/db1 is the source of /);
    const { replication } = side('db1').report;
    if (!replication?.ok) throw new Error('no replication recorded');
    const alone = side(
      'db1',
      { writers: ['app@10.0.0.7'] },
      { replication: { ok: true, value: { ...replication.value, replicas: [] } } },
    );
    expect(findings('refuse', side('db2'), [alone])).toContain('db1: db1 takes writes: app@10.0.0.7');
  });

  test('where a part of the donor lies elsewhere', () => {
    const { variables } = side('db2').facts;
    const donor = side('db2', {
      links: ['/var/lib/mysql/shop/big.ibd'],
      variables: { ...variables, innodb_undo_directory: '/ssd/undo' },
    });
    const refused = findings('refuse', donor, [side('db3')]).join('\n');
    expect(refused).toContain('innodb_undo_directory is /ssd/undo');
    expect(refused).toContain('/var/lib/mysql/shop/big.ibd leads out of the datadir');
  });

  test('where the target has too little room: --clear makes some of it, where that is enough', () => {
    const small = side('db3', { freeBytes: 100_000_000, dataBytes: 229_000_000 });
    expect(findings('refuse', side('db2'), [small]).join()).toMatch(
      /no room for new data beside the old: 95M free, \d+M needed/,
    );
    expect(findings('refuse', side('db2'), [small], { clear: true })).toEqual([]);
    const tiny = side('db3', { freeBytes: 1_000_000, dataBytes: 1_000_000 });
    expect(findings('refuse', side('db2'), [tiny], { clear: true }).join()).toContain('too little room');
  });

  test.each<[string, Partial<SeedFacts>, RegExp]>([
    [
      'is older than the donor',
      { program: 'mysqld  Ver 8.4.3 for Linux' },
      /MySQL 8.4.3 is older than the donor's MySQL 9.7.4/,
    ],
    [
      'is of another vendor',
      { program: 'mysqld  Ver 10.11.19-MariaDB' },
      /MariaDB 10.11.19 can't start on the data of MySQL 9.7.4/,
    ],
    ['is not installed', { program: '' }, /the version of db3 is not known/],
    [
      'has another page size',
      { variables: { server_id: '13', innodb_page_size: '4096' } },
      /innodb_page_size is 4096 here/,
    ],
    ['has the server_id of another', { variables: { server_id: '11' } }, /server_id 11 is db1's too/],
    ['has no sshd', { tools: ['tar', 'cksum', 'ssh-keygen'] }, /db3 has no sshd/],
    [
      'was left half seeded',
      { half: ['/srv/mysql/data/.reseed-cafe: job cafe of anna@jump2'] },
      /another seed left its data here.*anna@jump2/,
    ],
  ])('where the target %s', (_, facts, why) => {
    expect(findings('refuse', side('db2'), [side('db3', facts)]).join('\n')).toMatch(why);
  });

  test('where nobody knows an account to replicate with, and goes on with a file that has one', () => {
    const donor = side('db1');
    const lonely = wish(donor, [side('db6')], { others: [] });
    const refused = preflight(lonely).filter(({ level }) => level === 'refuse');
    expect(refused.map(({ text }) => text)).toEqual(['no account is known that replicates from 10.77.0.11:3306']);
    expect(isRefused(preflight({ ...lonely, accountFile: '/root/repl.cnf' }))).toBe(false);
  });
});

describe('a seed is warned of', () => {
  test('a donor that is behind, stands still or has tables that no crash recovery knows', () => {
    const { replication } = side('db2').report;
    if (!replication?.ok) throw new Error('no replication recorded');
    const [channel] = replication.value.channels;
    if (!channel) throw new Error('no channel recorded');
    const lagging = (change: Partial<typeof channel>) =>
      side(
        'db2',
        {},
        { replication: { ok: true, value: { ...replication.value, channels: [{ ...channel, ...change }] } } },
      );
    expect(findings('warn', lagging({ lagSeconds: 900 }), [side('db3')])).toContain('db2: it is 900 s behind');
    expect(findings('warn', lagging({ sqlThread: 'stopped' }), [side('db3')]).join()).toContain(
      'its replication stands still',
    );
    expect(findings('warn', side('db2', { foreignEngines: ['MyISAM 12'] }), [side('db3')]).join()).toContain(
      'MyISAM 12 tables',
    );
  });
});

describe('a primary that is rebuilt from one of its replicas', () => {
  test('follows that replica, and never itself', () => {
    const dead = side('db1', {}, { server: { ok: false, why: 'it is down' } });
    const text = (follow?: 'source') =>
      preflight(wish(side('db2'), [dead], { accountFile: '/root/repl.cnf', ...(follow && { follow }) })).map(
        (one) => one.text,
      );
    expect(text()).toContain('will replicate from db2, by GTID, as the account in /root/repl.cnf');
    expect(text('source')).toContain('it would replicate from itself: it is what the donor follows');
  });
});
