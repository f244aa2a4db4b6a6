// The contract of a seed's channels: over each of them data arrives complete, a stranger gets no access, and nothing is
// left. Messages of a target are tested in channel-full.test.ts.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type SeedChannel, seedChannels } from '../../src/inventory/settings.ts';
import { openChannels } from './channels.ts';
import type { Copying } from './copying.ts';
import { expectWhole, onceBefore, processesWith, running } from './looking.ts';

const run = promisify(execFile);
const longMs = 120_000;
const { copyOver, yard } = openChannels();

const listenerPort = async (copy: Copying, word: string) =>
  Number(await readFile(join(copy.folder, `at-${word}`, 'listener', 'port'), 'utf8'));

describe.each(seedChannels)('the channel %s', (channel) => {
  test(
    'brings the data over whole, to two targets at once, and leaves no process, key or port',
    async () => {
      const copy = await copyOver(channel, ['t1', 't2'], { compression: 'zstd' });
      const ports: number[] = [];
      const job = await copy.run(
        onceBefore('seed-copy', async () => {
          ports.push(await listenerPort(copy, 't1'), await listenerPort(copy, 't2'));
        }),
      );
      expect(job).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1', 't2');
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
      const copy = await copyOver(channel);
      const strangers: ReturnType<typeof connect>[] = [];
      let answer = '';
      const job = await copy.run(
        onceBefore('seed-copy', async () => {
          const port = await listenerPort(copy, 't1');
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
      await expectWhole(copy, 't1');
    },
    longMs,
  );

  test(
    'is proved by what went through it: a target that is not the one that was met is not spoken to',
    async () => {
      const copy = await copyOver(channel);
      // The target's identity is replaced by another one: the right port, and a wrong key behind it.
      const deceived = running('seed-channel', async (tools, key, options) => {
        if (key !== 'meet') return await tools.run(key, options);
        const [port] = String(options?.stdin).split(' ');
        return await tools.run(key, { ...options, stdin: `${port} ${await strangeIdentity(channel)}\n` });
      });
      const job = await copy.run(deceived);
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

/** The identity of a listener that is not the job's. */
async function strangeIdentity(channel: SeedChannel): Promise<string> {
  if (channel === 'ssh' || channel === 'relay') {
    return (await readFile(`${yard().strangerIdentity}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
  }
  if (channel === 'plain') return 'plain';
  const key = join(yard().folder, 'strange');
  const make = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=reseed', '-keyout', `${key}.key`];
  await run('openssl', [...make, '-outform', 'DER', '-out', `${key}.der`]);
  return (await readFile(`${key}.der`)).toString('base64');
}
