// known_hosts files on disk: read many, add to one.
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import pLimit from 'p-limit';
import { judgeKey, type KnownHost, keyTypeOf, knownHostName, parseKnownHosts } from './known-hosts.ts';

/** All entries of `files`, in order. An absent or unreadable file has none, as for OpenSSH. */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const texts = await Promise.all(files.map(async (file) => parseKnownHosts(await textOf(file), file)));
  return texts.flat();
}

const textOf = (file: string) => readFile(file, 'utf8').catch(() => '');

// Two additions at the same time would both find the line missing.
const oneByOne = pLimit(1);

/**
 * Adds a host's key to a known_hosts file. Makes the file (0600) and its folder (0700) where there is none. Returns
 * false, and writes nothing, when the file has the key already. One appending write adds the line, so that a reader or
 * another writer never sees half. Rejects with the system's error when the file cannot be written.
 */
export function addKnownHost(file: string, host: string, port: number, key: Buffer): Promise<boolean> {
  return oneByOne(async () => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const before = await textOf(file);
    const name = knownHostName(host, port);
    if (judgeKey(parseKnownHosts(before, file), name, key).verdict === 'known') return false;
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(file, `${gap}${name} ${keyTypeOf(key)} ${key.toString('base64')}\n`, { mode: 0o600 });
    return true;
  });
}
