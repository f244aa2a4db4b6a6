// Commands of the inventory as they run on a host: custom.sh as a unit, on this machine.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openRemotes, type Remotes } from '../../src/remote/open.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { customUnitWords } from '../../src/scripts/custom-words.ts';
import { readScript, scriptText } from '../../src/scripts/script.ts';
import { type Units, unitsOn } from './units-on.ts';

let remotes: Remotes;
let remote: Remote;
let units: Units;
const name = { job: `test-${randomBytes(4).toString('hex')}`, role: 'custom' };

beforeAll(async () => {
  remotes = openRemotes({ environment: { PATH: process.env.PATH } });
  remote = remotes.open({ name: 'db1', host: 'localhost', transport: 'local', sudo: false });
  units = unitsOn(remote, await scriptText('unit'));
});
afterEach(async () => {
  await units.stop(name);
  await units.clear(name);
});
afterAll(async () => {
  await remote.close();
  await remotes.close();
});

const mark = join('/var/lib/reseed/ran', `${name.job}.${name.role}`);

async function started(words: readonly string[], line?: string, seconds = 60) {
  const args = customUnitWords({ line, words, seconds });
  const answer = await units.start(name, { script: readScript('custom'), args, background: false, by: 'setsid' });
  expect(answer).toMatchObject({ ok: true });
}

const poll = async () => {
  const report = await units.poll(name, 0);
  if (!report.ok) throw new Error(report.message);
  return { ...report, text: report.log.toString() };
};
const ended = () =>
  vi.waitFor(
    async () => {
      const report = await poll();
      expect(report.state.kind).toBe('ended');
      return report;
    },
    { timeout: 60_000, interval: 100 },
  );

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'reseed-custom-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

describe('a command of the inventory', () => {
  test('that was started before its host restarted is not run again: the unit is gone, its mark is not', async () => {
    const file = join(await folder(), 'ran');
    await started(['$1', file], 'echo ran >>');
    await ended();
    // A restart empties /run.
    await rm(join('/run/reseed', name.job), { recursive: true });
    await started(['$1', file], 'echo ran >>');
    expect(await ended()).toMatchObject({ state: { code: 75 }, progress: 'again', text: '' });
    expect(existsSync(mark)).toBe(true);
    await units.clear(name);
    expect(existsSync(mark)).toBe(false);
  });

  test('gets its arguments as they are: no shell reads them', async () => {
    const odd = ["it's", '$(touch /x)', '`id`', '; rm -rf /', ' two  blanks ', '*', '-n', 'é', '"'];
    await started(['printf', '[%s]\\n', ...odd]);
    expect((await ended()).text).toBe(odd.map((word) => `[${word}]\n`).join(''));
  });

  test('that is a line is read by a shell, and its arguments follow it without being read', async () => {
    await started(['$(touch /x)', 'b'], 'true && printf "[%s]\\n" first');
    expect(await ended()).toMatchObject({ state: { code: 0 }, text: '[first]\n[$(touch /x)]\n[b]\n' });
  });

  test('that is a line without arguments ends with its own status', async () => {
    await started([], 'exit_with() { return 5; }; exit_with;');
    expect(await ended()).toMatchObject({ state: { kind: 'ended', code: 5 } });
  });

  test('whose program is missing says so', async () => {
    await started(['/usr/local/bin/there-is-none']);
    const { state, text } = await ended();
    expect(state).toEqual({ kind: 'ended', code: 3 });
    expect(text).toContain('/usr/local/bin/there-is-none: there is no such file: it was not run');
  });

  test('that prints 1 GB fills nothing: its beginning and its end are kept', async () => {
    await started([], 'echo begins; head -c 1000000000 /dev/zero; echo; echo ends');
    const { state, text } = await ended();
    expect(state).toEqual({ kind: 'ended', code: 0 });
    expect(text.startsWith('begins\n')).toBe(true);
    expect(text.endsWith('\nends\n')).toBe(true);
    expect(text).toContain('more was printed, and is left out');
    expect(text.length).toBeLessThan(34_000);
  });

  test('that prints a little more than is shown at once is told whole', async () => {
    await started([], 'head -c 30000 /dev/zero | tr "\\0" x; exit 3');
    const { state, text } = await ended();
    expect(state).toEqual({ kind: 'ended', code: 3 });
    expect(text).toBe('x'.repeat(30_000));
  });

  test('that does not end in time is ended, with what it started', async () => {
    const made = await folder();
    await started([], `sleep 100000 & echo $! >${made}/pid; wait`, 1);
    const { state, progress } = await ended();
    expect([state, progress]).toEqual([{ kind: 'ended', code: 124 }, 'late']);
    const pid = (await readFile(join(made, 'pid'), 'utf8')).trim();
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}/fd/0`)).toBe(false), 20_000);
  });

  test('that leaves a process behind is over all the same, and that process goes with its unit', async () => {
    const made = await folder();
    await started([], `setsid sleep 100000 & echo $! >${made}/pid; echo done`);
    expect((await ended()).text).toBe('done\n');
    await units.stop(name);
    const pid = (await readFile(join(made, 'pid'), 'utf8')).trim();
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}/fd/0`)).toBe(false), 20_000);
  });

  test('ends on the host when the job is aborted', async () => {
    await started(['sleep', '100000']);
    expect((await poll()).state.kind).toBe('running');
    expect(await units.stop(name)).toMatchObject({ ok: true });
    expect((await poll()).state.kind).not.toBe('running');
  });
});
