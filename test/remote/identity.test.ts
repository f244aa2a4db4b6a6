// The inventory names a key that does not exist: ssh would try the others without a message.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { settingsReader } from '../../src/remote/route/ssh-config.ts';

test('a misspelt ssh.identity is named before a connection is tried', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-identity-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const read = settingsReader({ environment: process.env, configFile: '/dev/null' });
  const identity = join(folder, 'id');
  expect(await read({ host: 'db2', identity })).toMatchObject({
    ok: false,
    trouble: { kind: 'refused', message: `the identity ${identity} does not exist` },
  });
  // The agent may have the key; only its .pub file is here.
  await writeFile(`${identity}.pub`, '');
  expect(await read({ host: 'db2', identity })).toMatchObject({ ok: true });
  await writeFile(identity, '');
  expect(await read({ host: 'db2', identity })).toMatchObject({ ok: true, value: { identityFiles: [identity] } });
});
