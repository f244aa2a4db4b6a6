// The listener of a channel alone: where it listens, and how long it waits for a silent peer.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScriptName, scriptText } from '../../src/scripts/script.ts';
import { keyWords, listenerWords } from '../../src/scripts/seed-channel-words.ts';

const first = 22_800 + 20 * Number(process.env.VITEST_POOL_ID ?? 0);
const ports = { first, last: first + 19 };
let folder: string;
const listen = (...words: string[]) => execa('sh', words, { reject: false });
let listener: ReturnType<typeof listen> | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-listener-'));
});
afterEach(async () => {
  listener?.kill();
  await listener;
  listener = undefined;
  await rm(folder, { recursive: true });
});

type Channel = readonly [ScriptName, 'tls' | 'plain' | undefined];
const ssh: Channel = ['seed-ssh', undefined];
const tls: Channel = ['seed-socat', 'tls'];
const plain: Channel = ['seed-socat', 'plain'];
const channels: [string, Channel][] = [
  ['sshd', ssh],
  ['TLS', tls],
  ['plain', plain],
];

/** The port, once the listener has told it. */
async function toldPort(): Promise<number> {
  const read = () => readFile(join(folder, 'port'), 'utf8').catch(() => '');
  await expect.poll(read, { timeout: 60_000 }).not.toBe('');
  return Number(await read());
}

/** Listens for connections from `caller` to `where` until the test ends; a peer may be silent for two seconds. */
async function startListener([script, kind]: Channel, where: string, caller: string, before = '') {
  const text = before + (await scriptText(script)).replace('silence_seconds=60', 'silence_seconds=2');
  const key = ['-c', text, `${script}.sh`, ...keyWords({ folder: join(folder, 'way'), kind })];
  await writeFile(join(folder, 'peer'), `${(await execa('sh', key)).stdout}\n`);
  await writeFile(join(folder, 'receive'), 'cat\n');
  const words = listenerWords({ folder, kind, address: where, ...ports, callers: [caller] });
  listener = listen('-c', text, `${script}.sh`, ...words);
}

test.each<[string, Channel]>([
  ['in the handshake of TLS', tls],
  ['before the word of the job', plain],
])(
  'a peer that says nothing %s is hung up on',
  async (_, channel) => {
    await startListener(channel, '127.0.0.1', '127.0.0.1');
    const peer = connect({ port: await toldPort(), host: '127.0.0.1' }).resume();
    await once(peer, 'close');
  },
  90_000,
);

describe.each(channels)('without a known route of the donor, %s', (_, channel) => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ])(
    'listens on %s alone where that is what is called',
    async (address, shown) => {
      await startListener(channel, address, '');
      const port = await toldPort();
      const { stdout } = await execa('ss', ['-Hltn', `sport = :${port}`]);
      expect(stdout.split('\n').map((line) => line.split(/\s+/)[3])).toEqual([`${shown}:${port}`]);
    },
    90_000,
  );

  test.each(['db3', '203.0.113.7'])(
    'refuses to listen for %s, which is no address of this machine',
    async (where) => {
      await startListener(channel, where, '');
      expect(await listener).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining(`${where} is no address of this host's own`),
      });
    },
    90_000,
  );
});

describe.each(channels)('on a machine without iproute2, %s', (_, channel) => {
  test.each([
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['::1', '::1', '[::1]'],
    ['0:0:0:0:0:0:0:1', '::1', '[::1]'],
  ])(
    'listens on %s alone, as a relay calls it, and not on all addresses',
    async (address, caller, shown) => {
      await startListener(channel, address, caller, 'ip() { return 127; }\n');
      const port = await toldPort();
      const { stdout } = await execa('ss', ['-Hltn', `sport = :${port}`]);
      expect(stdout.split('\n').map((line) => line.split(/\s+/)[3])).toEqual([`${shown}:${port}`]);
    },
    90_000,
  );
});

test('an address of an interface is known as this machine’s own without iproute2', async () => {
  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ address, scopeid }) => !scopeid && address !== '')
    .map(({ address }) => address);
  const text = await readFile(new URL('../../src/scripts/listener-address.sh', import.meta.url), 'utf8');
  const script = `${text}\nip() { return 127; }\nfor one in "$@"; do is_own "$one" || echo "not $one"; done\nis_own 203.0.113.7 || is_own 2001:db8::7 || echo others`;
  const { stdout } = await execa('sh', ['-c', script, 'sh', ...own]);
  expect(own).not.toEqual([]);
  expect(stdout).toBe('others');
});

test('hosts whose clocks are decades apart take the certificates that each makes for TLS', async () => {
  const { stdout } = await execa('sh', [
    '-c',
    await scriptText('seed-socat'),
    'seed-socat.sh',
    ...keyWords({ folder: join(folder, 'way'), kind: 'tls' }),
  ]);
  const certificate = join(folder, 'peer.pem');
  await execa('openssl', ['x509', '-inform', 'DER', '-out', certificate], { input: Buffer.from(stdout, 'base64') });
  for (const clock of ['1000000', '1000000000', '4000000000']) {
    const words = ['verify', '-attime', clock, '-purpose', 'sslserver', '-CAfile', certificate, certificate];
    expect(await execa('openssl', words, { reject: false })).toMatchObject({ exitCode: 0 });
  }
});
