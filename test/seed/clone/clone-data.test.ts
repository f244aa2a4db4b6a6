// The step that clones, with a unit and a donor that answer as a test says. The words of the unit are recorded (told.test.ts).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
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
  opened: ExecResult | RemoteFailure = printed(certificate),
) {
  const target = side('db3');
  const { commands, input } = cloneData.plan({ request: request(side('db1'), [target], { method: byClone }), target });
  const keys: string[] = [];
  const changed: string[] = [];
  const told: Record<string, string> = {};
  let at = 0;
  let isEnded = false;
  const { tools, progress } = stepTools({
    ...{ commands, input },
    answer: (key, options) => {
      if (key === 'poll') return isEnded ? report('absent') : (polls[Math.min(at++, polls.length - 1)] ?? whole);
      keys.push(key);
      if (options?.asChanged) changed.push(key);
      if (options?.stdin !== undefined) told[key] = options.stdin;
      if (key === 'end' || key === 'start') isEnded = key === 'end';
      return key === 'open' ? opened : printed('');
    },
  });
  return { end: await cloneData.run(tools), keys, changed, told, progress };
}

const running = (line: string) => report('running', line);

test('the account of the donor is opened once with the hash of the target, and its authority goes to the target', async () => {
  const { end, keys, told, progress } = await ran([
    ...[report('absent'), running(starting), running(hash), running(hash), ...copying.map(running), whole],
  ]);
  expect(keys).toEqual(['start', 'limit', 'open', 'pass']);
  expect(told).toEqual({ open: hash.replace('hash ', ''), pass: certificate });
  expect(progress).toContain('files: 24M of 93M');
  const gtid = 'e66cf603-eac4-11f1-8a28-f4d65423b00c:1-22';
  expect(end).toMatchObject({
    ok: true,
    result: { gtid, logFile: 'binlog.000001', lsn: '37407166', bytes: 98_547_275 },
  });
});

test('a resumed runner finds the clone that goes on, and opens nothing again', async () => {
  const { end, keys } = await ran([running(copying[1] ?? ''), running('proving'), whole]);
  expect([end.ok, keys]).toEqual([true, ['start', 'limit']]);
});

test('a resumed runner opens the account where the one before it died between the two', async () => {
  expect((await ran([running(hash), running(hash), whole])).keys).toEqual(['start', 'limit', 'open', 'pass']);
});

test('a clone that a power cut has ended begins anew, and so does one that failed', async () => {
  for (const left of [report('died', 'proving'), report('ended 1', 'proving', 'ERROR 1')])
    expect((await ran([left, running(starting), whole])).keys.slice(0, 2)).toEqual(['end', 'start']);
});

test('a clone that begins anew keeps the limit that the operator has set meanwhile', async () => {
  const { keys, changed } = await ran([report('died', 'proving'), running(starting), whole]);
  expect([keys, changed]).toEqual([['end', 'start', 'limit'], ['limit']]);
});

test('a donor that does not open its account ends the server on the target', async () => {
  const { end, keys } = await ran([running(hash)], exited(1, 'ERROR 1227 (42000): Access denied'));
  expect(keys.at(-1)).toBe('end');
  expect(end).toMatchObject({ ok: false, message: expect.stringContaining('Access denied') });
});

test('without a certificate of its authority a donor is not trusted', async () => {
  const { end, keys } = await ran([running(hash)], printed('root:x:0:0'));
  expect(keys).toEqual(['start', 'limit', 'open', 'end']);
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

test('a clone whose own tables have other GTIDs than it says is not used', async () => {
  const other = fixture('stands').replace(/^own .*$/m, 'own e66cf603-eac4-11f1-8a28-f4d65423b00c:1-21');
  expect((await ran([running(starting), report('ended 0', '', other)])).end).toMatchObject({ ok: false });
});
