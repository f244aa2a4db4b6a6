// What copies over each of the channels need on this machine: socat, openssl, and a sshd that a relay logs in to.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeedChannel } from '../../src/inventory/settings.ts';
import { needProgram } from '../remote/debian.ts';
import { openYard, type Yard } from '../remote/sshd.ts';
import { type Copying, copying } from './copying.ts';

const mebibyte = 1024 ** 2;

export interface Channels {
  readonly yard: Yard;
  /** A copy to `targets`, t1 if none are named, of one file that is cut into ranges and some small ones. */
  copyOver(channel: SeedChannel, targets?: readonly string[], wishes?: object): Promise<Copying>;
}

export async function openChannels(): Promise<Channels> {
  await needProgram('/usr/bin/socat', ['socat', 'openssl']);
  const yard = await openYard();
  const { port, knownHost } = await yard.start();
  return {
    yard,
    copyOver: async (channel, targets = ['t1'], wishes = {}) => {
      const knownHosts = await yard.knownHosts([knownHost.ed25519]);
      const { identity, sshConfig } = yard;
      const here = {
        name: 'here',
        host: '127.0.0.1',
        port,
        identity,
        knownHosts,
        transport: 'auto',
        sudo: false,
      } as const;
      const copy = await copying(targets, { channel, relayedBy: { target: here, sshConfig }, ...wishes });
      await mkdir(join(copy.donor, 'shop'));
      await writeFile(join(copy.donor, 'ibdata1'), randomBytes(40 * mebibyte));
      for (const name of ["quo'te.ibd", '$(touch x).ibd', 'größe.ibd', 't1.ibd']) {
        await writeFile(join(copy.donor, 'shop', name), randomBytes(100_000));
      }
      return copy;
    },
  };
}
