// The seal of what one jump host writes into the shared database for another to act on. An account that can write there can hide rows and show old
// ones, and can make none: the key is in files of the jump hosts, and not in the database.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { writableByOthers } from '../process/writers.ts';
import { HistoryTrouble } from './trouble.ts';

export type SharedKey = Buffer;

const leastBytes = 32;

/** Throws a HistoryTrouble. */
export function keyIn(path: string): SharedKey {
  const text = textIn(path);
  const key = Buffer.from(text.trim());
  if (key.length < leastBytes) {
    throw new HistoryTrouble(
      `the key in ${path} has fewer than ${leastBytes} letters`,
      `openssl rand -hex 32 makes one; every jump host needs the same`,
    );
  }
  return key;
}

function textIn(path: string): string {
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw new HistoryTrouble(`${path} holds a key, and others may read it`, `chmod 600 ${path}`);
    }
    const writable = writableByOthers(path, { group: 'refused' });
    if (writable) throw new HistoryTrouble(`${path} ${writable.what}`, writable.advice);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof HistoryTrouble) throw error;
    throw new HistoryTrouble(`the key can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Empty without a key. */
export const sealOf = (key: SharedKey | undefined, parts: readonly (string | number)[]): string =>
  key === undefined ? '' : createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');

export function isSealed(key: SharedKey, parts: readonly (string | number)[], seal: string): boolean {
  const [own, told] = [Buffer.from(sealOf(key, parts)), Buffer.from(seal)];
  return own.length === told.length && timingSafeEqual(own, told);
}

interface JobRow {
  readonly job: number;
  readonly form: number;
  readonly seq: number;
  readonly written: string;
  readonly state: string;
}

/** What is sealed of a job's row. `name`: that of the jump host, which is in another row: who changes that makes this row no other one's. */
export const jobParts = (jump: string, name: string, { job, form, seq, written, state }: JobRow) => [
  ...['job', jump, name, job, form, seq, written, state],
];
