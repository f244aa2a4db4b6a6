import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { algorithmsFor } from '../../src/remote/trust/host-key.ts';
import {
  hasAuthority,
  judgeKey,
  knownHostName,
  knownKeyTypes,
  parseKnownHosts,
} from '../../src/remote/trust/known-hosts.ts';
import { addKnownHost, readKnownHosts } from '../../src/remote/trust/known-hosts-file.ts';

const keyOf = (type: string, body: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type + body)]);
};
const ours = keyOf('ssh-ed25519', 'ours');
const theirs = keyOf('ssh-ed25519', 'theirs');
const line = (names: string, key = ours) => `${names} ssh-ed25519 ${key.toString('base64')} a comment\n`;
const verdict = (text: string, name: string, key = ours) => judgeKey(parseKnownHosts(text, 'file'), name, key);
const hashed = (name: string, salt = randomBytes(20)) =>
  `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;

describe('known_hosts', () => {
  test.each([
    ['the name', 'db1', 'db1'],
    ['one of several names', 'db0,db1,10.0.0.1', 'db1'],
    ['a name in other case', 'DB1', 'db1'],
    ['a wildcard', 'db?.example.*', 'db1.example.com'],
    ['another port', '[db1]:2222', '[db1]:2222'],
    ['a line without the port', 'db1', '[db1]:2222'],
    ['a hashed name', hashed('db1'), 'db1'],
    ['a hashed name with its port', hashed('[db1]:2222'), '[db1]:2222'],
    ['IPv6', 'fe80::1', 'fe80::1'],
  ])('knows a host by %s', (_what, names, name) => {
    expect(verdict(line(names), name)).toEqual({ verdict: 'known' });
  });

  test.each([
    ['another name', 'db2', 'db1'],
    ['a name that only begins alike', 'db1', 'db1.example.com'],
    ['a dot that stands for itself', 'db1.example', 'db1xexample'],
    ['a negated pattern', '*,!db1', 'db1'],
    ['another port', '[db1]:2222', '[db1]:2223'],
    ['a hash of something else', hashed('db2'), 'db1'],
    ['a hash of an unknown version', hashed('db1').replace('|1|', '|2|'), 'db1'],
    ['an authority, whose own key it is not', '@cert-authority db1', 'db1'],
  ])('does not know a host by %s', (_what, names, name) => {
    expect(verdict(line(names), name)).toEqual({ verdict: 'unknown' });
  });

  test('a known host with another key is changed, by file and line', () => {
    expect(verdict(`# comment\n\n${line('db1')}`, 'db1', theirs)).toEqual({ verdict: 'changed', where: 'file:3' });
    expect(verdict(line('db1') + line('db1', theirs), 'db1', theirs)).toEqual({ verdict: 'known' });
    expect(verdict(line('db1'), 'db1', keyOf('ssh-rsa', 'new')).verdict).toBe('changed');
  });

  test('a revoked key is revoked, whatever else says that it is good', () => {
    const text = `${line('db1')}@revoked * ssh-ed25519 ${ours.toString('base64')}\n`;
    expect(verdict(text, 'db1')).toEqual({ verdict: 'revoked', where: 'file:2' });
    expect(verdict(text, 'db1', theirs).verdict).toBe('changed');
  });

  test('tells the types of key to ask for, and authorities', () => {
    const text = `db1 ecdsa-sha2-nistp256 ${keyOf('ecdsa-sha2-nistp256', 'x').toString('base64')}\n@cert-authority *.com ssh-rsa AAAA\n`;
    const known = parseKnownHosts(text, 'file');
    expect(knownKeyTypes(known, 'db1')).toEqual(['ecdsa-sha2-nistp256']);
    expect(algorithmsFor(['ecdsa-sha2-nistp256'])[0]).toBe('ecdsa-sha2-nistp256');
    expect(algorithmsFor(['ecdsa-sha2-nistp256'])).toHaveLength(algorithmsFor([]).length);
    expect(hasAuthority(known, 'db1.com')).toBe(true);
    expect(hasAuthority(known, 'db1')).toBe(false);
  });

  test('any text is read without a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, name) => {
        verdict(text, name);
        verdict(line(text.replace(/\s/g, '')), name);
      }),
    );
  });

  test('names a host as OpenSSH does', () => {
    expect([knownHostName('DB1', 22), knownHostName('DB1', 2222)]).toEqual(['db1', '[db1]:2222']);
  });
});

describe('adding to known_hosts', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reseed-known-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('makes the file and its folder, for the account alone', async () => {
    const file = join(folder, 'new', 'known_hosts');
    expect(await addKnownHost(file, 'db1', 2222, ours)).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700);
    expect(judgeKey(await readKnownHosts([file]), '[db1]:2222', ours)).toEqual({ verdict: 'known' });
  });

  test('never doubles a line, and spoils none that has no end', async () => {
    const file = join(folder, 'known_hosts');
    await writeFile(file, line('db0').trimEnd());
    const added = await Promise.all([1, 2, 3].map(() => addKnownHost(file, 'db1', 22, ours)));
    expect(added).toEqual([true, false, false]);
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines).toEqual([line('db0').trimEnd(), `db1 ssh-ed25519 ${ours.toString('base64')}`, '']);
  });

  test('rejects where it cannot write', async () => {
    await expect(addKnownHost(folder, 'db1', 22, ours)).rejects.toThrow('EISDIR');
  });
});
