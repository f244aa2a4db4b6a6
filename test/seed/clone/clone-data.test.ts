// The step that clones, with a unit and a donor that answer as a test says. The words of the unit are recorded (told.test.ts).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RemoteFailure } from '../../../src/remote/failure.ts';
import type { ExecResult } from '../../../src/remote/remote.ts';
import { byClone } from '../../../src/seed/methods/clone/clone.ts';
import { cloneData } from '../../../src/seed/methods/clone/clone-data.ts';
import { exited, printed, stepTools } from '../../job/step-tools.ts';
import { request, side } from '../sides.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/mysql-9.7/clone-${name}.txt`, import.meta.url), 'utf8').trimEnd();
const [starting = '', hash = '', ...copying] = fixture('progress').split('\n');
const certificate = '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n';

const report = (state: string, progress = '', log = '') =>
  printed(`${state}\n${progress}\n${Buffer.from(log).toString('base64')}`);
const whole = report('ended 0', 'proving', fixture('stands'));

/** What the step ran, and how it ended. `polls`: the answers of the unit, the last one for ever. */
async function ran(
  polls: readonly ReturnType<typeof printed>[],
  opened: ExecResult | RemoteFailure | (ExecResult | RemoteFailure)[] = printed(certificate),
  { donor = 'db1', applier = '' } = {},
) {
  const target = side('db3');
  const { commands, input } = cloneData.plan({ request: request(side(donor), [target], { method: byClone }), target });
  const keys: string[] = [];
  const changed: string[] = [];
  const told: Record<string, string> = {};
  let at = 0;
  let isEnded = false;
  const nextOpened = () => (Array.isArray(opened) ? (opened.shift() ?? printed('')) : opened);
  const poll = () => (isEnded ? report('absent') : (polls[Math.min(at++, polls.length - 1)] ?? whole));
  const { tools, progress, notes } = stepTools({
    ...{ commands, input },
    answer: (key, options) => {
      if (key === 'poll') return poll();
      keys.push(key);
      if (options?.asChanged) changed.push(key);
      if (options?.stdin !== undefined) told[key] = options.stdin;
      if (key === 'end' || key === 'start') isEnded = key === 'end';
      if (key === 'applier') return printed(applier);
      return key === 'open' ? nextOpened() : printed('');
    },
  });
  return { end: await cloneData.run(tools), keys, changed, told, progress, notes };
}

const running = (line: string) => report('running', line);

test('the account of the donor is opened once with the hash of the target, and its authority goes to the target', async () => {
  const { end, keys, told, progress } = await ran([
    ...[report('absent'), running(starting), running(hash), running(hash), ...copying.map(running), whole],
  ]);
  expect(keys).toEqual(['lock donor', 'lock', 'start', 'limit', 'open', 'pass']);
  expect(told).toEqual({ open: hash.replace('hash ', ''), pass: certificate });
  expect(progress).toContain('files: 24M of 93M');
  const gtid = 'e66cf603-eac4-11f1-8a28-f4d65423b00c:1-22';
  expect(end).toMatchObject({
    ok: true,
    result: { gtid, logFile: 'binlog.000001', lsn: '37407166', bytes: 98_547_275 },
  });
});

describe('a donor that is a replica is asked for temporary tables of its applier once the clone has ended', () => {
  const counted = (count: number) => `answer\nopen\nVariable_name\tValue\nReplica_open_temp_tables\t${count}\n`;
  const copied = running(copying[1] ?? '');
  const from = (applier: string) =>
    ran([running(hash), copied, running('proving'), whole], undefined, { donor: 'db2', applier });

  test('and with one the seed ends: a later statement of its source would find none', async () => {
    const { end, keys } = await from(counted(2));
    expect(keys.filter((key) => key === 'applier')).toHaveLength(1);
    expect(end).toMatchObject({
      ok: false,
      message: 'the applier of db2 had 2 open temporary tables when the clone ended, and the clone does not have them',
    });
  });

  test('and without one it goes on; where it does not say, that is told', async () => {
    expect((await from(counted(0))).end.ok).toBe(true);
    const { end, notes } = await from('');
    expect([end.ok, notes.join()]).toEqual([true, expect.stringContaining('is not known')]);
  });

  test('but not by a runner that finds the clone whole: what it has open now is not of then, and passed or refused it for nothing', async () => {
    for (const count of [0, 2]) {
      const { end, keys, notes } = await ran([whole], undefined, { donor: 'db2', applier: counted(count) });
      expect([end.ok, keys.includes('applier')]).toEqual([true, false]);
      expect(notes.join()).toContain(
        '! whether the applier of db2 had temporary tables open when the clone ended is not known',
      );
    }
    expect((await ran([copied, whole], undefined, { donor: 'db2', applier: counted(2) })).end.ok).toBe(false);
  });
});

test('a resumed runner finds the clone that goes on, and opens nothing again', async () => {
  const { end, keys } = await ran([running(copying[1] ?? ''), running('proving'), whole]);
  expect([end.ok, keys]).toEqual([true, ['lock donor', 'lock', 'start', 'limit']]);
});

test('a resumed runner opens the account where the one before it died between the two', async () => {
  expect((await ran([running(hash), running(hash), whole])).keys).toEqual([
    'lock donor',
    'lock',
    'start',
    'limit',
    'open',
    'pass',
  ]);
});

test('a clone that a power cut has ended begins anew, and so does one that failed', async () => {
  for (const left of [report('died', 'proving'), report('ended 1', 'proving', 'ERROR 1')])
    expect((await ran([left, running(starting), whole])).keys.slice(2, 4)).toEqual(['end', 'start']);
});

test('a clone that begins anew keeps the limit that the operator has set meanwhile', async () => {
  const { keys, changed } = await ran([report('died', 'proving'), running(starting), whole]);
  expect([keys, changed]).toEqual([['lock donor', 'lock', 'end', 'start', 'limit'], ['limit']]);
});

test('a donor that does not open its account ends the server on the target', async () => {
  const { end, keys } = await ran([running(hash)], exited(1, 'ERROR 1227 (42000): Access denied'));
  expect(keys.at(-1)).toBe('end');
  expect(end).toMatchObject({ ok: false, message: expect.stringContaining('Access denied') });
});

test('without a certificate of its authority a donor is not trusted', async () => {
  const { end, keys } = await ran([running(hash)], printed('root:x:0:0'));
  expect(keys).toEqual(['lock donor', 'lock', 'start', 'limit', 'open', 'end']);
  expect(end).toMatchObject({ ok: false, message: expect.stringContaining('ssl_ca of db1 names no file') });
});

test('a donor that is cloned by another says to wait; an address that is not reached, what to open', async () => {
  const failing = async (log: string) => (await ran([running(starting), report('ended 1', '', log)])).end;
  expect(
    await failing('ERROR 3634 (HY000) at line 2: Too many concurrent clone operations. Maximum allowed - 1.'),
  ).toMatchObject({
    message: expect.stringContaining('Too many concurrent'),
    advice: expect.stringContaining('when it has ended'),
  });
  expect(
    await failing(
      "ERROR 3862 (HY000) at line 2: Clone Donor Error: Connect failed: 2003 : Can't connect to MySQL server",
    ),
  ).toMatchObject({ advice: expect.stringContaining('bind_address') });
});

describe('a clone that a break ended', () => {
  // As MySQL 9.7 says it where its donor was killed and started again.
  const brokeWords =
    'ERROR 3862 (HY000) at line 2: Clone Donor Error: 1815 : Internal error: Innodb Clone Restart could not find existing clone.';
  const broke = report('ended 1', '', brokeWords);
  const copied = running(copying[1] ?? '');

  test('begins anew, with a new account and under its locks', async () => {
    const { end, keys, progress } = await ran([
      ...[report('absent'), running(hash), copied, broke, broke],
      ...[running(hash), copied, whole],
    ]);
    expect(end).toMatchObject({ ok: true });
    expect(keys.filter((key) => key === 'start' || key === 'open' || key === 'lock')).toEqual([
      ...['lock', 'start', 'open'],
      ...['lock', 'start', 'open'],
    ]);
    expect(progress).toContain('it is begun anew');
  });

  test('begins anew under a resumed runner, which has seen none of its bytes come', async () => {
    const { end, keys } = await ran([
      ...[running('starting'), report('ended 1', copying[1], brokeWords)],
      ...[running(hash), copied, whole],
    ]);
    expect([end.ok, keys.filter((key) => key === 'start').length]).toEqual([true, 2]);
  });

  test('is given up after three tries, with the words of the last', async () => {
    const { end, keys } = await ran([running(hash), copied, broke]);
    expect(keys.filter((key) => key === 'start')).toHaveLength(3);
    expect(end).toMatchObject({ ok: false, message: expect.stringContaining('could not find existing clone') });
  });

  test('and that was on a target which lost its power, begins anew', async () => {
    const { end } = await ran([running(hash), copied, report('absent'), running(hash), copied, whole]);
    expect(end).toMatchObject({ ok: true });
  });
});

test('a clone whose target has a full disk is not begun anew', async () => {
  const full = report(
    'ended 1',
    '',
    "ERROR 3 (HY000) at line 2: Error writing file 'ibdata1' (errno: 28 - No space left on device)",
  );
  const { keys } = await ran([running(hash), running(copying[1] ?? ''), full]);
  expect(keys.filter((key) => key === 'start')).toHaveLength(1);
});

test('a donor whose server starts, as after a power cut, is waited for', async () => {
  const starting = exited(
    1,
    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/run/mysqld/mysqld.sock' (2)",
  );
  const { end, keys } = await ran([running(hash), running(hash), whole], [starting, starting, printed(certificate)]);
  expect(end).toMatchObject({ ok: true });
  expect(keys.filter((key) => key === 'open')).toHaveLength(3);
});

test('a clone whose own tables have other GTIDs than it says is not used', async () => {
  const other = fixture('stands').replace(/^own .*$/m, 'own e66cf603-eac4-11f1-8a28-f4d65423b00c:1-21');
  expect((await ran([running(starting), report('ended 0', '', other)])).end).toMatchObject({ ok: false });
});
