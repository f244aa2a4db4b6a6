// The contract of a seed's channels: whatever the data goes through, it comes over whole, a stranger gets nowhere, what the target has to
// say is heard, and nothing of it stays.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type SeedChannel, seedChannels } from '../../src/inventory/settings.ts';
import { needProgram } from '../remote/debian.ts';
import { openYard, type Sshd, type Yard } from '../remote/sshd.ts';
import { type Copying, copying } from './copying.ts';
import { contents, impatient, onceBefore, processesWith } from './looking.ts';

const run = promisify(execFile);
const mebibyte = 1024 ** 2;
const longMs = 120_000;
let yard: Yard;
let sshd: Sshd;
let copy: Copying;

beforeAll(async () => {
  await needProgram('/usr/bin/socat', ['socat', 'openssl']);
  yard = await openYard();
  sshd = await yard.start();
}, 240_000);
afterAll(() => yard.close());
afterEach(() => copy.end());

/** A copy to `targets` over the channel, of one file that is cut into ranges and some small ones. */
async function copyOver(channel: SeedChannel, targets: readonly string[] = ['t1'], wishes = {}): Promise<Copying> {
  const knownHosts = await yard.knownHosts([sshd.knownHost.ed25519]);
  const target = {
    name: 'here',
    host: '127.0.0.1',
    port: sshd.port,
    identity: yard.identity,
    knownHosts,
    transport: 'auto',
    sudo: false,
  } as const;
  copy = await copying(targets, { channel, relayedBy: { target, sshConfig: yard.sshConfig }, ...wishes });
  await mkdir(join(copy.donor, 'shop'));
  await writeFile(join(copy.donor, 'ibdata1'), randomBytes(40 * mebibyte));
  for (const name of ["quo'te.ibd", '$(touch x).ibd', 'größe.ibd', 't1.ibd']) {
    await writeFile(join(copy.donor, 'shop', name), randomBytes(100_000));
  }
  return copy;
}

const doorPort = async (word: string) =>
  Number(await readFile(join(copy.folder, `at-${word}`, 'door', 'port'), 'utf8'));

describe.each(seedChannels)('the channel %s', (channel) => {
  test(
    'brings the data over whole, to two targets at once, and leaves no process, key or port',
    async () => {
      await copyOver(channel, ['t1', 't2'], { compression: 'zstd' });
      const ports: number[] = [];
      const job = await copy.run(
        onceBefore('seed-copy', async () => {
          ports.push(await doorPort('t1'), await doorPort('t2'));
        }),
      );
      expect(job).toMatchObject({ state: 'done' });
      const wanted = await contents(copy.donor);
      for (const target of ['t1', 't2']) expect(await contents(copy.arrived(target))).toEqual(wanted);
      expect(await processesWith(copy.folder)).toEqual([]);
      expect((await readdir(copy.folder)).toSorted()).toEqual(['at-t1', 'at-t2']);
      for (const word of ['t1', 't2']) {
        expect(await readdir(join(copy.folder, `at-${word}`))).not.toContain('port');
      }
      for (const port of ports) await expect(opened(port)).rejects.toThrow('ECONNREFUSED');
    },
    longMs,
  );

  test(
    'lets strangers send garbage, and what a donor would say, and hold the port: they get nothing, and the copy goes on',
    async () => {
      await copyOver(channel);
      const strangers: ReturnType<typeof connect>[] = [];
      let answer = '';
      const job = await copy.run(
        onceBefore('seed-copy', async () => {
          const port = await doorPort('t1');
          for (const said of [randomBytes(100_000), 'landed\n', '', 'x\nlanded\n']) {
            const stranger = connect(port, '127.0.0.1').on('error', () => undefined);
            stranger.on('data', (data) => {
              answer += data.toString('latin1');
            });
            stranger.write(said);
            strangers.push(stranger);
          }
        }),
      );
      for (const stranger of strangers) stranger.destroy();
      expect(job.state).toBe('done');
      expect(answer).not.toMatch(/end \d/);
      expect(await contents(copy.arrived('t1'))).toEqual(await contents(copy.donor));
    },
    longMs,
  );

  test(
    'says why a target takes nothing more, and goes on when it has room',
    async () => {
      await copyOver(channel);
      await run('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'reseed-test', copy.datadir('t1')]);
      try {
        const ended = copy.run(impatient);
        await vi.waitFor(() => expect(copy.log()).toMatch(/lost t1 .*No space left/), {
          timeout: 60_000,
          interval: 100,
        });
        await run('mount', ['-o', 'remount,size=200m', copy.datadir('t1')]);
        expect(await ended).toMatchObject({ state: 'done' });
        expect(await contents(copy.arrived('t1'))).toEqual(await contents(copy.donor));
      } finally {
        await run('umount', ['-l', copy.datadir('t1')]);
      }
    },
    longMs,
  );

  test(
    'is proved by what went through it: a target that is not the one that was met is not spoken to',
    async () => {
      await copyOver(channel);
      const job = await copy.run((real) => ({
        ...real,
        'seed-channel': async (tools) =>
          await (real['seed-channel'] as NonNullable<(typeof real)[string]>)({
            ...tools,
            // Somebody else's identity comes in the place of the target's: the right port, and a wrong key behind it.
            run: async (key, options) => {
              if (key !== 'meet t1') return await tools.run(key, options);
              const [port] = String(options?.stdin).split(' ');
              return await tools.run(key, { stdin: `${port} ${await strangeIdentity(channel)}\n` });
            },
          }),
      }));
      if (channel === 'plain') expect(job.state).toBe('done');
      else expect(job).toMatchObject({ state: 'failed', error: expect.stringMatching(/^t1: .*(key|certificate)/i) });
    },
    longMs,
  );
});

async function opened(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

/** What a door that is not the job's would be known by. */
async function strangeIdentity(channel: SeedChannel): Promise<string> {
  if (channel === 'ssh' || channel === 'relay') {
    return (await readFile(`${yard.strangerIdentity}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
  }
  if (channel === 'plain') return 'plain';
  const key = join(yard.folder, 'strange');
  const make = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=reseed', '-keyout', `${key}.key`];
  await run('openssl', [...make, '-outform', 'DER', '-out', `${key}.der`]);
  return (await readFile(`${key}.der`)).toString('base64');
}
