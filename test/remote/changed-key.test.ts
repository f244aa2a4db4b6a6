// `reseed trust` of a host whose key is not its known one.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { changeLines, isKnown, keyLines, keysMeant, keysNamed } from '../../src/commands/hosts/trust.ts';
import { keyChange } from '../../src/remote/trust/changed-key.ts';
import { fingerprint } from '../../src/remote/trust/known-hosts.ts';

function key(keyType: string) {
  const type = Buffer.from(keyType);
  const blob = Buffer.concat([Buffer.from([0, 0, 0, type.length]), type, randomBytes(32)]);
  return { keyType, fingerprint: fingerprint(blob), key: blob, text: `${keyType} ${blob.toString('base64')}` };
}
const [old, now, rsa] = [key('ssh-ed25519'), key('ssh-ed25519'), key('ssh-rsa')];

async function shown(lines: readonly string[], keys: readonly ReturnType<typeof key>[]) {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-trust-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const file = join(folder, 'known_hosts');
  await writeFile(file, `${lines.join('\n')}\n`);
  return { file, files: [file], host: '10.0.0.7', port: 22, keys };
}

test('trust of a host whose key has changed says so, with both fingerprints and since when, and how the old key goes', async () => {
  const given = await shown([`10.0.0.7 ${old.text}`], [now]);
  const change = await keyChange(given);
  expect(change.before).toMatchObject([
    { keyType: 'ssh-ed25519', fingerprint: old.fingerprint, where: `${given.file}:1` },
  ]);
  const lines = changeLines('db7', given, change);
  expect(lines[0]).toContain('THE KEY OF db7 HAS CHANGED');
  expect(lines[1]).toMatch(/ssh-ed25519 +SHA256:\S+ \(\/.*known_hosts:1, since [\d:]+ \S+ or longer\)/);
  expect(lines.at(-1)).toBe(`  ssh-keygen -R 10.0.0.7 -f ${given.file}`);
});

test('a changed key of one type is a change though another type is the same, and so is a new type of key on a known host', async () => {
  const both = await keyChange(await shown([`10.0.0.7 ${old.text}`, `10.0.0.7 ${rsa.text}`], [now, rsa]));
  expect(both.before.map((one) => one.fingerprint)).toEqual([old.fingerprint]);
  const given = await shown([`10.0.0.7 ${rsa.text}`], [now, rsa]);
  const added = await keyChange(given);
  expect(added).toMatchObject({ before: [], ofNewTypes: [{ keyType: 'ssh-ed25519', fingerprint: now.fingerprint }] });
  expect(changeLines('db7', given, added).join('\n')).toContain(`  ssh-ed25519          ${now.fingerprint}`);
  expect(keysMeant('yes', given, added)).toEqual([]);
  expect(keysMeant('changed', given, added)).toEqual([now, rsa]);
  expect(await keyChange(await shown([`10.0.0.8 ${old.text}`], [now]))).toMatchObject({ before: [], ofNewTypes: [] });
  expect(await keyChange(await shown([`10.0.0.7 ${now.text}`], [now]))).toMatchObject({ before: [], ofNewTypes: [] });
  const gone = await keyChange(await shown([`10.0.0.7 ${rsa.text}`], [now]));
  expect(gone.before.map((one) => one.fingerprint)).toEqual([rsa.fingerprint]);
});

test('trust of a host whose keys are known says "already known, unchanged" of each, and asks for nothing', async () => {
  const given = await shown([`10.0.0.7 ${now.text}`, `10.0.0.7 ${rsa.text}`], [now, rsa]);
  const change = await keyChange(given);
  expect(isKnown(given, change)).toBe(true);
  expect(keyLines('db7', given, change)).toEqual([
    'db7 (10.0.0.7 port 22) shows:',
    `  ssh-ed25519          ${now.fingerprint} (already known, unchanged: ${given.file}:1)`,
    `  ssh-rsa              ${rsa.fingerprint} (already known, unchanged: ${given.file}:2)`,
  ]);
  const half = await shown([`10.0.0.7 ${rsa.text}`], [now, rsa]);
  const some = await keyChange(half);
  expect(isKnown(half, some)).toBe(false);
  expect(keyLines('db7', half, some).join('\n')).toMatch(/ssh-rsa .*already known.*Compare each one/s);
  const fresh = await shown([], [now]);
  expect(isKnown(fresh, await keyChange(fresh))).toBe(false);
});

test('a key that is revoked is not asked for', async () => {
  const { revoked } = await keyChange(await shown([`@revoked * ${now.text}`], [now]));
  expect(revoked).toMatch(/known_hosts:1$/);
});

test('trust --fingerprint adds the key with that fingerprint, and not one that an attacker shows beside it; a typed one too', async () => {
  const given = await shown([], [now, rsa]);
  const change = await keyChange(given);
  expect(keysNamed(now.fingerprint, given)).toEqual([now]);
  expect(keysNamed('SHA256:other', given)).toEqual([]);
  expect(keysMeant(now.fingerprint, given, change)).toEqual([now]);
  expect(keysMeant('yes', given, change)).toEqual([now, rsa]);
  expect(keysMeant('', given, change)).toEqual([]);
});
