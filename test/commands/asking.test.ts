// Messages while hosts are asked, and which hosts are asked for a seed.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { someOf, waitingFor, waitingLine } from '../../src/commands/hosts/waiting-line.ts';
import { agreed } from '../../src/commands/jobs/agree.ts';
import { snapshotRows } from '../../src/commands/jobs/snapshot/snapshot-rows.ts';
import { targetOf } from '../../src/operations/hosts/target-of.ts';
import { askForSeed } from '../../src/operations/seed/ask-known.ts';
import { furtherHosts } from '../../src/operations/seed/known.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { about } from '../../src/text/about.ts';
import { hostNamed, inventoryFrom, pictureOf } from '../live/pictures.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a plan in a pipe gives signs of life at a slow pace, and none when it was quick', () => {
  const said: string[] = [];
  const stream = { isTTY: false, write: (text: string) => said.push(text) };
  const waiting = waitingLine('asking db1, db2', true, stream);
  vi.advanceTimersByTime(2000);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(2000);
  waiting.show(waitingFor(['db2']));
  vi.advanceTimersByTime(15_000);
  expect(said).toEqual(['reseed: asking db1, db2 … 3 s\n', 'reseed: asking db1, db2 … waiting for db2, 18 s\n']);
  waiting.clear();
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(2);
  waitingLine('asking 6 hosts', false, stream);
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(2);
});

test('on a terminal it is said all the time which hosts do not answer, and for how long they are asked', () => {
  const said: string[] = [];
  const stream = { isTTY: true, write: (text: string) => said.push(text.replace('\r\x1b[K', '')) };
  const waiting = waitingLine('asking db1, db2', true, stream);
  expect(said.splice(0)).toEqual(['asking db1, db2 …']);
  waiting.show(waitingFor(['db2']));
  vi.advanceTimersByTime(2000);
  expect(said.splice(0)).toEqual([
    'asking db1, db2 … waiting for db2',
    'asking db1, db2 … waiting for db2, 1 s',
    'asking db1, db2 … waiting for db2, 2 s',
  ]);
  waiting.clear();
  vi.advanceTimersByTime(5000);
  expect(said).toEqual(['']);
  expect(waitingFor(['a', 'b', 'c', 'd', 'e'])).toBe('waiting for 5 hosts');
});

test('on a narrow terminal the line is cut before its last column: a broken one would scroll each second', () => {
  const said: string[] = [];
  const stream = { isTTY: true, columns: 20, write: (text: string) => said.push(text.replace('\r\x1b[K', '')) };
  const waiting = waitingLine('asking 数据库一, db2, db3', true, stream);
  waiting.show(waitingFor(['db2']));
  waiting.clear();
  expect(said).toEqual(['asking 数据库一, d…', 'asking 数据库一, d…', '']);
  expect(someOf(Array.from({ length: 10 }, (_, at) => `db${at + 1}`))).toBe('db1, db2, db3, db4 and 6 more');
  expect(someOf(['db1', 'db2'])).toBe('db1, db2');
});

const shop = inventoryFrom(`clusters: { shop: {}, old: {}, crm: {} }
hosts:
  db1: { cluster: shop, ssh: { host: 10.77.0.11 } }
  db2: { cluster: shop, ssh: { host: 10.77.0.12 } }
  db3: { cluster: shop, ssh: { host: 10.77.0.13 } }
  db6: { cluster: shop, ssh: { host: 10.77.0.16 } }
  crm1: { cluster: crm }`).hosts;

type Further = Partial<Parameters<typeof furtherHosts>[3]>;

function furtherOf(donor: string, target: string, request: Further = {}, hosts = shop) {
  const asked = [donor, target].flatMap((name) => {
    const host = hosts.find((one) => one.name === name);
    return host ? [{ host, report: hostNamed(pictureOf('up'), name).report }] : [];
  });
  return furtherHosts(hosts, asked, { donor, targets: [target] }, { method: lvmSnapshot, ...request });
}

test('a seed db2 -> db3 waits for their source alone: db6, which has no part in it, is asked for a few seconds, and no host of another cluster', () => {
  expect(furtherOf('db2', 'db3')).toEqual({ needed: ['db1'], brief: ['db6'] });
});

test('the others of the cluster are waited for where they are needed: for an account, or to tell whom a stopped donor followed', () => {
  expect(furtherOf('db1', 'db3')).toEqual({ needed: ['db2', 'db6'], brief: [] });
  expect(furtherOf('db1', 'db3', { accountFile: '/root/repl' })).toEqual({ needed: [], brief: ['db2', 'db6'] });
  expect(furtherOf('db2', 'db3', { follow: 'donor' })).toEqual({ needed: ['db1', 'db6'], brief: [] });
  expect(furtherOf('db2', 'db3', { method: coldCopy, accountFile: '/root/repl' }).needed).toEqual(['db1', 'db6']);
  // A primary that is rebuilt from its replica then follows that replica.
  expect(furtherOf('db2', 'db1')).toEqual({ needed: ['db3', 'db6'], brief: [] });
});

test('a source in another cluster is waited for', () => {
  const far = shop.map((host) => (host.name === 'db1' ? { ...host, cluster: 'old' } : host));
  expect(furtherOf('db2', 'db3', {}, far)).toEqual({ needed: ['db1'], brief: ['db6'] });
});

test('a source in another cluster that listens on another address than its ssh is asked: only its uuid tells which host it is', () => {
  const elsewhere = shop.map((host) =>
    host.name === 'db1' ? { ...host, cluster: 'old', ssh: { ...host.ssh, host: '192.168.7.11' } } : host,
  );
  expect(furtherOf('db2', 'db3', {}, elsewhere)).toEqual({ needed: ['db6', 'db1', 'crm1'], brief: [] });
});

test('a source that does not answer in time is a host of the inventory still: it is named, and said to be away', async () => {
  const inventory = inventoryFrom(
    'clusters: { shop: {} }\nhosts: { db1: { cluster: shop, ssh: { host: 10.77.0.11 } }, db2: { cluster: shop }, db3: { cluster: shop } }',
  );
  const answered = await askForSeed(
    inventory,
    { donor: 'db2', targets: ['db3'] },
    { method: lvmSnapshot },
    async (hosts) => ({
      asked: hosts
        .filter(({ name }) => name !== 'db1')
        .map((host) => ({
          host,
          inventory,
          target: targetOf(host, inventory),
          report: hostNamed(pictureOf('up'), host.name).report,
        })),
      away: hosts
        .filter(({ name }) => name === 'db1')
        .map(
          ({ name }) =>
            ({ host: name, kind: 'unreachable', message: 'db1 gave no answer within 30 s', advice: '' }) as const,
        ),
    }),
  );
  expect(answered?.known.map(({ host, away }) => [host.name, away])).toEqual([
    ['db2', undefined],
    ['db3', undefined],
    ['db1', 'db1 gave no answer within 30 s'],
  ]);
});

test('a refusal without a terminal shows the plan, and then what to add', async () => {
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const question = {
    sentences: ['152M on db2 is deleted'],
    name: 'db2',
    lines: [
      { text: 'seed db1 → db2', isToRead: false },
      { text: '! 152M on db2 is deleted', isToRead: true },
    ],
  };
  expect(await agreed({ ...question, yes: undefined })).toEqual({
    message: '152M on db2 is deleted: nothing was done',
    advice: 'to agree in advance: --yes=db2',
  });
  expect(printed.join('')).toBe('seed db1 → db2\n! 152M on db2 is deleted\n');
  expect(await agreed({ ...question, yes: true })).toMatchObject({ advice: 'if that is meant: --yes=db2' });
  expect(await agreed({ ...question, yes: 'db2' })).toBeUndefined();
  expect(await agreed({ ...question, sentences: [], yes: undefined })).toEqual({
    message: 'nothing was done: it has to be agreed to',
    advice: 'to agree in advance: --yes',
  });
});

test('with --yes=db2 what is lost, and what is not known or warned of, is printed before the job begins; with --json on standard error', async () => {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  const lines = [
    // A title may begin with a sign, which does not decide what is asked.
    { text: '! seed db1 → db2', isToRead: false },
    { text: '✔ db1    GTIDs', isToRead: false },
    { text: '? db1    tablespaces', isToRead: true },
    { text: '! db1    events', isToRead: true },
    { text: '○ lock db1', isToRead: false },
    { text: '! 152M is deleted', isToRead: true },
  ];
  const question = { sentences: ['152M is deleted'], name: 'db2', lines, yes: 'db2' };
  const told = '? db1    tablespaces\n! db1    events\n! 152M is deleted\n';
  expect(await agreed(question)).toBeUndefined();
  expect(printed).toEqual({ stdout: told, stderr: '' });
  expect(await agreed({ ...question, json: true })).toBeUndefined();
  expect(printed).toEqual({ stdout: told, stderr: told });
});

test('a sentence that names its host already does not name it twice', () => {
  expect(about('db2', 'db2 gave no answer')).toBe('db2 gave no answer');
  expect(about('db2', 'db20 gave no answer')).toBe('db2: db20 gave no answer');
});

test('the maker of a snapshot is shown by the number of the job', () => {
  const { host, report } = hostNamed(pictureOf('trouble'), 'db1');
  const [first] = report.lvm?.ok ? report.lvm.value.volumes.filter(({ kind }) => kind === 'snapshot') : [];
  if (!report.lvm?.ok || !first) throw new Error('no snapshot was recorded');
  const volumes = [{ ...first, tags: ['reseed', 'reseed-job=cafe0001'] }];
  const said = [{ host, report: { ...report, lvm: { ok: true, value: { ...report.lvm.value, volumes } } } as const }];
  const maker = (ids: ReadonlyMap<string, number>) => snapshotRows(said, ids)[0]?.cells.at(-1);
  expect(maker(new Map([['cafe0001', 12]]))).toBe('job 12');
  expect(maker(new Map())).toBe('job cafe0001 of another journal');
});
