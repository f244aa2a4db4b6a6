// What option files say to the client of a host: folders of theirs may be another account's.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';

test('a FIFO among the option files of a client is given up after some seconds: it held each login of that host for good', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-options-'));
  const [prelude = ''] = (await scriptText('check')).split('\n#!/bin/sh\n');
  const fifo = join(folder, 'x.cnf');
  try {
    await execa('mkfifo', [fifo]);
    const asked = `${prelude}\noptions_of_client '${fifo}'; echo "$?"`;
    const { stdout } = await execa('sh', ['-c', asked], { timeout: 30_000, forceKillAfterDelay: 100 });
    expect(stdout).toBe('124');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a server is not asked while option files do not say to which host they lead the client: it was taken for that of this host', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-options-'));
  const [prelude = ''] = (await scriptText('check')).split('\n#!/bin/sh\n');
  try {
    await writeFile(join(folder, 'my_print_defaults'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    await writeFile(join(folder, 'mysql'), '#!/bin/sh\necho asked\n', { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const asked = `${prelude}\nsql_client '' '' -e x; echo "$?"`;
    const { stdout, stderr } = await execa('sh', ['-c', asked], { env, timeout: 30_000, forceKillAfterDelay: 100 });
    expect([stdout, stderr]).toEqual([
      '1',
      'ERROR: my_print_defaults did not say within 5 s what option files say to the client',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
