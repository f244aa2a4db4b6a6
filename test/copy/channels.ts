// What the tests of a file need on this machine to copy over the channels: socat, openssl, and a sshd that a relay logs
// in to.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { SeedChannel } from '../../src/inventory/settings.ts';
import { openYard, type Sshd, type Yard } from '../remote/sshd.ts';
import { type Copying, copying } from './copying.ts';

const mebibyte = 1024 ** 2;

export interface Channels {
  /** Once the tests run. */
  yard(): Yard;
  /**
   * A copy to `targets` (default t1) of one file that is cut into ranges, and of some small ones. It ends with its
   * test.
   */
  copyOver(channel: SeedChannel, targets?: readonly string[], requests?: object): Promise<Copying>;
}

/** Opened before the file's first test, and closed after its last. */
export function openChannels(): Channels {
  let yard: Yard;
  let sshd: Sshd;
  let copy: Copying | undefined;
  beforeAll(async () => {
    yard = await openYard();
    sshd = await yard.start();
  }, 240_000);
  afterAll(() => yard.close());
  afterEach(() => copy?.end());
  return {
    yard: () => yard,
    copyOver: async (channel, targets = ['t1'], requests = {}) => {
      const { identity, sshConfig } = yard;
      const { port, knownHost } = sshd;
      const knownHosts = await yard.knownHosts([knownHost.ed25519]);
      const here = {
        name: 'here',
        host: '127.0.0.1',
        port,
        identity,
        knownHosts,
        transport: 'auto',
        sudo: false,
      } as const;
      copy = await copying(targets, { channel, relayedBy: { target: here, sshConfig }, ...requests });
      await mkdir(join(copy.donor, 'shop'));
      await writeFile(join(copy.donor, 'ibdata1'), randomBytes(40 * mebibyte));
      for (const name of ["quo'te.ibd", '$(touch x).ibd', 'größe.ibd', 't1.ibd']) {
        await writeFile(join(copy.donor, 'shop', name), randomBytes(100_000));
      }
      return copy;
    },
  };
}
