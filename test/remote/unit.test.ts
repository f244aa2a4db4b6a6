// Units without systemd, on this machine. Those of systemd, and the host that loses its power, are in test/fleet/units.test.ts.
import { randomBytes, randomInt } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openRemotes, type Remotes } from '../../src/remote/open.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { startUnitWords, type UnitName } from '../../src/scripts/unit-words.ts';
import { appeared, gone } from './processes.ts';
import { type Units, type UnitWork, unitsOn } from './units-on.ts';

let remotes: Remotes;
let remote: Remote;
let units: Units;
let name: UnitName;

const connect = async () => {
  remote = remotes.open({ name: 'db1', host: 'localhost', transport: 'local', sudo: false });
  units = unitsOn(remote, await scriptText('unit'));
};

beforeAll(async () => {
  remotes = openRemotes({ environment: { PATH: process.env.PATH } });
  await connect();
  name = { job: `test-${randomBytes(4).toString('hex')}`, role: 'copy' };
});
afterEach(async () => {
  await units.stop(name);
  await units.clear(name);
});
afterAll(async () => {
  await remote.close();
  await remotes.close();
});

const work = (script: string, ...args: string[]): UnitWork => ({ script, args, background: true, by: 'setsid' });
/** Longer than any test; its number distinguishes it from every other sleep. */
const longSleep = () => String(randomInt(100_000, 1_000_000));

const poll = async (fromByte = 0) => {
  const report = await units.poll(name, fromByte);
  if (!report.ok) throw new Error(report.message);
  return report;
};
const ended = () =>
  vi.waitFor(async () => {
    const report = await poll();
    expect(report.state.kind).toBe('ended');
    return report;
  }, 10_000);

/** unit.sh with programs of ours in place of the host's. */
async function startedWith(programs: Readonly<Record<string, string>>, script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-unit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [program, text] of Object.entries(programs)) {
    await writeFile(join(folder, program), `#!/bin/sh\nfolder=${folder}\n${text}`);
    await chmod(join(folder, program), 0o755);
  }
  const words = startUnitWords({ ...name, by: 'setsid', background: false, mark: 'whole' });
  return await execa('/bin/sh', ['-c', script, 'unit', ...words], {
    input: 'true\n#whole\n',
    env: { PATH: `${folder}:${process.env.PATH}` },
    reject: false,
  });
}

describe('a unit', () => {
  test('that is slow to start is waited for, and not said to have failed', async () => {
    // It starts after 200 polls: without a clock, so that the load of this machine makes no difference.
    const programs = {
      sleep: 'echo >>"$folder/turns"',
      setsid:
        'until [ "$(wc -l <"$folder/turns" 2>/dev/null || echo 0)" -ge 200 ]; do :; done; exec /usr/bin/setsid "$@"',
    };
    const { stdout, stderr } = await startedWith(programs, await scriptText('unit'));
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^started (running|ended 0)$/);
  });

  test('that can not be started is said at once', async () => {
    const { exitCode, stderr } = await startedWith({ setsid: 'exit 1' }, await scriptText('unit'));
    expect([exitCode, stderr]).toEqual([69, `reseed-${name.job}-copy did not start: its process has ended`]);
  });

  test('starts where the folder of systemd was left behind and systemd does not run', async () => {
    await mkdir('/run/systemd/system', { recursive: true });
    expect(await units.start(name, { ...work('echo started'), by: 'auto' })).toMatchObject({ ok: true });
    expect((await ended()).log.toString()).toBe('started\n');
  });

  test('is not known before its start', async () => {
    expect(await poll()).toMatchObject({ state: { kind: 'absent' }, progress: '' });
    expect(await units.stop(name)).toEqual({ ok: true, state: { kind: 'absent' } });
    expect(await units.clear(name)).toEqual({ ok: true });
  });

  test('keeps its output, its progress and its exit status', async () => {
    const script =
      'echo "$1"; echo said >&2; echo 10 >"$RESEED_FOLDER/progress"; echo 20 >>"$RESEED_FOLDER/progress"; exit 7';
    expect(await units.start(name, work(script, "it's $(touch x) \n-é"))).toMatchObject({ ok: true, fresh: true });
    const report = await ended();
    expect(report).toMatchObject({ state: { kind: 'ended', code: 7 }, progress: '20' });
    expect(report.log.toString()).toBe("it's $(touch x) \n-é\nsaid\n");
  });

  test('runs the longest script of ours, which one word of a command can not hold', async () => {
    await units.start(name, work(await scriptText('seed-facts'), 'odd=1'));
    const report = await ended();
    expect(report.log.toString()).toContain("knows no word 'odd'");
  });

  test('gives its log from a byte on, whatever is in it', async () => {
    await units.start(name, work("printf 'a\\000\\377b'"));
    expect((await ended()).log).toEqual(Buffer.from([97, 0, 255, 98]));
    expect((await poll(3)).log).toEqual(Buffer.from('b'));
    expect((await poll(4)).log).toEqual(Buffer.alloc(0));
  });

  test('outlives the connection that started it, and is found again by its name', async () => {
    const seconds = longSleep();
    await units.start(name, work(`sleep ${seconds}`));
    await appeared(seconds);
    await remote.close();
    await connect();
    expect(await poll()).toMatchObject({ state: { kind: 'running' } });
    await appeared(seconds);
  });

  test('runs once, however often it is started, and by how many at once', async () => {
    const script = 'echo ran; sleep 0.2';
    const starts = await Promise.all([1, 2, 3, 4].map(() => units.start(name, work(script))));
    expect(starts.map((start) => start.ok)).toEqual([true, true, true, true]);
    expect(starts.filter((start) => start.ok && start.fresh)).toHaveLength(1);
    await ended();
    expect(await units.start(name, work(script))).toEqual({
      ok: true,
      fresh: false,
      state: { kind: 'ended', code: 0 },
    });
    expect((await poll()).log.toString()).toBe('ran\n');
  });

  test('leaves no process when it is stopped: none in the background, none with a session of its own, none that ignores SIGTERM', async () => {
    const [front, back, daemon] = [longSleep(), longSleep(), longSleep()];
    const script = `trap '' TERM; sleep ${back} & setsid sh -c 'sleep ${daemon} & :'; sleep ${front}`;
    await units.start(name, work(script));
    for (const seconds of [front, back, daemon]) await appeared(seconds);
    expect(await units.stop(name)).toMatchObject({ ok: true });
    for (const seconds of [front, back, daemon]) await gone(seconds);
    expect(await units.stop(name)).toMatchObject({ ok: true });
  });

  test('is not held up at its stop by another account whose process has its word, and leaves that process alone', async () => {
    const [seconds, own] = [longSleep(), longSleep()];
    const words = ['--reuid=65534', '--regid=65534', '--clear-groups', 'setsid', 'sleep', seconds];
    const stranger = execa('setpriv', words, { env: { RESEED_UNIT: `${name.job}/${name.role}` }, reject: false });
    onTestFinished(async () => {
      stranger.kill('SIGKILL');
      await stranger;
    });
    await appeared(seconds);
    await units.start(name, work(`sleep ${own}`));
    await appeared(own);
    expect(await units.stop(name)).toMatchObject({ ok: true });
    await gone(own);
    await appeared(seconds);
  });

  test("ends with it what works as the server's account", async () => {
    const seconds = longSleep();
    await units.start(name, work(`setpriv --reuid=65534 --regid=65534 --clear-groups sleep ${seconds} & wait`));
    await appeared(seconds);
    await units.stop(name);
    await gone(seconds);
  });

  test('that was killed is said to have died, and is not started again by itself', async () => {
    const seconds = longSleep();
    await units.start(name, work(`sleep ${seconds}`));
    const [sleep] = await appeared(seconds);
    const pid = Number(await readFile(`/run/reseed/${name.job}/copy/pid`, 'utf8'));
    process.kill(-pid, 'SIGKILL');
    if (sleep !== undefined) await gone(seconds);
    await vi.waitFor(async () => expect((await poll()).state.kind).toBe('died'), 60_000);
    expect(await units.start(name, work(`sleep ${seconds}`))).toEqual({
      ok: true,
      fresh: false,
      state: { kind: 'died' },
    });
  });

  test('that runs is not cleared away', async () => {
    const seconds = longSleep();
    await units.start(name, work(`sleep ${seconds}`));
    expect(await units.clear(name)).toMatchObject({ ok: false, kind: 'exit', code: 75 });
    await appeared(seconds);
  });

  test('is readable by nobody else', async () => {
    await units.start(name, work('stat -c %a "$RESEED_FOLDER" "$RESEED_FOLDER/script"'));
    expect((await ended()).log.toString()).toBe('700\n600\n');
  });

  test('is nothing but lower-case letters, digits and dashes by name', async () => {
    const odd = { job: '../etc', role: 'copy' };
    expect(await units.poll(odd, 0)).toMatchObject({ ok: false, kind: 'exit', code: 64 });
  });
});
