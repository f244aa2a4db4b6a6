// Reads the inventory from the disk; beside.ts reads the files beside it. No other file of this folder touches the
// disk.
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writableByOthers } from '../../process/writers.ts';
import { problemIn } from '../problem.ts';
import { filesBeside } from './beside.ts';
import { type InventoryResult, parseInventory } from './parse.ts';
import { type Candidate, type InventorySearch, insideDrill, inventoryCandidates } from './search.ts';

const maxBytes = 4 * 1024 * 1024;

type FileText = { readonly text: string } | { readonly absent: true } | { readonly failure: InventoryResult };

/**
 * The inventory of the first file that exists (inventoryCandidates). Never rejects. A named file that is absent,
 * unreadable, larger than 4 MiB or not UTF-8 is a problem like any other.
 */
export async function loadInventory(search: InventorySearch): Promise<InventoryResult> {
  const environment = { ...search.environment, HOME: search.environment.HOME || homedir() };
  const candidates = inventoryCandidates({ ...search, environment });
  const unclear = practiceOrOwn(candidates, search);
  if (unclear) return unclear;
  for (const candidate of candidates) {
    const read = await readText(candidate);
    if ('failure' in read) return read.failure;
    if ('text' in read) {
      const beside = filesBeside(candidate);
      return parseInventory(read.text, { fileName: candidate.shown, environment, beside });
    }
  }
  const tried = candidates.map(({ shown }) => shown).join(' nor ');
  return failed('hosts.yaml', `no inventory found: neither ${tried} exists`, 'write one, or name one with --inventory');
}

/** Who has just cloned reseed is still in its folder, and means the hosts of their own, not the practice fleet. */
function practiceOrOwn(
  [here, configured]: readonly Candidate[],
  { environment, workingDirectory }: InventorySearch,
): InventoryResult | undefined {
  if (!here || !configured || environment[insideDrill] || !existsSync(join(workingDirectory, 'bin/reseed.js'))) return;
  if (!existsSync(here.path) || !existsSync(configured.path)) return;
  return failed(
    here.shown,
    `is the practice fleet's, in the folder of reseed itself, and ${configured.shown} is there too`,
    `go to another folder, or name one of them: --inventory ${here.shown}, --inventory ${configured.shown}`,
  );
}

async function readText({ path, shown, namedBy }: Candidate): Promise<FileText> {
  if (shown === '') return { failure: failed(String(namedBy), 'names no file', 'write the path of an inventory') };
  try {
    await using file = await open(path, 'r');
    // The file says where to connect to, as which user, and with which key files.
    const writable = writableByOthers(path, { group: 'allowed' });
    if (writable) return { failure: failed(shown, writable.what, writable.advice) };
    return decoded(await firstBytes(file), shown);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
    if (isAbsent && namedBy === undefined) return { absent: true };
    const what = isAbsent
      ? `does not exist (${namedBy} names it)`
      : (reasons[String(code)] ?? `cannot be read: ${error}`);
    return { failure: failed(shown, what, 'name a file with hosts in it that you may read') };
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read: permission denied',
  EISDIR: 'is a directory',
};

/** Reads at most one byte more than the limit: the path may be a device or a pipe, whose size is unknown. */
async function firstBytes(file: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.createReadStream({ end: maxBytes, autoClose: false })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function decoded(bytes: Buffer, shown: string): FileText {
  if (bytes.length > maxBytes) {
    return { failure: failed(shown, 'is larger than 4 MiB', 'name an inventory: a thousand hosts take some 200 kB') };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    // The text stops being UTF-8 where the first replacement character is.
    const before = new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0] ?? '';
    const lines = before.split('\n');
    const at = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    return { failure: { ok: false, problems: [problemIn(shown, at, 'this is not UTF-8', 'save the file as UTF-8')] } };
  }
}

function failed(file: string, what: string, instead: string): InventoryResult {
  return { ok: false, problems: [problemIn(file, undefined, what, instead)] };
}
