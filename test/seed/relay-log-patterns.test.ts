// Which files of a donor's datadir a seed leaves out as relay logs, as find understands the patterns.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import { request, side } from './sides.ts';
import { wordsOf } from './words-of.ts';

const datadir = '/var/lib/mysql';

/** Of those files in a donor's datadir the ones that its seed leaves out. */
function leftOut(places: Readonly<Record<string, string>>, files: readonly string[], channels: readonly string[] = []) {
  const { facts, report } = side('db2');
  const moved = facts.places.filter(({ kind }) => !(kind in places));
  const { replication } = report;
  if (!replication?.ok) throw new Error('no replication recorded');
  const [channel] = replication.value.channels;
  if (!channel) throw new Error('no channel recorded');
  const donor = side(
    'db2',
    { places: [...moved, ...Object.entries(places).map(([kind, path]) => ({ kind, path }))] },
    {
      replication: {
        ...replication,
        value: {
          ...replication.value,
          channels: [...replication.value.channels, ...channels.map((name) => ({ ...channel, name }))],
        },
      },
    },
  );
  const requested = request(donor, [side('db3')]);
  const planned = planSeed(requested, preflight(requested));
  if (!planned.ok) throw new Error(planned.message);
  const args = planned.plan.steps.find(({ name }) => name === 'list')?.commands.list?.args ?? [];
  const patterns = wordsOf(args, 'pattern');
  expect(patterns).toContain('auto.cnf');
  const folder = mkdtempSync(join(tmpdir(), 'reseed-patterns-'));
  try {
    for (const file of files) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    const words = patterns.flatMap((one) => ['-path', `./${one}`, '-o']);
    const found = execFileSync('find', ['.', '-type', 'f', '(', ...words.slice(0, -1), ')', '-printf', '%P\n'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return found.split('\n').filter(Boolean).toSorted();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const binary = (name: string, index = `${name}.index`) => ({
  binlog: join(datadir, name),
  'binlog-index': join(datadir, index),
});
const relay = (path: string, index = `${path}.index`) => ({
  relaylog: join(datadir, path),
  'relaylog-index': join(datadir, index),
});
const filesOf = (name: string) => [`${name}.000007`, `${name}.1000001`, `${name}.index`];

test('the binary logs come along where the relay logs have their name in another folder', () => {
  const elsewhere = { relaylog: '/var/lib/mysql-relay/binlog', 'relaylog-index': '/var/lib/mysql-relay/binlog.index' };
  expect(leftOut({ ...binary('binlog'), ...elsewhere }, [...filesOf('binlog'), 'binlog.state'])).toEqual([]);
});

test('the binary logs of shop-bin come along where the relay logs are called shop, and those of channels do not', () => {
  const files = [...filesOf('shop'), ...filesOf('shop-bin'), 'shop-bin.state', ...filesOf('shop-crm')];
  expect(leftOut({ ...binary('shop-bin'), ...relay('shop') }, files, ['CRM'])).toEqual(
    [...filesOf('shop'), ...filesOf('shop-crm')].toSorted(),
  );
  // A channel of that name would have the binary logs' names.
  expect(leftOut({ ...binary('shop-bin'), ...relay('shop') }, files, ['bin'])).toEqual(filesOf('shop').toSorted());
  expect(leftOut({ ...binary('binlog', 'shop-logs.index'), ...relay('shop') }, ['shop-logs.index'])).toEqual([]);
  expect(leftOut({ ...binary('shop'), ...relay('shop', 'other.index') }, filesOf('shop'))).toEqual([]);
  expect(leftOut({ ...binary('binlog'), ...relay('shop') }, [...files, ...filesOf('binlog')])).toEqual(
    files.filter((name) => !name.endsWith('.state')).toSorted(),
  );
});

test('the passwords of the connections of a MariaDB stay on it, those of named ones too, whatever their file is called', () => {
  const named = ['master-crm.info', 'master.info', 'multi-master.info', 'relay-log-crm.info', 'relay-log.info'];
  expect(leftOut({}, [...named, 'shop/master.ibd'])).toEqual(named);
  const own = { 'master-info': join(datadir, 'our.sources') };
  expect(leftOut(own, ['our.sources', 'our-crm.sources', 'ours.ibd'])).toEqual(['our-crm.sources', 'our.sources']);
});

test('what packages noted of upgrades stays on the donor', () => {
  expect(leftOut({}, ['RPM_UPGRADE_HISTORY', 'RPM_UPGRADE_MARKER-LAST'])).toHaveLength(2);
});

test('a relay log is left out by its name, which is no pattern', () => {
  const files = [...filesOf('db*'), ...filesOf('dbs')];
  expect(leftOut({ ...binary('dbs'), ...relay('db*') }, files)).toEqual(filesOf('db*').toSorted());
});

test('a tablespace that is called as a relay log is, with .ibd, comes along', () => {
  const spaces = ['relay.000007.ibd', 'relay-crm.000001.ibd'];
  expect(leftOut({ ...binary('binlog'), ...relay('relay') }, [...filesOf('relay'), ...spaces])).toEqual(
    filesOf('relay').toSorted(),
  );
});
