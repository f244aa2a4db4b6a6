import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drillHosts } from '../../src/drill/hosts.ts';
import { placesFrom } from '../../src/drill/places.ts';
import { sendSignal } from '../../src/process/signal.ts';
import { type Ended, reseed, reseedWords, runs, sourceWords, testEnvironment } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts();

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'reseed-bad-input-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** `reseed drill up db6` with folders of its own, in a shell that first changes the environment to a bad one. */
async function upIn(spoil: string, wrap: readonly string[]): Promise<Ended> {
  const home = join(scratch, 'home');
  await mkdir(home, { recursive: true });
  const script = `${spoil}\nexec "$@" drill up db6`;
  const env = { ...testEnvironment, XDG_CACHE_HOME: join(home, 'cache'), XDG_STATE_HOME: join(home, 'state') };
  const [wrapper = 'sh', ...words] = [...wrap, 'bash', '-c', script, 'bash', ...sourceWords];
  return runs(wrapper, words, { env });
}

const names = drillHosts.map(({ name }) => name);
const noSuchHost = `reseed: there is no practice host 'db99'; there are: ${names.join(', ')}`;

const oneLine = (text: string) => text.trim().split('\n').length === 1;

describe('one clear line, the right exit code, and nothing left behind', () => {
  test.each([
    [['up', 'db99'], noSuchHost],
    [['up', '--data', 'lots'], "reseed: 'lots' is not a size; write 200M, 1.5G or 512MiB"],
    [['ssh', 'db99', 'true'], noSuchHost],
    [['fault', 'stop-mysql', 'db99'], noSuchHost],
    [
      ['fault', 'meteor', 'db1'],
      "reseed: there is no fault 'meteor'; there are: power-cut, pause, cut, slow, fill-disk, fill-snapshot, corrupt-datadir, break-replication, errant, wrong-source, cut-seed, stop-mysql, disk-errors, rekey-ssh",
    ],
    [
      ['fault', 'cut', 'db1', 'db1'],
      `reseed: cut: 'db1' is no PEER; write another host of ${names.slice(1).join(', ')}, or all`,
    ],
    [['fault', 'slow', 'db1', 'all', 'fast'], "reseed: slow: 'fast' is no RATE; write such as 10mbit or 1gbit"],
    [['fault', 'power-cut', 'db1', 'now'], "reseed: power-cut takes no arguments: 'now' is one too many"],
    [['verify', 'db1'], 'reseed: db1 is the primary of shop; name replicas, or none for all of them'],
  ])('reseed drill %j', async (words, said) => {
    const done = await reseed(['drill', ...words]);
    expect({ said: done.stderr, exitCode: done.exitCode }).toEqual({ said, exitCode: 2 });
  });

  test('another size of data than the fleet is up with', async () => {
    const done = await reseed(['drill', 'up', '--data', '30M']);
    // Another test's drill command may run at that moment: it is waited for, and a message says so first.
    expect(done.stderr.split('\n').at(-1)).toBe(
      'reseed: the fleet is up with 20M of sample data, not 30M; leave --data away, or take it down first: reseed drill down',
    );
    expect(done.exitCode).toBe(3);
  });

  test('not root', async () => {
    const done = await upIn('', ['setpriv', '--reuid', '65534', '--clear-groups']);
    expect(done.stderr).toMatch(
      /^reseed: the practice fleet needs root: it makes a network of its own, .*; run it with sudo$/,
    );
    expect(done.exitCode).toBe(3);
  });

  test('no /dev/net/tun', async () => {
    const done = await upIn('mount -t tmpfs none /dev/net', ['unshare', '--mount']);
    expect(done.stderr).toContain(
      'reseed: this machine has no /dev/net/tun: the hosts could not be wired; load it with modprobe tun',
    );
    expect([done.exitCode, oneLine(done.stderr)]).toEqual([3, true]);
  });

  test('no room on the disk', async () => {
    const done = await upIn('mount -t tmpfs -o size=64M none "$(dirname "$XDG_CACHE_HOME")"', ['unshare', '--mount']);
    expect(done.stderr).toMatch(
      /^reseed: .*\/home\/cache\/reseed\/drill has 6[0-9](?:\.\d)?M free; the fleet takes up to 11(?:\.\d)?G; make room/,
    );
    expect([done.exitCode, oneLine(done.stderr)]).toEqual([3, true]);
  });

  test('no registry: nothing is left half made', async () => {
    const done = await upIn('unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY', ['unshare', '--net']);
    expect(done.stderr).toContain('mmdebstrap ended with status');
    expect(done.stderr).toContain('see that apt-get update works on this machine');
    expect(done.exitCode).toBe(1);
    const cache = join(scratch, 'home/cache/reseed/drill');
    expect((await readdir(cache)).sort()).toEqual(['build.log', 'lock']);
    await rm(join(scratch, 'home'), { recursive: true });
  });

  test('Ctrl-C in the middle of a build: 130, and nothing is left half made', async () => {
    const home = join(scratch, 'interrupted');
    const env = { ...testEnvironment, XDG_CACHE_HOME: join(home, 'cache'), XDG_STATE_HOME: join(home, 'state') };
    const [node, script] = reseedWords;
    // A process group of its own, as a terminal gives it: a Ctrl-C reaches all of it.
    const up = spawn(node, [script, 'drill', 'up', 'db5', 'db6'], { detached: true, env, stdio: 'ignore' });
    const ended = new Promise((settle) => up.once('close', settle));
    const cache = join(home, 'cache/reseed/drill');
    const made = async () => (await readdir(cache).catch(() => [])).filter((name) => name.startsWith('half-made-tree'));
    await expect.poll(made, { timeout: 30_000 }).toHaveLength(2);
    sendSignal(-(up.pid ?? Number.NaN), 'SIGINT');
    expect(await ended).toBe(130);
    expect((await readdir(cache)).sort()).toEqual(['build.log', 'lock']);
  });

  test('a second command waits for the first, and says so', async () => {
    // On a fleet of its own: what other tests do with theirs is not in its way, nor is this lock in theirs.
    const env = { ...testEnvironment, XDG_STATE_HOME: join(scratch, 'second') };
    const { state } = placesFrom(env);
    await mkdir(state, { recursive: true });
    const holder = runs('flock', [
      join(state, 'lock'),
      'sh',
      '-c',
      'echo held >"$1/held"; while [ -e "$1/held" ]; do sleep 0.1; done',
      'sh',
      scratch,
    ]);
    await expect.poll(() => readdir(scratch), { timeout: 30_000 }).toContain('held');
    const [node, script] = reseedWords;
    const second = execa(node, [script, 'drill', 'down'], { env, reject: false, stdin: 'ignore' });
    let [said, isOver] = ['', false];
    void second.then(() => {
      isOver = true;
    });
    second.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await expect
      .poll(() => said, { timeout: 30_000 })
      .toContain('another drill command is at work on this fleet: waiting for it to end');
    expect(isOver).toBe(false);
    await rm(join(scratch, 'held'));
    await holder;
    expect(await second).toMatchObject({ exitCode: 0, stdout: 'no fleet was up' });
  });
});
